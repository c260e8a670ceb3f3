// Paging of the Customers list: forwards and backwards, every row once, context and repeated rows where they belong,
// and cursors that tell nothing.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { USERS, each, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model, query } from '../lib/model.mjs';

let model, distributor, reseller, views;

before(async () => {
	model = await Model.read(given());
	[distributor, reseller] = await Promise.all(['distributor', 'reseller'].map((user) => loggedIn(user)));
	views = new Map([[distributor, 'distributor'], [reseller, 'reseller']]
		.map(([client, user]) => [client, model.view(model.ofUser(USERS[user]))]));
});

const link = (xml, rel) => xml.all('link').find((node) => node.attr('rel') === rel)?.attr('href').replace('/customers?', '/customers.xml?') ?? null;

const rowsOf = (xml) => xml.all('tenant').map((node) => ({
	id: node.attr('id'), tier: node.attr('tier'), matched: node.attr('matched') === 'yes', repeated: node.attr('repeated') === 'yes',
	folded: node.attr('fold') === 'folded', matches: Number(node.attr('matches') ?? 0), parent: node.attr('parent'), level: Number(node.attr('level')),
}));

// An item takes one of the places of a page; other rows come on top of that.
const isItem = (row) => !row.repeated && (row.matched || (row.folded && row.matches > 0));

async function walk(client, first, rel) {
	const pages = [];
	for (let path = first; path; ) {
		const answer = await client.get(path);
		assert.equal(answer.status, 200, path);
		pages.push({ path, rows: rowsOf(answer.xml), xml: answer.xml });
		assert.ok(pages.length < 30, `${first} comes to an end`);
		path = link(answer.xml, rel);
	}
	return pages;
}

function checkPage({ path, rows }, view, limit, isLast) {
	const items = rows.filter(isItem);
	assert.ok(items.length <= limit, `${path}: at most ${limit}`);
	if (!isLast)
		assert.equal(items.length, limit, `${path}: a page that is not the last is full`);
	const order = rows.map((row) => view.rows.findIndex(({ id }) => id === row.id));
	assert.deepEqual(order, [...order].sort((a, b) => a - b), `${path}: tree order`);
	assert.equal(new Set(order).size, order.length, `${path}: no row twice`);
	rows.forEach((row, i) => {
		if (row.level > 0 && row.tier === 'customer')
			assert.ok(rows.slice(0, i).some(({ id }) => id === row.parent), `${path}: the parent of ${row.id} stands above it`);
		if (row.repeated)
			assert.equal(i, 0, `${path}: what is repeated stands on top`);
		if (!isItem(row) && !row.repeated)
			assert.ok(rows.slice(i + 1).some(isItem), `${path}: a context row has something below it`);
	});
}

async function checkPaging(client, filter, more, folds) {
	const view = views.get(client), limit = 25;
	const wanted = view.folded(filter, folds).filter(({ matched, folded, matches }) => matched || (folded && matches > 0)).map(({ row }) => row.id);
	const first = `/customers.xml${query(filter, { ...more, limit })}`;
	const pages = await walk(client, first, 'next');
	pages.forEach((page, i) => checkPage(page, view, limit, i === pages.length - 1));
	const ids = (list) => list.flatMap(({ rows }) => rows.filter(isItem).map(({ id }) => id));
	assert.deepEqual(ids(pages), wanted, `${first}: forwards, each row once`);
	assert.equal(link(pages[0].xml, 'previous'), null, `${first}: nothing before the first page`);
	// A row is repeated exactly where the page before had rows of that reseller, and never on the first page.
	pages.forEach(({ path, rows }, i) => {
		const before = i > 0 ? pages[i - 1].rows.at(-1) : null, top = rows[0];
		const inside = before && (before.id === top?.id || before.parent === top?.id) && view.byId.get(top.id).tier === 'reseller';
		assert.equal(Boolean(top?.repeated), Boolean(inside), `${path}: the row on top is ${inside ? '' : 'not '}repeated`);
	});

	const back = await walk(client, pages.at(-1).path, 'previous');
	assert.deepEqual(ids([...back].reverse()), wanted, `${first}: backwards, each row once`);
	back.slice(1).forEach((page, i) => checkPage(page, view, limit, i === back.length - 2));
	if (back.length > 1)
		assert.ok(link(back[1].xml, 'next'), `${first}: and forwards again`);
	return pages.length;
}

test('pages forwards and backwards give every row once, whatever is filtered and folded', async () => {
	const resellers = [...views.get(distributor).rows].filter((row) => row.tier === 'reseller');
	const filters = [{}, { tier: ['customer'] }, { source: ['success', 'warning'] }, { source: ['success'] }, { status: ['complete'] },
		{ status: ['onboarding'] }, { q: 'e' }, { q: 'example' }, { q: 'an' }, { suspended: 'no' }, { q: 'example', tier: ['customer'], below: true },
		{ source: ['failed'], below: true }, { tier: ['reseller'], below: true }, { source: ['success', 'failed', 'warning'], status: ['complete'] },
		{ q: 'nothing has this' }];
	let most = 0;
	await each(filters, async (filter) => {
		most = Math.max(most, await checkPaging(distributor, filter, {}, new Set()));
		await checkPaging(distributor, filter, { fold: [resellers[0].id, resellers.at(-1).id] }, new Set([resellers[0].id, resellers.at(-1).id]));
		await checkPaging(distributor, filter, { folded: 1 }, new Set(resellers.map(({ id }) => id)));
		await checkPaging(distributor, filter, { folded: 1, unfold: [resellers[1].id, resellers.at(-1).id] },
			new Set(resellers.map(({ id }) => id).filter((id) => id !== resellers[1].id && id !== resellers.at(-1).id)));
		await checkPaging(reseller, filter, {}, new Set());
	});
	assert.ok(most >= 3, 'the demo has three pages of 25');
});

test('the links of the page lead to its pages, and JSON pages on by the same cursors', async () => {
	const forwards = [], json = [];
	for (let path = '/customers?limit=25'; path; ) {
		const { html } = await distributor.get(path);
		forwards.push(...html.all('tbody tr').filter((tr) => !tr.is('.context') && !tr.is('.again')).map((tr) => tr.one('.name').text));
		const next = html.all('a').find((a) => a.text === 'Next page');
		if (forwards.length > 25)
			assert.ok(html.all('a').some((a) => a.text === 'Previous page'));
		path = next?.attr('href');
	}
	for (let after = ''; after !== null; ) {
		const page = (await distributor.get(`/customers.json?limit=25${after && `&after=${after}`}`)).json;
		json.push(...page.tenants.filter(({ matched }) => matched).map(({ name }) => name));
		after = page.pageToken;
	}
	const wanted = views.get(distributor).rows.map(({ name }) => name);
	assert.deepEqual(forwards, wanted);
	assert.deepEqual(json, wanted);
});

test('the page sizes are 25, 50, 100 and 200', async () => {
	for (const limit of [25, 50, 100, 200]) {
		const rows = rowsOf((await distributor.get(`/customers.xml?limit=${limit}`)).xml);
		assert.equal(rows.filter(isItem).length, Math.min(limit, views.get(distributor).rows.length));
	}
});

test('a cursor from outside the scope answers as one that is none, byte for byte', async () => {
	const outside = [model.named('Northwind Distribution'), model.named('Cumulus Partners'), model.named('Hudson Valley Distribution'), model.named('Glacier Foods')];
	for (const suffix of ['', '.xml', '.json'])
		for (const name of ['after', 'before', 'fold']) {
			const plain = async (id) => {
				const answer = await reseller.get(`/customers${suffix}?${name}=${id}`);
				return [answer.status, answer.body.replaceAll(answer.headers['x-request-id'], '').replaceAll(id, 'ID').replace(/value="[\w.-]{60,}"/g, '')];
			};
			const none = await plain('0123456789');
			assert.equal(none[0], 400);
			for (const tenant of outside)
				assert.deepEqual(await plain(tenant.id), none, `${suffix} ${name}=${tenant.name}`);
		}
});

test('a page whose cursor has been deleted meanwhile goes on from its place', async () => {
	const [[deleted]] = await given().sql("SELECT public_id FROM tenant WHERE deleted_at IS NOT NULL AND name = 'Wound-up Widgets'");
	const rows = rowsOf((await distributor.get(`/customers.xml?after=${deleted}&limit=25`)).xml).filter(isItem);
	assert.equal(rows.length, 25);
	const before = rowsOf((await distributor.get(`/customers.xml?before=${deleted}&limit=25`)).xml).filter(isItem);
	const order = views.get(distributor).rows.map(({ id }) => id);
	assert.equal(order.indexOf(rows[0].id), order.indexOf(before.at(-1).id) + 1);
});
