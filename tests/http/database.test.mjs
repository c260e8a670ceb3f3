// The database is away and comes back: nothing crashes, everybody is told when to try again, the log says it once.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Client, USERS, PASSWORD, each, loggedIn } from '../lib/http.mjs';
import { sharedInstance, until } from '../lib/instance.mjs';

let instance, client;

before(async () => {
	instance = await sharedInstance();
	client = await loggedIn('distributor', instance.url);
});

async function stopDatabase() {
	const pid = instance.pid('mysql');
	process.kill(pid, 'SIGKILL');
	await until('mariadbd ends', () => {
		try {
			process.kill(pid, 0);
			return false;
		} catch {
			return true;
		}
	});
}

async function startDatabase() {
	const root = process.getuid() === 0 ? ['--user=root'] : [];
	spawn('mariadbd', [`--defaults-file=${path.join(instance.state, 'my.cnf')}`, ...root], { stdio: 'ignore', detached: true }).unref();
	await until('mariadbd answers', () => instance.sql('SELECT 1').catch(() => null), { seconds: 60 });
}

const errors = (from) => instance.log().slice(from).split('\n').filter((line) => / (error|warning) /.test(line));

test('while the database is away every page answers 503 with Retry-After, and the log says it once', { timeout: 120000 }, async () => {
	const token = await client.sessionToken();
	const from = instance.log().length;
	await stopDatabase();
	const check = async (answer, type) => {
		assert.equal(answer.status, 503, answer.url);
		assert.match(answer.headers['retry-after'], /^[1-9]\d*$/, answer.url);
		assert.match(answer.headers['content-type'], type, answer.url);
	};
	await each(Array.from({ length: 30 }), async (_, i) => {
		await check(await client.get('/customers'), /html/);
		if (i === 0) {
			const page = await client.get('/customers');
			assert.ok(page.html.one('header .brand'));
			assert.ok(page.html.one('main').text.includes(page.headers['x-request-id']));
			await check(await client.get('/customers.json'), /problem\+json/);
			await check(await client.get('/customers.xml'), /problem\+json/);
			await check(await client.get('/customers.csv'), /problem\+json/);
			await check(await client.post('/switch', { token, tenant: '' }), /html/);
			const visitor = new Client(instance.url), login = await visitor.get('/login');
			assert.equal(login.status, 200, 'the login page needs no database');
			await check(await visitor.post('/login', { email: USERS.reseller, password: PASSWORD, token: login.token('/login') }), /html/);
			assert.equal((await visitor.get('/nothing')).status, 404);
			assert.equal((await visitor.get('/customers')).status, 303);
		}
	});
	const told = errors(from);
	assert.equal(told.filter((line) => line.includes('the database is away')).length, 1, `once an outage:\n${told.join('\n')}`);
	assert.ok(told.length <= 6, told.join('\n'));
	assert.ok(!/ended with status|signal/.test(told.join()), 'no worker ended');
});

test('when it is back so is the application, by itself, with the same sessions', { timeout: 120000 }, async () => {
	await startDatabase();
	await until('a page', async () => (await client.get('/customers')).status === 200, { seconds: 30 });
	await each(Array.from({ length: 20 }), async () => assert.equal((await client.get('/customers')).status, 200, 'every worker has found it'));
	const from = instance.log().length;
	await stopDatabase();
	await until('503', async () => (await client.get('/customers')).status === 503);
	assert.equal(errors(from).filter((line) => line.includes('the database is away')).length, 1, 'the next outage is told again');
	await startDatabase();
	await until('a page', async () => (await client.get('/customers')).status === 200, { seconds: 30 });
});
