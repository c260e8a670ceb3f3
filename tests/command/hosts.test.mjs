// A database elsewhere: TLS is asked for and checked, and several hosts are tried in their order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Server } from './server.mjs';

let folder, secure, plain, it;

const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });

function authority(name) {
	openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
}

function certificate(name, ca, names) {
	fs.writeFileSync(path.join(folder, 'names'), `subjectAltName=${names}\n`);
	openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
	openssl('x509', '-req', '-days', '2', '-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-extfile', 'names',
		'-out', `${name}.pem`);
	return [`--ssl-cert=${folder}/${name}.pem`, `--ssl-key=${folder}/${name}.key`];
}

const freePort = () => new Promise((done) => {
	const listener = net.createServer().listen(0, '127.0.0.1', () => {
		const { port } = listener.address();
		listener.close(() => done(port));
	});
});

async function start(...options) {
	const port = await freePort();
	const server = await Server.start([`--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve', ...options]);
	server.port = port;
	server.sql('', `CREATE USER net@'127.0.0.1' IDENTIFIED BY 'a password'; GRANT ALL PRIVILEGES ON *.* TO net@'127.0.0.1'`);
	return server;
}

before(async () => {
	folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-hosts.'));
	authority('good');
	authority('wrong');
	secure = await start(...certificate('server', 'good', 'DNS:localhost,IP:127.0.0.1'));
	plain = await start('--skip-ssl');
	it = await secure.installation();
	plain.sql('', `CREATE DATABASE ${it.name}`);
	it.file('password', 'a password\n');
});
after(async () => {
	await secure?.stop();
	await plain?.stop();
	fs.rmSync(folder, { recursive: true, force: true });
});

function database(server, keys) {
	it.database = { port: server.port, user: 'net', password_file: path.join(it.server.folder, 'password'), ...keys };
	it.configure({});
}

const status = () => it.run(['migrate', '--status']);
const file = (name) => path.join(folder, `${name}.pem`);

test('a host whose certificate the named authority made is connected to', async () => {
	for (const host of ['127.0.0.1', 'localhost']) {
		database(secure, { host, ca_file: file('good') });
		const { status: code, out, err } = await status();
		assert.equal(code, 0, err);
		assert.match(out, /^0001 applied/m);
	}
});

test('a certificate of another authority is refused, and so is one that the system does not know', async () => {
	for (const keys of [{ ca_file: file('wrong') }, {}]) {
		database(secure, { host: '127.0.0.1', ...keys });
		const { status: code, err } = await status();
		assert.equal(code, 1);
		assert.match(err, /127\.0\.0\.1: .*(certificate|TLS|SSL).*\(ca_file and tls of \[database\]/i);
	}
});

test('a host without TLS is refused unless the configuration allows it', async () => {
	database(plain, { host: '127.0.0.1', ca_file: file('good') });
	const refused = await status();
	assert.equal(refused.status, 1);
	assert.match(refused.err, /(SSL|TLS)/);
	database(plain, { host: '127.0.0.1', tls: 'off' });
	const allowed = await status();
	assert.equal(allowed.status, 0, allowed.err);
	database(plain, { host: '127.0.0.1', tls: 'perhaps' });
	assert.match((await status()).err, /tls: "perhaps" must be verify or off/);
});

test('a certificate for another name is refused', async () => {
	const other = await start(...certificate('other', 'good', 'DNS:db.example'));
	try {
		database(other, { host: '127.0.0.1', ca_file: file('good') });
		const { status: code, err } = await status();
		assert.equal(code, 1, err);
		assert.match(err, /\(ca_file and tls of \[database\]/);
	} finally {
		await other.stop();
	}
});

test('with the first host away the second one is used, and the log says so', async () => {
	database(secure, { host: '127.0.0.2, 127.0.0.1', ca_file: file('good') });
	const { status: code, err } = await status();
	assert.equal(code, 0, err);
	assert.match(err, /the database on 127\.0\.0\.1 is used, another host is away: 127\.0\.0\.2: /);
	database(secure, { host: '127.0.0.2,127.0.0.3', ca_file: file('good') });
	const none = await status();
	assert.equal(none.status, 1);
	assert.match(none.err, /the database is away: 127\.0\.0\.2: .*; 127\.0\.0\.3: /);
});

test('the doctor says of a host without TLS that it is neither encrypted nor verified', async () => {
	database(secure, { host: '127.0.0.1', tls: 'off' });
	assert.match(await it.must(['doctor']), /^note: the connection to 127\.0\.0\.1 is neither encrypted nor verified; mend: tls = verify/m);
});
