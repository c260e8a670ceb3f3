// A contract from the first draft to its end in a browser: by keyboard, with JavaScript and without; the pages on the way by axe-core in
// light and dark, without scrolling sideways on a small screen. What the pop-up of the Customers page picks.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { axe, launch, open } from '../lib/browser.mjs';
import { add, day, deed, done, freshCustomer, get } from '../lib/contracts.mjs';
import { USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

let browser, client, shop;

before(async () => {
	browser = await launch();
	client = await loggedIn('reseller');
	shop = (await Model.read(given())).ofUser(USERS.reseller);
});
after(() => browser?.close());

for (const js of [true, false])
	describe(`with JavaScript ${js ? 'on' : 'off'}`, () => {
		let page, tenant, name, first, next;

		before(async () => {
			page = await open(browser, { js, user: 'reseller' });
			tenant = await freshCustomer(client, shop.id);
			({ name } = (await client.get(`/customers/${tenant}.json`)).json);
		});
		after(() => page?.context().close());

		const heading = (text) => page.getByRole('heading', { name: text, level: 1 }).waitFor();
		// axe-core needs the script; what it sees is the same page.
		const clean = async () => {
			const found = [];
			for (const [width, theme] of [[1280, 'light'], [1280, 'dark'], [320, 'light']]) {
				await page.setViewportSize({ width, height: 900 });
				await page.emulateMedia({ colorScheme: theme });
				if (js)
					found.push(...(await axe(page)).map((text) => `${theme} ${width}: ${text}`));
				const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				if (wide > 0)
					found.push(`${width}: ${wide} pixels lie outside`);
			}
			await page.setViewportSize({ width: 1280, height: 900 });
			await page.emulateMedia({ colorScheme: 'light' });
			assert.deepEqual(found, [], page.url());
			assert.deepEqual(page.faults.splice(0), []);
		};
		// Presses Tab until TARGET has the focus.
		const reach = async (target) => {
			await target.waitFor();
			for (let i = 0; i < 120; i++) {
				await page.keyboard.press('Tab');
				if (await target.evaluate((node) => node === document.activeElement))
					return;
			}
			assert.fail(`no way to ${target} by Tab`);
		};
		const type = async (label, text) => {
			await reach(page.getByLabel(label, { exact: true }));
			await page.keyboard.press('Control+A');
			await page.keyboard.type(text);
		};
		// A date is typed in the order of the browser's locale; Tab goes through its parts.
		const typeDate = async (label, date) => {
			await reach(page.getByLabel(label, { exact: true }));
			await page.keyboard.type(`${date.slice(5, 7)}${date.slice(8)}${date.slice(0, 4)}`);
			assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), date);
		};
		const press = async (role, label, where = page) => {
			await reach(where.getByRole(role, { name: label, exact: true }).first());
			await page.keyboard.press('Enter');
		};
		const id = () => /\/contracts\/([A-Z0-9]+)/.exec(page.url())[1];
		const ask = async (title) => {
			if (!js)
				await heading(title);
			const part = js ? page.getByRole('dialog', { name: title, exact: true }) : page.getByRole('main');
			await part.waitFor();
			return part;
		};

		test('a draft is added; what is wrong is told at its field, what was typed stays', async () => {
			await page.goto(`/customers/${tenant}/contracts`);
			await press('link', 'Add contract');
			await heading(`New contract for ${name}`);
			await clean();
			await type('Name', 'Keyboard contract');
			await typeDate('Start', day(0));
			await type('Invoicing prefix', 'no way');
			await type('E-mail for invoices', 'bills@mail.example');
			await page.keyboard.press('Enter');
			await page.locator('.wrong').filter({ hasText: 'no other' }).first().waitFor();
			await clean();
			assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Keyboard contract');
			await type('Invoicing prefix', 'KEY-1');
			await page.keyboard.press('Enter');
			await heading('Keyboard contract');
			first = id();
			assert.deepEqual([(await get(client, first)).status, (await get(client, first)).prefix], ['draft', 'KEY-1']);
			await clean();
		});

		test('it is marked as active, changed, and its versions are compared', async () => {
			await press('button', 'Mark as active');
			await page.getByText('active', { exact: true }).first().waitFor();
			assert.equal((await get(client, first)).status, 'active');
			await type('Name', 'Keyboard contract, changed');
			await page.keyboard.press('Enter');
			await heading('Keyboard contract, changed');
			assert.equal((await get(client, first)).version, 2);
			await press('button', 'Compare');
			await page.getByText('1 field differs').waitFor();
			await clean();
			const row = page.getByRole('table', { name: 'Comparison' }).getByRole('row').filter({ hasText: 'Changed' });
			assert.deepEqual([await row.getByRole('rowheader').innerText(), await row.getByRole('cell').allInnerTexts()].flat(), ['Name Changed', 'Keyboard contract', 'Keyboard contract, changed']);
			await press('link', 'Version 1');
			await page.getByText('This is what version 1 said.').waitFor();
			await heading('Keyboard contract');
			await clean();
		});

		test('it is superseded after a question, and shows so', async () => {
			await page.goto(`/contracts/${first}`);
			await press('button', 'Supersede');
			await page.waitForURL((url) => !url.pathname.endsWith(first));
			next = id();
			await page.getByText('Is to supersede').waitFor();
			await type('Name', 'Keyboard successor');
			await typeDate('Start', day(5));
			await page.keyboard.press('Enter');
			await heading('Keyboard successor');
			await press(js ? 'button' : 'link', 'Mark as active');
			const part = await ask('Mark Keyboard successor as active?');
			await clean();
			await press('button', 'Mark as active', part);
			await page.getByText('scheduled', { exact: true }).first().waitFor();
			const old = await get(client, first);
			assert.deepEqual([old.status, old.end, (await get(client, next)).status], ['active', day(4), 'scheduled']);
			await page.goto(`/contracts/${first}`);
			await page.getByText('Superseded by').waitFor();
			await clean();
		});

		test('Cancel in the rows of the list asks for a reason first', async () => {
			await page.goto('/contracts?q=Keyboard+successor&status=scheduled');
			const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Keyboard successor', exact: true }) }).filter({ hasText: name });
			const control = () => row.getByRole(js ? 'button' : 'link', { name: 'Cancel Keyboard successor', exact: true });
			await clean();
			await control().click();
			let part = await ask('Cancel Keyboard successor?');
			await clean();
			if (js) {
				await page.keyboard.press('Escape');
				await part.waitFor({ state: 'detached' });
				assert.equal(await control().evaluate((node) => node === document.activeElement), true, 'the focus is back');
				await control().click();
				part = await ask('Cancel Keyboard successor?');
			}
			assert.equal((await get(client, next)).status, 'scheduled', 'asking ends nothing');
			await part.getByLabel('Reason').fill('Not needed any more.');
			await part.getByRole('button', { name: 'Cancel contract', exact: true }).click();
			await page.getByText('Not needed any more.').waitFor();
			assert.equal((await get(client, next)).status, 'cancelled');
			await clean();
		});

		test('the pop-up picks active, scheduled, draft, then the newest others', async () => {
			const of = await freshCustomer(client, shop.id), label = (await client.get(`/customers/${of}.json`)).json.name;
			const make = async (text, start, end, status) => {
				const one = await add(client, of, { name: text, start, end });
				if (status !== 'draft')
					await done(deed(client, one, 'activate'));
				if (status === 'cancelled')
					await done(deed(client, one, 'cancel', { reason: 'x' }));
			};
			const opens = async (summary) => {
				await page.goto(`/customers?q=${of}`);
				await page.getByRole(js ? 'button' : 'link', { name: summary, exact: true }).click();
				const part = await ask(`Contracts of ${label}`);
				const items = await part.getByRole('listitem').filter({ has: page.getByRole('link', { name: /^View/ }) }).allInnerTexts();
				return [part, items.map((text) => text.trim().split(/\s*\n/)[0])];
			};
			await make('Expired', day(-90), day(-60), 'ready');
			await make('Cancelled', day(100), day(120), 'cancelled');
			await make('Newer expired', day(-50), day(-20), 'ready');
			let [part, items] = await opens('2 expired, 1 cancelled');
			assert.deepEqual(items, ['Cancelled', 'Newer expired', 'Expired'], 'others: the one that starts last first');
			assert.equal(await part.getByRole('link', { name: 'View all contracts', exact: true }).count(), 0, 'three of three');
			await make('Draft', day(0), '', 'draft');
			[part, items] = await opens('1 draft, 2 expired, 1 cancelled');
			assert.deepEqual(items, ['Draft', 'Cancelled', 'Newer expired']);
			await make('Scheduled', day(30), day(40), 'ready');
			await make('Active', day(0), day(10), 'ready');
			[part, items] = await opens('1 active, 1 scheduled, 1 draft, 2 expired, 1 cancelled');
			assert.deepEqual(items, ['Active', 'Scheduled', 'Draft']);
			await clean();
			await part.getByRole('link', { name: 'View all contracts', exact: true }).click();
			await page.waitForURL(`**/customers/${of}/contracts`);
			[part] = await opens('1 active, 1 scheduled, 1 draft, 2 expired, 1 cancelled');
			await part.getByRole('link', { name: 'View', exact: true }).nth(1).click();
			await heading('Scheduled');
		});
	});
