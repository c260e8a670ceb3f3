/* The forms of contracts: adding and editing, and the deeds that need a word or only a button. */
#ifndef TENANTRY_APP_CONTRACT_FORM_H
#define TENANTRY_APP_CONTRACT_FORM_H

#include "app/contract.h"
#include "app/form.h"

/* `version` is optional in these: sent, it must be the newest. */
extern const struct form_spec contract_activate_form, contract_cancel_form, contract_supersede_form;

/* The form for a contract of c->tenant: of CONTRACT, or for a new one (NULL). Its accounts are read from the database. */
enum error contract_form_spec(struct context *c, const struct contract *contract, const struct form_spec **spec);

/* Writes the form, closed. */
void contract_form_element(struct context *c, const struct form_spec *spec, const struct contract *contract);

/* Reads and checks what was sent: fields each by itself, then against each other. *VALUES as they are stored. */
enum error contract_form_read(struct context *c, const struct form_spec *spec, const char *values[CONTRACT_FIELDS_MAX]);

/* Was the form made for another version than the newest, or before a deed? ERR_VERSION_CONFLICT, with both shown. */
enum error contract_form_version(struct context *c, const struct contract *contract);

#endif
