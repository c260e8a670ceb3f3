/* What a handler gets and gives back.
 *
 * A handler reads the parsed request, its scope and the database, fills the document (HTML, XML), the JSON value or
 * the table (CSV), and returns a result. It has no way to send bytes, to see SQL, or to reach a tenant
 * outside the scope. */
#ifndef TENANTRY_APP_CONTEXT_H
#define TENANTRY_APP_CONTEXT_H

#include "app/app.h"
#include "auth/form_token.h"
#include "auth/identity.h"
#include "db/list.h"
#include "db/rate.h"

struct form;
struct json_object;
struct kept;
struct route;
struct table;
struct theme;

enum format { FORMAT_HTML = 1, FORMAT_CSV = 2, FORMAT_XML = 4, FORMAT_JSON = 8, FORMAT_TEXT = 16,
	FORMAT_API = 32 /* of a route: JSON, of an address without a suffix */ };

#define CONTEXT_IDS_MAX 2

struct context {
	struct app *app;
	struct arena *arena;
	const struct http_request *http;
	const struct route *route;
	const struct route *asked;       /* what the address named; `route` may become the page of a refused form */
	enum format format;
	bool writes;                     /* a POST */
	bool api;                        /* below /api: a token, no cookies, JSON, whatever goes wrong */
	const char *ids[CONTEXT_IDS_MAX]; /* path variables, valid as IDs */
	const char *signed_on;           /* e-mail of the user whom the web server names (sso.h); NULL: nobody */
	const struct identity *identity; /* NULL before login */
	const char *const *lineage;      /* as in `identity`, of the user whose link opens a page before login; NULL: nobody's */
	const struct scope *scope;       /* NULL before login */
	struct db *db;
	struct list_tenant tenant;       /* when the route has {tenant} */

	struct json_object *body;        /* of a POST to the API: an object; owned by the context */
	bool key_held;                   /* the Idempotency-Key of the request is noted as at work */
	struct rate rate;                /* of the token; limit 0: no token */
	struct form *form;               /* what was sent (form.h); NULL for GET */
	uint8_t form_number[FORM_NUMBER_SIZE]; /* of the form token */
	bool place_held;                 /* the handler has asked for the acting tenant's place under its lock, and may change it itself */
	bool moved;                      /* the acting tenant's label was another one at the end */
	bool form_reused;                /* the number was used up with another body: do nothing */

	struct kept *kept;               /* a login took up a form that was sent without a session (kept.h) */

	/* What the handler fills. */
	struct doc *doc;                 /* `page` is open */
	struct json_object *json;        /* for FORMAT_JSON; owned by the context */
	const char *text, *text_type;    /* for FORMAT_TEXT: body and content type */
	struct table *table;             /* for FORMAT_CSV: see table.h */
	const char *title;
	const char *location;            /* path below the base of what was made: answer 201 */
	const char *made;                /* a secret, or several with spaces between, that a POST has made: its page shows them, once */
	bool made_before;                /* by the same POST, sent before */
	const char *redirect;            /* path below the base with query: answer 303 */
	bool leaves;                     /* `redirect` is the web server's own, and not below the base */
	const char *cookies[2];          /* Set-Cookie values */
	size_t cookie_count;
	const char *etag;                /* of this page; NULL: it has none */
	bool ends_session;               /* the browser is to forget the pages that it has kept */
	int status;                      /* of a page that is not 200, such as 422 with the form again; 304: the browser has it */

	/* Why it failed. */
	const char *parameter, *detail;
	unsigned retry_after;
	const char *failed;              /* e-mail whose password or code was wrong: counted as a failed login */
	const char *clash, *clash_value; /* what was refused as taken elsewhere (clash.h), or NULL */
	const char *stale_tenant;        /* ERR_STALE_CONTEXT: public ID of the tenant that the form was for */
};

/* ERR_BAD_PARAMETER naming the parameter and what it takes. */
enum error context_bad_parameter(struct context *c, const char *name, const char *takes);

/* A text for people, or a format of one, in the language of the answer; what has no translation as it is. Data formats are English. */
const char *context_say(const struct context *c, const char *text) __attribute__((format_arg(2)));

/* The theme of the answer: the acting tenant's or that of the next one above it that has one; before
 * login that of a link's user, or else the host's. NULL: our look. */
const struct theme *context_theme(const struct context *c);

/* The language of the answer: the user's, or before login what the browser asks for. */
enum language context_language(const struct context *c);

/* Marks a text for people that does not begin with a capital letter, by which tests/words would find it. */
#define N_(text) (text)

/* An error with a detail for the page; DETAIL is kept as it is. */
enum error context_refuse(struct context *c, enum error error, const char *detail);

/* An address below the base path ("/partners/customers"), in the arena. */
const char *context_href(const struct context *c, const char *path);

/* A form token for the present session and acting tenant. */
const char *context_token(const struct context *c);

/* The cookie from before the login: NULL when the browser has none, or made then. */
const char *context_login_cookie(const struct context *c);
const char *context_login_secret(struct context *c);
/* Another one in its place. */
const char *context_login_renew(struct context *c);

/* A token for a form that needs no session: bound to that cookie. */
const char *context_login_token(struct context *c);

/* A notice on top of the page; before its content. */
void context_notice(const struct context *c, const char *text);

/* Who is at work, for the scoreboard: a user's key, or a number for a token; 0 before login. */
uint64_t context_actor(const struct context *c);

/* Full name of a user, in the arena. */
const char *context_name(const struct context *c, const char *first, const char *last);

#endif
