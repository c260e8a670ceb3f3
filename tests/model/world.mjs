// What the installation has to hold after each operation, by the rules of product.md and contract.md alone: facts that operations
// set, who may do what, and what is refused. Knows no request and nothing of the program; the columns of the list follow from the
// facts in tests/lib/model.mjs. Every change goes through set(), so that orders of conflicting operations can be tried and undone.
import { Model, View, subtree } from '../lib/model.mjs';

const RANK = { none: 0, sales: 1, admin: 2 };
const CLASHES = 10; // answers "cannot be used here" an hour and tenant; a run is shorter than that
const RESERVED = new Set(['arpa', 'internal', 'invalid', 'local', 'localhost', 'onion']);

export const LOGIN = 'to the login';

export class World extends Model {
	static async read(instance) {
		const world = await super.read(instance, Date.now(), { deleted: true });
		world.journal = [];
		world.tenants = [...world.byKey.values()];
		world.users = [];
		world.sessions = [];
		world.tokens = [];
		world.numbers = 0;
		for (const tenant of world.tenants) {
			Object.assign(tenant, { n: ++world.numbers, events: [], clashes: 0 });
			tenant.users = tenant.users.filter((user) => !user.deleted);
			for (const user of tenant.users) {
				Object.assign(user, { n: ++world.numbers, tenant, password: user.active ? 'demo-demo-demo' : null });
				world.users.push(user);
			}
		}
		return world;
	}

	// ---- changing and undoing ----

	set(object, key, value) {
		this.journal.push([object, key, object[key]]);
		object[key] = value;
	}

	change(object, values) {
		for (const [key, value] of Object.entries(values))
			this.set(object, key, value);
	}

	add(object, key, ...values) {
		this.set(object, key, [...object[key], ...values]);
	}

	drop(object, key, value) {
		this.set(object, key, object[key].filter((one) => one !== value));
	}

	// What comes after a mark is taken back; without one it is kept for good.
	undo(mark) {
		while (this.journal.length > mark) {
			const [object, key, value] = this.journal.pop();
			object[key] = value;
		}
	}

	event(tenant, action) {
		this.add(tenant, 'events', action);
	}

	// ---- the tree ----

	*above(tenant) {
		for (let one = tenant; one; one = one.parent)
			yield one;
	}

	// TENANT stands in ACTING's tree, deleted or not.
	under(acting, tenant) {
		return [...this.above(tenant)].includes(acting);
	}

	holds(acting, tenant) {
		return Boolean(tenant) && !tenant.deleted && this.under(acting, tenant);
	}

	distributor(tenant) {
		return [...this.above(tenant)].at(-1);
	}

	// Its users are locked out.
	barred(tenant) {
		return tenant.deleted || [...this.above(tenant)].some((one) => one.suspended);
	}

	scope(acting) {
		return [...subtree(acting)];
	}

	row(acting, tenant) {
		const view = Object.create(View.prototype);
		view.acting = acting;
		return view.row(tenant);
	}

	// Onboarded is onboarded, for good.
	settle(tenant) {
		const { done, total } = this.row(tenant, tenant);
		if (!tenant.onboarded && done === total)
			this.set(tenant, 'onboarded', true);
	}

	bump(object) {
		this.set(object, 'version', object.version + 1);
	}

	// API tokens of the tenant are a user's to make: as an admin there, or after a switch. What ends a token, ends it for good.
	mayMake(user, tenant) {
		return user.active && !user.deleted && !user.disabled && this.under(user.tenant, tenant) && (user.role === 'admin' || (user.child === 'admin' && user.tenant !== tenant));
	}

	endTokens(which) {
		for (const token of this.tokens.filter((one) => !one.ended && which(one)))
			this.set(token, 'ended', 'Ended');
	}

	// ---- who acts ----

	// For whom a request of a session acts now; null: it has ended. What a request finds out stays so.
	who(session) {
		const { user } = session, home = user.tenant;
		if (session.ended || user.deleted || user.disabled || this.barred(home)) {
			this.set(session, 'ended', true);
			return null;
		}
		if (session.acting && (user.child === 'none' || session.acting === home || !this.holds(home, session.acting)))
			this.set(session, 'acting', null);
		const acting = session.acting ?? home;
		return { user, home, acting, role: session.acting ? user.child : user.role, child: user.child };
	}

	// The checks before a form's fields, in the order of contract.md; null: all passed. RELATION says what else the tenant must be.
	refused(who, { madeFor, tenant, relation = () => true } = {}) {
		if (!who)
			return LOGIN;
		if (madeFor && madeFor !== who.acting)
			return 409;
		if (who.role !== 'admin')
			return 403;
		if (tenant !== undefined && !this.holds(who.acting, tenant))
			return 404;
		return relation(who) ? null : 403;
	}

	// Taken where the scope does not reach, or reserved: one answer, so often an hour, told to the distributor.
	clash(who) {
		if (who.acting.clashes >= CLASHES)
			return 429;
		this.set(who.acting, 'clashes', who.acting.clashes + 1);
		this.event(this.distributor(who.acting), 'clash');
		return 422;
	}

	// Then what is free is not told from what is taken.
	spent(who) {
		return who.acting.clashes >= CLASHES ? 429 : null;
	}

	// ---- customers ----

	domainFault(who, domain, tenant = null) {
		const root = this.distributor(who.acting);
		const holder = this.tenants.find((one) => one.domain === domain && one !== tenant && this.distributor(one) === root);
		if (holder && this.under(who.acting, holder))
			return 422;
		return holder || RESERVED.has(domain.split('.').at(-1)) ? this.clash(who) : this.spent(who);
	}

	addCustomer(who, { parent, name, domain, valid }) {
		const refused = this.refused(who, { relation: ({ acting }) => acting.tier !== 'customer' });
		if (refused)
			return { status: refused };
		if (!valid || !parent || parent.tier === 'customer' || !this.holds(who.acting, parent))
			return { status: 422 };
		const fault = this.domainFault(who, domain);
		if (fault)
			return { status: fault };
		const tenant = {
			n: ++this.numbers, id: null, parent, tier: parent.tier === 'distributor' ? 'reseller' : 'customer', domain, name, zone: parent.zone,
			today: parent.today, now: parent.now, onboarded: false, suspended: false, deleted: false, version: 1, children: [], users: [], contracts: [], sources: [],
			events: [], clashes: 0,
		};
		this.add(this, 'tenants', tenant);
		this.add(parent, 'children', tenant);
		this.event(tenant, 'tenant.create');
		return { status: 303, tenant };
	}

	editProfile(who, tenant, { name, domain, version, valid, madeFor }) {
		const refused = this.refused(who, { tenant, madeFor });
		if (refused)
			return refused;
		const to = who.acting === tenant ? tenant.domain : domain;
		if (!valid)
			return 422;
		if (version !== tenant.version)
			return 409;
		if (name === tenant.name && to === tenant.domain)
			return 303;
		const fault = to === tenant.domain ? null : this.domainFault(who, to, tenant);
		if (fault)
			return fault;
		this.change(tenant, { name, domain: to });
		this.bump(tenant);
		this.event(tenant, 'tenant.update');
		return 303;
	}

	moveCustomer(who, tenant, { parent }) {
		const refused = this.refused(who, { tenant, relation: ({ acting }) => acting !== tenant && tenant.tier === 'customer' && acting.tier === 'distributor' });
		if (refused)
			return refused;
		if (!parent || parent.tier !== 'reseller' || !this.holds(who.acting, parent) || parent === tenant.parent)
			return 422;
		for (const user of tenant.users.filter((one) => one.pending && !one.cancelled && one.invitedBy === tenant.parent))
			this.cancelled(user);
		this.endTokens((token) => token.tenant === tenant && [token.madeBy, token.maker.tenant].includes(tenant.parent));
		this.drop(tenant.parent, 'children', tenant);
		this.set(tenant, 'parent', parent);
		this.add(parent, 'children', tenant);
		this.bump(tenant);
		this.event(tenant, 'tenant.move');
		return 303;
	}

	setSuspended(who, tenant, suspended, madeFor) {
		const refused = this.refused(who, { tenant, madeFor, relation: ({ acting }) => acting !== tenant });
		if (refused)
			return refused;
		if (tenant.suspended !== suspended) {
			this.set(tenant, 'suspended', suspended);
			this.bump(tenant);
			this.event(tenant, suspended ? 'tenant.suspend' : 'tenant.reactivate');
			if (suspended)
				this.endTokens((token) => this.under(tenant, token.tenant));
		}
		return 303;
	}

	deleteCustomer(who, tenant) {
		const refused = this.refused(who, { tenant, relation: ({ acting }) => acting !== tenant && tenant.tier === 'customer' });
		if (refused)
			return refused;
		if (tenant.contracts.some(({ status }) => status === 'active'))
			return 422;
		this.set(tenant, 'deleted', true);
		this.endTokens((token) => token.tenant === tenant);
		this.drop(tenant.parent, 'children', tenant);
		this.bump(tenant);
		this.event(tenant, 'tenant.delete');
		return 303;
	}

	restoreCustomer(who, tenant) {
		const refused = this.refused(who);
		if (refused)
			return refused;
		if (!tenant.deleted || tenant === who.acting || !this.under(who.acting, tenant))
			return 404;
		this.set(tenant, 'deleted', false);
		this.add(tenant.parent, 'children', tenant);
		this.bump(tenant);
		this.event(tenant, 'tenant.restore');
		return 303;
	}

	// ---- users ----

	emailFault(who, email, user = null) {
		const holder = this.users.find((one) => one.email === email && !one.deleted && one !== user);
		if (!holder)
			return user?.email === email ? null : this.spent(who);
		return this.holds(who.acting, holder.tenant) ? 422 : this.clash(who);
	}

	invite(who, tenant, values) {
		const refused = this.refused(who, { tenant });
		if (refused)
			return { status: refused };
		const child = tenant.tier === 'customer' ? 'none' : values.child;
		if (!values.valid || RANK[child] > RANK[who.child])
			return { status: 422 };
		const fault = this.emailFault(who, values.email);
		if (fault)
			return { status: fault };
		const { email, first, last, job, role } = values;
		const user = {
			n: ++this.numbers, id: null, tenant, email, first, last, name: `${first} ${last}`, job, role, child, version: 1, active: false, pending: true,
			gone: false, deleted: false, cancelled: false, disabled: false, expired: false, invitedBy: who.acting, password: null,
			invitedHere: true, link: 1,
		};
		this.add(this, 'users', user);
		this.add(tenant, 'users', user);
		this.event(tenant, 'user.invite');
		this.settle(tenant);
		return { status: 303, user };
	}

	lastAdmin(user) {
		return user.role === 'admin' && user.active && !user.tenant.users.some((one) => one !== user && one.role === 'admin' && one.active && !one.deleted);
	}

	// The checks of what is done to a user; 404 when it is gone.
	userRefused(who, user, madeFor) {
		return this.refused(who, { tenant: user.tenant, madeFor }) ?? (user.deleted ? 404 : null);
	}

	editUser(who, user, values) {
		const refused = this.userRefused(who, user, values.madeFor);
		if (refused)
			return refused;
		const child = user.tenant.tier === 'customer' ? user.child : values.child, own = user === who.user;
		if (!values.valid || (RANK[child] > RANK[who.child] && child !== user.child && RANK[child] > RANK[user.child]))
			return 422;
		if (values.version !== user.version)
			return 409;
		if ((own && (values.role !== user.role || child !== user.child)) || (values.role !== 'admin' && this.lastAdmin(user)) ||
			(child !== user.child && RANK[child] > RANK[who.child]) || (values.email !== user.email && !own && RANK[user.child] > RANK[who.child]))
			return 422;
		const fault = this.emailFault(who, values.email, user);
		if (fault)
			return fault;
		const again = user.pending && !user.cancelled && values.email !== user.email;
		const { email, first, last, job, role } = values;
		this.change(user, { email, first, last, job, role, name: `${first} ${last}`, child });
		this.bump(user);
		this.endTokens((token) => token.maker === user && !this.mayMake(user, token.tenant));
		this.event(user.tenant, 'user.update');
		if (again)
			this.invited(who, user);
		this.settle(user.tenant);
		return 303;
	}

	invited(who, user) {
		this.change(user, { expired: false, cancelled: false, gone: false, invitedBy: who.acting, invitedHere: true, link: (user.link ?? 0) + 1 });
		this.bump(user);
	}

	cancelled(user) {
		this.change(user, { cancelled: true, gone: true });
		this.bump(user);
	}

	resend(who, user) {
		const refused = this.userRefused(who, user);
		if (refused)
			return refused;
		if (!user.pending || RANK[user.child] > RANK[who.child])
			return 422;
		this.invited(who, user);
		this.event(user.tenant, 'user.resend');
		this.settle(user.tenant);
		return 303;
	}

	cancel(who, user) {
		const refused = this.userRefused(who, user);
		if (refused)
			return refused;
		if (!user.pending)
			return 422;
		if (!user.cancelled) {
			this.cancelled(user);
			this.event(user.tenant, 'user.cancel');
		}
		return 303;
	}

	deleteUser(who, user) {
		const refused = this.userRefused(who, user);
		if (refused)
			return refused;
		if (user === who.user || this.lastAdmin(user))
			return 422;
		this.change(user, { deleted: true, gone: true });
		this.drop(user.tenant, 'users', user);
		this.endTokens((token) => token.maker === user);
		this.event(user.tenant, 'user.delete');
		return 303;
	}

	// LINK: which one of the user's; each new one kills the one before.
	accept(user, link, password, valid) {
		if (link !== user.link || user.deleted || !user.pending || user.cancelled || user.expired || this.barred(user.tenant))
			return { status: 404 };
		if (!valid)
			return { status: 422 };
		this.change(user, { pending: false, active: true, password });
		this.bump(user);
		this.event(user.tenant, 'user.activate');
		this.settle(user.tenant);
		return { status: 303, session: this.begin(user) };
	}

	// ---- sessions ----

	begin(user) {
		const session = { n: ++this.numbers, user, acting: null, ended: false, client: null };
		this.add(this, 'sessions', session);
		return session;
	}

	login(user, right) {
		const open = right && user.active && !user.deleted && !user.disabled && !this.barred(user.tenant);
		return open ? { status: 303, session: this.begin(user) } : { status: 422 };
	}

	logout(session) {
		if (!this.who(session))
			return LOGIN;
		this.set(session, 'ended', true);
		return 303;
	}

	// TENANT null: home.
	switchTo(session, tenant) {
		const who = this.who(session);
		if (!who)
			return LOGIN;
		if (tenant && who.child === 'none')
			return 403;
		if (tenant && !this.holds(who.home, tenant))
			return 404;
		this.set(session, 'acting', tenant === who.home ? null : tenant);
		if (tenant && tenant !== who.home)
			this.event(tenant, 'tenant.enter');
		return 303;
	}

	state(user) {
		return user.disabled ? 'Disabled' : !user.pending ? 'Active' : user.cancelled ? 'Cancelled' : user.expired ? 'Expired' : 'Invited';
	}
}
