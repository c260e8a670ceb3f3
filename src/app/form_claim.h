/* Forms that are carried out once (ONCE in their route's row): the number in their token is used up by success, in the transaction of
 * what they do, and says from then on where the first one has led. */
#ifndef TENANTRY_APP_FORM_CLAIM_H
#define TENANTRY_APP_FORM_CLAIM_H

#include "app/context.h"

/* Claims the number of the form at hand. *DONE: it was used up with the same body, and the answer is the same again (c->redirect), or
 * says that its secret was shown (c->made_before). Used up with another body: c->form_reused. The claim is taken back with the transaction
 * when the form is refused. */
enum error form_claim(struct context *c, bool *done);

/* The form has done its work: notes where it leads (c->redirect). */
enum error form_claim_done(struct context *c);

#endif
