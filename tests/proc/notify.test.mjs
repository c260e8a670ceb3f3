// What a service manager hears: when the pool serves, reloads and stops, and that it is alive only while workers get somewhere.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Instance, processAlive, sleep, until } from './instance.mjs';

// A socket as NOTIFY_SOCKET is (the database hears of it too, and speaks); prints each message as a line.
const manager = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True: print(s.recv(4096).decode().replace('\\n', ' '), flush=True)
`;

describe('the service manager', () => {
	let directory, listener, pool;
	const heard = [];
	const alive = () => heard.filter((line) => line === 'WATCHDOG=1').length;
	before(async () => {
		directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-notify.'));
		listener = spawn('python3', ['-c', manager, path.join(directory, 'notify')], { stdio: ['ignore', 'pipe', 'inherit'] });
		listener.stdout.on('data', (part) => heard.push(...part.toString().trim().split('\n')));
		await until(() => heard.includes('bound'));
		process.env.NOTIFY_SOCKET = path.join(directory, 'notify');
		process.env.WATCHDOG_USEC = '600000';
		pool = await Instance.start({ workers: 2 });
		delete process.env.NOTIFY_SOCKET;
		delete process.env.WATCHDOG_USEC;
	});
	after(async () => {
		listener?.kill();
		await pool?.stop();
		fs.rmSync(directory, { recursive: true, force: true });
	});

	test('hears that the pool is ready, then that it is alive', async () => {
		await until(() => heard.some((line) => /^READY=1 STATUS=Serving with 2 workers$/.test(line)));
		await until(() => alive() >= 3);
	});

	test('hears no sign of life while all workers of pages hang, and does again when they go on', async () => {
		const release = await pool.holdSessions();
		const slow = [pool.getSlow(), pool.getSlow()];
		await sleep(1000);
		const before = alive();
		await sleep(1500);
		assert.equal(alive(), before);
		assert.deepEqual(await Promise.all((await release(), slow)).then((all) => all.map(({ status }) => status)), [303, 303]);
		await until(() => alive() > before);
	});

	test('hears of a reload, a good one and one with a fault, and of the stop', async () => {
		const count = () => heard.filter((line) => line.startsWith('RELOADING=1 MONOTONIC_USEC=')).length;
		const ready = () => heard.filter((line) => line.startsWith('READY=1 STATUS=Serving')).length;
		process.kill(pool.master, 'SIGHUP');
		await until(() => count() === 1 && ready() === 2);
		pool.config((text) => text.replace(/^workers = .*/m, 'workers = many'));
		process.kill(pool.master, 'SIGHUP');
		await until(() => count() === 2 && ready() === 3);
		assert.ok(heard.includes('READY=1 STATUS=Serving with 2 workers; not reloaded, the log says why'));
		const { master } = pool;
		process.kill(master, 'SIGTERM');
		await until(() => heard.some((line) => line.startsWith('STOPPING=1')));
		await until(() => !processAlive(master));
	});
});
