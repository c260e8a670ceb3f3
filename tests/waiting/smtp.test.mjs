// Mail through a real server: STARTTLS and login, refusals, silence, absence. Nothing is sent twice, nothing is lost.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, USERS } from '../lib/http.mjs';
import { startInstance, until } from '../lib/instance.mjs';
import { parseMail } from '../lib/mail.mjs';
import { Model } from '../lib/model.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tenantry-smtp-'));
let instance, admin, tenant, server, port, number = 0;

class Server {
	async start() {
		this.child = spawn('/usr/bin/python3', [fileURLToPath(new URL('server.py', import.meta.url)), String(port), path.join(folder, 'cert.pem'),
			path.join(folder, 'key.pem')], { stdio: ['pipe', 'pipe', 'inherit'] });
		this.got = [];
		this.lines = [];
		createInterface(this.child.stdout).on('line', (line) => (line.startsWith('{') ? this.got.push(JSON.parse(line)) : this.lines.push(line)));
		await until('the mail server', () => this.lines.includes('ready'));
		return this;
	}

	async mode(mode) {
		this.child.stdin.write(`${mode}\n`);
		await until(mode, () => this.lines.at(-1) === `mode ${mode}`);
	}

	to(address) {
		return this.got.filter((mail) => mail.to.includes(address));
	}

	async stop() {
		this.child.kill();
		await new Promise((resolve) => this.child.on('exit', resolve));
	}
}

before(async () => {
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1',
		'-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')], { stdio: 'ignore' });
	writeFileSync(path.join(folder, 'password'), 'pass word\n', { mode: 0o600 });
	port = await new Promise((resolve) => {
		const probe = net.createServer().listen(0, '127.0.0.1', () => {
			const { port: free } = probe.address();
			probe.close(() => resolve(free));
		});
	});
	server = await new Server().start();
	instance = await startInstance('smtp', { env: { TENANTRY_MAIL_KEYS: [`server = 127.0.0.1`, `port = ${port}`, 'user = console',
		`password_file = ${folder}/password`, 'from = console@tenantry.example', `ca_file = ${folder}/cert.pem`].join('\n') } });
	admin = await new Client(instance.url).login(USERS.distributor);
	tenant = (await Model.read(instance)).ofUser(USERS.customer);
});

after(async () => {
	await server?.stop();
	await instance?.discard();
	rmSync(folder, { recursive: true, force: true });
});

async function invite() {
	const email = `smtp-${++number}@mail.example`, action = `/customers/${tenant.id}/users`;
	const answer = await admin.post(action, { token: (await admin.get(action)).token(action), email, first_name: 'Ada', last_name: 'Byron',
		job_function: 'founder', role: 'sales' });
	assert.equal(answer.status, 303);
	return email;
}

const row = async (email) => (await instance.sql(`SELECT attempts, sent_at IS NOT NULL, handed_at IS NOT NULL, COALESCE(last_error, ''),
	next_attempt_at > UTC_TIMESTAMP(3) FROM outbox WHERE recipient = '${email}' ORDER BY id DESC LIMIT 1`))[0];
const hurry = () => instance.sql('UPDATE outbox SET next_attempt_at = UTC_TIMESTAMP(3) WHERE sent_at IS NULL');
const attempted = (email, count) => until(`attempt ${count} for ${email}`, async () => Number((await row(email))[0]) >= count, { seconds: 40 });
const settled = (email) => until(`a reason for ${email}`, async () => (await row(email))[3] !== '', { seconds: 60 });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function works(mail) {
	const { link } = parseMail(Buffer.from(mail.data, 'latin1'));
	assert.equal((await new Client(instance.url).get(new URL(link).pathname)).status, 200);
}

test('an invitation goes over STARTTLS after the login, once', async () => {
	const email = await invite();
	await until('the message', () => server.to(email).length > 0);
	await pause(3000);
	const [mail, ...more] = server.to(email);
	assert.equal(more.length, 0);
	assert.deepEqual([mail.from, mail.tls, mail.login], ['console@tenantry.example', true, true]);
	await works(mail);
	assert.ok(!instance.log().includes('pass word'));
});

for (const [mode, reason] of [['refuse', /550/], ['reject', /451/]]) {
	test(`a server that says no (${mode}) is asked again later, and gets it once`, async () => {
		await server.mode(mode);
		const email = await invite();
		await settled(email);
		let [attempts, sent, handed, error, waits] = await row(email);
		assert.deepEqual([attempts, sent, handed, waits], ['1', '0', '0', '1']);
		assert.match(error, reason);
		await hurry();
		await attempted(email, 2);
		await server.mode('take');
		await hurry();
		await until('the message', () => server.to(email).length > 0);
		await pause(3000);
		await hurry();
		await pause(3000);
		assert.equal(server.to(email).length, 1);
		await works(server.to(email)[0]);
	});
}

test('a server that is not there is tried with growing pauses; pages go on', async () => {
	await server.stop();
	const email = await invite();
	await settled(email);
	const gaps = [];
	for (let i = 1; i <= 3; i++) {
		await attempted(email, i);
		await pause(500);
		gaps.push(Number((await instance.sql(`SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), next_attempt_at) FROM outbox WHERE recipient = '${email}'`))[0][0]));
		await hurry();
	}
	assert.ok(gaps[0] < gaps[1] && gaps[1] < gaps[2], String(gaps));
	assert.match((await admin.get(`/customers/${tenant.id}/users`)).html.one('main').text, /waits to be sent/);
	server = await new Server().start();
	await hurry();
	await until('the message', () => server.to(email).length > 0, { seconds: 40 });
	await pause(3000);
	assert.equal(server.to(email).length, 1);
	await works(server.to(email)[0]);
});

test('a server that hangs before it has the message gets it later', async () => {
	await server.mode('hang');
	const email = await invite();
	await settled(email);
	assert.deepEqual((await row(email)).slice(0, 3), ['1', '0', '0']);
	await server.mode('take');
	await hurry();
	await until('the message', () => server.to(email).length > 0, { seconds: 40 });
	await pause(3000);
	assert.equal(server.to(email).length, 1);
	await works(server.to(email)[0]);
});

test('a housekeeper that is killed at work loses nothing', async () => {
	await server.mode('hang');
	const email = await invite();
	await attempted(email, 1);
	const master = instance.pid('tenantry'), workers = Number(/^workers = (\d+)/m.exec(readFileSync(path.join(instance.state, 'tenantry.conf'), 'utf8'))[1]);
	const downloads = 4; // export_workers, as it comes
	const children = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ').map(Number);
	assert.equal(children.length, workers + downloads + 1);
	// It is the one that has the connection to the mail server, while it has one.
	const keeper = await until('the housekeeper at work', async () => {
		await hurry();
		const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
		const inodes = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
			.filter((fields) => fields[2]?.endsWith(end) && fields[9] !== '0').map((fields) => fields[9]);
		return inodes.length > 0 && children.find((pid) => execFileSync('ls', ['-l', `/proc/${pid}/fd`]).toString().match(new RegExp(`socket:\\[(${inodes.join('|')})\\]`)));
	}, { seconds: 30 });
	process.kill(keeper, 'SIGKILL');
	await server.mode('take');
	await hurry();
	await until('the message', () => server.to(email).length > 0, { seconds: 40 });
	await pause(3000);
	assert.equal(server.to(email).length, 1);
	await works(server.to(email)[0]);
});

test('a server that takes the message and never answers is not given it again; the page says so, and a new one can be sent', async () => {
	await server.mode('silent');
	const email = await invite();
	await settled(email);
	assert.deepEqual((await row(email)).slice(0, 3), ['1', '0', '1']);
	await server.mode('take');
	await hurry();
	await pause(5000);
	assert.equal(server.to(email).length, 1, 'not sent twice');
	await works(server.to(email)[0]);
	const users = `/customers/${tenant.id}/users`;
	assert.match((await admin.get(users)).html.one('main').text, /may not have arrived/);
	const one = (await admin.get(`${users}.json`)).json.users.find((user) => user.email === email), action = `${users}/${one.id}/resend`;
	assert.equal((await admin.post(action, { token: (await admin.get(`${users}/${one.id}`)).token(action) })).status, 303);
	await until('the new message', () => server.to(email).length === 2);
	await works(server.to(email)[1]);
	assert.ok(!/invite\/[A-Za-z0-9_-]{43}/.test(instance.log()), 'no link in the log');
});
