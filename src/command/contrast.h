/* The contrast of text in a theme's colours (WCAG 2, 1.4.3), for `tenantry check`. */
#ifndef TENANTRY_COMMAND_CONTRAST_H
#define TENANTRY_COMMAND_CONTRAST_H

#include <stdio.h>

/* Writes to OUT a line "FILE:LINE: warning: ..." for each two variables of which one is the text on the other and THEME, a style sheet that
 * comes after that in OURS, makes the contrast less than 4.5:1, in light or in dark. Colours are known as #rgb, #rrggbb and light-dark() of
 * these, in rules of :root alone; of all others, and of a file that is not there, nothing is said. */
void contrast_warn(const char *ours, const char *theme, FILE *out);

#endif
