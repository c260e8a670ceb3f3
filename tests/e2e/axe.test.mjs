// Every page, and what opens on it, by axe-core in light and dark and on a small screen, without scrolling sideways
// there. Pictures of the pages are left in TENANTRY_SCREENSHOTS for people to look at.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { USERS } from '../lib/http.mjs';
import { axe, launch, logIn, open } from '../lib/browser.mjs';
import { given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';
import { readRoutes } from '../lib/routes.mjs';
import { PRODUCT, putTheme, removeThemes } from '../lib/theme.mjs';

const PICTURES = process.env.TENANTRY_SCREENSHOTS ?? path.join(process.env.TENANTRY_STATE, 'screenshots');
let browser, model, admin, anonymous;
const ids = {};

before(async () => {
	mkdirSync(PICTURES, { recursive: true });
	browser = await launch();
	model = await Model.read(given());
	for (const [key, name] of Object.entries({ northwind: 'Northwind Distribution', bluepeak: 'Bluepeak Cloud GmbH', brightwater: 'Brightwater Utilities', aster: 'Aster & Sons',
		copperline: 'Copperline Telecom', dozen: 'Dozen Contracts Holding', ostwind: 'Ostwind Systemhaus AG', quotes: 'O\'Neill "Quoted" Traders, Ltd', arabic: 'شركة النور' }))
		ids[key] = model.named(name).id;
	admin = await open(browser, { user: 'distributor' });
	anonymous = await open(browser);
});
after(() => browser?.close());

// One load, then each theme and width on it. PICTURE takes pictures of it as well.
async function check(page, name, picture = false) {
	const found = [];
	for (const [width, theme, tried] of [[1280, 'light', true], [1280, 'dark', true], [768, 'light', false], [768, 'dark', false], [320, 'light', true], [320, 'dark', false]]) {
		if (!tried && !picture)
			continue;
		await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
		await page.emulateMedia({ colorScheme: theme });
		if (tried)
			found.push(...(await axe(page)).map((text) => `${theme} ${width}: ${text}`));
		if (picture)
			await page.screenshot({ path: path.join(PICTURES, `${name}-${width}-${theme}.png`) });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		if (wide > 0)
			found.push(`${width}: ${wide} pixels of the page lie outside: ${await page.evaluate(() => [...document.querySelectorAll('main *, header *, dialog *')]
				.filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 5).map((node) => node.outerHTML.slice(0, 120)).join(' | '))}`);
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: 'light' });
	assert.deepEqual(found, []);
	assert.deepEqual(page.faults.splice(0), []);
}

const pages = {
	customers: () => '/customers?limit=25', 'customers-filtered': () => '/customers?source=failed&status=onboarding&q=e&below=1&folded=1', 'customers-all-columns': () => '/customers?columns=all&density=compact&q=example&tier=reseller',
	'customers-comfortable': () => '/customers?density=comfortable&q=cloud', 'customers-empty': () => '/customers?q=nothing+has+this', details: () => `/customers/${ids.brightwater}`,
	'details-suspended': () => `/customers/${ids.ostwind}`, 'details-right-to-left': () => `/customers/${ids.arabic}`, users: () => `/customers/${ids.bluepeak}/users`,
	'contracts-of': () => `/customers/${ids.dozen}/contracts`, sources: () => `/customers/${ids.copperline}/sources`, 'sources-none': () => `/customers/${ids.aster}/sources`,
	activity: () => `/customers/${ids.brightwater}/activity`, onboarding: () => `/customers/${ids.aster}/onboarding`, health: () => `/customers/${ids.northwind}/health`,
	'contracts-summary': () => `/customers/${ids.dozen}/contracts/summary`, contracts: () => '/contracts?limit=25', contract: () => `/contracts/${model.named('Brightwater Utilities').contracts.at(-1).id}`,
	switch: () => '/switch?q=cloud', account: () => '/account', suspend: () => `/customers/${ids.quotes}/suspend`, 'not-found': () => '/nothing', 'bad-parameter': () => '/customers?limit=%3Cx%3E',
};

for (const [name, address] of Object.entries(pages))
	test(`the page "${name}" is accessible in light, dark and small`, async () => {
		await admin.goto(address());
		await check(admin, name, true);
	});

// Every other page that the route table has, of a tenant with a difficult name.
const shapes = Object.entries(pages).map(([name]) => name);
for (const { name, pattern, formats } of readRoutes())
	if (formats.includes('html') && !/\{(id|token)\}/.test(pattern) && !shapes.includes(name) && !['home', 'login', 'customer'].includes(name))
		test(`the page "${name}" is accessible in light, dark and small`, async () => {
			const answer = await admin.goto(pattern.replace('{tenant}', name === 'contract-new' ? ids.northwind : ids.quotes));
			assert.equal(answer.status(), 200);
			await check(admin, name, true);
		});

test('the page of a user is accessible in light, dark and small', async () => {
	await admin.goto(`/customers/${ids.bluepeak}/users/${model.ofUser(USERS.reseller).users[1].id}`);
	await check(admin, 'user', true);
});

for (const [name, user, address] of [['reseller', 'reseller', () => '/customers'], ['sales', 'distributorSales', () => '/customers?q=cloud'], ['customer', 'customer', () => '/']])
	test(`what ${name} sees first is accessible in light, dark and small`, async () => {
		const page = await open(browser, { user });
		await page.goto(address());
		await check(page, `first-${name}`);
		await page.context().close();
	});

test('the login is accessible, with its message too', async () => {
	await anonymous.goto('/login');
	await check(anonymous, 'login', true);
	await anonymous.getByLabel('E-mail').fill('nobody@nowhere.example');
	await anonymous.getByLabel('Password').fill('wrong');
	await anonymous.keyboard.press('Enter');
	await anonymous.getByRole('alert').first().waitFor();
	await check(anonymous, 'login-wrong');
});

for (const [name, title] of [['filter', 'Filter'], ['columns', 'Columns'], ['density', 'Density'], ['menu', 'Dana Whitfield']])
	test(`the opened ${name} is accessible in light, dark and small`, async () => {
		await admin.goto('/customers?q=cloud');
		await admin.getByRole('button', { name: title, exact: name !== 'menu' }).click();
		await admin.locator(`#${name}`).waitFor();
		await check(admin, `open-${name}`, true);
	});

for (const [name, control, title] of [['onboarding', 'Onboarding: 2 of 3 tasks done', 'Onboarding of Bluepeak Cloud GmbH'],
	['health', 'Source data: Failed', 'Source data of Northwind Distribution'], ['contracts', '1 active, 3 expired', 'Contracts of Brightwater Utilities']])
	test(`the dialog ${name} is accessible in light, dark and small`, async () => {
		await admin.goto('/customers?q=e&limit=25');
		await admin.getByRole('button', { name: control, exact: true }).first().click();
		await admin.getByRole('dialog', { name: title, exact: true }).waitFor();
		await check(admin, `dialog-${name}`, true);
	});

test('the bar while switched and the page of a stale form are accessible', async () => {
	const page = await open(browser);
	await logIn(page, 'distributor');
	await page.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
	await page.goto(`/customers/${ids.dozen}/suspend`);
	const second = await page.context().newPage();
	second.faults = [];
	await second.goto('/customers?q=bluepeak');
	await second.getByRole('button', { name: 'Switch to Bluepeak Cloud GmbH', exact: true }).click();
	await second.getByText('Viewing as').waitFor();
	await check(second, 'switched', true);
	await page.getByRole('button', { name: 'Suspend', exact: true }).click();
	await page.getByRole('button', { name: /and continue$/ }).waitFor();
	page.faults.splice(0);
	await check(page, 'stale', true);
	await page.context().close();
});

test('text that readers space out loses nothing', async () => {
	const page = await open(browser, { user: 'reseller' });
	await page.goto('/customers');
	// WCAG 1.4.12, as a reader's own style sheet would do it.
	await page.evaluate(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
		document.adoptedStyleSheets = [sheet];
	});
	await page.screenshot({ path: path.join(PICTURES, 'spaced-out-1280-light.png') });
	const cut = await page.evaluate(() => [...document.querySelectorAll('h1, th, td, a, button')].filter((node) => node.clientWidth > 0 && !node.closest('.vh, .skip') &&
		(node.scrollWidth > node.clientWidth + 1 || (getComputedStyle(node).overflowY === 'hidden' && node.scrollHeight > node.clientHeight + 1)))
		.slice(0, 5).map((node) => `${node.scrollWidth} of ${node.clientWidth}: ${node.outerHTML.slice(0, 160)}`));
	assert.deepEqual(cut, []);
	await page.context().close();
});

test('a partner or reader who wants less motion or more contrast gets it', async () => {
	const page = await open(browser, { user: 'distributor' });
	await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
	await page.goto('/customers');
	await page.screenshot({ path: path.join(PICTURES, 'forced-colors-1280.png') });
	// Icons are drawn by the sheet: each must have something left to see in forced colours.
	const gear = page.getByRole('link', { name: 'Settings', exact: true }).first();
	const box = await gear.boundingBox();
	assert.ok(box.width >= 24 && box.height >= 24);
	const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length);
	assert.equal(moving, 0);
	await page.context().close();
});

test('the list in the look of a theme is accessible in light, dark and small', async () => {
	await putTheme(given(), model.ofUser(USERS.reseller));
	try {
		const page = await open(browser, { user: 'reseller' });
		await page.goto('/customers?limit=25');
		assert.equal(await page.locator('.brand .word').textContent(), PRODUCT);
		await check(page, 'theme', true);
		await page.context().close();
	} finally {
		await removeThemes(given());
	}
});
