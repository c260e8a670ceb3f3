/* The configuration file (INI, read with inih) and its checks.
 *
 * One table in config.c lists every key with its default, limits and description; the sample
 * conf/tenantry.conf and tenantry.conf(5) are kept in step with it by a test. */
#ifndef TENANTRY_BASE_CONFIG_H
#define TENANTRY_BASE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/id.h"

struct config {
	/* [server] */
	char *socket;         /* path of the Unix socket; unused when one is inherited */
	char *socket_group;   /* group that may connect (mode 0660); empty: own group */
	char *pid_file;       /* empty: none */
	char *public_url;     /* "https://console.example/partners": scheme, host and base path, no "/" at its end */
	char *data_dir;       /* xslt/ and assets/ are below it; default PKGDATADIR */
	char *theme_dir;      /* a folder a theme (base/theme.h); empty: there are none */
	int workers;
	char *export_socket;  /* of the workers that serve exports alone; empty: there are none */
	int export_workers;
	int max_requests;     /* a worker is replaced after so many */
	int deadline;         /* seconds a request may take; exports are exempt */
	int drain;            /* seconds that TERM and HUP wait for running requests */
	char *log_level;
	char *access_log;     /* file; empty: standard error; "off": none */
	int slow_ms;          /* a request that took longer is logged with its steps; 0: none */
	char *trusted_proxies; /* networks whose X-Forwarded-For is believed (base/address.h) */
	char *scoreboard;     /* file of the scoreboard, which `tenantry status` reads; "off": none */
	char *clock;          /* RFC 3339 instant at which the clock starts; empty: system's */
	char *confine;        /* "on" or "off": proc/confine.h */
	char *mail_dir;       /* where messages go as .eml while no mail server is set */
	/* [database] */
	char *db_host;        /* several in their order, with commas between; empty: db_socket */
	char *db_tls;         /* "verify" or "off"; for hosts alone */
	char *db_ca_file;     /* empty: the system's certificates */
	int db_port;
	char *db_socket;
	char *db_name;
	char *db_user;
	char *db_password_file; /* empty: no password (socket authentication) */
	int db_timeout;       /* seconds for connect, read and write */
	/* [session] */
	int idle_hours;
	int total_hours;
	/* [login] */
	int hash_memory;      /* Argon2id: MiB */
	int hash_passes;
	char *common_passwords; /* file with passwords that nobody may choose, a line each; empty: none */
	/* [sso] */
	char *sso_key_file;   /* empty: off */
	char *sso_peer;       /* the user as whom the web server connects */
	char *sso_groups;     /* the values of `group`, a line each */
	char *sso_logout;     /* path of the gate's own logout; empty: none */
	/* [api] */
	int api_requests;     /* a minute and token */
	/* [mail] */
	char *mail_server;    /* empty: messages go to mail_dir */
	int mail_port;
	char *mail_security;  /* "starttls", "tls" or "none" */
	char *mail_user;      /* empty: no login */
	char *mail_password_file;
	char *mail_from;
	char *mail_ca_file;   /* empty: the system's certificates */
	/* derived */
	char *base;           /* base path of public_url, begins and ends with "/" */
	bool https;
	uid_t sso_uid;        /* of sso_peer */
	uint8_t sso_key[SECRET_HASH_SIZE]; /* the hash of the key: it stays in its file */
};

/* Reads FILE into CONFIG with defaults for what it does not say. Writes one line a fault,
 * "FILE:LINE: what is wrong", to ERRORS (may be NULL). Returns the number of faults; with
 * any, CONFIG holds nothing that needs freeing. A file that cannot be read is one fault. */
int config_load(const char *file, struct config *config, FILE *errors);
void config_free(struct config *config);

/* Reads a secret, from its file or a credential (settings_secret_path()): the first line, at most 1023 bytes; false, with errno set, when it
 * cannot be read. The caller wipes it. */
bool config_read_secret(const char *file, char *secret, size_t size);

/* Writes the sample configuration: every key, its default commented out, its description. */
void config_sample(FILE *out);

#endif
