// Contracts through their forms: added, saved as versions, marked as active, cancelled, superseded, compared, on an instance of its own.
import test, { after, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { add, day, deed, done, freshCustomer, get, problem, save, send, terms, wrong } from '../lib/contracts.mjs';
import { Client, USERS, PASSWORD, encode, formOf } from '../lib/http.mjs';
import { startInstance } from '../lib/instance.mjs';

let instance, distributor, reseller, customer, sales, other, home, own, below, sourced, otherBelow;

const login = (user) => new Client(instance.url).login(USERS[user], PASSWORD);
const events = async (client, id) => (await client.get(`/customers/${id}/activity.json`)).json.events;

const fresh = () => freshCustomer(reseller, own.id);

before(async () => {
	instance = await startInstance('http');
	[distributor, reseller, customer, sales, other] = await Promise.all(['distributor', 'reseller', 'customer', 'resellerSales', 'other'].map(login));
	const rows = (await distributor.get('/customers.json?maxResults=50&limit=200')).json.tenants;
	home = rows.find(({ tier }) => tier === 'distributor');
	[own] = (await reseller.get('/customers.json')).json.tenants;
	const [[id]] = await instance.sql(`SELECT t.public_id FROM tenant t JOIN user_account u ON u.tenant_id = t.id WHERE u.email = '${USERS.customer}'`);
	below = rows.find((row) => row.id === id);
	[[sourced]] = await instance.sql(`SELECT t.public_id FROM tenant t JOIN tenant r ON r.id = t.parent_id JOIN billing_source s ON s.tenant_id = t.id
		WHERE r.public_id = '${own.id}' AND s.disconnected_at IS NULL AND t.deleted_at IS NULL GROUP BY t.id ORDER BY COUNT(*) DESC LIMIT 1`);
	otherBelow = rows.find((row) => row.tier === 'customer' && row.parentId !== own.id);
});

after(() => instance?.discard());

test('a contract is added as a draft once, with every field, and read in every format', async () => {
	const [[first, second]] = [(await instance.sql(`SELECT s.account FROM billing_source s JOIN tenant t ON t.id = s.tenant_id
		WHERE t.public_id = '${sourced}' AND s.disconnected_at IS NULL ORDER BY s.account`)).flat()];
	const path = `/customers/${sourced}/contracts/new`, page = await reseller.get(path);
	assert.equal(page.status, 200);
	const accounts = [first, second].filter(Boolean);
	const fields = { ...formOf(page, path), ...terms({ name: 'Draft & <one> "first"', start: day(900), end: day(1000), prefix: 'Az0.-_', accounts: 'selected', account: accounts }),
		billing_name: 'Büro', billing_address: '1 Way\nFloor 2', billing_city: 'Köln', billing_zip: '50667', billing_state: 'NRW', billing_country: 'DE',
		invoice_email: 'Invoices@Example.COM', change_email: 'changes@example.com', notes: 'for us\nalone' };
	const answer = await reseller.post(path, encode(fields));
	assert.equal(answer.status, 303, `${problem(answer)} ${wrong(answer)}`);
	assert.equal((await reseller.post(path, encode(fields))).location, answer.location, 'the same form again is the same contract');
	const again = await reseller.post(path, encode({ ...fields, name: 'Another' }));
	assert.equal(again.status, 409);
	assert.equal(formOf(again, path).name, 'Another');
	const id = await done(answer), json = await get(reseller, id);
	assert.deepEqual(Object.keys(json).filter((key) => key !== 'notes'), ['id', 'tenantId', 'name', 'version', 'saved', 'status', 'start', 'end', 'renewal',
		'entitlement', 'prefix', 'accounts', 'billing', 'supersedes']);
	assert.deepEqual({ ...json, saved: null, billing: null }, { id, tenantId: sourced, name: fields.name, version: 1, saved: null, status: 'draft', start: day(900),
		end: day(1000), renewal: 'manual', entitlement: 'spp', prefix: 'Az0.-_', accounts, billing: null, notes: 'for us\nalone', supersedes: null });
	assert.deepEqual(json.billing, { name: 'Büro', address: '1 Way\nFloor 2', city: 'Köln', zip: '50667', state: 'NRW', country: 'DE',
		invoiceEmail: 'invoices@example.com', changeEmail: 'changes@example.com' });
	const shown = formOf(await reseller.get(`/contracts/${id}`), `/contracts/${id}`);
	for (const name of ['name', 'start', 'end', 'renewal', 'entitlement', 'prefix', 'accounts', 'account', 'billing_name', 'billing_address', 'billing_country', 'notes'])
		assert.deepEqual(shown[name], fields[name], name);
	assert.equal((await reseller.get(`/contracts/${id}.xml`)).xml.one('contract').attr('status'), 'draft');
	const [event] = await events(reseller, sourced);
	assert.equal(event.action, 'contract.create');
});

test('each field has its rule, and says it where it is', async () => {
	const tenant = await fresh(), path = `/customers/${tenant}/contracts/new`;
	const cases = [
		['name', '', /fill this in/], ['name', 'x'.repeat(201), /At most 200/], ['name', 'a‮b', /characters/],
		['start', '', /fill this in/], ['start', '2027-02-29', /date/], ['start', '2027-13-01', /date/], ['start', 'tomorrow', /date/], ['start', '9999-12-31', /9998/],
		['end', day(-1), /before the start/], ['end', '2027-04-31', /date/],
		['renewal', '', /choose one/], ['renewal', 'never', /choose one/], ['entitlement', '', /choose one/], ['entitlement', 'x', /choose one/],
		['prefix', '', /fill this in/], ['prefix', 'a'.repeat(11), /At most 10/], ['prefix', 'a b', /no other/], ['prefix', 'ä', /no other/],
		['accounts', 'some', /choose one/], ['accounts', 'selected', /no connected billing source/],
		['billing_country', 'XX', /choose one/], ['billing_country', 'de', /choose one/],
		['invoice_email', 'nobody', /e-mail/], ['change_email', 'a@', /e-mail/], ['notes', 'x'.repeat(4001), /At most 4000/],
	];
	for (const [field, value, message] of cases) {
		const answer = await send(reseller, path, path, terms({ [field]: value }));
		assert.equal(answer.status, 422, `${field} ${value}`);
		assert.equal(wrong(answer).length, 1, `${field} ${value}: ${wrong(answer)}`);
		assert.match(wrong(answer)[0], message, `${field} ${value}`);
		assert.equal(answer.html.one(`#contract-${field}`).attr('aria-invalid'), 'true', field);
		assert.equal(formOf(answer, path).entitlement, field === 'entitlement' ? '' : 'spp', 'what was typed is kept');
	}
	const account = await send(reseller, `/customers/${sourced}/contracts/new`, `/customers/${sourced}/contracts/new`, terms({ accounts: 'selected' }));
	assert.deepEqual([account.status, wrong(account)], [422, ['Please choose at least one.']]);
	const foreign = await send(reseller, `/customers/${sourced}/contracts/new`, `/customers/${sourced}/contracts/new`, terms({ accounts: 'selected', account: '000000000000' }));
	assert.deepEqual([foreign.status, wrong(foreign).length], [422, 1]);
	assert.equal((await reseller.get(`/customers/${tenant}/contracts.json`)).json.contracts.length, 0, 'nothing was written');
	for (const values of [{ prefix: '0' }, { end: '' }, { end: day(0) }, { start: '2028-02-29', end: '2028-02-29' }])
		await add(reseller, tenant, values);
});

test('invoicing is for end customers alone', async () => {
	const path = `/customers/${own.id}/contracts/new`, page = await distributor.get(path);
	assert.ok(!('prefix' in formOf(page, path)) && !('accounts' in formOf(page, path)));
	const id = await add(distributor, own.id, { start: day(2000), end: '', prefix: 'not for it', accounts: 'selected' });
	const json = await get(distributor, id);
	assert.deepEqual([json.prefix, json.accounts, json.end], [null, 'all', null]);
	assert.match((await distributor.get(`/customers/${home.id}/contracts/new`)).html.one('h1').text, /^Base contract/);
});

test('the direct parent alone makes contracts, acting as itself', async () => {
	const tenant = await fresh(), id = await add(reseller, tenant, { start: day(700), end: day(800) });
	const may = [[distributor, home.id, 200], [distributor, own.id, 200], [distributor, tenant, 403], [distributor, otherBelow.id, 403], [reseller, own.id, 403], [reseller, tenant, 200],
		[reseller, otherBelow.id, 404], [customer, below.id, 403], [sales, tenant, 403], [sales, otherBelow.id, 403], [other, tenant, 404]];
	for (const [client, of, status] of may) {
		const path = `/customers/${of}/contracts/new`;
		assert.equal((await client.get(path)).status, status, `GET ${of}`);
		if (status !== 200)
			assert.equal((await client.post(path, encode({ token: await client.sessionToken(), ...terms() }))).status, status, `POST ${of}`);
	}
	for (const [client, status] of [[distributor, 403], [customer, 404], [sales, 403], [other, 404]]) {
		for (const name of ['', '/activate', '/cancel', '/supersede']) {
			const answer = await client.post(`/contracts/${id}${name}`, encode({ token: await client.sessionToken(), ...terms(), version: '1', reason: 'no' }));
			assert.equal(answer.status, status, `${name} of the contract of another`);
		}
	}
	assert.equal((await get(reseller, id)).version, 1);
	assert.match((await distributor.get(`/contracts/${id}`)).html.one('main').text, /Switch to .* to change it/);
	await distributor.switchTo(own.id);
	assert.equal((await save(distributor, id, { name: 'By the distributor, as the reseller' })).status, 303);
	assert.equal((await get(reseller, id)).name, 'By the distributor, as the reseller');
	await distributor.switchTo('');
	const page = (await sales.get(`/contracts/${id}`)).html;
	assert.ok(!page.all('main form').some((form) => form.attr('method') === 'post'), 'who only looks has no form');
});

test('every save is a new version, none is overwritten, and two are compared', async () => {
	const tenant = await fresh(), id = await add(reseller, tenant, { notes: 'first note', billing_country: 'FR' });
	await done(save(reseller, id, { name: 'Second name', end: '', notes: 'second note', billing_country: 'DE' }));
	await done(save(reseller, id, { renewal: 'auto' }));
	await done(save(reseller, id, {}));
	assert.deepEqual([(await get(reseller, id)).version, (await get(reseller, id, '?version=1')).version], [4, 1]);
	const first = await get(reseller, id, '?version=1');
	assert.deepEqual([first.name, first.end, first.notes, first.renewal, first.billing.country], ['Test contract', day(30), 'first note', 'manual', 'FR']);
	const json = await get(reseller, id, '?compare=1,3');
	assert.deepEqual(json.versions.map(({ version, name }) => [version, name]), [[1, 'Test contract'], [3, 'Second name']]);
	assert.deepEqual(json.changed, ['name', 'end', 'renewal', 'billing_country', 'notes']);
	assert.deepEqual((await get(reseller, id, '?compare=3,4')).changed, []);
	const page = (await reseller.get(`/contracts/${id}?compare=1&with=2`)).html;
	const changed = page.all('tr.changed').map((row) => [row.one('th').text, row.all('td').map((cell) => cell.text)]);
	assert.deepEqual(changed, [['Name Changed', ['Test contract', 'Second name']], ['End Changed', [day(30), '---']],
		['Country Changed', ['France', 'Germany']], ['Notes Changed', ['first note', 'second note']]]);
	const xml = (await reseller.get(`/contracts/${id}.xml?compare=1,2`)).xml.one('comparison');
	assert.equal(xml.attr('changed'), '4');
	for (const [query, status] of [['?compare=1', 400], ['?compare=1,', 400], ['?compare=0,1', 400], ['?compare=a,b', 400], ['?compare=1,2,3', 400], ['?version=0', 400],
		['?version=x', 400], ['?version=5', 404], ['?compare=1,5', 404], ['?version=4', 200], ['?compare=2,2', 200]])
		assert.equal((await reseller.get(`/contracts/${id}${query}`)).status, status, query);
	assert.ok(!(await reseller.get(`/contracts/${id}?version=1`)).html.all('main form').some((form) => form.attr('method') === 'post'), 'an old version is read alone');
});

test('a second editor sees both values, and nothing is overwritten', async () => {
	const tenant = await fresh(), id = await add(reseller, tenant, {}), action = `/contracts/${id}`;
	const early = formOf(await reseller.get(action), action);
	await done(save(reseller, id, { name: 'Stored name' }));
	const late = await reseller.post(action, encode({ ...early, name: 'Typed name' }));
	assert.equal(late.status, 409);
	assert.match(late.html.one('#contract-name-stored').text, /Stored name/);
	assert.equal(formOf(late, action).name, 'Typed name');
	assert.deepEqual([(await get(reseller, id)).name, (await get(reseller, id)).version], ['Stored name', 2]);
	assert.equal((await reseller.post(action, encode({ ...early, name: '', version: '1' }))).status, 422, 'fields come before the version');
	assert.equal((await reseller.post(action, encode({ ...formOf(late, action) }))).status, 303, 'sent again, it is meant');
	const draft = formOf(await reseller.get(action), action);
	await done(deed(reseller, id, 'activate'));
	const stale = await reseller.post(action, encode({ ...draft, name: 'Thought it was a draft' }));
	assert.equal(stale.status, 409);
	assert.match(problem(stale), /status/);
	assert.equal((await deed(reseller, id, 'cancel', { reason: 'x', version: '1' })).status, 409);
	assert.equal((await deed(reseller, id, 'cancel', { reason: 'x', version: '3' })).status, 303);
});

test('two contracts of a customer are never in force on the same day: the second is told which one stands in the way', async () => {
	const tenant = await fresh();
	const first = await add(reseller, tenant, { name: 'The first & <only>', start: day(10), end: day(20) });
	await done(deed(reseller, first, 'activate'));
	assert.equal((await get(reseller, first)).status, 'scheduled');
	for (const [start, end] of [[day(20), ''], [day(0), day(10)], [day(12), day(13)], [day(-100), ''], [day(10), day(20)]]) {
		const second = await add(reseller, tenant, { name: 'Second', start, end });
		const answer = await deed(reseller, second, 'activate');
		assert.equal(answer.status, 422, `${start} ${end}`);
		assert.ok(problem(answer).includes(`“The first & <only>” is in force from ${day(10)} to ${day(20)}`), problem(answer));
		assert.equal((await get(reseller, second)).status, 'draft');
	}
	const before = await add(reseller, tenant, { name: 'Before', start: day(0), end: day(9) }), behind = await add(reseller, tenant, { name: 'Behind', start: day(21), end: '' });
	await done(deed(reseller, before, 'activate'));
	await done(deed(reseller, behind, 'activate'));
	assert.deepEqual([(await get(reseller, before)).status, (await get(reseller, behind)).status], ['active', 'scheduled']);
	const longer = await save(reseller, before, { end: day(10) });
	assert.equal(longer.status, 422);
	assert.match(problem(longer), /The first/);
	assert.equal(formOf(longer, `/contracts/${before}`).end, day(10));
	assert.equal((await save(reseller, behind, { start: day(20) })).status, 422);
	const moved = await save(reseller, before, { start: day(1) });
	assert.deepEqual([moved.status, wrong(moved).length], [422, 1], 'what has begun keeps its start');
	assert.equal((await save(reseller, before, { end: day(5), name: 'Shorter' })).status, 303);
	assert.equal((await deed(reseller, before, 'activate')).status, 422, 'it is no draft any more');
	const row = (await reseller.get(`/customers/${tenant}.json`)).json.contracts;
	assert.deepEqual(row, { active: 1, scheduled: 2, draft: 5 });
	await instance.dev(['tenantry', 'doctor']);
});

test('two admins activate at once: one contract is in force', async () => {
	const tenant = await fresh(), ids = [];
	for (let i = 0; i < 6; i++)
		ids.push(await add(reseller, tenant, { name: `Racer ${i}` }));
	const token = await reseller.sessionToken();
	const answers = await Promise.all(ids.map((id) => reseller.copy().post(`/contracts/${id}/activate`, { token })));
	assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 422, 422, 422, 422, 422]);
	const won = `Racer ${answers.findIndex(({ status }) => status === 303)}`;
	for (const answer of answers.filter(({ status }) => status === 422))
		assert.ok(problem(answer).includes(`“${won}”`), problem(answer));
	assert.deepEqual((await reseller.get(`/customers/${tenant}.json`)).json.contracts, { active: 1, draft: 5 });
});

test('cancelling asks for a reason, and ends drafts, scheduled and active contracts alone', async () => {
	const tenant = await fresh(), active = await add(reseller, tenant, {}), draft = await add(reseller, tenant, { name: 'Put aside' });
	await done(deed(reseller, active, 'activate'));
	const ask = await reseller.get(`/contracts/${active}/cancel`);
	assert.equal(ask.status, 200);
	assert.equal(ask.html.one('h1').text, 'Cancel Test contract?');
	assert.equal((await deed(reseller, active, 'cancel', { reason: '  ' })).status, 422);
	assert.equal((await get(reseller, active)).status, 'active');
	await done(send(reseller, `/contracts/${active}/cancel`, `/contracts/${active}/cancel`, { reason: 'Wanted something else.' }));
	assert.equal((await get(reseller, active)).status, 'cancelled');
	assert.match((await reseller.get(`/contracts/${active}`)).html.one('main').text, /Cancelled: Wanted something else\./);
	assert.equal((await deed(reseller, active, 'cancel', { reason: 'again' })).status, 422);
	for (const name of ['activate', 'supersede'])
		assert.equal((await deed(reseller, active, name)).status, 422, name);
	const edit = await reseller.post(`/contracts/${active}`, encode({ token: await reseller.sessionToken(), ...terms({ version: '1' }) }));
	assert.equal(edit.status, 422);
	assert.match(problem(edit), /cancelled/);
	await done(deed(reseller, draft, 'cancel', { reason: 'A mistake' }));
	assert.deepEqual((await reseller.get(`/customers/${tenant}.json`)).json.contracts, { cancelled: 2 });
	const [discarded, cancelled] = await events(reseller, tenant);
	assert.deepEqual([discarded.action, cancelled.action, cancelled.changes.reason], ['contract.discard', 'contract.cancel', 'Wanted something else.']);
	const free = await add(reseller, tenant, { name: 'In its place' });
	await done(deed(reseller, free, 'activate'));
	await instance.dev(['tenantry', 'doctor']);
});

test('a successor shortens what it supersedes to the day before', async () => {
	const tenant = await fresh(), old = await add(reseller, tenant, { name: 'Old terms', start: day(-100), end: '', change_email: 'told@example.com' });
	assert.equal((await deed(reseller, old, 'supersede')).status, 422, 'a draft is not superseded');
	await done(deed(reseller, old, 'activate'));
	const next = await done(send(reseller, `/contracts/${old}`, `/contracts/${old}/supersede`));
	assert.notEqual(next, old);
	const copy = await get(reseller, next);
	assert.deepEqual([copy.name, copy.status, copy.version, copy.start, copy.supersedes, copy.billing.changeEmail], ['Old terms', 'draft', 1, day(0), old, 'told@example.com']);
	await done(save(reseller, next, { name: 'New terms', start: day(5) }));
	const ask = (await reseller.get(`/contracts/${next}/activate`)).html.one('main').text;
	assert.match(ask, /Old terms ends on the day before/);
	await done(send(reseller, `/contracts/${next}/activate`, `/contracts/${next}/activate`));
	const shortened = await get(reseller, old);
	assert.deepEqual([shortened.status, shortened.end, shortened.version], ['active', day(4), 2]);
	assert.equal((await get(reseller, old, '?version=1')).end, null);
	assert.equal((await get(reseller, next)).status, 'scheduled');
	assert.match((await reseller.get(`/contracts/${old}`)).html.one('main').text, /Superseded by New terms/);
	assert.equal((await deed(reseller, old, 'supersede')).status, 422);
	const late = await add(reseller, tenant, { name: 'Late', start: day(4), end: day(4) });
	assert.match(problem(await deed(reseller, late, 'activate')), /Old terms/);
	const again = await done(deed(reseller, next, 'supersede'));
	await done(deed(reseller, again, 'activate'));
	const replaced = await get(reseller, next);
	assert.deepEqual([replaced.status, replaced.end], ['scheduled', day(4)], 'one that never begins is in nobody’s way');
	await instance.dev(['tenantry', 'doctor']);
});

test('the tenant itself sees neither drafts, nor what was said in them, nor notes', async () => {
	const id = await add(reseller, below.id, { name: 'Secret draft name', start: day(3000), end: day(3100), notes: 'between us' });
	const discarded = await add(reseller, below.id, { name: 'Discarded draft name', start: day(3000), end: '' });
	await done(deed(reseller, discarded, 'cancel', { reason: 'secret reason' }));
	const before = (await customer.get(`/customers/${below.id}.json`)).json.contracts;
	await done(save(reseller, id, { name: 'Second draft name' }));
	for (const path of [`/contracts/${id}`, `/contracts/${discarded}`, `/contracts/${id}?version=1`])
		assert.equal((await customer.get(path)).status, 404, path);
	await done(save(reseller, id, { name: 'Public name', notes: 'still between us' }));
	await done(deed(reseller, id, 'activate'));
	await done(save(reseller, id, { name: 'Public name, changed' }));
	const now = (await customer.get(`/customers/${below.id}.json`)).json.contracts;
	assert.equal((now.scheduled ?? 0) - (before.scheduled ?? 0), 1);
	assert.equal(now.cancelled, before.cancelled);
	for (const suffix of ['', '.json', '.xml']) {
		assert.deepEqual(await Promise.all([1, 2, 3, 4].map(async (version) => (await customer.get(`/contracts/${id}${suffix}?version=${version}`)).status)), [404, 404, 200, 200], suffix);
		assert.deepEqual(await Promise.all(['1,3', '3,2', '3,4'].map(async (two) => (await customer.get(`/contracts/${id}${suffix}?compare=${two}`)).status)), [404, 404, 200], suffix);
	}
	const seen = (await Promise.all([`/contracts/${id}`, `/contracts/${id}.json`, `/contracts/${id}.xml`, `/contracts/${id}?compare=3,4`, `/contracts/${id}.json?compare=3,4`,
		`/customers/${below.id}/contracts`, `/customers/${below.id}/activity`, `/customers/${below.id}/activity.json`].map(async (path) => (await customer.get(path)).body))).join('\n');
	assert.match(seen, /Public name/);
	assert.doesNotMatch(seen, /Secret draft|Second draft|Discarded|secret reason|between us/);
	assert.ok(!('notes' in await get(customer, id)));
	assert.equal((await customer.get(`/contracts/${id}`)).html.all('h2').filter(({ text }) => text === 'Versions').length, 1);
	assert.equal((await get(reseller, id, '?version=1')).name, 'Secret draft name', 'its maker reads all of it');
});

test('after a move the new parent reads what is in force, not what was drafted for it, nor the notes', async () => {
	const tenant = await fresh(), id = await add(reseller, tenant, { name: 'Drafted name', notes: 'of the former' });
	await done(save(reseller, id, { name: 'Active name' }));
	await done(deed(reseller, id, 'activate'));
	const ended = await add(reseller, tenant, { name: 'Ended draft' });
	const broken = await add(reseller, tenant, { name: 'Broken off', start: day(400), end: '' });
	await done(deed(reseller, broken, 'activate'));
	await done(deed(reseller, broken, 'cancel', { reason: 'A quarrel' }));
	const [[to]] = await instance.sql(`SELECT r.public_id FROM tenant r JOIN tenant d ON d.id = r.parent_id WHERE d.public_id = '${home.id}' AND r.tier = 2 AND r.public_id <> '${own.id}'
		AND r.suspended_at IS NULL LIMIT 1`);
	assert.equal((await send(distributor, `/customers/${tenant}/move`, `/customers/${tenant}/move`, { parent: to })).status, 303);
	assert.equal((await reseller.get(`/contracts/${id}`)).status, 404);
	const next = await login('distributor');
	await next.switchTo(to);
	assert.equal((await next.get(`/contracts/${ended}`)).status, 404);
	assert.equal((await next.get(`/contracts/${id}?version=1`)).status, 404);
	const json = await get(next, id);
	assert.equal(json.name, 'Active name');
	assert.ok(!('notes' in json));
	const activity = (await next.get(`/customers/${tenant}/activity.json`)).body;
	assert.doesNotMatch(activity, /Drafted name|Ended draft|Broken off|A quarrel/);
	assert.match((await distributor.get(`/customers/${tenant}/activity.json`)).body, /A quarrel/, 'the distributor reads all of it');
	await done(save(next, id, { name: 'Taken over', notes: 'of the next' }));
	assert.equal((await get(next, id)).notes, 'of the next');
	await done(deed(next, id, 'cancel', { reason: 'Starts anew' }));
	assert.equal((await get(next, id)).status, 'cancelled', 'what the new parent has done itself it still sees');
	assert.equal((await next.get(`/contracts/${id}?version=1`)).status, 404);
});

test('what the distributor has written as the former parent is the former parent\'s', async () => {
	const above = await login('distributor');
	const tenant = await fresh(), id = await add(reseller, tenant, { notes: 'between us' });
	await above.switchTo(own.id);
	await done(save(above, id, { name: 'Named from above' }));
	await done(save(above, id, { name: 'Named again' }));
	await done(deed(reseller, id, 'activate'));
	assert.equal((await get(reseller, id, '?version=2')).notes, 'between us');
	const [[to]] = await instance.sql(`SELECT r.public_id FROM tenant r JOIN tenant d ON d.id = r.parent_id WHERE d.public_id = '${home.id}' AND r.tier = 2 AND r.public_id <> '${own.id}'
		AND r.suspended_at IS NULL LIMIT 1`);
	assert.equal((await send(distributor, `/customers/${tenant}/move`, `/customers/${tenant}/move`, { parent: to })).status, 303);
	const next = await login('distributor');
	await next.switchTo(to);
	await done(save(next, id, { name: 'Taken over' }));
	assert.equal((await next.get(`/contracts/${id}?version=2`)).status, 404, 'a draft of the former parent');
	const third = await next.get(`/contracts/${id}?version=3`);
	assert.equal(third.status, 200);
	assert.doesNotMatch(third.body, /between us/);
	assert.ok(!('notes' in await get(next, id, '?version=3')));
	assert.match((await next.get(`/contracts/${id}.xml?version=3`)).body, /saved-by="former reseller"/);
	assert.equal((await get(distributor, id, '?version=3')).notes, 'between us', 'the distributor reads on');
});

test('tasks of the onboarding lead to the form, and follow', async () => {
	const tenant = await fresh();
	const task = async (client) => (await client.get(`/customers/${tenant}/onboarding`)).html.all('li').find((li) => li.text.includes('Create contract'));
	assert.equal((await task(reseller)).one('a').attr('href'), `/customers/${tenant}/contracts/new`);
	const form = (await task(distributor)).one('form');
	assert.equal(form.one('input[name=next]').attr('value'), `/customers/${tenant}/contracts/new`);
	assert.equal(form.one('input[name=tenant]').attr('value'), own.id);
	const id = await add(reseller, tenant, {});
	assert.match((await task(reseller)).text, /Open/);
	const count = async () => (await reseller.get(`/customers/${tenant}.json`)).json.status.done;
	const before = await count();
	await done(deed(reseller, id, 'activate'));
	assert.match((await task(reseller)).text, /Done/);
	assert.equal(await count(), before + 1);
});
