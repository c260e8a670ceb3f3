// The account in a browser, with JavaScript on and off: one-time passwords from set-up to login, ending sessions; each page by axe-core.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { PASSWORD, USERS, loggedIn } from '../lib/http.mjs';
import { axe, launch, open } from '../lib/browser.mjs';
import { given } from '../lib/instance.mjs';
import { otp } from '../lib/otp.mjs';

let browser, number = Date.now() % 1e9;

before(async () => {
	browser = await launch();
});
after(() => browser?.close());

async function someone() {
	const email = `browser-${++number}@mail.example`;
	await given().sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at)
		SELECT 'E2E${number}', tenant_id, '${email}', 'Ada', 'Byron', 'founder', 'sales', 'none', password_hash, invited_at, activated_at FROM user_account WHERE email = '${USERS.distributor}'`);
	return email;
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function password(page, email) {
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await button(page, 'Log in').click();
}

// With a script, axe can look; without one the page cannot run it.
async function look(page, js, what) {
	if (!js)
		return;
	for (const colorScheme of ['light', 'dark']) {
		await page.emulateMedia({ colorScheme });
		assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
	}
	await page.setViewportSize({ width: 320, height: 640 });
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${what} is no wider than a small screen`);
	await page.setViewportSize({ width: 1280, height: 900 });
}

for (const js of [true, false])
	test(`one-time passwords, from the set-up to a login with each kind of code, JavaScript ${js ? 'on' : 'off'}`, async () => {
		const email = await someone(), page = await open(browser, { js });
		await password(page, email);
		await page.getByRole('heading', { name: 'Customers' }).waitFor();
		await page.goto('/account');
		await page.getByRole('link', { name: 'Set up one-time passwords' }).click();
		await page.getByRole('heading', { name: 'One-time passwords', exact: true }).waitFor();
		await look(page, js, 'off');
		await page.getByLabel('Present password').fill(PASSWORD);
		await page.keyboard.press('Enter');
		await page.getByRole('img', { name: 'QR code for your app' }).waitFor();
		await look(page, js, 'the QR code');
		const secret = await page.locator('.key').textContent();
		await page.getByRole('textbox', { name: 'Code' }).fill(otp(secret));
		await button(page, 'Switch on').click();
		await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
		await look(page, js, 'recovery codes');
		const codes = await page.locator('.codes code').allTextContents();
		assert.equal(codes.length, 10);
		await page.getByRole('link', { name: 'I have kept them' }).click();
		await page.getByText('On: a login asks for a code of your app too.').waitFor();
		await page.getByRole('link', { name: 'Recovery codes, switch off' }).click();
		await look(page, js, 'on');

		for (const code of [otp(secret, 1), codes[0]]) {
			const other = await open(browser, { js });
			await password(other, email);
			await other.getByRole('heading', { name: 'One-time password', exact: true }).waitFor();
			await look(other, js, 'the code');
			await other.getByRole('textbox', { name: 'Code' }).fill('000000 no');
			await other.keyboard.press('Enter');
			await other.getByRole('alert').first().waitFor();
			await look(other, js, 'a wrong code');
			await other.getByRole('textbox', { name: 'Code' }).fill(code);
			await other.keyboard.press('Enter');
			await other.getByRole('heading', { name: 'Customers' }).waitFor();
			assert.deepEqual(other.faults, []);
			await other.context().close();
		}
		await page.locator('#off').getByLabel('Present password').fill(PASSWORD);
		await button(page, 'Switch off').click();
		await page.getByText('One-time passwords are off.').waitFor();
		assert.deepEqual(page.faults, []);
		await page.context().close();
	});

for (const js of [true, false])
	test(`a session is ended after a question, JavaScript ${js ? 'on' : 'off'}`, async () => {
		const email = await someone(), other = await loggedIn(email), page = await open(browser, { js, user: email });
		await page.goto('/account');
		await look(page, js, 'the account');
		const control = page.getByRole(js ? 'button' : 'link', { name: /^End session/ });
		await control.click();
		if (js) {
			await page.getByRole('dialog', { name: 'End this session?' }).waitFor();
			await look(page, js, 'the question');
		} else {
			await page.getByRole('heading', { name: 'End this session?' }).waitFor();
		}
		assert.equal((await other.get('/account')).status, 200);
		await button(page, 'End session').last().click();
		await page.getByText('The session has ended.').waitFor();
		assert.equal((await other.get('/account')).status, 303);
		assert.deepEqual(page.faults, []);
		await page.context().close();
	});
