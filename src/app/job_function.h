/* The job functions a user can have: keys in user_account.job_function, titles for people. */
#ifndef TENANTRY_APP_JOB_FUNCTION_H
#define TENANTRY_APP_JOB_FUNCTION_H

#include <stddef.h>

#define JOB_FUNCTIONS(X) \
	X("data", "Data Engineer / Data Analyst") X("executive", "Executive Team") \
	X("finance", "Finance / Accounting") X("founder", "Founder") X("legal", "Legal / Purchasing") \
	X("management", "Management") X("sales", "Sales / Marketing") X("software", "Software / Ops Engineer")

struct job_function {
	const char *key, *title;
};

/* All of them, in the order of the form; ended by one whose key is NULL. */
extern const struct job_function job_functions[];

/* The title of a key; NULL for no key and for one that is not known. */
const char *job_function_title(const char *key);

#endif
