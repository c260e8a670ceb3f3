/* Themes: the look that a distributor or reseller has instead of ours (doc/operators.md), a folder each in theme_dir. Read in the master,
 * before it forks; while requests are served nothing of a folder is opened. Where there is a list of themes, NULL is one that is empty; where
 * there is a theme, NULL is our own look. */
#ifndef TENANTRY_BASE_THEME_H
#define TENANTRY_BASE_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct theme {
	char *name, *dir;        /* of its folder: the name, and the path */
	/* theme.conf; "" where it says nothing */
	char *product;           /* name of the product; ours without it */
	char *tenants, *hosts;   /* lists (theme_word()): public IDs; names of hosts, for pages before the login */
	char *logo;              /* file in the folder */
	int tenants_line;        /* where theme.conf has them */
	bool css, sheet;         /* there is a theme.css, a pages.xsl */
	struct theme *next;
};

/* Reads all themes in DIR ("": none). Faults go to ERRORS as lines "FILE:LINE: text"; false, and nothing in *THEMES, with any. */
bool themes_load(const char *dir, FILE *errors, struct theme **themes);
void themes_free(struct theme *themes);

/* The theme of the first of COUNT tenants that has one; IDS may be NULL. */
const struct theme *theme_of_tenants(const struct theme *themes, const char *const *ids, size_t count);

/* The theme for pages before the login, by the header Host of the request. */
const struct theme *theme_of_host(const struct theme *themes, const char *host);

/* What the product is called. */
const char *theme_product(const struct theme *theme);

/* Steps to the word of a list that begins at *LIST or behind; its length, 0 when there is none. The caller goes on behind it. */
size_t theme_word(const char **list);

#endif
