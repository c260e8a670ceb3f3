/* The table of job_function.h. */
#include "app/job_function.h"

#include <string.h>

const struct job_function job_functions[] = {
#define X(key, title) { key, title },
	JOB_FUNCTIONS(X)
#undef X
	{ NULL, NULL }
};

const char *job_function_title(const char *key)
{
	if (key == NULL)
		return NULL;
	for (const struct job_function *job = job_functions; job->key != NULL; job++)
		if (strcmp(job->key, key) == 0)
			return job->title;
	return NULL;
}
