// Every page: axe-core finds nothing in light and dark, at full width and at 320 px, and nothing scrolls sideways there.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { axe, close, launch, open, shot } from './browser.mjs';
import { Client, USERS } from '../lib/http.mjs';

let browser, paths;
before(async () => {
	browser = await launch();
	const client = new Client();
	await client.login(USERS.distributor);
	const list = (await client.get('/customers.json?columns=all')).json.tenants;
	const id = (name) => list.find((tenant) => tenant.name === name).id;
	const customer = `/customers/${id('Brightwater Utilities')}`;
	const reseller = `/customers/${id('Bluepeak Cloud GmbH')}`;
	const contract = (await client.get(`${customer}/contracts.json`)).json.contracts[0].id;
	paths = ['/customers', '/customers?q=b&source=failed&status=onboarding&below=1', '/customers?columns=all&density=compact',
		'/customers?folded=1&source=failed', '/customers?q=nobodyhasthis', customer, reseller, `${customer}/users`,
		`${customer}/contracts`, `${customer}/contracts/summary`, `${customer}/sources`, `${customer}/activity`,
		`${customer}/onboarding`, `${customer}/health`, `${customer}/suspend`, `/contracts/${contract}`, '/contracts', '/switch?q=b',
		'/account', '/nowhere', '/customers?source=wrong'];
});
after(async () => { await browser?.close(); });

for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [768, 'light'], [320, 'light'], [320, 'dark']]) {
	test(`no page has an accessibility fault at ${width} px in ${colorScheme}`, async () => {
		const page = await open(browser, { width, colorScheme });
		const faults = [];
		const look = async (path) => {
			await page.goto(path);
			faults.push(...(await axe(page)).map((fault) => `${path}: ${fault}`));
			const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
			if (over > 0)
				faults.push(`${path}: ${over} px wider than the window`);
			await shot(page, `${path.replace(/[^a-z0-9]+/gi, '_').slice(1, 60)}-${width}-${colorScheme}`);
		};
		await look('/login');
		await page.goto('/login');
		await page.getByLabel('E-mail').fill('distributor-admin@demo.example');
		await page.getByLabel('Password', { exact: true }).fill('demo-demo-demo');
		await page.getByRole('button', { name: 'Log in' }).click();
		await page.waitForURL(/customers/);
		for (const path of paths)
			await look(path);
		assert.deepEqual(faults, []);
		await close(page);
	});
}

test('menus and dialogs have no accessibility fault while they are open', async () => {
	for (const colorScheme of ['light', 'dark']) {
		const page = await open(browser, { user: 'distributor', colorScheme });
		for (const name of ['Filter', 'Columns', 'Density', 'Dana Whitfield']) {
			await page.getByRole('button', { name, exact: true }).first().click();
			assert.deepEqual(await axe(page), [], name);
			await shot(page, `open-${name.replace(' ', '')}-${colorScheme}`);
			await page.keyboard.press('Escape');
		}
		await page.getByRole('button', { name: '1 active, 3 expired', exact: true }).click();
		await page.getByRole('link', { name: 'View all contracts' }).waitFor();
		assert.deepEqual(await axe(page), [], 'the dialog of contracts');
		await shot(page, `open-contracts-${colorScheme}`);
		await close(page);
	}
});
