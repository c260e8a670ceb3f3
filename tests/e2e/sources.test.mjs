// Billing sources in a browser, with JavaScript on and off, by keyboard alone: connected on the tab, told by runs over the API, seen in the
// list up to the distributor, explained, edited, disconnected after a question. Each page on the way by axe-core and vnu. Last, a tree in which
// nothing has failed until one run says so.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { axe, launch, open } from '../lib/browser.mjs';
import { Client, PASSWORD, USERS, loggedIn } from '../lib/http.mjs';
import { SOURCE, given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const PICTURES = process.env.TENANTRY_SCREENSHOTS ?? path.join(process.env.TENANTRY_STATE, 'screenshots');
const work = mkdtempSync('/tmp/tenantry-sources.'), api = new Client();
const HOUR = 3600000;
let browser, admin, token, home, number = Date.now() % 1e10;

before(async () => {
	mkdirSync(PICTURES, { recursive: true });
	browser = await launch();
	admin = await loggedIn('distributor');
	home = (await Model.read(given())).ofUser(USERS.distributor);
	token = (await given().dev(['tenantry', 'token', 'add', '--tenant', home.id, '--scope', 'ingest'])).stdout.trim();
});
after(async () => {
	await browser?.close();
	rmSync(work, { recursive: true, force: true });
});

const account = () => String(++number).padStart(12, '9');

// A form that is sent without a browser; where it leads.
async function send(action, values) {
	const form = await admin.get(action), answer = await admin.post(action, { token: form.token(action), ...values });
	assert.equal(answer.status, 303, answer.status === 303 ? '' : answer.html.one('main').text);
	return answer.location;
}

// A distributor's own reseller and its customer, with nothing in them.
async function family(stamp) {
	const make = async (parent, name) => {
		const where = await send('/customers/new', { parent: parent.id, domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`, name });
		return { id: /\/customers\/([A-Z0-9]+)/.exec(where)[1], name };
	};
	const reseller = await make(home, `Sources reseller ${stamp}`);
	return { reseller, customer: await make(reseller, `Sources customer ${stamp}`) };
}

async function run(of, status, { hours = 1, rows = 1000, message = '', by = token, ...more } = {}) {
	const at = (ms) => new Date(Date.now() - hours * HOUR + ms).toISOString();
	return api.request('POST', `/api/v1/sources/${of}/runs`, {
		body: JSON.stringify({ started: at(0), finished: at(60000), status, rows, period: at(0).slice(0, 7), message, ...more }),
		headers: { Authorization: `Bearer ${by}`, 'Content-Type': 'application/json', 'Idempotency-Key': `${of}-${++number}` } });
}
async function taken(...args) {
	const answer = await run(...args);
	assert.equal(answer.status, 201, answer.body);
}

// With a script axe can look; what a page is without one is kept for vnu.
const kept = new Map();
async function look(page, js, what) {
	if (!js) {
		const name = `${kept.size}.html`;
		kept.set(name, what);
		writeFileSync(path.join(work, name), await page.content());
		return;
	}
	for (const [width, theme] of [[1280, 'light'], [1280, 'dark'], [320, 'light']]) {
		await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
		await page.emulateMedia({ colorScheme: theme });
		assert.deepEqual(await axe(page), [], `${what}, ${width} ${theme}`);
		await page.screenshot({ path: path.join(PICTURES, `sources-${what.replaceAll(' ', '-')}-${width}-${theme}.png`), fullPage: true });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${what} is no wider than ${width}`);
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: 'light' });
}

for (const js of [true, false])
	describe(`with JavaScript ${js ? 'on' : 'off'}, by keyboard alone`, () => {
		const mine = account(), other = account();
		let page, reseller, customer, tab;

		before(async () => {
			({ reseller, customer } = await family(`${Date.now()}${js ? 'j' : 'n'}`));
			tab = `/customers/${customer.id}/sources`;
			page = await open(browser, { js, user: 'distributor' });
		});
		after(async () => {
			assert.deepEqual(page.faults, []);
			await page.context().close();
		});

		const heading = (name) => page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
		// Presses Tab until TARGET has the focus.
		const reach = async (target) => {
			await target.waitFor();
			for (let i = 0; i < 150; i++) {
				await page.keyboard.press('Tab');
				if (await target.evaluate((node) => node === document.activeElement))
					return;
			}
			assert.fail(`no way to ${target} by Tab`);
		};
		const type = async (label, text) => {
			await reach(page.getByRole('main').getByLabel(label, { exact: false }).first());
			await page.keyboard.press('Control+A');
			await page.keyboard.type(text);
		};
		const press = async (target) => {
			await reach(target);
			await page.keyboard.press('Enter');
		};
		const card = (of) => page.locator('section.card').filter({ has: page.getByRole('heading', { name: `Account ${of}` }) });
		const cells = async () => {
			await page.goto(`/customers?q=${encodeURIComponent(customer.name)}`);
			return Promise.all([home, reseller, customer].map(({ name }) => page.getByRole('row').filter({ has: page.locator('.name').getByText(name, { exact: true }) })
				.getByRole(js ? 'button' : 'link', { name: /^Source data: / }).first().textContent().then((text) => text.replace(/.*: /, '').trim())));
		};
		const csv = async () => {
			const rows = parse((await admin.get(`/customers.csv?q=${encodeURIComponent(customer.name)}`)).body, { columns: true });
			return [home, reseller, customer].map(({ name }) => rows.find((row) => row.Customer === name)['Source data']);
		};

		test('a source is connected; what is wrong is told at its field and what was typed stays', async () => {
			await page.goto(tab);
			await heading(customer.name);
			await page.getByText('No billing source is connected').waitFor();
			await look(page, js, 'tab without a source');
			await type('AWS account', '12345');
			await type('Report', 'cur-daily');
			await type('Location', 's3://Wrong_Bucket/cur');
			await page.keyboard.press('Enter');
			await page.getByRole('alert').first().waitFor();
			await look(page, js, 'tab with a refused form');
			for (const label of ['AWS account', 'Location'])
				assert.equal(await page.getByRole('main').getByLabel(label).first().getAttribute('aria-invalid'), 'true', label);
			assert.equal(await page.getByRole('main').getByLabel('Report').first().inputValue(), 'cur-daily');
			await type('AWS account', mine);
			await type('Location', 's3://example-billing/cur');
			await press(page.getByRole('button', { name: 'Connect', exact: true }));
			await card(mine).getByText('No run has been reported yet.').waitFor();
			await look(page, js, 'tab without runs');
			assert.equal((await cells())[2], 'Not available');
		});

		test('a run shows up to the distributor in the next request, in the browser and in CSV', async () => {
			await taken(mine, 'success', { hours: 2 });
			assert.deepEqual((await cells()).slice(1), ['Success', 'Success']);
			await page.goto(tab);
			await card(mine).getByRole('img', { name: /^Last 1 runs?: 1 success/ }).waitFor();
			await look(page, js, 'tab with a run');
			await taken(mine, 'failed', { rows: 0, message: 'The bucket says no <403>' });
			assert.deepEqual(await cells(), ['Failed', 'Failed', 'Failed']);
			assert.deepEqual(await csv(), ['Failed', 'Failed', 'Failed']);
			await taken(mine, 'success', { hours: 0.5 });
			assert.deepEqual((await cells()).slice(1), ['Success', 'Success']);
			assert.deepEqual((await csv()).slice(1), ['Success', 'Success']);
			await taken(mine, 'failed', { hours: 0.25, rows: 0, message: 'The bucket says no <403>' });
		});

		test('a run that lies in the future is refused at its field', async () => {
			for (const [more, pointer] of [[{ hours: -1 }, '#/started'], [{ finished: new Date(Date.now() + HOUR).toISOString() }, '#/finished'],
				[{ finished: new Date(Date.now() - 2 * HOUR).toISOString() }, '#/finished']]) {
				const answer = await run(mine, 'success', more);
				assert.deepEqual([answer.status, answer.json.errors?.[0]?.pointer], [422, pointer], answer.body);
			}
			assert.equal((await csv())[2], 'Failed');
		});

		test('the figure is explained, with links to those to blame', async () => {
			await page.goto(`/customers?q=${encodeURIComponent(customer.name)}`);
			const row = page.getByRole('row').filter({ has: page.locator('.name').getByText(reseller.name, { exact: true }) });
			await press(row.getByRole(js ? 'button' : 'link', { name: 'Source data: Failed', exact: true }));
			if (js)
				await page.getByRole('dialog', { name: `Source data of ${reseller.name}`, exact: true }).waitFor();
			else
				await heading(`Source data of ${reseller.name}`);
			await page.getByText('The bucket says no <403>').waitFor();
			if (js)
				assert.deepEqual(await axe(page), [], 'the pop-up');
			await page.goto(`/customers/${reseller.id}/health`);
			await look(page, js, 'health');
			await press(page.getByRole('main').getByRole('link', { name: customer.name, exact: true }).last());
			await card(mine).waitFor();
			assert.equal(new URL(page.url()).pathname, tab);
		});

		test('the last 30 of its runs are a picture with a table behind it, and a day is a bar of the history', async () => {
			for (let i = 0; i < 33; i++)
				await taken(mine, ['success', 'success', 'success', 'warning', 'failed'][i % 5], { hours: 3 + i * 24, rows: i % 5 === 4 ? 0 : 1000 + 777 * (i % 7) });
			await page.goto(tab);
			await card(mine).getByRole('img', { name: /^Last 30 runs: \d+ success, \d+ warning, \d+ failed, 0 running; [\d,]+ rows$/ }).waitFor();
			await look(page, js, 'tab with 30 runs');
			await press(card(mine).getByText('Last 30 runs', { exact: true }));
			const table = page.getByRole('table', { name: `Runs of account ${mine}` });
			await table.waitFor();
			assert.equal(await table.getByRole('row').count(), 31);
			await table.getByRole('row').nth(1).getByText('The bucket says no <403>').waitFor();
			await press(page.getByText('Day by day', { exact: true }));
			assert.ok(await page.getByRole('table', { name: 'Ingestion history' }).getByRole('row').count() >= 28);
			await look(page, js, 'tab with its tables');
			const all = (await admin.get(`/customers/${reseller.id}/sources.json`)).json.history, own = (await admin.get(`${tab}.json`)).json.history;
			assert.deepEqual(all, own, 'the reseller has this one customer');
		});

		test('a source is edited, and disconnected after a question', async () => {
			await page.goto(tab);
			await press(page.getByRole('link', { name: `Edit account ${mine}`, exact: true }));
			await heading(`Account ${mine}`);
			await look(page, js, 'edit');
			await type('AWS account', other);
			await type('Report', 'cur-hourly');
			await press(page.getByRole('button', { name: 'Save', exact: true }));
			await card(other).getByText('cur-hourly', { exact: true }).waitFor();
			await press(page.getByRole(js ? 'button' : 'link', { name: `Disconnect account ${other}`, exact: true }));
			if (js)
				await page.getByRole('dialog', { name: `Disconnect account ${other}?`, exact: true }).waitFor();
			else
				await heading(`Disconnect account ${other}?`);
			if (js)
				assert.deepEqual(await axe(page), [], 'the question in place');
			assert.equal((await csv())[2], 'Failed', 'a question changes nothing');
			if (!js)
				await look(page, js, 'disconnect');
			await press(page.getByRole('button', { name: 'Disconnect', exact: true }).last());
			await page.getByText('No billing source is connected').waitFor();
			assert.deepEqual((await cells()).slice(1), ['Not available', 'Not available']);
			assert.deepEqual((await csv()).slice(1), ['Not available', 'Not available']);
			assert.equal((await run(other, 'success')).status, 404);
		});

		test('the question has a page of its own', { skip: !js }, async () => {
			await send(tab, { account: other, report: 'cur-daily', location: 's3://example-billing/cur' });
			const { sources } = (await admin.get(`${tab}.json`)).json;
			await page.goto(`${tab}/${sources[0].id}/disconnect`);
			await look(page, js, 'disconnect');
		});
	});

test('one failed run turns the cells up to a distributor that had no failed source, in the next request, in the browser and in CSV', async () => {
	const stamp = `${Date.now()}`, names = ['Clean distributor', 'Clean reseller', 'Clean customer'], email = `clean-${stamp}@demo.example`;
	const top = (await given().dev(['tenantry', 'distributor', 'add', names[0], '--domain', `clean-${stamp}.example`, '--time-zone', 'UTC'])).stdout.trim();
	const password = path.join(work, 'password');
	writeFileSync(password, PASSWORD);
	await given().dev(['tenantry', 'user', 'add', '--tenant', top, '--email', email, '--first', 'Ada', '--last', 'Byron', '--role', 'admin', '--child-role', 'admin', '--password-file', password]);
	const there = (await given().dev(['tenantry', 'token', 'add', '--tenant', top, '--scope', 'ingest'])).stdout.trim(), owner = await new Client().login(email, PASSWORD);
	const post = async (action, values) => (await owner.post(action, { token: (await owner.get(action)).token(action), ...values })).location;
	const make = async (parent, name) => /\/customers\/([A-Z0-9]+)/.exec(await post('/customers/new', { parent, domain: `${name.replace(' ', '-').toLowerCase()}-${stamp}.example`, name }))[1];
	const customer = await make(await make(top, names[1]), names[2]), mine = account();
	await post(`/customers/${customer}/sources`, { account: mine, report: 'cur-daily', location: 's3://example-billing/cur' });
	const page = await open(browser, { user: email });
	const cells = async () => {
		await page.goto('/customers');
		return Promise.all(names.map((name) => page.getByRole('row').filter({ has: page.locator('.name').getByText(name, { exact: true }) }).getByRole('button', { name: /^Source data: / })
			.textContent().then((text) => text.replace(/.*: /, '').trim())));
	};
	const csv = async () => parse((await owner.get('/customers.csv')).body, { columns: true }).map((row) => row['Source data']);
	for (const [status, cell, hours] of [['success', 'Success', 3], ['failed', 'Failed', 2], ['warning', 'Warning', 1]]) {
		const answer = await run(mine, status, { hours, by: there });
		assert.equal(answer.status, 201, answer.body);
		assert.deepEqual([await cells(), await csv()], [Array(3).fill(cell), Array(3).fill(cell)], status);
	}
	assert.deepEqual(page.faults, []);
	await page.context().close();
});

test('each of these pages is valid HTML', async () => {
	const { stdout } = await promisify(execFile)('java', ['-jar', process.env.VNU_JAR ?? path.join(SOURCE, 'tests/node_modules/vnu-jar/build/dist/vnu.jar'),
		'--stdout', '--exit-zero-always', '--format', 'gnu', '--skip-non-html', work], { maxBuffer: 1 << 24 });
	assert.equal(stdout.replace(/"[^"]*\/(\d+\.html)"/g, (_, name) => kept.get(name)), '');
});
