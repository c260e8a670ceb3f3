// No request fails or is cut while configuration, stylesheets or the program change, or while a service manager that holds the
// sockets restarts the service; through nginx, under load. RELOADS=50 ./dev test proc does each so often.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Client, PASSWORD } from '../lib/http.mjs';
import { Instance, OTHERS, childrenOf, dev, processAlive, sleep, until } from './instance.mjs';

const times = Number(process.env.RELOADS ?? 3);
const program = path.join(process.env.TENANTRY_BUILD, 'tenantry');
const WORKERS = 4;

// Holds two listening sockets; for each line that it reads, becomes the parent of a service that gets them, says its number,
// and "ended" when it has.
const manager = `
import fcntl, os, socket, sys
held = []
for path in sys.argv[1:3]:
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(4096)
    held.append(fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 10))
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        for i, fd in enumerate(held):
            os.dup2(fd, 3 + i)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(held)))
        os.execv(sys.argv[3], [sys.argv[3], 'serve', '-c', sys.argv[4]])
    print(child, flush=True)
    os.waitpid(child, 0)
    print('ended', flush=True)
`;

// A distributor with ROWS resellers, and a client that is logged in for it.
async function fill(pool, rows) {
	const tenantry = (args, input = '') => execFileSync(dev, ['tenantry', ...pool.options.slice(0, 2), ...args], { input, encoding: 'utf8' });
	const id = tenantry(['distributor', 'add', 'Northwind', '--domain', 'northwind.example', '--time-zone', 'UTC']).trim();
	tenantry(['user', 'add', '--tenant', id, '--email', 'ada@northwind.example', '--first', 'Ada', '--last', 'Doe', '--role', 'admin',
		'--child-role', 'none'], PASSWORD);
	fs.writeFileSync(pool.file('resellers.csv'), ['Customer,Domain,Tier,Customer ID,Parent ID',
		...Array.from({ length: rows }, (_, i) => `A reseller that has the number ${i},r${i}.northwind.example,Reseller,,`)].join('\r\n'));
	tenantry(['import', '--into', id, pool.file('resellers.csv')]);
	return new Client(`http://127.0.0.1:${pool.port}`).login('ada@northwind.example');
}

// A slow network, on whose other side nginx holds little back: a worker is at a download for a second or so.
async function slowDown(pool) {
	const file = pool.file('nginx/tenantry.conf'), master = Number(fs.readFileSync(pool.file('run/nginx.pid'), 'latin1')), old = childrenOf(master);
	fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('fastcgi_max_temp_file_size 0;',
		'$& limit_rate 200k; fastcgi_buffers 4 4k; fastcgi_buffer_size 4k; fastcgi_busy_buffers_size 8k;'));
	process.kill(master, 'SIGHUP');
	await until(() => !old.some(processAlive));
}

describe(`under load, ${times} times each`, () => {
	let pool, client, stop;
	// Whole exports one after the other: how many of them there were, by what came of them.
	const exportAll = () => {
		const seen = {};
		let going = true;
		const reader = async () => {
			while (going) {
				const { status, complete, headers, body } = await client.get('/customers.csv?columns=all');
				const whole = complete && body.split('\r\n').length === Number(headers['x-row-count']) + 2;
				const what = whole ? String(status) : `${status}, cut`;
				seen[what] = (seen[what] ?? 0) + 1;
			}
		};
		const readers = [reader(), reader()];
		return async () => {
			going = false;
			await Promise.all(readers);
			return seen;
		};
	};
	const load = () => {
		const pages = pool.load(6), downloads = exportAll();
		stop = async () => ({ pages: await pages(), downloads: await downloads() });
	};
	before(async () => {
		pool = await Instance.start({ workers: WORKERS });
		client = await fill(pool, 3000);
		await slowDown(pool);
	});
	after(() => pool?.stop());
	beforeEach(load);
	afterEach(async (t) => {
		const seen = await stop();
		t.diagnostic(`${t.name}: ${JSON.stringify(seen)}`);
		assert.deepEqual([Object.keys(seen.pages), Object.keys(seen.downloads)], [['200'], ['200']]);
		assert.ok(seen.pages[200] > 10, 'there was a load');
	});

	// All processes are others than OLD, which have ended.
	const renewed = (old) => until(() => pool.processes.length === WORKERS + OTHERS && !old.some(processAlive));
	const take = (pid) => fs.writeFileSync(pool.file('run/tenantry.pid'), `${pid}\n`);
	const log = () => fs.openSync(pool.file('log/tenantry.log'), 'a');

	test('a pool that is not the one named is not replaced', async () => {
		const other = spawn(program, ['serve', '-c', pool.file('tenantry.conf'), '--replace', String(process.pid)],
			{ stdio: ['ignore', 'ignore', log()] });
		assert.equal(await new Promise((done) => other.once('exit', done)), 1);
		assert.match(pool.log(), /no socket at .*tenantry\.sock: Address already in use/);
		assert.ok(processAlive(pool.master));
	});

	test('a replacement that cannot start leaves the pool where it is', async () => {
		const text = fs.readFileSync(pool.file('tenantry.conf'), 'utf8'), wrong = pool.file('wrong.conf');
		fs.writeFileSync(wrong, text.replace(/^export_socket = .*/m, `export_socket = ${pool.file('nowhere/export.sock')}`));
		const other = spawn(program, ['serve', '-c', wrong, '--replace', String(pool.master)], { stdio: ['ignore', 'ignore', log()] });
		assert.equal(await new Promise((done) => other.once('exit', done)), 1);
		assert.equal((await pool.get('/login')).status, 200);
		assert.deepEqual(fs.readdirSync(pool.file('run')).filter((name) => name.endsWith('.new')), []);
	});

	test('HUP loses no request', async () => {
		for (let i = 0; i < times; i++) {
			const old = pool.processes;
			process.kill(pool.master, 'SIGHUP');
			await renewed(old);
		}
	});

	test('a changed stylesheet and HUP lose no request', async () => {
		const link = pool.file('data/xslt'), sheet = path.join(link, 'pages/login.xsl'), source = fs.realpathSync(link);
		fs.unlinkSync(link);
		fs.cpSync(source, link, { recursive: true });
		const text = fs.readFileSync(sheet, 'utf8');
		for (let i = 0; i < times; i++) {
			const old = pool.processes;
			fs.writeFileSync(sheet, text.replace('<form', `<p>Sheet ${i}</p><form`));
			process.kill(pool.master, 'SIGHUP');
			await renewed(old);
			assert.ok((await pool.get('/login')).body.includes(`<p>Sheet ${i}</p>`));
		}
		fs.rmSync(link, { recursive: true });
		fs.symlinkSync(source, link);
	});

	test('a new program that takes the sockets over loses no request', async () => {
		const installed = pool.file('program');
		for (let i = 0; i < times; i++) {
			const { master } = pool, old = [master, ...pool.processes];
			fs.copyFileSync(program, `${installed}.new`);
			fs.renameSync(`${installed}.new`, installed);
			const next = spawn(installed, ['serve', '-c', pool.file('tenantry.conf'), '--replace', String(master)],
				{ stdio: ['ignore', 'ignore', log()], detached: true });
			take(next.pid);
			await until(() => !processAlive(master));
			await renewed(old);
			assert.ok(fs.existsSync(pool.file('run/tenantry.sock')), 'the old one leaves what is no longer its own');
		}
	});

	test('a restart by a manager that holds the sockets loses no request', async (t) => {
		const { master } = pool;
		// Nobody holds the sockets between the pool of ./dev and the manager's.
		await stop();
		process.kill(master, 'SIGTERM');
		await until(() => !processAlive(master));
		const holder = spawn('python3', ['-c', manager, pool.file('run/tenantry.sock'), pool.file('run/export.sock'), program,
			pool.file('tenantry.conf')], { stdio: ['pipe', 'pipe', log()] });
		t.after(() => holder.kill());
		const lines = readline.createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
		const said = async () => (await lines.next()).value;
		const begin = async () => {
			holder.stdin.write('start\n');
			take(await said());
			await until(() => pool.processes.length === WORKERS + OTHERS);
		};
		await begin();
		load();
		for (let i = 0; i < times; i++) {
			await sleep(100);
			process.kill(pool.master, 'SIGTERM');
			assert.equal(await said(), 'ended');
			await begin();
		}
	});
});
