// Adding, changing, moving, suspending, deleting and restoring customers through their forms, on an instance of its own.
import test, { after, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, USERS, PASSWORD } from '../lib/http.mjs';
import { startInstance, until } from '../lib/instance.mjs';

let instance, distributor, reseller, other, home, resellers, otherHome;

const login = (user) => new Client(instance.url).login(USERS[user], PASSWORD);
const doctor = () => instance.dev(['tenantry', 'doctor']);
const path = (id, part = '') => `/customers/${id}${part && `/${part}`}`;

async function list(client, query = '') {
	return (await client.get(`/customers.json?maxResults=50&limit=200${query}`)).json;
}

async function tenant(client, id) {
	return (await client.get(`/customers/${id}.json`)).json;
}

// The form of a page whose action is ACTION: its fields with their values, and its token.
function form(answer, action) {
	const found = answer.html.all('form').find((one) => one.attr('action') === action);
	assert.ok(found, `a form ${action} in ${answer.url}: ${answer.status}`);
	const fields = {};
	for (const input of found.all('input'))
		fields[input.attr('name')] = input.attr('value') ?? '';
	for (const select of found.all('select')) {
		const chosen = select.all('option').find((option) => option.attr('selected') !== undefined && option.attr('selected') !== null);
		fields[select.attr('name')] = chosen?.attr('value') ?? '';
	}
	return fields;
}

async function send(client, page, action, values, options) {
	const fields = form(await client.get(page), action);
	return client.post(action, { ...fields, ...values }, options);
}

let number = 0;
const fresh = () => `new-${++number}-${process.pid}.example`;

async function add(client, parent, name, domain = fresh()) {
	const answer = await send(client, '/customers/new', '/customers/new', { parent, name, domain });
	assert.equal(answer.status, 303, `${name}: ${answer.body.slice(0, 3000)}`);
	return /^\/customers\/([A-Z0-9]+)\/admin$/.exec(answer.location)[1];
}

before(async () => {
	instance = await startInstance('http');
	[distributor, reseller, other] = await Promise.all(['distributor', 'reseller', 'other'].map(login));
	const rows = (await list(distributor)).tenants;
	home = rows.find(({ tier }) => tier === 'distributor');
	const own = (await list(reseller)).tenants[0].id;
	resellers = rows.filter(({ tier }) => tier === 'reseller');
	resellers = [resellers.find(({ id }) => id === own), ...resellers.filter(({ id }) => id !== own)];
	otherHome = (await list(other)).tenants[0];
});

after(() => instance?.discard());

test('a customer is added once, stands at its place, and the second step can be left for later', async () => {
	const total = (await list(distributor)).rowCount;
	const page = await distributor.get('/customers/new');
	const fields = { ...form(page, '/customers/new'), parent: resellers[0].id, name: 'Aaa first & <last>', domain: fresh() };
	const first = await distributor.post('/customers/new', fields);
	assert.equal(first.status, 303);
	const again = await distributor.post('/customers/new', fields);
	assert.equal(again.status, 303);
	assert.equal(again.location, first.location);
	const changed = await distributor.post('/customers/new', { ...fields, name: 'Aaa second' });
	assert.equal(changed.status, 409);
	const kept = form(changed, '/customers/new');
	assert.equal(kept.name, 'Aaa second');
	assert.notEqual(kept.token, fields.token);
	const after = await list(distributor);
	assert.equal(after.rowCount, total + 1);
	const at = after.tenants.findIndex(({ name }) => name === fields.name);
	const above = after.tenants.findIndex(({ id }) => id === resellers[0].id);
	assert.ok(above < at && !after.tenants.slice(above + 1, at).some(({ name }) => /^[a-z]/i.test(name)), 'before its siblings');
	const id = /([A-Z0-9]+)\/admin$/.exec(first.location)[1];
	assert.equal(after.tenants[at].id, id);
	assert.deepEqual(after.tenants[at].status, { complete: false, done: 0, total: 5 });
	const step = await distributor.get(first.location);
	assert.equal(step.status, 200);
	assert.ok(step.html.all('a').some((link) => link.text.trim() === 'Complete later' && link.attr('href') === '/customers'));
	const events = (await distributor.get(path(id, 'activity.json'))).json.events;
	assert.equal(events[0].action, 'tenant.create');
	assert.equal(events[0].changes.name.to, fields.name);
	await doctor();
});

test('the same form sent eight times at once adds one customer', async () => {
	const fields = { ...form(await reseller.get('/customers/new'), '/customers/new'), name: 'Eight at once', domain: fresh() };
	assert.equal(fields.parent, resellers[0].id, 'the only choice is made');
	const answers = await Promise.all(Array.from({ length: 8 }, () => reseller.copy().post('/customers/new', fields)));
	assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
	assert.equal(new Set(answers.map(({ location }) => location)).size, 1);
	assert.equal((await list(reseller, '&q=eight+at+once')).rowCount, 1);
});

test('a distributor adds resellers, a reseller end customers alone; others add nothing', async () => {
	const id = await add(distributor, home.id, 'Zz new reseller');
	assert.equal((await tenant(distributor, id)).tier, 'reseller');
	const below = await add(distributor, id, 'Below the new one');
	assert.equal((await tenant(distributor, below)).parentId, id);
	for (const parent of [home.id, resellers[1].id, otherHome.id, below, 'NOSUCHTENANT', '']) {
		const answer = await send(reseller, '/customers/new', '/customers/new', { parent, name: 'No', domain: fresh() });
		assert.equal(answer.status, 422, parent);
		assert.equal(form(answer, '/customers/new').name, 'No');
	}
	const [sales, customer] = await Promise.all(['distributorSales', 'customer'].map(login));
	for (const client of [sales, customer]) {
		assert.equal((await client.get('/customers/new')).status, 403);
		assert.equal((await client.post('/customers/new', { token: await client.sessionToken(), parent: home.id })).status, 403);
	}
	assert.ok(!(await sales.get('/customers')).body.includes('Add customer'));
	assert.ok((await distributor.get('/customers')).html.all('a').some((link) => link.text.trim() === 'Add customer'));
});

test('the search for a parent keeps what was typed', async () => {
	const page = await distributor.get(`/customers/new?parent=${resellers[1].id}`);
	assert.equal(form(page, '/customers/new').parent, resellers[1].id);
	const answer = await distributor.post('/customers/new', { ...form(page, '/customers/new'), name: 'Typed', domain: 'no domain',
		parent_q: resellers[0].name, find: '1' });
	assert.equal(answer.status, 200);
	const kept = form(answer, '/customers/new');
	assert.equal(kept.name, 'Typed');
	assert.equal(kept.domain, 'no domain');
	assert.equal(kept.parent, resellers[1].id);
	assert.ok(answer.html.all('option').some((option) => option.attr('value') === resellers[0].id));
	assert.equal((await list(distributor, '&q=typed')).rowCount, 0);
});

test('a taken domain is named within the scope, and not told of outside', async () => {
	const domain = fresh();
	await add(distributor, resellers[1].id, 'Holder of a domain', domain);
	const inside = await send(distributor, '/customers/new', '/customers/new', { parent: resellers[0].id, name: 'X', domain });
	assert.equal(inside.status, 422);
	assert.match(inside.body, /Holder of a domain has this domain already/);
	const outside = await send(reseller, '/customers/new', '/customers/new', { name: 'X', domain });
	assert.equal(outside.status, 422);
	assert.ok(!outside.body.includes('Holder'));
	const reserved = await send(reseller, '/customers/new', '/customers/new', { name: 'X', domain: 'some.invalid' });
	const words = (answer) => /This domain cannot be used here[^<]*/.exec(answer.body)?.[0];
	assert.ok(words(outside));
	assert.equal(words(outside), words(reserved));
	assert.equal(words(await send(reseller, '/customers/new', '/customers/new', { name: 'X', domain: home.domain })), words(reserved));
	let status = 422;
	for (let i = 0; i < 10 && status === 422; i++)
		({ status } = await send(reseller, '/customers/new', '/customers/new', { name: 'X', domain }));
	assert.equal(status, 429);
	const free = { name: 'X', domain: fresh() };
	assert.equal((await send(reseller, '/customers/new', '/customers/new', free)).status, 429, 'what is free is not told from what is taken any more');
	assert.ok((await distributor.get(path(home.id, 'activity.json'))).json.events.filter(({ action }) => action === 'clash').length >= 9);
	assert.ok(!(await distributor.get(path(resellers[1].id, 'activity.json'))).json.events.some(({ action }) => action === 'clash'));
	await add(other, (await list(other)).tenants.find(({ tier }) => tier === 'reseller').id, 'Another tree', domain);
	await instance.sql('DELETE FROM clash');
});

test('a profile is edited, and a second editor sees both values', async () => {
	const id = await add(distributor, resellers[0].id, 'Mmm middle');
	const early = form(await reseller.get(path(id)), path(id));
	const domain = fresh();
	const saved = await send(distributor, path(id), path(id), { name: 'Aab renamed', domain });
	assert.equal(saved.status, 303);
	const late = await reseller.post(path(id), { ...early, name: 'Nobody sees this' });
	assert.equal(late.status, 409);
	assert.match(late.body, /Aab renamed/);
	assert.equal(form(late, path(id)).name, 'Nobody sees this');
	assert.equal((await tenant(distributor, id)).name, 'Aab renamed');
	const rows = (await list(reseller)).tenants.map(({ name }) => name);
	assert.ok(rows.indexOf('Aab renamed') < rows.indexOf('Eight at once'), 'it has moved up');
	assert.equal((await reseller.post(path(id), { ...form(late, path(id)), name: 'Zzz last' })).status, 303);
	const later = (await list(reseller)).tenants.map(({ name }) => name);
	assert.ok(later.indexOf('Zzz last') > later.indexOf('Eight at once'), 'and down again');
	const [event] = (await distributor.get(path(id, 'activity.json'))).json.events;
	assert.deepEqual(event.changes.name, { from: 'Aab renamed', to: 'Zzz last' });
	assert.equal((await send(reseller, path(id), path(id), { name: '' })).status, 422);
	assert.equal((await list(distributor, '&q=zzz+last')).rowCount, 1, 'found by its new name');
	assert.equal((await list(distributor, '&q=mmm+middle')).rowCount, 0);
	await doctor();
});

test('the acting tenant changes its own name, never its own domain', async () => {
	const own = resellers[0];
	const fields = form(await reseller.get(path(own.id)), path(own.id));
	assert.ok(!('domain' in fields));
	assert.equal((await reseller.post(path(own.id), { ...fields, name: 'Aa own name', domain: fresh() })).status, 303);
	const now = await tenant(distributor, own.id);
	assert.equal(now.name, 'Aa own name');
	assert.equal(now.domain, own.domain);
	assert.equal((await send(reseller, path(own.id), path(own.id), { name: own.name })).status, 303);
	for (const part of ['move', 'suspend', 'delete'])
		assert.equal((await reseller.post(path(own.id, part), { token: await reseller.sessionToken() })).status, 403, part);
	const sales = await login('resellerSales');
	assert.ok(!(await sales.get(path(own.id))).html.all('form').some((one) => one.attr('action') === path(own.id)));
	assert.equal((await sales.post(path(own.id), { token: await sales.sessionToken(), name: 'No' })).status, 403);
	await doctor();
});

test('who renames the tenant that it acts for keeps its place in the session while the tenant takes another in the tree', async () => {
	const customer = await login('customer'), id = (await customer.get('/')).location.split('/').pop(), name = (await tenant(customer, id)).name;
	for (const [client, own, former] of [[customer, id, name], [reseller, resellers[0].id, resellers[0].name]]) {
		for (const next of ['0000 first', 'zzzz last', former]) {
			assert.equal((await send(client, path(own), path(own), { name: next })).status, 303, `${former} to ${next}`);
			assert.equal((await tenant(client, own)).name, next);
			assert.equal((await tenant(distributor, own)).name, next);
		}
	}
	await doctor();
});

test('a reseller is renamed from above while its admin works: nothing of it is not there for a moment', async () => {
	const id = await add(reseller, resellers[0].id, 'Busy meanwhile'), customer = path(id);
	let renaming = true;
	const above = (async () => {
		for (let i = 0; i < 30; i++)
			assert.equal((await send(distributor, path(resellers[0].id), path(resellers[0].id), { name: i % 2 ? '0000 first' : 'zzzz last' })).status, 303);
		assert.equal((await send(distributor, path(resellers[0].id), path(resellers[0].id), { name: resellers[0].name })).status, 303);
		renaming = false;
	})();
	const client = reseller.copy();
	for (let i = 0; renaming; i++) {
		assert.equal((await client.get(`${customer}.json`)).status, 200, `look ${i}`);
		assert.equal((await send(client, customer, customer, { name: `Busy ${i}` })).status, 303, `rename ${i}`);
	}
	await above;
	await doctor();
});

test('a reseller with customers is renamed past the others', async () => {
	const before = await list(distributor, `&q=${encodeURIComponent(resellers[0].name)}&below=1`);
	const page = path(resellers[0].id);
	assert.equal((await send(distributor, page, page, { name: 'zzzz at the end' })).status, 303);
	const rows = (await list(distributor)).tenants.filter(({ tier }) => tier === 'reseller');
	const at = rows.findIndex(({ id }) => id === resellers[0].id);
	assert.ok(rows.slice(0, at).every(({ name }) => name < 'zzzz') && !rows.slice(at + 1).some(({ name }) => /^[a-z]/i.test(name)));
	assert.equal((await list(distributor, '&q=zzzz+at+the+end&below=1')).rowCount, before.rowCount);
	await doctor();
	assert.equal((await send(distributor, page, page, { name: resellers[0].name })).status, 303);
	await doctor();
});

test('a moved customer is the new reseller\'s, and what the former one keeps to itself stays hidden', async () => {
	const id = await add(reseller, resellers[0].id, 'Moving company');
	const [[key]] = await instance.sql(`SELECT id FROM tenant WHERE public_id = '${id}'`);
	const [[former]] = await instance.sql(`SELECT id FROM tenant WHERE public_id = '${resellers[0].id}'`);
	await instance.sql(`INSERT INTO contract (public_id, tenant_id, made_by_tenant_id, stored_status, version, name, start_date, created_at, visible_from)
		VALUES ('MOVEDRAFT', ${key}, ${former}, 'draft', 1, 'Secret draft', CURRENT_DATE, NOW(), NULL), ('MOVEREADY', ${key}, ${former}, 'ready', 1,
		'Open contract', '2020-01-01', NOW(), 1), ('MOVEGONE', ${key}, ${former}, 'cancelled', 1, 'Secret cancelled', '2020-01-01', NOW(), NULL);
		INSERT INTO contract_version (contract_id, version, saved_at, saved_by_name, saved_by_tenant_id, name, start_date, renewal,
		entitlement, notes) SELECT id, 1, NOW(), 'Former Author', ${former}, name, start_date, 'auto', 'none', 'Secret notes' FROM contract
		WHERE tenant_id = ${key};
		INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, role, invited_at, invited_by_tenant_id,
		invitation_expires_at) VALUES ('MOVEUSER', ${key}, 'pending@moving.example', 'Pen', 'Ding', 'admin', NOW(), ${former}, NOW())`);
	await instance.dev(['tenantry', 'doctor', '--mend']);
	assert.equal((await tenant(distributor, id)).contracts.draft ?? 0, 1);
	const rowsBefore = await Promise.all(resellers.slice(0, 2).map(({ name }) =>
		list(distributor, `&q=${encodeURIComponent(name)}&below=1`)));
	assert.equal((await reseller.get(path(id, 'move'))).status, 403, 'a reseller knows no other');
	const page = `${path(id, 'move')}?parent=${resellers[1].id}`;
	const same = await send(distributor, page, path(id, 'move'), { parent: resellers[0].id });
	assert.equal(same.status, 422);
	for (const parent of [home.id, otherHome.id, id, ''])
		assert.equal((await send(distributor, page, path(id, 'move'), { parent })).status, 422, parent);
	assert.equal((await send(distributor, page, path(id, 'move'), {})).status, 303);
	assert.equal((await reseller.get(path(id))).status, 404);
	assert.equal((await tenant(distributor, id)).parentId, resellers[1].id);
	const rowsAfter = await Promise.all(resellers.slice(0, 2).map(({ name }) =>
		list(distributor, `&q=${encodeURIComponent(name)}&below=1`)));
	assert.equal(rowsAfter[0].rowCount, rowsBefore[0].rowCount - 1);
	assert.equal(rowsAfter[1].rowCount, rowsBefore[1].rowCount + 1);
	const [[cancelled]] = await instance.sql("SELECT invitation_cancelled_at IS NOT NULL FROM user_account WHERE public_id = 'MOVEUSER'");
	assert.equal(cancelled, '1', 'the invitation has ended');
	await doctor();

	const entered = await (await login('distributor')).switchTo(resellers[1].id);
	const now = await tenant(entered, id);
	assert.deepEqual(now.contracts, { active: 1 });
	assert.equal(now.admin, null);
	const seen = (await entered.get(path(id, 'contracts.json'))).json.contracts.map(({ name }) => name);
	assert.deepEqual(seen, ['Open contract']);
	assert.equal((await entered.get('/contracts/MOVEDRAFT')).status, 404);
	assert.equal((await entered.get('/contracts/MOVEGONE')).status, 404);
	const all = (await entered.get('/contracts.csv')).body;
	assert.ok(all.includes('Open contract') && !all.includes('Secret'));
	const open = await entered.get('/contracts/MOVEREADY');
	assert.ok(open.body.includes('former reseller') && !open.body.includes('Former Author') && !open.body.includes('Secret notes'));
	for (const suffix of ['', '.json', '.csv', '.xml']) {
		const activity = await entered.get(path(id, `activity${suffix}`));
		assert.ok(!activity.body.includes(resellers[0].name) && !activity.body.includes(resellers[0].id), `activity${suffix}`);
		assert.ok(activity.body.includes('former reseller'), suffix);
	}
	const whole = (await distributor.get(path(id, 'activity.json'))).json.events;
	assert.deepEqual(whole[0].changes.parent, { from: resellers[0].name, to: resellers[1].name });
	assert.ok(whole.some(({ actorTenant }) => actorTenant === resellers[0].name));
	assert.equal((await distributor.get(path(id, 'contracts.json'))).json.contracts.length, 3);
	assert.equal((await distributor.get(path(resellers[1].id, 'move'))).status, 403, 'resellers do not move');
});

test('a customer without a contract in force is deleted, kept for 30 days and restored', async () => {
	const id = await add(distributor, resellers[0].id, 'To be deleted');
	const [[key]] = await instance.sql(`SELECT id FROM tenant WHERE public_id = '${id}'`);
	await instance.sql(`INSERT INTO contract (public_id, tenant_id, made_by_tenant_id, stored_status, version, name, start_date, created_at)
		SELECT 'INFORCE', id, parent_id, 'ready', 1, 'In force', '2020-01-01', NOW() FROM tenant WHERE id = ${key};
		INSERT INTO contract_version (contract_id, version, saved_at, saved_by_name, name, start_date, renewal, entitlement)
		SELECT id, 1, NOW(), 'x', name, start_date, 'auto', 'none' FROM contract WHERE public_id = 'INFORCE'`);
	const refused = await send(reseller, path(id, 'delete'), path(id, 'delete'), {});
	assert.equal(refused.status, 422);
	assert.match(refused.body, /contract in force/);
	await instance.sql("UPDATE contract SET stored_status = 'cancelled' WHERE public_id = 'INFORCE'");
	await instance.dev(['tenantry', 'doctor', '--mend']);
	const total = (await list(distributor)).rowCount;
	const token = await distributor.sessionToken();
	assert.equal((await send(reseller, path(id, 'delete'), path(id, 'delete'), {})).status, 303);
	assert.equal((await list(distributor)).rowCount, total - 1);
	for (const part of ['', 'users', 'activity', 'delete', 'contracts'])
		assert.equal((await distributor.get(path(id, part))).status, 404, part);
	assert.equal((await distributor.post(path(id, 'suspend'), { token })).status, 404);
	await doctor();
	const clash = await send(distributor, '/customers/new', '/customers/new', { parent: resellers[1].id, name: 'Y',
		domain: (await instance.sql(`SELECT domain FROM tenant WHERE id = ${key}`))[0][0] });
	assert.match(clash.body, /To be deleted, which is deleted, has this domain/);

	const page = await reseller.get('/customers/deleted');
	assert.match(page.body, /To be deleted/);
	assert.ok((await reseller.get('/customers/deleted.json')).json.tenants.some((one) => one.id === id));
	assert.equal((await reseller.get('/customers/deleted.xml')).status, 200);
	assert.ok(!(await other.get('/customers/deleted')).body.includes('To be deleted'));
	const sales = await login('resellerSales');
	assert.equal((await sales.get('/customers/deleted')).status, 403);
	assert.equal((await other.post(path(id, 'restore'), { token: await other.sessionToken() })).status, 404);
	const restored = await reseller.post(path(id, 'restore'), { token: page.token(path(id, 'restore')) });
	assert.equal(restored.status, 303);
	assert.equal(restored.location, path(id));
	assert.equal((await list(distributor)).rowCount, total);
	assert.deepEqual((await distributor.get(path(id, 'activity.json'))).json.events.slice(0, 2).map(({ action }) => action),
		['tenant.restore', 'tenant.delete']);
	await doctor();
	assert.equal((await distributor.get(path(resellers[0].id, 'delete'))).status, 403, 'a reseller is not deleted');
});

test('what was deleted more than 30 days ago goes for good', async () => {
	const id = await add(distributor, resellers[0].id, 'Gone for good');
	assert.equal((await send(reseller, path(id, 'delete'), path(id, 'delete'), {})).status, 303);
	await instance.sql(`UPDATE tenant SET deleted_at = deleted_at - INTERVAL 31 DAY WHERE public_id = '${id}'`);
	assert.ok(!(await distributor.get('/customers/deleted')).body.includes('Gone for good'));
	assert.equal((await distributor.post(path(id, 'restore'), { token: await distributor.sessionToken() })).status, 404);
	await until('the housekeeper purges', async () =>
		(await instance.sql(`SELECT COUNT(*) FROM tenant WHERE public_id = '${id}'`))[0][0] === '0', { seconds: 60 });
	await doctor();
});

test('suspending a reseller logs out its users and below, and is undone', async () => {
	const token = await distributor.sessionToken();
	const count = async () => (await list(distributor, '&suspended=yes')).rowCount;
	const before = await count(), customer = await login('customer');
	assert.equal((await distributor.post(path(resellers[0].id, 'suspend'), { token })).status, 303);
	assert.equal((await reseller.get('/customers')).status, 303, 'logged out');
	assert.equal((await customer.get('/')).status, 303);
	assert.equal(await count(), before + 1);
	await doctor();
	assert.equal((await distributor.post(path(resellers[0].id, 'reactivate'), { token })).status, 303);
	assert.equal(await count(), before);
	reseller = await login('reseller');
	assert.equal((await reseller.get('/customers')).status, 200);
	await doctor();
});

test('eight writers under one reseller add, rename, delete and restore without losing each other', async () => {
	const ids = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
		const client = reseller.copy(), made = [];
		for (let k = 0; k < 6; k++) {
			const id = await add(client, resellers[0].id, `Crowd ${String(k * 8 + i).padStart(3, '0')}`);
			made.push(id);
			const page = path(id);
			if (k % 3 === 1)
				assert.equal((await send(client, page, page, { name: `Crown ${k * 8 + i}` })).status, 303);
			if (k % 3 === 2) {
				assert.equal((await send(client, path(id, 'delete'), path(id, 'delete'), {})).status, 303);
				assert.equal((await client.post(path(id, 'restore'), { token: await client.sessionToken() })).status, 303);
			}
		}
		return made;
	}));
	const rows = (await list(reseller, '&q=crow')).tenants.filter(({ tier }) => tier === 'customer');
	assert.equal(rows.length, ids.flat().length);
	const names = rows.map(({ name }) => name);
	assert.deepEqual(names, [...names].sort());
	await doctor();
});
