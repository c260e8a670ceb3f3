// One-time passwords: set up, asked for at each login, used once; recovery codes; no road around them.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { Client, PASSWORD, USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { mailTo, pathOf } from '../lib/mail.mjs';
import { otp, wrongCode } from '../lib/otp.mjs';
import { Model } from '../lib/model.mjs';

const instance = given();
// Addresses of this run alone: failed logins of others, and of a run before, do not count.
const fresh = () => `127.${1 + Math.floor(Math.random() * 254)}.${Math.floor(Math.random() * 255)}.${1 + Math.floor(Math.random() * 254)}`;
const FROM = fresh(), visitor = (from = FROM) => new Client(undefined, { from });
let admin, home, number = Date.now() % 1e9;

before(async () => {
	const model = await Model.read(instance);
	admin = await loggedIn('distributor', undefined, { from: FROM });
	home = model.ofUser(USERS.distributor);
});

const text = (answer) => answer.html.one('main').text;
const forms = (answer) => answer.html.all('form').map((form) => form.attr('action'));
const events = async (action) => (await admin.get(`/customers/${home.id}/activity.json`)).json.events.filter((event) => event.action === action);

async function someone(from) {
	const email = `otp-${++number}@mail.example`;
	await instance.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role, password_hash, invited_at, activated_at)
		SELECT 'OTP${number}', tenant_id, '${email}', 'Ada', 'Byron', 'founder', 'sales', 'none', password_hash, invited_at, activated_at FROM user_account WHERE email = '${USERS.distributor}'`);
	return { email, client: await visitor(from).login(email, PASSWORD) };
}

async function prepare(client, password = PASSWORD) {
	return client.post('/account/otp', { token: (await client.get('/account/otp')).token('/account/otp'), password });
}

// On, with the secret and the recovery codes. The step of the code is used up then: forgotten, so that tests need not wait.
async function switchedOn(from) {
	const { email, client } = await someone(from), page = await prepare(client), secret = page.html.one('.key').text;
	const done = await client.post('/account/otp/on', { token: page.token('/account/otp/on'), code: otp(secret) });
	assert.equal(done.status, 200, done.status === 200 ? '' : text(done));
	await forget(email);
	return { email, client, secret, page, done, codes: done.html.all('.codes code').map((code) => code.text) };
}

const forget = (email) => instance.sql(`UPDATE user_account SET otp_step = NULL WHERE email = '${email}'`);

// The first step of a login; the page that asks for the code.
async function first(email, { password = PASSWORD, from, next } = {}) {
	const client = visitor(from), answer = await client.tryLogin(email, password, next ? { next } : {});
	assert.equal(answer.status, 303);
	assert.ok(!client.jar.has('tenantry'), 'no session yet');
	return { client, page: await client.follow(answer), answer };
}

const second = (client, page, code, more = {}) => client.post('/login/code', { token: page.token('/login/code'), code, ...more });

// Whoever can plant cookies would else wait behind them for others to show their passwords.
test('the right password gives another cookie, and only that one is asked for the code', async () => {
	const { email, secret } = await switchedOn(), client = visitor();
	await client.get('/login');
	const planted = client.jar.get('tenantry-login');
	const page = await client.follow(await client.tryLogin(email, PASSWORD));
	assert.notEqual(client.jar.get('tenantry-login'), planted);
	const other = visitor();
	other.jar.set('tenantry-login', planted);
	assert.ok(!forms(await other.get('/login')).includes('/login/code'));
	assert.equal((await second(client, page, otp(secret))).status, 303);
	assert.ok(client.jar.has('tenantry'));
});

test('setting up takes the password, and shows secret and QR code in that answer alone', async () => {
	const { email, client } = await someone(), off = await client.get('/account/otp');
	assert.deepEqual(forms(off).slice(-1), ['/account/otp']);
	const wrong = await prepare(client, 'not it');
	assert.equal(wrong.status, 422);
	assert.match(text(wrong), /This is not your password/);
	const page = await prepare(client);
	assert.equal(page.status, 200);
	assert.equal(page.headers['cache-control'], 'no-store');
	const secret = page.html.one('.key').text;
	assert.match(secret, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
	const svg = page.html.one('svg.qr');
	assert.match(svg.one('path').attr('d'), /^(M\d+ \d+h\d+v1h-\d+z)+$/);
	assert.equal(svg.attr('viewbox') ?? svg.attr('viewBox'), '0 0 53 53');
	for (const suffix of ['', '.xml', '.json'])
		assert.ok(!(await client.get(`/account${suffix}`)).body.replaceAll(' ', '').includes(secret.replaceAll(' ', '')));
	assert.ok(!(await client.get('/account/otp')).body.includes(secret), 'looking again does not show it');
	assert.equal((await visitor().tryLogin(email)).location, '/', 'not in force before a right code');
	const again = await prepare(client);
	assert.notEqual(again.html.one('.key').text, secret, 'set up again, it is another');
});

test('a right code switches it on and gives ten recovery codes, once', async () => {
	const { email, client } = await someone(), page = await prepare(client), secret = page.html.one('.key').text, token = page.token('/account/otp/on');
	const wrong = await client.post('/account/otp/on', { token, code: wrongCode(secret) });
	assert.equal(wrong.status, 422);
	assert.match(text(wrong), /This code is not right/);
	assert.equal(wrong.html.one('.key').text, secret, 'to be compared once more');
	const body = { token, code: otp(secret) }, done = await client.post('/account/otp/on', body);
	assert.equal(done.status, 200);
	const codes = done.html.all('.codes code').map((code) => code.text);
	assert.equal(new Set(codes).size, 10);
	for (const code of codes)
		assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
	const repeat = await client.follow(await client.post('/account/otp/on', body));
	assert.match(text(repeat), /were shown once/);
	for (const code of [secret, ...codes])
		assert.ok(!repeat.body.includes(code));
	const [[stored]] = await instance.sql(`SELECT HEX(otp_recovery) FROM user_account WHERE email = '${email}'`);
	assert.equal(stored.length, 640);
	for (const code of codes)
		assert.ok(!Buffer.from(stored, 'hex').toString('latin1').includes(code.replaceAll('-', '')), 'stored hashed');
	assert.equal((await client.get('/account.json')).json.oneTimePasswords, true);
	assert.equal((await events('user.otp-on'))[0].actor, 'Ada Byron');
	assert.match(text(await client.get('/account/otp')), /You have 10 left/);
	assert.equal((await visitor().tryLogin(email)).location, '/login');
});

test('a login asks for the code behind the password, and goes on to where it was to lead', async () => {
	const { email, secret } = await switchedOn(), { client, page, answer } = await first(email, { next: '/contracts?tier=reseller' });
	assert.equal(answer.location, '/login?next=%2Fcontracts%3Ftier%3Dreseller');
	assert.equal(page.html.one('h1').text, 'One-time password');
	const field = page.html.one('input[name=code]');
	assert.equal(field.attr('autocomplete'), 'one-time-code');
	assert.equal((await client.get('/account')).status, 303, 'the password alone opens nothing');
	const wrong = await second(client, page, wrongCode(secret), { next: page.html.one('input[name=next]').attr('value') });
	assert.equal(wrong.status, 422);
	assert.match(text(wrong), /This code is not right/);
	assert.equal(wrong.html.one('input[name=code]').attr('value'), null, 'a code is not shown again');
	const code = otp(secret), done = await second(client, wrong, `${code.slice(0, 3)} ${code.slice(3)}`, { next: wrong.html.one('input[name=next]').attr('value') });
	assert.deepEqual([done.status, done.location], [303, '/contracts?tier=reseller']);
	assert.equal((await client.get('/account')).status, 200);
});

test('a code is taken once within its time, the one that switched it on too', async () => {
	const { email, client: own } = await someone(), page = await prepare(own), secret = page.html.one('.key').text, code = otp(secret);
	assert.equal((await own.post('/account/otp/on', { token: page.token('/account/otp/on'), code })).status, 200);
	const a = await first(email);
	assert.equal((await second(a.client, a.page, code)).status, 422, 'it was used to switch on');
	const next = otp(secret, 1);
	assert.equal((await second(a.client, a.page, next)).status, 303, 'the clock of a phone may be a little ahead');
	const b = await first(email);
	assert.equal((await second(b.client, b.page, next)).status, 422);
	assert.equal((await second(b.client, b.page, code)).status, 422, 'nor one from before it');
	await forget(email);
	const both = [await first(email), await first(email)], at = otp(secret);
	const answers = await Promise.all(both.map((one) => second(one.client, one.page, at)));
	assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 422], 'of two at the same time one');
});

test('a form that was sent after the session had ended waits for the code, too, and is sent on then', async () => {
	const { email, secret, client } = await switchedOn(), page = await client.get('/account');
	const form = page.html.all('form').find((one) => one.attr('action') === '/account'), fields = Object.fromEntries(form.all('input').map((input) => [input.attr('name'), input.attr('value') ?? '']));
	const named = async () => (await instance.sql(`SELECT first_name FROM user_account WHERE email = '${email}'`))[0][0];
	await instance.sql(`DELETE s FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.email = '${email}'`);
	assert.equal((await client.post('/account', { ...fields, job_function: 'founder', first_name: 'Kept' })).location, '/login');
	const asked = await client.follow(await client.tryLogin(email));
	assert.equal(asked.html.one('h1').text, 'One-time password');
	assert.equal(await named(), 'Ada', 'not for the password alone');
	assert.equal((await second(client, asked, wrongCode(secret))).status, 422);
	assert.equal(await named(), 'Ada', 'nor for a wrong code');
	const done = await second(client, asked, otp(secret));
	assert.equal(done.status, 303, done.status === 303 ? '' : text(done));
	assert.match(done.location, /^\/account/);
	assert.equal(await named(), 'Kept');
	assert.equal((await client.get('/account')).status, 200, 'logged in');
});

test('codes of other times are not taken', async () => {
	const { email, secret } = await switchedOn(), { client, page } = await first(email);
	for (const steps of [-3, -2, 3, 20])
		assert.equal((await second(client, page, otp(secret, steps, Math.floor(Date.now() / 30000) * 30000 + 10000))).status, 422, `${steps} steps`);
	for (const code of ['', '12345', '1234567', "' OR 1", 'AAAA-AAAA-AAAA-AAAA', 'x'.repeat(41)])
		assert.equal((await second(client, page, code)).status, 422, code);
});

test('a recovery code works in place of a code, once, however it is typed', async () => {
	const { email, codes } = await switchedOn(), a = await first(email);
	assert.equal((await second(a.client, a.page, codes[3].toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'))).status, 303);
	assert.match(text(await a.client.get('/account/otp')), /You have 9 left/);
	const b = await first(email);
	assert.equal((await second(b.client, b.page, codes[3])).status, 422);
	assert.equal((await second(b.client, b.page, codes[4])).status, 303);
});

test('what waits for its code is bound to its browser, and ends with ten minutes or another password', async () => {
	const { email, secret } = await switchedOn(), { client, page } = await first(email);
	const stranger = visitor(), form = await stranger.get('/login');
	assert.equal((await stranger.post('/login/code', { token: page.token('/login/code'), code: otp(secret) })).status, 403);
	const late = await stranger.post('/login/code', { token: form.token('/login'), code: otp(secret) });
	assert.deepEqual([late.status, late.location], [303, '/login?done=late']);
	assert.ok(!stranger.jar.has('tenantry'));
	await instance.sql(`UPDATE login_pending SET since = since - INTERVAL 601 SECOND WHERE user_id = (SELECT id FROM user_account WHERE email = '${email}')`);
	const over = await second(client, page, otp(secret));
	assert.equal(over.location, '/login?done=late');
	assert.match(text(await client.follow(over)), /log in again/);
	const other = await first(email);
	await instance.sql(`UPDATE user_account SET password_hash = CONCAT(password_hash, 'x') WHERE email = '${email}'`);
	assert.equal((await second(other.client, other.page, otp(secret))).location, '/login?done=late');
});

test('somebody else can log in instead in the same browser', async () => {
	const { email } = await switchedOn(), { client, page } = await first(email);
	assert.equal(page.html.all('a').some((a) => a.attr('href') === '/login?other=1'), true);
	const login = await client.get('/login?other=1');
	assert.equal((await client.post('/login', { email: USERS.customer, password: PASSWORD, token: login.token('/login') })).location, '/');
});

test('a login with a second step ends the session that the browser had', async () => {
	const { email, secret } = await switchedOn(), client = visitor(), login = await client.get('/login'), token = login.token('/login');
	assert.equal((await client.post('/login', { email: USERS.customer, password: PASSWORD, token })).status, 303);
	const former = client.copy();
	assert.equal((await client.post('/login', { email, password: PASSWORD, token })).status, 303);
	assert.equal((await former.get('/account')).status, 303);
	assert.equal((await second(client, await client.get('/login'), otp(secret))).status, 303);
	assert.equal((await client.get('/account.json')).json.email, email);
});

test('wrong codes are throttled as wrong passwords, in one count', async () => {
	const one = fresh(), { email, secret } = await switchedOn(one), { client, page } = await first(email, { from: one });
	for (let i = 0; i < 10; i++)
		assert.equal((await second(client, page, wrongCode(secret))).status, 422);
	const answer = await second(client, page, otp(secret));
	assert.equal(answer.status, 429);
	assert.ok(Number(answer.headers['retry-after']) > 0);
	assert.equal((await visitor(one).tryLogin(email)).status, 429);
	const elsewhere = await first(email, { from: fresh() });
	assert.equal((await second(elsewhere.client, elsewhere.page, otp(secret))).status, 303);
});

test('new recovery codes replace the old ones; sent twice they are made and shown once', async () => {
	const { email, client, codes } = await switchedOn(), page = await client.get('/account/otp');
	const body = { token: page.token('/account/otp/codes'), password: PASSWORD }, made = await client.post('/account/otp/codes', body);
	assert.equal(made.status, 200);
	const fresh = made.html.all('.codes code').map((code) => code.text);
	assert.equal(new Set([...codes, ...fresh]).size, 20);
	const repeat = await client.follow(await client.post('/account/otp/codes', body));
	assert.match(text(repeat), /shown once/);
	assert.equal(repeat.html.all('.codes').length, 0);
	const { client: other, page: asked } = await first(email);
	assert.equal((await second(other, asked, codes[0])).status, 422);
	assert.equal((await second(other, asked, fresh[0])).status, 303);
});

test('switching off takes the password; then the password alone is enough', async () => {
	const { email, client, secret } = await switchedOn(), page = await client.get('/account/otp'), token = page.token('/account/otp/off');
	assert.equal((await client.post('/account/otp/off', { token, password: 'wrong' })).status, 422);
	assert.equal((await visitor().tryLogin(email)).location, '/login');
	assert.equal((await client.post('/account/otp/off', { token, password: PASSWORD })).location, '/account/otp?done=off');
	assert.equal((await visitor().tryLogin(email)).location, '/');
	assert.deepEqual(await instance.sql(`SELECT otp_secret, otp_recovery FROM user_account WHERE email = '${email}'`), [['NULL', 'NULL']]);
	assert.equal((await events('user.otp-off'))[0].actor, 'Ada Byron');
	assert.ok(!instance.log().includes(secret.replaceAll(' ', '')));
});

test('the operator switches off what somebody has lost', async () => {
	const { email } = await switchedOn();
	await instance.dev(['tenantry', 'user', 'otp-off', email]);
	assert.equal((await visitor().tryLogin(email)).location, '/');
	assert.equal((await events('user.otp-off')).length > 0, true);
	await assert.rejects(instance.dev(['tenantry', 'user', 'otp-off', 'nobody@nowhere.example']), /there is no such user/);
});

test('a link for a forgotten password sets that alone: the code is asked for as before', async () => {
	const { email, secret } = await switchedOn(), browser = visitor(), page = await browser.get('/forgot');
	assert.equal((await browser.post('/forgot', { token: page.token('/forgot'), email })).status, 303);
	const link = pathOf(await mailTo(instance.state, email)), reset = await browser.get(link);
	assert.equal((await browser.post(link, { token: reset.token(link), password: 'correct horse battery' })).location, '/login?done=reset');
	const { client, page: asked } = await first(email, { password: 'correct horse battery' });
	assert.equal((await second(client, asked, otp(secret))).status, 303);
});

test('an invitation that is accepted by a user with one-time passwords asks for the code too', async () => {
	const { email, secret } = await switchedOn(), invited = 'F'.repeat(43);
	await instance.sql(`UPDATE user_account SET activated_at = NULL, invitation_hash = UNHEX(SHA2('${invited}', 256)), invitation_expires_at = '2099-01-01' WHERE email = '${email}'`);
	const client = visitor(), page = await client.get(`/invite/${invited}`);
	const answer = await client.post(`/invite/${invited}`, { token: page.token(`/invite/${invited}`), password: 'correct horse battery' });
	assert.deepEqual([answer.status, answer.location], [303, '/login']);
	assert.ok(!client.jar.has('tenantry'));
	assert.equal((await second(client, await client.follow(answer), otp(secret))).status, 303);
});
