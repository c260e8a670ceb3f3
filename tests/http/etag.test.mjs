// What a browser may keep: 304 as long as nothing that it shows has changed, and for nobody else.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { FORM_TOKENS, USERS, loggedIn } from '../lib/http.mjs';
import { CLOCK, sharedInstance } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

let instance, model, reseller, customer;
const login = (user) => loggedIn(user, instance.url);
const PAGES = ['/customers', '/customers.xml', '/customers.json', '/customers?source=failed&limit=25', '/contracts', '/contracts.json'];

before(async () => {
	instance = await sharedInstance();
	model = await Model.read(instance, Date.parse(CLOCK));
	[reseller, customer] = ['reseller', 'customer'].map((user) => model.ofUser(USERS[user]));
});

const content = ({ body, headers }) => body.replaceAll(headers['x-request-id'], 'REQUEST').replace(FORM_TOKENS, 'TOKEN');

// The tags of pages, and whether each page is still what its tag was given for.
async function keep(client) {
	const pages = new Map();
	for (const path of PAGES) {
		const answer = await client.get(path);
		assert.match(answer.headers.etag, /^W\/"[\w-]{22}"$/, path);
		pages.set(path, answer);
	}
	return pages;
}

async function ask(client, pages) {
	const unchanged = [];
	for (const [path, { headers: { etag } }] of pages) {
		const answer = await client.get(path, { headers: { 'If-None-Match': etag } });
		assert.ok([200, 304].includes(answer.status), path);
		if (answer.status === 304)
			unchanged.push(path);
	}
	return unchanged;
}

test('a list that has not changed is answered 304 without a body', async () => {
	const client = await login('distributor'), pages = await keep(client);
	assert.deepEqual(await ask(client, pages), PAGES);
	const { headers: { etag } } = pages.get('/customers');
	for (const value of [`"other", ${etag}`, etag.replace('W/', ''), `W/"x" ,${etag}`]) {
		const answer = await client.get('/customers', { headers: { 'If-None-Match': value } });
		assert.equal(answer.status, 304, value);
		assert.equal(answer.bytes.length, 0);
		assert.equal(answer.headers.etag, etag);
		assert.equal(answer.headers['content-type'], undefined);
		assert.match(answer.headers['cache-control'], /private/);
		assert.match(answer.headers.vary, /Cookie/);
	}
	for (const value of ['*', '', '"other"', etag.slice(0, -2), `x${etag.slice(2)}`])
		assert.equal((await client.get('/customers', { headers: { 'If-None-Match': value } })).status, 200, value);
	const head = await client.request('HEAD', '/customers', { headers: { 'If-None-Match': etag } });
	assert.equal(head.status, 304);
});

test('pages with a form that is used once, errors, files and redirects have no tag', async () => {
	const client = await login('distributor');
	for (const path of ['/customers/new', '/customers/none-such', '/customers.csv', '/', '/account', `/customers/${customer.id}`, '/customers?limit=26'])
		assert.equal((await client.get(path)).headers.etag, undefined, path);
});

test('two sessions have no tag in common, not even of the same user', async () => {
	const tags = new Set();
	for (const user of ['distributor', 'distributor', 'distributorSales', 'reseller', 'other'])
		for (const { headers: { etag } } of (await keep(await login(user))).values())
			tags.add(etag);
	assert.equal(tags.size, 5 * PAGES.length);
	const [one, two] = [await login('distributor'), await login('distributor')];
	assert.deepEqual(await ask(two, await keep(one)), []);
});

const change = (statement) => () => instance.sql(statement);
const user = `(SELECT id FROM user_account WHERE email = '${USERS.distributor}')`;
const edit = async (fields, client) => {
	const page = await client.get(`/customers/${customer.id}`), action = `/customers/${customer.id}`;
	const form = page.html.all('form').find((node) => node.attr('action') === action && node.one('input[name=version]'));
	const old = Object.fromEntries(['token', 'name', 'domain', 'version'].map((name) => [name, form.one(`input[name=${name}]`).attr('value')]));
	assert.equal((await client.post(action, { ...old, ...fields(old) })).status, 303);
};
const changes = {
	'the role of the user': change(`UPDATE user_account SET role = IF(role = 'admin', 'sales', 'admin') WHERE id = ${user}`),
	'the child tenant role': change(`UPDATE user_account SET child_role = IF(child_role = 'admin', 'sales', 'admin') WHERE id = ${user}`),
	'the name of the user': change(`UPDATE user_account SET last_name = REVERSE(last_name) WHERE id = ${user}`),
	'what the user has set': change(`UPDATE user_account SET view_density = IF(view_density <=> 'compact', 'standard', 'compact') WHERE id = ${user}`),
};
for (const [name, deed] of Object.entries(changes))
	test(`${name} makes another tag`, async () => {
		const client = await login('distributor'), pages = await keep(client);
		await deed();
		try {
			assert.deepEqual(await ask(client, pages), []);
		} finally {
			await deed();
		}
	});

test('a notice that waits is shown, and then the page is the one that was kept', async () => {
	const client = await login('distributor'), pages = await keep(client), { headers: { etag } } = pages.get('/customers');
	await instance.sql(`UPDATE session SET notice = 'Hello' WHERE user_id = ${user}`);
	const shown = await client.get('/customers', { headers: { 'If-None-Match': etag } });
	assert.equal(shown.status, 200);
	assert.match(shown.html.one('.notice').text, /Hello/);
	assert.equal(shown.headers.etag, undefined, 'not to be kept with it');
	assert.deepEqual(await ask(client, pages), PAGES);
});

test('a switch and the way back make other tags', async () => {
	const client = await login('distributor'), home = await keep(client);
	await client.switchTo(reseller.id);
	assert.deepEqual(await ask(client, home), []);
	const inside = await keep(client);
	assert.deepEqual(await ask(client, inside), PAGES);
	await client.switchTo('');
	assert.deepEqual(await ask(client, inside), []);
	assert.deepEqual(await ask(client, home), PAGES, 'all is as it was');
});

test('a change of a customer shows to everybody above it at once, and to nobody beside', async () => {
	const [distributor, own, other] = [await login('distributor'), await login('reseller'), await login('other')];
	const kept = await Promise.all([distributor, own, other].map(keep));
	await edit(({ name }) => ({ name: `${name} II` }), distributor);
	assert.deepEqual(await ask(distributor, kept[0]), []);
	assert.deepEqual(await ask(own, kept[1]), []);
	assert.deepEqual(await ask(other, kept[2]), PAGES);
	await edit(({ name }) => ({ name: name.replace(/ II$/, '') }), own);
	const again = await distributor.get('/customers');
	assert.equal(content(again), content(kept[0].get('/customers')), 'the same page');
	assert.notEqual(again.headers.etag, kept[0].get('/customers').headers.etag, 'and yet a new version');
});
