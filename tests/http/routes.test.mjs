// Every route of the program's table, for every user, against tenants in every relation, in every format. What is
// expected stands here by the name of the route; a route that is not here fails.
import { test, after, before } from 'node:test';
import { createHash, randomBytes } from 'node:crypto';
import { strict as assert } from 'node:assert';
import { Client, FORM_TOKENS, USERS, each, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model, subtree } from '../lib/model.mjs';
import { readRoutes, suffix } from '../lib/routes.mjs';

// Who may GET and POST, what {tenant} must be to the acting tenant, formats of GET; `is` names what a route without
// {tenant} answers, where it is not 200; `also` what one with it answers within the scope.
const EXPECTED = {
	home: { get: 'read', relation: 'none', formats: 'html', is: () => 303 },
	login: { get: 'public', post: 'public', relation: 'none', formats: 'html', is: (actor) => (actor.user ? 303 : 200) },
	forgot: { get: 'public', post: 'public', relation: 'none', formats: 'html' },
	reset: { get: 'public', post: 'public', relation: 'none', formats: 'html', is: () => 404 },
	invite: { get: 'public', post: 'public', relation: 'none', formats: 'html', is: () => 404 },
	logout: { post: 'login', relation: 'none', formats: '' },
	switch: { get: 'login', post: 'login', relation: 'none', formats: 'html xml json', is: (actor) => (actor.childRole === 'none' ? 403 : 200) },
	account: { get: 'login', post: 'login', relation: 'none', formats: 'html xml json' },
	'account-password': { post: 'login', relation: 'none', formats: '' },
	'login-code': { post: 'public', relation: 'none', formats: '' },
	'account-otp': { get: 'login', post: 'login', relation: 'none', formats: 'html' },
	'account-otp-on': { post: 'login', relation: 'none', formats: '' },
	'account-otp-off': { post: 'login', relation: 'none', formats: '' },
	'account-otp-codes': { post: 'login', relation: 'none', formats: '' },
	'session-revoke': { get: 'login', post: 'login', relation: 'none', formats: 'html', is: () => 404 },
	'sessions-revoke': { get: 'login', post: 'login', relation: 'none', formats: 'html' },
	'account-view': { post: 'login', relation: 'none', formats: '' },
	customers: { get: 'read', relation: 'none', formats: 'html csv xml json',
		is: (actor, format) => (actor.acting.tier !== 'customer' ? 200 : format === 'csv' ? 404 : 303) },
	'customer-new': { get: 'admin', post: 'admin', relation: 'none', formats: 'html',
		is: (actor) => (actor.acting.tier === 'customer' ? 403 : 200) },
	deleted: { get: 'admin', relation: 'none', formats: 'html xml json' },
	restore: { post: 'admin', relation: 'none', formats: '' },
	customer: { get: 'read', post: 'admin', relation: 'scope', formats: 'html xml json' },
	move: { get: 'admin', post: 'admin', relation: 'below', formats: 'html xml json',
		also: (actor, tenant) => (tenant.tier === 'customer' && actor.acting.tier === 'distributor' ? 200 : 403) },
	delete: { get: 'admin', post: 'admin', relation: 'below', formats: 'html xml json',
		also: (actor, tenant) => (tenant.tier === 'customer' ? 200 : 403) },
	suspend: { get: 'admin', post: 'admin', relation: 'below', formats: 'html xml json' },
	reactivate: { post: 'admin', relation: 'below', formats: '' },
	'customer-admin': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html' },
	users: { get: 'read', post: 'admin', relation: 'scope', formats: 'html csv xml json' },
	user: { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (someone(tenant) ? 200 : 404) },
	'user-resend': { post: 'admin', relation: 'scope', formats: '' },
	'user-cancel': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (someone(tenant) ? 200 : 404) },
	'user-delete': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (someone(tenant) ? 200 : 404) },
	onboarding: { get: 'read', relation: 'scope', formats: 'html xml json' },
	health: { get: 'read', relation: 'scope', formats: 'html xml json' },
	'contracts-summary': { get: 'read', relation: 'scope', formats: 'html xml json' },
	'contracts-of': { get: 'read', relation: 'scope', formats: 'html csv xml json' },
	tokens: { get: 'admin', post: 'admin', relation: 'scope', formats: 'html csv xml json' },
	'token-revoke': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: () => 404 },
	sources: { get: 'read', post: 'admin', relation: 'scope', formats: 'html csv xml json' },
	source: { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (connected(tenant) ? 200 : 404) },
	'source-disconnect': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (connected(tenant) ? 200 : 404) },
	activity: { get: 'read', relation: 'scope', formats: 'html csv xml json' },
	contracts: { get: 'read', relation: 'none', formats: 'html csv xml json' },
	contract: { get: 'read', post: 'admin', relation: 'none', formats: 'html xml json' },
	'contract-new': { get: 'admin', post: 'admin', relation: 'scope', formats: 'html', also: (actor, tenant) => (makes(actor, tenant) ? 200 : 403) },
	'contract-activate': { get: 'admin', post: 'admin', relation: 'none', formats: 'html', is: () => 404 },
	'contract-cancel': { get: 'admin', post: 'admin', relation: 'none', formats: 'html', is: () => 404 },
	'contract-supersede': { post: 'admin', relation: 'none', formats: '' },
	healthz: { get: 'private', relation: 'none', formats: 'text' }, // of no suffix; where it is not private: tests/proc/monitor.test.mjs
	readyz: { get: 'private', relation: 'none', formats: 'text' },
	metrics: { get: 'private', relation: 'none', formats: 'text' },
	// The API: `post` as the pages have it; the tests of each token's scope are below.
	'api-tenants': { get: 'read', post: 'admin', relation: 'none', formats: 'api' },
	'api-contracts': { get: 'read', relation: 'none', formats: 'api' },
	'api-sources': { get: 'read', relation: 'none', formats: 'api' },
	'api-runs': { post: 'ingest', relation: 'none', formats: '' },
	'api-tenant': { get: 'read', relation: 'scope', formats: 'api' },
};

const FORMATS = ['html', 'csv', 'xml', 'json'];
const routes = readRoutes();
let model, actors, targets, contracts, sources, moved;

// A customer that was another reseller's.
async function moveOne(before) {
	const admin = await loggedIn('distributor'), from = before.ofUser(USERS.reseller), to = before.named('Cumulus Partners');
	const page = await admin.get('/customers/new'), name = `Moved ${Date.now()}`;
	const added = await admin.post('/customers/new', { token: page.token('/customers/new'), parent: from.id, name, domain: `moved-${Date.now()}.example` });
	const path = added.location.replace('admin', 'move'), form = await admin.get(path);
	assert.equal((await admin.post(path, { token: form.token(path), parent: to.id })).status, 303);
	return name;
}

after(async () => {
	const admin = await loggedIn('distributor'), path = `/customers/${model.named(moved).id}/delete`;
	assert.equal((await admin.post(path, { token: (await admin.get(path)).token(path) })).status, 303);
});

before(async () => {
	moved = await moveOne(await Model.read(given()));
	model = await Model.read(given());
	const bluepeak = model.ofUser(USERS.reseller), brightwater = model.ofUser(USERS.customer);
	const actor = async (user, into) => {
		const home = model.ofUser(USERS[user]), facts = home.users.find(({ email }) => email === USERS[user]);
		const client = await loggedIn(user);
		if (into)
			await client.switchTo(into.id);
		return { name: into ? `${user} as ${into.name}` : user, user, client, home, acting: into ?? home, role: into ? facts.child : facts.role, childRole: facts.child };
	};
	actors = [{ name: 'nobody', client: new Client() }];
	for (const user of Object.keys(USERS))
		actors.push(await actor(user));
	for (const [user, into] of [['distributor', bluepeak], ['distributorSales', bluepeak], ['distributor', brightwater], ['reseller', brightwater],
		['distributor', model.named('Cumulus Partners')], ['distributor', model.named('Ostwind Systemhaus AG')], ['distributor', model.named(moved)]])
		actors.push(await actor(user, into));
	const [[deleted]] = await given().sql("SELECT public_id FROM tenant WHERE name = 'Wound-up Widgets' AND deleted_at IS NOT NULL");
	targets = ['Northwind Distribution', bluepeak.name, brightwater.name, 'Aster & Sons', 'Cumulus Partners', 'Glacier Foods', 'Ostwind Systemhaus AG',
		'Elbe Freight', 'Hudson Valley Distribution', 'Catskill Cloud', 'Bluepeak Outfitters', moved].map((name) => model.named(name));
	targets.push({ id: deleted, name: 'a deleted one', tier: null }, { id: '0123456789', name: 'one that is none', tier: null });
	sources = new Map(await given().sql('SELECT t.public_id, MIN(s.public_id) FROM billing_source s JOIN tenant t ON t.id = s.tenant_id WHERE s.live = 1 GROUP BY t.id'));
	contracts = targets.flatMap((tenant) => tenant.contracts ?? []);
});

// Contracts are made by the direct parent, a distributor's own by itself.
const makes = (actor, tenant) => (tenant.tier === 'distributor' ? tenant === actor.acting : tenant.parent === actor.acting);
const inScope = (actor, tenant) => tenant.tier !== null && [...subtree(actor.acting)].includes(tenant);
// The second variable is a user of the tenant, if it has one; or a source that is connected.
const someone = (tenant) => tenant.users?.find((user) => !user.deleted)?.id;
const connected = (tenant) => sources.get(tenant.id);
const address = (route, tenant, format) => route.pattern.replace('{tenant}', tenant.id).replace('{token}', 'A'.repeat(43))
	.replace('{id}', !route.pattern.includes('{tenant}') ? tenant.id : (route.pattern.includes('/sources/') ? connected : someone)(tenant) ?? '0123456789') + suffix(format);

// The answer without what differs from request to request: IDs, dates, tokens and the address itself.
function plain(answer, id) {
	const headers = Object.entries(answer.headers).filter(([name]) => !['date', 'x-request-id'].includes(name));
	const body = answer.body.replaceAll(answer.headers['x-request-id'], 'REQUEST').replaceAll(id, 'ID').replace(FORM_TOKENS, 'TOKEN');
	return JSON.stringify([answer.status, headers, body]);
}

test('each route of the table is expected here, and as it is there', () => {
	assert.deepEqual(routes.map(({ name }) => name).sort(), Object.keys(EXPECTED).sort());
	for (const { name, get, post, relation, formats } of routes) {
		const wanted = EXPECTED[name];
		assert.deepEqual({ name, get, post, relation, formats: formats.join(' ') },
			{ name, get: wanted.get ?? null, post: wanted.post ?? null, relation: wanted.relation, formats: wanted.formats });
	}
});

function wantedStatus(route, actor, tenant, format) {
	const { get, relation, formats, is, also } = EXPECTED[route.name];
	if (get === undefined)
		return format === 'html' ? 405 : 404;
	if (formats === 'text' ? format !== 'html' : !formats.split(' ').includes(format))
		return 404;
	if (!actor.user && get !== 'public' && get !== 'private')
		return format === 'html' ? 303 : 401;
	if (get === 'admin' && actor.role !== 'admin')
		return 403;
	if (relation === 'none')
		return is ? is(actor, format) : 200;
	if (!inScope(actor, tenant))
		return 404;
	if (relation === 'below' && tenant === actor.acting)
		return 403;
	return also ? also(actor, tenant) : 200;
}

const pages = routes.filter(({ pattern }) => !pattern.startsWith('/api/'));
for (const route of pages.filter(({ name }) => EXPECTED[name] && name !== 'contract'))
	test(`GET ${route.pattern} answers each user by role, relation and format`, async () => {
		const ofTenant = EXPECTED[route.name].relation !== 'none';
		await each(actors, async (actor) => {
			for (const format of FORMATS) {
				const outside = new Map();
				for (const tenant of ofTenant ? targets : [{ id: '0123456789', name: '-', tier: null }]) {
					const path = address(route, tenant, format), answer = await (format === 'csv' ? actor.client.download(path) : actor.client.get(path));
					assert.equal(answer.status, wantedStatus(route, actor, tenant, format), `${actor.name}: GET ${route.pattern}${suffix(format)} of ${tenant.name}`);
					if (ofTenant && actor.user && !inScope(actor, tenant))
						outside.set(tenant.name, plain(answer, tenant.id));
				}
				const none = outside.get('one that is none');
				for (const [name, answer] of outside)
					assert.equal(answer, none, `${actor.name}: ${route.pattern}${suffix(format)} of ${name} answers as one that is none`);
			}
		});
	});

test('GET /contracts/{id} is for those whose scope has the tenant, drafts not for the tenant itself', async () => {
	assert.ok(contracts.some(({ status }) => status === 'draft'));
	await each(actors, async (actor) => {
		for (const format of ['html', 'xml', 'json']) {
			const none = await actor.client.get(`/contracts/0123456789${suffix(format)}`);
			for (const { id, tenant, status } of contracts) {
				const answer = await actor.client.get(`/contracts/${id}${suffix(format)}`);
				const own = actor.user && tenant === actor.acting && tenant.tier !== 'distributor';
				const wanted = !actor.user ? (format === 'html' ? 303 : 401) : inScope(actor, tenant) && !(own && status === 'draft') ? 200 : 404;
				assert.equal(answer.status, wanted, `${actor.name}: a ${status} contract of ${tenant.name}, ${format}`);
				if (wanted === 404)
					assert.equal(plain(answer, id), plain(none, '0123456789'));
			}
		}
	});
});

test('deeds on a contract are for the admin of its maker, acting as it', async () => {
	await each(actors.filter(({ user }) => user), async (actor) => {
		const token = await actor.client.sessionToken();
		for (const { id, tenant, status } of contracts) {
			const own = tenant === actor.acting && tenant.tier !== 'distributor';
			const wanted = actor.role !== 'admin' ? 403 : !inScope(actor, tenant) || (own && status === 'draft') ? 404 : makes(actor, tenant) ? null : 403;
			for (const deed of ['activate', 'cancel']) {
				const answer = await actor.client.get(`/contracts/${id}/${deed}`);
				assert.equal(answer.status, wanted ?? 200, `${actor.name}: asking to ${deed} a ${status} contract of ${tenant.name}`);
			}
			for (const deed of wanted === null ? [] : ['', '/activate', '/cancel', '/supersede']) {
				const answer = await actor.client.post(`/contracts/${id}${deed}`, { token, reason: 'no' });
				assert.equal(answer.status, wanted, `${actor.name}: ${deed} of a ${status} contract of ${tenant.name}`);
			}
		}
	}, 2);
});

test('POST needs a session, then its form token, then role, scope and relation', async () => {
	for (const route of pages.filter(({ name, post }) => post && name !== 'restore')) { // of a deleted one: change.test.mjs
		const { post, relation } = EXPECTED[route.name];
		await each(actors, async (actor) => {
			for (const tenant of relation === 'none' ? [{ id: '0123456789', name: '-' }] : targets) {
				const path = address(route, tenant, 'html'), about = `${actor.name}: POST ${route.pattern} of ${tenant.name}`;
				const without = await actor.client.post(path, { email: 'x' });
				assert.equal(without.status, actor.user || post === 'public' ? 403 : 303, `${about} without a token`);
				if (!actor.user)
					continue;
				if (post !== 'public')
					assert.equal(without.html.one('h1').text, 'This form is no longer valid', about);
				if (post !== 'admin')
					continue;
				const wanted = actor.role !== 'admin' ? 403 : relation === 'none' ? null : !inScope(actor, tenant) ? 404 : relation === 'below' && tenant === actor.acting ? 403 : null;
				if (wanted !== null)
					assert.equal((await actor.client.post(path, { token: await actor.client.sessionToken() })).status, wanted, about);
			}
		}, 2);
	}
	const rows = await given().sql('SELECT name FROM tenant WHERE suspended_at IS NOT NULL ORDER BY name');
	assert.deepEqual(rows.flat(), ['Ostwind Systemhaus AG', 'Suspended Bridges Engineering'], 'nothing was written');
});

test('POST restore is for admins above the deleted one, and for nothing that is not deleted', async () => {
	const [[parent]] = await given().sql("SELECT p.public_id FROM tenant t JOIN tenant p ON p.id = t.parent_id WHERE t.name = 'Wound-up Widgets'");
	await each(actors.filter(({ user }) => user), async (actor) => {
		for (const tenant of targets) {
			const above = tenant.name === 'a deleted one' && [...subtree(actor.acting)].some(({ id }) => id === parent);
			const wanted = actor.role !== 'admin' ? 403 : above ? null : 404;
			if (wanted !== null)
				assert.equal((await actor.client.post(`/customers/${tenant.id}/restore`, { token: await actor.client.sessionToken() })).status, wanted, `${actor.name}: ${tenant.name}`);
		}
	});
});

// A session that was not logged in, so that each route can have one of its own: EMAIL's, acting as the tenant ACTING.
async function sessionOf(email, acting = null) {
	const secret = randomBytes(32).toString('base64url'), client = new Client();
	client.hash = createHash('sha256').update(secret).digest('hex');
	await given().sql(`INSERT INTO session (token_hash, user_id, acting_tenant_id, created_at, seen_at, address, agent)
		SELECT x'${client.hash}', id, ${acting ? `(SELECT id FROM tenant WHERE public_id = '${acting}')` : 'NULL'}, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), '', '' FROM user_account WHERE email = '${email}'`);
	client.jar.set('tenantry', secret);
	return client;
}

// Routes that want a login.
const closed = () => pages.filter(({ name }) => !['public', 'private'].includes(EXPECTED[name].get ?? EXPECTED[name].post));
const shut = [['of a suspended tenant', () => 'user1@ostwind.example'], ['below a suspended tenant', () => 'user1@elbe-freight.example'],
	['of a deleted tenant', () => 'user1@wound-up-widgets.example'], ['that is disabled', () => 'disabled@demo.example'], ['that is deleted', () => 'deleted@demo.example']];

for (const [what, email] of shut)
	test(`a user ${what} is logged out on every route, in every format`, async () => {
		await given().sql(`INSERT IGNORE INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at, disabled_at, deleted_at)
			SELECT CONCAT('SHUT', n), tenant_id, CONCAT(n, '@demo.example'), 'Shut', 'Out', 'founder', 'admin', 'admin', password_hash, NOW(), NOW(), IF(n = 'DISABLED', NOW(), NULL), IF(n = 'DELETED', NOW(), NULL)
			FROM user_account JOIN (SELECT 'DISABLED' n UNION SELECT 'DELETED') kinds WHERE email = '${USERS.reseller}';
			UPDATE user_account SET email = LOWER(email) WHERE public_id IN ('SHUTDISABLED', 'SHUTDELETED');
			UPDATE user_account SET disabled_at = NULL WHERE email = 'user1@wound-up-widgets.example'`);
		const tenant = model.ofUser(USERS.customer);
		await each(closed(), async (route) => {
			for (const format of EXPECTED[route.name].formats.split(' ').filter(Boolean)) {
				const answer = await (await sessionOf(email())).get(address(route, tenant, format));
				assert.equal(answer.status, format === 'html' ? 303 : 401, `${route.pattern}${suffix(format)}`);
			}
			if (route.post) {
				const answer = await (await sessionOf(email())).post(address(route, tenant, 'html'), { token: 'x' });
				assert.deepEqual([answer.status, /^\/login/.test(answer.location)], [303, true], `POST ${route.pattern}`);
			}
		});
		await given().sql(`DELETE FROM user_account WHERE public_id IN ('SHUTDISABLED', 'SHUTDELETED');
			UPDATE user_account SET disabled_at = '2026-11-21' WHERE email = 'user1@wound-up-widgets.example'`);
	});

for (const [what, acting] of [['was moved away', () => model.named(moved).id], ['was deleted', () => targets.find(({ name }) => name === 'a deleted one').id],
	["is another distributor's", () => model.named('Catskill Cloud').id], ['is above', () => model.ofUser(USERS.distributor).id]])
	test(`a session whose acting tenant ${what} is home again on every route, and its forms are stale`, async () => {
		const home = actors.find(({ name }) => name === 'reseller'), valid = model.ofUser(USERS.customer);
		await each(closed().filter(({ name }) => name !== 'contract'), async (route) => {
			for (const tenant of EXPECTED[route.name].relation === 'none' ? [{ id: '0123456789', tier: null }] : [valid, model.named('Glacier Foods'), model.named(moved)]) {
				const answer = await (await sessionOf(USERS.reseller, acting())).get(address(route, tenant, 'html'));
				assert.equal(answer.status, wantedStatus(route, home, tenant, 'html'), `${route.pattern} of ${tenant.name}`);
			}
			if (EXPECTED[route.name].post !== 'admin')
				return;
			const client = await sessionOf(USERS.reseller, valid.id), token = await client.sessionToken();
			await given().sql(`UPDATE session SET acting_tenant_id = (SELECT id FROM tenant WHERE public_id = '${acting()}') WHERE token_hash = x'${client.hash}'`);
			assert.equal((await client.post(address(route, valid, 'html'), { token })).status, 409, `POST ${route.pattern}`);
		});
	});

test('an end customer has no Customers page, and its navigation does not offer one', async () => {
	const { client, acting } = actors.find(({ name }) => name === 'customer');
	for (const path of ['/', '/customers']) {
		const answer = await client.get(path);
		assert.deepEqual([answer.status, answer.location], [303, `/customers/${acting.id}`], path);
	}
	const links = (await client.get(`/customers/${acting.id}`)).html.all('nav[aria-label=Main] a').map((a) => a.text);
	assert.ok(!links.includes('Customers'));
	assert.ok(links.includes('Contracts'));
});
