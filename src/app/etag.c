/* Entity tags (etag.h). Nothing is kept on the server: a tag is worked out anew from what the page would be made of.
 *
 * Why a kept page can never be somebody else's: the key of the hash is the session's own secret, which its cookie alone holds, so
 * that two sessions have no tag in common, whatever they look at. What goes into the hash:
 * - every column of the row that says who acts (user, names, roles, settings, home and acting tenant with its place), but for
 *   when the session was last used: a role taken away or a switch gives another tag, and so does a notice that waits;
 * - the version of the acting tenant's own subtree, in that same row: it grows with each row of the list, customer or contract, that is
 *   written in it, in the same transaction;
 * - the day in the distributor's time zone: statuses of contracts change with it and with nothing else in between;
 * - the address with its query, the format, the program, its stylesheets and themes and its public address; of the themes that one
 *   shows which the acting tenant or one above it has, and these are in the row.
 * A page that shows something else as well must not have the mark in the route table. */
#include "app/etag.h"

#include <sodium.h>
#include <string.h>

#include "app/routes.h"

#define TAG_BYTES 16

static void etag_add(crypto_generichash_state *state, const char *text)
{
	crypto_generichash_update(state, (const uint8_t *)text, strlen(text) + 1);
}

const char *etag_make(const struct context *c)
{
	if ((c->route->marks & TAGGED) == 0 || c->writes || c->format == FORMAT_CSV || c->identity == NULL || !c->identity->stamped)
		return NULL;
	const uint8_t format = (uint8_t)c->format;
	uint8_t hash[TAG_BYTES];
	char text[sodium_base64_ENCODED_LEN(TAG_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	crypto_generichash_state state;
	crypto_generichash_init(&state, (const uint8_t *)c->identity->secret, strlen(c->identity->secret), sizeof hash);
	etag_add(&state, "etag");
	etag_add(&state, c->app->version);
	crypto_generichash_update(&state, c->identity->stamp, sizeof c->identity->stamp);
	etag_add(&state, scope_today(c->scope));
	crypto_generichash_update(&state, &format, 1);
	etag_add(&state, c->http->path);
	etag_add(&state, c->http->query);
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	/* Weak: form tokens in the page differ from answer to answer, and so do its bytes when it is compressed. */
	return arena_printf(c->arena, "W/\"%s\"", text);
}

bool etag_matches(const char *if_none_match, const char *etag)
{
	const char *opaque = strchr(etag, '"');
	size_t length = strlen(opaque);
	for (const char *text = if_none_match; (text = strstr(text, opaque)) != NULL; text += length) {
		/* The tag begins with a quote: what stands before it is a weak mark, a comma or nothing. */
		if (text == if_none_match || strchr(", \t/", text[-1]) != NULL)
			return true;
	}
	return false;
}
