// What operations are drawn from: texts, tenants, users and sessions of the world at hand, right ones mostly; and what an act touches.
import { domainToASCII } from 'node:url';

export const JOBS = { data: 'Data Engineer / Data Analyst', executive: 'Executive Team', finance: 'Finance / Accounting', founder: 'Founder',
	legal: 'Legal / Purchasing', management: 'Management', sales: 'Sales / Marketing', software: 'Software / Ops Engineer' };
const STARTS = ['Alder', 'alder', 'ALDER', 'Birch', 'Café', 'Cafe', 'Delta', 'Écho', 'Echo', 'Zulu', 'zażółć', '東京商事', 'شركة', '=SUM', '<b>Mid</b>', "O'Hara", '"Quoted"', '-Minus', '@At', 'Ωmega'];
const ENDS = ['', ' GmbH', ' & Sons', ' 株式会社', ', Ltd', ' 🐈', ' (West)'];
const FIRST = ['Ada', 'Zoë', 'Łukasz', 'Grace', '美咲', 'Bea <b>', 'Jean-Luc'], LAST = ['Byron', 'Ødegård', "O'Neill", 'Hopper', '佐藤', '=1+1'];
const WRONG_DOMAINS = ['', 'no domain', 'nodot', '-a.example', 'a..example', 'ü'.repeat(70) + '.example'];
const WRONG_EMAILS = ['', 'nobody', '@mail.example', 'a b@mail.example', 'a@b@mail.example'];

// What an act touches: with x alone, with s together with others who only look.
export class Touched {
	constructor() {
		this.keys = new Map();
	}

	x(...keys) {
		keys.forEach((key) => this.keys.set(key, 'x'));
		return this;
	}

	s(...keys) {
		keys.forEach((key) => this.keys.set(key, this.keys.get(key) ?? 's'));
		return this;
	}

	// Who a session acts for hangs on its user, on the tenants above its home, and on the place of the acting tenant.
	session(session, world) {
		this.x(`session ${session.n}`).s(`users ${session.user.tenant.n}`);
		for (const tenant of world.above(session.user.tenant))
			this.s(`place ${tenant.n}`, `suspended ${tenant.n}`);
		if (session.acting)
			this.s(`place ${session.acting.n}`);
		return this;
	}
}

export class Draw {
	constructor(game) {
		Object.assign(this, { game, world: game.world, random: game.random, only: game.focus });
	}

	pick(list) {
		return list[this.random(list.length)];
	}

	chance(percent) {
		return this.random(100) < percent;
	}

	// A session that is free for this act; mostly one that may change something.
	session(best = () => true) {
		const { world, game } = this, free = world.sessions.filter((one) => !one.ended && !game.taken.has(one));
		const narrowed = (list, percent, part) => {
			const some = list.filter(part);
			return some.length && this.chance(percent) ? some : list;
		};
		const admins = narrowed(free, 92, (one) => (one.acting ? one.user.child : one.user.role) === 'admin');
		return this.pick(narrowed(narrowed(admins, 85, (one) => (one.acting ?? one.user.tenant).tier !== 'customer'), 75, best));
	}

	// Mostly in the scope, sometimes elsewhere; PART of the tenants.
	tenant(session, part = () => true) {
		if (this.only)
			return this.only;
		const inside = this.world.scope(session.acting ?? session.user.tenant).filter(part);
		if (inside.length && this.chance(90))
			return this.pick(inside);
		const all = this.world.tenants.filter(part);
		return all.length ? this.pick(all) : null;
	}

	user(session, part = () => true) {
		const tenant = this.tenant(session, (one) => one.users.some(part)), users = (tenant?.users ?? []).filter((one) => part(one) && !one.kept);
		const deleted = this.chance(2) ? this.world.users.filter((one) => one.deleted) : [];
		return deleted.length ? this.pick(deleted) : users.length ? this.pick(users) : null;
	}

	name() {
		return `${this.pick(STARTS)} ${this.random(1000)}${this.pick(ENDS)}`;
	}

	// { typed, domain, valid }: mostly one that nobody has.
	domain() {
		if (this.only?.domainOfRace)
			return { typed: this.only.domainOfRace, domain: this.only.domainOfRace, valid: true };
		const kind = this.random(100);
		if (kind < 3)
			return { typed: this.pick(WRONG_DOMAINS), domain: '', valid: false };
		if (kind < 8)
			return this.typed(this.pick(this.world.tenants).domain);
		if (kind < 9)
			return this.typed(`shop-${this.game.fresh()}.${this.pick(['localhost', 'invalid', 'internal'])}`);
		return this.typed(`${this.pick(['shop', 'bücher', 'Firma', '株'])}-${this.game.fresh()}.example`);
	}

	typed(domain) {
		const typed = this.chance(10) ? domain.toUpperCase() : domain;
		return { typed, domain: domainToASCII(domain.toLowerCase()), valid: true };
	}

	email() {
		if (this.only?.emailOfRace)
			return { typed: this.only.emailOfRace, email: this.only.emailOfRace, valid: true };
		const kind = this.random(100), email = kind < 5 ? this.pick(this.world.users.filter((one) => !one.deleted)).email : `user-${this.game.fresh()}@mail.example`;
		if (kind >= 98)
			return { typed: this.pick(WRONG_EMAILS), email: '', valid: false };
		return { typed: this.chance(10) ? email.toUpperCase() : email, email, valid: true };
	}

	person() {
		const { typed, email, valid } = this.email(), first = this.pick(FIRST), last = this.chance(2) ? '' : this.pick(LAST), job = this.pick(Object.keys(JOBS));
		return { typed, email, first, last, job, role: this.chance(60) ? 'admin' : 'sales', child: this.pick(['none', 'sales', 'admin']), valid: valid && last !== '' };
	}

	touched(session, tenant) {
		const touched = new Touched().session(session, this.world);
		return tenant ? touched.s(`place ${tenant.n}`) : touched;
	}

	// Taken names are counted for the acting tenant, and who has one must stay where it is.
	domainTouched(touched, session, domain) {
		touched.x(`domain ${domain}`, `clash ${(session.acting ?? session.user.tenant).n}`);
		for (const one of this.world.tenants)
			if (one.domain === domain)
				touched.s(`place ${one.n}`);
	}

	emailTouched(touched, session, email) {
		touched.x(`mail ${email}`, `clash ${(session.acting ?? session.user.tenant).n}`);
		const holder = this.world.users.find((one) => one.email === email && !one.deleted);
		if (holder)
			touched.s(`place ${holder.tenant.n}`, `users ${holder.tenant.n}`);
	}
}

export const at = (tenant, part = '') => `/customers/${tenant.id}${part && `/${part}`}`;
