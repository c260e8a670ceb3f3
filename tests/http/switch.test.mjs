// Taking another perspective: downwards only, audited where it was entered; forms of a perspective that was left;
// suspension as everyone concerned meets it.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { Client, FORM_TOKENS, USERS, loggedIn } from '../lib/http.mjs';
import { CLOCK, sharedInstance } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

let instance, model, home, bluepeak, cumulus, customer;
const login = (user, options) => loggedIn(user, instance.url, options);

before(async () => {
	instance = await sharedInstance();
	model = await Model.read(instance, Date.parse(CLOCK));
	[home, bluepeak, customer] = ['distributor', 'reseller', 'customer'].map((user) => model.ofUser(USERS[user]));
	cumulus = model.named('Cumulus Partners');
});

const bar = ({ html }) => html.all('.acting[role=status]').map((node) => node.text).join();
const names = (answer) => answer.json.tenants.map(({ name }) => name);
const events = async (client, tenant) => (await client.get(`/customers/${tenant.id}/activity.json`)).json.events;

test('a switch leads below, says so on every page, and back home', async () => {
	const client = await login('distributor');
	const page = await client.get('/customers'), form = page.html.one('form#switch');
	const button = page.html.all('button').find((node) => node.attr('aria-label') === `Switch to ${bluepeak.name}`);
	assert.equal(button.attr('form'), 'switch');
	assert.equal(page.html.all('button').find((node) => node.attr('aria-label') === `Switch to ${home.name}`), undefined, 'not to where one is');
	const answer = await client.post(form.attr('action'), { token: form.one('input[name=token]').attr('value'), tenant: button.attr('value') });
	assert.equal(answer.status, 303);
	const inside = await client.follow(answer);
	assert.match(bar(inside), /Viewing as Bluepeak Cloud GmbH/);
	assert.match(bar(inside), /Dana Whitfield/, 'and whose user is acting');
	assert.equal(inside.html.one('.acting button').text, `Back to ${home.name}`);
	assert.match(bar(await client.get('/nothing')), /Viewing as/, 'errors too');
	assert.deepEqual(names(await client.get('/customers.json'))[0], bluepeak.name);

	await client.switchTo(customer.id);
	assert.equal((await client.get('/')).location, `/customers/${customer.id}`, 'downwards again');
	assert.match(bar(await client.get(`/customers/${customer.id}`)), /Viewing as Brightwater Utilities/);
	await client.switchTo(cumulus.id);
	assert.deepEqual(names(await client.get('/customers.json'))[0], cumulus.name, 'from home to any tenant below it');
	await client.switchTo('');
	const back = await client.get('/customers');
	assert.equal(bar(back), '');
	assert.equal(back.html.all('tbody tr .name')[0].text, home.name);
});

test('nobody switches upwards, sideways, to another distributor, or to what is not there', async () => {
	const reseller = await login('reseller'), other = await login('other'), [[deleted]] = await instance.sql("SELECT public_id FROM tenant WHERE name = 'Wound-up Widgets'");
	const [outfitters] = [model.named('Bluepeak Outfitters')];
	for (const [client, tenants] of [[reseller, [home.id, cumulus.id, cumulus.children[0].id, outfitters.id, deleted, '0123456789', 'x', '../..', ' ']], [other, [home.id, bluepeak.id, customer.id]]]) {
		const before = (await client.get('/customers.json')).body;
		const answers = new Set();
		for (const tenant of tenants) {
			const answer = await client.post('/switch', { token: await client.sessionToken(), tenant });
			assert.equal(answer.status, 404, tenant);
			answers.add(answer.body.replaceAll(answer.headers['x-request-id'], '').replace(FORM_TOKENS, ''));
		}
		assert.equal(answers.size, 1, 'all in the same words');
		assert.equal((await client.get('/customers.json')).body, before);
	}
	await reseller.switchTo(customer.id);
	assert.equal((await reseller.post('/switch', { token: await reseller.sessionToken(), tenant: home.id })).status, 404, 'nor from below');
});

test('with the child tenant role none there is no switcher', async () => {
	const client = await login('user3@northwind.example'), token = await client.sessionToken();
	const page = await client.get('/customers');
	assert.ok(page.html.all('tbody tr').length > 20);
	assert.equal(page.html.all('form#switch').length, 0);
	const controls = [...page.html.all('a'), ...page.html.all('button')].map((node) => node.attr('aria-label') ?? node.text);
	assert.deepEqual(controls.filter((name) => /^Switch/.test(name)), []);
	assert.equal((await client.get('/switch')).status, 403);
	assert.equal((await client.get('/switch.json?q=b')).status, 403);
	assert.equal((await client.post('/switch', { token, tenant: bluepeak.id })).status, 403);
	assert.equal((await client.post('/switch', { token, tenant: '0123456789' })).status, 403, 'the role comes before the ID');
});

test('at home the home role is in force, after a switch the child tenant role', async () => {
	const email = 'user3@northwind.example', role = async (one) => (await one.get('/customers.xml')).xml.one('session').attr('role');
	await instance.sql(`UPDATE user_account SET child_role = 'sales' WHERE email = '${email}'`);
	const both = await login(email);
	assert.equal(await role(both), 'admin');
	assert.equal((await both.get(`/customers/${customer.id}/suspend`)).status, 200, 'on tenants below too');
	await both.switchTo(bluepeak.id);
	assert.equal(await role(both), 'sales');
	assert.equal((await both.get(`/customers/${customer.id}/suspend`)).status, 403);
	assert.equal((await both.post(`/customers/${customer.id}/suspend`, { token: await both.sessionToken() })).status, 403);
	await both.switchTo('');
	assert.equal(await role(both), 'admin');
	await instance.sql(`UPDATE user_account SET child_role = 'none' WHERE email = '${email}'`);
});

test('who only looks may only look in the tenant that was entered', async () => {
	const client = await login('distributorSales');
	await client.switchTo(bluepeak.id);
	assert.equal((await client.get('/customers.xml')).xml.one('session').attr('role'), 'sales');
	assert.equal((await client.get(`/customers/${customer.id}/suspend`)).status, 403);
	const admin = await login('distributor');
	await admin.switchTo(bluepeak.id);
	assert.equal((await admin.get(`/customers/${customer.id}/suspend`)).status, 200);
	assert.equal((await admin.get(`/customers/${bluepeak.id}/suspend`)).status, 403, 'nobody suspends the tenant that they act as');
});

test('the tenant that was entered sees who came in, the sister and the parent do not', async () => {
	const above = await login('distributor'), reseller = await login('reseller');
	const before = (await events(reseller, bluepeak)).filter(({ action }) => action === 'tenant.enter').length;
	await above.switchTo(bluepeak.id);
	const entered = (await events(reseller, bluepeak)).filter(({ action }) => action === 'tenant.enter');
	assert.equal(entered.length, before + 1);
	assert.deepEqual([entered[0].actor, entered[0].actorTenant], ['Dana Whitfield', home.name]);
	assert.match(entered[0].at, /^2027-01-01T03:/);
	const page = await reseller.get(`/customers/${bluepeak.id}/activity`);
	assert.match(page.html.one('main').text, /Dana Whitfield.*Northwind Distribution/);
	assert.ok(!page.body.includes(USERS.distributor) && !page.body.includes(home.id), 'as text alone, without ID or address');
	await above.switchTo('');
	assert.equal((await events(above, bluepeak)).filter(({ action }) => action === 'tenant.enter').length, before + 1, 'going home is no entry');
});

test('the switch page offers home, recent tenants, and a search in the scope of home', async () => {
	const client = await login('other');
	const [reseller, other] = [model.named('Catskill Cloud'), model.named('Long Island Hosting')];
	await client.switchTo(reseller.id);
	await client.switchTo(other.id);
	const page = await client.get('/switch?q=cloud');
	const groups = (await client.get('/switch.json?q=cloud')).json.tenants.map(({ name, group }) => `${group}: ${name}`);
	assert.deepEqual(groups, ['home: Hudson Valley Distribution', 'recent: Long Island Hosting', 'recent: Catskill Cloud', 'result: Catskill Cloud']);
	for (const name of ['Hudson Valley Distribution', 'Long Island Hosting', 'Catskill Cloud'])
		assert.ok(page.html.one('main').text.includes(name), name);
	const search = (await client.get('/switch.json?q=northwind')).json.tenants.filter(({ group }) => group === 'result');
	assert.deepEqual(search.map(({ name }) => name), ['Northwind Sailing'], 'nothing of the distributor of that name');
	assert.equal((await client.get(`/switch?q=${'x'.repeat(201)}`)).status, 400);
	assert.equal((await client.get('/switch?q=%ff')).status, 400);
});

test('a form of a perspective that was left writes nothing, and both ways on are offered', async () => {
	const client = await login('distributor'), target = model.named('Three Rivers Shipping');
	const suspended = async () => (await instance.sql(`SELECT suspended_at IS NOT NULL FROM tenant WHERE public_id = '${target.id}'`))[0][0];
	const count = async () => (await instance.sql('SELECT COUNT(*) FROM audit_event'))[0][0];
	const form = await client.get(`/customers/${target.id}/suspend`), token = form.token(`/customers/${target.id}/suspend`);
	// In another tab:
	await client.switchTo(cumulus.id);
	const before = await count();
	const stale = await client.post(`/customers/${target.id}/suspend`, { token });
	assert.equal(stale.status, 409);
	assert.equal(await suspended(), '0');
	assert.equal(await count(), before, 'nothing is written');
	assert.match(stale.html.one('main').text, /you are now acting as Cumulus Partners, this form was for Northwind Distribution/i);
	const ways = stale.html.one('main').all('button').concat(stale.html.one('main').all('a')).map((node) => node.text);
	assert.ok(ways.includes('Continue as Cumulus Partners'), ways.join());
	assert.ok(ways.includes('Switch to Northwind Distribution and continue'), ways.join());

	const on = stale.html.one('main').all('a').find(({ text }) => text === 'Continue as Cumulus Partners');
	assert.equal((await client.get(on.attr('href'))).status, 200);
	const back = stale.html.one('main').all('form').find((node) => node.text.includes('Switch to Northwind'));
	const fields = Object.fromEntries(back.all('input').map((input) => [input.attr('name'), input.attr('value') ?? '']));
	const answer = await client.post(back.attr('action'), fields);
	assert.deepEqual([answer.status, answer.location], [303, `/customers/${target.id}/suspend`]);
	assert.equal((await client.get('/customers.xml')).xml.one('acting').attr('switched'), null);
	assert.equal((await client.post(`/customers/${target.id}/suspend`, { token })).status, 303, 'at home the form is good again');
	assert.equal(await suspended(), '1');
	assert.equal((await client.post(`/customers/${target.id}/reactivate`, { token: await client.sessionToken() })).status, 303);
});

test('switching, logging out and the account page are never stale', async () => {
	const client = await login('distributor'), token = await client.sessionToken();
	await client.switchTo(bluepeak.id);
	assert.equal((await client.post('/account/view', { token, density: 'standard' })).status, 303);
	assert.equal((await client.post('/switch', { token, tenant: cumulus.id })).status, 303);
	assert.equal((await client.post('/logout', { token })).status, 303);
});

test('when the acting tenant is deleted the next page is home again and says so once', async () => {
	const client = await login('distributor'), gone = model.named('Maple Lane Schools');
	await client.switchTo(gone.id);
	await instance.sql(`UPDATE tenant SET deleted_at = '2027-01-01 03:00:00' WHERE public_id = '${gone.id}'`);
	const page = await client.follow(await client.get('/'));
	assert.equal(bar(page), '');
	assert.equal(page.html.all('tbody tr .name')[0].text, home.name);
	assert.match(page.html.one('.notice').text, /acting as Northwind Distribution again/);
	assert.equal((await client.get('/customers')).html.all('.notice').length, 0);
	await instance.sql(`UPDATE tenant SET deleted_at = NULL WHERE public_id = '${gone.id}'`);
});

test('a form of a tenant that was deleted meanwhile is stale too', async () => {
	const client = await login('distributor'), gone = model.named('Moonfield Studios');
	await client.switchTo(cumulus.id);
	const token = (await client.get('/customers')).token('/switch');
	await instance.sql(`UPDATE tenant SET deleted_at = '2027-01-01 03:00:00' WHERE public_id = '${cumulus.id}'`);
	const answer = await client.post(`/customers/${gone.id}/suspend`, { token });
	assert.equal(answer.status, 409);
	assert.equal((await instance.sql(`SELECT COUNT(*) FROM tenant WHERE public_id = '${gone.id}' AND suspended_at IS NULL`))[0][0], '1');
	await instance.sql(`UPDATE tenant SET deleted_at = NULL WHERE public_id = '${cumulus.id}'`);
});

test('suspension bites on the next request of the tenant and all below, and no one else', async () => {
	const above = await login('distributor'), reseller = await login('reseller'), below = await login('customer'), other = await login('other');
	const sales = await login('distributorSales');
	const act = async (what) => above.post(`/customers/${bluepeak.id}/${what}`, { token: await above.sessionToken() });
	const counts = async () => (await above.get('/customers.xml?suspended=yes')).xml.one('customers').attr('matched');
	const before = Number(await counts());
	assert.equal((await act('suspend')).status, 303);
	for (const client of [reseller, below]) {
		assert.equal((await client.get('/customers')).status, 303, 'logged out');
		assert.equal((await client.get('/account.json')).status, 401);
	}
	assert.equal((await sales.get('/customers')).status, 200);
	assert.equal((await other.get('/customers')).status, 200);

	for (const user of ['reseller', 'resellerSales', 'customer']) {
		const visitor = new Client(instance.url, { from: '127.0.0.21' });
		const right = await visitor.tryLogin(USERS[user]);
		assert.equal(right.status, 422);
		assert.match(right.html.one('[role=alert]').text, /suspended/);
		const wrong = await visitor.tryLogin(USERS[user], 'wrong');
		assert.doesNotMatch(wrong.html.one('main').text, /suspended/i, 'only after the right password');
	}

	assert.equal(Number(await counts()), before + 1);
	const row = (await above.get(`/customers/${bluepeak.id}.json`)).json;
	assert.equal(row.suspended, true);
	assert.match((await above.get(`/customers/${bluepeak.id}`)).html.one('.head').text, /Suspended/);
	assert.equal((await above.get(`/customers/${bluepeak.id}.xml`)).xml.one('customer').attr('suspended'), 'yes');
	const csv = parse((await above.download('/customers.csv?suspended=yes&columns=customer,id')).bytes);
	assert.deepEqual(csv.find(([, id]) => id === bluepeak.id)[0], 'Bluepeak Cloud GmbH (Suspended)');
	await sales.switchTo(bluepeak.id);
	assert.match(bar(await sales.get('/customers')), /Viewing as Bluepeak/, 'everyone above may enter it as before');
	assert.equal((await act('suspend')).status, 303, 'a second time changes nothing');

	assert.equal((await act('reactivate')).status, 303);
	assert.equal(Number(await counts()), before);
	assert.equal((await reseller.get('/customers')).status, 303, 'the session stays ended');
	const back = await login('reseller');
	const actions = (await events(back, bluepeak)).map(({ action }) => action);
	assert.deepEqual(actions.filter((action) => /suspend|reactivate/.test(action)).slice(0, 2), ['tenant.reactivate', 'tenant.suspend'], 'each once');
});

test('who acts as a tenant that becomes suspended goes on', async () => {
	const client = await login('distributor'), other = await login('distributor');
	await client.switchTo(cumulus.id);
	assert.equal((await other.post(`/customers/${cumulus.id}/suspend`, { token: await other.sessionToken() })).status, 303);
	assert.match(bar(await client.get('/customers')), /Viewing as Cumulus/);
	assert.equal((await other.post(`/customers/${cumulus.id}/reactivate`, { token: await other.sessionToken() })).status, 303);
});

test("a file is named after today in the distributor's time zone, and dates count by it", async () => {
	const northwind = await login('distributor'), hudson = await login('other');
	assert.match((await northwind.download('/customers.csv')).headers['content-disposition'], /filename="customers-2027-01-01\.csv"/);
	assert.match((await hudson.download('/customers.csv')).headers['content-disposition'], /filename="customers-2026-12-31\.csv"/);
	// A contract that ends on 31 December is over in UTC, and in force in New York.
	for (const [client, tenant, status] of [[northwind, model.named('Glacier Foods'), 'expired'], [hudson, model.named('Bluepeak Outfitters'), 'active']]) {
		const contract = tenant.contracts.find((one) => one.status === 'active');
		await instance.sql(`UPDATE contract SET end_date = '2026-12-31' WHERE public_id = '${contract.id}'`);
		assert.equal((await client.get(`/contracts/${contract.id}.json`)).json.status, status);
		await instance.sql(`UPDATE contract SET end_date = ${contract.end ? `'${contract.end}'` : 'NULL'} WHERE public_id = '${contract.id}'`);
	}
});
