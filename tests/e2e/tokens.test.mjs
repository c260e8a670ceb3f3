// API tokens in the browser: make one, see its secret once, copy it, revoke it; with JavaScript on and off, each page by axe-core.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { axe, launch, mark, marked, open } from '../lib/browser.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const PICTURES = process.env.TENANTRY_SCREENSHOTS ?? path.join(process.env.TENANTRY_STATE, 'screenshots');
let browser, id;

before(async () => {
	mkdirSync(PICTURES, { recursive: true });
	browser = await launch();
	id = (await Model.read(given())).named('Copperline Telecom').id;
});
after(() => browser?.close());

for (const js of [true, false])
	describe(`with JavaScript ${js ? 'on' : 'off'}`, () => {
		const name = `Nightly ${js ? 'with' : 'without'} a script ${Date.now()}`;
		let page;

		before(async () => {
			page = await open(browser, { js, user: 'distributor', permissions: ['clipboard-read', 'clipboard-write'] });
		});
		after(() => page.context().close());

		// In light and dark, and on a small screen, where nothing may lie outside.
		const clean = async (picture) => {
			for (const [width, theme] of [[1280, 'light'], [1280, 'dark'], [320, 'light']]) {
				await page.setViewportSize({ width, height: 900 });
				await page.emulateMedia({ colorScheme: theme });
				if (js)
					assert.deepEqual(await axe(page), [], `${picture} ${width} ${theme}`);
				await page.screenshot({ path: path.join(PICTURES, `${picture}-${width}-${theme}${js ? '' : '-noscript'}.png`), fullPage: true });
				if (js)
					assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${picture} ${width}`);
			}
			await page.setViewportSize({ width: 1280, height: 900 });
			await page.emulateMedia({ colorScheme: 'light' });
			assert.deepEqual(page.faults.splice(0), []);
		};

		test('the page is reached from Users and roles', async () => {
			await page.goto(`/customers/${id}/users`);
			await page.getByRole('link', { name: 'API tokens' }).click();
			await page.getByRole('heading', { level: 1, name: /API tokens|Copperline/ }).waitFor();
			assert.match(page.url(), /\/tokens$/);
			await clean('tokens');
		});

		test('what is wrong is told at its field, and what was typed stays', async () => {
			const main = page.getByRole('main');
			await main.getByLabel('Name').fill(name);
			await main.getByLabel('Scope').selectOption('ingest');
			await main.getByLabel('Last day').fill('2020-01-01');
			await main.getByRole('button', { name: 'Make token' }).click();
			await page.locator('[aria-invalid=true]').waitFor();
			assert.equal(await main.getByLabel('Name').inputValue(), name);
			assert.equal(await main.getByLabel('Scope').inputValue(), 'ingest');
			await clean('tokens-wrong');
			await main.getByLabel('Last day').fill('');
		});

		test('the secret is shown once, and can be copied; reloading says only that it was done', async () => {
			const main = page.getByRole('main');
			await main.getByRole('button', { name: 'Make token' }).click();
			await main.getByRole('heading', { name: 'Token made' }).waitFor();
			const secret = await page.locator('.secret').innerText();
			assert.match(secret, /^tenantry_[\w-]{43}$/);
			assert.equal(await main.getByRole('button', { name: 'Copy' }).count(), js ? 1 : 0);
			await clean('token-made');
			if (js) {
				await main.getByRole('button', { name: 'Copy' }).click();
				await main.getByRole('button', { name: 'Copied' }).waitFor();
				assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
				assert.equal(await page.locator('#live').textContent(), 'Copied');
			}
			await page.reload();
			await main.getByText('was made before').waitFor();
			assert.ok(!(await page.content()).includes(secret));
			await page.goto(`/customers/${id}/tokens`);
			assert.ok(!(await page.content()).includes(secret));
			assert.equal(await main.getByRole('rowheader', { name: new RegExp(name) }).count(), 1, 'made once');
		});

		test('revoking asks first', async () => {
			const row = page.getByRole('row').filter({ hasText: name }), link = row.locator('a.ask');
			if (js)
				await mark(page);
			await link.click();
			const where = js ? page.getByRole('dialog') : page.getByRole('main');
			await where.getByText('This cannot be taken back').waitFor();
			if (js)
				assert.ok(await marked(page), 'in a dialog');
			await clean('token-revoke');
			await where.getByRole('button', { name: 'Revoke token' }).click();
			await row.getByText('Revoked').waitFor();
			assert.equal(await row.locator('a.ask').count(), 0);
			await clean('tokens-ended');
		});
	});
