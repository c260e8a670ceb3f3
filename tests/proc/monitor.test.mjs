// What monitoring sees: health, readiness, counters, the access log, slow requests, the status command.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { request, talk } from '../fcgi/client.mjs';
import { databaseProxy } from '../lib/database_proxy.mjs';
import { Instance, OTHERS, dev, processAlive, until } from './instance.mjs';

const run = promisify(execFile);
const PRIVATE = { TENANTRY_PRIVATE: '1' };

// The value of one line of /metrics.
const metric = (text, name) => Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? NaN);

describe('monitoring', () => {
	let pool, socket;
	before(async () => {
		pool = await Instance.start({ workers: 3, keys: 'slow_ms = 400' });
		socket = pool.file('run/tenantry.sock');
	});
	after(() => pool?.stop());

	const direct = (uri, params = {}, method = 'GET') => talk(socket, request(uri, { params, method }));
	const metrics = async () => (await direct('/metrics', PRIVATE)).text;
	const reload = async () => {
		const old = pool.processes;
		process.kill(pool.master, 'SIGHUP');
		await until(() => pool.processes.length === 3 + OTHERS && !pool.processes.some((pid) => old.includes(pid)));
	};

	test('its addresses exist where the location is private alone, and exactly as they are', async () => {
		for (const uri of ['/healthz', '/readyz', '/metrics']) {
			const answer = await direct(uri, PRIVATE);
			assert.equal(answer.status, 200, uri);
			assert.match(answer.head, /^Content-Type: text\/plain/m);
			for (const value of ['', '0', '11', 'yes'])
				assert.equal((await direct(uri, { TENANTRY_PRIVATE: value })).status, 404, `${uri} with "${value}"`);
			assert.equal((await direct(uri)).status, 404, uri);
			assert.equal((await direct(uri, { HTTP_TENANTRY_PRIVATE: '1' })).status, 404, 'a header of a client');
			assert.equal((await direct(uri, {}, 'POST')).status, 404, 'not 405, which would tell');
			assert.equal((await direct(uri, PRIVATE, 'POST')).status, 405);
			for (const suffix of ['.html', '.json', '.csv', '/x'])
				assert.equal((await direct(uri + suffix, PRIVATE)).status, 404, uri + suffix);
		}
	});

	test('promtool finds no fault with the metrics', async () => {
		await pool.get('/nothing');
		await pool.get('/login', { cookie: 'x' });
		const check = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
		let said = '';
		check.stdout.on('data', (part) => { said += part; });
		check.stderr.on('data', (part) => { said += part; });
		const ended = new Promise((done) => check.once('exit', done));
		check.stdin.end(await metrics());
		assert.equal(await ended, 0, said);
		assert.equal(said, '');
	});

	test('requests are counted by route and status, and the counts outlive workers and a reload', async () => {
		const name = 'tenantry_requests_total{route="login",status="200"}', none = 'tenantry_requests_total{route="none",status="404"}';
		const count = async () => {
			const text = await metrics();
			assert.equal(metric(text, 'tenantry_request_duration_seconds_bucket{route="login",le="+Inf"}'),
				metric(text, 'tenantry_request_duration_seconds_count{route="login"}'));
			return [metric(text, name), metric(text, none), metric(text, 'tenantry_workers_started_total')];
		};
		await pool.get('/login');
		await pool.get('/nothing');
		await until(async () => metric(await metrics(), none) >= 1 && metric(await metrics(), name) >= 1);
		const before = await count();
		for (let i = 0; i < 7; i++)
			assert.equal((await pool.get('/login')).status, 200);
		await pool.get('/nothing');
		// An answer is there before it is counted.
		await until(async () => (await count()).slice(0, 2).join() === [before[0] + 7, before[1] + 1].join());
		const victims = pool.processes;
		for (const victim of victims)
			process.kill(victim, 'SIGKILL');
		await until(() => pool.processes.length === 3 + OTHERS && !pool.processes.some((pid) => victims.includes(pid)));
		assert.equal((await pool.get('/login')).status, 200);
		await reload();
		const now = await count();
		assert.deepEqual(now, [before[0] + 8, before[1] + 1, now[2]]);
		assert.ok(now[2] >= before[2] + 6, 'killed and reloaded workers were started anew');
		assert.ok(metric(await metrics(), 'tenantry_worker_crashes_total') >= 3);
	});

	test('a request that is slow is logged with its step, while it runs and when it ends', async () => {
		const release = await pool.holdSessions();
		const slow = pool.getSlow();
		const line = await until(() => /slow: request ([0-9a-f]{32}) \(customers\) in worker \d+ has taken \d+ ms and is in step session/.exec(pool.log()));
		const busy = await metrics();
		assert.equal(metric(busy, 'tenantry_workers{step="session"}'), 1);
		const { stdout } = await run(path.join(process.env.TENANTRY_BUILD, 'tenantry'), ['status', '-c', pool.file('tenantry.conf')]);
		assert.match(stdout, new RegExp(`worker +session +\\d+ +\\d+ +customers +${line[1]}`));
		await release();
		assert.equal((await slow).status, 303);
		await until(() => new RegExp(`\\[${line[1]}\\] slow: GET /customers took \\d+ ms \\(database \\d+ ms in \\d+ statements\\): session \\d+ ms`).test(pool.log()));
		assert.equal(pool.log().split(line[1]).filter((part) => /^[^\n]*has taken/.test(part)).length, 1, 'said once');
		assert.ok(metric(await metrics(), 'tenantry_slow_requests_total') >= 1);
	});

	test('the access log is a JSON object a line, in a file that a reload opens again', async () => {
		const file = pool.file('log/access.json');
		pool.config((text) => text.replace('[server]', `[server]\naccess_log = ${file}`));
		await reload();
		// A line is written when the answer has gone out: another worker's next one may be faster.
		const logged = (count) => until(() => {
			const lines = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
			return lines.length === count && lines.map((line) => JSON.parse(line));
		});
		const { headers } = await pool.get('/login');
		await logged(1);
		await pool.get('/customers?q=secret-word');
		await logged(2);
		await pool.get(`/invite/${'S'.repeat(43)}`);
		await logged(3);
		await pool.get('/nothing/%22%5c%c3%a4%07');
		const lines = await logged(4);
		assert.deepEqual(lines.map(({ method, path: p, route, status, error }) => [method, p, route, status, error]), [
			['GET', '/login', 'login', 200, null], ['GET', '/customers', 'customers', 303, 'LOGIN_REQUIRED'],
			['GET', '/invite/***', 'invite', 404, 'NOT_FOUND'], ['GET', '/nothing/"\\ä\u0007', null, 404, 'NOT_FOUND']]);
		assert.equal(lines[0].request_id, headers['x-request-id'], "the web server's own ID");
		assert.deepEqual(Object.keys(lines[0]), ['time', 'request_id', 'address', 'method', 'path', 'route', 'status', 'error',
			'user', 'tenant', 'ms', 'db_ms', 'db_statements', 'worker']);
		assert.match(lines[0].time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		assert.ok(lines[0].ms > 0 && lines[0].ms < 1000);
		assert.ok(!fs.readFileSync(file, 'utf8').includes('secret-word'));
		fs.renameSync(file, `${file}.1`);
		await reload();
		await pool.get('/login');
		await logged(1);
	});

	test('readiness says no on a node that is outside of its cluster\'s majority, or not ready in it', async (t) => {
		const claims = { wsrep_on: 'ON', wsrep_cluster_status: 'Primary', wsrep_ready: 'ON' };
		// The server says what it is asked to say.
		const server = await databaseProxy(pool.file('run/claims.sock'), pool.file('run/mysql.sock'), (sql) => {
			const name = /^SHOW .* LIKE '(.*)'$/.exec(sql)?.[1];
			return name in claims ? `SELECT '${name}', '${claims[name]}'` : sql;
		});
		t.after(() => server.close());
		const way = (from, to) => pool.config((text) => text.replace(`socket = ${pool.file(from)}`, `socket = ${pool.file(to)}`));
		way('run/mysql.sock', 'run/claims.sock');
		await reload();
		const ready = async () => { const { status, body } = await pool.get('/readyz'); return [status, body]; };
		assert.deepEqual(await ready(), [200, 'ready\n']);
		claims.wsrep_cluster_status = 'non-Primary';
		assert.deepEqual(await ready(), [503, 'not ready: the database node is in no majority of its cluster (non-Primary)\n']);
		Object.assign(claims, { wsrep_cluster_status: 'Primary', wsrep_ready: 'OFF' });
		assert.deepEqual(await ready(), [503, 'not ready: the database node is not ready in its cluster\n']);
		claims.wsrep_on = 'OFF';
		assert.deepEqual(await ready(), [200, 'ready\n']);
		way('run/claims.sock', 'run/mysql.sock');
		await reload();
	});

	test('readiness follows the schema and the database, health does not', async () => {
		const sql = (text) => run(dev, ['sql', ...pool.options.slice(0, 2), '-e', text]);
		await sql("INSERT INTO schema_migration (number, title, checksum, state) VALUES (9999, 'later', REPEAT('x', 32), 'applied')");
		const later = await pool.get('/readyz');
		assert.deepEqual([later.status, later.headers['retry-after']], [503, '5']);
		assert.match(later.body, /^not ready: the database has schema 9999, this program needs \d+\n$/);
		await sql('DELETE FROM schema_migration WHERE number = 9999');
		assert.equal((await pool.get('/readyz')).status, 200);
		const database = Number(fs.readFileSync(pool.file('run/mysql.pid'), 'latin1'));
		process.kill(database, 'SIGKILL');
		await until(() => !processAlive(database));
		const away = await pool.get('/readyz');
		assert.deepEqual([away.status, away.body], [503, 'not ready: the database does not answer\n']);
		assert.equal((await pool.get('/healthz')).status, 200);
		const text = await metrics();
		assert.equal(metric(text, 'tenantry_database_up'), 0);
		assert.ok(metric(text, 'tenantry_requests_total{route="healthz",status="200"}') >= 1);
	});

	test('the status command says that there is no pool when there is none', async () => {
		const { master } = pool;
		process.kill(master, 'SIGTERM');
		await until(() => !processAlive(master));
		const status = await run(path.join(process.env.TENANTRY_BUILD, 'tenantry'), ['status', '-c', pool.file('tenantry.conf')]).catch((error) => error);
		assert.equal(status.code, 1);
		assert.match(status.stderr, /no pool/);
	});
});
