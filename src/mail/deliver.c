/* Handing a message over (mail.h): by SMTP with libcurl, or as a file. The password is read from its file for each message and wiped. */
#include "mail/mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"

#define CONNECT_SECONDS 10L
#define ANSWER_SECONDS 15L
#define SECRET_MAX 1024

struct delivery {
	const struct buf *message;
	size_t at;
	mail_handed_fn *handed;
	void *arg;
	bool was_handed;
};

/* libcurl's source of bytes. Before the last ones go the caller writes that down: after that, silence may mean yes. */
static size_t delivery_read(char *to, size_t size, size_t count, void *arg)
{
	struct delivery *delivery = arg;
	size_t left = delivery->message->length - delivery->at, room = size * count;
	size_t length = left < room ? left : room;
	if (length == left && left > 0) {
		if (!delivery->handed(delivery->arg))
			return CURL_READFUNC_ABORT;
		delivery->was_handed = true;
	}
	memcpy(to, delivery->message->data + delivery->at, length);
	delivery->at += length;
	return length;
}

static void handle_server(CURL *curl, const struct config *config, const char *from, char *url, size_t size)
{
	bool tls = strcmp(config->mail_security, "tls") == 0;
	const char *at = strrchr(from, '@');
	/* The path is the name that EHLO says. */
	snprintf(url, size, "%s://%s:%d/%s", tls ? "smtps" : "smtp", config->mail_server, config->mail_port,
		at != NULL ? at + 1 : "localhost");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
		(long)(strcmp(config->mail_security, "none") == 0 ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (*config->mail_ca_file != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, config->mail_ca_file);
	/* A proxy of the environment is for the web. */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_SECONDS);
	/* For each answer, that to QUIT too, which the limit above does not hold for. */
	curl_easy_setopt(curl, CURLOPT_FTP_RESPONSE_TIMEOUT, ANSWER_SECONDS);
}

static bool handle_login(CURL *curl, const struct config *config, char reason[MAIL_REASON_SIZE])
{
	char password[SECRET_MAX] = "";
	if (*config->mail_user == '\0')
		return true;
	bool read = config_read_secret(config->mail_password_file, password, sizeof password);
	if (read) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, config->mail_user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	} else {
		snprintf(reason, MAIL_REASON_SIZE, "%s: %s", config->mail_password_file, strerror(errno));
	}
	sodium_memzero(password, sizeof password);
	return read;
}

static enum mail_result delivery_run(CURL *curl, struct delivery *delivery, char reason[MAIL_REASON_SIZE])
{
	char why[CURL_ERROR_SIZE] = "";
	long code = 0;
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	CURLcode result = curl_easy_perform(curl);
	if (result == CURLE_OK)
		return MAIL_SENT;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	snprintf(reason, MAIL_REASON_SIZE, "%s (last answer %ld)", *why != '\0' ? why : curl_easy_strerror(result), code);
	/* 354 invited the message: without another answer since, nobody knows. */
	return delivery->was_handed && code < 400 ? MAIL_UNANSWERED : MAIL_FAILED;
}

static enum mail_result deliver_smtp(const struct config *config, const char *from, const char *to, struct delivery *delivery,
	char reason[MAIL_REASON_SIZE])
{
	static bool ready;
	char url[1024], sender[300], recipient[300];
	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		ready = true;
	CURL *curl = ready ? curl_easy_init() : NULL;
	snprintf(reason, MAIL_REASON_SIZE, "libcurl could not begin");
	if (curl == NULL)
		return MAIL_FAILED;
	snprintf(sender, sizeof sender, "<%s>", from);
	snprintf(recipient, sizeof recipient, "<%s>", to);
	struct curl_slist *recipients = curl_slist_append(NULL, recipient);
	enum mail_result result = MAIL_FAILED;
	handle_server(curl, config, from, url, sizeof url);
	if (recipients != NULL && handle_login(curl, config, reason)) {
		curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, delivery_read);
		curl_easy_setopt(curl, CURLOPT_READDATA, delivery);
		result = delivery_run(curl, delivery, reason);
	}
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return result;
}

static bool write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, data, length);
		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0)
			data += written, length -= (size_t)written;
	}
	return true;
}

/* Under its name it is whole: it is written beside it first. */
static enum mail_result deliver_file(const struct config *config, const char *name, struct delivery *delivery,
	char reason[MAIL_REASON_SIZE])
{
	char path[4096], made[4200];
	snprintf(path, sizeof path, "%s/%s.eml", config->mail_dir, name);
	snprintf(made, sizeof made, "%s.new", path);
	int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good = fd >= 0 && write_all(fd, delivery->message->data, delivery->message->length);
	if (fd >= 0 && close(fd) != 0)
		good = false;
	good = good && delivery->handed(delivery->arg) && rename(made, path) == 0;
	if (good)
		return MAIL_SENT;
	snprintf(reason, MAIL_REASON_SIZE, "%.200s: %s", path, strerror(errno));
	unlink(made);
	return MAIL_FAILED;
}

enum mail_result mail_deliver(const struct config *config, const char *from, const char *to, const char *name, const struct buf *message,
	mail_handed_fn *handed, void *arg, char reason[MAIL_REASON_SIZE])
{
	struct delivery delivery = { .message = message, .handed = handed, .arg = arg };
	reason[0] = '\0';
	if (*config->mail_server == '\0')
		return deliver_file(config, name, &delivery, reason);
	return deliver_smtp(config, from, to, &delivery, reason);
}
