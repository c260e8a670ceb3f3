// A private MariaDB for these tests, and the program run against databases of it.
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const program = path.join(process.env.TENANTRY_BUILD ?? path.join(root, 'build'), 'tenantry');
const LARGE = { maxBuffer: 1 << 30 };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Server {
	// OPTIONS of the server; without any it listens on its Unix socket alone.
	static async start(options = ['--skip-networking']) {
		const server = new Server();
		server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-command.'));
		server.count = 0;
		const user = process.getuid() === 0 ? ['--user=root'] : [];
		const data = path.join(server.folder, 'data');
		execFileSync('mariadb-install-db', ['--no-defaults', ...user, `--datadir=${data}`, '--skip-test-db', '--innodb-use-native-aio=OFF',
			'--auth-root-authentication-method=normal'], { stdio: 'ignore', env: { ...process.env, TMPDIR: server.folder } });
		server.child = spawn('mariadbd', ['--no-defaults', '--innodb-use-native-aio=OFF', ...user, `--datadir=${data}`, `--socket=${server.socket}`,
			...options, `--tmpdir=${server.folder}`, '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin'], { stdio: 'ignore' });
		for (let i = 0; i < 600; i++) {
			try {
				server.sql('', 'SELECT 1');
				return server;
			} catch {
				await sleep(100);
			}
		}
		throw new Error('the server did not start');
	}

	get socket() {
		return path.join(this.folder, 'sock');
	}

	async stop() {
		const ended = new Promise((done) => this.child.once('exit', done));
		this.child.kill('SIGTERM');
		await ended;
		fs.rmSync(this.folder, { recursive: true, force: true });
	}

	// Rows as arrays of texts.
	sql(database, text) {
		const out = execFileSync('mariadb', ['--no-defaults', '-uroot', `--socket=${this.socket}`, '--batch', '--raw',
			'--skip-column-names', '--default-character-set=utf8mb4', database].filter(Boolean),
		{ input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'], ...LARGE });
		return out.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
	}

	// The rows of a table as INSERT statements.
	dump(database, table) {
		return execFileSync('mariadb-dump', ['--no-defaults', '-uroot', `--socket=${this.socket}`, '--compact',
			'--no-create-info', '--skip-extended-insert', '--order-by-primary', database, table], { encoding: 'utf8', ...LARGE });
	}

	// An empty database with the newest schema.
	async installation() {
		const name = `test_${++this.count}`;
		this.sql('', `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
		const installation = new Installation(this, name);
		await installation.must(['migrate']);
		return installation;
	}
}

export class Installation {
	constructor(server, name) {
		this.server = server;
		this.name = name;
		this.configure({});
	}

	// Further keys of [server]; this.database has those of [database].
	configure(keys) {
		this.config = path.join(this.server.folder, `${this.name}.conf`);
		fs.writeFileSync(this.config, ['[server]', `data_dir = ${root}`, 'public_url = http://127.0.0.1/',
			...Object.entries(keys).map(([key, value]) => `${key} = ${value}`), '[database]',
			...Object.entries({ socket: this.server.socket, name: this.name, user: this.user ?? 'root', ...this.database })
				.map(([key, value]) => `${key} = ${value}`), '[login]', 'hash_memory = 8',
			'hash_passes = 1', ''].join('\n'));
	}

	// { status, out, err } of the program.
	run(args, input = '') {
		return new Promise((done) => {
			const child = execFile(program, [...args, '-c', this.config], { encoding: 'buffer', ...LARGE },
				(error, out, err) => done({ status: error ? error.code ?? 128 : 0, out: out.toString('utf8'), raw: out,
					err: err.toString('utf8') }));
			child.stdin.on('error', () => {});
			child.stdin.end(input);
		});
	}

	// Its output, when it succeeds.
	async must(args, input) {
		const { status, out, err } = await this.run(args, input);
		if (status !== 0) throw new Error(`${args.join(' ')}: ${status}: ${err}`);
		return out;
	}

	sql(text) {
		return this.server.sql(this.name, text);
	}

	file(name, text) {
		const file = path.join(this.server.folder, name);
		fs.writeFileSync(file, text);
		return file;
	}

	async distributor(name = 'Northwind Distribution', domain = 'northwind.example', zone = 'UTC') {
		return (await this.must(['distributor', 'add', name, '--domain', domain, '--time-zone', zone])).trim();
	}

	// Imports CSV text; gives the run.
	import(into, text, ...more) {
		return this.run(['import', '--into', into, this.file('import.csv', text), ...more]);
	}
}
