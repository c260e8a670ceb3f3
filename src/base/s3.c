/* Checking S3 locations (s3.h). Asks nobody whether the bucket is there. */
#include "base/s3.h"

#include <string.h>

#define SCHEME "s3://"
#define BUCKET_MIN 3
#define BUCKET_MAX 63
#define KEY_MAX 1024

static bool lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool ends_with(const char *bucket, size_t length, const char *ending)
{
	size_t size = strlen(ending);
	return length >= size && memcmp(bucket + length - size, ending, size) == 0;
}

/* Four numbers with dots between them, as an address is written. */
static bool like_address(const char *bucket, size_t length)
{
	size_t dots = 0;
	for (size_t i = 0; i < length; i++) {
		if (bucket[i] == '.')
			dots++;
		else if (bucket[i] < '0' || bucket[i] > '9')
			return false;
	}
	return dots == 3;
}

/* What AWS keeps for itself. */
static bool reserved(const char *bucket, size_t length)
{
	static const char *const beginnings[] = { "xn--", "sthree-", "amzn-s3-demo-" };
	static const char *const endings[] = { "-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3" };
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (length >= strlen(beginnings[i]) && strncmp(bucket, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_with(bucket, length, endings[i]))
			return true;
	return false;
}

static const char *bucket_fault(const char *bucket, size_t length)
{
	if (length < BUCKET_MIN || length > BUCKET_MAX)
		return "The bucket's name has 3 to 63 characters.";
	for (size_t i = 0; i < length; i++)
		if (!lower_or_digit(bucket[i]) && bucket[i] != '.' && bucket[i] != '-')
			return "The bucket's name has small letters, digits, dots and hyphens alone.";
	if (!lower_or_digit(bucket[0]) || !lower_or_digit(bucket[length - 1]))
		return "The bucket's name begins and ends with a letter or a digit.";
	for (size_t i = 1; i < length; i++)
		if (bucket[i] == '.' && bucket[i - 1] == '.')
			return "The bucket's name cannot have two dots side by side.";
	if (like_address(bucket, length))
		return "The bucket's name cannot be an IP address.";
	return reserved(bucket, length) ? "AWS keeps bucket names like this one for itself." : NULL;
}

bool s3_location_valid(const char *text, const char **wrong)
{
	if (strncmp(text, SCHEME, strlen(SCHEME)) != 0) {
		*wrong = "This is not an S3 location. Example: s3://example-billing/cur";
		return false;
	}
	const char *bucket = text + strlen(SCHEME);
	size_t length = strcspn(bucket, "/");
	const char *prefix = bucket[length] == '/' ? bucket + length + 1 : "", *fault = bucket_fault(bucket, length);
	if (fault == NULL && strlen(prefix) > KEY_MAX)
		fault = "The prefix has at most 1,024 bytes.";
	if (fault == NULL && strpbrk(prefix, " \\") != NULL)
		fault = "The prefix cannot have spaces or backslashes.";
	if (fault == NULL && (*prefix == '/' || strstr(prefix, "//") != NULL))
		fault = "The prefix has an empty part: two slashes side by side.";
	if (fault != NULL)
		*wrong = fault;
	return fault == NULL;
}
