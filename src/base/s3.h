/* Locations in Amazon S3 as people write them: s3://bucket/prefix. */
#ifndef TENANTRY_BASE_S3_H
#define TENANTRY_BASE_S3_H

#include <stdbool.h>

#define S3_LOCATION_MAX 1024 /* characters; a key has at most as many bytes */

/* Is TEXT (UTF-8) a location with a bucket that AWS would let somebody make (general purpose bucket naming rules of the S3 user guide), and a
 * prefix or none? If not, *WRONG says what is wrong with it, in a sentence. */
bool s3_location_valid(const char *text, const char **wrong);

#endif
