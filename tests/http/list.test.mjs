// The Customers list: which rows a filter gives, in which order, the same in all four formats, compared with what
// tests/lib/model.mjs works out from the facts.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { USERS, each, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { ALL_COLUMNS, DEFAULT_COLUMNS, Model, SOURCE_TITLES, csvCells, jsonTenant, query } from '../lib/model.mjs';
import { htmlRows, xmlRows } from '../lib/rows.mjs';

const SOURCES = ['success', 'warning', 'failed', 'not_available'], STATUSES = ['onboarding', 'complete'];
const TIERS = ['distributor', 'reseller', 'customer'];
let model, distributor, reseller, other, views;

before(async () => {
	model = await Model.read(given());
	[distributor, reseller, other] = await Promise.all(['distributor', 'reseller', 'other'].map((user) => loggedIn(user)));
	views = new Map([[distributor, 'distributor'], [reseller, 'reseller'], [other, 'other']]
		.map(([client, user]) => [client, model.view(model.ofUser(USERS[user]))]));
});

function subsets(values) {
	return Array.from({ length: 1 << values.length }, (_, bits) => values.filter((_, i) => bits & 1 << i));
}

// The same sequence on each run.
function random(seed) {
	let state = seed;
	return (count) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor(state / 2 ** 32 * count);
	};
}

const wantedCsv = (view, filter, columns, options) => view.list(filter)
	.map(({ row, matched }) => [...csvCells(row, columns, options), row.parent ?? '', matched ? 'yes' : 'no']);

async function checkCsv(client, filter) {
	const path = `/customers.csv${query(filter)}`, answer = await client.download(path);
	assert.equal(answer.status, 200, path);
	const [header, ...rows] = parse(answer.bytes), wanted = wantedCsv(views.get(client), filter);
	assert.deepEqual(header, [...DEFAULT_COLUMNS, 'Parent ID', 'Matched']);
	assert.deepEqual(rows, wanted, path);
	assert.equal(answer.headers['x-row-count'], String(rows.length), `${path}: X-Row-Count`);
}

async function checkJson(client, filter) {
	const path = `/customers.json${query(filter, { limit: 200 })}`, answer = await client.get(path);
	assert.equal(answer.status, 200, path);
	const list = views.get(client).list(filter);
	assert.deepEqual(answer.json.tenants, list.map(({ row, matched }) => jsonTenant(row, matched)), path);
	assert.equal(answer.json.rowCount, list.filter(({ matched }) => matched).length, `${path}: rowCount`);
	assert.equal(answer.json.rowCountExact, true);
	assert.equal(answer.json.pageToken, null);
}

async function checkXml(client, filter) {
	const path = `/customers.xml${query(filter, { limit: 200 })}`, answer = await client.get(path);
	assert.equal(answer.status, 200, path);
	const list = views.get(client).list(filter), customers = answer.xml.one('customers');
	assert.deepEqual(xmlRows(answer.xml), list.map(({ row, matched }) => ({ ...jsonTenant(row, matched), repeated: false })), path);
	assert.equal(customers.attr('matched'), String(list.filter(({ matched }) => matched).length));
	assert.equal(customers.attr('total'), String(views.get(client).rows.length));
	assert.equal(customers.attr('more'), null);
}

async function checkHtml(client, filter) {
	const path = `/customers${query(filter, { limit: 200, columns: 'all' })}`, answer = await client.get(path);
	assert.equal(answer.status, 200, path);
	const list = views.get(client).list(filter), matched = list.filter((item) => item.matched).length;
	const wanted = list.map(({ row, matched: match }) => ({ cells: csvCells(row, ALL_COLUMNS, { raw: true }), matched: match,
		level: row.level, suspended: row.suspended, repeated: false, fold: row.tier === 'reseller' && row.level > 0 ? 'Hide' : null, matches: null }));
	assert.deepEqual(htmlRows(answer.html), wanted, path);
	const total = views.get(client).rows.length.toLocaleString('en-US');
	assert.equal(answer.html.one('#count').text, `${matched.toLocaleString('en-US')} of ${total} customers`);
	if (list.length === 0)
		assert.equal(answer.html.all('table').length, 0, 'an empty list is no empty table');
}

test('the whole tree stands in name order with children under their parents, in every format', async () => {
	for (const client of views.keys())
		for (const check of [checkCsv, checkJson, checkXml, checkHtml])
			await check(client, {});
});

test('every value of one field alone gives the rows that have it, in every format', async () => {
	const filters = [...SOURCES.map((value) => ({ source: [value] })), ...STATUSES.map((value) => ({ status: [value] })),
		...TIERS.map((value) => ({ tier: [value] })), { suspended: 'yes' }, { suspended: 'no' }];
	await each(filters, async (filter) => {
		for (const check of [checkCsv, checkJson, checkXml, checkHtml])
			await check(distributor, filter);
		await checkCsv(reseller, filter);
		await checkJson(other, filter);
	});
});

test('a customer is found by part of name, domain or ID, case and accents ignored', async () => {
	const known = model.named('Glacier Foods');
	const texts = ['glacier', 'GLACIER', 'foods', 'acier f', 'cafe', 'résumé', 'RESUME', 'zazolc gesla', 'søhne', 'sohne', 'söhne', 'strasse',
		'glacier-foods.example', '.example', known.id, known.id.toLowerCase(), known.id.slice(2, 7), '=SUM(A1', '<West>', '“Delta”', '"Quoted"',
		"O'Neill", 'O’Neill', '100% C', '%', '_', 'cotton_', 'back\\sl', '\\', '🐈', 'ωμεγα', 'ωmega', 'вектор', 'ВЕКТОР', '株式会社', '会', '東京',
		'ロジ', 'ﾛｼﾞｽ', '소프트', '프', 'حسن', 'شركة', 'النور', 'חברת', 'กรุงเทพ', 'z', 'ze', 'g', 'gl', 'fo', 'la', '4', '42', 'ß', 'weiß',
		'nothing has this', 'c', 'à', 'é', 'AG', 'ö', 'ex', 'on', "d'or", 'd’or', '(', '&', '& s', 'ali  baba', ' glacier ', 'Co 🐈', '-', '-M', '+p', '@h'];
	await each(texts, async (q) => {
		await checkCsv(distributor, { q });
		await checkJson(reseller, { q });
	});
	for (const q of ['glacier', 'z', '会', '<West>', '"Quoted"', 'nothing has this'])
		for (const check of [checkXml, checkHtml])
			await check(distributor, { q });
});

test('several values of a field are alternatives, several fields are conditions, below brings what stands under', async () => {
	const pick = random(7), filters = [];
	for (const source of subsets(SOURCES))
		filters.push({ source, below: source.length % 2 === 1 });
	for (const status of STATUSES)
		for (const value of [...SOURCES, ...TIERS])
			filters.push(SOURCES.includes(value) ? { status: [status], source: [value] } : { status: [status], tier: [value] });
	for (const q of ['glacier', 'cloud', 'e', 'partners', 'example', 'northwind', 'bluepeak', 'a'])
		for (const tier of [[], ['reseller'], ['customer'], ['distributor', 'reseller']])
			filters.push({ q, tier, below: true });
	for (let i = 0; i < 120; i++)
		filters.push({
			q: [null, null, null, 'e', 'cloud', 'ex', 'süd', 'co'][pick(8)], source: subsets(SOURCES)[pick(16)],
			status: subsets(STATUSES)[pick(4)], tier: subsets(TIERS)[pick(8)], suspended: [null, null, null, 'yes', 'no'][pick(5)],
			below: pick(2) === 1,
		});
	await each(filters, async (filter, i) => {
		await checkCsv([distributor, distributor, reseller, other][i % 4], filter);
		await [checkJson, checkXml, checkHtml][i % 3](distributor, filter);
	});
});

test('a reseller has its own row as complete, whatever is asked of it', async () => {
	const view = views.get(reseller), own = view.acting;
	assert.ok(!own.onboarded, 'the demo has a reseller that is not done');
	const onboarding = parse((await reseller.download('/customers.csv?status=onboarding&columns=all')).bytes).slice(1);
	assert.deepEqual(onboarding.filter((row) => row[10] === 'yes' && row[7] === own.id), []);
	const complete = parse((await reseller.download('/customers.csv?status=complete&columns=all')).bytes).slice(1);
	assert.deepEqual(complete.filter((row) => row[7] === own.id).map((row) => [row[1], row[10]]), [['---', 'yes']]);
	const above = parse((await distributor.download('/customers.csv?columns=all')).bytes).find((row) => row[7] === own.id);
	assert.equal(above[1], '2/3', 'the distributor sees the progress');
	for (const path of ['/customers.xml', `/customers/${own.id}.xml`, `/customers/${own.id}/onboarding.xml`, `/customers/${own.id}/users.xml`]) {
		const node = (await reseller.get(path)).xml.all(path.startsWith('/customers.') ? 'tenant[self=yes] status' : 'customer status')[0];
		assert.deepEqual(node.attrs, { complete: 'yes' }, path);
	}
	const tasks = (await reseller.get(`/customers/${own.id}/onboarding.json`)).json;
	assert.deepEqual(tasks, { complete: true, tasks: [] });
});

test('folding leaves rows out, says how many match inside, and changes no count', async () => {
	const view = views.get(distributor), resellers = view.rows.filter((row) => row.tier === 'reseller');
	const [first, second] = [resellers.find((row) => row.tenant.children.length > 8), resellers.at(-1)];
	const all = new Set(resellers.map((row) => row.id));
	const cases = [
		[{ fold: [first.id] }, new Set([first.id])],
		[{ fold: [first.id, second.id, first.id] }, new Set([first.id, second.id])],
		[{ folded: '1' }, all],
		[{ folded: '1', unfold: [second.id] }, new Set([...all].filter((id) => id !== second.id))],
		[{ folded: '1', unfold: [...all] }, new Set()],
	];
	const filters = [{}, { source: ['failed'] }, { q: 'cloud' }, { q: 'example', status: ['onboarding'] }, { tier: ['customer'] }, { q: 'cumulus', below: true },
		{ q: 'foods' }, { tier: ['reseller'], below: true }, { q: 'nothing has this' }];
	await each(filters, async (filter) => {
		for (const [more, folds] of cases) {
			const path = query(filter, { ...more, limit: 200 }), wanted = view.folded(filter, folds);
			const xml = (await distributor.get(`/customers.xml${path}`)).xml, rows = xml.all('tenant');
			assert.deepEqual(rows.map((row) => row.attr('id')), wanted.map(({ row }) => row.id), path);
			assert.deepEqual(rows.map((row) => row.attr('matched') === 'yes'), wanted.map(({ matched }) => matched), path);
			const isFiltered = Object.keys(filter).length > 0;
			assert.deepEqual(rows.map((row) => row.attr('fold')),
				wanted.map(({ row, folded }) => (row.tier === 'reseller' ? (folded ? 'folded' : 'open') : null)), path);
			assert.deepEqual(rows.filter((row) => row.attr('fold') === 'folded').map((row) => row.attr('matches')),
				wanted.filter(({ folded }) => folded).map(({ matches }) => (isFiltered ? String(matches) : null)), path);
			assert.equal(xml.one('customers').attr('matched'), String(view.list(filter).filter(({ matched }) => matched).length), path);
			const html = htmlRows((await distributor.get(`/customers${path}`)).html);
			assert.deepEqual(html.map(({ matches }) => matches),
				wanted.map(({ folded, matches }) => (folded && isFiltered ? matches : null)), path);
			assert.deepEqual(html.map(({ fold }) => fold), wanted.map(({ row, folded }) => (row.tier === 'reseller' ? (folded ? 'Show' : 'Hide') : null)), path);
			const csv = parse((await distributor.download(`/customers.csv${query(filter, more)}`)).bytes).slice(1);
			assert.deepEqual(csv, wantedCsv(view, filter), `${path}: a file has every row`);
		}
	});
});

test('a fold button leads to the same list with that reseller folded, and back', async () => {
	const filter = { q: 'e', source: ['success', 'failed'] };
	const page = await distributor.get(`/customers${query(filter, { limit: 100 })}`);
	const row = page.html.all('tbody tr').find((tr) => tr.one('.fold'));
	const name = row.one('.name').text, button = row.one('.fold');
	assert.equal(button.attr('aria-label'), `Hide customers of ${name}`);
	const folded = await distributor.get(button.attr('href'));
	const again = folded.html.all('.fold').find((node) => node.attr('aria-label') === `Show customers of ${name}`);
	assert.ok(again, 'it can be shown again');
	const back = await distributor.get(again.attr('href'));
	assert.deepEqual(htmlRows(back.html), htmlRows(page.html));
	assert.equal(folded.html.one('#count').text, page.html.one('#count').text);
});

test('each chip names a value and leads to the list without it alone', async () => {
	const filter = { q: 'e', source: ['failed', 'success'], status: ['complete'], tier: ['customer'], suspended: 'no', below: true };
	const page = await distributor.get(`/customers${query(filter, { columns: 'customer,id', density: 'compact', limit: 25 })}`);
	const chips = page.html.all('.chip');
	assert.deepEqual(chips.map((chip) => chip.text), ['“e”', 'Failed', 'Success', 'Complete', 'Customer', 'Not suspended', 'With everything below']
		.map((value) => `Remove filter: ${value}`));
	const without = [{ q: null }, { source: ['success'] }, { source: ['failed'] }, { status: [] }, { tier: [] }, { suspended: null }, { below: false }];
	for (const [i, chip] of chips.entries()) {
		const address = new URL(chip.attr('href'), distributor.base), wanted = { ...filter, ...without[i] };
		const sorted = (parameters) => [...parameters].map(String).sort();
		assert.deepEqual(sorted(address.searchParams),
			sorted(new URLSearchParams(query(wanted, { columns: 'customer,id', density: 'compact', limit: 25 }))), chip.text);
	}
	assert.equal((await distributor.get('/customers')).html.all('.chip').length, 0);
});

test('nothing found is a page with a way back to everything', async () => {
	const page = await distributor.get('/customers?q=nothing+has+this&density=compact');
	assert.equal(page.status, 200);
	const back = page.html.one('.empty a');
	assert.equal((await distributor.get(back.attr('href'))).html.one('#count').text.split(' ')[0], String(views.get(distributor).rows.length));
	assert.match(page.html.one('#count').text, /^0 of /);
});

test('what a person types into the filter form is shown again there', async () => {
	const q = '"<b>&amp; \'x\' ü 会 %00';
	const { html } = await distributor.get(`/customers${query({ q, source: ['warning'], status: ['onboarding'], tier: ['reseller'], below: true })}`);
	const form = html.one('form#filter');
	assert.equal(form.one('input[name=q]').attr('value'), q);
	assert.deepEqual(form.all('input[checked]').map((box) => `${box.attr('name')}=${box.attr('value')}`),
		['source=warning', 'tier=reseller', 'status=onboarding', 'below=1']);
});

test('columns come in the order of the page whatever the address says, and Customer is always there', async () => {
	for (const [columns, titles] of [['created,customer,status', ['Customer', 'Status', 'Created']], ['domain', ['Customer', 'Domain']],
		['id,id,tier', ['Customer', 'Tier', 'Customer ID']], ['all', ALL_COLUMNS], ['customer', ['Customer']]]) {
		const page = await distributor.get(`/customers?columns=${columns}&limit=25`);
		assert.deepEqual(page.html.all('thead th').map((th) => th.text), [...titles, 'Settings', 'Switch tenant'].slice(0, titles.length + 2), columns);
		const csv = parse((await distributor.download(`/customers.csv?columns=${columns}`)).bytes);
		assert.deepEqual(csv[0], [...titles, 'Parent ID', 'Matched'], columns);
		assert.deepEqual(csv.slice(1), wantedCsv(views.get(distributor), {}, titles), columns);
	}
});

test('columns, density and page size are remembered when set in their forms, and by no GET', async () => {
	const client = await loggedIn('distributorSales');
	const shown = async () => {
		const { html } = await client.get('/customers');
		return [html.all('thead th').map((th) => th.text).slice(0, -2), html.one('[data-density]').attr('data-density'), html.all('tbody tr').length > 30];
	};
	const set = async (fields) => {
		const token = (await client.get('/customers')).token('/account/view');
		const answer = await client.post('/account/view', [['token', token], ['next', '/customers?q=e&density=compact&columns=all&limit=25'], ...fields]);
		assert.equal(answer.status, 303);
		return answer.location;
	};
	const first = await shown();
	assert.deepEqual(first, [DEFAULT_COLUMNS, 'standard', true]);
	await client.get('/customers?columns=customer,id&density=compact&limit=25');
	await client.get('/customers.xml?columns=all&density=comfortable');
	assert.deepEqual(await shown(), first, 'a GET has changed nothing');

	assert.equal(await set([['columns', 'customer'], ['columns', 'domain'], ['columns', 'tier']]), '/customers?q=e', 'the address would hide what was set');
	assert.deepEqual(await shown(), [['Customer', 'Domain', 'Tier'], 'standard', true]);
	await set([['density', 'comfortable'], ['limit', '25']]);
	assert.deepEqual(await shown(), [['Customer', 'Domain', 'Tier'], 'comfortable', false]);
	const again = await loggedIn('distributorSales');
	assert.equal((await again.get('/customers')).html.one('[data-density]').attr('data-density'), 'comfortable', 'in another session too');
	assert.deepEqual(parse((await client.download('/customers.csv')).bytes)[0], [...DEFAULT_COLUMNS, 'Parent ID', 'Matched'], 'files do not depend on who reads them');
	const linked = await client.get((await client.get('/customers?q=e')).html.all('.export').map((a) => a.attr('href'))[0]);
	assert.deepEqual(parse(linked.bytes)[0], ['Customer', 'Domain', 'Tier', 'Parent ID', 'Matched'], 'the Export link carries the view');

	for (const fields of [[['density', 'huge']], [['limit', '26']], [['columns', 'customer,secret']]]) {
		const token = (await client.get('/customers')).token('/account/view');
		assert.equal((await client.post('/account/view', [['token', token], ...fields])).status, 422, String(fields));
	}
	assert.deepEqual(await shown(), [['Customer', 'Domain', 'Tier'], 'comfortable', false]);
	await set([['columns', DEFAULT_COLUMNS.map((_, i) => ['customer', 'status', 'admin', 'source', 'contracts'][i]).join(',')], ['density', 'standard'], ['limit', '50']]);
	assert.deepEqual(await shown(), first);
});

test('the Export link downloads every row of the filter in the columns of the page', async () => {
	const filter = { source: ['failed'], status: ['onboarding', 'complete'], q: 'e' };
	const page = await distributor.get(`/customers${query(filter, { columns: 'customer,source,id', limit: 25, folded: 1, density: 'compact' })}`);
	const answer = await distributor.download(page.html.one('.export').attr('href'));
	const [header, ...rows] = parse(answer.bytes);
	assert.deepEqual(header, ['Customer', 'Source data', 'Customer ID', 'Parent ID', 'Matched']);
	assert.deepEqual(rows, wantedCsv(views.get(distributor), filter, header.slice(0, 3)));
	assert.ok(rows.every((row) => row[4] === 'no' || row[1] === SOURCE_TITLES.failed));
});

test('HEAD answers as GET does, without a body', async () => {
	for (const path of ['/customers', '/customers.xml', '/customers.json', '/customers.csv', '/customers?limit=7']) {
		const get = await distributor.get(path), head = await distributor.request('HEAD', path);
		assert.equal(head.status, get.status, path);
		assert.equal(head.bytes.length, 0, path);
		assert.equal(head.headers['content-type'], get.headers['content-type'], path);
		assert.equal(head.headers['x-row-count'], get.headers['x-row-count'], path);
	}
});
