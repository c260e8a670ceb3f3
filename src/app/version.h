/* What the program, its configuration and its files look like: told apart in addresses of assets and in ETags. */
#ifndef TENANTRY_APP_VERSION_H
#define TENANTRY_APP_VERSION_H

#include "base/config.h"

#define APP_VERSION_SIZE 17

/* A short hash of the program's version, its public address, the stylesheets, the assets and the themes. Files that cannot be read count as
 * not there. The same on every host that has the same of all these. */
void app_version(const struct config *config, char version[APP_VERSION_SIZE]);

#endif
