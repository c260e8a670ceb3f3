/* Themes (theme.h): reading their folders, and finding the one in force.
 *
 * Owns theme.conf, its keys and its faults. What a theme is made of stands in its folder: nothing is read or served by a symbolic link.
 * Its style sheet is not looked into: whatever it says, the Content-Security-Policy lets a browser load nothing from elsewhere. */
#include "base/theme.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/settings.h"

#define PRODUCT "Tenantry"
#define BETWEEN ", \t"
#define FIELD(name) offsetof(struct theme, name)

static const struct setting keys[] = {
	{ "theme", "product", KIND_TEXT, FIELD(product), PRODUCT, 0, 0, "Name of the product, in titles, the header and mails." },
	{ "theme", "tenants", KIND_IDS, FIELD(tenants), "", 0, 0, "IDs of the distributors and resellers whose look it is." },
	{ "theme", "hosts", KIND_HOSTS, FIELD(hosts), "", 0, 0, "Names of hosts at which pages before the login have it." },
	{ "theme", "logo", KIND_IMAGE, FIELD(logo), "", 0, 0, "Its image in the folder, .svg or .png." },
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

size_t theme_word(const char **list)
{
	*list += strspn(*list, BETWEEN);
	return strcspn(*list, BETWEEN);
}

static bool list_has(const char *list, const char *word, size_t length)
{
	for (size_t got; (got = theme_word(&list)) > 0; list += got) {
		if (got == length && strncasecmp(list, word, length) == 0)
			return true;
	}
	return false;
}

/* What NAME in the folder DIR is, as st_mode has it; 0 when it is not there. The folder itself does not tell on every file system. */
static mode_t entry_kind(const char *dir, const char *name)
{
	char *path;
	struct stat about;
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	mode_t mode = lstat(path, &about) == 0 ? about.st_mode : 0;
	free(path);
	return mode;
}

static bool theme_has(const struct theme *theme, const char *name)
{
	return S_ISREG(entry_kind(theme->dir, name));
}

/* Symbolic links in a folder, and what theme.conf names and is not there. */
static void theme_check_files(struct settings *settings, struct theme *theme)
{
	struct dirent **entries;
	int count = scandir(theme->dir, &entries, NULL, alphasort);
	if (count < 0)
		settings_fault(settings, 0, "%s: %s", theme->dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (S_ISLNK(entry_kind(theme->dir, entries[i]->d_name)))
			settings_fault(settings, 0, "the theme has the symbolic link %s: its files have to stand in its folder", entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (*theme->logo != '\0' && !theme_has(theme, theme->logo))
		settings_fault(settings, settings_line(settings, FIELD(logo)), "logo: there is no file %s in the theme", theme->logo);
}

/* A tenant and a host have one theme. */
static void theme_check_list(struct settings *settings, size_t offset, const char *list, const char *other, const char *name)
{
	for (size_t length; (length = theme_word(&list)) > 0; list += length) {
		if (list_has(other, list, length))
			settings_fault(settings, settings_line(settings, offset), "%.*s has the theme %s already", (int)length, list, name);
	}
}

/* Reads the folder NAME in DIR; false with faults. */
static bool theme_load(struct theme *theme, const char *dir, const char *name, const struct theme *others, FILE *errors)
{
	char *file;
	if (asprintf(&theme->dir, "%s/%s", dir, name) < 0 || asprintf(&file, "%s/theme.conf", theme->dir) < 0 ||
		(theme->name = strdup(name)) == NULL)
		abort();
	struct settings settings = { .file = file, .keys = keys, .count = KEY_COUNT, .values = theme, .errors = errors };
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (name[length] != '\0' || length > 40)
		settings_fault(&settings, 0, "the folder of a theme has a name of at most 40 of a-z 0-9 -");
	settings_read(&settings);
	theme->tenants_line = settings_line(&settings, FIELD(tenants));
	theme->css = theme_has(theme, "theme.css");
	theme->sheet = theme_has(theme, "pages.xsl");
	theme_check_files(&settings, theme);
	for (const struct theme *other = others; other != NULL; other = other->next) {
		theme_check_list(&settings, FIELD(tenants), theme->tenants, other->tenants, other->name);
		theme_check_list(&settings, FIELD(hosts), theme->hosts, other->hosts, other->name);
	}
	free(file);
	return settings.faults == 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

bool themes_load(const char *dir, FILE *errors, struct theme **themes)
{
	struct dirent **entries;
	struct theme *list = NULL;
	*themes = NULL;
	int count = *dir == '\0' ? 0 : scandir(dir, &entries, is_visible, alphasort);
	bool good = count >= 0;
	if (!good)
		fprintf(errors, "%s: %s\n", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		mode_t kind = entry_kind(dir, entries[i]->d_name);
		if (S_ISLNK(kind)) {
			fprintf(errors, "%s/%s: a symbolic link is no theme\n", dir, entries[i]->d_name);
			good = false;
		}
		if (S_ISLNK(kind) || S_ISDIR(kind)) {
			struct theme *theme = calloc(1, sizeof *theme);
			if (theme == NULL)
				abort();
			good = theme_load(theme, dir, entries[i]->d_name, list, errors) && good;
			theme->next = list;
			list = theme;
		}
		free(entries[i]);
	}
	if (*dir != '\0' && count >= 0)
		free(entries);
	if (good)
		*themes = list;
	else
		themes_free(list);
	return good;
}

void themes_free(struct theme *themes)
{
	for (struct theme *theme = themes, *next; theme != NULL; theme = next) {
		next = theme->next;
		settings_free(keys, KEY_COUNT, theme);
		free(theme->name);
		free(theme->dir);
		free(theme);
	}
}

const struct theme *theme_of_tenants(const struct theme *themes, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (const struct theme *theme = themes; theme != NULL && ids[i] != NULL; theme = theme->next) {
			if (list_has(theme->tenants, ids[i], strlen(ids[i])))
				return theme;
		}
	}
	return NULL;
}

const struct theme *theme_of_host(const struct theme *themes, const char *host)
{
	size_t length = strcspn(host, ":");
	while (themes != NULL && !list_has(themes->hosts, host, length))
		themes = themes->next;
	return themes;
}

const char *theme_product(const struct theme *theme)
{
	return theme == NULL ? PRODUCT : theme->product;
}
