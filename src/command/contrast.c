/* The check of contrast.h: the variables of two style sheets, and which stands on which.
 *
 * Owns the list of pairs, which follows assets/tenantry.css. It is no parser of CSS: what it does not know it passes over, so
 * it warns of some faults, never of what is none. */
#include "command/contrast.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CONTRAST_MIN 4.5
#define BLANKS " \t\r\n"

enum variable { INK, INK_SOFT, PAPER, GROUND, HOVER, ACCENT, ACCENT_SOFT, ON_ACCENT, BAD, BAD_SOFT, VARIABLE__MAX };
enum scheme { LIGHT, DARK, SCHEME__MAX };

static const char *const names[VARIABLE__MAX] = {
	[INK] = "--ink", [INK_SOFT] = "--ink-soft", [PAPER] = "--paper", [GROUND] = "--ground", [HOVER] = "--hover", [ACCENT] = "--accent",
	[ACCENT_SOFT] = "--accent-soft", [ON_ACCENT] = "--on-accent", [BAD] = "--bad", [BAD_SOFT] = "--bad-soft",
};

static const struct { enum variable text, ground; } pairs[] = {
	{ INK, PAPER }, { INK, GROUND }, { INK, HOVER }, { INK, ACCENT_SOFT }, { INK, BAD_SOFT }, { INK_SOFT, PAPER }, { INK_SOFT, GROUND },
	{ INK_SOFT, HOVER }, { ACCENT, PAPER }, { ACCENT, GROUND }, { ACCENT, HOVER }, { ACCENT, ACCENT_SOFT }, { ON_ACCENT, ACCENT }, { BAD, PAPER },
};

struct colour {
	bool known;
	double luminance[SCHEME__MAX];
	int line; /* in the theme; 0: the colour is ours */
};

static double channel(unsigned byte)
{
	double value = byte / 255.0;
	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* Steps over #rgb or #rrggbb; false for any other colour. */
static bool read_hex(const char **at, double *luminance)
{
	const char *from = *at + 1;
	size_t length = **at == '#' ? strspn(from, "0123456789abcdefABCDEF") : 0;
	if (length != 3 && length != 6)
		return false;
	unsigned long value = strtoul(from, NULL, 16);
	if (length == 3)
		value = (value >> 8) * 0x110000 + (value >> 4 & 15) * 0x1100 + (value & 15) * 0x11;
	*luminance = 0.2126 * channel(value >> 16 & 255) + 0.7152 * channel(value >> 8 & 255) + 0.0722 * channel(value & 255);
	*at = from + length;
	return true;
}

static bool take(const char **at, const char *token)
{
	*at += strspn(*at, BLANKS);
	if (strncmp(*at, token, strlen(token)) != 0)
		return false;
	*at += strlen(token);
	*at += strspn(*at, BLANKS);
	return true;
}

/* All that VALUE is, or nothing. */
static void read_colour(const char *value, struct colour *colour)
{
	bool two = take(&value, "light-dark(");
	colour->known = read_hex(&value, &colour->luminance[LIGHT]);
	colour->luminance[DARK] = colour->luminance[LIGHT];
	if (two)
		colour->known = colour->known && take(&value, ",") && read_hex(&value, &colour->luminance[DARK]) && take(&value, ")");
	colour->known = colour->known && *value == '\0';
}

/* "--name: value" of a rule; one that depends on more than :root makes the variable unknown. */
static void read_declaration(char *text, int line, bool root, struct colour *colours)
{
	char *value = strchr(text, ':');
	if (value == NULL)
		return;
	*value = '\0';
	text[strcspn(text, BLANKS)] = '\0';
	for (enum variable i = 0; i < VARIABLE__MAX; i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		read_colour(value + 1, &colours[i]);
		colours[i].known = colours[i].known && root;
		colours[i].line = line;
	}
}

static void blank_comments(char *text)
{
	for (char *end; (text = strstr(text, "/*")) != NULL; text = end) {
		end = strstr(text + 2, "*/");
		end = end == NULL ? text + strlen(text) : end + 2;
		for (; text < end; text++)
			if (*text != '\n')
				*text = ' ';
	}
}

/* Cuts the blanks off the end of TEXT; how many lines it has. */
static int trim(char *text)
{
	int lines = 0;
	size_t length = strlen(text);
	for (const char *p = text; *p != '\0'; p++)
		lines += *p == '\n';
	while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL)
		text[--length] = '\0';
	return lines;
}

/* TEXT is cut at each of { } ; into selectors and declarations. */
static void read_rules(char *text, bool theme, struct colour *colours)
{
	bool root = false;
	int depth = 0, line = 1;
	for (char *next; text != NULL; text = next) {
		for (; *text != '\0' && strchr(BLANKS, *text) != NULL; text++)
			line += *text == '\n';
		next = strpbrk(text, "{};");
		char delimiter = next == NULL ? '\0' : *next;
		if (next != NULL)
			*next++ = '\0';
		int lines = trim(text);
		if (delimiter == '{')
			root = depth++ == 0 && strcmp(text, ":root") == 0;
		else
			read_declaration(text, theme ? line : 0, root && depth == 1, colours);
		depth -= delimiter == '}';
		line += lines;
	}
}

static void read_sheet(const char *path, bool theme, struct colour *colours)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return;
	if (getdelim(&text, &size, '\0', file) > 0) {
		blank_comments(text);
		read_rules(text, theme, colours);
	}
	free(text);
	fclose(file);
}

void contrast_warn(const char *ours, const char *theme, FILE *out)
{
	static const char *const schemes[SCHEME__MAX] = { [LIGHT] = "light", [DARK] = "dark" };
	struct colour colours[VARIABLE__MAX] = { { .known = false } };
	read_sheet(ours, false, colours);
	read_sheet(theme, true, colours);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct colour *text = &colours[pairs[i].text], *ground = &colours[pairs[i].ground];
		int line = text->line != 0 ? text->line : ground->line;
		for (enum scheme scheme = 0; scheme < SCHEME__MAX && line != 0 && text->known && ground->known; scheme++) {
			double a = text->luminance[scheme], b = ground->luminance[scheme], ratio = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
			if (ratio < CONTRAST_MIN)
				fprintf(out, "%s:%d: warning: text in %s on %s has a contrast of %.2f:1 in %s, less than 4.5:1\n", theme, line,
					names[pairs[i].text], names[pairs[i].ground], floor(ratio * 100) / 100, schemes[scheme]);
		}
	}
}
