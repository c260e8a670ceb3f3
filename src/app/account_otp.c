/* One-time passwords of the home user, /account/otp…: set up, switched on after a right code, switched off, recovery codes. What is secret
 * is shown by the answer of a POST alone, and recovery codes by one: a repeat says only that it was done. */
#include "app/account.h"
#include "app/answer.h"
#include "app/audit.h"
#include "app/handlers.h"
#include "app/login.h"
#include "auth/otp.h"
#include "base/theme.h"

#include <string.h>

#define QR_MAX 65536

static const struct field password_fields[] = {
	{ "password", "Present password", FIELD_PASSWORD, true, 0, NULL, NULL, "current-password" },
};
static const struct field code_fields[] = {
	{ "code", "Code", FIELD_LINE, true, OTP_CODE_MAX, NULL, "The six digits that your app shows now.", "one-time-code" },
};
static const struct form_spec prepare_form = FORM_SPEC("prepare", "Set up", password_fields);
static const struct form_spec on_form = FORM_SPEC("on", "Switch on", code_fields);
static const struct form_spec off_form = FORM_SPEC("off", "Switch off", password_fields);
static const struct form_spec codes_form = FORM_SPEC("codes", "Make new recovery codes", password_fields);

static void otp_form(struct context *c, const struct form_spec *spec, const char *action)
{
	form_element(c, spec, action, NULL);
	doc_close(c->doc);
}

/* `otp` with the secret to take up, as text in groups of four and as QR code; the form for the code that proves it. */
static enum error otp_offer(struct context *c, const char *secret)
{
	BUF_AUTO path, text;
	unsigned size;
	buf_init(&path, QR_MAX);
	buf_init(&text, 256);
	if (!otp_qr(theme_product(context_theme(c)), secret, c->identity->email, &path, &size))
		return ERR_INTERNAL;
	for (size_t i = 0; secret[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			buf_putc(&text, ' ');
		buf_putc(&text, secret[i]);
	}
	doc_open(c->doc, "otp");
	doc_attr(c->doc, "secret", text.data);
	doc_attr(c->doc, "qr", path.data);
	doc_attr_int(c->doc, "size", size);
	doc_close(c->doc);
	otp_form(c, &on_form, "/account/otp/on");
	return ERR_NONE;
}

static void otp_done(struct context *c)
{
	static const struct {
		const char *done, *text;
	} notices[] = {
		{ "on", "One-time passwords are on. Your recovery codes were shown once." },
		{ "off", "One-time passwords are off." },
		{ "codes", "New recovery codes were made, and shown once. Those from before no longer work." },
	};
	const char *done = c->made_before ? "codes" : c->writes ? NULL : http_query(c->http, "done");
	for (size_t i = 0; done != NULL && i < sizeof notices / sizeof *notices; i++)
		if (strcmp(notices[i].done, done) == 0)
			context_notice(c, notices[i].text);
}

/* The page with the recovery codes that a POST has made. */
static void otp_codes_page(struct context *c)
{
	c->title = context_say(c, "Recovery codes");
	doc_open(c->doc, "otp");
	doc_attr(c->doc, "on", "yes");
	for (const char *code = c->made; *code != '\0'; code += strspn(code, " ")) {
		size_t length = strcspn(code, " ");
		doc_open(c->doc, "code");
		doc_text(c->doc, arena_strndup(c->arena, code, length));
		doc_close(c->doc);
		code += length;
	}
	doc_close(c->doc);
}

enum error account_otp_get(struct context *c)
{
	struct otp otp;
	if (c->made != NULL) {
		otp_codes_page(c);
		return ERR_NONE;
	}
	enum error error = otp_read(c->db, c->arena, c->identity->user, &otp);
	if (error != ERR_NONE)
		return error;
	c->title = context_say(c, "One-time passwords");
	otp_done(c);
	/* A wrong code of a set-up: until it is on the secret guards nothing, and may have been read wrongly. */
	if (!otp.on && c->form != NULL && c->form->spec == &on_form && otp.secret != NULL)
		return otp_offer(c, otp.secret);
	doc_open(c->doc, "otp");
	doc_attr(c->doc, "on", otp.on ? "yes" : NULL);
	if (otp.on)
		doc_attr_int(c->doc, "recovery", otp.recovery);
	doc_close(c->doc);
	if (otp.on) {
		otp_form(c, &codes_form, "/account/otp/codes");
		otp_form(c, &off_form, "/account/otp/off");
	} else {
		otp_form(c, &prepare_form, "/account/otp");
	}
	return ERR_NONE;
}

/* Who finds a browser unattended must not be able to lock its user out: so it takes the password. */
enum error account_otp_post(struct context *c)
{
	struct otp otp;
	enum error error = form_read(c, &prepare_form);
	if (error == ERR_NONE)
		error = login_confirm(c, "password");
	if (error == ERR_NONE)
		error = otp_prepare(c->db, c->identity->user);
	if (error == ERR_NONE)
		error = otp_read(c->db, c->arena, c->identity->user, &otp);
	if (error != ERR_NONE)
		return error;
	if (otp.on) {
		c->redirect = "/account/otp?done=on";
		return ERR_NONE;
	}
	answer_frame(c, "account-otp");
	c->title = context_say(c, "One-time passwords");
	return otp_offer(c, otp.secret);
}

/* New recovery codes: what this POST has made. */
static enum error otp_codes_make(struct context *c)
{
	char codes[OTP_RECOVERY_COUNT][OTP_RECOVERY_SIZE];
	BUF_AUTO text;
	enum error error = otp_recovery_make(c->db, c->identity->user, codes);
	buf_init(&text, sizeof codes + OTP_RECOVERY_COUNT);
	for (size_t i = 0; i < OTP_RECOVERY_COUNT && error == ERR_NONE; i++) {
		if (i > 0)
			buf_putc(&text, ' ');
		buf_puts(&text, codes[i]);
	}
	if (error == ERR_NONE)
		c->made = arena_strdup(c->arena, text.data);
	return error;
}

static enum error otp_audit(struct context *c, const char *action)
{
	return audit_write(c, scope_tenant(c->identity->home), action, NULL);
}

enum error account_otp_on_post(struct context *c)
{
	struct otp otp;
	bool right = false;
	enum error error = login_may_try(c, c->identity->email);
	if (error == ERR_NONE)
		error = otp_read(c->db, c->arena, c->identity->user, &otp);
	if (error != ERR_NONE)
		return error;
	if (otp.on || otp.secret == NULL) {
		c->redirect = otp.on ? "/account/otp?done=on" : "/account/otp";
		return ERR_NONE;
	}
	error = form_read(c, &on_form);
	if (error == ERR_NONE)
		error = otp_check(c->db, c->identity->user, form_value(c, "code"), &right);
	if (error == ERR_NONE && !right) {
		c->failed = c->identity->email;
		return form_wrong(c, "code", "This code is not right. It needs a phone whose clock is right.");
	}
	if (error == ERR_NONE)
		error = otp_switch_on(c->db, c->identity->user);
	if (error == ERR_NONE)
		error = otp_audit(c, "user.otp-on");
	return error == ERR_NONE ? otp_codes_make(c) : error;
}

enum error account_otp_codes_post(struct context *c)
{
	struct otp otp;
	enum error error = form_read(c, &codes_form);
	if (error == ERR_NONE)
		error = login_confirm(c, "password");
	if (error == ERR_NONE)
		error = otp_read(c->db, c->arena, c->identity->user, &otp);
	if (error != ERR_NONE)
		return error;
	if (!otp.on) {
		c->redirect = "/account/otp";
		return ERR_NONE;
	}
	error = otp_audit(c, "user.otp-codes");
	return error == ERR_NONE ? otp_codes_make(c) : error;
}

enum error account_otp_off_post(struct context *c)
{
	struct otp otp;
	enum error error = form_read(c, &off_form);
	if (error == ERR_NONE)
		error = login_confirm(c, "password");
	if (error == ERR_NONE)
		error = otp_read(c->db, c->arena, c->identity->user, &otp);
	if (error == ERR_NONE)
		error = otp_switch_off(c->db, c->identity->user);
	c->redirect = "/account/otp?done=off";
	return error == ERR_NONE && otp.on ? otp_audit(c, "user.otp-off") : error;
}
