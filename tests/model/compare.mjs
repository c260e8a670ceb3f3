// The installation next to the model: lists of customers and contracts, counts, filters, details, users, contracts, sources, tasks and the log, seen by distributors
// and, after a switch, as resellers. Nobody changes anything meanwhile.
import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { ALL_COLUMNS, CONTRACT_COLUMNS, contractCells, csvCells, jsonTenant, query } from '../lib/model.mjs';
import { compareContracts, contractJson, knownOfContract } from './contracts.mjs';
import { JOBS } from './draw.mjs';
import { compareSources } from './sources.mjs';

const SOURCES = ['success', 'warning', 'failed', 'not_available'], STATUSES = ['onboarding', 'complete'], TIERS = ['distributor', 'reseller', 'customer'];
const CONTRACT_STATUSES = ['draft', 'scheduled', 'active', 'expired', 'cancelled', 'superseded'];
const weights = new Map();

// The order of names is the collation's: the database tells how much a name weighs, and nothing else.
async function sort(world, instance) {
	const unknown = [...new Set(world.tenants.map(({ name }) => name))].filter((name) => !weights.has(name));
	for (let i = 0; i < unknown.length; i += 200) {
		const part = unknown.slice(i, i + 200);
		const rows = await instance.sql(part.map((name) => `SELECT HEX(WEIGHT_STRING(CONVERT(x'${Buffer.from(name).toString('hex')}' USING utf8mb4)
			COLLATE utf8mb4_unicode_520_ci))`).join(' UNION ALL '));
		part.forEach((name, n) => weights.set(name, rows[n][0]));
	}
	const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
	for (const tenant of world.tenants)
		tenant.children.sort((a, b) => less(weights.get(a.name), weights.get(b.name)) || less(a.id, b.id));
}

// The first difference alone: lists are long.
function same(found, wanted, about) {
	for (let i = 0; i < Math.max(found.length, wanted.length); i++)
		assert.deepEqual(found[i], wanted[i], `${about}: row ${i + 1} of ${found.length}, ${wanted.length} expected`);
}

async function compareCsv(client, address, filter, header, wanted, about) {
	const path = `${address}.csv${query(filter, { columns: 'all' })}`, answer = await client.download(path);
	assert.equal(answer.status, 200, `${about} ${path}`);
	assert.ok(answer.complete, `${about} ${path} is whole`);
	const [found, ...rows] = parse(answer.bytes);
	assert.deepEqual(found, header);
	same(rows, wanted, `${about} ${path}`);
	assert.equal(answer.headers['x-row-count'], String(rows.length), `${about} ${path}: X-Row-Count`);
}

// MEMBER: of the answer; MATCHED: how many it says that there are.
async function compareJson(client, address, filter, member, pick, wanted, matched, about) {
	const rows = new Map();
	for (let after = null, first = true; first || after; first = false) {
		const path = `${address}.json${query(filter, { limit: 200, after })}`, answer = await client.get(path);
		assert.equal(answer.status, 200, `${about} ${path}`);
		assert.equal(answer.json.rowCount, matched, `${about} ${path}: rowCount`);
		// What a page repeats on top, an earlier one has had.
		for (const row of answer.json[member])
			if (!rows.has(row.id ?? row.tenantId))
				rows.set(row.id ?? row.tenantId, pick(row));
		after = answer.json.pageToken;
	}
	same([...rows.values()], wanted, `${about} ${address} ${JSON.stringify(filter)}`);
}

async function compareCustomers(client, view, filter, about) {
	const list = view.list(filter), matched = list.filter((item) => item.matched).length;
	await compareCsv(client, '/customers', filter, [...ALL_COLUMNS, 'Parent ID', 'Matched'],
		list.map(({ row, matched: own }) => [...csvCells(row, ALL_COLUMNS), row.parent ?? '', own ? 'yes' : 'no']), about);
	await compareJson(client, '/customers', filter, 'tenants', (row) => row, list.map((item) => jsonTenant(item.row, item.matched)), matched, about);
}

async function compareContractList(client, view, filter, about) {
	const list = view.contracts(filter);
	await compareCsv(client, '/contracts', filter, CONTRACT_COLUMNS, list.map(contractCells), about);
	await compareJson(client, '/contracts', filter, 'contracts', knownOfContract, list.map(contractJson), list.length, about);
}

async function comparePage(client, view, filter, about) {
	const path = `/customers${query(filter)}`, answer = await client.get(path), matched = view.list(filter).filter((item) => item.matched).length;
	assert.equal(answer.status, 200, `${about} ${path}`);
	assert.equal(answer.html.one('#count').text, `${matched.toLocaleString('en-US')} of ${view.rows.length.toLocaleString('en-US')} customers`, `${about} ${path}`);
}

function filterOf(random, view) {
	const pick = (list) => list[random(list.length)], some = (list) => [...new Set([pick(list), pick(list)])], filter = {};
	const kind = random(6);
	if (kind === 0 || kind === 5)
		filter.status = [pick(STATUSES)];
	if (kind === 1)
		filter.source = some(SOURCES);
	if (kind === 2 || kind === 5)
		filter.tier = [pick(TIERS)];
	if (kind === 3)
		filter.suspended = pick(['yes', 'no']);
	if (kind === 4) {
		const row = pick(view.rows);
		filter.q = pick([row.name, row.domain, row.id, row.domain.slice(0, 6), row.name.split(' ')[0]]);
		filter.below = random(2) === 1;
	}
	return filter;
}

function contractFilterOf(random) {
	const pick = (list) => list[random(list.length)];
	return pick([{ status: [pick(CONTRACT_STATUSES), pick(CONTRACT_STATUSES)] }, { tier: [pick(TIERS)] }, { ends: pick([30, 60, 90]) }, { unbilled: true },
		{ unbilled: true, tier: ['customer'] }, { status: ['active'], ends: 90 }]);
}

// A tenant's own pages, as its distributor has them.
export async function compareTenant(client, world, tenant) {
	const acting = world.distributor(tenant), path = `/customers/${tenant.id}`, answer = await client.get(`${path}.json`), about = `"${tenant.name}" ${path}`;
	assert.equal(answer.status, tenant.deleted ? 404 : 200, about);
	if (tenant.deleted)
		return;
	const wanted = jsonTenant(world.row(acting, tenant));
	wanted.created ??= answer.json.created;
	assert.deepEqual(answer.json, wanted, about);
	const { users } = (await client.get(`${path}/users.json`)).json, byMail = (a, b) => (a.email < b.email ? -1 : 1);
	assert.deepEqual(users.map(({ id, invited, ...rest }) => rest).sort(byMail), tenant.users.map((user) => ({
		name: user.name, email: user.email, jobFunction: JOBS[user.job] ?? null, role: user.role, childRole: user.child, state: world.state(user),
	})).sort(byMail), `users of ${about}`);
	assert.equal((await client.get(`${path}.xml`)).xml.one('customer').attr('version'), String(tenant.version), `version of ${about}`);
	await compareContracts(client, acting, tenant);
	await compareSources(client, world, tenant);
}

async function compareMore(client, world, tenant) {
	const path = `/customers/${tenant.id}`, row = world.row(world.distributor(tenant), tenant), tasks = (await client.get(`${path}/onboarding.json`)).json;
	if (!row.complete)
		assert.deepEqual([tasks.tasks.filter(({ state }) => state === 'done').length, tasks.tasks.length], [row.done, row.total], `tasks of "${tenant.name}"`);
	if (tenant.events.length > 50)
		return;
	const { events } = (await client.get(`${path}/activity.json`)).json;
	assert.deepEqual(events.slice(0, tenant.events.length).map(({ action }) => action).sort(), [...tenant.events].sort(), `the log of "${tenant.name}"`);
}

async function compareDeleted(client, world, root) {
	const { tenants } = (await client.get('/customers/deleted.json')).json;
	const wanted = world.tenants.filter((one) => one.deleted && world.under(root, one)).map(({ id }) => id).sort();
	if (wanted.length < 500)
		assert.deepEqual(tenants.map(({ id }) => id).sort(), wanted, 'deleted customers');
}

// The day a customer was added is the first thing that is read of it.
async function dates(world, instance) {
	const fresh = world.tenants.filter((one) => one.id && !one.created);
	if (!fresh.length)
		return;
	const rows = new Map(await instance.sql(`SELECT public_id, created_at FROM tenant WHERE public_id IN (${fresh.map(({ id }) => `'${id}'`)})`));
	for (const tenant of fresh) {
		const at = rows.get(tenant.id);
		assert.ok(at && Math.abs(Date.parse(`${at.replace(' ', 'T')}Z`) - Date.now()) < 3600e3, `"${tenant.name}" was added now: ${at}`);
		Object.assign(tenant, { created: at.slice(0, 10), createdAt: `${at.slice(0, 19).replace(' ', 'T')}Z` });
	}
}

// OBSERVERS: a session of each distributor's own admin.
export async function compareAll({ world, instance, observers, random }) {
	await dates(world, instance);
	await sort(world, instance);
	for (const { root, client } of observers) {
		const resellers = root.children, seen = [root, resellers[random(resellers.length)], resellers[random(resellers.length)]];
		for (const acting of seen) {
			const view = world.view(acting), about = `as ${acting.name}:`;
			await client.switchTo(acting === root ? '' : acting.id);
			if (acting !== root)
				world.event(acting, 'tenant.enter');
			await compareCustomers(client, view, {}, about);
			await compareContractList(client, view, {}, about);
			for (let i = 0; i < 3; i++) {
				const filter = filterOf(random, view);
				await compareCustomers(client, view, filter, about);
				await comparePage(client, view, filter, about);
			}
			await compareContractList(client, view, contractFilterOf(random), about);
		}
		await client.switchTo('');
		const live = world.scope(root);
		for (let i = 0; i < 6; i++) {
			const tenant = live[random(live.length)];
			await compareTenant(client, world, tenant);
			await compareMore(client, world, tenant);
		}
		await compareDeleted(client, world, root);
	}
}
