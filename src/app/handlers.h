/* The handlers that the route table names, a file a noun. Each fills the context for its format and returns. */
#ifndef TENANTRY_APP_HANDLERS_H
#define TENANTRY_APP_HANDLERS_H

#include "app/context.h"

enum error home_get(struct context *c);                                    /* login.c */
enum error login_get(struct context *c), login_post(struct context *c), logout_post(struct context *c);
enum error login_code_post(struct context *c);                             /* login_code.c */
enum error switch_get(struct context *c), switch_post(struct context *c);  /* switch.c */
enum error account_get(struct context *c), account_view_post(struct context *c);  /* account.c */
enum error account_password_post(struct context *c);                       /* account_login.c */
enum error session_revoke_get(struct context *c), session_revoke_post(struct context *c);
enum error sessions_revoke_get(struct context *c), sessions_revoke_post(struct context *c);
enum error account_otp_get(struct context *c), account_otp_post(struct context *c);  /* account_otp.c */
enum error account_otp_on_post(struct context *c), account_otp_off_post(struct context *c), account_otp_codes_post(struct context *c);
enum error customers_get(struct context *c);                               /* customers.c */
enum error customer_get(struct context *c);                                /* customer.c */
enum error customer_post(struct context *c);                               /* customer_edit.c */
enum error suspend_get(struct context *c), suspend_post(struct context *c), reactivate_post(struct context *c);
enum error customer_new_get(struct context *c), customer_new_post(struct context *c);  /* customer_new.c */
enum error customer_admin_get(struct context *c);
enum error move_get(struct context *c), move_post(struct context *c);      /* customer_move.c */
enum error delete_get(struct context *c), delete_post(struct context *c);  /* customer_delete.c */
enum error deleted_get(struct context *c), restore_post(struct context *c);
enum error users_get(struct context *c);                                   /* users.c */
enum error users_post(struct context *c), customer_admin_post(struct context *c);  /* user_write.c */
enum error user_post(struct context *c), user_resend_post(struct context *c), account_post(struct context *c);
enum error user_cancel_post(struct context *c), user_delete_post(struct context *c);
enum error user_get(struct context *c), user_cancel_get(struct context *c), user_delete_get(struct context *c);  /* user_page.c */
enum error invite_get(struct context *c), invite_post(struct context *c);  /* link.c */
enum error reset_get(struct context *c), reset_post(struct context *c);
enum error forgot_get(struct context *c), forgot_post(struct context *c);
enum error onboarding_get(struct context *c);                              /* onboarding.c */
enum error health_get(struct context *c);                                  /* health.c */
enum error sources_get(struct context *c);                                 /* sources.c */
enum error source_get(struct context *c), source_disconnect_get(struct context *c);  /* source.c */
enum error sources_post(struct context *c), source_post(struct context *c);  /* source_write.c */
enum error source_disconnect_post(struct context *c);
enum error contracts_summary_get(struct context *c), contracts_of_get(struct context *c);  /* contracts_of.c */
enum error contracts_get(struct context *c);                               /* contracts.c */
enum error contract_get(struct context *c), contract_new_get(struct context *c);  /* contract_page.c */
enum error contract_activate_get(struct context *c), contract_cancel_get(struct context *c);
enum error contract_new_post(struct context *c), contract_post(struct context *c);  /* contract_write.c */
enum error contract_activate_post(struct context *c), contract_cancel_post(struct context *c), contract_supersede_post(struct context *c);
enum error activity_get(struct context *c);                                /* audit.c */
enum error healthz_get(struct context *c), readyz_get(struct context *c);  /* monitor.c */
enum error metrics_get(struct context *c);                                 /* metrics.c */
enum error api_contracts_get(struct context *c);                           /* contracts.c */
enum error api_sources_get(struct context *c), api_runs_post(struct context *c);  /* api_sources.c */
enum error tokens_get(struct context *c), tokens_post(struct context *c);  /* tokens.c */
enum error token_revoke_get(struct context *c), token_revoke_post(struct context *c);
enum error api_tenants_get(struct context *c), api_tenants_post(struct context *c), api_tenant_get(struct context *c);  /* api_tenants.c */

#endif
