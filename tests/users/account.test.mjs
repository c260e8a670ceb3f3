// The account page: the own profile, the password, sessions. Each test has a user of its own.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, PASSWORD, USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const NEW = 'correct horse battery';
const instance = given();
// Addresses of this run alone: failed logins of others, and of a run before, do not count.
const fresh = () => `127.${1 + Math.floor(Math.random() * 254)}.${Math.floor(Math.random() * 255)}.${1 + Math.floor(Math.random() * 254)}`;
const FROM = fresh(), visitor = (from = FROM) => new Client(undefined, { from });
let admin, home, shop, number = Date.now() % 1e9;

before(async () => {
	const model = await Model.read(instance);
	admin = await loggedIn('distributor', undefined, { from: FROM });
	home = model.ofUser(USERS.distributor);
	shop = model.ofUser(USERS.reseller);
});

// A user with the demo's password, as an accepted invitation leaves one.
async function someone({ role = 'sales', child = 'none', from = FROM } = {}) {
	const email = `account-${++number}@mail.example`;
	await instance.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at)
		SELECT 'ACC${number}', tenant_id, '${email}', 'Ada', 'Byron', 'founder', '${role}', '${child}', password_hash, invited_at, activated_at FROM user_account WHERE email = '${USERS.distributor}'`);
	return { email, client: await visitor(from).login(email, PASSWORD) };
}

const form = (page, action) => page.html.all('form').find((one) => one.attr('action') === action);
const text = (answer) => answer.html.one('main').text;
const again = (email, password = PASSWORD, from = FROM) => visitor(from).tryLogin(email, password);
const events = async (action) => (await admin.get(`/customers/${home.id}/activity.json`)).json.events.filter((event) => event.action === action);

async function profile(client, fields) {
	const page = await client.get('/account'), own = form(page, '/account');
	const values = Object.fromEntries(['token', 'first_name', 'last_name', 'version'].map((name) => [name, own.one(`input[name=${name}]`).attr('value')]));
	return client.post('/account', { ...values, job_function: own.one('option[selected]').attr('value'), ...fields });
}

async function change(client, current, password) {
	return client.post('/account/password', { token: (await client.get('/account')).token('/account/password'), present_password: current, password });
}

test('whoever is logged in changes the own names and job function, and nothing else', async () => {
	const { email, client } = await someone();
	const answer = await profile(client, { first_name: ' Zoë ', last_name: '<Ødegård>', job_function: 'legal', email: 'other@mail.example', role: 'admin', child_role: 'admin', language: '' });
	assert.deepEqual([answer.status, answer.location], [303, '/account?done=profile']);
	assert.match(text(await client.follow(answer)), /Your profile is saved/);
	const [row] = await instance.sql(`SELECT first_name, last_name, job_function, role, child_role, version FROM user_account WHERE email = '${email}'`);
	assert.deepEqual(row, ['Zoë', '<Ødegård>', 'legal', 'sales', 'none', '2']);
	const [event] = await events('user.update');
	assert.equal(event.actor, 'Ada Byron', 'told under the name that it was done with');
	assert.deepEqual(event.changes.name, { from: 'Ada Byron', to: 'Zoë <Ødegård>' });
});

test('a profile keeps what was typed when it is wrong', async () => {
	const { client } = await someone(), answer = await profile(client, { first_name: '', last_name: 'x'.repeat(101), job_function: 'wizard' });
	assert.equal(answer.status, 422);
	const own = form(answer, '/account');
	assert.equal(own.one('input[name=last_name]').attr('value'), 'x'.repeat(101));
	assert.equal(own.all('[aria-invalid]').length, 3);
	assert.equal(own.all('.notice.error a').length, 3);
});

test('somebody else saved the profile in between: both values stand there, and sent again it is meant', async () => {
	const { email, client } = await someone();
	await client.get('/account');
	const one = form(await client.get('/account'), '/account'), version = one.one('input[name=version]').attr('value');
	await instance.sql(`UPDATE user_account SET first_name = 'Grace', version = version + 1 WHERE email = '${email}'`);
	const answer = await profile(client, { first_name: 'Augusta', version });
	assert.equal(answer.status, 409);
	const own = form(answer, '/account');
	assert.equal(own.one('input[name=first_name]').attr('value'), 'Augusta');
	assert.match(own.text, /Stored now: Grace/);
	assert.equal((await instance.sql(`SELECT first_name FROM user_account WHERE email = '${email}'`))[0][0], 'Grace');
	const fields = { token: own.one('input[name=token]').attr('value'), version: own.one('input[name=version]').attr('value'), first_name: 'Augusta', last_name: 'Byron', job_function: 'founder' };
	assert.equal((await client.post('/account', fields)).status, 303);
});

test('the name in the Admin column follows the own profile, also while acting as another tenant', async () => {
	const client = await loggedIn('distributor', undefined, { from: FROM }), before = (await client.get('/customers.json?tier=distributor')).json.tenants[0].admin.name;
	const stale = form(await client.get('/account'), '/account').one('input[name=token]').attr('value');
	await client.switchTo(shop.id);
	const answer = await profile(client, { token: stale, first_name: 'Dana Renamed' });
	assert.equal(answer.status, 303, 'the account belongs to the home user: a form from before the switch is not stale');
	await client.switchTo('');
	assert.equal((await client.get('/customers.json?tier=distributor')).json.tenants[0].admin.name, before.replace('Dana', 'Dana Renamed'));
	assert.equal((await profile(client, { first_name: 'Dana' })).status, 303);
	assert.equal((await client.get('/customers.json?tier=distributor')).json.tenants[0].admin.name, before);
});

test('a new password needs the present one, ends all other sessions and renews the own cookie', async () => {
	const { email, client } = await someone(), other = await visitor().login(email, PASSWORD), old = client.copy();
	const session = client.jar.get('tenantry');
	const answer = await change(client, PASSWORD, NEW);
	assert.deepEqual([answer.status, answer.location], [303, '/account?done=password']);
	const [line] = answer.headers['set-cookie'].filter((one) => one.startsWith('tenantry='));
	assert.match(line, /^tenantry=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
	assert.notEqual(client.jar.get('tenantry'), session);
	assert.equal((await other.get('/account')).status, 303, 'another browser is logged out');
	assert.equal((await old.get('/account')).status, 303, 'and so is who has the former cookie');
	assert.match(text(await client.follow(answer)), /Your new password is set/);
	assert.equal((await again(email)).status, 422);
	assert.equal((await again(email, NEW)).status, 303);
	assert.equal((await events('user.password'))[0].actor, 'Ada Byron');
});

test('a new password is refused by the rules of invitations, and no password is shown again', async () => {
	const { email, client } = await someone();
	for (const [password, reason] of [['short', /at least 8/], ['x'.repeat(129), /at most 128/], ['Password1', /common/], ['', /fill this in/]]) {
		const answer = await change(client, PASSWORD, password);
		assert.equal(answer.status, 422);
		assert.match(form(answer, '/account/password').text, reason);
		for (const field of form(answer, '/account/password').all('input[type=password]'))
			assert.equal(field.attr('value'), null);
	}
	assert.equal((await again(email)).status, 303, 'nothing was changed');
});

test('a wrong present password counts as a failed login', async () => {
	const one = fresh(), { email, client } = await someone({ from: one });
	for (let i = 0; i < 10; i++) {
		const answer = await change(client, 'wrong', NEW);
		assert.equal(answer.status, 422);
		assert.match(form(answer, '/account/password').text, /This is not your password/);
	}
	const answer = await change(client, PASSWORD, NEW);
	assert.equal(answer.status, 429);
	assert.ok(Number(answer.headers['retry-after']) > 0);
	assert.equal((await again(email, PASSWORD, one)).status, 429, 'one count with the login');
	assert.equal((await again(email, PASSWORD, fresh())).status, 303, 'not for other addresses');
});

test('a link for a forgotten password dies when the password is changed', async () => {
	const { email, client } = await someone();
	await instance.sql(`UPDATE user_account SET reset_hash = UNHEX(SHA2('x', 256)), reset_expires_at = '2099-01-01' WHERE email = '${email}'`);
	assert.equal((await change(client, PASSWORD, NEW)).status, 303);
	assert.deepEqual(await instance.sql(`SELECT reset_hash IS NULL FROM user_account WHERE email = '${email}'`), [['1']]);
});

test('the list of sessions tells where one is logged in, marks this one, and has no secret', async () => {
	const { email, client } = await someone(), other = visitor();
	const page = await other.get('/login');
	await other.post('/login', { email, password: PASSWORD, token: page.token('/login') }, { headers: { 'User-Agent': 'Phone "<b>"' } });
	const { sessions } = (await client.get('/account.json')).json;
	assert.equal(sessions.length, 2);
	assert.deepEqual(sessions.map(({ current }) => current).sort(), [false, true]);
	const phone = sessions.find(({ agent }) => agent === 'Phone "<b>"');
	assert.equal(phone.address, FROM);
	for (const one of sessions)
		for (const key of ['since', 'seen'])
			assert.ok(Math.abs(Date.parse(one[key]) - Date.now()) < 120000);
	const items = (await client.get('/account')).html.all('li.row').map((one) => one.text);
	assert.ok(items.some((item) => item.includes('Phone "<b>"') && /End session/.test(item)));
	assert.ok(items.some((item) => /This one/.test(item) && !/End session/.test(item)));
	const bodies = (await Promise.all(['', '.xml', '.json'].map((suffix) => client.get(`/account${suffix}`)))).map(({ body }) => body).join();
	const hashes = await instance.sql(`SELECT HEX(token_hash) FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${email}'`);
	for (const [hash] of hashes)
		assert.ok(!bodies.toUpperCase().includes(hash.slice(0, 20)));
	assert.ok(!bodies.includes(client.jar.get('tenantry')));
});

test('a session that is ended bites on its very next request, after the question', async () => {
	const { email, client } = await someone(), other = await visitor().login(email, PASSWORD);
	const { id } = (await client.get('/account.json')).json.sessions.find(({ current }) => !current);
	const path = `/account/sessions/${id}/revoke`, ask = await client.get(path);
	assert.equal((await other.get('/account')).status, 200, 'looking ends nothing');
	assert.equal(ask.html.one('h1').text, 'End this session?');
	const answer = await client.post(path, { token: ask.token(path) });
	assert.deepEqual([answer.status, answer.location], [303, '/account?done=session']);
	assert.equal((await other.get('/account')).status, 303);
	assert.equal((await client.get('/account')).status, 200);
	assert.equal((await client.post(path, { token: ask.token(path) })).status, 404, 'it is no more');
	assert.equal((await events('session.revoke'))[0].actor, 'Ada Byron');
});

test('nobody ends, or sees, a session of somebody else', async () => {
	const one = await someone(), two = await someone();
	const [{ id }] = (await two.client.get('/account.json')).json.sessions, path = `/account/sessions/${id}/revoke`;
	assert.equal((await one.client.get(path)).status, 404);
	assert.equal((await one.client.post(path, { token: await one.client.sessionToken() })).status, 404);
	assert.equal((await two.client.get('/account')).status, 200);
});

test('the own session can be ended too: the login comes next', async () => {
	const { client } = await someone(), [{ id }] = (await client.get('/account.json')).json.sessions, path = `/account/sessions/${id}/revoke`;
	const ask = await client.get(path);
	assert.match(text(ask), /log in again/);
	const answer = await client.post(path, { token: ask.token(path) });
	assert.deepEqual([answer.status, answer.location], [303, '/login']);
	assert.ok(!client.jar.has('tenantry') && 'clear-site-data' in answer.headers);
	assert.match((await client.follow(answer)).html.one('h1').text, /Log in/);
});

test('"log out everywhere else" ends all sessions but this one', async () => {
	const { email, client } = await someone(), others = await Promise.all([1, 2, 3].map(() => visitor().login(email, PASSWORD)));
	const path = '/account/sessions/revoke', ask = await client.get(path), token = ask.token(path);
	assert.equal((await client.post(path, { token })).location, '/account?done=sessions');
	for (const other of others)
		assert.equal((await other.get('/account')).status, 303);
	assert.equal((await client.get('/account.json')).json.sessions.length, 1);
	assert.equal((await client.post(path, { token })).status, 303, 'nothing more to end is no fault');
	assert.equal((await client.get('/account')).html.all('a[href="/account/sessions/revoke"]').length, 0);
});
