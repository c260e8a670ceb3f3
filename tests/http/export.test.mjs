// Large downloads: two at a time, and one that cannot be finished fails visibly.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { Answer, USERS, loggedIn } from '../lib/http.mjs';
import { startInstance, until } from '../lib/instance.mjs';

let instance;

before(async () => {
	instance = await startInstance('export', { args: ['--demo', 'medium', '--workers', '1'] });
	// A slow network: nginx hands out files slowly, so that a download lasts for seconds.
	const file = path.join(instance.state, 'nginx/nginx.conf'), conf = readFileSync(file, 'utf8');
	writeFileSync(file, conf.replace('listen 127', 'limit_rate 300k;\n\t\tlisten 127'));
	process.kill(instance.pid('nginx'), 'SIGHUP');
	await until('nginx has the new configuration', async () => {
		const began = Date.now(), client = await loggedIn('distributor', instance.url);
		await client.get('/customers?limit=200');
		return Date.now() - began > 200;
	});
}, { timeout: 180000 });

// A download under way: its head, and its end.
function download(client, query = '?columns=all') {
	let begun;
	const head = new Promise((resolve) => (begun = resolve));
	const end = client.request('GET', `/customers.csv${query}`, {
		timeout: 120000,
		onResponse: (message, resolve) => {
			const parts = [];
			begun(message);
			message.on('data', (part) => parts.push(part));
			message.on('error', () => {});
			message.on('close', () => resolve(new Answer(message, Buffer.concat(parts), '/customers.csv')));
		},
	});
	return { head, end };
}

function workers() {
	const master = instance.pid('tenantry'), found = new Map();
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
			if (Number(stat[1]) === master)
				found.set(Number(pid), Number(stat[11]) + Number(stat[12]));
		} catch {
			// It has ended meanwhile.
		}
	}
	return found;
}

test('a download of ten thousand rows is whole, and says so', { timeout: 120000 }, async () => {
	const client = await loggedIn('distributor', instance.url), { head, end } = download(client);
	assert.equal((await head).statusCode, 200);
	const answer = await end;
	assert.ok(answer.complete);
	const rows = parse(answer.bytes);
	assert.equal(rows.length - 1, Number(answer.headers['x-row-count']));
	assert.ok(rows.length > 8000, `${rows.length} rows`);
});

test('a user has two downloads at a time, another user has two as well', { timeout: 120000 }, async () => {
	const [client, sales] = await Promise.all([loggedIn('distributor', instance.url), loggedIn('distributorSales', instance.url)]);
	const running = [download(client), download(client)];
	assert.deepEqual((await Promise.all(running.map(({ head }) => head))).map(({ statusCode }) => statusCode), [200, 200]);
	const third = await client.get('/customers.csv');
	assert.equal(third.status, 429);
	assert.match(third.headers['retry-after'], /^[1-9]\d*$/);
	assert.equal(third.json.status, 429);
	assert.equal((await (await loggedIn('distributor', instance.url)).get('/contracts.csv')).status, 429, 'a user, not a session');
	assert.equal((await client.get('/customers?limit=25')).status, 200, 'pages go on');
	assert.equal((await sales.get('/customers.csv?q=zzzz')).status, 200);
	for (const { end } of running)
		assert.ok((await end).complete);
	await until('room for the next', async () => (await client.get('/customers.csv?q=zzzz')).status === 200, { seconds: 5 });
});

function assertVisiblyCut(answer) {
	assert.equal(answer.complete, false, 'the connection breaks off');
	assert.throws(() => {
		const rows = parse(answer.bytes);
		assert.equal(rows.length - 1, Number(answer.headers['x-row-count']));
	}, 'and the file does not look whole');
}

test('a download whose worker is killed breaks off visibly, and workers that were killed are replaced', { timeout: 120000 }, async () => {
	const client = await loggedIn('distributor', instance.url), before = workers();
	const { head, end } = download(client);
	assert.equal((await head).statusCode, 200);
	for (const pid of before.keys())
		process.kill(pid, 'SIGKILL');
	assertVisiblyCut(await end);
	await until('all workers again', () => workers().size >= before.size && ![...workers().keys()].some((pid) => before.has(pid)), { seconds: 5 });
	assert.equal((await client.get('/customers?limit=25')).status, 200);
});

const cuts = {
	'whose session is revoked': `DELETE FROM session WHERE user_id = (SELECT id FROM user_account WHERE email = '${USERS.distributorSales}')`,
	'whose user is disabled': `UPDATE user_account SET disabled_at = UTC_TIMESTAMP() WHERE email = '${USERS.distributorSales}'`,
};

for (const [name, statement] of Object.entries(cuts))
	test(`a download ${name} breaks off visibly`, { timeout: 120000 }, async () => {
		const client = await loggedIn('distributorSales', instance.url), { head, end } = download(client);
		assert.equal((await head).statusCode, 200);
		await instance.sql(statement);
		assertVisiblyCut(await end);
		await instance.sql(`UPDATE user_account SET disabled_at = NULL WHERE email = '${USERS.distributorSales}'`);
		const again = await loggedIn('distributorSales', instance.url);
		assert.equal((await again.get('/customers.csv?q=zzzz')).status, 200, 'a download that was cut does not count on');
	});

test('who switches while a download runs gets no file of two tenants', { timeout: 120000 }, async () => {
	const client = await loggedIn('distributor', instance.url), list = (await client.get('/customers.json?tier=reseller&limit=25')).json;
	const { head, end } = download(client);
	assert.equal((await head).statusCode, 200);
	await client.switchTo(list.tenants.find(({ tier }) => tier === 'reseller').id);
	assertVisiblyCut(await end);
});

test('a reader that goes away frees its worker', { timeout: 120000 }, async () => {
	const client = await loggedIn('other', instance.url);
	for (let i = 0; i < 4; i++)
		await client.request('GET', '/customers.csv?columns=all', { onResponse: (message, resolve) => {
			message.on('error', () => {});
			message.once('data', () => message.destroy());
			message.on('close', resolve);
		} });
	await until('a download', async () => (await client.get('/customers.csv?q=zzzz')).status === 200, { seconds: 10 });
});

test('pages do not wait for downloads, which have workers of their own', { timeout: 120000 }, async () => {
	const users = await Promise.all(['distributor', 'distributorSales'].map((user) => loggedIn(user, instance.url)));
	const running = users.flatMap((client) => [download(client), download(client)]);
	await Promise.all(running.map(({ head }) => head));
	for (const client of users) {
		const began = Date.now();
		assert.equal((await client.get('/account')).status, 200);
		assert.ok(Date.now() - began < 1000);
	}
	assert.ok(workers().size >= 1 + 4 + 1, 'one for pages, four for downloads, the housekeeper');
	running.forEach(({ end }) => end.catch(() => {}));
	await Promise.all(running.map(({ end }) => end));
});

test('a download that its reader breaks off ends within two seconds', { timeout: 120000 }, async () => {
	const client = await loggedIn('distributor', instance.url), cut = () => instance.log().match(/GET \/customers\.csv \d+ CUT/g)?.length ?? 0;
	const before = cut();
	for (let i = 0; i < 5; i++)
		await client.request('GET', '/customers.csv?columns=all', { onResponse: (message, resolve) => {
			message.on('error', () => {});
			message.destroy();
			message.on('close', resolve);
		} }).catch(() => {});
	await until('the workers to notice', () => cut() > before, { seconds: 2 });
});
