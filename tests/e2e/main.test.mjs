// The main job, as a distributor's admin does it, with JavaScript on and off.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { close, control, launch, open, row, shot } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

const HOME = 'Northwind Distribution';
const RESELLER = 'Bluepeak Cloud GmbH';
const CUSTOMER = 'Brightwater Utilities';

for (const scripted of [true, false]) {
	const open_as = (user) => open(browser, { user, javaScriptEnabled: scripted });

	describe(`with JavaScript ${scripted ? 'on' : 'off'}`, () => {
		test('a wrong login says so and keeps the address', async () => {
			const page = await open(browser, { javaScriptEnabled: scripted });
			await page.goto('/customers');
			await page.getByLabel('E-mail').fill('distributor-admin@demo.example');
			await page.getByLabel('Password', { exact: true }).fill('not the password');
			await page.getByRole('button', { name: 'Log in' }).click();
			await page.getByText('E-mail or password is not right.').first().waitFor();
			assert.equal(await page.getByLabel('E-mail').inputValue(), 'distributor-admin@demo.example');
			assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
			await page.getByLabel('Password', { exact: true }).fill('demo-demo-demo');
			await page.getByRole('button', { name: 'Log in' }).click();
			await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();
			await close(page);
		});

		test('the table, its controls and its rows have the names that screen readers and scripts find', async () => {
			const page = await open_as('distributor');
			await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();
			for (const name of ['Filter', 'Columns', 'Density'])
				await page.getByRole('button', { name, exact: true }).first().waitFor();
			await page.getByRole('link', { name: 'Export' }).waitFor();
			assert.match(await page.locator('main').innerText(), /\b(\d+) of \1 customers/);
			const headers = await page.getByRole('table', { name: 'Customers' }).getByRole('columnheader').allInnerTexts();
			assert.deepEqual(headers.slice(0, 5).map((text) => text.trim()), ['Customer', 'Status', 'Admin', 'Source data', 'Contracts']);
			const reseller = row(page, RESELLER).first();
			await control(reseller, 'Onboarding: 2 of 3 tasks done', scripted).waitFor();
			await control(reseller, 'Source data: Failed', scripted).waitFor();
			await reseller.getByRole('link', { name: 'Settings', exact: true }).waitFor();
			await reseller.getByRole('button', { name: `Switch to ${RESELLER}`, exact: true }).waitFor();
			await control(reseller, `Hide customers of ${RESELLER}`, scripted).waitFor();
			await control(row(page, CUSTOMER), '1 active, 3 expired', scripted).waitFor();
			await close(page);
		});

		test('filtering shows chips, which are taken off one at a time', async () => {
			const page = await open_as('distributor');
			await page.getByRole('button', { name: 'Filter', exact: true }).click();
			await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('bright');
			await page.getByRole('group', { name: 'Source data' }).getByLabel('Failed').check();
			await page.getByRole('button', { name: 'Apply' }).locator('visible=true').click();
			await page.waitForURL(/q=bright/);
			await page.getByText(/^1 of \d+ customers$/).waitFor();
			assert.match(page.url(), /source=failed/);
			assert.equal(await page.getByRole('rowheader').count(), 3, 'the match and its two ancestors');
			const failed = page.getByRole('link', { name: 'Remove filter: Failed' })
				.or(page.getByRole('button', { name: 'Remove filter: Failed' }));
			await failed.click();
			await page.waitForURL((url) => !url.search.includes('source'));
			assert.match(page.url(), /q=bright/);
			await close(page);
		});

		test('nothing found is a page with a way back', async () => {
			const page = await open_as('distributor');
			await page.goto('/customers?q=zzzznobody');
			await page.getByText(/^0 of \d+ customers$/).waitFor();
			await page.locator('main').getByRole('link', { name: /all customers|clear/i }).first().click();
			await page.getByRole('rowheader', { name: CUSTOMER }).waitFor();
			await close(page);
		});

		test('a reseller folds and unfolds, and counts its matches while it is folded', async () => {
			const page = await open_as('distributor');
			await control(page, `Hide customers of ${RESELLER}`, scripted).click();
			await control(page, `Show customers of ${RESELLER}`, scripted).waitFor();
			assert.equal(await row(page, CUSTOMER).count(), 0);
			await page.goto(`${page.url()}&q=brightwater`);
			await row(page, RESELLER).getByText('1 match').waitFor();
			await control(page, `Show customers of ${RESELLER}`, scripted).click();
			await row(page, CUSTOMER).waitFor();
			await close(page);
		});

		test('paging goes on and back', async () => {
			const page = await open_as('distributor');
			await page.goto('/customers?limit=25');
			const first = await page.getByRole('rowheader').first().innerText();
			await page.getByRole('link', { name: 'Next page' }).click();
			await page.waitForURL(/after=/);
			await page.getByRole('link', { name: 'Previous page' }).waitFor();
			assert.notEqual(await page.getByRole('rowheader').first().innerText(), first);
			await page.getByRole('link', { name: 'Previous page' }).click();
			await page.waitForURL(/before=/);
			await page.getByRole('rowheader', { name: HOME }).waitFor();
			assert.equal(await page.getByRole('rowheader').first().innerText(), first);
			await close(page);
		});

		test('columns and density are remembered, and an address can say others', async () => {
			const page = await open_as('resellerSales');
			await page.getByRole('button', { name: 'Columns', exact: true }).click();
			await page.getByLabel('Domain', { exact: true }).check();
			await page.locator('#columns').getByRole('button', { name: 'Apply' }).click();
			await page.getByRole('columnheader', { name: 'Domain' }).waitFor();
			await page.getByRole('button', { name: 'Density', exact: true }).click();
			await page.getByLabel('Compact').check();
			await page.locator('#density').getByRole('button', { name: 'Apply' }).click();
			await page.locator('[data-density=compact]').first().waitFor();
			await page.goto('/customers');
			await page.getByRole('columnheader', { name: 'Domain' }).waitFor();
			await page.locator('[data-density=compact]').first().waitFor();
			await page.goto('/customers?columns=customer,status&density=comfortable');
			assert.equal(await page.getByRole('columnheader', { name: 'Domain' }).count(), 0);
			await page.goto('/customers');
			await page.getByRole('columnheader', { name: 'Domain' }).waitFor();
			await page.getByRole('button', { name: 'Columns', exact: true }).click();
			await page.getByLabel('Domain', { exact: true }).uncheck();
			await page.locator('#columns').getByRole('button', { name: 'Apply' }).click();
			await page.getByRole('columnheader', { name: 'Domain' }).waitFor({ state: 'detached' });
			await close(page);
		});

		test('ring, source data and contracts open what is behind them', async () => {
			const page = await open_as('distributor');
			const shown = (name) => scripted ? page.getByRole('dialog', { name }) : page.getByRole('heading', { name });
			const back = async () => {
				if (scripted)
					await page.keyboard.press('Escape');
				else
					await page.goBack();
			};
			await control(row(page, CUSTOMER), 'Onboarding: 4 of 5 tasks done', scripted).click();
			await shown(`Onboarding of ${CUSTOMER}`).waitFor();
			await page.getByText('Receive first billing data').waitFor();
			await back();
			await control(row(page, CUSTOMER), 'Source data: Failed', scripted).click();
			await shown(`Source data of ${CUSTOMER}`).waitFor();
			await page.getByText(/Access denied/).first().waitFor();
			await back();
			await control(row(page, CUSTOMER), '1 active, 3 expired', scripted).click();
			await shown(`Contracts of ${CUSTOMER}`).waitFor();
			assert.equal(await page.getByRole('link', { name: /^View( |$)/ }).filter({ hasNotText: 'all' }).count(), 3);
			await page.getByRole('link', { name: 'View all contracts' }).click();
			await page.waitForURL(/\/customers\/[A-Z0-9]+\/contracts$/);
			await close(page);
		});

		test('the gear opens the details, whose tabs are links', async () => {
			const page = await open_as('distributor');
			await row(page, CUSTOMER).getByRole('link', { name: 'Settings', exact: true }).click();
			await page.getByRole('heading', { name: CUSTOMER, level: 1 }).waitFor();
			for (const tab of ['Users and roles', 'Contracts', 'Source data', 'Activity', 'Profile']) {
				await page.locator('main').getByRole('link', { name: tab, exact: true }).click();
				await page.locator('[aria-current=page]').filter({ hasText: tab }).waitFor();
			}
			await close(page);
		});

		test('the export link downloads the rows of the view', async () => {
			const page = await open_as('distributor');
			await page.goto('/customers?source=failed&columns=customer,domain');
			const wait = page.waitForEvent('download');
			await page.getByRole('link', { name: 'Export' }).click();
			const download = await wait;
			assert.match(download.suggestedFilename(), /^customers-\d{4}-\d\d-\d\d\.csv$/);
			const rows = parse(readFileSync(await download.path()), { columns: true });
			assert.deepEqual(Object.keys(rows[0]), ['Customer', 'Domain', 'Parent ID', 'Matched']);
			const counted = Number((await page.locator('#count').innerText()).split(' ')[0]);
			assert.equal(rows.filter((one) => one.Matched === 'yes').length, counted);
			await close(page);
		});

		test('switching shows what a native admin sees, and the way back', async () => {
			const page = await open_as('distributor');
			await page.getByRole('button', { name: `Switch to ${RESELLER}`, exact: true }).click();
			const bar = page.getByRole('status').filter({ hasText: `Viewing as ${RESELLER}` });
			await bar.waitFor();
			await page.goto('/customers');
			assert.equal(await page.getByText(HOME, { exact: true }).locator('visible=true').count(), 0,
				'the distributor is not in the list');
			assert.equal((await row(page, RESELLER).locator('td').first().innerText()).trim(), '---', 'its own status');
			await shot(page, `switched-${scripted ? 'script' : 'plain'}`);
			await page.getByRole('button', { name: `Back to ${HOME}` }).click();
			await page.getByRole('rowheader', { name: HOME }).waitFor();
			await close(page);
		});

		test('the avatar menu leads to the account, the switcher and out', async () => {
			const page = await open_as('distributor');
			const menu = page.getByRole('banner').getByRole('button', { name: 'Dana Whitfield' });
			await menu.click();
			await page.getByRole('link', { name: 'Switch tenant' }).click();
			await page.getByRole('heading', { name: 'Switch tenant', level: 1 }).waitFor();
			await page.getByRole('searchbox').or(page.locator('input[name=q]')).first().fill('brightwater');
			await page.keyboard.press('Enter');
			await page.getByRole('button', { name: `Switch to ${CUSTOMER}` }).or(page.getByRole('button', { name: 'Switch' })).first().waitFor();
			await menu.click();
			await page.getByRole('link', { name: 'Account', exact: true }).click();
			await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
			await menu.click();
			await page.getByRole('button', { name: 'Log out' }).click();
			await page.getByRole('button', { name: 'Log in' }).waitFor();
			await page.goto('/customers');
			await page.getByRole('button', { name: 'Log in' }).waitFor();
			await close(page);
		});
	});
}

test('filtering and paging change the table in place: no load, the same focus, the address follows', async () => {
	const page = await open(browser, { user: 'distributor' });
	await page.goto('/customers?limit=25');
	await page.evaluate(() => { window.kept = 'here'; });
	await page.getByRole('link', { name: 'Next page' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/after=/);
	await page.getByRole('link', { name: 'Previous page' }).waitFor();
	assert.equal(await page.evaluate(() => window.kept), 'here', 'the page was not loaded anew');
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('bright');
	await page.keyboard.press('Enter');
	await page.waitForURL(/q=bright/);
	await page.getByText(/^1 of \d+ customers$/).waitFor();
	assert.equal(await page.evaluate(() => window.kept), 'here');
	await page.goBack();
	await page.getByRole('link', { name: 'Previous page' }).waitFor();
	await close(page);
});

test('the list works by keyboard alone: filter, dialog, and the focus comes back', async () => {
	const page = await open(browser, { user: 'distributor' });
	await page.getByRole('button', { name: 'Filter', exact: true }).focus();
	await page.keyboard.press('Enter');
	await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('brightwater');
	await page.keyboard.press('Enter');
	await page.getByText(/^1 of \d+ customers$/).waitFor();
	const ring = page.getByRole('button', { name: 'Onboarding: 4 of 5 tasks done', exact: true });
	await ring.focus();
	await page.keyboard.press('Space');
	await page.getByRole('dialog', { name: `Onboarding of ${CUSTOMER}` }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' }).catch(() => page.getByRole('dialog').waitFor({ state: 'hidden' }));
	assert.equal(await ring.evaluate((element) => element === document.activeElement), true, 'the focus is on the ring again');
	await close(page);
});

test('a form made for another tenant in another tab writes nothing and offers both ways on', async () => {
	const page = await open(browser, { user: 'distributor', javaScriptEnabled: false });
	await row(page, CUSTOMER).getByRole('link', { name: 'Settings', exact: true }).click();
	await page.goto(`${page.url().replace(/\/$/, '')}/suspend`);
	const other = await page.context().newPage();
	await other.goto('/customers');
	await other.getByRole('button', { name: `Switch to ${RESELLER}`, exact: true }).click();
	await other.getByText(`Viewing as ${RESELLER}`).first().waitFor();
	await page.locator('main').getByRole('button', { name: 'Suspend' }).click();
	await page.getByText(/now acting as/).first().waitFor();
	await page.getByText(`Continue as ${RESELLER}`).waitFor();
	await page.getByRole('button', { name: `Switch to ${HOME} and continue` }).click();
	await page.waitForURL(/\/suspend$/);
	await page.goto('/customers');
	assert.equal(await row(page, CUSTOMER).getByText('Suspended', { exact: true }).count(), 0, 'nothing was written');
	await close(page);
});
