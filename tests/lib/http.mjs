// A browser without a screen: requests over node:http with a cookie jar, forms with their tokens. Nothing is
// followed by itself, so that tests see each answer.
import http from 'node:http';
import net from 'node:net';
import { strict as assert } from 'node:assert';
import { parseHtml, parseXml } from './markup.mjs';

export const PASSWORD = 'demo-demo-demo';
// Form tokens in a page: other ones in each answer.
export const FORM_TOKENS = /[\w-]{22}\.[A-Z0-9-]{1,26}\.[\w-]{43}/g;
export const USERS = {
	distributor: 'distributor-admin@demo.example',
	distributorSales: 'distributor-sales@demo.example',
	reseller: 'reseller-admin@demo.example',
	resellerSales: 'reseller-sales@demo.example',
	customer: 'customer-admin@demo.example',
	other: 'other-admin@demo.example',
};

// The base path of an address, "" for none. Tests write paths without it, and see none: a client puts it before what it asks for, and an
// answer without it before each link fails.
export const rootOf = (base) => new URL(base).pathname.replace(/\/$/, '');
export const below = (root, path) => (path?.startsWith(`${root}/`) ? path.slice(root.length) : path);

function bodyBelow(root, text, url) {
	const outside = text.replaceAll(`="${root}/`, '').match(/(?:href|action|src)="\/[^"]*"/);
	assert.equal(outside, null, `a link of ${url} is below the base path`);
	return text.replaceAll(`="${root}/`, '="/');
}

export class Answer {
	constructor(message, bytes, url, root = '') {
		this.url = url;
		this.root = root;
		this.status = message.statusCode;
		this.headers = message.headers;
		this.rawHeaders = message.rawHeaders;
		this.complete = message.complete;
		this.bytes = bytes;
	}

	get body() {
		const text = this.bytes.toString('utf8');
		return this.root && /^text\/html|xml/.test(this.headers['content-type'] ?? '') ? bodyBelow(this.root, text, this.url) : text;
	}

	get html() {
		assert.match(this.headers['content-type'] ?? '', /^text\/html; charset=utf-8$/i, `${this.url} is HTML`);
		return (this.parsedHtml ??= parseHtml(this.body));
	}

	get xml() {
		assert.match(this.headers['content-type'] ?? '', /^application\/xml/, `${this.url} is XML`);
		return (this.parsedXml ??= parseXml(this.body));
	}

	get json() {
		assert.match(this.headers['content-type'] ?? '', /^application\/(problem\+)?json$/, `${this.url} is JSON`);
		return (this.parsedJson ??= JSON.parse(this.body));
	}

	get location() {
		return below(this.root, this.headers.location) ?? null;
	}

	// The value of a form field of the page, by its form's action or its place.
	token(action) {
		const forms = this.html.all('form').filter((form) => !action || form.attr('action') === action);
		const field = forms.map((form) => form.one('input[name=token]')).find(Boolean);
		assert.ok(field, `a form token for ${action ?? 'any form'} in ${this.url}`);
		return field.attr('value');
	}
}

// The fields of the form whose action is ACTION, as a browser would send them unchanged; boxes that are ticked as a list.
export function formOf(answer, action) {
	const found = answer.html.all('form').find((one) => one.attr('action') === action);
	assert.ok(found, `a form ${action} in ${answer.url}: ${answer.status}`);
	const fields = {};
	for (const input of found.all('input')) {
		if (input.attr('type') !== 'checkbox')
			fields[input.attr('name')] = input.attr('value') ?? '';
		else if (input.attr('checked') !== undefined && input.attr('checked') !== null)
			(fields[input.attr('name')] ??= []).push(input.attr('value'));
	}
	for (const area of found.all('textarea'))
		fields[area.attr('name')] = area.raw;
	for (const select of found.all('select')) {
		const chosen = select.all('option').find((option) => option.attr('selected') !== undefined && option.attr('selected') !== null);
		fields[select.attr('name')] = chosen?.attr('value') ?? '';
	}
	return fields;
}

// As a body; a list is a field sent several times.
export function encode(fields) {
	const body = new URLSearchParams();
	for (const [name, value] of Object.entries(fields))
		for (const one of [value].flat())
			body.append(name, one);
	return body.toString();
}

export class Client {
	constructor(base = process.env.TENANTRY_URL, { from } = {}) {
		this.base = new URL(base);
		this.root = rootOf(base);
		this.from = from;
		this.jar = new Map();
	}

	// A raw request; the path goes out as it is written, below the base path.
	request(method, path, { headers = {}, body = null, cookies = true, timeout = 60000, onResponse } = {}) {
		const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
		const options = {
			host: this.base.hostname, port: this.base.port, method, path: this.root + path, agent: false, timeout,
			localAddress: this.from, maxHeaderSize: 65536,
			headers: { ...(cookies && cookie ? { Cookie: cookie } : {}), ...headers },
		};
		if (body !== null)
			options.headers['Content-Length'] ??= Buffer.byteLength(body);
		return new Promise((resolve, reject) => {
			const request = http.request(options, (message) => {
				this.keep(message.headers['set-cookie'] ?? []);
				if (onResponse)
					return onResponse(message, resolve, reject);
				const parts = [];
				message.on('data', (part) => parts.push(part));
				message.on('error', () => {});
				message.on('close', () => resolve(new Answer(message, Buffer.concat(parts), path, this.root)));
			});
			request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path} in ${timeout} ms`)));
			request.on('error', reject);
			request.end(body);
		});
	}

	keep(lines) {
		for (const line of lines) {
			const [pair, ...attributes] = line.split(/;\s*/);
			const name = pair.slice(0, pair.indexOf('=')), value = pair.slice(name.length + 1);
			if (attributes.some((attribute) => /^max-age=0$/i.test(attribute)))
				this.jar.delete(name);
			else
				this.jar.set(name, value);
		}
	}

	get(path, options) {
		return this.request('GET', path, options);
	}

	post(path, fields, { headers = {}, ...options } = {}) {
		const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
		return this.request('POST', path, {
			body, headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers }, ...options,
		});
	}

	// A file. A user may have two downloads at once; one that was just answered may still count.
	async download(path) {
		for (let tries = 0; ; tries++) {
			const answer = await this.get(path);
			if (answer.status !== 429 || tries === 50)
				return answer;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	async follow(answer) {
		for (let i = 0; answer.status === 303 && i < 5; i++)
			answer = await this.get(answer.location);
		return answer;
	}

	// The login form, sent; the answer of the POST.
	async tryLogin(email, password = PASSWORD, more = {}) {
		const page = await this.get('/login');
		assert.equal(page.status, 200, 'the login page');
		return this.post('/login', { email, password, token: page.token('/login'), ...more });
	}

	async login(email, password) {
		const answer = await this.tryLogin(email, password);
		assert.equal(answer.status, 303, `${email} logs in`);
		return this;
	}

	// A token that the session's forms have now.
	async sessionToken() {
		return (await this.get('/account')).token('/logout');
	}

	async switchTo(id) {
		const answer = await this.post('/switch', { token: await this.sessionToken(), tenant: id });
		assert.equal(answer.status, 303, `switch to ${id || 'home'}`);
		return this;
	}

	copy() {
		const other = new Client(this.base, { from: this.from });
		other.jar = new Map(this.jar);
		return other;
	}
}

export async function loggedIn(user, base, options) {
	return new Client(base, options).login(USERS[user] ?? user);
}

// Bytes to the server as they are, and all that comes back until it closes.
export function sendRaw(bytes, base = process.env.TENANTRY_URL) {
	const url = new URL(base);
	return new Promise((resolve, reject) => {
		const parts = [];
		const socket = net.connect(Number(url.port), url.hostname, () => socket.write(bytes));
		socket.setTimeout(30000, () => socket.destroy(new Error('no answer')));
		socket.on('data', (part) => parts.push(part));
		socket.on('error', reject);
		socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
	});
}

// Runs jobs with a few at a time.
export async function each(items, job, width = 4) {
	const queue = [...items].entries();
	await Promise.all(Array.from({ length: width }, async () => {
		for (const [index, item] of queue)
			await job(item, index);
	}));
}
