/* The error catalogue of error.h as tables. */
#include "base/error.h"

static const struct {
	int status;
	const char *id, *title;
} catalogue[ERR__MAX] = {
#define X(id, status, title) [ERR_##id] = { status, #id, title },
	ERROR_CATALOGUE(X)
#undef X
};

int error_status(enum error error)
{
	return catalogue[error].status;
}

const char *error_id(enum error error)
{
	return catalogue[error].id;
}

const char *error_title(enum error error)
{
	return catalogue[error].title;
}
