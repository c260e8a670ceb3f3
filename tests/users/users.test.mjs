// Inviting and changing users over HTTP: who may give what, the last admin, states, links.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { mails, mailTo, pathOf } from '../lib/mail.mjs';
import { Model } from '../lib/model.mjs';

const PASSWORD = 'correct horse battery';
const instance = given(), state = instance.state;
let admin, reseller, customer, sales, other, home, shop, shopCustomer, foreign, number = Date.now() % 1e9;

before(async () => {
	const model = await Model.read(instance);
	[admin, reseller, customer, sales, other] = await Promise.all(
		['distributor', 'reseller', 'customer', 'distributorSales', 'other'].map((user) => loggedIn(user)));
	home = model.ofUser(USERS.distributor);
	shop = model.ofUser(USERS.reseller);
	shopCustomer = model.ofUser(USERS.customer);
	foreign = model.ofUser(USERS.other);
});

const email = () => `user-${++number}@mail.example`;
const person = (more = {}) => ({ email: email(), first_name: 'Ada', last_name: 'Byron', job_function: 'founder', role: 'sales', child_role: 'none', ...more });

async function send(client, path, fields, page = path) {
	const form = await client.get(page);
	assert.equal(form.status, 200, `GET ${page}`);
	return client.post(path, { token: form.token(path), ...fields });
}

async function invite(client, tenant, fields) {
	const answer = await send(client, `/customers/${tenant.id}/users`, fields);
	assert.equal(answer.status, 303, answer.status === 303 ? '' : answer.html.one('main').text);
	return user(client, tenant, fields.email);
}

async function user(client, tenant, address) {
	const { json } = await client.get(`/customers/${tenant.id}/users.json`);
	return json.users.find((one) => one.email === address);
}

const path = (tenant, one, action = '') => `/customers/${tenant.id}/users/${one.id}${action}`;
const version = async (client, tenant, one) => (await client.get(path(tenant, one))).html.one('input[name=version]').attr('value');

async function edit(client, tenant, one, fields) {
	const page = await client.get(path(tenant, one)), form = page.html.all('form').find((f) => f.attr('action') === path(tenant, one));
	const values = { token: form.one('input[name=token]').attr('value'), version: form.one('input[name=version]').attr('value'),
		email: one.email, first_name: 'Ada', last_name: 'Byron', job_function: 'founder', role: one.role, child_role: one.childRole };
	return client.post(path(tenant, one), { ...values, ...fields });
}

function wrong(answer, status, text) {
	const main = /html/.test(answer.headers['content-type'] ?? '') ? answer.html.one('main').text : '';
	assert.equal(answer.status, status, main);
	assert.match(main, text);
}

async function accept(address, count = 1) {
	const link = pathOf(await mailTo(state, address, count)), client = new Client();
	const answer = await client.post(link, { token: (await client.get(link)).token(link), password: PASSWORD });
	assert.equal(answer.status, 303, answer.status === 303 ? '' : answer.html.one('main').text);
	return client;
}

test('an invitation goes from the form by mail to the first login', async () => {
	const fields = person({ first_name: 'Zoë, "Z"', last_name: '<Ødegård> 株式会社', role: 'admin' });
	const invited = await invite(admin, shopCustomer, fields);
	assert.equal(invited.state, 'Invited');
	const mail = await mailTo(state, fields.email);
	assert.equal(mail.headers.to, `Zoë, "Z" <Ødegård> 株式会社 <${fields.email}>`);
	assert.ok(mail.headers.subject.includes(shopCustomer.name));
	assert.match(mail.headers['message-id'], /^<[^<>@\s]+@[^<>@\s]+>$/);
	assert.ok(Math.abs(Date.parse(mail.headers.date) - Date.now()) < 120000, mail.headers.date);
	assert.ok(mail.html.includes('&lt;Ødegård&gt; 株式会社'));
	assert.ok(mail.html.includes(mail.link));
	const link = pathOf(mail);
	assert.match(link, /^\/invite\/[A-Za-z0-9_-]{43}$/);

	const client = new Client();
	for (let i = 0; i < 3; i++)
		assert.equal((await client.get(link)).status, 200, 'looking uses nothing up');
	const page = await client.get(link);
	assert.ok(page.html.one('main').text.includes(fields.email));
	const token = page.token(link);
	wrong(await client.post(link, { token, password: 'short' }), 422, /at least 8/);
	wrong(await client.post(link, { token, password: 'x'.repeat(129) }), 422, /at most 128/);
	for (const password of ['12345678', 'Password1', 'qwertyuiop', 'letmein1!'])
		wrong(await client.post(link, { token, password }), 422, /common/);
	const forged = await client.post(link, { password: PASSWORD });
	assert.equal(forged.status, 403, 'without the form token');
	const answer = await client.post(link, { token, password: PASSWORD });
	assert.equal(answer.status, 303);
	assert.equal((await client.follow(answer)).status, 200, 'logged in');
	assert.equal((await user(admin, shopCustomer, fields.email)).state, 'Active');
	await new Client().login(fields.email, PASSWORD);
	assert.equal((await new Client().get(link)).status, 404, 'used up');
	const log = instance.log() + instance.log('nginx-error');
	assert.ok(!log.includes(link.split('/')[2]), 'the secret is in no log');
});

test('a double click invites once', async () => {
	const fields = person(), form = await admin.get(`/customers/${shop.id}/users`), action = `/customers/${shop.id}/users`;
	const body = { token: form.token(action), ...fields };
	const answers = await Promise.all([admin.post(action, body), admin.copy().post(action, body)]);
	assert.deepEqual(answers.map((answer) => answer.status), [303, 303]);
	wrong(await admin.post(action, { ...body, first_name: 'Eve' }), 409, /sent before/);
	await mailTo(state, fields.email);
	await new Promise((resolve) => setTimeout(resolve, 2500));
	assert.equal(mails(state, fields.email).length, 1);
});

test('resend kills the old link, cancel kills any, both can be undone by resend', async () => {
	const fields = person(), one = await invite(reseller, shopCustomer, fields);
	const first = pathOf(await mailTo(state, fields.email));
	assert.equal((await send(reseller, path(shopCustomer, one, '/resend'), {}, path(shopCustomer, one))).status, 303);
	assert.equal((await new Client().get(first)).status, 404, 'the old link is dead at once');
	const second = pathOf(await mailTo(state, fields.email, 2));
	assert.equal((await new Client().get(second)).status, 200);
	const ask = await reseller.get(path(shopCustomer, one, '/cancel'));
	assert.equal(ask.status, 200);
	assert.equal((await send(reseller, path(shopCustomer, one, '/cancel'), {})).status, 303);
	assert.equal((await user(reseller, shopCustomer, fields.email)).state, 'Cancelled');
	const dead = await new Client().get(second), unknown = await new Client().get(`/invite/${'A'.repeat(43)}`), mangled = await new Client().get('/invite/x');
	const text = (answer) => answer.html.one('main').text.replace(/[0-9a-f]{32}/g, '');
	assert.deepEqual([dead.status, unknown.status, mangled.status], [404, 404, 404]);
	assert.equal(text(dead), text(unknown));
	assert.equal(text(dead), text(mangled));
	assert.equal((await send(reseller, path(shopCustomer, one, '/resend'), {}, path(shopCustomer, one))).status, 303);
	await accept(fields.email, 3);
	wrong(await reseller.post(path(shopCustomer, one, '/resend'), { token: await reseller.sessionToken() }), 422, /active/);
	wrong(await reseller.post(path(shopCustomer, one, '/cancel'), { token: await reseller.sessionToken() }), 422, /active/);
});

test('an invitation is expired after 48 hours, and can be sent again', async () => {
	const fields = person(), one = await invite(reseller, shopCustomer, fields), link = pathOf(await mailTo(state, fields.email));
	await instance.sql(`UPDATE user_account SET invitation_expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE email = '${fields.email}'`);
	assert.equal((await user(reseller, shopCustomer, fields.email)).state, 'Expired');
	const client = new Client();
	assert.equal((await client.get(link)).status, 404);
	await send(reseller, path(shopCustomer, one, '/resend'), {}, path(shopCustomer, one));
	assert.equal((await user(reseller, shopCustomer, fields.email)).state, 'Invited');
});

test('an edit that somebody else has overtaken shows both and writes nothing', async () => {
	const fields = person(), one = await invite(admin, shop, fields), old = await version(admin, shop, one);
	assert.equal((await edit(admin, shop, one, { first_name: 'Grace' })).status, 303);
	const late = await edit(admin, shop, one, { first_name: 'Mary', version: old });
	wrong(late, 409, /Somebody else has saved/);
	assert.equal(late.html.all('input[name=first_name]').find((input) => input.attr('value') === 'Mary') !== undefined, true, 'what was typed');
	assert.match(late.html.one('main').text, /Grace/);
	assert.equal((await user(admin, shop, fields.email)).name, 'Grace Byron');
	const again = late.html.all('form').find((form) => form.attr('action') === path(shop, one));
	assert.equal((await edit(admin, shop, one, { first_name: 'Mary', version: again.one('input[name=version]').attr('value') })).status, 303);
	assert.equal((await user(admin, shop, fields.email)).name, 'Mary Byron');
	const { json } = await admin.get(`/customers/${shop.id}/activity.json`);
	assert.deepEqual(json.events[0].changes.name, { from: 'Grace Byron', to: 'Mary Byron' });
});

test('a new address of an open invitation gets a link of its own, the old one dies', async () => {
	const fields = person(), one = await invite(admin, shop, fields), link = pathOf(await mailTo(state, fields.email)), moved = email();
	assert.equal((await edit(admin, shop, one, { email: moved })).status, 303);
	assert.equal((await new Client().get(link)).status, 404);
	await accept(moved);
});

test('the last active admin stays, nobody changes or deletes oneself', async () => {
	const all = (await customer.get(`/customers/${shopCustomer.id}/users.json`)).json.users;
	const self = all.find((one) => one.email === USERS.customer);
	for (const one of all.filter((each) => each.role === 'admin' && each.state === 'Active' && each.id !== self.id))
		assert.equal((await send(customer, path(shopCustomer, one, '/delete'), {})).status, 303);
	wrong(await send(customer, path(shopCustomer, self, '/delete'), {}), 422, /oneself/);
	wrong(await edit(customer, shopCustomer, self, { role: 'sales' }), 422, /own role/);
	wrong(await send(reseller, path(shopCustomer, self, '/delete'), {}), 422, /last active admin/);
	wrong(await edit(reseller, shopCustomer, self, { role: 'sales' }), 422, /last active admin/);
	const second = person({ role: 'admin' }), one = await invite(customer, shopCustomer, second);
	wrong(await edit(reseller, shopCustomer, self, { role: 'sales' }), 422, /last active admin/);
	const client = await accept(second.email);
	assert.equal((await edit(reseller, shopCustomer, one, { role: 'sales' })).status, 303, 'one of two may be demoted');
	assert.equal((await client.get(`/customers/${shopCustomer.id}/users/${self.id}`)).status, 403, 'and that bites at once');
	assert.equal((await send(customer, path(shopCustomer, one, '/delete'), {})).status, 303);
	assert.equal((await client.get(`/customers/${shopCustomer.id}`)).status, 303, 'deleted: logged out');
	assert.equal((await customer.get(path(shopCustomer, one))).status, 404);
	await invite(customer, shopCustomer, { ...second, role: 'sales' });
});

test('two demotions at once leave an admin', async () => {
	const model = await Model.read(instance), tenant = model.named('Glacier Foods'), two = [person({ role: 'admin' }), person({ role: 'admin' })], users = [];
	for (const one of (await admin.get(`/customers/${tenant.id}/users.json`)).json.users)
		await send(admin, path(tenant, one, '/delete'), {}).catch(() => {});
	for (const fields of two) {
		users.push(await invite(admin, tenant, fields));
		await accept(fields.email);
	}
	const left = (await admin.get(`/customers/${tenant.id}/users.json`)).json.users.filter((one) => one.role === 'admin' && one.state === 'Active' && !users.some((u) => u.id === one.id));
	for (const one of left)
		assert.equal((await send(admin, path(tenant, one, '/delete'), {})).status, 303);
	const answers = await Promise.all(users.map((one) => edit(admin.copy(), tenant, one, { role: 'sales' })));
	assert.deepEqual(answers.map((answer) => answer.status).sort(), [303, 422]);
});

test('nobody gives a child tenant role above the own, in no form', async () => {
	const fields = person({ role: 'admin', child_role: 'sales' }), lower = await invite(admin, shop, fields), client = await accept(fields.email);
	const body = async (more) => ({ token: (await client.get(`/customers/${shop.id}/users`)).token(`/customers/${shop.id}/users`), ...person(more) });
	const page = await client.get(`/customers/${shop.id}/users`);
	assert.ok(!page.html.all('[name=child_role] option').some((option) => option.attr('value') === 'admin'), 'it is not offered');
	wrong(await client.post(`/customers/${shop.id}/users`, await body({ child_role: 'admin' })), 422, /choose|above/i);
	assert.equal((await client.post(`/customers/${shop.id}/users`, await body({ child_role: 'sales' }))).status, 303);
	const above = await user(client, shop, USERS.reseller);
	assert.equal((await edit(client, shop, above, { first_name: 'Same' })).status, 303, 'what somebody has may stay');
	wrong(await edit(client, shop, above, { email: person({}).email }), 422, /child tenant role above your own/);
	wrong(await edit(client, shop, lower, { child_role: 'none' }), 422, /own child tenant role/);
	await client.switchTo(shopCustomer.id);
	assert.equal((await client.post(`/customers/${shopCustomer.id}/users`, { token: await client.sessionToken(), ...person() })).status, 403, 'sales in force looks only');
});

test('sales sees no control and may call no route; outside the scope nothing exists', async () => {
	const one = await user(admin, shop, USERS.reseller), token = await sales.sessionToken();
	assert.ok(!(await sales.get(`/customers/${shop.id}/users`)).html.all('main form').length);
	for (const action of ['', '/resend', '/cancel', '/delete'])
		assert.equal((await sales.post(path(shop, one, action), { token })).status, 403, action);
	assert.equal((await sales.post(`/customers/${shop.id}/users`, { token, ...person() })).status, 403);
	const outside = await other.sessionToken();
	for (const action of ['', '/resend', '/cancel', '/delete'])
		assert.equal((await other.post(path(shop, one, action), { token: outside })).status, 404, action);
	assert.equal((await other.post(`/customers/${shop.id}/users`, { token: outside, ...person() })).status, 404);
	assert.equal((await admin.get(`/customers/${home.id}/users/${one.id}`)).status, 404, "another tenant's user");
	const up = await reseller.sessionToken();
	assert.equal((await reseller.post(`/customers/${home.id}/users`, { token: up, ...person() })).status, 404);
});

test('an address that is taken: within the scope by whom, outside in one sentence, ten an hour, told to the distributor', async () => {
	wrong(await send(admin, `/customers/${home.id}/users`, person({ email: USERS.reseller })), 422, new RegExp(`of ${shop.name} has this`));
	await instance.sql("DELETE FROM clash; DELETE FROM audit_event WHERE action = 'clash'");
	const outside = [USERS.distributor, USERS.other, USERS.distributor.toUpperCase()];
	const texts = new Set();
	for (let i = 0; i < 10; i++) {
		const answer = await send(reseller, `/customers/${shop.id}/users`, person({ email: outside[i % 3] }));
		assert.equal(answer.status, 422);
		texts.add(answer.html.one('.wrong').text);
	}
	assert.deepEqual([...texts], [`This e-mail address cannot be used here; ask ${home.name}.`]);
	const late = await send(reseller, `/customers/${shop.id}/users`, person({ email: USERS.other }));
	assert.equal(late.status, 429);
	assert.ok(late.headers['retry-after']);
	assert.equal((await send(reseller, `/customers/${shop.id}/users`, person())).status, 429, 'nor any other: a free one would tell which are taken');
	const told = (await admin.get(`/customers/${home.id}/activity.json`)).json.events.filter((event) => event.action === 'clash');
	assert.equal(told.length, 10);
	const theirs = (await other.get(`/customers/${foreign.id}/activity.json`)).json.events.filter((event) => event.action === 'clash');
	assert.equal(theirs.length, 0);
	await instance.sql('DELETE FROM clash');
});

test('what is wrong is at its field, what was typed stays', async () => {
	const answer = await send(admin, `/customers/${shop.id}/users`, { ...person(), email: 'nobody', first_name: '', job_function: 'king' });
	assert.equal(answer.status, 422);
	assert.equal(answer.html.all('.wrong').length, 3);
	assert.equal(answer.html.one('input[name=email]').attr('value'), 'nobody');
	assert.equal(answer.html.one('input[name=last_name]').attr('value'), 'Byron');
	for (const link of answer.html.all('[role=alert] a'))
		assert.ok(answer.html.one(link.attr('href')), link.attr('href'));
});

test('forgotten passwords: one answer alike, the link only for who may log in, once, all sessions end', async () => {
	const fields = person({ role: 'admin' });
	await invite(admin, shopCustomer, fields);
	const session = await accept(fields.email), answers = [];
	for (const address of [fields.email, `n-${fields.email}`, `x-${fields.email}`]) {
		const answer = await send(new Client(), '/forgot', { email: address });
		answers.push([answer.status, answer.location]);
	}
	assert.deepEqual(new Set(answers.map(String)).size, 1);
	const link = pathOf(await mailTo(state, fields.email, 2));
	assert.match(link, /^\/reset\/[A-Za-z0-9_-]{43}$/);
	await send(new Client(), '/forgot', { email: fields.email });
	const second = pathOf(await mailTo(state, fields.email, 3));
	assert.equal((await new Client().get(link)).status, 404, 'one at a time');
	assert.equal((await new Client().get(second.replace('reset', 'invite'))).status, 404);
	const client = new Client(), page = await client.get(second);
	wrong(await client.post(second, { token: page.token(second), password: 'password' }), 422, /common/);
	const answer = await client.post(second, { token: page.token(second), password: 'quite another one' });
	assert.equal(answer.location, '/login?done=reset');
	assert.equal((await client.get(answer.location)).status, 200);
	assert.equal((await session.get(`/customers/${shopCustomer.id}`)).status, 303, 'the old session is over');
	assert.equal((await new Client().tryLogin(fields.email, PASSWORD)).status, 422);
	await new Client().login(fields.email, 'quite another one');
	assert.equal((await client.get(second)).status, 404);
	assert.equal(mails(state, `n-${fields.email}`).length, 0);
	for (let i = 0; i < 3; i++)
		assert.equal((await send(new Client(), '/forgot', { email: fields.email })).status, 303);
	assert.equal((await send(new Client(), '/forgot', { email: fields.email })).status, 429);
	const unknown = email();
	for (let i = 0; i < 5; i++)
		assert.equal((await send(new Client(), '/forgot', { email: unknown })).status, 303);
	assert.equal((await send(new Client(), '/forgot', { email: unknown })).status, 429, 'unknown ones alike');
});

test('suspension holds links and mails back; expired reset links are dead', async () => {
	const fields = person();
	await invite(admin, shopCustomer, fields);
	const link = pathOf(await mailTo(state, fields.email));
	await send(reseller, `/customers/${shopCustomer.id}/suspend`, {});
	assert.equal((await new Client().get(link)).status, 404);
	const held = person();
	await invite(reseller, shopCustomer, held);
	await send(new Client(), '/forgot', { email: USERS.customer });
	await new Promise((resolve) => setTimeout(resolve, 5000));
	assert.equal(mails(state, USERS.customer).length + mails(state, held.email).length, 0);
	await reseller.post(`/customers/${shopCustomer.id}/reactivate`, { token: await reseller.sessionToken() });
	assert.equal((await new Client().get(link)).status, 200);
	await instance.sql('UPDATE outbox SET next_attempt_at = UTC_TIMESTAMP(3) WHERE sent_at IS NULL');
	await mailTo(state, held.email);
});

test('list, ring and tasks follow at once', async () => {
	const [[id]] = await instance.sql(`SELECT t.public_id FROM tenant t JOIN tenant_list l ON l.tenant_id = t.id WHERE t.tier = 3 AND l.admin_name IS NULL AND l.onboarding = 1
		AND t.tree_pos BETWEEN (SELECT tree_pos FROM tenant WHERE public_id = '${home.id}') AND (SELECT tree_pos FROM tenant WHERE public_id = '${home.id}') + 1125899906842623 LIMIT 1`);
	const get = async () => (await admin.get(`/customers/${id}.json`)).json, before_ = await get(), fields = person({ role: 'admin' });
	assert.equal(before_.admin, null);
	const one = await invite(admin, { id }, fields);
	let now = await get();
	assert.deepEqual(now.admin, { name: 'Ada Byron', pending: true });
	assert.equal(now.status.done, before_.status.done + 1);
	await accept(fields.email);
	now = await get();
	assert.deepEqual(now.admin, { name: 'Ada Byron', pending: false });
	const second = await invite(admin, { id }, person({ role: 'admin', first_name: 'Bea' }));
	await send(admin, path({ id }, second, '/cancel'), {});
	assert.deepEqual((await get()).admin, { name: 'Ada Byron', pending: false });
	assert.ok(one);
	const difference = await instance.dev(['tenantry', 'doctor']).catch((error) => error);
	assert.ok(!difference.code, `${difference.stdout}${difference.stderr}`);
});
