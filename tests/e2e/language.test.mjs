// Pages in German, whose words are longer: accessible, and no wider than a small screen.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { axe, launch, open } from '../lib/browser.mjs';

let browser, page;

async function choose(language) {
	await page.goto('/account');
	await page.locator('select[name=language]').selectOption(language);
	await page.locator('form:has(select[name=language]) button').click();
	await page.waitForURL(/done=profile/);
}

before(async () => {
	browser = await launch();
	page = await open(browser, { user: 'other' });
	await choose('de');
});
after(async () => {
	await choose('en');
	await browser?.close();
});

for (const address of ['/customers', '/contracts', '/account', '/customers/new', '/switch', '/nothing'])
	test(`${address} in German is accessible and fits a small screen`, async () => {
		await page.goto(address);
		assert.equal(await page.locator('html').getAttribute('lang'), 'de');
		for (const width of [1280, 320]) {
			await page.setViewportSize({ width, height: 800 });
			assert.deepEqual(await axe(page), []);
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${width}`);
		}
	});
