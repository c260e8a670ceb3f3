// Mail about contracts: what is told of each change, to whom, and what is told to nobody.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { add, day, deed, done, freshCustomer, save, send } from '../lib/contracts.mjs';
import { USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { mails, mailTo } from '../lib/mail.mjs';
import { Model } from '../lib/model.mjs';

const instance = given(), state = instance.state;
let distributor, reseller, home, shop, tenant, name, number = Date.now() % 1e9;

const email = () => `contract-${++number}@mail.example`;
const link = (id) => `${instance.url}/contracts/${id}`;
const outbox = async (id) => (await instance.sql(`SELECT o.kind, o.recipient FROM outbox o JOIN contract c ON c.id = o.contract_id
	WHERE c.public_id = '${id}' ORDER BY o.id`));

// Everything that was written until now has been sent: mails go in the order in which they became due.
async function sent() {
	const last = email(), id = await add(reseller, await freshCustomer(reseller, shop.id), { change_email: last });
	await done(deed(reseller, id, 'activate'));
	await mailTo(state, last);
}

before(async () => {
	const model = await Model.read(instance);
	[distributor, reseller] = await Promise.all(['distributor', 'reseller'].map((user) => loggedIn(user)));
	home = model.ofUser(USERS.distributor);
	shop = model.ofUser(USERS.reseller);
	tenant = await freshCustomer(reseller, shop.id);
	({ name } = (await reseller.get(`/customers/${tenant}.json`)).json);
});

test('each change of a contract that has left draft is told once, without notes and drafts', async () => {
	const to = email(), id = await add(reseller, tenant, { name: 'Secret draft', change_email: to, notes: 'between us', start: day(0), end: '' });
	await done(save(reseller, id, { name: 'Cloud & <b>more</b> 株式会社', notes: 'still between us' }));
	assert.deepEqual(await outbox(id), [], 'a draft is nobody’s news');

	await done(deed(reseller, id, 'activate'));
	const active = await mailTo(state, to);
	assert.equal(active.headers.to, `<${to}>`);
	assert.equal(active.headers.subject, `Contract of ${name} is marked as active: Cloud & <b>more</b> 株式会社`);
	assert.equal(active.link, link(id));
	assert.match(active.text, new RegExp(`“Cloud & <b>more</b> 株式会社” of ${name} has been marked as active by ${shop.name}\\.\n\nStart: ${day(0)}\nEnd: open\n`));
	assert.ok(active.html.includes('Cloud &amp; &lt;b&gt;more&lt;/b&gt; 株式会社') && active.html.includes(link(id)));
	assert.equal((await deed(reseller, id, 'activate')).status, 422);

	await done(save(reseller, id, { end: day(60), billing_address: '1 Way\nFloor 2', billing_country: 'DE', notes: 'new secret' }));
	const changed = await mailTo(state, to, 2);
	assert.equal(changed.headers.subject, `Contract of ${name} has changed: Cloud & <b>more</b> 株式会社`);
	assert.match(changed.text, new RegExp(`has been changed by ${shop.name}\\.\n\nEnd: --- → ${day(60)}\nBilling address: --- → 1 Way Floor 2\nCountry: --- → Germany\n\n`));
	await done(save(reseller, id, {}));
	await done(save(reseller, id, { notes: 'only the notes' }));

	const next = await done(send(reseller, `/contracts/${id}`, `/contracts/${id}/supersede`));
	await done(save(reseller, next, { name: 'Next terms', start: day(10) }));
	await done(deed(reseller, next, 'activate'));
	const superseded = await mailTo(state, to, 3), follows = await mailTo(state, to, 4);
	assert.deepEqual([superseded.headers.subject, superseded.link], [`Contract of ${name} is superseded: Cloud & <b>more</b> 株式会社`, link(id)]);
	assert.match(superseded.text, new RegExp(`“Next terms” takes its place\\. Its last day is ${day(9)}\\.`));
	assert.deepEqual([follows.headers.subject, follows.link], [`Contract of ${name} is marked as active: Next terms`, link(next)]);

	await done(deed(reseller, next, 'cancel', { reason: 'They <moved> on.' }));
	const cancelled = await mailTo(state, to, 5);
	assert.equal(cancelled.headers.subject, `Contract of ${name} is cancelled: Next terms`);
	assert.match(cancelled.text, /has been cancelled by .*\.\n\nReason: They <moved> on\.\n/);
	assert.ok(cancelled.html.includes('They &lt;moved&gt; on.'));

	await sent();
	const all = mails(state, to);
	assert.equal(all.length, 5, 'nothing of notes alone, of a save without a change, of drafts');
	for (const mail of all)
		assert.doesNotMatch(mail.text + mail.html + JSON.stringify(mail.headers), /Secret draft|between us|secret|only the notes/);
	assert.deepEqual((await outbox(id)).length + (await outbox(next)).length, 5);
	const [[open]] = await instance.sql(`SELECT COUNT(*) FROM outbox WHERE recipient = '${to}' AND (sent_at IS NULL OR last_error IS NOT NULL)`);
	assert.equal(open, '0');
});

test('without an address for changes nobody is told', async () => {
	const of = await freshCustomer(reseller, shop.id), id = await add(reseller, of, { invoice_email: email() });
	await done(deed(reseller, id, 'activate'));
	await done(save(reseller, id, { name: 'Another name' }));
	const next = await done(deed(reseller, id, 'supersede'));
	await done(deed(reseller, next, 'activate'));
	await done(deed(reseller, next, 'cancel', { reason: 'no' }));
	assert.deepEqual([await outbox(id), await outbox(next)], [[], []]);
});

test('a changed address: the old one and the new one are told, each once', async () => {
	const [old, fresh] = [email(), email()], id = await add(reseller, await freshCustomer(reseller, shop.id), { change_email: old });
	await done(deed(reseller, id, 'activate'));
	await done(save(reseller, id, { change_email: fresh }));
	await done(save(reseller, id, { end: '' }));
	const both = [await mailTo(state, old, 2), await mailTo(state, fresh, 1)];
	for (const mail of both)
		assert.ok(mail.text.includes(`E-mail for contract changes: ${old} → ${fresh}`));
	await done(save(reseller, id, { change_email: '' }));
	await mailTo(state, fresh, 3);
	await done(deed(reseller, id, 'cancel', { reason: 'nobody is told' }));
	await sent();
	assert.deepEqual([mails(state, old).length, mails(state, fresh).length], [2, 3]);
});

test('whoever acts as the parent is the parent in the mail; a base contract has none', async () => {
	const to = email(), id = await add(reseller, await freshCustomer(reseller, shop.id), { change_email: to });
	await distributor.switchTo(shop.id);
	await done(deed(distributor, id, 'activate'));
	await distributor.switchTo('');
	assert.match((await mailTo(state, to)).text, new RegExp(`marked as active by ${shop.name}\\.`));
	const own = email(), base = await add(distributor, home.id, { start: day(7000), end: '', change_email: own });
	await done(deed(distributor, base, 'activate'));
	assert.match((await mailTo(state, own)).text, /has been marked as active\.\n/);
	await done(deed(distributor, base, 'cancel', { reason: 'Only a test.' }));
});

test('two who change a contract at once are told of once each, and what was refused is not told', async () => {
	const of = await freshCustomer(reseller, shop.id), to = email(), ids = [];
	for (let i = 0; i < 4; i++)
		ids.push(await add(reseller, of, { name: `Racer ${i}`, change_email: to }));
	const token = await reseller.sessionToken();
	const answers = await Promise.all(ids.map((id) => reseller.copy().post(`/contracts/${id}/activate`, { token })));
	assert.equal(answers.filter(({ status }) => status === 303).length, 1);
	await mailTo(state, to);
	await sent();
	assert.equal(mails(state, to).length, 1);
});

test('mail about a contract that is gone, or is two days old, is given up', async () => {
	const to = email(), id = await add(reseller, await freshCustomer(reseller, shop.id), {}), insert = (contract, version, hours) =>
		instance.sql(`INSERT INTO outbox (kind, contract_id, contract_version, recipient, created_at, next_attempt_at) SELECT 'contract-active', ${contract}, ${version}, '${to}',
			UTC_TIMESTAMP(3) - INTERVAL ${hours} HOUR, UTC_TIMESTAMP(3) FROM contract WHERE public_id = '${id}'`);
	await insert('id', 1, 49);
	await insert('id', 9, 0);
	await insert(4294967295, 1, 0);
	await sent();
	const rows = await instance.sql(`SELECT last_error FROM outbox WHERE recipient = '${to}' AND sent_at IS NOT NULL ORDER BY id`);
	assert.deepEqual(rows.flat(), ['given up', 'not sent: there is no such contract', 'not sent: there is no such contract']);
	assert.deepEqual(mails(state, to), []);
});
