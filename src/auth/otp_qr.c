/* The QR code of otp.h: libqrencode gives the modules, here they become the path of an SVG. No image file, no request, no script. */
#include <qrencode.h>

#include "auth/otp.h"
#include "base/log.h"

#define QUIET 4 /* modules around it (ISO/IEC 18004) */
#define DARK 1

/* A line of modules as one rectangle: far fewer than one each. */
static void qr_row(const QRcode *code, int y, struct buf *path)
{
	for (int x = 0; x < code->width;) {
		int length = 0;
		while (x + length < code->width && (code->data[y * code->width + x + length] & DARK) != 0)
			length++;
		if (length > 0)
			buf_printf(path, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, length, length);
		x += length + 1;
	}
}

bool otp_qr(const char *product, const char *secret, const char *email, struct buf *path, unsigned *size)
{
	BUF_AUTO address;
	buf_init(&address, 4096);
	buf_puts(&address, "otpauth://totp/");
	buf_put_url(&address, product);
	buf_puts(&address, ":");
	buf_put_url(&address, email);
	buf_printf(&address, "?secret=%s&issuer=", secret);
	buf_put_url(&address, product);
	QRcode *code = address.overflow ? NULL : QRcode_encodeString8bit(address.data, 0, QR_ECLEVEL_M);
	if (code == NULL) {
		log_error("one-time password: no QR code could be made");
		return false;
	}
	for (int y = 0; y < code->width; y++)
		qr_row(code, y, path);
	*size = (unsigned)code->width + 2 * QUIET;
	QRcode_free(code);
	return !path->overflow;
}
