// Logging in and out, the throttle, and how sessions end.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, PASSWORD, USERS, each, loggedIn } from '../lib/http.mjs';
import { sharedInstance } from '../lib/instance.mjs';

const WRONG = 'E-mail or password is not right.';
let instance;

before(async () => {
	instance = await sharedInstance();
});

const client = (from) => new Client(instance.url, { from });
const reason = (answer) => answer.html.all('[role=alert]').map((node) => node.text).join(' ');

test('the right password opens a session in a new cookie that scripts and other sites do not get', async () => {
	const visitor = client();
	visitor.jar.set('tenantry', 'F'.repeat(43));
	const answer = await visitor.tryLogin(USERS.distributor);
	assert.deepEqual([answer.status, answer.location], [303, '/']);
	const [line] = answer.headers['set-cookie'].filter((text) => text.startsWith('tenantry='));
	assert.match(line.replace(`Path=${visitor.root};`, 'Path=/;'), /^tenantry=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/, 'no Secure, for this one is no https');
	assert.ok(!line.includes('F'.repeat(43)), 'a cookie from before the login is not taken over');
	assert.match((await visitor.follow(answer)).html.one('h1').text, /^Customers$/);

	const old = visitor.copy(), again = await visitor.post('/login', { email: USERS.distributor, password: PASSWORD, token: (await client().get('/login')).token('/login') });
	assert.equal(again.status, 403, "a token of another visitor's login form");
	assert.equal((await old.get('/login')).status, 303, 'who is logged in has no login page');
});

test('a second login ends the session that the browser had', async () => {
	const visitor = client(), page = await visitor.get('/login'), fields = { email: USERS.distributor, password: PASSWORD, token: page.token('/login') };
	const tab = visitor.copy();
	assert.equal((await visitor.post('/login', fields)).status, 303);
	const first = visitor.copy();
	// The other tab has the login form open still, and the new cookie of the session.
	tab.jar.set('tenantry', visitor.jar.get('tenantry'));
	const second = await tab.post('/login', fields);
	assert.equal(second.status, 303);
	assert.notEqual(tab.jar.get('tenantry'), first.jar.get('tenantry'));
	assert.equal((await first.get('/account')).status, 303, 'the former session is over');
	assert.equal((await tab.get('/account')).status, 200);
});

test('every wrong login has one answer, keeps the address and forgets the password', async () => {
	const cases = [[USERS.reseller, 'wrong-password'], ['nobody@nowhere.example', PASSWORD], ['', ''], [USERS.reseller, ''], [USERS.reseller, PASSWORD + ' '],
		['user1@aster-sons.example', PASSWORD], ['user1@wound-up-widgets.example', PASSWORD], ['user1@fernhill-clinics.example', PASSWORD], ['user1@orchard-vine.example', PASSWORD],
		["' OR '1'='1", "' OR '1'='1"], [`${USERS.reseller}\0x`, PASSWORD], ['%', '%'], ['x'.repeat(300), 'y'.repeat(2000)]];
	const bodies = new Set();
	for (const [email, password] of cases) {
		const visitor = client('127.0.0.11'), answer = await visitor.tryLogin(email, password);
		assert.equal(answer.status, 422, email);
		assert.equal(reason(answer), WRONG, email);
		assert.ok(!visitor.jar.has('tenantry'), email);
		assert.equal(answer.html.one('input[name=password]').attr('value'), null, 'the password is not shown again');
		const kept = answer.html.one('input[name=email]').attr('value') ?? '';
		if (email.length < 255 && !email.includes('\0'))
			assert.equal(kept, email);
		bodies.add(answer.body.replaceAll(kept.replaceAll("'", '&#39;'), '').replace(/[\w-]{22}\.-\.[\w-]{43}/, '').replaceAll(answer.headers['x-request-id'], '').replace(/ value="[^"]*"/g, ''));
	}
	assert.equal(bodies.size, 1, 'nothing else differs');
});

test('an address is taken whatever its case and blanks', async () => {
	const answer = await client().tryLogin('  Reseller-ADMIN@Demo.example ');
	assert.equal(answer.status, 303);
});

test('ten wrong logins of an account from one address are enough for a quarter of an hour, there alone', async () => {
	const bad = client('127.0.0.12');
	await instance.sql('DELETE FROM login_failure');
	for (let i = 0; i < 10; i++)
		assert.equal((await bad.tryLogin(i % 2 ? USERS.other : USERS.other.toUpperCase(), 'wrong')).status, 422, `try ${i + 1}`);
	for (const password of ['wrong', PASSWORD]) {
		const answer = await bad.tryLogin(USERS.other, password);
		assert.equal(answer.status, 429, 'the right password does not help either');
		const seconds = Number(answer.headers['retry-after']);
		assert.ok(seconds > 0 && seconds <= 900);
	}
	await loggedIn('other', instance.url, { from: '127.0.0.13' });
	await loggedIn('customer', instance.url, { from: '127.0.0.12' });
	await instance.sql('UPDATE login_failure SET at = at - INTERVAL 16 MINUTE');
	await loggedIn('other', instance.url, { from: '127.0.0.12' });
});

test('right logins do not count as wrong ones', async () => {
	for (let i = 0; i < 12; i++)
		await loggedIn('other', instance.url, { from: '127.0.0.14' });
});

test('a hundred wrong logins from one address are enough for it, for all accounts', async () => {
	const hash = "UNHEX(SHA2(CONCAT('user', seq), 256))";
	await instance.sql(`INSERT INTO login_failure (at, address, email_hash) SELECT (SELECT MAX(seen_at) FROM session), '127.0.0.15', ${hash} FROM seq_1_to_99`);
	assert.equal((await client('127.0.0.15').tryLogin('a@b.example', 'wrong')).status, 422, 'the hundredth');
	assert.equal((await client('127.0.0.15').tryLogin(USERS.reseller)).status, 429);
	await loggedIn('reseller', instance.url, { from: '127.0.0.16' });
});

test('after the login the visitor is where the link led, on this site alone', async () => {
	const good = ['/customers?q=a%26b&source=failed', '/contracts', '/customers/X/users', '/account?a=//b'];
	const bad = ['//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example/', 'javascript:alert(1)', 'evil.example', '/\t/evil.example', '/\n//evil.example',
		' //evil.example', '/\r\nSet-Cookie: a=b', '/%0d%0aX: y\r\n', '', '?x', 'customers', '/a\u202eb', '/x\\..\\y', `/${'x'.repeat(9000)}`];
	await each([...good, ...bad], async (next) => {
		const visitor = client(), answer = await visitor.tryLogin(USERS.distributor, PASSWORD, { next });
		assert.equal(answer.status, 303, JSON.stringify(next));
		// What is percent-encoded is no line end; it is a path like another.
		assert.equal(answer.location, good.includes(next) ? next : '/', JSON.stringify(next));
	}, 2);
	const page = await client().get(`/login?next=${encodeURIComponent('/contracts?limit=25')}`);
	assert.equal(page.html.one('input[name=next]').attr('value'), '/contracts?limit=25');
	assert.equal((await client().get('/login?next=//evil.example')).html.one('input[name=next]')?.attr('value') ?? '', '');
});

test('logging out ends the session and takes the cookie away', async () => {
	const visitor = await loggedIn('distributor', instance.url), old = visitor.copy();
	assert.equal((await visitor.get('/logout')).status, 405, 'no link can log out');
	assert.equal((await visitor.post('/logout', { token: 'x' })).status, 403, 'nor can another site');
	assert.equal((await visitor.get('/account')).status, 200);
	const answer = await visitor.post('/logout', { token: await visitor.sessionToken() });
	assert.match(answer.headers['clear-site-data'], /"cache"/, 'the Back button finds nothing');
	assert.deepEqual([answer.status, answer.location], [303, '/login']);
	assert.match(answer.headers['set-cookie'].join(), /tenantry=; .*Max-Age=0/);
	assert.equal((await old.get('/account')).status, 303);
});

test('a form token is of one session: forged, cut, empty or of another one it is 403 and nothing is done', async () => {
	const [one, two] = await Promise.all([loggedIn('distributor', instance.url), loggedIn('distributor', instance.url)]);
	const mine = await one.sessionToken(), [number, tenant, mac] = mine.split('.');
	const flip = (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1);
	const tokens = ['', 'x', '..', mine.slice(0, -1), `${mine}A`, `${flip(number)}.${tenant}.${mac}`, `${number}.0123456789.${mac}`, `${number}.${tenant}.${flip(mac)}`, `${number}.${mac}`,
		await two.sessionToken(), `${number}.${'A'.repeat(5000)}.${mac}`, `${number}.${tenant}.${'\0'.repeat(43)}`, mine.toLowerCase()];
	for (const token of tokens)
		assert.equal((await one.post('/account/view', { token, density: 'compact' })).status, 403, JSON.stringify(token.slice(0, 80)));
	assert.equal((await one.post('/account/view', { density: 'compact' })).status, 403, 'none at all');
	assert.equal((await one.post(`/account/view?token=${mine}`, { density: 'compact' })).status, 403, 'not in the address');
	assert.equal((await one.get('/customers')).html.one('[data-density]').attr('data-density'), 'standard');
	assert.equal((await one.post('/account/view', { token: mine, density: 'standard' })).status, 303);
	assert.equal((await one.post('/account/view', { token: mine, density: 'standard' })).status, 303, 'such a form is carried out each time');
});

test('a session ends after 12 idle hours, and after 7 days in all', async () => {
	const one = await loggedIn('customer', instance.url, { from: '127.0.0.17' });
	const age = (column, interval) => instance.sql(`UPDATE session SET ${column} = ${column} - INTERVAL ${interval} WHERE address = '127.0.0.17'`);
	await age('seen_at', '719 MINUTE');
	assert.equal((await one.get('/account')).status, 200);
	await age('seen_at', '719 MINUTE');
	assert.equal((await one.get('/account')).status, 200, 'what is used does not become idle');
	await age('seen_at', '721 MINUTE');
	assert.equal((await one.get('/account')).status, 303);
	await age('seen_at', '-721 MINUTE');
	assert.equal((await one.get('/account')).status, 303, 'what has ended stays ended');

	const two = await loggedIn('customer', instance.url, { from: '127.0.0.17' });
	await age('created_at', '10079 MINUTE');
	assert.equal((await two.get('/account')).status, 200);
	await age('created_at', '2 MINUTE');
	assert.equal((await two.get('/account.json')).status, 401);
});

test('a session that is revoked and a user who is disabled or deleted are out at the next request', async () => {
	const email = 'user3@northwind.example';
	for (const [what, undo] of [["disabled_at = '2026-12-31 00:00:00'", 'disabled_at = NULL'], ["deleted_at = '2026-12-31 00:00:00'", 'deleted_at = NULL']]) {
		const visitor = await loggedIn(email, instance.url);
		assert.equal((await visitor.get('/account')).status, 200);
		await instance.sql(`UPDATE user_account SET ${what} WHERE email = '${email}'`);
		assert.equal((await visitor.get('/account')).status, 303, what);
		assert.equal((await client('127.0.0.18').tryLogin(email)).status, 422, what);
		await instance.sql(`UPDATE user_account SET ${undo} WHERE email = '${email}'`);
	}
	const visitor = await loggedIn(email, instance.url);
	await instance.sql(`DELETE FROM session WHERE user_id = (SELECT id FROM user_account WHERE email = '${email}')`);
	assert.equal((await visitor.get('/account')).status, 303);
});

test('a role that is taken away bites on the next request', async () => {
	const email = 'user5@northwind.example', [[bluepeak]] = await instance.sql("SELECT public_id FROM tenant WHERE name = 'Bluepeak Cloud GmbH'");
	await instance.sql(`UPDATE user_account u JOIN user_account d ON d.email = '${USERS.distributor}' SET u.role = 'admin', u.child_role = 'admin',
		u.activated_at = d.activated_at, u.password_hash = d.password_hash, u.disabled_at = NULL, u.deleted_at = NULL WHERE u.email = '${email}'`);
	const visitor = await loggedIn(email, instance.url), token = await visitor.sessionToken();
	assert.equal((await visitor.get(`/customers/${bluepeak}/suspend`)).status, 200);
	await instance.sql(`UPDATE user_account SET role = 'sales', child_role = 'sales' WHERE email = '${email}'`);
	assert.equal((await visitor.get(`/customers/${bluepeak}/suspend`)).status, 403);
	assert.equal((await visitor.post(`/customers/${bluepeak}/suspend`, { token })).status, 403);
	assert.equal((await visitor.get('/customers')).status, 200);
	await visitor.switchTo(bluepeak);
	await instance.sql(`UPDATE user_account SET child_role = 'none' WHERE email = '${email}'`);
	const home = await visitor.get('/customers');
	assert.equal(home.html.all('.acting').length, 0, 'home again');
	assert.match(home.html.one('[role=status].notice').text, /Northwind Distribution/);
	assert.equal((await visitor.post('/switch', { token: await visitor.sessionToken(), tenant: bluepeak })).status, 403);
});
