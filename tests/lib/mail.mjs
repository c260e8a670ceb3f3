// Mail as it was sent: .eml files of an instance, decoded by the rules of RFC 5322, 2045 and 2047.
import { readdirSync, readFileSync } from 'node:fs';
import { strict as assert } from 'node:assert';
import path from 'node:path';
import { below } from './http.mjs';
import { until } from './instance.mjs';

function quotedPrintable(text) {
	const bytes = [];
	for (const line of text.replace(/=\r\n/g, '').match(/=[0-9A-F]{2}|[^]/g) ?? [])
		bytes.push(line.length === 3 ? parseInt(line.slice(1), 16) : line.charCodeAt(0));
	return Buffer.from(bytes).toString('utf8').replace(/\r\n/g, '\n');
}

function words(value) {
	return value.replace(/(=\?UTF-8\?B\?[^?]*\?=)\s+(?==\?UTF-8)/g, '$1')
		.replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, data) => Buffer.from(data, 'base64').toString('utf8'));
}

// Headers by name in lower case, and the two parts. Fails on what the RFCs forbid.
export function parseMail(raw) {
	const source = raw.toString('latin1');
	assert.ok(!/[^\r]\n|\r[^\n]/.test(source), 'lines end with CRLF');
	for (const line of source.split('\r\n')) {
		assert.ok(line.length <= 78, `a line of ${line.length}`);
		assert.ok(!/[^\t\x20-\x7e]/.test(line), `a line with other bytes: ${line}`);
	}
	const at = source.indexOf('\r\n\r\n'), headers = {};
	for (const line of source.slice(0, at).replace(/\r\n(?=[ \t])/g, '').split('\r\n')) {
		const name = line.slice(0, line.indexOf(':')).toLowerCase();
		assert.ok(!(name in headers), `${name} once`);
		headers[name] = words(line.slice(name.length + 1).trim());
	}
	const boundary = headers['content-type'].match(/^multipart\/alternative;\s*boundary="([^"]+)"$/)[1];
	const parts = source.slice(at + 4).split(`--${boundary}`);
	assert.equal(parts.at(-1).trim(), '--');
	const [text, html] = parts.slice(1, -1).map((part) => {
		assert.match(part, /Content-Transfer-Encoding: quoted-printable\r\n/);
		return quotedPrintable(part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''));
	});
	return { headers, text, html, link: text.match(/^https?:\S+$/m)?.[0] };
}

// The number in the name of its file: the order in which they were sent.
export const mailName = (name) => Number(name.split('-')[3]);

export const parseMailFile = (folder, name) => ({ name, ...parseMail(readFileSync(path.join(folder, name))) });

export function mails(state, to) {
	const folder = path.join(state, 'mail');
	return readdirSync(folder).filter((name) => name.endsWith('.eml')).sort((a, b) => mailName(a) - mailName(b)).map((name) => parseMailFile(folder, name))
		.filter((mail) => !to || mail.headers.to.endsWith(`<${to}>`));
}

// The COUNTth mail to an address.
export function mailTo(state, to, count = 1) {
	return until(`mail ${count} to ${to}`, () => mails(state, to)[count - 1]);
}

export const pathOf = (mail) => below(process.env.TENANTRY_BASE ?? '', new URL(mail.link).pathname);
