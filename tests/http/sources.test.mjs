// Billing sources through their forms: connecting, changing, disconnecting; accounts that are taken; what the tab shows.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const instance = given();
let admin, reseller, customer, sales, home, shop, own, foreign, number = Date.now() % 1e10;

before(async () => {
	const model = await Model.read(instance);
	[admin, reseller, customer, sales] = await Promise.all(['distributor', 'reseller', 'customer', 'distributorSales'].map((user) => loggedIn(user)));
	home = model.ofUser(USERS.distributor);
	shop = model.ofUser(USERS.reseller);
	own = model.ofUser(USERS.customer);
	foreign = model.named('Elbe Freight');
});

const account = () => String(990000000000 + ++number % 1e10).slice(-12).padStart(12, '9');
const fields = (more = {}) => ({ account: account(), report: 'cur-daily', location: 's3://example-billing/cur', ...more });
const path = (tenant, part = '') => `/customers/${tenant.id}/sources${part}`;

async function send(client, action, values, page = action) {
	const form = await client.get(page);
	assert.equal(form.status, 200, `GET ${page}`);
	return client.post(action, { token: form.token(action), ...values });
}

async function connect(client, tenant, values = fields()) {
	const answer = await send(client, path(tenant), values);
	assert.equal(answer.status, 303, answer.status === 303 ? '' : answer.html.one('main').text);
	const { json } = await client.get(path(tenant, '.json'));
	return json.sources.find((source) => source.account === values.account);
}

async function refused(client, tenant, values, status, text) {
	const answer = await send(client, path(tenant), values);
	assert.equal(answer.status, status, JSON.stringify(values));
	assert.match(answer.html.one('main').text, text);
	return answer;
}

const counts = async (tenant) => (await admin.get(`/customers/${tenant.id}/health.json`)).json.sources;

test('a source is connected once, counts above as not available, and is in Activity', async () => {
	const before = await Promise.all([home, shop, own].map(counts));
	const form = await admin.get(path(own)), values = { token: form.token(path(own)), ...fields() };
	const first = await admin.post(path(own), values), again = await admin.post(path(own), values);
	assert.deepEqual([first.status, first.location, again.status, again.location], [303, path(own), 303, path(own)]);
	const other = await admin.post(path(own), { ...values, account: account() });
	assert.equal(other.status, 409, 'the same number with another body');
	assert.notEqual(other.token(path(own)), values.token);
	const after = await Promise.all([home, shop, own].map(counts));
	for (let i = 0; i < 3; i++)
		assert.deepEqual(after[i], { ...before[i], not_available: before[i].not_available + 1 });
	const { json } = await admin.get(path(own, '.json')), source = json.sources.find((one) => one.account === values.account);
	assert.deepEqual(Object.keys(source), ['id', 'tenantId', 'account', 'report', 'location', 'state', 'since', 'lastRun', 'runs']);
	assert.deepEqual([source.tenantId, source.report, source.location, source.state, source.lastRun], [own.id, 'cur-daily', values.location, 'not_available', null]);
	assert.equal(json.history.length, 30);
	const [event] = (await admin.get(`/customers/${own.id}/activity.json`)).json.events;
	assert.equal(event.action, 'source.connect');
	assert.equal(event.changes.account.to, values.account);
});

test('what is no account and no S3 location is told at its field, and what was typed is kept', async () => {
	for (const wrong of ['12345678901', '1234567890123', '12345678901x', '１２３４５６７８９０１２', '']) {
		const answer = await refused(admin, own, fields({ account: wrong }), 422, /12 digits|fill this in|characters/);
		assert.equal(answer.html.one('input[name=account]').attr('value') ?? '', wrong);
		assert.equal(answer.html.one('input[name=account]').attr('aria-invalid'), 'true');
	}
	for (const wrong of ['https://example-billing/cur', 's3://', 's3://ab/cur', `s3://${'a'.repeat(64)}/cur`, 's3://Example/cur', 's3://exa_mple/cur', 's3://-example/cur',
		's3://example-/cur', 's3://exa..mple/cur', 's3://192.168.5.4/cur', 's3://xn--example/cur', 's3://sthree-example/cur', 's3://example-s3alias/cur', 's3://example--ol-s3/cur',
		's3://example.mrap/cur', 's3://example//cur', `s3://example/${'x'.repeat(1025)}`])
		await refused(admin, own, fields({ location: wrong }), 422, /bucket|S3 location|prefix|characters/);
	for (const good of ['s3://abc', 's3://exa.mple-1/cur/2026/', `s3://${'a'.repeat(63)}/cur`])
		assert.equal((await connect(admin, own, fields({ location: good }))).location, good);
});

test('an account is connected once within a distributor; outside of the scope the clash tells nothing', async () => {
	const taken = fields();
	await connect(admin, own, taken);
	await refused(admin, own, fields({ account: taken.account }), 422, new RegExp(`${own.name} has this account connected already`));
	await refused(reseller, own, fields({ account: taken.account }), 422, new RegExp(`${own.name} has this account connected already`));
	const outside = fields();
	await connect(admin, home, outside);
	await refused(reseller, own, fields({ account: outside.account }), 422, new RegExp(`This AWS account cannot be used here; ask ${home.name}`));
	await refused(customer, own, fields({ account: outside.account }), 422, new RegExp(`This AWS account cannot be used here; ask ${home.name}`));
	const [event] = (await admin.get(`/customers/${home.id}/activity.json`)).json.events;
	assert.equal(event.action, 'clash');
	/* another distributor has its own accounts */
	const other = await loggedIn('other');
	await connect(other, { id: (await other.get('/customers.json')).json.tenants[0].id }, taken);
});

test('an edit carries its version; a second one shows both values', async () => {
	const source = await connect(admin, own), edit = path(own, `/${source.id}`), changed = { report: 'cur-hourly', location: 's3://other-billing/x' };
	const page = await admin.get(edit), version = page.html.one('input[name=version]').attr('value');
	const values = { token: page.token(edit), account: source.account, version, ...changed };
	assert.equal((await admin.post(edit, values)).location, path(own));
	const answer = await admin.post(edit, { ...values, report: 'third' });
	assert.equal(answer.status, 409);
	assert.match(answer.html.one('main').text, /Stored now: cur-hourly/);
	assert.equal(answer.html.one('input[name=report]').attr('value'), 'third');
	assert.notEqual(answer.html.one('input[name=version]').attr('value'), version);
	const now = (await admin.get(path(own, '.json'))).json.sources.find(({ id }) => id === source.id);
	assert.deepEqual([now.report, now.location], [changed.report, changed.location]);
	const taken = await connect(admin, own);
	assert.equal((await send(admin, edit, { account: taken.account, report: 'x', location: changed.location, version: now.version ?? '2' })).status, 422);
});

test('a disconnection asks first; the account is free again', async () => {
	const source = await connect(admin, own), before = await counts(own), ask = path(own, `/${source.id}/disconnect`);
	const page = await admin.get(ask);
	assert.match(page.html.one('h1').text, new RegExp(`Disconnect account ${source.account}`));
	assert.equal((await admin.post(ask, { token: page.token(ask) })).location, path(own));
	assert.deepEqual(await counts(own), { ...before, not_available: before.not_available - 1 });
	assert.equal((await admin.get(ask)).status, 404);
	assert.equal((await admin.post(ask, { token: page.token(ask) })).status, 404);
	await connect(admin, shop, fields({ account: source.account }));
	const actions = (await admin.get(`/customers/${own.id}/activity.json`)).json.events.map(({ action }) => action);
	assert.ok(actions.includes('source.disconnect'));
});

test('who looks only sees no form; who acts as itself may connect; nobody changes what belongs to another tenant', async () => {
	const page = await sales.get(path(own));
	assert.equal(page.status, 200);
	assert.equal(page.html.one('input[name=account]'), null);
	assert.equal((await sales.post(path(own), { token: await sales.sessionToken(), ...fields() })).status, 403);
	const mine = await connect(customer, own);
	assert.ok(mine);
	const theirs = await connect(admin, shop);
	assert.equal((await customer.get(path(own, `/${theirs.id}`))).status, 404, 'a source of another tenant under the own address');
	assert.equal((await reseller.get(path(foreign))).status, 404);
	assert.equal((await admin.post(path(own, `/${theirs.id}/disconnect`), { token: await admin.sessionToken() })).status, 404);
});

test('the history of a tenant is that of everything below it, by day', async () => {
	const days = async (client, tenant) => (await client.get(path(tenant, '.json'))).json.history;
	const all = await days(admin, home), sum = (list, key) => list.reduce((total, day) => total + day[key], 0);
	const [[runs, rows]] = await instance.sql(`SELECT COUNT(*), SUM(r.row_count) FROM source_run r JOIN billing_source s ON s.id = r.source_id JOIN tenant t ON t.id = s.tenant_id
		WHERE t.deleted_at IS NULL AND s.distributor_id = (SELECT id FROM tenant WHERE public_id = '${home.id}') AND DATE(r.started_at) >= '${all[0].date}'`);
	assert.equal(['success', 'warning', 'failed', 'running'].reduce((total, key) => total + sum(all, key), 0), Number(runs));
	assert.equal(sum(all, 'rows'), Number(rows));
	const below = await days(reseller, shop);
	assert.deepEqual(below, await days(admin, shop), 'the same for who looks from above');
	assert.ok(sum(below, 'success') > 0 && sum(below, 'success') < sum(all, 'success'));
});
