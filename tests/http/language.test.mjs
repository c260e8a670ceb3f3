// The language of pages: the user's setting, before the login the browser's. What programs read stays as it is.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, FORM_TOKENS, loggedIn } from '../lib/http.mjs';
import { sharedInstance } from '../lib/instance.mjs';

let instance;

before(async () => {
	instance = await sharedInstance();
});

const profile = (page) => page.html.all('form').find((form) => form.attr('action')?.endsWith('/account'));

async function setLanguage(client, language) {
	const page = await client.get('/account'), form = profile(page);
	const value = (name) => form.one(`input[name=${name}]`).attr('value');
	const job = form.all('select[name=job_function] option').find((option) => option.attr('selected') !== undefined && option.attr('selected') !== null);
	return client.post('/account', { token: page.token('/account'), version: value('version'), first_name: value('first_name'),
		last_name: value('last_name'), job_function: job?.attr('value') ?? 'management', language });
}

const langOf = (answer) => answer.body.match(/<html lang="([a-z]+)">/)[1];

// All text nodes of a page, each without the blanks around it.
const textsOf = (html) => html.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '').split(/<[^>]*>/).map((text) => text.trim()).filter(Boolean);

test('a user who has set German sees pages, forms, their errors and error pages in German, and data as before', async () => {
	const client = await loggedIn('other', instance.url);
	const data = ['/customers.csv', '/customers.xml', '/customers.json', '/contracts.csv', '/contracts.json', '/customers.csv?limit=x', '/customers.json?limit=x'];
	// Of each answer what does not differ from one request to the next; one at a time, for exports are counted.
	const read = async () => {
		const bodies = [];
		for (const address of data)
			bodies.push((await client.get(address)).body.replaceAll(FORM_TOKENS, '').replaceAll(/(?:request=|"requestId": ?)"\w*"/g, ''));
		return bodies;
	};
	const english = await read();
	assert.equal((await setLanguage(client, 'de')).status, 303);
	try {
		const customers = await client.get('/customers');
		assert.equal(langOf(customers), 'de');
		assert.equal(customers.html.one('h1').text, 'Kunden');
		assert.match(customers.html.one('#count').text, /^\d+ von \d+ Kunden$/);
		assert.doesNotMatch(customers.headers.vary, /Accept-Language/);

		const page = await client.get('/customers/new'), refused = await client.post('/customers/new', { token: page.token('/customers/new'), domain: 'no domain', name: '' });
		assert.equal(refused.status, 422);
		assert.match(refused.body, /Das ist kein Domainname\. Beispiel: example\.com/);
		assert.match(refused.body, /Bitte füllen Sie das aus\./);

		const missing = await client.get('/nothing');
		assert.deepEqual([missing.status, langOf(missing)], [404, 'de']);
		assert.match(missing.html.one('h1').text, /Nicht gefunden/);
		assert.deepEqual(await read(), english, 'data are for programs, which do not read German');
	} finally {
		await setLanguage(client, 'en');
	}
	assert.equal((await client.get('/customers')).html.one('h1').text, 'Customers');
});

test('no page says in English what the catalogue has in German', async () => {
	const catalogue = readFileSync(path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../xslt/i18n/de.xml'), 'utf8');
	// Two words at least: one alone may be a name, or the same in both languages.
	const english = new Set([...catalogue.matchAll(/<m en="([^"{%]* [^"{%]*)" de="([^"]*)"/g)].filter(([, en, de]) => en !== de).map(([, en]) => en.replaceAll('&quot;', '"')));
	// The name of a contract of the demo.
	english.delete('Base contract');
	const client = await loggedIn('other', instance.url);
	const home = (await client.get('/customers.json')).json.tenants;
	const below = home.find(({ tier }) => tier === 'customer') ?? home.at(-1);
	await setLanguage(client, 'de');
	try {
		const addresses = ['/customers?columns=all&q=e&below=1', '/customers/deleted', '/customers/new', '/contracts', '/switch', '/account', '/account/otp', '/nothing',
			...['', '/users', '/onboarding', '/health', '/contracts', '/contracts/summary', '/sources', '/tokens', '/activity', '/suspend', '/delete', '/move']
				.map((part) => `/customers/${below.id}${part}`)];
		for (const address of addresses) {
			const answer = await client.get(address);
			assert.match(answer.body, /<html lang="de">/, address);
			assert.deepEqual(textsOf(answer.body).filter((text) => english.has(text)), [], address);
		}
	} finally {
		await setLanguage(client, 'en');
	}
});

test('before the login the browser chooses, and caches are told', async () => {
	for (const [wanted, lang] of [['de', 'de'], ['de-AT, en;q=0.5', 'de'], ['fr, de;q=0.3, en;q=0.2', 'de'], ['en, de;q=0.9', 'en'], ['fr', 'en'],
		['de;q=0', 'en'], ['de;q=0.5, en;q=0.5', 'de'], ['*', 'en'], ['', 'en'], [';;q=,,de;q=x', 'en']]) {
		const answer = await new Client(instance.url).get('/login', { headers: { 'Accept-Language': wanted } });
		assert.equal(langOf(answer), lang, wanted);
		assert.match(answer.headers.vary, /Accept-Language/);
		assert.equal(answer.html.one('h1').text, lang === 'de' ? 'Anmelden' : 'Log in', wanted);
	}
});

test('a language that there is not is refused, none leaves the setting', async () => {
	const client = await loggedIn('other', instance.url);
	assert.equal((await setLanguage(client, 'fr')).status, 422);
	assert.equal(langOf((await client.get('/customers'))), 'en');
});
