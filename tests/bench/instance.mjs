// An instance of the application with much demo data: started by ./dev, logged into, its processes counted.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from '../lib/http.mjs';

export const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
const dev = process.env.TENANTRY_DEV ?? path.join(root, 'dev');
const build = process.env.TENANTRY_BUILD ?? path.join(root, 'build');

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function read(file) {
	try {
		return fs.readFileSync(file, 'latin1');
	} catch {
		return '';
	}
}

export function alive(pid) {
	const stat = read(`/proc/${pid}/stat`);
	return stat !== '' && !/\) Z /.test(stat);
}

export function childrenOf(pid) {
	return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

export function commandOf(pid) {
	return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

// Seconds of CPU that the processes have used so far, and those of their children that have ended: workers are recycled.
export function cpuOf(pids) {
	let ticks = 0;
	for (const pid of pids) {
		const fields = read(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ');
		ticks += fields.length > 14 ? fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) : 0;
	}
	return ticks / 100;
}

// A line of /proc/PID/status, in kilobytes: VmRSS, VmHWM.
export function memoryOf(pid, name) {
	return Number(read(`/proc/${pid}/status`).match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
}

// Lets VmHWM begin anew.
export function forgetPeak(pid) {
	fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export class Instance {
	// STATE itself when it holds DEMO or is not there yet, else a folder in it.
	constructor(state, port, demo = 'large') {
		this.demo = demo;
		this.state = read(path.join(state, 'demo')).trim() === demo || !fs.existsSync(state) ? state : path.join(state, demo);
		this.port = Number(port || read(path.join(this.state, 'port')).trim() || 8080);
		this.sockets = path.join(this.state, 'run');
	}

	start() {
		this.running = alive(this.pid('tenantry')) && alive(this.pid('mysql')) && alive(this.pid('nginx'));
		const options = ['--state', this.state, '--port', String(this.port), '--demo', this.demo, '--workers', '4'];
		execFileSync(dev, ['start', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
	}

	// Leaves one that ran already as it was.
	stop() {
		if (!this.running)
			execFileSync(dev, ['stop', '--state', this.state], { stdio: 'ignore' });
	}

	pid(name) {
		return Number(read(path.join(this.state, 'run', `${name}.pid`)).trim()) || 0;
	}

	// The processes of each part.
	groups() {
		const tenantry = this.pid('tenantry'), nginx = this.pid('nginx');
		return {
			application: [tenantry, ...childrenOf(tenantry)],
			database: [this.pid('mysql')],
			nginx: [nginx, ...childrenOf(nginx)],
		};
	}

	// Workers, and the housekeeper, which looks like one of them and stays smaller.
	workers() {
		return childrenOf(this.pid('tenantry'));
	}

	client() {
		return new Client(`http://127.0.0.1:${this.port}`);
	}

	async login(count) {
		this.clients = [];
		for (let i = 0; i < count; i++)
			this.clients.push(await this.client().login('distributor-admin@demo.example'));
		this.cookies = this.clients.map((client) => client.jar.get('tenantry'));
	}

	// Rows of a query on the private database, each an array of texts.
	sql(text) {
		const output = execFileSync('mariadb', ['--no-defaults', `--socket=${this.sockets}/mysql.sock`, '--user=root', '--batch',
			'--skip-column-names', 'tenantry', '-e', text], { maxBuffer: 1 << 28, encoding: 'utf8' });
		return output.split('\n').filter(Boolean).map((line) => line.split('\t'));
	}

	// Ends the pool alone and starts it again; milliseconds from there to the first page of customers.
	async restartPool() {
		const pid = this.pid('tenantry'), log = fs.openSync(path.join(this.state, 'log/tenantry.log'), 'a');
		process.kill(pid, 'SIGTERM');
		while (alive(pid))
			await sleep(10);
		const begin = performance.now();
		const child = spawn(path.join(build, 'tenantry'), ['serve', '-c', path.join(this.state, 'tenantry.conf')],
			{ detached: true, stdio: ['ignore', log, log] });
		child.unref();
		fs.writeFileSync(path.join(this.state, 'run/tenantry.pid'), `${child.pid}\n`);
		fs.closeSync(log);
		for (;;) {
			const answer = await this.clients[0].get('/customers');
			const taken = performance.now() - begin;
			if (answer.status === 200)
				return taken;
			if (taken > 10000)
				throw new Error(`no page 10 s after the pool was started: ${answer.status}`);
			await sleep(2);
		}
	}
}
