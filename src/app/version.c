/* Hashes what pages are made of (version.h). Read once for a set of sheets, never in a request. */
#include "app/version.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 4
#define PATH_SIZE 4096

static void version_text(crypto_generichash_state *state, const char *text)
{
	crypto_generichash_update(state, (const uint8_t *)text, strlen(text) + 1);
}

static void version_file(crypto_generichash_state *state, const char *path)
{
	uint8_t data[8192];
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return;
	for (size_t got; (got = fread(data, 1, sizeof data, file)) > 0;)
		crypto_generichash_update(state, data, got);
	fclose(file);
}

static int version_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* All below PATH, in the order of names. */
static void version_dir(crypto_generichash_state *state, const char *path, int depth)
{
	struct dirent **entries;
	int count = depth > DEPTH_MAX ? -1 : scandir(path, &entries, version_visible, alphasort);
	if (count < 0) {
		version_file(state, path);
		return;
	}
	for (int i = 0; i < count; i++) {
		char below[PATH_SIZE];
		version_text(state, entries[i]->d_name);
		if (snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name) < (int)sizeof below)
			version_dir(state, below, depth + 1);
		free(entries[i]);
	}
	free(entries);
}

void app_version(const struct config *config, char version[APP_VERSION_SIZE])
{
	static const char *const parts[] = { "xslt", "assets" };
	crypto_generichash_state state;
	uint8_t hash[16];
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	version_text(&state, PACKAGE_VERSION);
	version_text(&state, config->public_url);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char path[PATH_SIZE];
		if (snprintf(path, sizeof path, "%s/%s", config->data_dir, parts[i]) < (int)sizeof path)
			version_dir(&state, path, 0);
	}
	if (*config->theme_dir != '\0')
		version_dir(&state, config->theme_dir, 0);
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2hex(version, APP_VERSION_SIZE, hash, (APP_VERSION_SIZE - 1) / 2);
}
