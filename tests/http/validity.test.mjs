// Every page that is reached by links is valid HTML (vnu), every document is of the grammar (xmllint), and no kind of
// document is left out.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Client, USERS, loggedIn } from '../lib/http.mjs';
import { crawl } from '../lib/crawl.mjs';
import { SOURCE, given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';
import { mailTo, mails, pathOf } from '../lib/mail.mjs';
import { parseHtml } from '../lib/markup.mjs';
import { readRoutes, suffix } from '../lib/routes.mjs';

const run = promisify(execFile);
const routes = readRoutes(), work = mkdtempSync('/tmp/tenantry-valid.');
const pages = new Map(), documents = new Map(), kinds = new Set(), statuses = new Set();

after(() => rmSync(work, { recursive: true, force: true }));

// Addresses that differ in their IDs alone are the same page; a few of each are enough.
const shape = (address) => address.replace(/\/[A-Z0-9]{10,26}(?=[/.?]|$)/g, '/ID').replace(/=[^&]*/g, '=');
const seen = new Map();

function often(address, most) {
	const key = shape(address);
	seen.set(key, (seen.get(key) ?? 0) + 1);
	return seen.get(key) > most;
}

function keep(address, answer) {
	const type = answer.headers['content-type'] ?? '', name = `${pages.size + documents.size}`;
	statuses.add(answer.status);
	if (/^text\/html/.test(type)) {
		pages.set(`${name}.html`, address);
		writeFileSync(path.join(work, `${name}.html`), answer.bytes);
		kinds.add(/data-kind="([^"]*)"/.exec(answer.body)[1]);
	} else if (/xml/.test(type)) {
		documents.set(`${name}.xml`, address);
		writeFileSync(path.join(work, `${name}.xml`), answer.bytes);
		kinds.add(answer.xml.attr('kind'));
	}
}

before(async () => {
	const model = await Model.read(given());
	for (const [user, most] of [['distributor', 4], ['distributorSales', 1], ['reseller', 1], ['customer', 2]]) {
		const client = await loggedIn(user);
		seen.clear();
		await crawl(client, async (address, answer) => {
			keep(`${user}: ${address}`, answer);
			const url = new URL(address, 'http://x'), route = routes.find(({ pattern }) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[A-Z0-9]+')}$`).test(url.pathname));
			if (route?.formats.includes('xml'))
				keep(`${user}: ${url.pathname}.xml`, await client.get(`${url.pathname}.xml${url.search}`));
		}, { take: (address) => !address.includes('.csv') && !often(address, most),
			from: ['/', ...(user === 'distributor' ? ['/customers?q=nothing+has+this', '/customers?columns=all&density=compact&folded=1&q=cloud&below=1', '/switch?q=e'] : [])] });
	}
	// Pages without links to them: errors, the login with its messages, a stale form, a switched session.
	const anonymous = new Client(), admin = await loggedIn('distributor'), bluepeak = model.ofUser(USERS.reseller), target = model.named('Glacier Foods');
	keep('login', await anonymous.get('/login?next=/customers'));
	keep('login, wrong', await new Client(undefined, { from: '127.0.0.31' }).tryLogin('<"&\'>@x.example', 'wrong'));
	keep('login, suspended', await new Client(undefined, { from: '127.0.0.31' }).tryLogin('user1@ostwind.example'));
	for (const address of ['/nothing', '//', '/logout', '/customers?limit=<x>'])
		keep(address, await anonymous.get(address));
	// Pages behind links that came by mail.
	const users = `/customers/${target.id}/users`, email = `valid-${Date.now()}@mail.example`;
	await admin.post(users, { token: (await admin.get(users)).token(users), email, first_name: 'A', last_name: 'B', job_function: 'legal', role: 'sales' });
	const forgot = await anonymous.get('/forgot'), had = mails(given().state, USERS.resellerSales).length;
	keep('forgot', forgot);
	keep('forgot, wrong', await anonymous.post('/forgot', { token: forgot.token('/forgot'), email: 'x' }));
	await anonymous.post('/forgot', { token: forgot.token('/forgot'), email: USERS.resellerSales });
	keep('forgot, sent', await anonymous.get('/forgot?sent=1'));
	keep('invite', await anonymous.get(pathOf(await mailTo(given().state, email))));
	keep('reset', await anonymous.get(pathOf(await mailTo(given().state, USERS.resellerSales, had + 1))));
	const tokens = `/customers/${target.id}/tokens`;
	keep('token made', await admin.post(tokens, { token: (await admin.get(tokens)).token(tokens), name: 'for validity', scope: 'read', expires: '' }));
	keep('token-revoke', await admin.get((await admin.get(tokens)).html.all('a').map((a) => a.attr('href')).find((href) => /\/revoke$/.test(href))));
	keep('customer-admin', await admin.get(`/customers/${target.id}/admin`));
	for (const { pattern, formats, relation } of routes.filter((route) => route.formats.includes('html') && !/\{(id|token)\}/.test(route.pattern)))
		for (const format of relation === 'none' ? [] : formats.filter((one) => one === 'html' || one === 'xml'))
			keep(`${pattern}.${format}`, await admin.get(pattern.replace('{tenant}', target.id) + suffix(format)));
	keep('no token', await admin.post('/switch', {}));
	const token = await admin.sessionToken();
	await admin.switchTo(bluepeak.id);
	keep('stale', await admin.post(`/customers/${target.id}/suspend`, { token }));
	const draft = model.named('Aster & Sons').contracts.find(({ status }) => status === 'draft');
	keep('contract-activate', await admin.get(`/contracts/${draft.id}/activate`));
	for (const address of ['/customers', '/customers.xml', '/account', `/customers/${bluepeak.id}/onboarding`, `/customers/${bluepeak.id}/activity`])
		keep(`switched: ${address}`, await admin.get(address));
	await admin.switchTo('');
});

test('the crawl has reached every kind of page, and none without a grammar', () => {
	const wanted = routes.filter(({ formats }) => formats.includes('html')).map(({ name }) => name).filter((name) => name !== 'home');
	assert.deepEqual(wanted.filter((name) => !kinds.has(name)), []);
	const grammars = readdirSync(path.join(SOURCE, 'xslt/vocab')).filter((name) => name.endsWith('.rng')).map((name) => name.slice(0, -4));
	assert.deepEqual([...kinds].filter((name) => !grammars.includes(name)), []);
	for (const status of [200, 400, 403, 404, 405, 409, 422])
		assert.ok(statuses.has(status), `a page of ${status}`);
});

test('every document is of the grammar', async () => {
	assert.ok(documents.size > 60, `${documents.size} documents`);
	const { stderr } = await run('xmllint', ['--noout', '--nonet', '--relaxng', path.join(SOURCE, 'xslt/vocab/tenantry.rng'), ...[...documents.keys()].map((name) => path.join(work, name))],
		{ maxBuffer: 1 << 26 }).catch((error) => error);
	const wrong = stderr.split('\n').filter((line) => line && !/validates$/.test(line)).map((line) => line.replace(/\S*\/(\d+\.xml)/, (_, name) => documents.get(name)));
	assert.deepEqual(wrong.slice(0, 20), []);
});

test('every page is valid HTML', { timeout: 240000 }, async () => {
	assert.ok(pages.size > 80, `${pages.size} pages`);
	const jar = fileURLToPath(new URL('../node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));
	const { stderr } = await run('java', ['-Xss2m', '-jar', jar, '--format', 'json', '--errors-only', ...[...pages.keys()].map((name) => path.join(work, name))],
		{ maxBuffer: 1 << 26 }).catch((error) => error);
	const { messages } = JSON.parse(stderr);
	const found = new Map();
	for (const { url, message, extract } of messages)
		found.set(message, found.get(message) ?? `${pages.get(path.basename(url))}: ${message} ${extract ?? ''}`);
	assert.deepEqual([...found.values()].slice(0, 20), []);
});

test('no page has code or style in itself, nor data in an address of another scheme', () => {
	for (const [name, address] of pages) {
		const html = parseHtml(readFileSync(path.join(work, name), 'utf8'));
		for (const node of html.walk()) {
			assert.ok(!('style' in node.attrs) && node.name !== 'style', `${address}: <${node.name}> has style`);
			assert.deepEqual(Object.keys(node.attrs).filter((attribute) => attribute.startsWith('on')), [], address);
			for (const attribute of ['href', 'src', 'action', 'formaction'])
				if (attribute in node.attrs)
					assert.match(node.attrs[attribute], /^(\/(?![/\\])|#)/, `${address}: ${attribute}`);
		}
		assert.deepEqual(html.all('script').filter((node) => !node.attr('src') || node.text !== ''), [], address);
	}
});
