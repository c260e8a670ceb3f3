// Private instances for what would disturb others: made and ended with ./dev, in folders of their own.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import net from 'node:net';
import path from 'node:path';

const run = promisify(execFile);
export const SOURCE = process.env.TENANTRY_SOURCE ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const DEV = process.env.TENANTRY_DEV ?? path.join(SOURCE, 'dev');

function free(port) {
	return new Promise((resolve) => {
		const server = net.createServer();
		server.on('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

export class Instance {
	constructor(state, port) {
		this.state = state;
		this.port = port;
		this.url = `http://127.0.0.1:${port}${process.env.TENANTRY_BASE ?? ''}`;
	}

	dev(args, options = {}) {
		return run(DEV, ['--state', this.state, ...args], { maxBuffer: 1 << 26, ...options });
	}

	// Rows of a statement, as arrays of texts.
	async sql(statement) {
		const socket = path.join(this.state, 'run/mysql.sock');
		const { stdout } = await run('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--raw',
			'--skip-column-names', '--default-character-set=utf8mb4', 'tenantry', '-e', statement], { maxBuffer: 1 << 26 });
		return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
	}

	// Holds the locks of a statement in a transaction until the function that this gives is called.
	async hold(statement) {
		const socket = path.join(this.state, 'run/mysql.sock');
		const client = spawn('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--unbuffered', '--skip-column-names', 'tenantry'],
			{ stdio: ['pipe', 'pipe', 'inherit'] });
		const ended = new Promise((resolve) => client.once('exit', resolve));
		client.stdin.write(`BEGIN; ${statement}; SELECT 'held';\n`);
		await new Promise((resolve, reject) => {
			let text = '';
			client.stdout.on('data', (part) => /held/.test(text += part) && resolve());
			ended.then(() => reject(new Error(`not held: ${statement}`)));
		});
		return async () => {
			client.stdin.end('ROLLBACK;\n');
			await ended;
		};
	}

	pid(name) {
		return Number(readFileSync(path.join(this.state, 'run', `${name}.pid`), 'utf8'));
	}

	log(name = 'tenantry') {
		return readFileSync(path.join(this.state, 'log', `${name}.log`), 'utf8');
	}

	start({ args = [], env = {} } = {}) {
		// Files, not pipes: what it starts in the background would hold a pipe open.
		return new Promise((resolve, reject) => {
			const child = spawn(DEV, ['start', '--state', this.state, '--port', String(this.port), ...args],
				{ stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
			child.on('error', reject);
			child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`./dev start ended with ${code}`))));
		});
	}

	async stop() {
		await this.dev(['stop']).catch(() => {});
	}

	async discard() {
		await this.stop();
		rmSync(this.state, { recursive: true, force: true });
	}
}

// The instance that the suite was given.
export function given() {
	return new Instance(process.env.TENANTRY_STATE, Number(new URL(process.env.TENANTRY_URL).port));
}

export async function startInstance(name, { args = [], env = {} } = {}) {
	// Anywhere above: two runs of the tests side by side would race for the next one.
	let port = Number(new URL(process.env.TENANTRY_URL).port) + 1 + Math.floor(Math.random() * 500);
	while (!(await free(port)))
		port++;
	const instance = new Instance(`${process.env.TENANTRY_STATE}-${name}`, port);
	if (existsSync(instance.state))
		await instance.discard();
	await instance.start({ args, env });
	return instance;
}

export async function until(what, test, { seconds = 20, pause = 100 } = {}) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const result = await test();
		if (result)
			return result;
		if (Date.now() > end)
			throw new Error(`${what}: not within ${seconds} s`);
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
}

// The private instance that the files of tests/http share: started by the first that asks, ended by tests/http/run. Its
// clock stands at a moment when New York has another date (and year) than UTC.
export const CLOCK = '2027-01-01T03:00:00Z';

export async function sharedInstance() {
	const state = `${process.env.TENANTRY_STATE}-http`;
	try {
		const port = Number(readFileSync(path.join(state, 'port'), 'utf8'));
		const instance = new Instance(state, port);
		await instance.dev(['status']);
		return instance;
	} catch {
		return startInstance('http', { args: ['--clock', CLOCK] });
	}
}
