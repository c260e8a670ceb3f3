/* The catalogue of a language (words.h): read once in the master, kept sorted, shared by all workers. What is not in it stays English: a
 * test (tests/words) keeps it whole, a page must not fail for it. */
#include "xml/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct entry {
	const char *message, *translation;
};

struct words {
	struct arena *arena;
	const char *tag;
	struct entry *entries;
	size_t count;
};

static int entry_compare(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->message, ((const struct entry *)b)->message);
}

static const char *entry_get(struct arena *arena, const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
	const char *copy = arena_strdup(arena, (const char *)value);
	xmlFree(value);
	return copy;
}

static void words_read(struct words *words, const char *file, const xmlNode *root)
{
	words->entries = arena_array(words->arena, xmlChildElementCount((xmlNodePtr)root) + 1, sizeof *words->entries);
	for (const xmlNode *node = root->children; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		struct entry *entry = &words->entries[words->count];
		entry->message = entry_get(words->arena, node, "en");
		entry->translation = entry_get(words->arena, node, words->tag);
		if (entry->message == NULL || entry->translation == NULL)
			xml_report(file, (int)xmlGetLineNo(node), "needs the attributes en and %s", words->tag);
		else
			words->count++;
	}
	qsort(words->entries, words->count, sizeof *words->entries, entry_compare);
	for (size_t i = 1; i < words->count; i++)
		if (entry_compare(&words->entries[i - 1], &words->entries[i]) == 0)
			xml_report(file, 0, "says \"%s\" twice", words->entries[i].message);
}

struct words *words_load(const char *file, const char *tag)
{
	unsigned before = xml_report_count();
	xmlDocPtr doc = sheet_read(file, NULL);
	const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
	if (root == NULL) {
		xmlFreeDoc(doc);
		return NULL;
	}
	struct arena *arena = arena_new();
	struct words *words = arena_alloc(arena, sizeof *words);
	words->arena = arena;
	words->tag = arena_strdup(arena, tag);
	words_read(words, file, root);
	xmlFreeDoc(doc);
	if (xml_report_count() == before)
		return words;
	words_free(words);
	return NULL;
}

void words_free(struct words *words)
{
	if (words != NULL)
		arena_free(words->arena);
}

const char *words_tag(const struct words *words)
{
	return words->tag;
}

static const char *words_find(const struct words *words, const char *message)
{
	struct entry key = { .message = message };
	const struct entry *entry = bsearch(&key, words->entries, words->count, sizeof key, entry_compare);
	return entry == NULL ? NULL : entry->translation;
}

const char *words_say(const struct words *words, const char *text)
{
	const char *found = words == NULL || text == NULL ? NULL : words_find(words, text);
	return found == NULL ? text : found;
}

const char *words_say_of(const struct words *words, const char *text, const char *of)
{
	char key[256];
	if (words == NULL || text == NULL || snprintf(key, sizeof key, "%s [%s]", text, of) >= (int)sizeof key)
		return words_say(words, text);
	const char *found = words_find(words, key);
	return found == NULL ? words_say(words, text) : found;
}

const char *words_answer(void *words, const char *file, int line, const char *message)
{
	(void)line;
	char stem[64];
	const char *name = strrchr(file, '/');
	name = name == NULL ? file : name + 1;
	snprintf(stem, sizeof stem, "%.*s", (int)strcspn(name, "."), name);
	const char *answer = words_say_of(words, message, stem);
	return answer == message ? NULL : answer;
}
