// A private instance for tests of the pool: started by ./dev in a folder of its own.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
process.env.TENANTRY_BUILD ??= path.join(root, 'build');
export const dev = process.env.TENANTRY_DEV ?? path.join(root, 'dev');

// Processes beside the workers: the housekeeper, and four workers for downloads.
export const OTHERS = 5;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until TEST gives something true, and gives that. A loaded machine takes seconds for a sheet or an end with sanitizers.
export async function until(test, ms = 20000, what = test.toString()) {
	const end = Date.now() + ms;
	for (;;) {
		const value = await test();
		if (value) return value;
		if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
		await sleep(20);
	}
}

async function freePort() {
	const server = net.createServer().listen(0, '127.0.0.1');
	await new Promise((done) => server.once('listening', done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

export function processAlive(pid) {
	try {
		return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
	} catch {
		return false;
	}
}

// The processes whose parent is PID.
export function childrenOf(pid) {
	return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean)
		.map(Number).filter(processAlive);
}

export class Instance {
	// KEYS: more lines for [server] of the configuration.
	static async start({ workers = 4, keys = '', demo = 'none', server = 'nginx', base = '' } = {}) {
		const instance = new Instance();
		instance.state = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-proc.'));
		instance.port = await freePort();
		instance.options = ['--state', instance.state, '--port', String(instance.port), '--demo', demo,
			'--workers', String(workers), '--server', server, '--base', base];
		instance.env = { ...process.env, TENANTRY_SERVER_KEYS: keys };
		try {
			await run(dev, ['start', ...instance.options], { env: instance.env });
		} catch (error) {
			fs.rmSync(instance.state, { recursive: true, force: true });
			throw error;
		}
		return instance;
	}

	async stop() {
		await run(dev, ['stop', ...this.options]);
		fs.rmSync(this.state, { recursive: true, force: true });
	}

	file(name) {
		return path.join(this.state, name);
	}

	get master() {
		return Number(fs.readFileSync(this.file('run/tenantry.pid'), 'latin1'));
	}

	// All below the master: workers, those for downloads, the housekeeper; in the order in which they were started.
	get processes() {
		return childrenOf(this.master);
	}

	log() {
		return fs.readFileSync(this.file('log/tenantry.log'), 'utf8');
	}

	config(change) {
		const file = this.file('tenantry.conf');
		fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
	}

	// One request; status 0 when the connection broke.
	get(address, headers = {}) {
		return new Promise((done) => {
			const request = http.get({ host: '127.0.0.1', port: this.port, path: address, headers, agent: false }, (answer) => {
				let body = '';
				answer.setEncoding('utf8');
				answer.on('data', (part) => { body += part; });
				answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }));
				answer.on('error', () => done({ status: 0, headers: {}, body }));
			});
			request.on('error', () => done({ status: 0, headers: {}, body: '' }));
		});
	}

	// Requests by COUNT clients, one after the other, until the function that it gives is called; that gives
	// the number of answers for each status.
	load(count, address = '/login', pause = 0) {
		const seen = {};
		let going = true;
		const clients = Array.from({ length: count }, async () => {
			while (going) {
				const { status } = await this.get(address);
				seen[status] = (seen[status] ?? 0) + 1;
				if (pause) await sleep(pause);
			}
		});
		return async () => {
			going = false;
			await Promise.all(clients);
			return seen;
		};
	}

	// Holds a lock on the table of sessions, so that a request with a cookie waits in the database.
	async holdSessions() {
		const client = spawn(dev, ['sql', ...this.options.slice(0, 2), '--batch', '--unbuffered'],
			{ stdio: ['pipe', 'pipe', 'inherit'] });
		const ended = new Promise((done) => client.once('exit', done));
		client.stdin.write('LOCK TABLES session WRITE; SELECT 1;\n');
		await new Promise((done) => client.stdout.once('data', done));
		return async () => {
			client.stdin.end('UNLOCK TABLES;\n');
			await ended;
		};
	}

	// A request that waits in the database while the lock is held.
	getSlow() {
		return this.get('/customers', { cookie: `tenantry=${'A'.repeat(43)}` });
	}
}
