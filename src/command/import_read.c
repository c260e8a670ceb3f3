/* From the CSV file into import_row: which column is which, and everything about a line that can be told from it alone. A cell
 * that is refused is stored empty, so that the other checks of its line still make sense. */
#include <string.h>

#include "base/arena.h"
#include "base/domain.h"
#include "base/text.h"
#include "command/csv_read.h"
#include "command/import.h"
#include "db/bulk.h"

#define NAME_LENGTH_MAX 200
#define SHOWN 80 /* bytes of a refused value that are shown */

enum field { FIELD_NAME, FIELD_DOMAIN, FIELD_TIER, FIELD_ID, FIELD_PARENT, FIELD__MAX };

/* The columns of the export: those that are taken, and those that are read over. */
static const struct {
	const char *title;
	int field; /* -1: derived */
} known[] = {
	{ "Customer", FIELD_NAME }, { "Status", -1 }, { "Admin", -1 }, { "Source data", -1 }, { "Contracts", -1 },
	{ "Domain", FIELD_DOMAIN }, { "Tier", FIELD_TIER }, { "Customer ID", FIELD_ID }, { "Created", -1 },
	{ "Parent ID", FIELD_PARENT }, { "Matched", -1 },
};
#define KNOWN_COUNT (sizeof known / sizeof known[0])

struct header {
	size_t count;
	int places[FIELD__MAX]; /* -1: not there */
};

static int header_find(const char *title)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		if (strcmp(known[i].title, title) == 0)
			return (int)i;
	return -1;
}

static bool header_read(struct import *import, const struct csv_record *record, struct header *header)
{
	uint64_t seen = 0, before = import->read_faults.total;
	header->count = record->count;
	for (int i = 0; i < FIELD__MAX; i++)
		header->places[i] = -1;
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];
		int number = header_find(field->text);
		if (number < 0)
			import_fault(&import->read_faults, field->line, field->column, "\"%.*s\" is not a column that is known",
				SHOWN, field->text);
		else if ((seen & UINT64_C(1) << number) != 0)
			import_fault(&import->read_faults, field->line, field->column, "the column %s is there twice", field->text);
		else if (known[number].field >= 0)
			header->places[known[number].field] = (int)i;
		if (number >= 0)
			seen |= UINT64_C(1) << number;
	}
	if (header->places[FIELD_NAME] < 0)
		import_fault(&import->read_faults, record->line, 1, "the column Customer is missing");
	if (header->places[FIELD_DOMAIN] < 0)
		import_fault(&import->read_faults, record->line, 1, "the column Domain is missing");
	return import->read_faults.total == before;
}

static const char *check_name(struct import *import, const struct csv_field *field)
{
	const char *what = NULL;
	if (field->text[strspn(field->text, " ")] == '\0')
		what = "is empty";
	else if (text_has_forbidden(field->text))
		what = "holds a control character or one that changes the direction of writing";
	else if (text_length(field->text) > NAME_LENGTH_MAX)
		what = "is longer than 200 characters";
	if (what == NULL)
		return field->text;
	import_fault(&import->read_faults, field->line, field->column, "Customer: %s", what);
	return "";
}

static const char *check_id(struct import *import, const char *title, const struct csv_field *field)
{
	if (field->text[0] == '\0' || id_valid(field->text))
		return field->text;
	import_fault(&import->read_faults, field->line, field->column, "%s: \"%.*s\" is not an ID (1 to 26 of A-Z 0-9)", title,
		SHOWN, field->text);
	return "";
}

static unsigned check_tier(struct import *import, const struct csv_field *field)
{
	if (field->text[0] == '\0')
		return 0;
	for (enum tier tier = TIER_DISTRIBUTOR; tier <= TIER_CUSTOMER; tier++)
		if (strcmp(field->text, tier_title(tier)) == 0)
			return tier;
	import_fault(&import->read_faults, field->line, field->column,
		"Tier: \"%.*s\" is none of Distributor, Reseller, Customer", SHOWN, field->text);
	return 0;
}

static enum error stage(struct import *import, struct bulk *bulk, const struct header *header,
	const struct csv_record *record)
{
	static const struct csv_field nothing = { .text = "" };
	const struct csv_field *fields[FIELD__MAX];
	char domain[DOMAIN_SIZE] = "", made[ID_SIZE];
	for (int i = 0; i < FIELD__MAX; i++)
		fields[i] = header->places[i] >= 0 ? &record->fields[header->places[i]] : &nothing;
	const char *name = check_name(import, fields[FIELD_NAME]);
	if (!domain_normalize(fields[FIELD_DOMAIN]->text, domain))
		import_fault(&import->read_faults, fields[FIELD_DOMAIN]->line, fields[FIELD_DOMAIN]->column,
			"Domain: \"%.*s\" is not the name of a domain", SHOWN, fields[FIELD_DOMAIN]->text);
	unsigned tier = check_tier(import, fields[FIELD_TIER]);
	const char *id = check_id(import, "Customer ID", fields[FIELD_ID]);
	const char *parent = check_id(import, "Parent ID", fields[FIELD_PARENT]);
	if (id[0] == '\0') {
		id_make(made);
		id = made;
	}
	return bulk_row(bulk, DB_VALUES(DB_UINT(import->id), DB_UINT(record->line), DB_UINT(fields[FIELD_NAME]->column),
		DB_UINT(fields[FIELD_DOMAIN]->column), DB_UINT(fields[FIELD_TIER]->column), DB_UINT(fields[FIELD_ID]->column),
		DB_UINT(fields[FIELD_PARENT]->column), DB_TEXT(name), DB_TEXT(domain), DB_UINT(tier), DB_TEXT(id),
		DB_TEXT(parent)));
}

static enum error read_lines(struct import *import, struct csv_reader *reader, struct bulk *bulk)
{
	const struct csv_record *record;
	struct csv_fault fault;
	struct header header = { 0 };
	bool has_header = false;
	for (;;) {
		switch (csv_next(reader, &record, &fault)) {
		case CSV_END:
			if (!has_header && import->read_faults.total == 0)
				import_fault(&import->read_faults, 1, 1, "the file is empty");
			return bulk_flush(bulk);
		case CSV_STOP:
			import->stopped = true;
			__attribute__((fallthrough));
		case CSV_FAULT:
			import_fault(&import->read_faults, fault.line, fault.column, "%s", fault.what);
			if (!has_header)
				return ERR_NONE; /* without a header no line can be understood */
			continue;
		case CSV_RECORD:
			break;
		}
		if (!has_header) {
			if (!header_read(import, record, &header))
				return ERR_NONE;
			has_header = true;
			continue;
		}
		import->lines++;
		if (record->count != header.count) {
			import_fault(&import->read_faults, record->line, 1, "%zu cells, where the header has %zu", record->count,
				header.count);
			continue;
		}
		enum error error = stage(import, bulk, &header, record);
		if (error != ERR_NONE)
			return error;
	}
}

enum error import_read(struct import *import, FILE *in)
{
	struct csv_reader *reader = csv_open(in);
	struct bulk *bulk = bulk_new(import->db, STMT_IMPORT_STAGE);
	enum error error = read_lines(import, reader, bulk);
	bulk_free(bulk);
	csv_close(reader);
	return error;
}
