/* What is unique beyond the scope (a domain within the distributor, an e-mail in the installation) and taken there: one answer
 * in the same words whatever the reason, few of them an hour, each in the distributor's Activity. */
#ifndef TENANTRY_APP_CLASH_H
#define TENANTRY_APP_CLASH_H

#include "app/context.h"

#define CLASH_HOUR_MAX 10 /* answers an hour and acting tenant, then 429 */

/* Asked before it is looked up whether something is free that the scope does not hold: ERR_TOO_MANY once so many answers were given, for
 * what is free too. Else the answer would go on to tell what is taken, and nobody would be told of it. */
enum error clash_may_try(struct context *c);

/* Refuses FIELD of c->form ("This e-mail address cannot be used here; ask DISTRIBUTOR."): ERR_INVALID_FIELDS. WHAT is the
 * thing's name in that sentence. The handler returns what this returns; the pipeline then calls clash_record(). */
enum error clash_refuse(struct context *c, const char *field, const char *what);

/* After the refused transaction was rolled back: counts the refusal and tells the distributor. Nothing when there was none. */
enum error clash_record(struct context *c);

/* Forgets what no longer counts. */
enum error clash_housekeep(struct db *db);

#endif
