// How many requests a token may send a minute, on a private instance where that is few: counted over all workers of the host.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { bearer, get, post, tokenOf } from '../lib/api.mjs';
import { Client, USERS } from '../lib/http.mjs';
import { startInstance } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const LIMIT = 40;
let instance, from, top;

before(async () => {
	// A section behind the keys of [server].
	instance = await startInstance('rate', { args: ['--workers', '4', '--clock', '2026-12-01T12:00:00Z'], env: { TENANTRY_SERVER_KEYS: `[api]\nrequests = ${LIMIT}` } });
	from = new Client(instance.url);
	top = (await Model.read(instance, Date.parse('2026-12-01T12:00:00Z'))).ofUser(USERS.distributor);
});
after(() => instance?.discard());

const ask = (token) => get(token, '/api/v1/tenants?maxResults=1', { from });
// Enough of a minute of the instance's clock left for a test.
async function freshMinute(token) {
	for (;;) {
		const { headers } = await ask(token);
		if (Number(headers['ratelimit-reset']) > 25)
			return;
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
}

test('a token may send so many requests a minute, however many workers answer them; the next is 429 and says when', async () => {
	await freshMinute(await tokenOf(top.id, 'read', instance));
	const token = await tokenOf(top.id, 'read', instance), answers = await Promise.all(Array.from({ length: LIMIT + 20 }, () => ask(token)));
	const good = answers.filter(({ status }) => status === 200), refused = answers.filter(({ status }) => status === 429);
	assert.deepEqual([good.length, refused.length], [LIMIT, 20]);
	assert.deepEqual(good.map(({ headers }) => Number(headers['ratelimit-remaining'])).sort((a, b) => a - b), Array.from({ length: LIMIT }, (_, i) => i));
	for (const { headers } of answers) {
		assert.equal(headers['ratelimit-limit'], String(LIMIT));
		assert.ok(headers['ratelimit-reset'] >= 1 && headers['ratelimit-reset'] <= 60);
	}
	for (const { headers, json } of refused) {
		assert.equal(headers['retry-after'], headers['ratelimit-reset']);
		assert.equal(headers['ratelimit-remaining'], '0');
		assert.equal(json.status, 429);
	}
	const workers = new Set(instance.log().split('\n').filter((line) => line.includes('/api/v1/tenants')).map((line) => JSON.parse(line).pid ?? JSON.parse(line).worker));
	assert.ok(workers.size > 1, `answered by ${[...workers]}`);
	assert.equal((await post(token, '/api/v1/tenants', {}, 'over', { from })).status, 429, 'writing counts as well');
	assert.equal((await from.get('/customers.csv', { headers: bearer(token) })).status, 429, 'so do pages by token');
	assert.equal((await ask(await tokenOf(top.id, 'read', instance))).status, 200, 'another token has its own count');
});
