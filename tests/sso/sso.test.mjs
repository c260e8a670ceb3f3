// Single sign-on: who the gate names is logged in; nobody else's word counts.
import { strict as assert } from 'node:assert';
import { after, before, describe, test } from 'node:test';
import { Client, USERS, formOf } from '../lib/http.mjs';
import { ME, Site } from './site.mjs';

// Of this run alone.
const run = `${Date.now().toString(36)}${process.pid}`, address = (name) => `${name}.${run}@sso.example`;
const NO_ACCOUNT = /There is no account for .+ here\. Please ask the company that manages it\./;
const SUSPENDED = /This account is suspended\. Please ask the company that manages it\./;
let site, tenants;

before(async () => {
	const rows = await new Site().sql(`SELECT u.email, t.public_id FROM user_account u JOIN tenant t ON t.id = u.tenant_id
		WHERE u.email IN ('${USERS.distributor}', '${USERS.reseller}', '${USERS.customer}')`);
	tenants = new Map(rows);
	site = await Site.start({ [USERS.distributor]: [], [USERS.resellerSales]: [], [address('new.comer')]: ['staff', 'console admins'] },
		[`${tenants.get(USERS.reseller)} sales none console sales`, `${tenants.get(USERS.distributor)} admin sales console admins`,
			`${tenants.get(USERS.customer)} sales sales too much`, 'NOWHERE sales none lost']);
});

after(async () => {
	await site?.sql(`DELETE FROM audit_event WHERE actor_user_id IN (SELECT id FROM user_account WHERE email LIKE '%${run}@sso.example')`);
	await site?.sql(`DELETE FROM user_account WHERE email LIKE '%${run}@sso.example' OR former_email_hash IS NOT NULL`);
	await site?.sql('DELETE FROM session WHERE signed_on');
	await site?.stop();
});

// A browser that goes from host to host; its cookies go along.
class Visitor {
	jar = new Map();

	async go(url, fields = null) {
		for (let hops = 0; hops < 20; hops++) {
			const { origin, pathname, search } = new URL(url), client = new Client(origin);
			client.jar = this.jar;
			this.answer = await (fields ? client.post(pathname + search, fields) : client.get(pathname + search));
			this.url = url;
			if (![301, 302, 303].includes(this.answer.status))
				return this.answer;
			url = new URL(this.answer.location, url).href;
			fields = null;
		}
		throw new Error(`no end of redirects at ${url}`);
	}

	// The provider's form, filled in.
	submit(fields) {
		const [, action] = /<form[^>]* action="([^"]+)"/.exec(this.answer.body);
		for (const [, name, value] of this.answer.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
			fields[name] = value;
		return this.go(new URL(action, this.url).href, fields);
	}

	async signOn(email, path = '/') {
		await this.go(site.url.gated + path);
		await this.submit({ login: email, password: 'anything' });
		return this.submit({});
	}
}

// Through the server that hands over whatever a test says.
class Vouched extends Client {
	constructor(user, { groups = '', key = site.key, base = site.url.vouching } = {}) {
		super(base);
		this.vouch = { 'X-Vouch-User': user, 'X-Vouch-Groups': groups, 'X-Vouch-Key': key };
	}

	request(method, path, { headers = {}, ...options } = {}) {
		return super.request(method, path, { headers: { ...this.vouch, ...headers }, ...options });
	}

	async enter() {
		const answer = await this.get('/login');
		assert.equal(answer.status, 303, answer.body);
		return this;
	}
}

const whoIs = async (client) => (await client.get('/account.json')).json.email;
const sessions = async (email) => Number((await site.sql(`SELECT COUNT(*) FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${email}' AND s.signed_on`))[0][0]);
const refused = async (client, text) => {
	const answer = await client.get('/login');
	assert.equal(answer.status, 403);
	assert.match(answer.body, text);
	assert.ok(!client.jar.has('tenantry'));
};

describe('through nginx, a gate and a provider of OpenID Connect', () => {
	test('who signs on at the provider is logged in where the way led to, with a session like any other', async () => {
		const visitor = new Visitor();
		const page = await visitor.signOn(USERS.distributor, '/customers?q=a');
		assert.equal(visitor.url, `${site.url.gated}/customers?q=a`);
		assert.match(page.html.one('h1').text, /^Customers$/);
		assert.match(visitor.jar.get('tenantry'), /^[\w-]{43}$/);
		assert.equal(await sessions(USERS.distributor), 1);
		const client = new Client(site.url.gated);
		client.jar = visitor.jar;
		assert.equal(await whoIs(client), USERS.distributor);
		assert.match((await client.download('/customers.csv')).body, /^Customer,/);
		await client.switchTo(tenants.get(USERS.reseller));
		assert.match((await client.get('/customers')).body, /Viewing as/);
		await client.switchTo('');
		assert.equal(await sessions(USERS.distributor), 1, 'no other session was begun on the way');
	});

	test('nothing that a client sends makes it somebody, or somebody else', async () => {
		const forged = { 'X-User': USERS.distributor, 'X-Groups': 'console admins', 'Tenantry-Sso-User': USERS.distributor, TENANTRY_SSO_USER: USERS.distributor,
			'Tenantry-Sso-Key': site.key, TENANTRY_SSO_KEY: site.key, 'Remote-User': USERS.distributor, REMOTE_USER: USERS.distributor,
			Authorization: `Basic ${Buffer.from(`${USERS.distributor}:x`).toString('base64')}` };
		const query = `?TENANTRY_SSO_USER=${encodeURIComponent(USERS.distributor)}&TENANTRY_SSO_KEY=${site.key}`;
		const stranger = new Client(site.url.gated);
		for (const path of ['/', '/login', '/customers.csv', '/account.json', '/login/code', '/invite/x']) {
			const answer = await stranger.get(path + query, { headers: forged });
			assert.equal(answer.status, 302, path);
			assert.match(answer.location, /\/gate\/login\?rd=/);
		}
		assert.equal((await stranger.get('/api/v1/tenants', { headers: { ...forged, Authorization: '' } })).status, 401);
		const plain = new Client(site.url.plain), page = await plain.get(`/login${query}`, { headers: forged });
		assert.equal(page.status, 200);
		assert.ok(page.html.one('input[name=password]'), 'the usual login');
		assert.ok(!plain.jar.has('tenantry'));

		const visitor = new Visitor(), client = new Client(site.url.gated);
		await visitor.signOn(USERS.resellerSales);
		client.jar = visitor.jar;
		const answer = await client.get(`/account.json${query}`, { headers: forged });
		assert.equal(answer.json.email, USERS.resellerSales);
	});

	test('logging out ends the session and does not begin another, until one is asked for', async () => {
		const visitor = new Visitor(), client = new Client(site.url.gated);
		await visitor.signOn(USERS.resellerSales, '/account');
		client.jar = visitor.jar;
		const before = await sessions(USERS.resellerSales);
		let page = await visitor.go(`${site.url.gated}/logout`, { token: visitor.answer.token('/logout') });
		for (let i = 0; i < 2; i++) {
			assert.match(page.html.one('.notice').text, /You are logged out\./);
			assert.ok(!visitor.jar.has('tenantry'));
			assert.equal(await sessions(USERS.resellerSales), before - 1);
			assert.equal(page.html.one('input[name=password]'), null);
			page = await visitor.go(visitor.url);
		}
		assert.equal(page.html.one('main a').attr('href'), '/login');
		await visitor.go(`${site.url.gated}/login`);
		assert.equal(await whoIs(client), USERS.resellerSales);
	});

	test('somebody else at the same browser has the session of nobody but oneself', async () => {
		const visitor = new Visitor(), client = new Client(site.url.gated);
		await visitor.signOn(USERS.distributor);
		const cookie = visitor.jar.get('tenantry'), before = await sessions(USERS.distributor);
		for (const name of [...visitor.jar.keys()].filter((name) => !name.startsWith('tenantry')))
			visitor.jar.delete(name);
		await visitor.signOn(USERS.resellerSales);
		client.jar = visitor.jar;
		assert.equal(await whoIs(client), USERS.resellerSales);
		assert.notEqual(visitor.jar.get('tenantry'), cookie);
		assert.equal(await sessions(USERS.distributor), before - 1, 'the former session is over');
	});

	test('a user of a group is made on first sight, and told of in Activity', async () => {
		const visitor = new Visitor(), client = new Client(site.url.gated), email = address('new.comer');
		await visitor.signOn(email, '/account');
		client.jar = visitor.jar;
		const [[id, tenant, role, child, name]] = await site.sql(`SELECT u.id, t.public_id, u.role, u.child_role, CONCAT(u.first_name, ' ', u.last_name)
			FROM user_account u JOIN tenant t ON t.id = u.tenant_id WHERE u.email = '${email}'`);
		assert.deepEqual([tenant, role, child], [tenants.get(USERS.distributor), 'admin', 'sales'], 'the first line with a group of theirs');
		assert.match(name, /^New Comer/);
		assert.equal((await client.get('/customers')).status, 200);
		assert.deepEqual(await site.sql(`SELECT action FROM audit_event WHERE actor_user_id = ${id}`), [['user.activate']]);
	});
});

describe('the word of a web server', () => {
	test('counts with the right key alone; a refusal is logged once, without any key', async () => {
		for (const key of ['', 'x', site.key.slice(0, -1), `${site.key}x`, site.key.toUpperCase(), ' '.repeat(50)]) {
			const client = new Vouched(USERS.distributor, { key }), before = site.log();
			for (const path of ['/login', '/customers', '/customers.json']) {
				const answer = await client.get(path);
				assert.equal(answer.status, 403, path);
				assert.equal(answer.headers['set-cookie'], undefined);
			}
			const lines = site.log().slice(before.length).split('\n').filter((line) => /single sign-on/.test(line));
			assert.equal(lines.length, 3, 'a line a request');
			assert.match(lines[0], /TENANTRY_SSO_KEY is not the key/);
		}
		assert.equal((await new Vouched('', { key: 'x' }).get('/login')).status, 403, 'a wrong key without a name');
		assert.equal((await new Vouched('').get('/login')).status, 200, 'no name: the usual login');
		assert.ok(!site.log().includes(site.key));
	});

	test('is not REMOTE_USER', async () => {
		const client = new Vouched('', { key: '' });
		const answer = await client.get('/login', { headers: { 'X-Vouch-Remote': USERS.distributor } });
		assert.equal(answer.status, 200);
		assert.equal((await client.get('/customers', { headers: { 'X-Vouch-Remote': USERS.distributor } })).location, '/login?next=%2Fcustomers');
	});

	test('is not heard where single sign-on is off', async () => {
		const client = new Vouched(USERS.distributor, { base: site.url.off });
		assert.equal((await client.get('/login')).status, 200);
		await client.login(USERS.resellerSales);
		assert.equal(await whoIs(client), USERS.resellerSales);
	});

	test('counts from the configured peer alone', async () => {
		await site.reload({ peer: ME === 'nobody' ? 'root' : 'nobody' });
		try {
			const before = site.log();
			assert.equal((await new Vouched(USERS.distributor).get('/customers')).status, 403);
			assert.match(site.log().slice(before.length), /single sign-on refused: the connection is one of the user with the ID \d+/);
			assert.equal((await new Client(site.url.plain).get('/login')).status, 200, 'whoever hands no name over is served');
		} finally {
			await site.reload();
		}
		assert.equal((await new Vouched(USERS.distributor).get('/login')).status, 303);
	});

	test('is needed again with each request of a session that it has begun', async () => {
		const client = await new Vouched(USERS.reseller).enter(), plain = new Client(site.url.plain);
		plain.jar = client.jar;
		assert.equal((await plain.get('/customers')).location, '/login?next=%2Fcustomers');
		assert.equal(await whoIs(client), USERS.reseller, 'there it goes on');
		const password = await new Client(site.url.plain).login(USERS.reseller);
		assert.equal(await whoIs(password), USERS.reseller);
		client.jar = new Map(password.jar);
		assert.equal((await client.get('/customers')).location, '/login?next=%2Fcustomers', 'nor does it take over a session of a password');
	});

	test('is the same in any case of letters, and about an address alone', async () => {
		const client = await new Vouched(` ${USERS.reseller.toUpperCase()} `).enter();
		assert.equal(await whoIs(client), USERS.reseller);
		for (const user of ['root', 'a@b@c.example', "' OR 1=1 -- ", 'x'.repeat(3000), '\u202eevil@x.example', '<b>@x.example'])
			await refused(new Vouched(encodeURI(user) === user ? user : Buffer.from(user).toString('latin1'), { groups: 'console sales' }), NO_ACCOUNT);
	});
});

describe('users', () => {
	const insert = (name, values) => site.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, role, invited_at, ${Object.keys(values)})
		SELECT UPPER(LEFT(SHA2(RAND(), 256), 20)), id, '${address(name)}', 'A', 'B', 'sales', NOW(3), ${Object.values(values)} FROM tenant WHERE public_id = '${tenants.get(USERS.reseller)}'`);

	test('who is unknown, disabled, deleted or of a deleted tenant is refused with one text', async () => {
		await insert('disabled', { activated_at: 'NOW(3)', disabled_at: 'NOW(3)' });
		for (const user of ['nobody@nowhere.example', address('disabled'), 'user1@wound-up-widgets.example'])
			await refused(new Vouched(user, { groups: user.startsWith('nobody') ? 'other' : 'console sales' }), NO_ACCOUNT);
	});

	test('who is suspended is told so', async () => {
		const [[email]] = await site.sql(`SELECT u.email FROM user_account u JOIN tenant t ON t.id = u.tenant_id
			WHERE t.suspended_at IS NOT NULL AND t.deleted_at IS NULL AND u.activated_at IS NOT NULL AND u.deleted_at IS NULL LIMIT 1`);
		await refused(new Vouched(email), SUSPENDED);
	});

	test('one whom an admin has deleted is not made again, whatever the groups; an invitation lets them in', async () => {
		const email = address('leaver'), admin = await new Vouched(USERS.reseller).enter();
		const leaver = await new Vouched(email, { groups: 'staff ,console sales' }).enter();
		assert.equal(await whoIs(leaver), email);
		const [[id]] = await site.sql(`SELECT public_id FROM user_account WHERE email = '${email}'`), users = `/customers/${tenants.get(USERS.reseller)}/users`;
		assert.equal((await admin.post(`${users}/${id}/delete`, { token: await admin.sessionToken() })).status, 303);
		assert.equal((await leaver.get('/customers')).status, 303, 'logged out at once');
		leaver.jar.delete('tenantry');
		await refused(leaver, NO_ACCOUNT);
		await insert('leaver', { invitation_expires_at: 'NOW(3) + INTERVAL 1 DAY' });
		assert.equal(await whoIs(await leaver.enter()), email);
	});

	test('signing on takes an open invitation up, and no other one', async () => {
		await insert('invited', { invitation_expires_at: 'NOW(3) + INTERVAL 1 DAY' });
		await insert('late', { invitation_expires_at: 'NOW(3) - INTERVAL 1 DAY' });
		await insert('cancelled', { invitation_expires_at: 'NOW(3) + INTERVAL 1 DAY', invitation_cancelled_at: 'NOW(3)' });
		assert.equal(await whoIs(await new Vouched(address('invited')).enter()), address('invited'));
		for (const name of ['late', 'cancelled'])
			await refused(new Vouched(address(name), { groups: 'console sales' }), NO_ACCOUNT);
	});

	test('of several first requests at once one makes the user', async () => {
		const email = address('twin'), twins = Array.from({ length: 4 }, () => new Vouched(email, { groups: 'console sales' }));
		await Promise.all(twins.map((twin) => twin.enter()));
		assert.deepEqual(await site.sql(`SELECT COUNT(*) FROM user_account WHERE email = '${email}'`), [['1']]);
		await site.sql(`UPDATE user_account SET role = 'admin' WHERE email = '${email}'`);
		await new Vouched(email, { groups: 'console sales' }).enter();
		assert.deepEqual(await site.sql(`SELECT role FROM user_account WHERE email = '${email}'`), [['admin']], 'groups count on first sight');
	});

	test('a group that leads to no tenant, or to a role that cannot be, makes nobody; the log says so', async () => {
		await refused(new Vouched(address('lost'), { groups: 'lost' }), NO_ACCOUNT);
		await refused(new Vouched(address('much'), { groups: 'too much' }), NO_ACCOUNT);
		assert.match(site.log(), /\[sso\] maps a group to NOWHERE, which is no tenant/);
		assert.match(site.log(), /which has no tenants below it for a child tenant role/);
	});

	test('no one-time password is asked for', async () => {
		const email = address('otp');
		await insert('otp', { activated_at: 'NOW(3)', otp_on_at: 'NOW(3)', otp_secret: "'12345678901234567890'" });
		assert.equal(await whoIs(await new Vouched(email).enter()), email);
	});
});

test('a form that was sent when the session had ended is sent on by signing on again', async () => {
	const client = await new Vouched(USERS.resellerSales).enter(), fields = formOf(await client.get('/account'), '/account');
	await site.sql(`DELETE s FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${USERS.resellerSales}'`);
	const answer = await client.post('/account', { ...fields, language: 'de' });
	assert.deepEqual([answer.status, answer.location], [303, '/login']);
	assert.equal((await client.get('/login')).location, '/account?done=profile');
	const language = () => site.sql(`SELECT language FROM user_account WHERE email = '${USERS.resellerSales}'`);
	assert.deepEqual(await language(), [['de']]);
	assert.equal(await whoIs(client), USERS.resellerSales);
	await site.sql(`UPDATE user_account SET language = 'en' WHERE email = '${USERS.resellerSales}'`);
});

test('where the gate has a logout of its own, logging out leads there', async () => {
	await site.reload({ more: ['logout = /gate/out'] });
	const client = await new Vouched(USERS.reseller).enter();
	const answer = await client.post('/logout', { token: await client.sessionToken() });
	assert.deepEqual([answer.status, answer.location], [303, '/gate/out']);
	const password = await new Client(site.url.plain).login(USERS.reseller);
	assert.equal((await password.post('/logout', { token: await password.sessionToken() })).location, '/login', 'not that of a password');
	await site.reload();
});

test('the printed configuration names nobody where no gate is asked', () => {
	const text = site.print('--sso', '/etc/nginx/tenantry-sso.conf', '--base', '/');
	const locations = text.split(/^\t(?=location )/m).slice(1), open = locations.filter((location) => location.includes('auth_request off;'));
	assert.equal(open.length, 4, 'API, assets, themes, monitoring');
	for (const location of open.filter((one) => one.includes('fastcgi_pass')))
		for (const name of ['USER', 'KEY', 'GROUPS'])
			assert.match(location, new RegExp(`fastcgi_param TENANTRY_SSO_${name}\\s+"";`));
	assert.equal(text.split('include /etc/nginx/tenantry-sso.conf;').length, 2, 'once');
	for (const name of ['USER', 'KEY', 'GROUPS'])
		assert.equal(site.print().match(new RegExp(`TENANTRY_SSO_${name}\\s+"";`, 'g')).length, 2, 'pages and monitoring');
});
