/* tenantry check: the configuration, the stylesheets and the themes, like `nginx -t`. What is wrong with the database is a warning alone:
 * it may be away while the configuration is written. So are a theme's colours, which may be read badly in places that few see. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/theme.h"
#include "command/command.h"
#include "command/contrast.h"
#include "command/operator.h"
#include "xml/xml.h"

/* An ID that no tenant has may become one: an import brings its own. */
static void theme_warn(struct db *db, const struct theme *theme)
{
	const char *id = theme->tenants;
	for (size_t length; (length = theme_word(&id)) > 0; id += length) {
		ARENA_AUTO arena = arena_new();
		const struct scope *scope = NULL;
		if (operator_scope(db, arena, arena_strndup(arena, id, length), &scope) == ERR_NONE && scope == NULL)
			fprintf(stderr, "%s/theme.conf:%d: warning: there is no tenant %.*s\n", theme->dir, theme->tenants_line, (int)length, id);
	}
}

/* What can be read badly in a theme's colours. */
static void colours_warn(const char *data_dir, const struct theme *themes)
{
	char *ours, *sheet;
	if (asprintf(&ours, "%s/assets/tenantry.css", data_dir) < 0)
		abort();
	for (const struct theme *theme = themes; theme != NULL; theme = theme->next) {
		if (asprintf(&sheet, "%s/theme.css", theme->dir) < 0)
			abort();
		if (theme->css)
			contrast_warn(ours, sheet, stderr);
		free(sheet);
	}
	free(ours);
}

static void database_warn(const struct config *config, const struct theme *themes)
{
	struct db *db = db_new(config);
	unsigned version = 0;

	/* One that does not answer has been logged by then. */
	if (db_schema_version(db, &version) == ERR_NONE && version != db_schema_known())
		fprintf(stderr, "warning: the database has schema %u, this program needs %u: run tenantry migrate\n",
			version, db_schema_known());
	for (const struct theme *theme = themes; theme != NULL && version == db_schema_known(); theme = theme->next)
		theme_warn(db, theme);
	db_close(db);
}

int command_check(const struct config *config, const char *config_file, int argc, char **argv)
{
	struct config read;
	char *dir;

	(void)config, (void)argv;
	if (argc != 1)
		return operator_usage("check");
	if (config_load(config_file, &read, stderr) > 0)
		return EXIT_FAILED;
	if (asprintf(&dir, "%s/xslt", read.data_dir) < 0)
		abort();
	xml_init();
	struct sheets *sheets = sheets_load(dir, read.theme_dir, stderr);
	free(dir);
	if (sheets != NULL) {
		sheets_print(sheets, stdout);
		colours_warn(read.data_dir, sheets_themes(sheets));
		log_set_level(LOG_ERROR_LEVEL);
		database_warn(&read, sheets_themes(sheets));
		printf("%s: the configuration is good\n", config_file);
	}
	sheets_free(sheets);
	config_free(&read);
	return sheets != NULL ? EXIT_DONE : EXIT_FAILED;
}
