/* The account page's parts, which stand in files of their own. */
#ifndef TENANTRY_APP_ACCOUNT_H
#define TENANTRY_APP_ACCOUNT_H

#include "app/form.h"

/* The columns of session_list and session_find. */
enum { SESSION_SINCE, SESSION_SEEN, SESSION_ADDRESS, SESSION_AGENT, SESSION_CURRENT, SESSION_ID };

/* `session` of a row of these. */
void account_session(struct context *c, char **row);

/* The form that changes the password, closed. */
void account_password_form(struct context *c);

#endif
