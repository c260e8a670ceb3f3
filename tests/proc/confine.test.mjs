// What workers and the housekeeper have given up, tried from inside, and that those of a pool have.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Instance } from './instance.mjs';

const run = promisify(execFile);
const build = process.env.TENANTRY_BUILD;

describe('a confined process', () => {
	let pool, folder, database;
	before(async () => {
		execFileSync('make', ['-s', '-C', build, 'tests/proc/confine_probe'], { stdio: ['ignore', 'ignore', 'inherit'] });
		pool = await Instance.start({ workers: 1 });
		// Not below /tmp, as the build may be: there the sanitizers of a test build may write.
		folder = fs.mkdtempSync('/var/tmp/tenantry-probe.');
		fs.writeFileSync(path.join(folder, 'file'), 'of others\n');
		fs.mkdirSync(path.join(folder, 'mail'));
		// The database on a port.
		database = net.createServer((from) => {
			const to = net.connect(pool.file('run/mysql.sock')).on('error', () => from.destroy());
			from.on('error', () => to.destroy()).pipe(to).pipe(from);
		});
		await new Promise((done) => database.listen(0, '127.0.0.1', done));
	});
	after(async () => {
		database?.close();
		await pool?.stop();
		fs.rmSync(folder, { recursive: true, force: true });
	});

	// What came of each attempt of a process in that ROLE, with lines added to the configuration's sections.
	async function probe(role, sections = {}) {
		let text = fs.readFileSync(pool.file('tenantry.conf'), 'utf8').replace(/^mail_dir = .*/m, `mail_dir = ${folder}/mail`);
		for (const [section, lines] of Object.entries(sections)) text = text.replace(`[${section}]`, `[${section}]\n${lines}`);
		fs.writeFileSync(pool.file('probe.conf'), text);
		const { stdout } = await run(path.join(build, 'tests/proc/confine_probe'), [pool.file('probe.conf'), role, folder]);
		return Object.fromEntries(stdout.trim().split('\n').map((line) => line.split(': ')));
	}

	const refused = (seen, ...attempts) => {
		for (const attempt of attempts) assert.match(seen[attempt] ?? 'nothing', /^(EPERM|EACCES)$/, attempt);
	};
	const files = ['read a file', 'write to a file', 'make a file', 'list a folder', 'rename a file', 'remove a file', 'change a file\'s rights'];
	const processes = ['start a program', 'become a program', 'signal another process', 'trace another process',
		'make memory that is written and run', 'become root'];

	for (const role of ['worker', 'housekeeper']) {
		describe(`as a ${role}`, () => {
			let seen;
			before(async () => { seen = await probe(role); });

			test('connects to its database again, and knows time zones', () => {
				assert.equal(seen['connect to the database'], 'done');
				assert.equal(seen['read a time zone'], 'done');
			});
			test('opens, makes, moves and removes no file', () => refused(seen, ...files));
			test('starts no program and touches no other process', () => refused(seen, ...processes));
			test('connects to nothing else', () => refused(seen, 'connect to another port', 'connect over UDP', 'make a raw socket',
				'connect to an abstract socket'));
			test(role === 'worker' ? 'writes no mail' : 'writes mail into its folder', () => role === 'worker'
				? refused(seen, 'put a message into mail_dir') : assert.equal(seen['put a message into mail_dir'], 'done'));
		});
	}

	test('with its database on a host connects to that port alone', async () => {
		const seen = await probe('worker', { database: `host = 127.0.0.1\nport = ${database.address().port}\ntls = off` });
		assert.equal(seen['connect to the database'], 'done');
		refused(seen, 'connect to another port', 'connect over UDP', 'connect to an abstract socket', ...files, ...processes);
	});

	test('finds its database by name', async () => {
		const seen = await probe('worker', { database: `host = localhost\nport = ${database.address().port}\ntls = off` });
		assert.equal(seen['connect to the database'], 'done');
		refused(seen, 'connect to another port', 'connect to an abstract socket', ...files, ...processes);
	});

	test('may do all of that when the configuration says so', async () => {
		const seen = await probe('worker', { server: 'confine = off' });
		for (const attempt of ['read a file', 'start a program', 'connect to another port', 'connect to an abstract socket'])
			assert.equal(seen[attempt], 'done', attempt);
	});

	test('is what all of a pool are but its master', () => {
		const field = (pid, name) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))[1];
		for (const pid of pool.processes)
			assert.deepEqual(['Seccomp', 'NoNewPrivs'].map((name) => field(pid, name)), ['2', '1']);
		assert.equal(field(pool.master, 'Seccomp'), '0');
	});
});
