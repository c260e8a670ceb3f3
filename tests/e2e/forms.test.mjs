// The forms that change customers and users, by keyboard alone, with JavaScript and without, from "Add customer" to the first login of
// the admin who was invited by mail. Each page on the way is tried with axe-core, once.
import { test, before, after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { axe, launch, open } from '../lib/browser.mjs';
import { Client } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { mailTo, pathOf } from '../lib/mail.mjs';

let browser;

before(async () => {
	browser = await launch();
});
after(() => browser?.close());

for (const js of [true, false])
	describe(`with JavaScript ${js ? 'on' : 'off'}, by keyboard alone`, () => {
		const stamp = `${Date.now()}${js ? 'j' : 'n'}`, name = `Keyboard ${stamp}`, email = `keyboard-${stamp}@mail.example`;
		let page, path;

		before(async () => {
			page = await open(browser, { js, user: 'distributor' });
		});
		after(async () => {
			await page.context().close();
		});

		const heading = (text, where = page) => where.getByRole('heading', { name: text, level: 1 }).waitFor();
		const clean = async (where = page) => {
			if (js)
				assert.deepEqual(await axe(where), [], where.url());
		};
		// Presses Tab until TARGET has the focus.
		const reach = async (target, where = page) => {
			await target.waitFor();
			for (let i = 0; i < 120; i++) {
				await where.keyboard.press('Tab');
				if (await target.evaluate((node) => node === document.activeElement))
					return;
			}
			assert.fail(`no way to ${target} by Tab`);
		};
		const field = (label, where = page) => (label === 'Role' ? where.locator('select[name=role]') : where.getByRole('main').getByLabel(label, { exact: false }).first());
		const type = async (label, text, where = page) => {
			await reach(field(label, where), where);
			await where.keyboard.press('Control+A');
			await where.keyboard.type(text);
		};
		const press = async (role, label, where = page) => {
			await reach(where.getByRole(role, { name: label, exact: true }).first(), where);
			await where.keyboard.press('Enter');
		};
		const goto = async (address, title) => {
			await page.goto(address);
			await heading(title);
			await clean();
		};

		test('a customer is added: what is wrong is told in a summary and at the field, what was typed stays', async () => {
			await page.goto('/customers');
			await press('link', 'Add customer');
			await heading('Add customer');
			await clean();
			await type('Parent', 'Bluepeak Cloud');
			await type('Domain name', 'no domain');
			await type('Company name', name);
			await page.keyboard.press('Enter');
			await page.getByRole('alert').first().waitFor();
			await clean();
			assert.equal(await field('Company name').inputValue(), name);
			assert.equal(await field('Domain name').getAttribute('aria-invalid'), 'true');
			await type('Domain name', `keyboard-${stamp}.example`);
			await press('button', 'Save and continue');
			await heading(`Admin user of ${name}`);
			await clean();
			path = new URL(page.url()).pathname.replace('/admin', '');
		});

		test('its admin is invited, opens the mail, sets a password and is logged in', async () => {
			await type('E-mail', email);
			await type('First name', 'Kay');
			await type('Last name', 'Board');
			await type('Job function', 'Founder');
			await press('button', 'Save and complete');
			await heading(name);
			await clean();
			const link = pathOf(await mailTo(given().state, email)), person = await open(browser, { js });
			await person.goto(link);
			await heading('Welcome to Tenantry', person);
			await clean(person);
			await type('New password', 'short', person);
			await person.keyboard.press('Enter');
			await person.getByRole('alert').first().waitFor();
			await clean(person);
			assert.equal(await field('New password', person).inputValue(), '', 'a password is never sent back');
			await type('New password', 'correct horse battery', person);
			await person.keyboard.press('Enter');
			await heading(name, person);
			assert.equal(new URL(person.url()).pathname, path);
			await person.goto(link);
			await heading('Not found', person).catch(() => person.getByText('This link does not work').waitFor());
			assert.deepEqual(person.faults, []);
			await person.context().close();
			await new Client().login(email, 'correct horse battery');
		});

		test('it is renamed, suspended, reactivated, moved and deleted', async () => {
			await goto(path, name);
			await type('Company name', `${name} again`);
			await press('button', 'Save');
			await heading(`${name} again`);
			await goto(`${path}/suspend`, `Suspend ${name} again?`);
			await press('button', 'Suspend');
			await page.getByRole('button', { name: 'Reactivate', exact: true }).waitFor();
			await clean();
			await press('button', 'Reactivate');
			await page.getByRole('button', { name: 'Reactivate', exact: true }).waitFor({ state: 'detached' });
			await goto(`${path}/move`, `Move ${name} again`);
			await type('New reseller', 'Cumulus Partners');
			await press('button', 'Move');
			await heading(`${name} again`);
			const [[parent]] = await given().sql(`SELECT p.name FROM tenant t JOIN tenant p ON p.id = t.parent_id WHERE t.public_id = '${path.split('/').pop()}'`);
			assert.equal(parent, 'Cumulus Partners');
		});

		test('a user is invited, edited, sent the mail again, and deleted', async () => {
			await goto(`${path}/users`, `${name} again`);
			await type('E-mail', `second-${email}`);
			await type('First name', 'Sec');
			await type('Last name', 'Ond');
			await type('Job function', 'Sales');
			await type('Role', 'Sales');
			await press('button', 'Send invitation');
			await page.getByText(`second-${email}`).first().waitFor();
			const [[id]] = await given().sql(`SELECT public_id FROM user_account WHERE email = 'second-${email}'`), user = `${path}/users/${id}`;
			await goto(user, 'Sec Ond');
			await type('First name', 'Third');
			await press('button', 'Save');
			await page.getByText('Third Ond').first().waitFor();
			await goto(user, 'Third Ond');
			await press('button', 'Send again');
			await heading(`${name} again`);
			await goto(`${user}/cancel`, 'Cancel the invitation of Third Ond?');
			await press('button', 'Cancel invitation');
			await page.getByText('Cancelled').first().waitFor();
			await goto(`${user}/delete`, 'Delete Third Ond?');
			await press('button', 'Delete user');
			await heading(`${name} again`);
			assert.equal(await page.getByText(`second-${email}`).count(), 0);
		});

		test('it is deleted, and found and restored under the deleted customers', async () => {
			await goto(`${path}/delete`, `Delete ${name} again?`);
			await press('button', 'Delete');
			await heading('Customers');
			await goto('/customers/deleted', 'Deleted customers');
			await reach(page.getByRole('button', { name: new RegExp(`Restore.*${name} again`) }).or(page.getByRole('row').or(page.getByRole('listitem')).filter({ hasText: name }).getByRole('button')).first());
			await page.keyboard.press('Enter');
			await heading(`${name} again`);
			await page.goto(`${path}/delete`);
			await press('button', 'Delete');
			await heading('Customers');
			assert.deepEqual(page.faults, []);
		});
	});
