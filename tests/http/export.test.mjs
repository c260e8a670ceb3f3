// Large downloads: two at a time, and one that cannot be finished fails visibly.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { Answer, Client, USERS, loggedIn } from '../lib/http.mjs';
import { startInstance, until } from '../lib/instance.mjs';

let instance;

before(async () => {
	instance = await startInstance('export', { args: ['--demo', 'medium', '--workers', '1', '--server', 'nginx'] });
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
function download(client, query = '?columns=all', file = '/customers.csv') {
	let begun;
	const head = new Promise((resolve) => (begun = resolve));
	const end = client.request('GET', `${file}${query}`, {
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

// What admins do through their forms while somebody's download runs: it breaks off within seconds, and the next request is answered as contract.md says.
const BIG = 9000;
let leavers = 0;

// Somebody with a role in a tenant, made for one test.
async function somebody(tenant, role, child) {
	const email = `leaver-${++leavers}@demo.example`, id = `LEAVER${leavers}`;
	await instance.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at)
		SELECT '${id}', (SELECT id FROM tenant WHERE public_id = '${tenant}'), '${email}', 'Lea', 'Ver', 'founder', '${role}', '${child}', password_hash, NOW(), NOW()
		FROM user_account WHERE email = '${USERS.distributor}'`);
	return { id, email, client: await new Client(instance.url).login(email), path: `/customers/${tenant}/users/${id}` };
}

// A log long enough for a download of seconds.
async function longLog(tenant) {
	await instance.sql(`INSERT INTO audit_event (at, tenant_id, action, actor_name, actor_tenant_name, detail)
		SELECT NOW(), (SELECT id FROM tenant WHERE public_id = '${tenant}'), 'tenant.update', 'Somebody', 'Somewhere', CONCAT('{"name":{"from":"', REPEAT('long ', 60), '","to":"', seq, '"}}')
		FROM seq_1_to_${BIG}`);
	return `/customers/${tenant}/activity.csv`;
}

async function send(client, page, action, values = {}) {
	const found = (await client.get(page)).html.all('form').find((one) => one.attr('action') === action);
	const fields = Object.fromEntries([...found.all('input').map((input) => [input.attr('name'), input.attr('value') ?? '']),
		...found.all('select').map((select) => [select.attr('name'), select.all('option').find((one) => one.attr('selected') !== null)?.attr('value') ?? ''])]);
	const answer = await client.post(action, { ...fields, ...values });
	assert.equal(answer.status, 303, `${action}: ${answer.body.slice(0, 2000)}`);
}

async function facts() {
	const admin = await loggedIn('distributor', instance.url), { tenants } = (await admin.get('/customers.json?limit=200')).json;
	const reseller = tenants.find(({ tier, suspended }) => tier === 'reseller' && !suspended);
	const customer = tenants.find(({ parentId, contracts, suspended }) => parentId === reseller.id && !contracts.active && !suspended);
	const other = (await admin.get('/customers.json?tier=reseller&limit=200')).json.tenants.find(({ tier, id }) => tier === 'reseller' && id !== reseller.id);
	return { admin, home: tenants[0].id, reseller: reseller.id, customer: customer.id, other: other.id };
}

// [who downloads, what, the deed, the next answers for the same file and for a page]
const deeds = {
	'whose user loses the role Admin': async ({ admin, home }) => {
		const one = await somebody(home, 'admin', 'none');
		return [one.client, '/customers.csv?columns=all', () => send(admin, one.path, one.path, { role: 'sales' }), 200, 200];
	},
	'whose user loses the child tenant role after a switch': async ({ admin, home, reseller }) => {
		const one = await somebody(home, 'admin', 'sales');
		await one.client.switchTo(reseller);
		return [one.client, await longLog(reseller), () => send(admin, one.path, one.path, { child_role: 'none' }), 200, 200];
	},
	'whose user is deleted': async ({ admin, home }) => {
		const one = await somebody(home, 'sales', 'none');
		return [one.client, '/customers.csv?columns=all', () => send(admin, `${one.path}/delete`, `${one.path}/delete`), 401, 303];
	},
	'whose tenant is suspended': async ({ admin, reseller }) => {
		const { client } = await somebody(reseller, 'admin', 'none');
		return [client, await longLog(reseller), () => send(admin, `/customers/${reseller}/suspend`, `/customers/${reseller}/suspend`), 401, 303,
			() => send(admin, `/customers/${reseller}`, `/customers/${reseller}/reactivate`)];
	},
	'whose tenant is below one that is suspended': async ({ admin, reseller, customer }) => {
		const { client } = await somebody(customer, 'admin', 'none');
		return [client, await longLog(customer), () => send(admin, `/customers/${reseller}/suspend`, `/customers/${reseller}/suspend`), 401, 303,
			() => send(admin, `/customers/${reseller}`, `/customers/${reseller}/reactivate`)];
	},
	'whose acting tenant is moved elsewhere': async ({ admin, reseller, customer, other }) => {
		const { client } = await somebody(reseller, 'admin', 'admin');
		await client.switchTo(customer);
		return [client, await longLog(customer), () => send(admin, `/customers/${customer}/move?parent=${other}`, `/customers/${customer}/move`, { parent: other }), 404, 200,
			() => send(admin, `/customers/${customer}/move?parent=${reseller}`, `/customers/${customer}/move`, { parent: reseller })];
	},
	'about a customer that is moved to another reseller': async ({ admin, reseller, customer, other }) => {
		const { client } = await somebody(reseller, 'admin', 'none');
		return [client, await longLog(customer), () => send(admin, `/customers/${customer}/move?parent=${other}`, `/customers/${customer}/move`, { parent: other }), 404, 200,
			() => send(admin, `/customers/${customer}/move?parent=${reseller}`, `/customers/${customer}/move`, { parent: reseller })];
	},
	'about a customer that is deleted': async ({ admin, reseller, customer }) => {
		const { client } = await somebody(reseller, 'admin', 'none');
		return [client, await longLog(customer), () => send(admin, `/customers/${customer}/delete`, `/customers/${customer}/delete`), 404, 200,
			async () => admin.post(`/customers/${customer}/restore`, { token: await admin.sessionToken() })];
	},
};

for (const [name, prepare] of Object.entries(deeds))
	test(`a download ${name} breaks off visibly within seconds`, { timeout: 120000 }, async () => {
		const [client, file, deed, fileStatus, pageStatus, undo] = await prepare(await facts()), { head, end } = download(client, '', file);
		assert.equal((await head).statusCode, 200);
		await deed();
		const began = Date.now(), next = client.get('/account');
		assertVisiblyCut(await end);
		assert.ok(Date.now() - began < 6000, `after ${Date.now() - began} ms`);
		assert.equal((await next).status, pageStatus, 'the next page');
		assert.equal((await client.get(file.replace('?columns=all', '?q=zzzz'))).status, fileStatus, 'the file again');
		await undo?.();
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
	const client = await loggedIn('distributor', instance.url), cut = () => instance.log().match(/"path":"\/customers\.csv"[^}]*"error":"CUT"/g)?.length ?? 0;
	const before = cut();
	for (let i = 0; i < 5; i++)
		await client.request('GET', '/customers.csv?columns=all', { onResponse: (message, resolve) => {
			message.on('error', () => {});
			message.destroy();
			message.on('close', resolve);
		} }).catch(() => {});
	await until('the workers to notice', () => cut() > before, { seconds: 2 });
});
