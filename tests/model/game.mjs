// Plays operations: draws them one after the other, keeps up to eight of them under way as long as they touch different things, sends each as
// a browser would, and holds the answer against the model's. Conflicting ones run at once too, as races: then some order of them
// must explain all answers, and what is there afterwards.
import { strict as assert } from 'node:assert';
import { Client } from '../lib/http.mjs';
import { mailName, parseMailFile } from '../lib/mail.mjs';
import { until } from '../lib/instance.mjs';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Draw } from './draw.mjs';
import { OPERATIONS } from './operations.mjs';
import { LOGIN } from './world.mjs';
import { compareTenant } from './compare.mjs';

export const CLIENTS = 8;
const DONE = [200, 201, 303];
const SESSIONS = { least: 12, above: 24, below: 10 };

// The same sequence for the same seed.
export function seeded(seed) {
	let state = seed >>> 0;
	return (count) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % count;
	};
}

function* orders(list) {
	if (list.length < 2)
		yield list;
	for (let i = 0; i < list.length; i++)
		for (const rest of orders(list.filter((_, n) => n !== i)))
			yield [list[i], ...rest];
}

// Passwords are hashed by a quarter of the workers at a time: who comes when they are busy is asked to come again.
async function patient(send) {
	for (let tries = 0; ; tries++) {
		const answer = await send();
		if (answer.status !== 503 || tries === 20)
			return answer;
		await new Promise((resolve) => setTimeout(resolve, Number(answer.headers['retry-after']) * 1000));
	}
}

export class Game {
	constructor(world, instance, seed, observers) {
		Object.assign(this, { world, instance, seed, observers, random: seeded(seed), freshNumber: 0, held: new Map(), running: new Set(), taken: new Set(),
			counts: {}, answers: {}, races: 0, links: new Map(), mailsRead: new Set(), addresses: 1, focus: null, failure: null });
	}

	fresh() {
		return `${(this.seed % 46656).toString(36)}-${++this.freshNumber}`;
	}

	// Failed logins are counted an address.
	client() {
		this.addresses = this.addresses % 250 + 1;
		return new Client(this.instance.url, { from: `127.0.1.${this.addresses}` });
	}

	// ---- drawing ----

	draw(rows) {
		const total = rows.reduce((sum, { weight }) => sum + weight, 0);
		for (;;) {
			let at = this.random(total);
			const row = rows.find(({ weight }) => (at -= weight) < 0), act = row.draw(new Draw(this));
			if (act)
				return act;
		}
	}

	next(live) {
		if (live < SESSIONS.least)
			return this.draw(OPERATIONS.filter(({ name }) => name === 'login'));
		return this.draw(OPERATIONS);
	}

	// ---- what waits for what ----

	conflicts(touched) {
		return [...touched.keys].some(([key, kind]) => {
			const holders = this.held.get(key);
			return holders && (kind === 'x' || holders.x > 0);
		});
	}

	hold(touched, sign) {
		for (const [key, kind] of touched.keys) {
			const holders = this.held.get(key) ?? { x: 0, s: 0 };
			holders[kind] += sign;
			if (holders.x + holders.s === 0)
				this.held.delete(key);
			else
				this.held.set(key, holders);
		}
	}

	async start(touched, work) {
		while (!this.failure && (this.running.size >= CLIENTS || this.conflicts(touched)))
			await Promise.race(this.running);
		if (this.failure)
			throw this.failure;
		this.hold(touched, 1);
		const job = work().catch((error) => {
			this.failure ??= error;
		}).finally(() => {
			this.running.delete(job);
			this.hold(touched, -1);
		});
		this.running.add(job);
	}

	async rest() {
		await Promise.all(this.running);
		if (this.failure)
			throw this.failure;
		// Everybody who accepts has a session: the newest go on, most of them of those who have customers.
		const live = this.world.sessions.filter((one) => !one.ended), below = ({ user }) => user.tenant.tier === 'customer';
		this.world.sessions = [...live.filter((one) => !below(one)).slice(-SESSIONS.above), ...live.filter(below).slice(-SESSIONS.below)];
		for (const { user } of live.filter((one) => !this.world.sessions.includes(one)))
			user.forgotten = (user.forgotten ?? 0) + 1;
		this.world.journal.length = 0;
	}

	// ---- one operation ----

	async operation(number) {
		const live = this.world.sessions.filter((one) => !one.ended).length;
		if (this.random(100) < 4 && live >= SESSIONS.least)
			return this.race(number);
		const act = this.next(live);
		act.number = number;
		// What is under way and what this one touches are apart, so that the model may be ahead of what is there.
		while (!this.failure && this.conflicts(act.touched))
			await Promise.race(this.running);
		act.read = act.version?.();
		act.wanted = this.expect(act);
		act.touched.x(...(act.makes?.() ?? []));
		act.again = act.once && DONE.includes(act.wanted) ? ['same', 'other'][this.random(20)] : null;
		return this.start(act.touched, () => this.play(act));
	}

	expect(act) {
		return act.expect(act.session ? this.world.who(act.session) : null);
	}

	async play(act) {
		try {
			const { answer, send } = await this.send(act);
			this.judge(act, answer);
			if (DONE.includes(act.wanted) || act.kind === 'get')
				await this.finish(act, answer);
			if (act.again)
				await this.repeat(act, answer, send);
		} catch (error) {
			throw new Error(`operation ${act.number}, ${act.name} ${act.about}${this.by(act)}: ${error.message}`, { cause: error });
		}
	}

	by(act) {
		const { session } = act;
		return session ? ` by ${session.user.email} of "${session.user.tenant.name}" (${session.user.role}, ${session.user.child})${session.acting ? ` as "${session.acting.name}"` : ''}` : '';
	}

	judge(act, answer) {
		assert.equal(this.statusOf(answer), act.wanted, `the answer; ${this.why(answer)}`);
		this.count(act, answer);
	}

	statusOf(answer) {
		return answer.status === 303 && /^\/login/.test(answer.location) ? (answer.url === '/logout' ? 303 : LOGIN) : answer.status;
	}

	why(answer) {
		return /^text\/html/.test(answer.headers['content-type'] ?? '') ? answer.html.one('main').text.slice(0, 400) : answer.body.slice(0, 400);
	}

	count(act, answer) {
		const count = (this.counts[act.name] ??= { all: 0, done: 0 });
		count.all++;
		count.done += Number(DONE.includes(answer.status));
		this.answers[answer.status] = (this.answers[answer.status] ?? 0) + 1;
	}

	async finish(act, answer) {
		if (act.kind === 'accept' || act.kind === 'login')
			act.made.client = act.client;
		if (act.kind !== 'get' || answer.status === 200)
			await act.done?.(answer, this.instance);
	}

	// A form that was carried out: the same again does nothing more, another body is refused.
	async repeat(act, answer, send) {
		const again = await send(act.again === 'same' ? {} : { [Object.keys(act.fields())[0]]: 'x' });
		if (act.again === 'same')
			assert.deepEqual([again.status, again.location], [answer.status, answer.location], 'the same form again');
		else
			assert.equal(again.status, act.reused ?? 409, 'the same form with another body');
	}

	// ---- sending ----

	async send(act) {
		if (act.kind === 'get')
			return { answer: await act.session.client.get(act.path()) };
		if (act.kind === 'login')
			return { answer: await patient(() => (act.client = this.client()).tryLogin(act.user.email, act.right ? act.user.password : 'not this one')) };
		if (act.kind === 'accept')
			return { answer: await this.acceptLink(act) };
		if (act.kind === 'api')
			return this.sendApi(act);
		const { client } = act.session, token = await this.token(act), fields = act.fields();
		if (act.kind === 'stale' && token !== LOGIN) {
			const answer = await client.post('/switch', { token, tenant: act.to() });
			assert.equal(this.statusOf(answer), act.switched, 'the switch');
		}
		const post = (other) => client.post(act.path(), { ...fields, ...other, token }), send = act.patient ? (other) => patient(() => post(other)) : post;
		return { answer: await send({}), send };
	}

	async sendApi(act) {
		const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': this.fresh(), Authorization: `Bearer ${act.secret()}` }, client = this.client(), fields = act.fields();
		const send = (other) => client.request('POST', act.path(), { headers, body: JSON.stringify({ ...fields, ...other }) });
		return { answer: await send({}), send };
	}

	// From the form's own page where it can be had, else from one that everybody has.
	async token(act) {
		const { client } = act.session;
		if (act.page && [303, 422, 409, 429].includes(act.wanted)) {
			const page = await client.get(act.page());
			assert.equal(page.status, 200, `GET ${act.page()}; ${this.why(page)}`);
			// One that only asks (for two versions of a contract) has none.
			const form = page.html.all('form').find((one) => one.attr('action') === act.path() && one.one('input[name=token]'));
			if (form && act.version)
				assert.equal(form.one('input[name=version]').attr('value'), String(act.read), 'the version in the form');
			if (form)
				return form.one('input[name=token]').attr('value');
			assert.notEqual(act.wanted, 303, `a form ${act.path()} on ${act.page()}`);
		}
		return this.anyToken(client);
	}

	async anyToken(client) {
		const page = await client.get('/account');
		return page.status === 200 ? page.token('/logout') : LOGIN;
	}

	async acceptLink(act) {
		const { user } = act, client = act.client = this.client();
		const open = act.wanted === undefined ? user.pending && !user.cancelled : act.wanted !== 404, link = await this.link(user, open);
		const page = await client.get(link);
		if (page.status !== 200)
			return page;
		return patient(() => client.post(link, { token: page.token(link), password: act.password }));
	}

	// The newest link that was mailed to a user; WAITS for the one that is on its way.
	async link(user, waits) {
		if (waits)
			await until(`mail to ${user.email}`, async () => {
				// The housekeeper is at the same rows: who is chosen to give way comes again.
				await this.instance.sql('UPDATE outbox SET next_attempt_at = UTC_TIMESTAMP(3) WHERE sent_at IS NULL AND handed_at IS NULL AND attempts > 0')
					.catch((error) => assert.match(error.message, /ERROR 1213 /));
				const [[count]] = await this.instance.sql(`SELECT COUNT(*) FROM outbox o JOIN user_account u ON u.id = o.user_id WHERE u.public_id = '${user.id}' AND o.sent_at IS NULL`);
				return count === '0';
			}, { seconds: 60, pause: 200 });
		this.readMails();
		return this.links.get(user.email) ?? `/invite/${'A'.repeat(43)}`;
	}

	readMails() {
		const folder = path.join(this.instance.state, 'mail'), names = readdirSync(folder).filter((name) => name.endsWith('.eml') && !this.mailsRead.has(name));
		for (const name of names.sort((a, b) => mailName(a) - mailName(b))) {
			this.mailsRead.add(name);
			const mail = parseMailFile(folder, name);
			this.links.set(/<([^<>]+)>$/.exec(mail.headers.to)[1], new URL(mail.link).pathname);
		}
	}

	// ---- races ----

	// Some operations on one tenant at once, each by another session; at times for the same domain, address or account.
	async race(number) {
		await this.rest();
		const { world } = this, tenant = this.raceTenant(), acts = [], count = 2 + this.random(3), shared = this.random(4);
		this.focus = tenant;
		tenant.domainOfRace = shared === 0 ? `race-${this.fresh()}.example` : null;
		tenant.emailOfRace = shared === 1 ? `race-${this.fresh()}@mail.example` : null;
		tenant.accountOfRace = shared === 2 ? String(400000000000 + this.seed % 1e6 * 1e5 + ++this.freshNumber) : null;
		const rows = OPERATIONS.filter(({ race, name }) => race || (shared === 0 && name === 'add'));
		for (let i = 0; i < count; i++) {
			const act = this.draw(rows);
			if (act.session)
				this.taken.add(act.session);
			acts.push(act);
		}
		this.focus = tenant.domainOfRace = tenant.emailOfRace = tenant.accountOfRace = null;
		this.taken.clear();
		this.races++;
		for (const act of acts) {
			Object.assign(act, { number, read: act.version?.() });
			act.send = await this.prepare(act);
		}
		const answers = await Promise.all(acts.map((act) => act.send()));
		acts.forEach((act, i) => Object.assign(act, { answer: answers[i] }));
		await this.explain(tenant, acts);
		for (const act of acts.filter(({ wanted }) => DONE.includes(wanted)))
			await this.finish(act, act.answer);
		await compareTenant(this.observer(tenant), world, tenant);
	}

	raceTenant() {
		const live = this.world.tenants.filter((one) => one.id && one.tier !== 'distributor' && (!one.deleted || this.random(10) === 0));
		return live[this.random(live.length)];
	}

	observer(tenant) {
		return this.observers.find(({ root }) => root === this.world.distributor(tenant)).client;
	}

	// Everything up to the request itself; gives what sends that.
	async prepare(act) {
		if (act.kind === 'accept') {
			const link = await this.link(act.user, act.user.pending && !act.user.cancelled && !this.world.barred(act.user.tenant));
			const client = act.client = this.client(), page = await client.get(link);
			return page.status === 200 ? () => patient(() => client.post(link, { token: page.token(link), password: act.password })) : () => client.get(link);
		}
		this.world.who(act.session);
		const { client } = act.session, token = await this.anyToken(client), fields = { ...act.fields(), token }, where = act.path();
		return () => client.post(where, fields);
	}

	// Finds the order that gives the answers and what is there now, and leaves the model in it.
	async explain(tenant, acts) {
		const { world } = this, found = acts.map(({ answer }) => this.statusOf(answer)), tried = new Set();
		let difference;
		for (const order of orders(acts)) {
			const mark = world.journal.length;
			for (const act of order)
				act.wanted = this.expect(act);
			if (acts.every((act, i) => act.wanted === found[i])) {
				try {
					// What was made has its ID by the answer alone.
					for (const act of acts.filter((one) => one.made && one.once && one.wanted === 303))
						await act.done(act.answer, this.instance);
					await compareTenant(this.observer(tenant), world, tenant);
					acts.forEach((act) => this.count(act, act.answer));
					return;
				} catch (error) {
					difference = error;
				}
			}
			tried.add(acts.map(({ wanted }) => wanted).join(' '));
			world.undo(mark);
		}
		const what = acts.map((act) => `\n  ${act.name} ${act.about}${this.by(act)}: ${this.statusOf(act.answer)} ${this.why(act.answer).slice(0, 200)}`).join('');
		throw new Error(`operation ${acts[0].number}, a race about "${tenant.name}" (${tenant.id}) that no order explains:${what}\n  orders give: ${[...tried].join(' | ')}${difference ? `\n  ${difference.message}` : ''}`);
	}
}
