/* The languages of language.h. Knows no text of any. */
#include "base/language.h"

#include <string.h>
#include <strings.h>

static const char *const tags[LANGUAGE__MAX] = { "en", "de" };

const char *language_tag(enum language language)
{
	return tags[language];
}

bool language_parse(const char *tag, enum language *language)
{
	for (enum language i = 0; i < LANGUAGE__MAX; i++)
		if (strcmp(tags[i], tag) == 0) {
			*language = i;
			return true;
		}
	return false;
}

/* The weight behind a range, in thousandths: "; q=0.5"; 1000 when there is none, 0 (not wanted) when it cannot be read. */
static unsigned weight_read(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end)
		return 1000;
	if (*at++ != ';')
		return 0;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (end - at < 3 || (at[0] != 'q' && at[0] != 'Q') || at[1] != '=' || (at[2] != '0' && at[2] != '1'))
		return 0;
	unsigned weight = (unsigned)(at[2] - '0') * 1000, place = 100;
	for (at += 3; at < end && (*at == '.' || (*at >= '0' && *at <= '9')); at++)
		if (*at != '.') {
			weight += (unsigned)(*at - '0') * place;
			place /= 10;
		}
	return weight > 1000 ? 1000 : weight;
}

/* Does the range of LENGTH bytes take LANGUAGE? "de" and "de-AT" are German; "*" is anything. */
static bool range_takes(const char *range, size_t length, enum language language)
{
	size_t tag = strlen(tags[language]);
	if (length == 1 && *range == '*')
		return language == LANGUAGE_EN;
	return length >= tag && strncasecmp(range, tags[language], tag) == 0 && (length == tag || range[tag] == '-');
}

enum language language_accepted(const char *header)
{
	enum language best = LANGUAGE_EN;
	unsigned most = 0;
	for (const char *at = header; *at != '\0'; at += *at == ',') {
		at += strspn(at, " \t");
		const char *end = at + strcspn(at, ",");
		size_t length = strcspn(at, " \t;,");
		unsigned weight = weight_read(at + length, end);
		for (enum language i = 0; i < LANGUAGE__MAX; i++)
			if (weight > most && range_takes(at, length, i)) {
				best = i;
				most = weight;
			}
		at = end;
	}
	return best;
}
