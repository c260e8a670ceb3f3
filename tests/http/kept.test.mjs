// A form that is sent when its session has ended loses nothing: it is kept, and sent on when its user has logged in again.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, PASSWORD, USERS, loggedIn } from '../lib/http.mjs';
import { CLOCK, sharedInstance } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

let instance, model, reseller, customer;
const login = (user) => loggedIn(user, instance.url);

before(async () => {
	instance = await sharedInstance();
	model = await Model.read(instance, Date.parse(CLOCK));
	[reseller, customer] = ['reseller', 'customer'].map((user) => model.ofUser(USERS[user]));
});

const end = (email) => instance.sql(`DELETE s FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${email}'`);
const kept = async () => Number((await instance.sql('SELECT COUNT(*) FROM kept_form'))[0][0]);
const named = async (name) => Number((await instance.sql(`SELECT COUNT(*) FROM tenant WHERE name = '${name}'`))[0][0]);

// The form to add a customer, filled in by somebody whose session ends before it is sent.
async function addition(client, name, email, more = {}) {
	const page = await client.get('/customers/new');
	const fields = { token: page.token('/customers/new'), parent: reseller.id, domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`, name, ...more };
	await end(email);
	const answer = await client.post('/customers/new', fields);
	assert.equal(answer.status, 303);
	assert.equal(answer.location, '/login');
	return { answer, fields };
}

test('a form that was sent after the session had ended is sent on by the next login of its user, once', async () => {
	const client = await login('distributor');
	await addition(client, 'Kept Kettles', USERS.distributor);
	assert.equal(await named('Kept Kettles'), 0, 'not before the login');
	assert.match((await client.get('/login')).html.one('.notice').text, /What you sent is kept/);
	const answer = await client.tryLogin(USERS.distributor);
	assert.equal(answer.status, 303);
	assert.match(answer.location, /^\/customers\/[A-Z0-9]+\/admin$/, 'the next step, as if nothing had been');
	assert.equal(await named('Kept Kettles'), 1);
	assert.equal((await client.get(answer.location)).status, 200, 'logged in');
	assert.equal(await kept(), 0);
	await end(USERS.distributor);
	assert.equal((await client.tryLogin(USERS.distributor)).location, '/', 'the next login has nothing to send');
	assert.equal(await named('Kept Kettles'), 1);
});

test('a wrong password in between keeps the form', async () => {
	const client = await login('distributor');
	await addition(client, 'Patient Pans', USERS.distributor);
	const wrong = await client.tryLogin(USERS.distributor, 'not the password');
	assert.equal(wrong.status, 422);
	assert.match(wrong.html.one('.notice').text, /What you sent is kept/);
	assert.match((await client.tryLogin(USERS.distributor)).location, /\/admin$/);
	assert.equal(await named('Patient Pans'), 1);
});

test('a kept form with faults comes back with what was typed and a message at the field', async () => {
	const client = await login('distributor');
	await addition(client, 'Faulty Forks', USERS.distributor, { domain: 'no domain' });
	const answer = await client.tryLogin(USERS.distributor);
	assert.equal(answer.status, 422);
	const form = answer.html.all('form').find((node) => node.attr('action') === '/customers/new');
	assert.equal(form.one('input[name=name]').attr('value'), 'Faulty Forks');
	assert.equal(form.one('input[name=domain]').attr('value'), 'no domain');
	assert.equal(form.one('input[name=domain]').attr('aria-invalid'), 'true');
	assert.equal((await client.get('/account')).status, 200, 'logged in all the same');
});

test('nobody but its user gets a kept form', async () => {
	const client = await login('distributor');
	await addition(client, 'Private Plates', USERS.distributor);
	const answer = await client.tryLogin(USERS.other);
	assert.equal(answer.location, '/');
	assert.equal(await kept(), 0, 'forgotten');
	await client.post('/logout', { token: await client.sessionToken() });
	assert.equal((await client.tryLogin(USERS.distributor)).location, '/');
	assert.equal(await named('Private Plates'), 0);
});

test('nor does another browser of the same user', async () => {
	const client = await login('distributor');
	await addition(client, 'Bound Bowls', USERS.distributor);
	assert.equal((await new Client(instance.url).tryLogin(USERS.distributor)).location, '/');
	assert.equal(await named('Bound Bowls'), 0);
	assert.match((await client.tryLogin(USERS.distributor)).location, /\/admin$/, 'it waits for its own');
});

test('a form made after a switch is sent on as the tenant that it was made for', async () => {
	const client = await login('distributor');
	await client.switchTo(reseller.id);
	const page = await client.get(`/customers/${customer.id}`), action = `/customers/${customer.id}`;
	const form = page.html.all('form').find((node) => node.attr('action') === action && node.one('input[name=version]'));
	const fields = Object.fromEntries(['token', 'name', 'domain', 'version'].map((name) => [name, form.one(`input[name=${name}]`).attr('value')]));
	await end(USERS.distributor);
	await client.post(action, { ...fields, name: `${fields.name} again` });
	const answer = await client.tryLogin(USERS.distributor), after = await client.follow(answer);
	assert.equal(answer.status, 303);
	assert.match(after.html.one('.acting').text, new RegExp(`Viewing as ${reseller.name}`));
	assert.equal(await named(`${fields.name} again`), 1);
	await instance.sql(`UPDATE tenant SET name = '${fields.name}' WHERE public_id = '${customer.id}'`);
	await instance.sql(`UPDATE tenant_list SET name = '${fields.name}' WHERE public_id = '${customer.id}'`);
});

test('a form whose token is of another cookie, or that has a password, is not kept', async () => {
	const client = await login('distributor');
	const page = await client.get('/customers/new'), token = page.token('/customers/new');
	await end(USERS.distributor);
	const fields = { parent: reseller.id, domain: 'never.example', name: 'Never Kept' };
	for (const odd of [{ token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` }, {}, { token, password: PASSWORD }, { token, new_password: PASSWORD }, { token, code: '123456' }]) {
		const answer = await client.post('/customers/new', { ...fields, ...odd });
		assert.equal(answer.status, 303);
		assert.equal(await kept(), 0, Object.keys(odd).join());
	}
	assert.equal((await client.tryLogin(USERS.distributor)).location, '/');
	assert.equal(await named('Never Kept'), 0);
});

test('a form of a cookie that was no login\'s is not kept, however well its token is made', async () => {
	const real = await login('distributor'), planted = new Client(instance.url), secret = 'A'.repeat(43);
	await planted.get('/login');
	planted.jar.set('tenantry', secret);
	// Tokens are keyed by the cookie, so that whoever plants one can make them: here by a session that nobody logged in for.
	await instance.sql(`INSERT INTO session (token_hash, user_id, created_at, seen_at) SELECT UNHEX(SHA2('${secret}', 256)), s.user_id, s.created_at, s.seen_at
		FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${USERS.distributor}' LIMIT 1`);
	const token = (await planted.get('/customers/new')).token('/customers/new');
	await end(USERS.distributor);
	assert.equal((await planted.post('/customers/new', { token, parent: reseller.id, domain: 'planted.example', name: 'Planted Pots' })).status, 303);
	assert.equal(await kept(), 0);
	assert.equal((await real.get('/account')).status, 303);
});

test('one address has only so many forms waiting', async () => {
	for (let i = 0; i < 22; i++) {
		const client = await login('distributor');
		await addition(client, `Crowd ${i}`, USERS.distributor);
	}
	assert.equal(await kept(), 20);
	await instance.sql('DELETE FROM kept_form');
});
