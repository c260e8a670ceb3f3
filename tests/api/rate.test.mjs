// How many requests a token may send a minute, on a private instance where that is few: counted over all workers of the host, and over two hosts
// with one database.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bearer, get, post, tokenOf } from '../lib/api.mjs';
import { Client, USERS } from '../lib/http.mjs';
import { startInstance, until } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const LIMIT = 40, CLOCK = '2026-12-01T12:00:00Z', KEYS = { TENANTRY_SERVER_KEYS: `[api]\nrequests = ${LIMIT}` };
let instance, from, top, second;

before(async () => {
	// A section behind the keys of [server].
	instance = await startInstance('rate', { args: ['--workers', '4', '--clock', CLOCK], env: KEYS });
	from = new Client(instance.url);
	top = (await Model.read(instance, Date.parse(CLOCK))).ofUser(USERS.distributor);
});
after(async () => {
	await second?.discard();
	await instance?.discard();
});

const ask = (token, by = from) => get(token, '/api/v1/tenants?maxResults=1', { from: by });
// Enough of a minute of the instance's clock left for a test.
async function freshMinute(token, by = from) {
	for (;;) {
		const { headers } = await ask(token, by);
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

// Another web server and another pool of workers, which ask the first one's database; its clock is the first one's.
async function secondHost() {
	const host = await startInstance('second', { args: ['--demo', 'none', '--workers', '2'], env: KEYS }), conf = path.join(host.state, 'tenantry.conf');
	const ended = host.pid('tenantry'), socket = path.join(host.state, 'run/tenantry.sock'), passed = Date.now() - statSync(path.join(instance.state, 'run/tenantry.pid')).mtimeMs;
	process.kill(ended, 'SIGTERM');
	await until('the pool has ended', () => !existsSync(`/proc/${ended}`));
	const [server, database] = readFileSync(conf, 'utf8').split('[database]');
	writeFileSync(conf, `${server.replace(/^clock = .*$/m, `clock = ${new Date(Date.parse(CLOCK) + passed).toISOString().slice(0, 19)}Z`)}[database]${database.replaceAll(host.state, instance.state)}`);
	const log = openSync(path.join(host.state, 'log/tenantry.log'), 'a');
	const child = spawn(path.join(process.env.TENANTRY_BUILD, 'tenantry'), ['serve', '-c', conf], { detached: true, stdio: ['ignore', log, log] });
	child.unref();
	writeFileSync(path.join(host.state, 'run/tenantry.pid'), `${child.pid}\n`);
	await until('the pool serves', () => existsSync(socket));
	return host;
}

test('two hosts with one database count a token together, but for a fiftieth of the limit each', async () => {
	second = await secondHost();
	const other = new Client(second.url), token = await tokenOf(top.id, 'read', instance);
	await freshMinute(await tokenOf(top.id, 'read', instance));
	await freshMinute(await tokenOf(top.id, 'read', instance), other);
	const statuses = [];
	// By turns, each after the answer to the one before.
	for (let i = 0; i < LIMIT + 10; i++)
		statuses.push((await ask(token, i % 2 ? other : from)).status);
	const good = statuses.filter((status) => status === 200).length;
	assert.ok(good >= LIMIT && good <= LIMIT + 2, `${good} of ${LIMIT} were let pass`);
	assert.deepEqual(statuses.slice(-2), [429, 429], 'on both hosts');
});
