// Bad input and the order of checks: which answer wins when several would do, and that each names its reason.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, USERS, each, loggedIn, sendRaw } from '../lib/http.mjs';
import { given, until } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';
import { ownWays } from '../lib/servers.mjs';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const LONG = `/customers?q=${'x'.repeat(8300)}`, MANY = Array.from({ length: 201 }, (_, i) => `a${i}=1`).join('&');
let model, anonymous, admin, sales, home, child;

before(async () => {
	model = await Model.read(given());
	anonymous = new Client();
	[admin, sales] = await Promise.all(['distributor', 'distributorSales'].map((user) => loggedIn(user)));
	home = model.ofUser(USERS.distributor);
	child = model.named('Glacier Foods');
});

// The error's identifier, from its page or its problem+json.
async function code(client, method, path, options) {
	const answer = await client.request(method, path, options);
	const page = /^text\/html/.test(answer.headers['content-type'] ?? '') && answer.status >= 400;
	return { status: answer.status, title: page ? answer.html.one('h1').text : null, answer };
}

async function status(client, method, path, options) {
	return (await client.request(method, path, options)).status;
}

test('a path that is not canonical is 400, whatever else is wrong', async () => {
	const paths = ['//', '//customers', '/customers//', '/customers/', '/customers//users', '/./customers', '/customers/.', '/customers/..',
		'/customers/../login', '/%2e/customers', '/customers/%2E%2e/login', '/customers%2fABC', '/customers%2FABC/users', '/customers%00', '/customers/%00.xml',
		'/%ff', '/customers/%c3', '/customers/%ed%a0%80', '/customers/%f5%80%80%80', '/customers/%c0%af'];
	await each(paths, async (path) => {
		for (const [client, method] of [[anonymous, 'GET'], [admin, 'GET'], [admin, 'POST'], [admin, 'PUT']]) {
			const answer = await client.request(method, path);
			assert.equal(answer.status, path.includes('%00') ? ownWays().nulStatus : 400, `${method} ${path}`);
			// A NUL is answered by some servers themselves.
			if (answer.headers['x-request-id'])
				assert.equal(answer.html.one('h1').text, 'This address is not valid', `${method} ${path}`);
		}
	});
});

test('no such route or suffix is 404 before the method is looked at', async () => {
	const paths = ['/nothing', '/customers.exe', '/customers.HTML', '/customers.csv.xml', '/customers.', '/.xml', '/login.xml', '/login.json', '/account.csv',
		'/switch.csv', '/logout.html.html', '/CUSTOMERS', '/customers/lower', `/customers/${'A'.repeat(27)}`, `/customers/${child.id}/nothing`, `/customers/${child.id}.csv`,
		`/customers/${child.id}/onboarding.csv`, `/customers/${child.id}/`.slice(0, -1) + '.x', '/contracts/a', '/customers/%2541', '/healthz/x', '/api/v1/nothing',
		'/%E2%80%AE', '/customers.xml%20', '/customers%20', '/customers;x=1', '/customers:', "/customers'", '/customers/<script>', '/index.html', '/assets.xml',
		'/robots.txt', '/customers\\users'];
	await each(paths, async (path) => {
		for (const [client, method] of [[admin, 'GET'], [admin, 'POST'], [admin, 'DELETE'], [anonymous, 'GET']])
			assert.equal(await status(client, method, path), 404, `${method} ${path}`);
	});
});

test('monitoring addresses are not answered on public locations', async () => {
	// ./dev's own nginx passes them on for 127.0.0.1; with a suffix or below them is nothing.
	for (const path of ['/healthz.json', '/metrics.xml', '/readyz/'])
		assert.ok([400, 404].includes(await status(anonymous, 'GET', path)), path);
});

test('a method that a route does not take is 405 with Allow, before what is too long or too much', async () => {
	const cases = [['/customers', 'GET, HEAD'], ['/customers.csv', 'GET, HEAD'], ['/', 'GET, HEAD'], ['/login', 'GET, HEAD, POST'], ['/logout', 'POST'], ['/account/view', 'POST'],
		[`/customers/${child.id}`, null], [`/customers/${child.id}/suspend`, 'GET, HEAD, POST'], [`/customers/${child.id}/reactivate`, 'POST'], ['/switch', 'GET, HEAD, POST'],
		[`/customers/0123456789/health`, 'GET, HEAD'], ['/contracts', 'GET, HEAD']];
	await each(cases, async ([path, allow]) => {
		for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
			const answer = await anonymous.request(method, path);
			assert.equal(answer.status, 405, `${method} ${path}`);
			if (allow)
				assert.equal(answer.headers.allow, allow, `${method} ${path}`);
		}
	});
	assert.equal(await status(anonymous, 'GET', '/logout'), 405);
	assert.equal(await status(admin, 'POST', '/customers', { headers: FORM, body: 'a=1' }), 405);
	assert.equal(await status(admin, 'POST', '/switch.xml', { headers: FORM, body: 'a=1' }), 405, 'forms have no other format');
	assert.equal(await status(admin, 'PUT', LONG), 405);
	assert.equal(await status(admin, 'PUT', `/customers?${MANY}`), 405);
	assert.equal(await status(admin, 'POST', '/customers', { headers: FORM, body: 'x'.repeat(70000) }), 405);
});

test('an address of up to 8 KiB is taken, a longer one is 414', async () => {
	const sized = (bytes) => `/customers?unknown=${'x'.repeat(bytes - `${admin.root}/customers?unknown=`.length)}`;
	assert.equal(await status(admin, 'GET', sized(8192)), 200);
	assert.equal(await status(admin, 'GET', sized(8193)), 414);
	assert.equal(await status(anonymous, 'GET', sized(8193)), 414, 'before the login');
	assert.equal(await status(admin, 'GET', `/customers?${Array.from({ length: 3000 }, (_, i) => `a${i}`).join('&')}`), 414, 'before the number of parameters');
	const got = await code(admin, 'GET', sized(Math.min(20000, ownWays().addressMax)));
	assert.equal(got.title, 'This address is too long');
});

test('200 parameters are taken, more are 400, those of address and form together', async () => {
	const parameters = (count) => Array.from({ length: count }, (_, i) => `a${i}=1`).join('&');
	assert.equal(await status(admin, 'GET', `/customers?${parameters(200)}`), 200);
	assert.equal((await code(admin, 'GET', `/customers?${parameters(201)}`)).title, 'Too many parameters');
	assert.equal(await status(anonymous, 'GET', `/customers?${parameters(201)}`), 400, 'before the login');
	assert.equal((await code(anonymous, 'POST', `/login?${parameters(100)}`, { headers: FORM, body: parameters(100) })).title, 'This form is no longer valid');
	assert.equal((await code(anonymous, 'POST', `/login?${parameters(100)}`, { headers: FORM, body: parameters(101) })).title, 'Too many parameters');
	assert.equal((await code(anonymous, 'POST', `/login?${MANY}`, { headers: FORM, body: 'x'.repeat(70000) })).title, 'Too many parameters', 'before the body');
});

test('a body of up to 64 KiB is taken, a larger one is 413, before its type is looked at', async () => {
	const body = (bytes) => `a=${'x'.repeat(bytes - 2)}`;
	assert.equal(await status(anonymous, 'POST', '/login', { headers: FORM, body: body(65536) }), 403);
	assert.equal(await status(anonymous, 'POST', '/login', { headers: FORM, body: body(65537) }), 413);
	assert.equal(await status(anonymous, 'POST', '/login', { headers: FORM, body: body(500000) }), 413);
	assert.equal((await code(anonymous, 'POST', '/login', { headers: { 'Content-Type': 'text/plain' }, body: body(65537) })).title, 'The form is too large');
	const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
	const chunked = await sendRaw(`POST ${admin.root}/login HTTP/1.1\r\nHost: ${admin.base.host}\r\nConnection: close\r\nContent-Type: ${FORM['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n` +
		`${chunk(body(40000))}${chunk(body(30000))}0\r\n\r\n`);
	assert.match(chunked, /^HTTP\/1\.1 413 /);
});

test('another content type is 415, before the login is asked for', async () => {
	for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json', 'application/xml', 'application/x-www-form-urlencoded; charset=iso-8859-1', 'x'])
		for (const path of ['/login', '/switch', '/account/view', `/customers/${child.id}/suspend`])
			assert.equal(await status(anonymous, 'POST', path, { headers: { 'Content-Type': type }, body: 'token=x' }), 415, `${type} to ${path}`);
	assert.equal(await status(anonymous, 'POST', '/login', { headers: { 'Content-Type': 'Application/X-WWW-Form-Urlencoded; charset="UTF-8"' }, body: 'token=x' }), 403);
});

test('who is not logged in is sent to the login and back, data answers 401', async () => {
	const page = await anonymous.get('/customers?q=a%26b&source=failed');
	assert.equal(page.status, 303);
	const next = new URL(page.location, anonymous.base).searchParams.get('next');
	assert.equal(next, '/customers?q=a%26b&source=failed');
	// One that would be too long in the login's address, or in a line of a header, is left behind.
	for (const [unit, bytes] of [['x', 8192], ['x', 8100], ['%41', 8000]]) {
		const long = await anonymous.get(`/customers?q=${unit.repeat((bytes - 50) / unit.length)}`);
		assert.equal(long.status, 303, `${bytes} of ${unit}`);
		assert.equal(await status(anonymous, 'GET', long.location), 200, `${bytes} of ${unit}`);
	}
	for (const suffix of ['.csv', '.xml', '.json']) {
		const answer = await anonymous.get(`/customers${suffix}`);
		assert.equal(answer.status, 401);
		assert.ok(answer.headers['www-authenticate']);
		assert.equal(answer.json.status, 401);
		assert.match(answer.headers['content-type'], /problem\+json/);
		assert.equal(await status(anonymous, 'GET', `/customers${suffix}`, { headers: { Accept: 'text/html,application/xhtml+xml' } }), 303);
	}
	assert.equal(await status(anonymous, 'POST', '/switch', { headers: FORM, body: 'tenant=X' }), 303, 'before the form token');
	assert.equal(await status(anonymous, 'GET', '/customers/0123456789'), 303, 'before the ID');
	assert.equal(await status(anonymous, 'GET', '/customers?limit=x'), 303, 'before the parameters');
});

test('the form token comes before stale context, that before the role, that before the ID, that before the relation', async () => {
	const unknown = '/customers/0123456789/suspend', own = `/customers/${home.id}/suspend`;
	const fresh = async (client) => (await client.get('/account')).token('/logout');
	const post = (client, path, token) => code(client, 'POST', path, { headers: FORM, body: new URLSearchParams(token ? { token } : { a: '1' }).toString() });

	assert.equal((await post(sales, unknown)).title, 'This form is no longer valid', 'token before role');
	assert.equal((await post(admin, unknown, await fresh(sales))).title, 'This form is no longer valid', "another session's token");
	const stale = await fresh(sales), salesToken = await fresh(sales);
	assert.equal((await post(sales, unknown, salesToken)).title, 'You may not do this', 'role before ID');
	await sales.switchTo(model.named('Cumulus Partners').id);
	const got = await post(sales, unknown, stale);
	assert.equal(got.status, 409, 'stale context before role');
	await sales.switchTo('');

	const token = await fresh(admin);
	assert.equal((await post(admin, unknown, token)).status, 404);
	assert.equal((await post(admin, own, token)).title, 'This cannot be done for that tenant');
	assert.equal((await code(admin, 'GET', '/customers/0123456789/activity?page=x')).status, 404, 'ID before list parameter');
	assert.equal((await code(admin, 'GET', `/customers/${child.id}/activity?page=x`)).status, 400);
	assert.equal((await code(sales, 'GET', unknown)).status, 403, 'role before ID on pages too');
});

test('a list parameter that is not allowed is 400 and named with what it takes', async () => {
	const bad = [['source', 'green', 'success'], ['source', '', 'success'], ['source', 'SUCCESS', 'success'], ['source', 'failed%00', null], ['status', 'done', 'onboarding'],
		['tier', 'partner', 'reseller'], ['tier', '3', 'reseller'], ['suspended', 'maybe', 'yes'], ['below', '2', '1'], ['below', 'yes', '1'], ['folded', '0', '1'],
		['limit', '0', '25'], ['limit', '51', '25'], ['limit', '-50', '25'], ['limit', '1e2', '25'], ['limit', '+50', '25'], ['limit', '50x', '25'],
		['limit', '99999999999999999999', '25'], ['columns', 'customer,password', 'columns'], ['columns', 'ALL', 'columns'], ['density', 'tiny', 'compact'], ['after', 'abc', 'cursor'],
		['after', '0123456789', 'cursor'], ['before', "' OR 1=1 --", 'cursor'], ['before', 'A'.repeat(27), 'cursor'], ['after', '', 'cursor'], ['fold', 'x', 'reseller'],
		['fold', child.id, 'reseller'], ['fold', home.id, 'reseller'], ['q', '%ff', 'UTF-8'], ['q', '%c3%28', 'UTF-8'], ['q', '%01', 'control'], ['q', 'a%0ab', null],
		['q', '%e2%80%ae', 'control'], ['q', 'x'.repeat(201), '200'], ['source', '%ff', 'success']];
	await each(bad, async ([name, value, takes]) => {
		const encoded = /%/.test(value) ? value : encodeURIComponent(value);
		for (const suffix of ['', '.xml', '.json']) {
			const answer = await admin.get(`/customers${suffix}?${name}=${encoded}`);
			// A line end may stand in a text: it is a blank there. A NUL is no text.
			if (takes === null && answer.status !== 400)
				continue;
			assert.equal(answer.status, 400, `${suffix} ${name}=${value}`);
			const text = suffix ? answer.json.detail : answer.html.one('main').text;
			assert.ok(text.includes(name), `${suffix} ${name}=${value} names it: ${text}`);
			if (takes)
				assert.ok(text.includes(takes), `${suffix} ${name}=${value} says what it takes: ${text}`);
			if (suffix)
				assert.equal(answer.json.parameter, name);
		}
	});
	assert.equal(await status(admin, 'GET', `/customers?after=${child.id}&before=${child.id}`), 400);
	assert.equal(await status(admin, 'GET', '/customers.csv?source=green'), 400, 'a file is not begun');
	assert.equal(await status(admin, 'GET', '/customers?source=failed&source=green'), 400, 'each of several values counts');
});

test('what a form sends empty, and parameters that nobody knows, change nothing', async () => {
	const plain = (await admin.get('/customers.csv')).body;
	for (const query of ['q=&suspended=', 'unknown=1', '__proto__=1&q', '%ff=1', '%00x=1', 'q=%20%20', '&&&', '=', 'Limit=25', 'utm_source=x', 'token=x&session=1'])
		assert.equal((await admin.download(`/customers.csv?${query}`)).body, plain, query);
});

test('names and values are decoded once, and shown as they are', async () => {
	const { html } = await admin.get('/customers?q=%253Cb%253E%26amp%3B%2B+1');
	assert.equal(html.one('input[name=q]').attr('value'), '%3Cb%3E&amp;+ 1');
	const answer = await admin.get('/customers?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27');
	assert.equal(answer.html.all('script').length, 1, 'the script of the site alone');
	assert.ok(!answer.body.includes('<script>alert'));
});

test('malformed requests harm nobody', async () => {
	const raw = ['GET /customers HTTP/1.1\r\n\r\n', 'GET customers HTTP/1.0\r\n\r\n', 'GET / HTTP/1.0\r\nHost: x\r\nCookie: tenantry=\r\n\r\n', '\0\x01\x02\r\n\r\n',
		'GET /login HTTP/1.0\r\nHost: x\r\nCookie: tenantry=' + 'A'.repeat(9000) + '\r\n\r\n', 'GET /login HTTP/1.0\r\nHost: x\r\nCookie: =;;=; tenantry; tenantry==; x\r\n\r\n',
		'POST /login HTTP/1.0\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\na=%zz',
		'GET http://evil.example/login HTTP/1.0\r\nHost: evil.example\r\n\r\n', 'GET /login?%zz=%&%u0041=1&a=%e HTTP/1.0\r\nHost: x\r\n\r\n'];
	for (const bytes of raw) {
		const text = await sendRaw(bytes);
		assert.match(text, /^HTTP\/1\.[01] (200|303|400|403|404)|^$|^<html>/, JSON.stringify(bytes.slice(0, 80)));
		assert.ok(!/^Location:.*evil/im.test(text), 'no link is made of what a client says the host is');
	}
	assert.equal(await status(admin, 'GET', '/customers'), 200);
});

test('an error is a page in the look of the site, or problem+json, with the ID of the request', async () => {
	const cases = [['/nothing', 404], [`/customers/0123456789`, 404], ['/customers?limit=x', 400], ['//', 400], ['/logout', 405]];
	for (const [path, wanted] of cases)
		for (const client of [admin, anonymous]) {
			const answer = await client.get(path);
			if (answer.status === 303)
				continue;
			assert.equal(answer.status, wanted);
			assert.ok(answer.html.one('header .brand'), `${path} has the site's bar`);
			assert.ok(answer.headers['x-request-id'], path);
			assert.ok(answer.html.one('main').text.includes(answer.headers['x-request-id']), `${path} shows the ID`);
			assert.ok(answer.html.one('main a'), `${path} has a way back`);
		}
	const problem = await admin.get('/customers/0123456789.json');
	assert.equal(problem.headers['content-type'], 'application/problem+json');
	assert.deepEqual([problem.json.status, problem.json.title, problem.json.requestId], [404, 'Not found', problem.headers['x-request-id']]);
	await until('the log has it', () => given().log().includes(problem.headers['x-request-id']));
});

test('every answer forbids framing, sniffing, inline code and shared caches', async () => {
	const answers = [await admin.get('/customers'), await admin.get('/customers.xml'), await admin.get('/customers.json'), await admin.download('/customers.csv'), await anonymous.get('/login'),
		await anonymous.get('/customers'), await admin.get('/nothing'), await anonymous.get('/customers.xml'), await admin.get(LONG), await anonymous.post('/login', { token: 'x' })];
	for (const { headers, url } of answers) {
		const policy = headers['content-security-policy'];
		assert.match(policy, /default-src 'none'/, url);
		assert.match(policy, /frame-ancestors 'none'/, url);
		assert.match(policy, /base-uri 'none'/, url);
		assert.ok(!/unsafe|\*|https?:/.test(policy), url);
		assert.equal(headers['x-content-type-options'], 'nosniff', url);
		assert.match(headers['cache-control'], /private|no-store/, url);
		assert.match(headers.vary ?? '', /Cookie/, url);
		assert.match(headers['referrer-policy'], /^(same-origin|no-referrer)$/, url);
	}
});

test('an ID that a client sends for its request is not taken over', async () => {
	for (const header of ['X-Request-Id', 'Tenantry-Request-Id']) {
		const answer = await anonymous.get('/login', { headers: { [header]: 'forged-by-client-1' } });
		assert.notEqual(answer.headers['x-request-id'], 'forged-by-client-1');
	}
});
