// API tokens: their page, and all that ends one, for good: revocation, expiry, suspension, deletion, a move, and the maker's loss of the right to make it.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { client, get, mine, post, tokenOf } from '../lib/api.mjs';
import { Client, PASSWORD, USERS, formOf, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const instance = given(), SECRET = /tenantry_[\w-]{43}/;
let model, top, shop, admin, write, ingest, number = Date.now() % 1e9;

before(async () => {
	model = await Model.read(instance);
	[top, shop] = ['distributor', 'reseller'].map((user) => model.ofUser(USERS[user]));
	admin = await loggedIn('distributor');
	[write, ingest] = [await tokenOf(top.id, 'write'), await tokenOf(top.id, 'ingest')];
});

async function tenant(parent, name) {
	const made = await post(write, '/api/v1/tenants', { parentId: parent, domain: `t${++number}-${mine}.example`, name });
	assert.equal(made.status, 201, JSON.stringify(made.json));
	return made.json.id;
}

const act = async (id, action, fields = {}, by = admin) =>
	assert.equal((await by.post(`/customers/${id}/${action}`, { token: await by.sessionToken(), ...fields })).status, 303, action);
const alive = async (token) => (await get(token, '/api/v1/tenants?maxResults=1')).status;

// Made on the page, by whoever CLIENT is.
async function made(by, id, fields = {}) {
	const page = `/customers/${id}/tokens`;
	const answer = await by.post(page, { token: (await by.get(page)).token(page), name: `token ${++number}`, scope: 'read', expires: '', ...fields });
	assert.equal(answer.status, 200, answer.body.slice(0, 200));
	return SECRET.exec(answer.body)[0];
}

async function row(id, secret) {
	const [[hashed]] = await instance.sql(`SELECT public_id FROM api_token WHERE token_hash = UNHEX(SHA2('${secret}', 256))`);
	return (await admin.get(`/customers/${id}/tokens.json`)).json.tokens.find((token) => token.id === hashed);
}

// A user of the distributor, logged in.
async function someone(role, child) {
	const email = `maker-${mine}-${++number}@mail.example`, id = `MAKER${number}`;
	await instance.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at)
		SELECT '${id}', tenant_id, '${email}', 'Ada', 'Byron', 'founder', '${role}', '${child}', password_hash, invited_at, activated_at FROM user_account WHERE email = '${USERS.distributor}'`);
	return { email, id, client: await new Client().login(email, PASSWORD) };
}

// Sends the form of a user with other values.
async function edit({ id }, fields) {
	const path = `/customers/${top.id}/users/${id}`, answer = await admin.post(path, { ...formOf(await admin.get(path), path), ...fields });
	assert.equal(answer.status, 303, answer.status === 303 ? '' : answer.html.one('main').text);
}

test('a token is shown once, by the answer that made it; a repeat says only that it was done', async () => {
	const page = `/customers/${top.id}/tokens`, fields = { token: (await admin.get(page)).token(page), name: `shown ${mine}`, scope: 'read', expires: '' };
	const shown = await admin.post(page, fields), secret = SECRET.exec(shown.body)?.[0];
	assert.equal(shown.status, 200);
	assert.equal(shown.headers['cache-control'], 'no-store');
	const repeated = await admin.post(page, fields);
	assert.deepEqual([repeated.status, SECRET.test(repeated.body)], [200, false]);
	assert.match(repeated.html.one('main').text, /was made before/);
	const other = await admin.post(page, { ...fields, name: 'another' });
	assert.equal(other.status, 409);
	assert.equal(formOf(other, page).name, 'another', 'what was typed stays');
	for (const suffix of ['', '.json', '.xml', '.csv'])
		assert.ok(!SECRET.test((await admin.get(`${page}${suffix}`)).body), suffix);
	assert.equal(await alive(secret), 200);
	assert.deepEqual(await instance.sql(`SELECT COUNT(*) FROM api_token WHERE token_hash = UNHEX(SHA2('${secret}', 256)) AND name = 'shown ${mine}'`), [['1']]);
	assert.ok((await row(top.id, secret)).used, 'its last use is told');
});

test('a token that is revoked ends at once; nothing but the asking page is changed by GET', async () => {
	const secret = await made(admin, top.id), { id } = await row(top.id, secret), revoke = `/customers/${top.id}/tokens/${id}/revoke`;
	assert.equal((await admin.get(revoke)).status, 200);
	assert.equal(await alive(secret), 200);
	assert.equal((await admin.post(revoke, { token: await admin.sessionToken() })).status, 303);
	assert.equal(await alive(secret), 401);
	assert.equal((await row(top.id, secret)).state, 'Revoked');
	assert.equal((await admin.post(revoke, { token: await admin.sessionToken() })).status, 303, 'once more is no fault');
});

test('a token expires; the form takes a last day from today to a year away', async () => {
	const page = `/customers/${top.id}/tokens`, day = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);
	for (const expires of [day(-1), day(366), '2026-02-30', 'soon']) {
		const answer = await admin.post(page, { token: (await admin.get(page)).token(page), name: 'late', scope: 'read', expires });
		assert.equal(answer.status, 422, expires);
		assert.equal(answer.html.one('input[name=expires]').attr('aria-invalid'), 'true');
	}
	const today = await row(top.id, await made(admin, top.id, { expires: day(0) }));
	assert.equal(today.expires, `${day(1)}T00:00:00Z`, 'until that day ends in the tree\'s zone');
	const secret = await made(admin, top.id, { expires: day(365) });
	assert.equal(await alive(secret), 200);
	await instance.sql(`UPDATE api_token SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE token_hash = UNHEX(SHA2('${secret}', 256))`);
	assert.equal(await alive(secret), 401);
	assert.equal((await row(top.id, secret)).state, 'Expired');
});

test('a tenant has 100 active tokens at most, which all stand on its page before newer ones that have ended', async () => {
	const id = await tenant(top.id, 'Full'), page = `/customers/${id}/tokens`, oldest = await tokenOf(id, 'read');
	const put = (name, count, ended) => instance.sql(`INSERT INTO api_token (public_id, tenant_id, name, scope, token_hash, made_at, maker_name, expires_at, ended_at, ended_why)
		SELECT CONCAT('${name}', t.id, 'N', n.seq), t.id, '${name}', 'read', UNHEX(SHA2(CONCAT('${name}', t.id, 'N', n.seq), 256)), UTC_TIMESTAMP(3), 'X', '2099-01-01', ${ended}
		FROM tenant t JOIN seq_1_to_${count} n WHERE t.public_id = '${id}'`);
	await put('L', 98, 'NULL, NULL');
	const last = await made(admin, id);
	await put('E', 600, "UTC_TIMESTAMP(3), 'revoked'");
	const fields = { token: (await admin.get(page)).token(page), name: 'one more', scope: 'read', expires: '' }, refused = await admin.post(page, fields);
	assert.equal(refused.status, 422);
	assert.match(refused.html.one('main').text, /as many active tokens here as there may be/);
	await assert.rejects(tokenOf(id, 'read'), /as many active tokens as it may have/);
	const { tokens } = (await admin.get(`${page}.json`)).json;
	assert.deepEqual(tokens.map(({ state }) => state), [...Array(100).fill('Active'), ...Array(400).fill('Revoked')]);
	assert.equal((await admin.post(`${page}/${tokens[99].id}/revoke`, { token: await admin.sessionToken() })).status, 303);
	assert.deepEqual([await alive(oldest), await alive(last)], [401, 200]);
	assert.equal((await admin.post(page, fields)).status, 200, 'there is room again');
});

test('a suspension ends the tokens of the tenant and of all below, and its end does not bring them back', async () => {
	const above = await tenant(top.id, 'Suspended'), below = await tenant(above, 'Below it');
	const tokens = [await tokenOf(above, 'read'), await made(admin, above), await tokenOf(below, 'read'), await made(admin, below)];
	for (const token of tokens)
		assert.equal(await alive(token), 200);
	await act(above, 'suspend');
	for (const token of tokens)
		assert.equal(await alive(token), 401);
	await act(above, 'reactivate');
	for (const token of tokens)
		assert.equal(await alive(token), 401, 'it has ended');
	assert.equal((await row(below, tokens[3])).state, 'Ended');
	const page = await admin.get(`/customers/${below}/tokens`);
	assert.match(page.html.one('main').text, /by a suspension/);
});

test('runs of a suspended tenant are still taken from tokens above', async () => {
	const above = await tenant(top.id, 'Runs above'), below = await tenant(above, 'Runs below'), path = `/customers/${below}/sources`;
	const account = String(880000000000 + ++number % 1e10), own = await tokenOf(below, 'ingest'), middle = await tokenOf(above, 'ingest');
	assert.equal((await admin.post(path, { token: (await admin.get(path)).token(path), account, report: 'cur-daily', location: 's3://example-billing/cur' })).status, 303);
	const run = (minute) => ({ started: new Date(Date.now() - minute * 6e4).toISOString(), finished: new Date(Date.now() - minute * 6e4 + 1000).toISOString(), status: 'success', rows: 7, period: '2026-11' });
	const report = async (token, minute) => (await post(token, `/api/v1/sources/${account}/runs`, run(minute))).status;
	assert.equal(await report(own, 50), 201);
	await act(below, 'suspend');
	assert.equal(await report(own, 40), 401);
	assert.deepEqual([await report(middle, 30), await report(ingest, 20)], [201, 201]);
	await act(above, 'suspend');
	assert.equal(await report(middle, 10), 401, 'its own tenant is suspended now');
	assert.equal(await report(ingest, 5), 201);
	assert.deepEqual(await instance.sql(`SELECT COUNT(*) FROM source_run r JOIN billing_source s ON s.id = r.source_id WHERE s.account = '${account}'`), [['4']]);
});

test('a deletion ends the tokens, and the restored tenant has none of them', async () => {
	const id = await tenant(shop.id, 'Deleted'), tokens = [await tokenOf(id, 'read'), await made(admin, id)];
	await act(id, 'delete');
	for (const token of tokens)
		assert.equal(await alive(token), 401);
	await act(id, 'restore');
	for (const token of tokens)
		assert.equal(await alive(token), 401, 'it has ended');
	assert.equal((await row(id, tokens[1])).state, 'Ended');
});

test('a move ends what the former parent has made, by itself or by somebody who acted as it, and nothing else', async () => {
	const to = await tenant(top.id, 'New parent'), id = await tenant(shop.id, 'Moved');
	const reseller = await loggedIn('reseller'), acting = await (await loggedIn('distributor')).switchTo(shop.id);
	const theirs = [await made(reseller, id), await made(acting, id)], others = [await made(admin, id), await tokenOf(id, 'read')];
	await act(id, 'move', { parent: to });
	for (const token of theirs)
		assert.equal(await alive(token), 401);
	for (const token of others)
		assert.equal(await alive(token), 200);
	await act(id, 'move', { parent: shop.id });
	for (const token of theirs)
		assert.equal(await alive(token), 401, 'it has ended');
});

test('a token ends when its maker loses the role, the role for customers, or is deleted or disabled, and the role does not bring it back', async () => {
	const own = await someone('admin', 'none'), first = await made(own.client, top.id), second = await made(own.client, shop.id);
	await edit(own, { role: 'sales' });
	assert.deepEqual([await alive(first), await alive(second)], [401, 401]);
	await edit(own, { role: 'admin' });
	assert.deepEqual([await alive(first), await alive(second)], [401, 401], 'it has ended');
	assert.match((await admin.get(`/customers/${top.id}/tokens`)).html.one('main').text, /its maker may not make it any more/);

	const child = await someone('sales', 'admin');
	await child.client.switchTo(shop.id);
	const below = await made(child.client, shop.id);
	assert.equal(await alive(below), 200);
	await edit(child, { child_role: 'sales' });
	assert.equal(await alive(below), 401);

	const both = await someone('admin', 'admin');
	const kept = await made(both.client, shop.id);
	await edit(both, { child_role: 'none' });
	assert.equal(await alive(kept), 200, 'the own role does');
	await act(top.id, `users/${both.id}/delete`);
	assert.equal(await alive(kept), 401);

	const locked = await someone('admin', 'none'), last = await made(locked.client, top.id);
	await instance.dev(['tenantry', 'user', 'disable', locked.email]);
	assert.equal(await alive(last), 401);
});

test('only admins see and make tokens, of their own tenant and of those below', async () => {
	const [sales, customer, other] = await Promise.all(['distributorSales', 'customer', 'other'].map((user) => loggedIn(user)));
	const own = model.ofUser(USERS.customer), pageOf = (id) => `/customers/${id}/tokens`;
	for (const [who, id, status] of [[sales, top.id, 403], [sales, shop.id, 403], [customer, own.id, 200], [customer, shop.id, 404], [other, shop.id, 404], [admin, own.id, 200]])
		for (const suffix of ['', '.json', '.xml', '.csv'])
			assert.equal((await who.get(`${pageOf(id)}${suffix}`)).status, status, `${id}${suffix}`);
	const secret = await made(customer, own.id), { id } = await row(own.id, secret);
	assert.deepEqual((await get(secret, '/api/v1/tenants')).json.tenants.map((tenant) => tenant.id), [own.id]);
	for (const [who, of, status] of [[sales, own.id, 403], [other, own.id, 404], [customer, top.id, 404], [admin, shop.id, 404]]) {
		assert.equal((await who.get(`${pageOf(of)}/${id}/revoke`)).status, status);
		assert.equal((await who.post(`${pageOf(of)}/${id}/revoke`, { token: await who.sessionToken() })).status, status);
		assert.equal(await alive(secret), 200);
	}
	assert.equal((await admin.post(`${pageOf(own.id)}/${id}/revoke`, { token: await admin.sessionToken() })).status, 303);
	assert.equal(await alive(secret), 401);
});

test('the API sees no cookie, pages see no token', async () => {
	for (const address of ['/api/v1/tenants', `/api/v1/tenants/${top.id}`, '/api/v1/contracts', '/api/v1/sources'])
		assert.equal((await admin.get(address)).status, 401, address);
	const read = { headers: { Authorization: `Bearer ${await tokenOf(top.id, 'read')}` } };
	assert.equal((await client.get('/customers', read)).location, '/login?next=%2Fcustomers');
	assert.equal((await client.get(`/customers/${top.id}`, read)).status, 303);
	const both = await admin.get('/account', read);
	assert.equal(both.status, 200, 'the session counts, the token does not');
	// Between password and code there is no session, and the cookie from before the login is none.
	const visitor = new Client();
	await visitor.get('/login');
	assert.ok(visitor.jar.size > 0);
	assert.equal((await visitor.get('/api/v1/tenants')).status, 401);
});
