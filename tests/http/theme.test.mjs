// Themes: who sees which, before the login too, and that one with a fault changes nothing. The theme is the example that is installed.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Client, FORM_TOKENS, USERS, loggedIn } from '../lib/http.mjs';
import { CLOCK, sharedInstance } from '../lib/instance.mjs';
import { mailTo, pathOf } from '../lib/mail.mjs';
import { Model } from '../lib/model.mjs';
import { ownWays } from '../lib/servers.mjs';
import { PRODUCT, edit, putTheme, reload, removeThemes } from '../lib/theme.mjs';

const OURS = 'Tenantry', THEIRS = PRODUCT;
let instance, model, reseller, folder;
const login = (user) => loggedIn(user, instance.url);
const product = (answer) => answer.html.one('.brand .word').text;

before(async () => {
	instance = await sharedInstance();
	model = await Model.read(instance, Date.parse(CLOCK));
	reseller = model.ofUser(USERS.reseller);
	folder = await putTheme(instance, reseller);
});

after(() => removeThemes(instance));

test('a reseller and those below it see its theme, others ours', async () => {
	const admin = await login('reseller'), page = await admin.get('/customers');
	assert.equal(product(page), THEIRS);
	assert.match(page.html.one('title').text, / - Nimbus Console$/);
	// The header and a cell are the theme's own; all else is ours.
	assert.equal(page.html.one('.bar .support').text, 'Support: +49 30 901820');
	assert.match(page.body, /<td data-label="Contracts"><span class="soft">No contract yet<\/span><\/td>/);
	assert.equal(page.html.one('h1').text, 'Customers');
	const sheets = page.html.all('link').map((link) => link.attr('href'));
	assert.match(sheets[2], /^\/assets\/themes\/nimbus\/theme\.css\?v=[0-9a-f]{16}$/);
	assert.match(page.html.one('.brand img').attr('src'), /^\/assets\/themes\/nimbus\/logo\.svg\?v=[0-9a-f]{16}$/);
	assert.equal(product(await (await login('customer')).get(`/customers/${model.ofUser(USERS.customer).id}`)), THEIRS);
	assert.equal(product(await admin.get('/nothing')), THEIRS, 'an error page too');
	for (const user of ['distributor', 'other']) {
		const other = await (await login(user)).get('/customers');
		assert.equal(product(other), OURS);
		assert.doesNotMatch(other.body, /assets\/themes|Nimbus Console|No contract yet|class="support"/);
	}
});

test('who switches into the reseller sees its theme; who switches into another one does not, and no tag is shared', async () => {
	const client = await login('distributor'), home = await client.get('/customers');
	await client.switchTo(reseller.id);
	const there = await client.get('/customers', { headers: { 'If-None-Match': home.headers.etag } });
	assert.equal(there.status, 200);
	assert.equal(product(there), THEIRS);
	assert.equal((await client.get('/customers', { headers: { 'If-None-Match': there.headers.etag } })).status, 304);
	const below = reseller.children[0];
	await client.switchTo(below.id);
	assert.equal(product(await client.get('/account')), THEIRS, 'and below it');
	await client.switchTo(reseller.parent.children.find(({ id }) => id !== reseller.id).id);
	assert.equal(product(await client.get('/customers')), OURS);
	await client.switchTo('');
	assert.equal(product(await client.get('/customers', { headers: { 'If-None-Match': there.headers.etag } })), OURS);
});

test('what programs read has no theme', async () => {
	const client = await login('reseller');
	for (const suffix of ['csv', 'xml', 'json'])
		assert.doesNotMatch((await client.get(`/customers.${suffix}`)).body, /nimbus/i, suffix);
});

test('the login has the theme of its host', async () => {
	const client = new Client(instance.url);
	for (const [host, name] of [['console.nimbus.example', THEIRS], ['CONSOLE.nimbus.example:8080', THEIRS], ['nimbus.example', OURS], ['127.0.0.1', OURS]])
		assert.equal(product(await client.get('/login', { headers: { Host: host } })), name, host);
	// A session has that of its tenant, wherever it is.
	assert.equal(product(await (await login('other')).get('/customers', { headers: { Host: 'console.nimbus.example' } })), OURS);
});

test('mails and the page that they lead to have the name of the product', async () => {
	const admin = await login('reseller'), below = reseller.children[0];
	const form = await admin.get(`/customers/${below.id}/users`), email = `theme-${Date.now()}@nimbus.example`;
	const sent = await admin.post(`/customers/${below.id}/users`, { token: form.token(`/customers/${below.id}/users`), email, first_name: 'Nim', last_name: 'Bus', job_function: 'founder', role: 'sales' });
	assert.equal(sent.status, 303);
	const mail = await mailTo(instance.state, email);
	assert.match(mail.headers.from, /^"?Nimbus Console"? </);
	assert.match(mail.text, /\n-- \nNimbus Console\n$/);
	assert.match(mail.html, /<p>-- Nimbus Console<\/p>/);
	const page = await new Client(instance.url).get(pathOf(mail));
	assert.equal(page.html.one('h1').text, 'Welcome to Nimbus Console');
	assert.equal(product(page), THEIRS);
});

test('the web server has a theme\'s style sheet and images, and nothing else of its folder', async () => {
	const client = new Client(instance.url), get = (name) => client.get(`/assets/themes/nimbus/${name}`);
	for (const [name, type] of [['theme.css', 'text/css'], ['logo.svg', 'image/svg+xml']]) {
		const plain = await get(name), kept = await get(`${name}?v=1`);
		assert.deepEqual([plain.status, kept.status], [200, 200]);
		assert.ok(plain.headers['content-type'].startsWith(type));
		assert.doesNotMatch(plain.headers['cache-control'], /immutable/);
		assert.match(kept.headers['cache-control'], /immutable/);
		// Whatever an image holds: opened by itself it runs nothing.
		assert.match(kept.headers['content-security-policy'], /^default-src 'none'; .*sandbox$/);
		assert.equal(kept.headers['x-content-type-options'], 'nosniff');
	}
	symlinkSync('/etc/passwd', path.join(folder, 'linked.css'));
	try {
		const links = ownWays().followsLinks ? [] : ['linked.css'];
		for (const name of ['theme.conf', 'pages.xsl', '', ...links, '../../../tenantry.conf', '%2e%2e/%2e%2e/tenantry.conf', 'theme.conf%00.css'])
			assert.ok((await get(name)).status >= 400, name);
	} finally {
		rmSync(path.join(folder, 'linked.css'));
	}
});

test('a theme with a fault leaves the old one serving, and the log and the check say where it is', async () => {
	const client = await login('reseller'), sheet = path.join(folder, 'pages.xsl'), support = 'Support: +49 30 901820', bad = '<xsl:value-of select="document(\'/etc/passwd\')"/>';
	const before = (await client.get('/customers')).body.replace(FORM_TOKENS, 'TOKEN');
	edit(sheet, (text) => text.replace(support, bad));
	try {
		assert.equal(await reload(instance), false);
		const fault = /themes\/nimbus\/pages\.xsl:10: the sheet of a theme cannot have the function document/;
		assert.match(instance.log(), fault);
		const { code, stderr } = await instance.dev(['tenantry', 'check']).catch((error) => error);
		assert.equal(code, 1);
		assert.match(stderr, fault);
		const now = await client.get('/customers');
		assert.equal(now.status, 200);
		assert.equal(now.body.replace(FORM_TOKENS, 'TOKEN').replaceAll(/request="?\w+/g, ''), before.replaceAll(/request="?\w+/g, ''));
	} finally {
		edit(sheet, (text) => text.replace(bad, support));
	}
	assert.equal(await reload(instance), true);
});

test('a tenant that is not there is a warning of the check, with its line', async () => {
	edit(path.join(folder, 'theme.conf'), (text) => text.replace(/^(tenants = .*)/m, '$1, NOSUCH0000'));
	const { stdout, stderr } = await instance.dev(['tenantry', 'check']);
	assert.match(stdout, /the configuration is good$/m);
	assert.doesNotMatch(stdout, /^sheet theme\/nimbus/m, 'its sheet is compiled');
	assert.match(stderr, /themes\/nimbus\/theme\.conf:6: warning: there is no tenant NOSUCH0000/);
	assert.doesNotMatch(stderr, new RegExp(`no tenant ${reseller.id}`));
	assert.doesNotMatch(stderr, /contrast/);
});

test('colours that cannot be read are a warning of the check', async () => {
	edit(path.join(folder, 'theme.css'), (text) => text.replace('#6b2fb3', '#b58ce0'));
	const { stderr } = await instance.dev(['tenantry', 'check']);
	assert.match(stderr, /themes\/nimbus\/theme\.css:4: warning: text in --accent on --paper has a contrast of 2\.69:1 in light, less than 4\.5:1/);
});

test('a sheet that calls itself without end leaves ours serving, under the product\'s name, and the log says so', async () => {
	const sheet = path.join(folder, 'pages.xsl'), endless = '<xsl:template name="contracts-cell"><xsl:call-template name="contracts-cell"/></xsl:template>';
	const client = await login('reseller'), seen = instance.log().length;
	edit(sheet, (text) => text.replace(/<xsl:template name="contracts-cell">.*?<\/xsl:template>/s, endless));
	assert.equal(await reload(instance), true);
	const page = await client.get('/customers');
	assert.equal(page.status, 200);
	assert.equal(product(page), THEIRS);
	assert.equal(page.html.one('h1').text, 'Customers');
	assert.match(instance.log().slice(seen), /templates are too deep within each other[\s\S]*stylesheet theme\/nimbus failed/);
	assert.equal((await client.get('/account')).html.one('.bar .support').text, 'Support: +49 30 901820', 'a page that does not need it is theirs');
});
