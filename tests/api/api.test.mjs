// The API: each scope of token on each route, repeated POSTs, JSON that is none, and following changes while others write. Each request
// and each answer is held against doc/openapi.json (tests/lib/api.mjs).
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { bearer, client, description, get, mine, post, tokenOf } from '../lib/api.mjs';
import { USERS, each, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model, subtree } from '../lib/model.mjs';
import { readRoutes } from '../lib/routes.mjs';

let model, top, tokens = {};

before(async () => {
	model = await Model.read(given());
	top = model.ofUser(USERS.distributor);
	for (const scope of ['ingest', 'read', 'write'])
		tokens[scope] = await tokenOf(top.id, scope);
});

test('each route of the API takes the scopes that it should, and nothing without a token', async () => {
	const jar = await loggedIn('distributor');
	for (const { pattern, get: reads, post: writes } of readRoutes().filter((route) => route.pattern.startsWith('/api/'))) {
		const address = pattern.replace('{tenant}', top.id).replace('{account}', '000000000001');
		for (const scope of [null, 'ingest', 'read', 'write']) {
			const mayRead = ['read', 'write'].includes(scope), mayWrite = writes === 'ingest' ? ['ingest', 'write'].includes(scope) : scope === 'write';
			if (reads)
				assert.equal((await get(tokens[scope], address)).status, !scope ? 401 : mayRead ? 200 : 403, `GET ${pattern} with ${scope}`);
			if (writes)
				assert.equal((await post(tokens[scope], address, {})).status, !scope ? 401 : !mayWrite ? 403 : writes === 'ingest' ? 404 : 422, `POST ${pattern} with ${scope}`);
		}
		assert.equal((await jar.get(address)).status, reads ? 401 : 405, 'a cookie is nothing there');
	}
	const wrong = await get(`tenantry_${'A'.repeat(43)}`, '/api/v1/tenants');
	assert.deepEqual([wrong.status, wrong.headers['www-authenticate']], [401, 'Bearer realm="tenantry", error="invalid_token"']);
});

test('pages take a read token for data, and for nothing else', async () => {
	for (const [scope, wanted] of [['read', 200], ['ingest', 403], ['write', 403]])
		for (const suffix of ['.csv', '.xml', '.json'])
			assert.equal((await client.get(`/customers${suffix}`, { headers: bearer(tokens[scope]) })).status, wanted, `${scope} ${suffix}`);
	assert.equal((await client.get('/customers', { headers: bearer(tokens.read) })).status, 303);
	assert.equal((await client.get('/account.json', { headers: bearer(tokens.read) })).status, 403);
	assert.equal((await client.get(`/customers/${top.id}/tokens.json`, { headers: bearer(tokens.read) })).status, 403);
	assert.equal((await client.get('/customers.csv', { headers: bearer('nothing') })).status, 401);
});

test('what is outside of the scope is not there', async () => {
	const reseller = model.ofUser(USERS.reseller), token = await tokenOf(reseller.id, 'read'), inside = new Set([...subtree(reseller)].map(({ id }) => id));
	const { tenants, rowCount } = (await get(token, '/api/v1/tenants?maxResults=1000')).json;
	assert.equal(rowCount, inside.size);
	assert.deepEqual(new Set(tenants.map(({ id }) => id)), inside);
	for (const { id } of [top, model.ofUser(USERS.other)])
		assert.equal((await get(token, `/api/v1/tenants/${id}`)).status, 404);
});

test('the pages of a list together are the list', async () => {
	const seen = [];
	for (let next = ''; next !== null;) {
		const { json } = await get(tokens.read, `/api/v1/tenants?maxResults=7${next && `&pageToken=${next}`}`);
		seen.push(...json.tenants.map(({ id }) => id));
		next = json.pageToken;
	}
	assert.deepEqual(seen, (await get(tokens.read, '/api/v1/tenants?maxResults=1000')).json.tenants.map(({ id }) => id));
	for (const query of ['limit=25', 'maxResults=0', 'maxResults=1001', 'pageToken=x', 'tier=x', 'changedSince=x', 'changedSince=1&q=a'])
		assert.equal((await get(tokens.read, `/api/v1/tenants?${query}`)).status, 400, query);
	assert.equal((await get(tokens.read, '/api/v1/tenants?changedSince=1')).status, 410);
	const { mark } = (await get(tokens.read, '/api/v1/tenants?maxResults=1')).json;
	for (const filter of ['q=a', 'source=failed', 'status=complete', 'tier=reseller', 'suspended=yes', 'below=1', `fold=${top.id}`, 'folded=1', `after=${top.id}`, `before=${top.id}`]) {
		const beside = await get(tokens.read, `/api/v1/tenants?changedSince=${mark}&${filter}`);
		assert.deepEqual([beside.status, beside.json.parameter], [400, filter.replace(/=.*/, '')], filter);
	}
});

test('every list parameter of the pages is taken by the lists of the API, and described', async () => {
	const reseller = model.ofUser(USERS.reseller).id, columns = (path) => description.paths[path].get.parameters.find(({ name }) => name === 'columns').schema.pattern.match(/[a-z]+/g)[1];
	const paging = [`after=${top.id}`, `before=${reseller}`, 'density=compact', 'columns=all'];
	for (const [path, queries] of [
		['/api/v1/tenants', ['q=a', 'source=failed&source=warning', 'status=complete&status=onboarding', 'tier=reseller&tier=customer', 'suspended=yes', 'below=1&q=a', `fold=${reseller}&fold=${model.named('Bluepeak Cloud GmbH').id}`, `folded=1&unfold=${reseller}`, ...paging]],
		['/api/v1/contracts', ['q=a', 'status=draft&status=active', 'tier=reseller', 'ends=30', 'unbilled=1', ...paging]]]) {
		const described = description.paths[path].get.parameters.map(({ name }) => name);
		for (const query of [...queries, `columns=${columns(path)}`]) {
			assert.equal((await get(tokens.read, `${path}?${query}`)).status, 200, query);
			const [name] = query.split('='), wrong = await get(tokens.read, `${path}?${name}=${name === 'q' ? '%00' : 'x%21'}`);
			assert.ok(described.includes(name));
			assert.equal(wrong.status, 400, `${path}: ${name}`);
		}
	}
});

test('the pages of the sources together are the list, and each says how many there are', async () => {
	for (const { id } of [top, model.ofUser(USERS.reseller), model.ofUser(USERS.customer)]) {
		const token = await tokenOf(id, 'read'), seen = [], counts = new Set();
		for (let next = ''; next !== null;) {
			const { json } = await get(token, `/api/v1/sources?maxResults=4${next && `&pageToken=${next}`}`);
			seen.push(...json.sources.map((source) => source.id));
			counts.add(`${json.rowCount} ${json.rowCountExact}`);
			next = json.pageToken;
		}
		const [[stored]] = await given().sql(`SELECT COUNT(*) FROM billing_source s JOIN tenant t ON t.id = s.tenant_id LEFT JOIN tenant p ON p.id = t.parent_id
			WHERE s.live = 1 AND t.deleted_at IS NULL AND '${id}' IN (t.public_id, p.public_id, (SELECT d.public_id FROM tenant d WHERE d.id = t.distributor_id))`);
		assert.equal(new Set(seen).size, Number(stored));
		assert.deepEqual([...counts], [`${stored} true`]);
	}
});

test('a POST is done once a key, and refused under a key of another', async () => {
	const body = { parentId: top.id, domain: `once-${mine}.example`, name: 'Once <&>' };
	const first = await post(tokens.write, '/api/v1/tenants', body, `once-${mine}`), again = await post(tokens.write, '/api/v1/tenants', body, `once-${mine}`);
	assert.deepEqual([first.status, again.status], [201, 201]);
	assert.equal(first.location, `/api/v1/tenants/${first.json.id}`);
	assert.equal(again.location, first.location);
	assert.deepEqual(again.json, first.json);
	assert.equal((await post(tokens.write, '/api/v1/tenants', { ...body, name: 'Other' }, `once-${mine}`)).status, 422);
	assert.equal((await post(tokens.write, '/api/v1/tenants', body)).json.errors[0].pointer, '#/domain');
	assert.equal((await post(tokens.write, '/api/v1/tenants', body, null)).status, 400);
	const raced = await Promise.all(Array.from({ length: 6 }, () => post(tokens.write, '/api/v1/tenants', { ...body, domain: `race-${mine}.example` }, `race-${mine}`)));
	assert.equal(new Set(raced.filter(({ status }) => status === 201).map(({ json }) => json.id)).size, 1);
	assert.ok(raced.every(({ status }) => status === 201 || status === 409));
});

test('a POST whose key is still at work is refused, and answered as the first one when that has ended', async () => {
	const body = { parentId: top.id, domain: `slow-${mine}.example`, name: 'Slow' }, key = `slow-${mine}`;
	const release = await given().hold(`SELECT id FROM tenant WHERE public_id = '${top.id}' FOR UPDATE`);
	// Whichever comes first waits for the lock.
	const answers = Array.from({ length: 3 }, () => post(tokens.write, '/api/v1/tenants', body, key));
	const refused = await Promise.any(answers).finally(release);
	assert.deepEqual([refused.status, refused.json.code], [409, 'RUNNING']);
	const done = (await Promise.all(answers)).filter(({ status }) => status === 201);
	assert.equal(done.length, 1);
	const again = await post(tokens.write, '/api/v1/tenants', body, key);
	assert.deepEqual([again.status, again.json], [201, done[0].json]);
});

test('a body that is not quite JSON is refused', async () => {
	const good = JSON.stringify({ parentId: top.id, domain: 'x.example', name: 'x' });
	for (const body of ['', '[]', '"x"', '{', `${good}x`, `${good}{}`, `\u0000${good}`, '{"name":"a","name":"b"}', '{"n\\u0061me":"a","name":"b"}', '{"name":"a\\u0000b"}', '{"name":NaN}', '{"name":Infinity}',
		"{'name':1}", '{"a":1,}', '{a:1}', '/**/{}', '{"a":"\n"}', '{"a":01}', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, Buffer.from('{"name":"\xff"}', 'latin1')])
		assert.equal((await post(tokens.write, '/api/v1/tenants', body)).status, 400, String(body));
	assert.equal((await post(tokens.write, '/api/v1/tenants', JSON.stringify({ name: 'x'.repeat(66000) }))).status, 413);
	for (const body of [{}, { parentId: 1 }, { parentId: top.id, domain: 'x.example', name: 'x', more: 1 }, { parentId: top.id, domain: 'x.example', name: 'a\u202eb' }])
		assert.equal((await post(tokens.write, '/api/v1/tenants', body)).status, 422, JSON.stringify(body));
});

test('whoever follows the changes has what the list has, with eight that write at once', { timeout: 120000 }, async () => {
	const resellers = [...subtree(top)].filter(({ tier, suspended }) => tier === 'reseller' && !suspended).slice(0, 4), one = resellers[0];
	const followers = await Promise.all([top, one].map(async ({ id }) => ({ id, token: await tokenOf(id, 'read'), copy: new Map(), mark: null })));
	const put = (follower, { tenants }) => tenants.forEach((tenant) => follower.copy.set(tenant.id, tenant));
	const readAll = async (follower) => {
		for (let next = ''; next !== null;) {
			const { json } = await get(follower.token, `/api/v1/tenants?maxResults=50${next && `&pageToken=${next}`}`);
			put(follower, json);
			follower.mark ??= json.mark;
			next = json.pageToken;
		}
	};
	const follow = async (follower) => {
		let mark;
		for (let next = ''; next !== null;) {
			const { json } = await get(follower.token, `/api/v1/tenants?changedSince=${follower.mark}&maxResults=3${next && `&pageToken=${next}`}`);
			put(follower, json);
			json.deleted.forEach((id) => follower.copy.delete(id));
			mark ??= json.mark;
			assert.equal(json.mark, mark);
			next = json.pageToken;
		}
		follower.mark = mark;
	};
	await Promise.all(followers.map(readAll));
	let writing = true;
	const following = followers.map(async (follower) => {
		while (writing)
			await follow(follower);
	});
	const admin = await loggedIn('distributor');
	const act = async (id, action, fields = {}) => admin.post(`/customers/${id}/${action}`, { token: await admin.sessionToken(), ...fields });
	await each(Array.from({ length: 24 }, (_, i) => i), async (i) => {
		const { status, json } = await post(tokens.write, '/api/v1/tenants', { parentId: resellers[i % resellers.length].id, domain: `f${i}-${mine}.example`, name: `Follow ${i}` });
		assert.equal(status, 201);
		if (i % 3 === 0)
			await act(json.id, 'suspend');
		if (i % 3 === 1)
			await act(json.id, 'move', { parent: resellers[(i + 1) % resellers.length].id });
		if (i % 4 === 1)
			await act(json.id, 'delete');
		if (i % 8 === 1)
			await act(json.id, 'restore');
	}, 8);
	writing = false;
	await Promise.all(following);
	for (const follower of followers) {
		await follow(follower);
		const whole = { ...follower, copy: new Map(), mark: null };
		await readAll(whole);
		assert.deepEqual([...follower.copy.keys()].sort(), [...whole.copy.keys()].sort());
		for (const [id, tenant] of whole.copy)
			assert.deepEqual(follower.copy.get(id), tenant);
	}
});
