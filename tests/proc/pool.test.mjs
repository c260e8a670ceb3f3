// What a crash, a reload, a stop and recycling cost: at most the request at hand.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Instance, OTHERS, childrenOf, processAlive, sleep, until } from './instance.mjs';

describe('a pool of four', () => {
	let pool;
	before(async () => { pool = await Instance.start(); });
	after(() => pool?.stop());

	test('has four workers, four for downloads, and a housekeeper', async () => {
		await until(() => pool.processes.length === 4 + OTHERS);
		assert.doesNotMatch(pool.log(), /ended|no process/);
	});

	test('lets pages go before downloads where processors are short', async () => {
		const nice = () => pool.processes.map((pid) => Number(fs.readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')[16]));
		const own = nice()[0];
		await until(() => nice().filter((one) => one === Math.min(own + 10, 19)).length === 4);
		assert.equal(nice().filter((one) => one === own).length, 5);
	});

	test('loses at most one request to kill -9 and replaces the worker within a second', async () => {
		const stop = pool.load(3, '/login', 5);
		await sleep(300);
		const victim = pool.processes[0], old = pool.processes;
		process.kill(victim, 'SIGKILL');
		await until(() => pool.processes.length === 4 + OTHERS && !pool.processes.includes(victim), 1000);
		assert.equal(pool.processes.filter((pid) => !old.includes(pid)).length, 1);
		await sleep(300);
		const { 200: good, ...other } = await stop();
		const lost = Object.values(other).reduce((sum, n) => sum + n, 0);
		assert.ok(good > 20 && lost <= 1, `${good} good, others ${JSON.stringify(other)}`);
		assert.equal(pool.log().match(new RegExp(`worker ${victim} ended by signal 9`, 'g')).length, 1);
	});

	test('replaces workers that die again and again with growing pauses, and recovers', async () => {
		const started = Date.now();
		for (let i = 0; i < 4; i++) {
			const victim = await until(() => pool.processes.length === 4 + OTHERS && Math.max(...pool.processes));
			process.kill(victim, 'SIGKILL');
			await until(() => !processAlive(victim));
		}
		await until(() => pool.processes.length === 4 + OTHERS);
		assert.ok(Date.now() - started > 250, 'no pause at all');
		assert.equal((await pool.get('/login')).status, 200);
	});

	test('HUP takes up a new configuration without losing a request', async () => {
		const stop = pool.load(8);
		await sleep(200);
		for (const workers of [2, 5, 4]) {
			const old = pool.processes;
			pool.config((text) => text.replace(/^workers = .*/m, `workers = ${workers}`));
			process.kill(pool.master, 'SIGHUP');
			await until(() => pool.processes.length === workers + OTHERS && !pool.processes.some((pid) => old.includes(pid)));
			await sleep(200);
		}
		const seen = await stop();
		assert.deepEqual(Object.keys(seen), ['200']);
	});

	test('HUP with a fault in the configuration keeps the old processes and says file and line', async () => {
		const old = pool.processes;
		pool.config((text) => text.replace(/^workers = .*/m, 'workers = many'));
		const line = fs.readFileSync(pool.file('tenantry.conf'), 'utf8').split('\n').indexOf('workers = many') + 1;
		process.kill(pool.master, 'SIGHUP');
		await until(() => pool.log().includes(`${pool.file('tenantry.conf')}:${line}: workers: "many"`));
		await until(() => pool.log().includes('not reloaded'));
		assert.deepEqual(pool.processes, old);
		assert.equal((await pool.get('/login')).status, 200);
		pool.config((text) => text.replace(/^workers = .*/m, 'workers = 4'));
	});

	test('HUP with a broken stylesheet keeps the old ones', async () => {
		const link = pool.file('data/xslt'), source = fs.realpathSync(link), old = pool.processes;
		fs.unlinkSync(link);
		fs.cpSync(source, link, { recursive: true });
		fs.appendFileSync(pool.file('data/xslt/pages/login.xsl'), '<broken');
		process.kill(pool.master, 'SIGHUP');
		await until(() => /login\.xsl:\d+: /.test(pool.log()));
		await sleep(300);
		assert.deepEqual(pool.processes, old);
		assert.equal((await pool.get('/login')).status, 200);
		fs.rmSync(link, { recursive: true });
		fs.symlinkSync(source, link);
		process.kill(pool.master, 'SIGHUP');
		await until(() => pool.processes.length === 4 + OTHERS && !pool.processes.some((pid) => old.includes(pid)));
		assert.equal((await pool.get('/login')).status, 200);
	});

	test('HUP lets a slow request finish in the old set', async () => {
		const release = await pool.holdSessions();
		const slow = pool.getSlow();
		await sleep(300);
		const old = pool.processes;
		process.kill(pool.master, 'SIGHUP');
		await until(() => pool.processes.filter((pid) => !old.includes(pid)).length >= 4);
		assert.equal((await pool.get('/login')).status, 200);
		await sleep(300);
		await release();
		assert.equal((await slow).status, 303);
		await until(() => pool.processes.length === 4 + OTHERS);
	});

	test('a worker dies with its master', async () => {
		const processes = pool.processes, { master } = pool;
		assert.deepEqual(childrenOf(master), processes);
		process.kill(master, 'SIGKILL');
		await until(() => !processes.some(processAlive));
	});
});

test('TERM lets the request at hand finish, and then all are gone', async () => {
	const pool = await Instance.start({ workers: 2 });
	try {
		const release = await pool.holdSessions();
		const slow = pool.getSlow();
		await sleep(300);
		const { master, processes } = pool;
		process.kill(master, 'SIGTERM');
		await sleep(500);
		assert.ok(processAlive(master), 'it waits for the request');
		await release();
		assert.equal((await slow).status, 303);
		await until(() => !processAlive(master) && !processes.some(processAlive));
		assert.ok(!fs.existsSync(pool.file('run/tenantry.sock')));
	} finally {
		await pool.stop();
	}
});

test('TERM serves what waits in the queue of the socket', async () => {
	const pool = await Instance.start({ workers: 1 });
	try {
		const release = await pool.holdSessions();
		const slow = pool.getSlow(), queued = [pool.get('/login'), pool.get('/login')];
		await sleep(300);
		process.kill(pool.master, 'SIGTERM');
		await sleep(200);
		await release();
		assert.equal((await slow).status, 303);
		assert.deepEqual((await Promise.all(queued)).map(({ status }) => status), [200, 200]);
	} finally {
		await pool.stop();
	}
});

test('INT ends a pool at once', async () => {
	const pool = await Instance.start({ workers: 1 });
	try {
		const release = await pool.holdSessions();
		const slow = pool.getSlow();
		await sleep(300);
		const { master } = pool, started = Date.now();
		process.kill(master, 'SIGINT');
		await until(() => !processAlive(master), 1500);
		assert.ok(Date.now() - started < 1500);
		assert.equal((await slow).status, 502);
		await release();
	} finally {
		await pool.stop();
	}
});

test('a request past its deadline is ended, its step is logged, and its worker replaced', async () => {
	const pool = await Instance.start({ workers: 1, keys: 'deadline = 1' });
	try {
		const release = await pool.holdSessions();
		const started = Date.now();
		assert.equal((await pool.getSlow()).status, 502);
		const took = Date.now() - started;
		assert.ok(took > 900 && took < 2500, `${took} ms`);
		assert.match(pool.log(), /request [0-9a-f]{32} took \d+ ms, past its deadline, and was in step session/);
		await release();
		assert.equal((await pool.get('/login')).status, 200);
	} finally {
		await pool.stop();
	}
});

test('recycling loses no request', async () => {
	const pool = await Instance.start({ workers: 3, keys: 'max_requests = 7' });
	try {
		const before = pool.processes;
		const stop = pool.load(6);
		await sleep(2000);
		const seen = await stop();
		assert.deepEqual(Object.keys(seen), ['200']);
		assert.ok(seen[200] > 60, `${seen[200]} requests`);
		assert.ok(pool.processes.filter((pid) => before.includes(pid)).length <= OTHERS, 'all workers for pages are new ones');
		assert.doesNotMatch(pool.log(), /ended/);
	} finally {
		await pool.stop();
	}
});

// Makes a listening socket as descriptor FD and becomes the program, as a service manager does.
const inheritor = `
import os, socket, sys
fd, sock, program, config = int(sys.argv[1]), *sys.argv[2:]
s = socket.socket(socket.AF_UNIX)
s.bind(sock)
s.listen(64)
os.dup2(s.fileno(), fd)
os.set_inheritable(fd, True)
if fd == 3:
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')
os.execv(program, [program, 'serve', '-c', config])
`;

for (const fd of [0, 3]) {
	test(`a socket is inherited as descriptor ${fd}, and outlives the pool`, async () => {
		const pool = await Instance.start({ workers: 2 });
		let heir;
		try {
			const { master } = pool, socket = pool.file('run/tenantry.sock');
			process.kill(master, 'SIGTERM');
			await until(() => !processAlive(master));
			heir = spawn('python3', ['-c', inheritor, String(fd), socket, path.join(process.env.TENANTRY_BUILD, 'tenantry'),
				pool.file('tenantry.conf')], { stdio: ['ignore', 'ignore', fs.openSync(pool.file('log/tenantry.log'), 'a')] });
			const ended = new Promise((done) => heir.once('exit', done));
			await until(() => pool.log().includes('on the inherited socket'));
			assert.equal((await pool.get('/login')).status, 200);
			heir.kill('SIGTERM');
			assert.equal(await ended, 0);
			assert.ok(fs.existsSync(socket), 'it is not ours to remove');
		} finally {
			heir?.kill('SIGKILL');
			await pool.stop();
		}
	});
}

test('a second instance runs beside the first, and neither takes the socket of a pool that lives', async () => {
	const [one, two] = await Promise.all([Instance.start({ workers: 1 }), Instance.start({ workers: 1 })]);
	try {
		assert.equal((await one.get('/login')).status, 200);
		assert.equal((await two.get('/login')).status, 200);
		await two.stop();
		assert.equal((await one.get('/login')).status, 200);
	} finally {
		await one.stop();
	}
});
