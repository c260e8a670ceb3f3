// The main job from end to end as a distributor's admin does it, with JavaScript and without: every control by the name
// that contract.md gives it.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { USERS, below, rootOf } from '../lib/http.mjs';
import { launch, logIn, mark, marked, open } from '../lib/browser.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';
import { readRoutes } from '../lib/routes.mjs';

let browser, model, view;

before(async () => {
	browser = await launch();
	model = await Model.read(given());
	view = model.view(model.ofUser(USERS.distributor));
});
after(() => browser?.close());

const matched = (filter) => view.list(filter).filter((item) => item.matched).length;
const names = (page) => page.getByRole('table', { name: 'Customers', exact: true }).getByRole('rowheader').locator('.name').allTextContents();

for (const js of [true, false])
	describe(`with JavaScript ${js ? 'on' : 'off'}`, () => {
		// What opens in place with a script is a link to a page without one.
		const opener = js ? 'button' : 'link';
		let page;

		before(async () => {
			page = await open(browser, { js });
		});
		after(async () => {
			await page.context().close();
		});

		const table = () => page.getByRole('table', { name: 'Customers', exact: true });
		const row = (name) => table().getByRole('row').filter({ has: page.locator('.name').getByText(name, { exact: true }) });
		const heading = (name) => page.getByRole('heading', { name, exact: true, level: 1 });
		const count = (text) => page.getByText(text, { exact: true }).first().waitFor();
		// In place or on a page of its own.
		const openPopup = async (control, title) => {
			await control.click();
			const part = js ? page.getByRole('dialog', { name: title, exact: true }) : page.getByRole('main');
			await (js ? part.waitFor() : heading(title).waitFor());
			return part;
		};
		const closePopup = async () => {
			if (js)
				await page.keyboard.press('Escape');
			else
				await page.goBack();
		};

		test('a wrong password is told at the form, the right one leads to where the link led', async () => {
			await page.goto('/customers?limit=100');
			await page.getByLabel('E-mail').fill(USERS.distributor);
			await page.getByLabel('Password').fill('wrong');
			await page.getByRole('button', { name: 'Log in' }).click();
			await page.getByRole('alert').filter({ hasText: 'E-mail or password is not right.' }).waitFor();
			assert.equal(await page.getByLabel('E-mail').inputValue(), USERS.distributor);
			assert.equal(await page.getByLabel('Password').inputValue(), '');
			await page.getByLabel('Password').fill('demo-demo-demo');
			await page.getByRole('button', { name: 'Log in' }).click();
			await heading('Customers').waitFor();
			assert.equal(new URL(page.url()).search, '?limit=100');
		});

		test('the page has the names that a person, a screen reader and scripts look for', async () => {
			const nav = page.getByRole('navigation', { name: 'Main' });
			assert.equal(await nav.getByRole('link', { name: 'Customers', exact: true }).getAttribute('aria-current'), 'page');
			await nav.getByRole('link', { name: 'Contracts', exact: true }).waitFor();
			for (const name of ['Filter', 'Columns', 'Density'])
				await page.getByRole('button', { name, exact: true }).waitFor();
			await page.getByRole('link', { name: 'Export', exact: true }).waitFor();
			if (readRoutes().some(({ pattern }) => pattern === '/customers/new'))
				await page.getByRole('link', { name: 'Add customer', exact: true }).waitFor();
			await count(`${view.rows.length} of ${view.rows.length} customers`);
			assert.deepEqual((await table().getByRole('columnheader').allInnerTexts()).slice(0, 5), ['Customer', 'Status', 'Admin', 'Source data', 'Contracts']);
			assert.deepEqual(await names(page), view.rows.map(({ name }) => name));

			const reseller = row('Bluepeak Cloud GmbH');
			await reseller.getByRole('rowheader', { name: /Bluepeak Cloud GmbH/ }).waitFor();
			await reseller.getByRole(opener, { name: 'Onboarding: 2 of 3 tasks done', exact: true }).waitFor();
			await reseller.getByRole(opener, { name: 'Source data: Failed', exact: true }).waitFor();
			await reseller.getByRole(opener, { name: '1 draft', exact: true }).waitFor();
			await reseller.getByRole('link', { name: 'Settings', exact: true }).waitFor();
			await reseller.getByRole('button', { name: 'Switch to Bluepeak Cloud GmbH', exact: true }).waitFor();
			await reseller.getByRole(js ? 'button' : 'link', { name: 'Hide customers of Bluepeak Cloud GmbH', exact: true }).waitFor();
			const odd = row('O\'Neill "Quoted" Traders, Ltd');
			await odd.getByRole('button', { name: 'Switch to O\'Neill "Quoted" Traders, Ltd', exact: true }).waitFor();
			assert.equal(await row('Northwind Distribution').getByRole('button', { name: /^Switch to/ }).count(), 0);
			await row('Ostwind Systemhaus AG').getByText('Suspended', { exact: true }).waitFor();
			await row('Aster & Sons').getByText('Pending', { exact: true }).waitFor();
		});

		test('the filter narrows the tree, chips take it off one at a time', async () => {
			if (js)
				await mark(page);
			await page.getByRole('button', { name: 'Filter', exact: true }).click();
			await page.getByRole('group', { name: 'Source data' }).getByLabel('Failed', { exact: true }).check();
			await page.getByRole('group', { name: 'Status' }).getByLabel('Complete', { exact: true }).check();
			await page.getByRole('group', { name: 'Tier' }).getByLabel('Customer', { exact: true }).check();
			await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('e');
			await page.getByRole('button', { name: 'Apply', exact: true }).and(page.locator('#filter button')).click();
			const filter = { q: 'e', source: ['failed'], status: ['complete'], tier: ['customer'] };
			await count(`${matched(filter)} of ${view.rows.length} customers`);
			assert.deepEqual(await names(page), view.list(filter).map(({ row: one }) => one.name));
			assert.match(page.url(), /source=failed/);
			for (const [chip, rest] of [['“e”', { ...filter, q: null }], ['Complete', { ...filter, q: null, status: [] }], ['Customer', { source: ['failed'] }]]) {
				await page.getByRole('link', { name: `Remove filter: ${chip}`, exact: true }).or(page.getByRole('button', { name: `Remove filter: ${chip}`, exact: true })).click();
				await count(`${matched(rest)} of ${view.rows.length} customers`);
			}
			await page.getByRole('button', { name: 'Filter', exact: true }).click();
			await page.getByLabel('With everything below').check();
			await page.locator('#filter').getByRole('button', { name: 'Apply', exact: true }).click();
			await count(`${matched({ source: ['failed'], below: true })} of ${view.rows.length} customers`);
			if (js)
				assert.ok(await marked(page), 'without a reload');
		});

		test('nothing found is a friendly page with a way back', async () => {
			await page.getByRole('button', { name: 'Filter', exact: true }).click();
			await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('nothing has this');
			await page.keyboard.press('Enter');
			await count(`0 of ${view.rows.length} customers`);
			await page.getByRole('link', { name: /show all/i }).click();
			await count(`${view.rows.length} of ${view.rows.length} customers`);
		});

		test('a reseller folds and unfolds', async () => {
			await page.goto('/customers?limit=100');
			const fold = (what) => page.getByRole(js ? 'button' : 'link', { name: `${what} customers of Cumulus Partners`, exact: true });
			await fold('Hide').click();
			await fold('Show').waitFor();
			if (js)
				assert.equal(await fold('Show').getAttribute('aria-expanded'), 'false');
			assert.equal(await row('Glacier Foods').count(), 0);
			assert.match(page.url(), /fold=/);
			await fold('Show').click();
			await fold('Hide').waitFor();
			assert.equal(await row('Glacier Foods').count(), 1);
		});

		test('columns and density are remembered', async () => {
			await page.getByRole('button', { name: 'Columns', exact: true }).click();
			const columns = page.locator('#columns');
			await columns.getByLabel('Admin', { exact: true }).uncheck();
			await columns.getByLabel('Domain', { exact: true }).check();
			await columns.getByRole('button', { name: 'Apply' }).click();
			await table().getByRole('columnheader', { name: 'Domain', exact: true }).waitFor();
			assert.equal(await table().getByRole('columnheader', { name: 'Admin', exact: true }).count(), 0);
			await page.getByRole('button', { name: 'Density', exact: true }).click();
			await page.locator('#density').getByLabel('Compact', { exact: true }).check();
			await page.locator('#density').getByRole('button', { name: 'Apply' }).click();
			await page.locator('[data-density=compact]').waitFor();
			await page.goto('/customers');
			await page.locator('[data-density=compact]').waitFor();
			await table().getByRole('columnheader', { name: 'Domain', exact: true }).waitFor();

			await page.goto('/customers?density=comfortable&columns=customer,tier');
			await page.locator('[data-density=comfortable]').waitFor();
			await page.goto('/customers');
			await page.locator('[data-density=compact]').waitFor({ timeout: 5000 });

			await page.getByRole('button', { name: 'Columns', exact: true }).click();
			await columns.getByLabel('Admin', { exact: true }).check();
			await columns.getByLabel('Domain', { exact: true }).uncheck();
			await columns.getByRole('button', { name: 'Apply' }).click();
			await table().getByRole('columnheader', { name: 'Admin', exact: true }).waitFor();
			await page.getByRole('button', { name: 'Density', exact: true }).click();
			await page.locator('#density').getByLabel('Standard', { exact: true }).check();
			await page.locator('#density').getByRole('button', { name: 'Apply' }).click();
			await page.locator('[data-density=standard]').waitFor();
		});

		test('the ring leads to the tasks, each with its state and a way to start it', async () => {
			await page.goto('/customers?limit=100');
			const ring = row('Aster & Sons').getByRole(opener, { name: 'Onboarding: 1 of 5 tasks done', exact: true });
			const popup = await openPopup(ring, 'Onboarding of Aster & Sons');
			const tasks = await popup.getByRole('listitem').allInnerTexts();
			assert.equal(tasks.length, 5);
			for (const [i, [name, state]] of [['Invite admin user', 'Done'], ['Activate admin account', 'Waiting'], ['Create contract', 'Open'], ['Connect billing data', 'Open'],
				['Receive first billing data', 'Waiting']].entries()) {
				assert.ok(tasks[i].includes(name), `${tasks[i]}: ${name}`);
				assert.match(tasks[i], new RegExp(state, 'i'));
			}
			// The contract is the reseller's to make.
			await popup.getByRole('button', { name: 'Switch to Bluepeak Cloud GmbH and start' }).waitFor();
			await closePopup();
			if (js)
				assert.ok(await ring.evaluate((node) => node === document.activeElement), 'the focus is back on the ring');
		});

		test('the source data cell explains its figure and names whom to blame', async () => {
			await page.goto('/customers?limit=100');
			const popup = await openPopup(row('Bluepeak Cloud GmbH').getByRole(opener, { name: 'Source data: Failed', exact: true }), 'Source data of Bluepeak Cloud GmbH');
			const text = await popup.innerText();
			for (const part of ['Failed', 'Warning', 'Success', 'Not available', 'Brightwater Utilities'])
				assert.ok(text.includes(part), part);
			await closePopup();
		});

		test('the contracts summary shows up to three, View and View all contracts', async () => {
			const tenant = model.named('Brightwater Utilities');
			await page.goto('/customers?limit=100');
			const popup = await openPopup(row('Brightwater Utilities').getByRole(opener, { name: '1 active, 3 expired', exact: true }), 'Contracts of Brightwater Utilities');
			assert.equal(await popup.getByRole('link', { name: 'View', exact: true }).count(), 3);
			const items = await popup.getByRole('listitem').allInnerTexts();
			assert.match(items[0], /active/i);
			const all = popup.getByRole('link', { name: 'View all contracts', exact: true });
			assert.equal(below(rootOf(process.env.TENANTRY_URL), await all.getAttribute('href')), `/customers/${tenant.id}/contracts`);
			await popup.getByRole('link', { name: 'View', exact: true }).first().click();
			await page.waitForURL(/\/contracts\/[A-Z0-9]+$/);
			assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), tenant.contracts.find(({ status }) => status === 'active').name);
			await page.goto('/customers?limit=100');
			const few = await openPopup(row('Three Rivers Shipping').getByRole(opener, { name: '1 active, 1 draft, 1 expired', exact: true }), 'Contracts of Three Rivers Shipping');
			assert.equal(await few.getByRole('link', { name: 'View all contracts' }).count(), 0, 'three of three');
			await closePopup();
		});

		test('the gear leads to the details with their tabs', async () => {
			await page.goto('/customers?limit=100');
			await row('Brightwater Utilities').getByRole('link', { name: 'Settings', exact: true }).click();
			await heading('Brightwater Utilities').waitFor();
			for (const name of ['Users and roles', 'Contracts', 'Source data', 'Activity', 'Profile']) {
				const tab = page.getByRole('main').getByRole('link', { name, exact: true }).first();
				await tab.click();
				await page.getByRole('main').getByRole('link', { name, exact: true }).and(page.locator('[aria-current=page]')).waitFor();
				await heading('Brightwater Utilities').waitFor();
			}
		});

		test('Export downloads the list', async () => {
			await page.goto('/customers?source=failed');
			const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export', exact: true }).click()]);
			assert.match(download.suggestedFilename(), /^customers-\d{4}-\d\d-\d\d\.csv$/);
			const rows = parse(readFileSync(await download.path()));
			assert.equal(rows.filter((cells) => cells.at(-1) === 'yes').length, matched({ source: ['failed'] }));
		});

		test('a switch shows the perspective below, a bar says so, and there is a way back', async () => {
			await page.goto('/customers?limit=100');
			await page.getByRole('button', { name: 'Switch to Bluepeak Cloud GmbH', exact: true }).click();
			const bar = page.getByRole('status').filter({ hasText: 'Viewing as' });
			await bar.getByText('Viewing as Bluepeak Cloud GmbH').waitFor();
			const inside = model.view(model.named('Bluepeak Cloud GmbH'));
			await count(`${inside.rows.length} of ${inside.rows.length} customers`);
			assert.deepEqual(await names(page), inside.rows.map(({ name }) => name));
			assert.equal(await row('Bluepeak Cloud GmbH').getByRole(opener, { name: /Onboarding/ }).count(), 0, 'its own status is not shown');
			await row('Bluepeak Cloud GmbH').getByText('---').first().waitFor();
			await page.getByRole('button', { name: 'Back to Northwind Distribution', exact: true }).click();
			await count(`${view.rows.length} of ${view.rows.length} customers`);
			assert.equal(await bar.count(), 0);
		});

		test('the avatar menu has the account, the switcher with its search, and Log out', async () => {
			await page.goto('/customers');
			const menu = page.getByRole('button', { name: 'Dana Whitfield' });
			await menu.click();
			await page.getByRole('link', { name: 'Account', exact: true }).waitFor();
			await page.getByRole('link', { name: 'Switch tenant', exact: true }).click();
			await heading('Switch tenant').waitFor();
			await page.getByRole('main').getByRole('searchbox').or(page.getByRole('main').getByRole('textbox')).first().fill('glacier');
			await page.keyboard.press('Enter');
			await page.getByRole('main').getByRole('button', { name: /Glacier Foods/ }).first().click();
			await page.getByText('Viewing as Glacier Foods').waitFor();
			await heading('Glacier Foods').waitFor();
			assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Customers', exact: true }).count(), 0);
			await page.getByRole('button', { name: 'Back to Northwind Distribution', exact: true }).click();
			await menu.click();
			await page.getByRole('link', { name: 'Account', exact: true }).click();
			await page.getByText(USERS.distributor).first().waitFor();
			await menu.click();
			await page.getByRole('button', { name: 'Log out', exact: true }).click();
			await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
			await page.goto('/customers');
			await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
		});

		test('no page had an error of its script, refused code, or an answer of 500', () => {
			assert.deepEqual(page.faults, []);
		});
	});

test('two tabs: a form of the tenant that was left says so and offers both ways', async () => {
	const first = await open(browser);
	await logIn(first, 'distributor');
	await first.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
	const target = model.named('Glacier Foods');
	await first.goto(`/customers/${target.id}/suspend`);
	const second = await first.context().newPage();
	await second.goto('/customers');
	await second.getByRole('button', { name: 'Switch to Cumulus Partners', exact: true }).click();
	await second.getByText('Viewing as Cumulus Partners').waitFor();
	await first.getByRole('button', { name: 'Suspend', exact: true }).click();
	await first.getByRole('main').getByText(/acting as Cumulus Partners, this form was for Northwind Distribution/).waitFor();
	assert.equal(await first.getByRole('link', { name: 'Continue as Cumulus Partners', exact: true }).or(first.getByRole('button', { name: 'Continue as Cumulus Partners', exact: true })).count(), 1);
	await first.getByRole('button', { name: 'Switch to Northwind Distribution and continue', exact: true }).click();
	await first.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
	assert.equal(await first.getByText('Viewing as').count(), 0);
	assert.equal((await given().sql(`SELECT COUNT(*) FROM tenant WHERE public_id = '${target.id}' AND suspended_at IS NOT NULL`))[0][0], '0');
	await first.context().close();
});
