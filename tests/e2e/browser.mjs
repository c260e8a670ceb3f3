// Debian's Chromium, driven by playwright-core: contexts with JavaScript on and off, logins, axe-core.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { PASSWORD, USERS } from '../lib/http.mjs';

export const URL_BASE = process.env.TENANTRY_URL.replace(/\/$/, '');
const SHOTS = path.join(process.env.TENANTRY_STATE, 'screenshots');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
	return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
		'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

// A page of its own in a fresh context, logged in when a user is named. Anything that the browser complains of fails
// the test that closes it.
export async function open(browser, { user, javaScriptEnabled = true, width = 1280, colorScheme = 'light' } = {}) {
	const context = await browser.newContext({ javaScriptEnabled, colorScheme, viewport: { width, height: 900 },
		baseURL: URL_BASE, acceptDownloads: true });
	const page = await context.newPage();
	page.complaints = [];
	page.on('pageerror', (error) => page.complaints.push(String(error)));
	page.on('console', (message) => {
		if (message.type() === 'error' && !/status of (4|5)\d\d/.test(message.text()))
			page.complaints.push(message.text());
	});
	if (user)
		await login(page, user);
	return page;
}

export async function close(page) {
	assert.deepEqual(page.complaints, [], 'the browser has nothing to complain of');
	await page.context().close();
}

export async function login(page, user) {
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(USERS[user]);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

// axe-core's findings, one line each. A page without JavaScript cannot be looked at: axe runs in it. It is put in through the
// debugger, which the Content-Security-Policy leaves alone.
export async function axe(page) {
	await page.evaluate(AXE);
	const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
	return result.violations.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')}`));
}

export async function shot(page, name) {
	mkdirSync(SHOTS, { recursive: true });
	await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

// A control that is a button with JavaScript, and may be a link styled as one without.
export function control(scope, name, scripted) {
	const button = scope.getByRole('button', { name, exact: true });
	return scripted ? button : button.or(scope.getByRole('link', { name, exact: true }));
}

export function row(page, name) {
	return page.getByRole('table', { name: 'Customers' }).getByRole('row').filter({
		has: page.getByRole('rowheader', { name }) });
}
