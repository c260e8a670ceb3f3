// What the script does better: lists change in place, address, focus and scroll stay right, the back button works; and
// everything works from the keyboard.
import { test, before, after, afterEach } from 'node:test';
import { strict as assert } from 'node:assert';
import { USERS } from '../lib/http.mjs';
import { launch, logIn, mark, marked, open } from '../lib/browser.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

let browser, model, view, page;

before(async () => {
	browser = await launch();
	model = await Model.read(given());
	view = model.view(model.ofUser(USERS.distributor));
	page = await open(browser, { user: 'distributor' });
});
after(() => browser?.close());
afterEach(() => {
	assert.deepEqual(page.faults.splice(0), []);
});

const counted = (matched) => page.locator('#count').getByText(`${matched} of ${view.rows.length} customers`, { exact: true }).waitFor();
const matched = (filter) => view.list(filter).filter((item) => item.matched).length;
const focused = () => page.evaluate(() => {
	const node = document.activeElement;
	return node === document.body ? 'body' : (node.getAttribute('aria-label') ?? node.textContent).trim().replace(/\s+/g, ' ');
});
const firstName = () => page.locator('tbody .name').first().innerText();
const goto = async (address) => {
	await page.goto(address);
	await page.waitForLoadState('networkidle');
	await mark(page);
};

test('paging changes the table and the address, keeps the focus, and the back button undoes it', async () => {
	await goto('/customers?limit=25');
	const next = page.getByRole('link', { name: 'Next page', exact: true }).or(page.getByRole('button', { name: 'Next page', exact: true }));
	const first = await firstName();
	await next.focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/after=/);
	await page.getByText('Previous page').waitFor();
	assert.ok(await marked(page), 'without a reload');
	assert.match(await focused(), /Next page/);
	const second = await page.locator('tbody .name').allInnerTexts();
	await page.keyboard.press('Enter');
	await page.waitForFunction((before) => document.querySelectorAll('tbody .name')[1]?.textContent !== before, second[1]);
	assert.notEqual(await focused(), 'body', 'on the last page there is no Next page, the focus is somewhere useful still');
	await page.goBack();
	await page.waitForFunction((before) => document.querySelectorAll('tbody .name')[1]?.textContent === before, second[1]);
	await page.goBack();
	await page.waitForURL(/limit=25$/);
	await page.waitForFunction((name) => document.querySelector('tbody .name')?.textContent === name, first);
	assert.ok(await marked(page));
	await page.goForward();
	await page.waitForURL(/after=/);
});

test('a filter in place changes the address, tells the count, and leaves the focus at its button', async () => {
	await goto('/customers');
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	await page.getByRole('textbox', { name: 'Customer', exact: true }).fill('cloud');
	await page.keyboard.press('Enter');
	await counted(matched({ q: 'cloud' }));
	assert.ok(await marked(page));
	assert.equal(new URL(page.url()).search, '?q=cloud', 'an address to pass on, without what is empty');
	assert.equal(await focused(), 'Filter');
	assert.match(await page.locator('#live').innerText(), new RegExp(`^${matched({ q: 'cloud' })} out of`), 'a screen reader is told');
	assert.equal(await page.title(), (await page.title()).trim());
	await page.reload();
	await counted(matched({ q: 'cloud' }));
});

test('the newest of several quick changes wins', async () => {
	await goto('/customers');
	await page.route('**/customers?**source=failed**', async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 800));
		await route.continue().catch(() => {});
	});
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	await page.getByRole('group', { name: 'Source data' }).getByLabel('Failed', { exact: true }).check();
	await page.keyboard.press('Enter');
	await page.getByRole('group', { name: 'Source data' }).getByLabel('Failed', { exact: true }).uncheck({ timeout: 500 }).catch(() => {});
	await page.evaluate(() => document.querySelector('#fold-all')?.click());
	await page.waitForURL(/folded=1/);
	await page.waitForTimeout(1000);
	assert.match(page.url(), /folded=1/);
	assert.doesNotMatch(page.url(), /source=failed/);
	await page.unroute('**/customers?**source=failed**');
});

test('folding keeps focus and place on the screen', async () => {
	await page.setViewportSize({ width: 1280, height: 500 });
	await goto('/customers?limit=100');
	const fold = page.getByRole('button', { name: 'Hide customers of Cumulus Partners', exact: true });
	await fold.scrollIntoViewIfNeeded();
	const y = await page.evaluate(() => window.scrollY);
	assert.ok(y > 100, 'the page is long enough');
	await fold.focus();
	await page.keyboard.press(' ');
	await page.getByRole('button', { name: 'Show customers of Cumulus Partners', exact: true }).waitFor();
	assert.equal(await focused(), 'Show customers of Cumulus Partners');
	assert.equal(await page.evaluate(() => window.scrollY), y);
	await page.setViewportSize({ width: 1280, height: 900 });
});

test('a dialog takes the focus, keeps it, and gives it back', async () => {
	await goto('/customers?limit=100');
	const ring = page.getByRole('button', { name: 'Onboarding: 2 of 3 tasks done', exact: true }).first();
	for (const key of ['Enter', ' ']) {
		await ring.focus();
		await page.keyboard.press(key);
		const dialog = page.getByRole('dialog', { name: 'Onboarding of Bluepeak Cloud GmbH' });
		await dialog.waitFor();
		for (let i = 0; i < 12; i++) {
			// Outside the dialog is only the browser's own interface, which tells as the body.
			assert.ok(await page.evaluate(() => document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)), `after ${i} tabs`);
			await page.keyboard.press('Tab');
		}
		if (key === ' ')
			await dialog.getByRole('button', { name: 'Close' }).click();
		else
			await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		assert.ok(await ring.evaluate((node) => node === document.activeElement));
	}
	assert.ok(await marked(page), 'without leaving the list');
});

test('a dialog stays on the screen when the window becomes small', async () => {
	await goto('/customers?q=bluepeak');
	const inside = () => page.evaluate(() => {
		const box = document.querySelector('dialog').getBoundingClientRect();
		return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight + 1;
	});
	await page.getByRole('button', { name: '1 draft', exact: true }).first().click();
	await page.getByRole('dialog', { name: 'Contracts of Bluepeak Cloud GmbH' }).waitFor();
	for (const [width, height] of [[1280, 900], [800, 600], [320, 640], [900, 500]]) {
		await page.setViewportSize({ width, height });
		await page.waitForTimeout(100);
		assert.ok(await inside(), `${width} x ${height}`);
	}
	await page.setViewportSize({ width: 1280, height: 900 });
});

test('a pop-up opened with Ctrl leads to its page in another tab, as links do', async () => {
	await goto('/customers?limit=100');
	const [other] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: 'Source data: Failed' }).first().click({ modifiers: ['Control'] })]);
	await other.waitForURL(/\/health$/);
	await other.getByRole('heading', { level: 1, name: /^Source data of/ }).waitFor();
	await other.close();
});

test('when the session has ended meanwhile, a change in place leads to the login and back', async () => {
	const alone = await open(browser, { user: 'distributorSales' });
	await alone.goto('/customers');
	await alone.context().clearCookies();
	await alone.getByRole('button', { name: 'Filter', exact: true }).click();
	await alone.getByRole('textbox', { name: 'Customer', exact: true }).fill('cloud');
	await alone.keyboard.press('Enter');
	await alone.getByRole('button', { name: 'Log in', exact: true }).waitFor();
	await alone.getByLabel('E-mail').fill(USERS.distributorSales);
	await alone.getByLabel('Password').fill('demo-demo-demo');
	await alone.keyboard.press('Enter');
	await alone.locator('#count').getByText(/^\d+ of/).waitFor();
	assert.equal(new URL(alone.url()).search, '?q=cloud');
	await alone.context().close();
});

test('when another tab has switched, a change in place shows the new perspective whole', async () => {
	const alone = await open(browser, { user: 'distributorSales' });
	await alone.goto('/customers');
	const second = await alone.context().newPage();
	await second.goto('/customers');
	await second.getByRole('button', { name: 'Switch to Cumulus Partners', exact: true }).click();
	await second.getByText('Viewing as Cumulus Partners').waitFor();
	await alone.getByRole('button', { name: 'Filter', exact: true }).click();
	await alone.getByRole('textbox', { name: 'Customer', exact: true }).fill('e');
	await alone.keyboard.press('Enter');
	await alone.getByText('Viewing as Cumulus Partners').waitFor();
	await alone.getByRole('button', { name: 'Back to Northwind Distribution' }).click();
	await alone.locator('#count').getByText(`of ${view.rows.length} customers`).waitFor();
	await alone.context().close();
});

test('the keyboard alone is enough, from the login to the log-out', async () => {
	const alone = await open(browser);
	const press = (...keys) => keys.reduce((done, key) => done.then(() => alone.keyboard.press(key)), Promise.resolve());
	const name = () => alone.evaluate(() => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '').trim().replace(/\s+/g, ' '));
	// Tabs to the control of that name; each stop must be visible and show that it has the focus.
	const tabTo = async (wanted, most = 60) => {
		for (let i = 0; i < most; i++) {
			await press('Tab');
			const shown = await alone.evaluate(() => {
				const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
				return node === document.body || (box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'));
			});
			assert.ok(shown, `the focus on ${await name()} can be seen`);
			if (wanted.test(await name()))
				return;
		}
		assert.fail(`${wanted} was not reached by ${most} tabs`);
	};
	await alone.goto('/login');
	await alone.getByLabel('E-mail').focus();
	await alone.keyboard.type(USERS.distributor);
	await press('Tab');
	await alone.keyboard.type('demo-demo-demo');
	await press('Enter');
	await alone.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
	// Faster than any person, keys would reach a page that is loading still.
	await alone.waitForLoadState('networkidle');
	await press('Tab');
	assert.match(await name(), /skip/i, 'the first stop leads past the bar');
	await alone.evaluate(() => document.querySelector('tbody').setAttribute('data-same', ''));
	await press('Enter');
	await alone.waitForFunction(() => document.activeElement.id === 'main');
	await press('Tab');
	assert.ok(await alone.evaluate(() => document.querySelector('main').contains(document.activeElement)));
	await tabTo(/^Filter$/);
	await alone.waitForLoadState('networkidle');
	assert.ok(await alone.locator('tbody[data-same]').count(), 'the list was not fetched again');
	await press('Enter');
	await alone.locator('#filter').waitFor();
	await alone.waitForFunction(() => document.activeElement?.name === 'q', null, { timeout: 3000 });
	await alone.keyboard.type('brightwater');
	await press('Enter');
	await alone.locator('#count').getByText(/^1 of/).waitFor();
	await tabTo(/^1 active, 3 expired$/);
	await press('Enter');
	const dialog = alone.getByRole('dialog', { name: 'Contracts of Brightwater Utilities' });
	await dialog.waitFor();
	await tabTo(/^View all contracts$/, 12);
	await press('Enter');
	await alone.waitForURL(/\/contracts$/);
	await alone.goBack();
	await alone.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
	await alone.locator('.brand').focus();
	await tabTo(/Dana Whitfield/, 8);
	await press('Enter');
	await tabTo(/^Log out$/, 6);
	await press('Enter');
	await alone.getByRole('button', { name: 'Log in', exact: true }).waitFor();
	assert.deepEqual(alone.faults, []);
	await alone.context().close();
});

test('a link shows another admin the same view and leaves that admin alone', async () => {
	const other = await open(browser);
	await logIn(other, 'distributorSales');
	const columns = other.getByRole('columnheader');
	await other.goto('/customers?source=failed&columns=customer,source,id&density=compact&limit=25');
	await other.locator('[data-density=compact]').waitFor();
	assert.deepEqual((await columns.allInnerTexts()).slice(0, 3), ['Customer', 'Source data', 'Customer ID']);
	await other.locator('#count').getByText(`${matched({ source: ['failed'] })} of`).waitFor();
	await other.goto('/customers');
	await other.locator('[data-density=standard]').waitFor();
	await other.context().close();
});
