// The account page: the own profile, how lists look, the password, the other sessions. It belongs to the home user, whatever the session acts as.
import { strict as assert } from 'node:assert';
import { LOGIN } from './world.mjs';

// ---- rules ----

function editOwn(world, who, { first, last, job, valid }, version) {
	if (!who)
		return LOGIN;
	const { user } = who;
	if (!valid)
		return 422;
	if (version !== user.version)
		return 409;
	world.change(user, { first, last, job, name: `${first} ${last}`, version: version + 1 });
	world.event(user.tenant, 'user.update');
	return 303;
}

// Those that the model has let go of are there still.
function endOthers(world, session) {
	const { user } = session, others = world.sessions.filter((one) => one.user === user && one !== session && !one.ended), some = others.length + (user.forgotten ?? 0) > 0;
	others.forEach((one) => world.set(one, 'ended', true));
	world.set(user, 'forgotten', 0);
	return some;
}

function changePassword(world, session, { present, password }) {
	const who = world.who(session);
	if (!who)
		return LOGIN;
	if (present !== who.user.password || password.length < 8)
		return 422;
	endOthers(world, session);
	world.set(who.user, 'password', password);
	world.event(who.home, 'user.password');
	return 303;
}

function logOutElsewhere(world, session) {
	const who = world.who(session);
	if (!who)
		return LOGIN;
	if (endOthers(world, session))
		world.event(who.home, 'session.revoke');
	return 303;
}

// ---- forms ----

const page = () => '/account';
// All sessions of a user hang on its tenant's users.
const touched = (draw, session) => draw.touched(session).x(`users ${session.user.tenant.n}`);

function profile(draw) {
	const session = draw.session(), { first, last, job } = draw.person(), valid = last !== '', late = draw.chance(5) ? 1 : 0;
	const act = {
		name: 'own profile', session, touched: touched(draw, session), page, path: page, version: () => session.user.version, about: `to ${first} ${last}${late ? ', late' : ''}`,
		fields: () => ({ first_name: first, last_name: last, job_function: job, version: String(act.read - late) }),
		expect: (who) => editOwn(draw.world, who, { first, last, job, valid }, act.read - late),
	};
	return act;
}

function view(draw) {
	const session = draw.session(), valid = !draw.chance(5), density = valid ? draw.pick(['compact', 'standard', 'comfortable']) : 'none', limit = draw.pick(['25', '50', '100', '200']);
	const columns = draw.pick(['contract', 'contract,status,end', 'contract,customer,tier,version,status,start,end,renewal,entitlement']);
	return {
		name: 'view', session, touched: touched(draw, session), page: null, path: () => '/account/view', about: `${density}, ${limit}, ${columns}`, fields: () => ({ list: 'contracts', density, limit, columns }),
		expect: (who) => (!who ? LOGIN : valid ? 303 : 422),
		async done() {
			const { xml } = await session.client.get('/account.xml'), list = xml.all('columns').find((one) => one.attr('list') === 'contracts');
			const shown = list.all('column').filter((one) => one.attr('shown') === 'yes').map((one) => one.attr('name'));
			assert.deepEqual([xml.one('view').attr('density'), xml.one('view').attr('limit'), shown.join(',')], [density, limit, columns], 'what was set');
		},
	};
}

function password(draw) {
	const session = draw.session(), { user } = session, right = !draw.chance(20), fresh = draw.chance(10) ? 'short' : `a new pass phrase ${draw.game.fresh()}`;
	if (user.kept || !user.password)
		return null;
	const present = right ? user.password : 'not this one';
	return {
		name: 'password', session, patient: true, touched: touched(draw, session), page, path: () => '/account/password', about: `of ${user.email}${right ? '' : ', the present one wrong'}`,
		fields: () => ({ present_password: present, password: fresh }), expect: () => changePassword(draw.world, session, { present, password: fresh }),
	};
}

function elsewhere(draw) {
	const session = draw.session(), path = () => '/account/sessions/revoke';
	return session.user.kept ? null : {
		name: 'log out elsewhere', session, touched: touched(draw, session), page: path, path, about: '', fields: () => ({}), expect: () => logOutElsewhere(draw.world, session),
	};
}

export const ACCOUNT_OPERATIONS = [
	{ name: 'own profile', weight: 4, draw: profile },
	{ name: 'view', weight: 3, draw: view },
	{ name: 'password', weight: 1, draw: password },
	{ name: 'log out elsewhere', weight: 1, draw: elsewhere },
];
