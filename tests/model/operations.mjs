// The table of operations: each row draws an act from the state of the world, so that the same seed draws the same ones. An act says
// which form is sent by which session, what it touches (acts that touch the same wait for each other), and what the world
// answers to it. Customers, users and sessions are here, with their rules in world.mjs; contracts, sources and the account page have files of their own.
import { strict as assert } from 'node:assert';
import { jsonTenant } from '../lib/model.mjs';
import { ACCOUNT_OPERATIONS } from './account.mjs';
import { CONTRACT_OPERATIONS } from './contracts.mjs';
import { Touched, at } from './draw.mjs';
import { SOURCE_OPERATIONS } from './sources.mjs';

const ofUser = (user, part = '') => `${at(user.tenant, 'users')}/${user.id}${part && `/${part}`}`;

function add(draw) {
	const { world } = draw, session = draw.session(), acting = session.acting ?? session.user.tenant;
	const resellers = world.scope(acting).filter((one) => one.tier === 'reseller').length;
	// Resellers stay for ever: some are enough.
	const parent = draw.tenant(session, (one) => one.tier === 'reseller' || (one.tier === 'distributor' && resellers < 20)) ?? acting;
	const { typed, domain, valid } = draw.domain(), name = draw.chance(2) ? '' : draw.name(), touched = draw.touched(session, parent);
	draw.domainTouched(touched, session, domain);
	const act = {
		name: 'add', session, touched, once: true, page: () => '/customers/new', path: () => '/customers/new',
		about: `"${name}" (${typed}) below "${parent.name}"`,
		fields: () => ({ parent: parent.deleted ? '0123456789' : parent.id, name, domain: typed }),
		expect(who) {
			const { status, tenant } = world.addCustomer(who, { parent: parent.deleted ? null : parent, name, domain, valid: valid && name !== '' });
			act.made = tenant;
			return status;
		},
		async done(answer) {
			act.made.id = /^\/customers\/([A-Z0-9]{1,26})\/admin$/.exec(answer.location)?.[1];
			assert.ok(act.made.id, `it leads to the second step: ${answer.location}`);
			world.byId.set(act.made.id, act.made);
		},
		makes: () => (act.made ? [`place ${act.made.n}`, `profile ${act.made.n}`, `users ${act.made.n}`, `suspended ${act.made.n}`] : []),
	};
	return act;
}

const personFields = ({ typed, first, last, job, role, child }, tenant, second) => ({
	email: typed, first_name: first, last_name: last, job_function: job, ...(second ? {} : { role }),
	...(tenant.tier === 'customer' ? {} : { child_role: child }),
});

function invite(draw, second) {
	const { world } = draw, session = draw.session(), tenant = draw.tenant(session), values = draw.person();
	const part = second ? 'admin' : 'users', touched = draw.touched(session, tenant).x(`users ${tenant.n}`);
	draw.emailTouched(touched, session, values.email);
	if (second)
		values.role = 'admin';
	const act = {
		name: second ? 'admin' : 'invite', session, touched, once: true, page: () => at(tenant, part), path: () => at(tenant, part),
		about: `${values.typed} as ${values.role}, ${values.child} to "${tenant.name}"`, fields: () => personFields(values, tenant, second),
		expect(who) {
			const { status, user } = world.invite(who, tenant, values);
			act.made = user;
			return status;
		},
		async done(answer, instance) {
			assert.equal(answer.location, second ? at(tenant) : at(tenant, 'users'));
			[[act.made.id]] = await instance.sql(`SELECT public_id FROM user_account WHERE email = '${act.made.email}'`);
		},
	};
	return act;
}

function profile(draw) {
	const { world } = draw, session = draw.session(), tenant = draw.tenant(session), same = draw.chance(5);
	const { typed, domain, valid } = same || draw.chance(60) ? { typed: tenant.domain, domain: tenant.domain, valid: true } : draw.domain();
	const name = same ? tenant.name : draw.chance(2) ? '' : draw.name(), late = draw.chance(5) ? 1 : 0, touched = draw.touched(session, tenant).x(`profile ${tenant.n}`, `domain ${tenant.domain}`);
	draw.domainTouched(touched, session, domain);
	const act = {
		name: 'profile', session, touched, page: () => at(tenant), path: () => at(tenant), about: `"${tenant.name}" to "${name}" (${typed})${late ? ', late' : ''}`,
		fields: () => ({ name, ...((session.acting ?? session.user.tenant) === tenant ? {} : { domain: typed }), version: String(act.read - late) }),
		version: () => tenant.version,
		expect: (who) => world.editProfile(who, tenant, { name, domain, version: act.read - late,
			valid: (valid || who?.acting === tenant) && name !== '' }),
	};
	return act;
}

function move(draw) {
	const { world } = draw, session = draw.session((one) => (one.acting ?? one.user.tenant).tier === 'distributor'), tenant = draw.tenant(session, (one) => one.tier === 'customer');
	if (!tenant)
		return null;
	const root = world.distributor(tenant), resellers = root.children, parent = draw.chance(92) ? draw.pick(resellers) : draw.pick(world.tenants);
	const touched = draw.touched(session, tenant).x(`place ${tenant.n}`, `profile ${tenant.n}`, `users ${tenant.n}`).s(`place ${parent.n}`, `place ${tenant.parent?.n}`);
	return {
		name: 'move', session, touched, page: () => `${at(tenant, 'move')}?parent=${parent.id}`, path: () => at(tenant, 'move'),
		about: `"${tenant.name}" to "${parent.name}"`, fields: () => ({ parent: parent.id }),
		expect: (who) => world.moveCustomer(who, tenant, { parent: parent.deleted ? null : parent }),
	};
}

function simple(name, part, perform, { page = part, keys, fits = () => true, needs = null }) {
	return (draw) => {
		const session = draw.session(), tenant = draw.tenant(session, fits);
		if (!tenant)
			return null;
		const touched = draw.touched(session, tenant).x(...keys.map((key) => `${key} ${tenant.n}`)).s(...(needs ? needs(tenant) : []));
		return {
			name, session, touched, page: page && (() => at(tenant, page)), path: () => at(tenant, part), about: `"${tenant.name}"`, fields: () => ({}),
			expect: (who) => perform(draw.world, who, tenant),
		};
	};
}

function restore(draw) {
	const { world } = draw, session = draw.session(), acting = session.acting ?? session.user.tenant;
	const all = world.tenants.filter((one) => one.deleted), below = all.filter((one) => world.under(acting, one)), deleted = below.length && draw.chance(85) ? below : all;
	const tenant = draw.only ?? (deleted.length && draw.chance(90) ? draw.pick(deleted) : draw.tenant(session));
	const touched = draw.touched(session, tenant).x(...['place', 'profile', 'users'].map((key) => `${key} ${tenant.n}`)).s(`place ${tenant.parent?.n}`);
	return { name: 'restore', session, touched, page: null, path: () => at(tenant, 'restore'), about: `"${tenant.name}"`, fields: () => ({}), expect: (who) => world.restoreCustomer(who, tenant) };
}

function editUser(draw) {
	const { world } = draw, session = draw.session(), user = draw.user(session);
	if (!user)
		return null;
	const values = draw.person(), keep = draw.chance(60), late = draw.chance(5) ? 1 : 0;
	if (keep)
		Object.assign(values, { typed: user.email, email: user.email, valid: values.last !== '' });
	if (draw.chance(60))
		Object.assign(values, { role: user.role, child: user.child });
	const touched = draw.touched(session, user.tenant).x(`users ${user.tenant.n}`, `mail ${user.email}`);
	draw.emailTouched(touched, session, values.email);
	const act = {
		name: 'edit user', session, touched, page: () => ofUser(user), path: () => ofUser(user), version: () => user.version,
		about: `${user.email} to ${values.typed}, ${values.role}, ${values.child}${late ? ', late' : ''}`,
		fields: () => ({ ...personFields(values, user.tenant), version: String(act.read - late) }),
		expect: (who) => world.editUser(who, user, { ...values, version: act.read - late }),
	};
	return act;
}

function userAction(name, part, perform, { page, once = false, fits }) {
	return (draw) => {
		const session = draw.session(), user = draw.user(session, draw.chance(85) ? fits : () => true);
		if (!user)
			return null;
		return {
			name, session, touched: draw.touched(session, user.tenant).x(`users ${user.tenant.n}`, `mail ${user.email}`), once, about: `${user.email} of "${user.tenant.name}"`,
			page: () => ofUser(user, page), path: () => ofUser(user, part), fields: () => ({}), expect: (who) => perform(draw.world, who, user),
		};
	};
}

const chainTouched = (touched, world, tenant) => touched.s(...[...world.above(tenant)].flatMap((one) => [`place ${one.n}`, `suspended ${one.n}`]));

// By the link of the mail; the links of those who cannot any more are dead.
function accept(draw) {
	const { world } = draw, open = (one) => one.pending && !one.cancelled && !one.expired && one.invitedHere && !world.barred(one.tenant);
	const users = draw.only ? draw.only.users : world.users, wanted = users.filter(draw.chance(85) ? open : (one) => one.invitedHere);
	if (!wanted.length)
		return null;
	const user = draw.pick(wanted), valid = !draw.chance(3), password = valid ? `correct horse ${user.n}` : 'short';
	const act = {
		name: 'accept', kind: 'accept', user, password, version: () => user.link, about: `${user.email} of "${user.tenant.name}"${valid ? '' : ', short'}`,
		touched: chainTouched(new Touched().x(`users ${user.tenant.n}`), world, user.tenant),
		expect() {
			const { status, session } = world.accept(user, act.read, password, valid);
			act.made = session;
			return status;
		},
		makes: () => (act.made ? [`session ${act.made.n}`] : []),
	};
	return act;
}

function login(draw) {
	const { world } = draw, known = world.users.filter((one) => one.password && one.active);
	const above = known.filter((one) => one.tenant.tier !== 'customer');
	const user = draw.pick(draw.chance(70) ? above : known), right = !draw.chance(5);
	const act = {
		name: 'login', kind: 'login', user, right, about: `${user.email}${right ? '' : ', wrong password'}`,
		touched: chainTouched(new Touched().s(`users ${user.tenant.n}`), world, user.tenant),
		expect() {
			const { status, session } = world.login(user, right);
			act.made = session;
			return status;
		},
		makes: () => (act.made ? [`session ${act.made.n}`] : []),
	};
	return act;
}

function logout(draw) {
	const session = draw.session();
	return { name: 'logout', session, touched: draw.touched(session), page: null, path: () => '/logout', about: '', fields: () => ({}),
		expect() {
			draw.world.logout(session);
			return 303;
		} };
}

// Home, or a tenant below it.
function switchTo(draw) {
	const { world } = draw, session = draw.session(), home = session.user.tenant, inside = world.scope(home);
	const tenant = draw.chance(30) ? null : draw.chance(90) ? draw.pick(draw.chance(60) ? inside.filter((one) => one.tier !== 'customer') : inside) ?? null : draw.pick(world.tenants), touched = draw.touched(session, tenant);
	return {
		name: 'switch', session, touched, page: null, path: () => '/switch', about: tenant ? `to "${tenant.name}"` : 'home',
		fields: () => ({ tenant: tenant?.id ?? '' }), expect: () => world.switchTo(session, tenant),
	};
}

function stale(draw) {
	const { world } = draw, session = draw.session(), home = session.user.tenant, from = session.acting ?? home;
	const to = draw.pick(world.scope(home)), tenant = draw.pick(world.scope(from));
	const act = {
		name: 'stale', session, touched: draw.touched(session, tenant).s(`place ${to.n}`).x(`suspended ${tenant.n}`, `profile ${tenant.n}`), about: `suspend "${tenant.name}" after a switch to "${to.name}"`,
		kind: 'stale', to: () => to.id, path: () => at(tenant, 'suspend'), fields: () => ({}),
		expect(who) {
			act.switched = world.switchTo(session, to);
			return world.setSuspended(world.who(session), tenant, true, who?.acting);
		},
	};
	return act;
}

// What one session sees of one tenant.
function look(draw) {
	const { world } = draw, session = draw.session(), tenant = draw.tenant(session);
	const touched = draw.touched(session, tenant).s(...['profile', 'users', 'suspended', 'contracts', 'sources'].map((key) => `${key} ${tenant.n}`));
	const act = {
		name: 'look', kind: 'get', session, touched, path: () => `${at(tenant)}.json`, about: `at "${tenant.name}"`,
		expect(who) {
			act.row = who && world.holds(who.acting, tenant) ? jsonTenant(world.row(who.acting, tenant)) : null;
			return !who ? 401 : act.row ? 200 : 404;
		},
		done({ json }) {
			// Figures of a whole subtree may be on their way.
			const without = ({ source, created, ...rest }) => (tenant.tier === 'customer' && tenant.createdAt ? { source, created, ...rest } : rest);
			assert.deepEqual(without(json), without({ ...act.row, id: tenant.id, parentId: act.row.parentId === null ? null : tenant.parent.id }));
		},
	};
	return act;
}

const live = (one) => !one.deleted;

// WEIGHT: how often it is drawn; RACE: at once with others on the same tenant.
export const OPERATIONS = [
	{ name: 'add', weight: 20, draw: add },
	{ name: 'admin', weight: 7, race: true, draw: (draw) => invite(draw, true) },
	{ name: 'invite', weight: 8, race: true, draw: (draw) => invite(draw, false) },
	{ name: 'profile', weight: 12, race: true, draw: profile },
	{ name: 'move', weight: 6, race: true, draw: move },
	{ name: 'suspend', weight: 2, race: true, draw: simple('suspend', 'suspend', (world, who, tenant) => world.setSuspended(who, tenant, true),
		{ keys: ['suspended', 'profile'], fits: (one) => live(one) && one.tier === 'customer' }) },
	{ name: 'suspend reseller', weight: 1, draw: simple('suspend', 'suspend', (world, who, tenant) => world.setSuspended(who, tenant, true), { keys: ['suspended', 'profile'] }) },
	{ name: 'reactivate', weight: 5, race: true, draw: simple('reactivate', 'reactivate', (world, who, tenant) => world.setSuspended(who, tenant, false),
		{ keys: ['suspended', 'profile'], page: null, fits: (one) => one.suspended }) },
	{ name: 'delete', weight: 5, race: true, draw: simple('delete', 'delete', (world, who, tenant) => world.deleteCustomer(who, tenant),
		{ keys: ['place', 'profile', 'users'], fits: (one) => one.tier === 'customer', needs: (tenant) => [`place ${tenant.parent?.n}`] }) },
	{ name: 'restore', weight: 2, race: true, draw: restore },
	{ name: 'edit user', weight: 9, race: true, draw: editUser },
	{ name: 'resend', weight: 3, race: true, draw: userAction('resend', 'resend', (world, who, user) => world.resend(who, user), { page: '', once: true, fits: (one) => one.pending }) },
	{ name: 'cancel', weight: 2, race: true, draw: userAction('cancel', 'cancel', (world, who, user) => world.cancel(who, user), { page: 'cancel', fits: (one) => one.pending && !one.cancelled }) },
	{ name: 'delete user', weight: 5, race: true, draw: userAction('delete user', 'delete', (world, who, user) => world.deleteUser(who, user), { page: 'delete', fits: () => true }) },
	{ name: 'accept', weight: 9, race: true, draw: accept },
	{ name: 'login', weight: 4, draw: login },
	{ name: 'logout', weight: 2, draw: logout },
	{ name: 'switch', weight: 6, draw: switchTo },
	{ name: 'stale', weight: 1, draw: stale },
	{ name: 'look', weight: 8, draw: look },
	...CONTRACT_OPERATIONS, ...SOURCE_OPERATIONS, ...ACCOUNT_OPERATIONS,
];
