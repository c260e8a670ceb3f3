/* What is needed, and files and ports by Landlock (confine.h).
 *
 * A rule holds for the file that has the path now: one that is replaced later (a password, a certificate) is read after
 * the next reload. Must never allow a folder that has secrets in it, and opens none itself. */
#include "proc/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"

#define DNS_PORT 53 /* over TCP, when an answer is too long for UDP */

/* What linux/landlock.h of Linux 6.12 has; a build must not depend on how old the headers are. */
#define LANDLOCK_VERSION_FLAG 1u
#define LANDLOCK_RULE_PATH 1
#define LANDLOCK_RULE_PORT 2
#define ACCESS_EXECUTE (UINT64_C(1) << 0)
#define ACCESS_WRITE_FILE (UINT64_C(1) << 1)
#define ACCESS_READ_FILE (UINT64_C(1) << 2)
#define ACCESS_READ_DIR (UINT64_C(1) << 3)
#define ACCESS_REMOVE_FILE (UINT64_C(1) << 5)
#define ACCESS_MAKE_FILE (UINT64_C(1) << 8)
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)
#define ACCESS_OF_FILES (ACCESS_EXECUTE | ACCESS_WRITE_FILE | ACCESS_READ_FILE | ACCESS_TRUNCATE)
#define ACCESS_READ (ACCESS_READ_FILE | ACCESS_READ_DIR)
#define ACCESS_WRITE (ACCESS_READ | ACCESS_WRITE_FILE | ACCESS_MAKE_FILE | ACCESS_REMOVE_FILE | ACCESS_TRUNCATE)
#define PORT_CONNECT (UINT64_C(1) << 1)
#define PORT_ALL UINT64_C(3)   /* to listen, too */
#define SCOPE_ALL UINT64_C(3)  /* abstract Unix sockets, signals */

struct ruleset_attributes {
	uint64_t files, ports, scopes;
};

struct path_rule {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t access, port;
};

/* A set of rules that is being put together. */
struct ruleset {
	int fd;
	uint64_t files; /* what of access to files this kernel knows */
};

/* Nothing secret: plugins of the database's library, and what names and certificates are looked up in. */
static const char *const library_paths[] = { "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache" };
static const char *const network_paths[] = { "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
	"/etc/services", "/run/systemd/resolve" };
#define COUNT(paths) (sizeof (paths) / sizeof *(paths))

static void port_need(struct confine_need *need, int port)
{
	need->network = true;
	need->ports[need->port_count++] = (unsigned short)port;
}

static void need_find(const struct config *config, enum confine_role role, struct confine_need *need)
{
	bool hosts = *config->db_host != '\0', mail = role == CONFINE_HOUSEKEEPER && *config->mail_server != '\0';

	*need = (struct confine_need){ .local = !hosts, .threads = mail, .mail_files = role == CONFINE_HOUSEKEEPER && !mail };
	need->names = mail || (hosts && !address_list_valid(config->db_host));
	if (hosts)
		port_need(need, config->db_port);
	if (mail)
		port_need(need, config->mail_port);
	if (need->names)
		port_need(need, DNS_PORT);
}

/* What kernels have learned: the version of Landlock here, 0 when there is none. */
static int landlock_version(void)
{
#ifdef SYS_landlock_create_ruleset
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
	return version > 0 ? (int)version : 0;
#else
	return 0;
#endif
}

#ifdef SYS_landlock_create_ruleset

static bool ruleset_begin(struct ruleset *ruleset)
{
	static const unsigned rights[] = { 13, 14, 15, 15, 16 }; /* of access to files, by version */
	int version = landlock_version();
	struct ruleset_attributes attributes = { .ports = version >= 4 ? PORT_ALL : 0, .scopes = version >= 6 ? SCOPE_ALL : 0 };

	attributes.files = (UINT64_C(1) << rights[version < 5 ? version - 1 : 4]) - 1;
	ruleset->files = attributes.files;
	ruleset->fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	return ruleset->fd >= 0;
}

/* Allows ACCESS to PATH and all below it. What is not there needs no rule. */
static bool path_allow(const struct ruleset *ruleset, const char *path, uint64_t access)
{
	struct path_rule rule = { .access = access & ruleset->files };
	struct stat about;

	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return true;
	if (fstat(rule.fd, &about) == 0 && !S_ISDIR(about.st_mode))
		rule.access &= ACCESS_OF_FILES;
	bool done = syscall(SYS_landlock_add_rule, ruleset->fd, LANDLOCK_RULE_PATH, &rule, 0) == 0;
	close(rule.fd);
	return done;
}

static bool paths_allow(const struct ruleset *ruleset, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!path_allow(ruleset, paths[i], ACCESS_READ))
			return false;
	}
	return true;
}

static bool files_allow(const struct ruleset *ruleset, const struct config *config, const struct confine_need *need)
{
	char password[SETTINGS_PATH_SIZE], mail_password[SETTINGS_PATH_SIZE];
	const char *const own[] = { CLOCK_ZONE_DIR, config->common_passwords, config->db_ca_file,
		settings_secret_path(config->db_password_file, password) };
	const char *const mail[] = { config->mail_ca_file, settings_secret_path(config->mail_password_file, mail_password) };

	return paths_allow(ruleset, own, COUNT(own)) && paths_allow(ruleset, library_paths, COUNT(library_paths)) &&
		(!need->network || paths_allow(ruleset, network_paths, COUNT(network_paths))) &&
		(!need->threads || paths_allow(ruleset, mail, COUNT(mail))) &&
		(!need->mail_files || path_allow(ruleset, config->mail_dir, ACCESS_WRITE))
#ifdef TENANTRY_ASAN
		/* The sanitizers look at their process, and write what they find into a file of the tests. */
		&& path_allow(ruleset, "/proc", ACCESS_READ) && path_allow(ruleset, "/tmp", ACCESS_WRITE)
#endif
		;
}

static bool ports_allow(const struct ruleset *ruleset, const struct confine_need *need)
{
	for (size_t i = 0; i < need->port_count && landlock_version() >= 4; i++) {
		struct port_rule rule = { PORT_CONNECT, need->ports[i] };
		if (syscall(SYS_landlock_add_rule, ruleset->fd, LANDLOCK_RULE_PORT, &rule, 0) != 0)
			return false;
	}
	return true;
}

static bool confine_files(const struct config *config, const struct confine_need *need)
{
	struct ruleset ruleset;

	if (landlock_version() == 0)
		return true;
	if (!ruleset_begin(&ruleset))
		return false;
	bool done = files_allow(&ruleset, config, need) && ports_allow(&ruleset, need) &&
		syscall(SYS_landlock_restrict_self, ruleset.fd, 0) == 0;
	close(ruleset.fd);
	return done;
}

#else

static bool confine_files(const struct config *config, const struct confine_need *need)
{
	(void)config, (void)need;
	return true;
}

#endif

bool confine(const struct config *config, enum confine_role role)
{
	struct confine_need need;

	if (strcmp(config->confine, "off") == 0)
		return true;
	need_find(config, role, &need);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && confine_files(config, &need) && confine_calls(&need))
		return true;
	log_error("this process could not be confined: %s (confine = off of [server] serves without)", strerror(errno));
	return false;
}

void confine_report(const struct config *config)
{
	int version = landlock_version();

	if (strcmp(config->confine, "off") == 0)
		log_warn("confine = off: workers may do all that this account may");
	else if (version == 0)
		log_warn("this kernel has no Landlock: workers may read all files that this account may");
	else if (version < 4)
		log_info("this kernel's Landlock (version %d) knows no ports: workers may connect to any, if the database is on a host", version);
#ifndef HAVE_SECCOMP
	log_warn("built without libseccomp: workers may use all system calls");
#endif
}
