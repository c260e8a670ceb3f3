// What nobody may see: every answer that a user can reach by links, in every format, is searched for what belongs to
// tenants outside the scope; and who has switched sees what a native user sees, byte for byte.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, FORM_TOKENS, USERS, loggedIn } from '../lib/http.mjs';
import { crawl } from '../lib/crawl.mjs';
import { given } from '../lib/instance.mjs';
import { Model, subtree } from '../lib/model.mjs';
import { readRoutes, suffix } from '../lib/routes.mjs';

const routes = readRoutes();
let model;

before(async () => {
	model = await Model.read(given());
});

// Each form in which a text may stand in HTML, XML, JSON and CSV.
function spellings(text) {
	const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	return [...new Set([text, escaped, escaped.replaceAll('"', '&quot;'), JSON.stringify(text).slice(1, -1), text.replaceAll('"', '""')])];
}

// What a user of ACTING must find nowhere; `above` is what stands in Activity, on contracts and API tokens, as names of actors.
function secrets(acting) {
	const inside = new Set(subtree(acting)), ancestors = new Set();
	for (let tenant = acting.parent; tenant; tenant = tenant.parent)
		ancestors.add(tenant);
	const seen = new Set([...inside].flatMap((tenant) => [tenant.name, tenant.domain, ...tenant.users.map(({ name }) => name)]));
	const never = [], above = [];
	for (const tenant of model.byId.values()) {
		if (inside.has(tenant))
			continue;
		never.push(tenant.id, tenant.domain, ...tenant.users.flatMap(({ id, email }) => [id, email]), ...tenant.contracts.map(({ id }) => id),
			...tenant.sources.map(({ id }) => id));
		(ancestors.has(tenant) ? above : never).push(tenant.name, ...tenant.users.map(({ name }) => name));
	}
	// Names of one letter, and names that people inside have too, tell nothing.
	const usable = (texts) => texts.filter((text) => text.length > 3 && ![...seen].some((known) => known.includes(text))).flatMap(spellings);
	return { never: usable(never), above: usable(above) };
}

// Addresses of an address in the other formats.
function otherFormats(path) {
	const url = new URL(path, 'http://x');
	if (/\.\w+$/.test(url.pathname) || url.pathname === '/')
		return [];
	const matches = ({ pattern }) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[A-Z0-9]+')}$`).test(url.pathname);
	return (routes.find(matches)?.formats ?? []).filter((format) => format !== 'html').map((format) => url.pathname + suffix(format) + url.search);
}

async function checkCrawl(client, acting, least, from = ['/', '/customers?columns=all&limit=200', '/switch?q=e', '/switch?q=northwind']) {
	const { never, above } = secrets(acting);
	assert.ok(never.length > 100);
	let bytes = 0;
	const count = await crawl(client, (path, answer) => {
		assert.ok(answer.status < 400, `${path} is linked and answers ${answer.status}`);
		const text = answer.body + JSON.stringify(answer.headers), namesActors = /^\/customers\/\w+\/(activity|tokens)|^\/contracts\/\w/.test(path);
		bytes += text.length;
		for (const secret of namesActors ? never : [...never, ...above])
			assert.ok(!text.includes(secret), `${path} holds ${secret}`);
	}, { also: otherFormats, from });
	assert.ok(count >= least, `${count} addresses were reached`);
	assert.ok(bytes > 100000);
}

test('a reseller finds nothing of its distributor or of other resellers in any answer', async () => {
	await checkCrawl(await loggedIn('reseller'), model.ofUser(USERS.reseller), 300);
});

test('a distributor finds nothing of the other distributor', async () => {
	await checkCrawl(await loggedIn('other'), model.ofUser(USERS.other), 150);
});

test('an end customer finds nothing but its own', async () => {
	await checkCrawl(await loggedIn('customer'), model.ofUser(USERS.customer), 15, ['/']);
});

test('errors tell nothing of what is outside either', async () => {
	const reseller = await loggedIn('reseller'), { never, above } = secrets(model.ofUser(USERS.reseller));
	const outside = model.named('Cumulus Partners');
	const token = await reseller.sessionToken();
	const answers = [];
	for (const path of [`/customers/${outside.id}`, `/customers/${outside.id}/users.json`, `/contracts/${outside.contracts[0].id}`, `/customers?after=${outside.id}`, `/customers.xml?fold=${outside.id}`])
		answers.push(await reseller.get(path));
	for (const [path, fields] of [['/switch', { tenant: outside.id }], ['/switch', { tenant: model.ofUser(USERS.distributor).id }], [`/customers/${outside.id}/suspend`, {}]])
		answers.push(await reseller.post(path, { token, ...fields }));
	for (const answer of answers) {
		assert.ok([400, 404].includes(answer.status), `${answer.url}: ${answer.status}`);
		// The address itself may come back; what belongs to it may not.
		const body = answer.body.replaceAll(outside.id, '');
		assert.deepEqual([...never, ...above].filter((secret) => body.includes(secret)), [], answer.url);
	}
});

test('nobody sees hashes, secrets of sessions or passwords', async () => {
	const client = await loggedIn('distributor'), secret = client.jar.get('tenantry');
	assert.match(secret, /^[\w-]{43}$/);
	for (const path of ['/account', '/account.xml', '/account.json', '/customers.xml', `/customers/${model.ofUser(USERS.distributor).id}/users.json`]) {
		const { body } = await client.get(path);
		assert.ok(!body.includes(secret), path);
		assert.ok(!/\$argon2|password_hash|[0-9a-f]{64}/.test(body), path);
	}
	const [[stored]] = await given().sql('SELECT COUNT(*) FROM session WHERE LENGTH(token_hash) <> 32');
	assert.equal(stored, '0');
	assert.ok(!given().log().includes(secret), 'nor does the log');
});

// Who has switched as a native user: the same but for the session's own parts.
test('a distributor that has switched into a reseller sees what its own admin sees, byte for byte', async () => {
	const acting = model.ofUser(USERS.reseller), switched = await loggedIn('distributor');
	await switched.switchTo(acting.id);
	const native = await loggedIn('reseller');
	const inside = [...subtree(acting)], ids = [acting, ...inside.filter(({ contracts, sources }) => contracts.length > 3 || sources.length > 0).slice(0, 4)];
	const paths = ['/customers', '/customers?status=onboarding', '/customers?status=complete&source=failed', '/customers?q=e&limit=25', '/contracts'];
	for (const { id } of ids)
		for (const route of routes.filter(({ relation, pattern, formats }) => relation === 'scope' && formats.length > 0 && !formats.includes('api') && !pattern.includes('{id}')))
			if (route.name !== 'contract-new' || id !== acting.id) // nobody makes the own contracts
				paths.push(route.pattern.replace('{tenant}', id));
	for (const { contracts } of ids)
		for (const { id, status } of contracts)
			if (status !== 'draft' || !acting.contracts.some((own) => own.id === id))
				paths.push(`/contracts/${id}`);
	const plain = ({ body, headers }) => body.replaceAll(headers['x-request-id'], 'REQUEST').replace(FORM_TOKENS, 'TOKEN')
		.replace(/<session .*?<\/session>/s, '<session/>').replace(/<header class="bar">.*?<\/header>/s, '<header/>').replace(/<div class="acting".*?<\/form><\/div>/s, '');
	let compared = 0;
	for (const path of paths) {
		for (const address of [path, ...otherFormats(path)]) {
			const [theirs, ours] = await Promise.all([native.download(address), switched.download(address)]);
			assert.equal(ours.status, 200, address);
			assert.equal(plain(ours), plain(theirs), address);
			compared++;
		}
	}
	assert.ok(compared > 100, `${compared} answers compared`);
});

test('nothing is answered to somebody who has logged out, nor to a cookie that is none', async () => {
	const client = await loggedIn('distributor'), old = client.copy();
	assert.equal((await client.post('/logout', { token: await client.sessionToken() })).status, 303);
	for (const jar of [old.jar, new Map([['tenantry', 'A'.repeat(43)]]), new Map([['tenantry', "' OR 1=1 -- "]]), new Map([['tenantry', '']])]) {
		const stranger = new Client();
		stranger.jar = new Map(jar);
		assert.equal((await stranger.get('/customers')).status, 303);
		assert.equal((await stranger.get('/customers.json')).status, 401);
	}
});
