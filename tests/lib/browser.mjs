// Chromium over playwright-core, with JavaScript on or off; what a page must never do is watched on every page.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Client, PASSWORD, USERS, rootOf } from './http.mjs';

const AXE = readFileSync(fileURLToPath(import.meta.resolve?.('axe-core/axe.min.js') ?? new URL('../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const BASE = process.env.TENANTRY_URL;

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
}

// As for a client, paths are written and told without the base path.
function watch(page, base) {
	const go = page.goto.bind(page), url = page.url.bind(page);
	page.goto = (path, options) => go(path.startsWith('/') ? rootOf(base) + path : path, options);
	page.url = () => url().replace(base, new URL(base).origin);
	page.faults = [];
	page.on('pageerror', (error) => page.faults.push(String(error)));
	page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && page.faults.push(message.text()));
	page.on('response', (response) => response.status() >= 500 && page.faults.push(`${response.status()} ${response.url()}`));
}

// A page of a context of its own; `faults` gathers errors of the script, refused code and answers of 500 and more.
export async function open(browser, { js = true, user = null, width = 1280, height = 900, theme = 'light', base = BASE, ...more } = {}) {
	const context = await browser.newContext({ baseURL: base, javaScriptEnabled: js, colorScheme: theme, viewport: { width, height }, acceptDownloads: true, reducedMotion: 'reduce', ...more });
	context.setDefaultTimeout(10000);
	if (user) {
		const client = await new Client(base).login(USERS[user] ?? user);
		await context.addCookies([{ name: 'tenantry', value: client.jar.get('tenantry'), url: base, httpOnly: true, sameSite: 'Lax' }]);
	}
	// Other tabs too, whoever opens them.
	context.on('page', (page) => watch(page, base));
	return context.newPage();
}

export async function logIn(page, user) {
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(USERS[user]);
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Log in' }).click();
}

// What axe finds against WCAG 2.2 AA and by its own best practices, one line a rule.
export async function axe(page) {
	// Not as a <script> of the page: its Content-Security-Policy would refuse that.
	await page.evaluate(AXE);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }));
	return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' | ')}`);
}

// A mark on the window that a reload takes away.
export const mark = (page) => page.evaluate(() => { globalThis.notReloaded = true; });
export const marked = (page) => page.evaluate(() => globalThis.notReloaded === true);
