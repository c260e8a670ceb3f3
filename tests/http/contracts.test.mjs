// The Contracts list: which rows a filter gives, in which order, the same in all formats, page by page and as a file, compared
// with what the facts say by the rules of the product alone.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { USERS, each, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { CONTRACT_COLUMNS, Model, contractCells, contractSeen, query } from '../lib/model.mjs';

const STATUSES = ['draft', 'scheduled', 'active', 'expired', 'cancelled', 'superseded'];
let model, clients;

before(async () => {
	model = await Model.read(given());
	clients = new Map(await Promise.all(['distributor', 'reseller', 'customer', 'other'].map(async (user) => [user, await loggedIn(user)])));
});

const wanted = (user, filter) => model.view(model.ofUser(USERS[user])).contracts(filter);

async function check(user, filter) {
	const client = clients.get(user), rows = wanted(user, filter), path = query(filter);
	const csv = await client.download(`/contracts.csv${path}`);
	assert.equal(csv.status, 200, path);
	const [header, ...lines] = parse(csv.bytes);
	assert.deepEqual(header, CONTRACT_COLUMNS);
	assert.deepEqual(lines, rows.map(contractCells), `${user} ${path}`);
	assert.equal(csv.headers['x-row-count'], String(rows.length), `${path}: X-Row-Count`);
	const json = (await client.get(`/contracts.json${query(filter, { limit: 200 })}`)).json;
	assert.deepEqual(json.contracts.map((one) => [one.id, one.tenantId, one.status]),
		rows.slice(0, 200).map(({ tenant, contract }) => [contract?.id ?? null, tenant.id, contract?.status ?? null]), path);
	assert.equal(json.rowCount, rows.length);
	const page = await client.get(`/contracts${query(filter, { limit: 200, columns: 'all' })}`);
	const all = wanted(user).length;
	assert.equal(page.html.one('#count').text, `${rows.length} of ${all} contracts`, path);
	assert.deepEqual(page.html.all('table[aria-label=Contracts] tbody tr').map((tr) => [tr.one('th').text, ...tr.all('td[data-label]').map((td) => td.text)]),
		rows.slice(0, 200).map((row) => contractCells(row).slice(0, 9).map((cell) => cell.replace(/^'(?=[=+\-@])/, ''))), path);
}

test('every user sees the contracts of its scope in the order of the tree, less what is hidden from it, in every format', async () => {
	assert.ok(wanted('distributor').length > wanted('reseller').length && wanted('reseller').length > 0);
	await each([...clients.keys()], (user) => check(user, {}));
});

test('each field alone, and fields together, give the rows that have it', async () => {
	const filters = [...STATUSES.map((status) => ({ status: [status] })), ...['distributor', 'reseller', 'customer'].map((tier) => ({ tier: [tier] })),
		...[30, 60, 90].map((ends) => ({ ends })), { unbilled: true }, { status: ['active', 'draft'] }, { status: STATUSES }, { ends: 90, status: ['active'] },
		{ tier: ['reseller', 'customer'], status: ['expired', 'cancelled'] }, { unbilled: true, status: ['expired'] }, { unbilled: true, tier: ['customer'] }];
	await each([...clients.keys()].flatMap((user) => filters.map((filter) => [user, filter])), ([user, filter]) => check(user, filter));
	for (const status of STATUSES)
		assert.ok(wanted('distributor', { status: [status] }).length > 0, `the demo has one that is ${status}`);
	assert.ok(wanted('distributor', { unbilled: true }).length > 0 && wanted('distributor', { ends: 90 }).length > 0);
});

test('a text finds contracts by their own name and ID and by their customer, beside other fields too', async () => {
	const [{ tenant, contract }] = wanted('distributor', { tier: ['customer'] });
	const texts = ['agreement', 'cloud RESALE', contract.id, contract.id.slice(2, 7), tenant.name.slice(0, 5), tenant.id, tenant.domain.slice(0, 6), 'no such thing'];
	await each(['distributor', 'reseller'].flatMap((user) => texts.flatMap((q) => [[user, { q }], [user, { q, status: ['active', 'scheduled'] }]])),
		([user, filter]) => check(user, filter));
});

test('what is hidden from a tenant is not found by its text either', async () => {
	const acting = model.ofUser(USERS.reseller), hidden = acting.contracts.find((contract) => contract.status === 'draft');
	assert.ok(hidden, 'the demo has a draft of the reseller');
	const answer = await clients.get('reseller').get(`/contracts.json?q=${hidden.id}`);
	assert.deepEqual([answer.json.contracts, answer.json.rowCount], [[], 0]);
	assert.equal((await clients.get('reseller').get(`/contracts?after=${hidden.id}`)).status, 400, 'nor is it a place');
});

test('a contract is the same object on its own page, in the list of all and in those of its customer', async () => {
	for (const user of ['distributor', 'reseller', 'customer']) {
		const client = clients.get(user), all = (await client.get('/contracts.json?limit=200')).json.contracts;
		assert.ok(all.length > 1);
		const some = all.filter((one, i) => i % 5 === 0 || one.supersedes);
		await each(some, async (one) => {
			assert.deepEqual((await client.get(`/contracts/${one.id}.json`)).json, one);
			const of = (await client.get(`/customers/${one.tenantId}/contracts.json`)).json.contracts;
			assert.deepEqual(of.find(({ id }) => id === one.id), one);
			for (const picked of (await client.get(`/customers/${one.tenantId}/contracts/summary.json`)).json.contracts)
				assert.deepEqual(picked, of.find(({ id }) => id === picked.id));
		});
		for (const field of ['version', 'saved', 'prefix', 'accounts', 'billing', 'supersedes'])
			assert.ok(some.every((one) => field in one), field);
	}
	await each([...clients.keys()], async (user) => {
		for (const { id, tenantId, ...rest } of (await clients.get(user).get('/contracts.json?unbilled=1&limit=200')).json.contracts)
			assert.ok(id !== null || Object.values(rest).every((value) => value === null), `${tenantId} has no contract`);
	});
});

test('the pop-up has active contracts, then scheduled ones, then drafts, then the newest others, and a link to all when there are more than three', async () => {
	const rank = (status) => ['active', 'scheduled', 'draft'].indexOf(status) >>> 0;
	const sizes = new Set();
	await each(['distributor', 'reseller', 'customer'], async (user) => {
		const acting = model.ofUser(USERS[user]), client = clients.get(user);
		await each(model.view(acting).rows, async ({ tenant }) => {
			const visible = tenant.contracts.filter((contract) => contractSeen(acting, contract));
			visible.sort((a, b) => rank(a.status) - rank(b.status) || b.start.localeCompare(a.start));
			const page = await client.get(`/customers/${tenant.id}/contracts/summary`);
			const titles = page.html.all('main a').filter((a) => /^\/contracts\//.test(a.attr('href') ?? ''));
			const json = (await client.get(`/customers/${tenant.id}/contracts/summary.json`)).json;
			assert.equal(json.total, visible.length);
			assert.deepEqual(json.contracts.map(({ status, start }) => [status, start]), visible.slice(0, 3).map(({ status, start }) => [status, start]));
			assert.equal(new Set(titles.map((a) => a.attr('href'))).size, Math.min(3, visible.length));
			assert.equal(page.body.includes('View all contracts'), visible.length > 3);
			sizes.add(Math.min(4, visible.length));
		});
	});
	assert.ok(sizes.has(0) && sizes.has(3) && sizes.has(4));
});

test('pages forwards and backwards join to what the file has', async () => {
	for (const filter of [{}, { status: ['active', 'expired'] }, { q: 'agreement' }, { unbilled: true }]) {
		const rows = wanted('distributor', filter).map(({ tenant, contract }) => contract?.id ?? tenant.id);
		const forwards = [], backwards = [];
		const ids = (page) => page.xml.all('contracts contract').map((one) => one.attr('id') ?? one.attr('tenant'));
		const link = (page, rel) => page.xml.all('link').find((one) => one.attr('rel') === rel)?.attr('href').replace('/contracts', '/contracts.xml');
		let last = null;
		for (let path = `/contracts.xml${query(filter, { limit: 25 })}`; path; path = link(last, 'next')) {
			last = await clients.get('distributor').get(path);
			forwards.push(...ids(last));
		}
		assert.deepEqual(forwards, rows);
		for (let page = last; page; page = link(page, 'previous') ? await clients.get('distributor').get(link(page, 'previous')) : null)
			backwards.unshift(...ids(page));
		assert.deepEqual(backwards, rows);
	}
});

test('a value that is not allowed is refused with the name of the parameter, an unknown parameter is not', async () => {
	const bad = ['status=onboarding', 'status=', 'tier=4', 'ends=31', 'unbilled=yes', 'limit=51', 'columns=admin', 'density=wide', 'after=', 'before=NOSUCHONE',
		'after=A&before=A'];
	await each(bad, async (one) => {
		const answer = await clients.get('distributor').get(`/contracts.json?${one}`), name = one.includes('&') ? 'before' : one.split('=')[0];
		assert.deepEqual([answer.status, answer.json.parameter], [400, name], one);
	});
	for (const good of ['folded=7', 'source=failed', 'ends=', 'fold=x', 'nonsense=1'])
		assert.equal((await clients.get('distributor').get(`/contracts.json?${good}`)).status, 200, good);
});

test('the columns of each list are remembered apart', async () => {
	const client = await loggedIn('other'), shown = async (path) => (await client.get(path)).html.all('thead th').map((th) => th.text).filter((text) => !['Settings', 'Switch tenant', 'Cancel'].includes(text));
	const customers = await shown('/customers');
	const set = async (columns) => {
		const token = (await client.get('/contracts')).token('/account/view');
		return client.post('/account/view', [['token', token], ['list', 'contracts'], ['next', '/contracts'], ['columns', 'contract'], ...columns.map((column) => ['columns', column])]);
	};
	assert.equal((await set(['status', 'end'])).status, 303);
	assert.deepEqual(await shown('/contracts'), ['Contract', 'Status', 'End']);
	assert.deepEqual(await shown('/customers'), customers);
	assert.equal((await set(['admin'])).status, 422, 'a column of the other list');
	assert.deepEqual(parse((await client.download('/contracts.csv')).bytes)[0], CONTRACT_COLUMNS, 'the file has the default columns');
	await set(['customer', 'tier', 'version', 'status', 'start', 'end', 'renewal', 'entitlement']);
});
