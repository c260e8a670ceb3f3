// Billing sources, the API tokens that pipelines report with, and the runs that they report: rules, forms, and where they are seen.
import { strict as assert } from 'node:assert';
import { Source } from '../lib/model.mjs';
import { Touched, at } from './draw.mjs';

const HOUR = 3600e3, SECRET = /tenantry_[\w-]{43}/;

// ---- rules ----

// An account is connected once within a distributor.
function accountFault(world, who, account, source = null) {
	const root = world.distributor(who.acting), all = world.tenants.flatMap(({ sources }) => sources);
	const holder = all.find((one) => one.connected && one.account === account && one !== source && world.distributor(one.tenant) === root);
	if (holder && world.under(who.acting, holder.tenant))
		return 422;
	return holder ? world.clash(who) : world.spent(who);
}

const isValid = ({ account, report, location }) => /^\d{12}$/.test(account) && report !== '' && location.startsWith('s3://');

function connect(world, who, tenant, values) {
	const refusal = world.refused(who, { tenant });
	if (refusal)
		return { status: refusal };
	if (!isValid(values))
		return { status: 422 };
	const fault = accountFault(world, who, values.account);
	if (fault)
		return { status: fault };
	const source = new Source(tenant, { id: null, version: 1, connected: true, ...values });
	world.add(tenant, 'sources', source);
	world.event(tenant, 'source.connect');
	world.settle(tenant);
	return { status: 303, source };
}

function editSource(world, who, source, values, version) {
	const refusal = world.refused(who, { tenant: source.tenant }) ?? (source.connected ? null : 404);
	if (refusal)
		return refusal;
	if (!isValid(values))
		return 422;
	if (version !== source.version)
		return 409;
	const fault = values.account === source.account ? null : accountFault(world, who, values.account, source);
	if (fault)
		return fault;
	world.change(source, { ...values, version: version + 1 });
	world.event(source.tenant, 'source.update');
	return 303;
}

function disconnect(world, who, source) {
	const refusal = world.refused(who, { tenant: source.tenant }) ?? (source.connected ? null : 404);
	if (refusal)
		return refusal;
	world.change(source, { connected: false, version: source.version + 1 });
	world.event(source.tenant, 'source.disconnect');
	return 303;
}

function makeToken(world, who, tenant, { name, scope }) {
	const refusal = world.refused(who, { tenant });
	if (refusal)
		return { status: refusal };
	if (name === '')
		return { status: 422 };
	const token = { n: ++world.numbers, id: null, secret: null, tenant, name, scope, maker: who.user, madeBy: who.acting, ended: null };
	world.add(world, 'tokens', token);
	world.event(tenant, 'token.create');
	return { status: 200, token };
}

function revokeToken(world, who, token) {
	const refusal = world.refused(who, { tenant: token.tenant });
	if (refusal)
		return refusal;
	if (!token.ended) {
		world.set(token, 'ended', 'Revoked');
		world.event(token.tenant, 'token.revoke');
	}
	return 303;
}

// A run of the source that has the account in the token's scope; one that began at the same instant is that one.
function report(world, token, account, run, valid) {
	if (token.ended || world.barred(token.tenant))
		return { status: 401 };
	if (token.scope === 'read')
		return { status: 403 };
	const source = world.scope(token.tenant).flatMap(({ sources }) => sources).find((one) => one.connected && one.account === account);
	if (!source)
		return { status: 404 };
	if (!valid)
		return { status: 422 };
	const others = source.runs.filter(({ started }) => started !== run.started), again = others.length < source.runs.length;
	world.set(source, 'runs', [...others, run]);
	world.settle(source.tenant);
	return { status: again ? 200 : 201, source };
}

// ---- forms ----

// Onboarding hangs on sources and runs: who touches one has all facts of its tenant alone.
const touched = (draw, session, tenant) => draw.touched(session, tenant).x(`sources ${tenant.n}`, `users ${tenant.n}`);

// Who has an account must stay where it is.
function accountTouched(touches, { world }, session, account) {
	touches.x(`account ${account}`, `clash ${(session.acting ?? session.user.tenant).n}`);
	for (const { tenant } of holders(world, account))
		touches.s(`place ${tenant.n}`, `sources ${tenant.n}`);
}

const holders = (world, account) => world.tenants.flatMap(({ sources }) => sources).filter((one) => one.connected && one.account === account);

function values(draw) {
	const taken = draw.world.tenants.flatMap(({ sources }) => sources), kind = draw.random(100);
	const account = draw.only?.accountOfRace ?? (kind < 2 ? '1234' : kind < 8 ? draw.pick(taken).account : String(500000000000 + draw.game.seed % 1e6 * 1e5 + ++draw.game.freshNumber));
	return { account, report: draw.chance(2) ? '' : draw.pick(['cur-daily', 'CUR <hourly>', '=report']), location: draw.chance(3) ? 'ftp://here' : 's3://billing-bucket/cur' };
}

function add(draw) {
	const { world } = draw, session = draw.session(), tenant = draw.tenant(session, (one) => one.sources.length < 8);
	if (!tenant)
		return null;
	const facts = values(draw), touches = touched(draw, session, tenant), path = () => at(tenant, 'sources');
	accountTouched(touches, draw, session, facts.account);
	const act = {
		name: 'connect', session, touched: touches, once: true, page: path, path, about: `${facts.account} to "${tenant.name}"`, fields: () => facts,
		expect(who) {
			const { status, source } = connect(world, who, tenant, facts);
			act.made = source;
			return status;
		},
		async done(answer, instance) {
			assert.equal(answer.location, at(tenant, 'sources'));
			[[act.made.id]] = await instance.sql(`SELECT s.public_id FROM billing_source s JOIN tenant t ON t.id = s.tenant_id WHERE s.account = '${facts.account}' AND t.public_id = '${tenant.id}' AND s.live = 1`);
		},
	};
	return act;
}

function pickSource(draw, session) {
	const fits = draw.chance(95) ? ({ connected }) => connected : () => true, tenant = draw.tenant(session, (one) => one.sources.some(fits));
	const sources = tenant?.sources.filter(fits) ?? [];
	return sources.length ? draw.pick(sources) : null;
}

const ofSource = (source, part = '') => at(source.tenant, `sources/${source.id}${part && `/${part}`}`);

function edit(draw) {
	const session = draw.session(), source = pickSource(draw, session);
	if (!source)
		return null;
	const { account, ...rest } = values(draw), facts = { ...rest, account: draw.chance(50) ? source.account : account }, late = draw.chance(5) ? 1 : 0;
	const touches = touched(draw, session, source.tenant).x(`account ${source.account}`);
	accountTouched(touches, draw, session, facts.account);
	const act = {
		name: 'edit source', session, touched: touches, page: () => ofSource(source), path: () => ofSource(source), version: () => source.version,
		about: `${source.account} to ${facts.account} of "${source.tenant.name}"${late ? ', late' : ''}`, fields: () => ({ ...facts, version: String(act.read - late) }),
		expect: (who) => editSource(draw.world, who, source, facts, act.read - late),
	};
	return act;
}

function remove(draw) {
	const session = draw.session(), source = pickSource(draw, session);
	return source && {
		name: 'disconnect', session, touched: touched(draw, session, source.tenant).x(`account ${source.account}`), about: `${source.account} of "${source.tenant.name}"`,
		page: () => ofSource(source, 'disconnect'), path: () => ofSource(source, 'disconnect'), fields: () => ({}), expect: (who) => disconnect(draw.world, who, source),
	};
}

function token(draw) {
	const { world } = draw, session = draw.session(), tenant = draw.tenant(session), name = draw.chance(3) ? '' : `token ${draw.game.fresh()}`;
	const scope = draw.pick(['ingest', 'ingest', 'write', 'read']), path = () => at(tenant, 'tokens');
	const act = {
		name: 'token', session, touched: draw.touched(session, tenant).x(`tokens ${tenant.n}`), once: true, page: path, path, about: `"${name}", ${scope}, of "${tenant.name}"`, fields: () => ({ name, scope }),
		expect(who) {
			const { status, token: made } = makeToken(world, who, tenant, { name, scope });
			act.made = made;
			return status;
		},
		async done(answer, instance) {
			act.made.secret = SECRET.exec(answer.body)?.[0];
			assert.ok(act.made.secret, 'the token is shown');
			[[act.made.id]] = await instance.sql(`SELECT public_id FROM api_token WHERE token_hash = UNHEX(SHA2('${act.made.secret}', 256))`);
		},
	};
	return act;
}

function revoke(draw) {
	const session = draw.session(), tenant = draw.tenant(session, (one) => draw.world.tokens.some((made) => made.tenant === one && !made.ended));
	const tokens = draw.world.tokens.filter((one) => one.tenant === tenant), path = (one) => at(one.tenant, `tokens/${one.id}/revoke`);
	if (!tokens.length)
		return null;
	const one = draw.pick(tokens);
	return {
		name: 'revoke', session, touched: draw.touched(session, tenant).x(`tokens ${tenant.n}`), page: () => path(one), path: () => path(one), about: `"${one.name}" of "${tenant.name}"`,
		fields: () => ({}), expect: (who) => revokeToken(draw.world, who, one),
	};
}

// A run as a pipeline reports it: of today or of days ago, new or once more, at times of a source elsewhere.
function run(draw) {
	const { world } = draw, open = world.tokens.filter((one) => one.scope !== 'read' && !one.ended && !world.barred(one.tenant)), all = open.length && draw.chance(88) ? open : world.tokens;
	const by = all.length ? draw.pick(all) : null, inside = by ? world.scope(by.tenant).flatMap(({ sources }) => sources).filter(({ connected }) => connected) : [];
	const sources = inside.length && draw.chance(92) ? inside : world.tenants.flatMap((one) => one.sources);
	if (!by || !sources.length)
		return null;
	const source = draw.pick(sources), known = source.runs.length && draw.chance(20) ? draw.pick(source.runs).started : null;
	const started = known ?? source.tenant.now - (draw.chance(75) ? 1 + draw.random(38) : 60 + draw.random(200)) * HOUR - draw.random(HOUR);
	const finished = draw.chance(6) ? null : started + draw.random(HOUR / 2), valid = !draw.chance(3), status = draw.pick(['success', 'success', 'warning', 'failed']);
	const tenants = [source, ...holders(world, source.account)].map(({ tenant }) => tenant), touches = new Touched();
	touches.x(...tenants.flatMap((one) => [`sources ${one.n}`, `users ${one.n}`])).s(`tokens ${by.tenant.n}`, `users ${by.maker.tenant.n}`, `account ${source.account}`);
	for (const tenant of [by.tenant, ...tenants].flatMap((one) => [...world.above(one)]))
		touches.s(`place ${tenant.n}`, `suspended ${tenant.n}`);
	const act = {
		name: 'run', kind: 'api', once: true, reused: 422, secret: () => by.secret, touched: touches, path: () => `/api/v1/sources/${source.account}/runs`,
		about: `of ${source.account} of "${source.tenant.name}", ${finished === null ? 'running' : status}, by "${by.name}" of "${by.tenant.name}"`,
		fields: () => ({ started: new Date(started).toISOString(), finished: finished === null ? null : new Date(finished).toISOString(), ...(valid ? { status } : { status: 'well' }), rows: 7, period: '2026-11', message: '' }),
		expect: () => report(world, by, source.account, { started, finished, status: finished === null ? null : status }, valid).status,
	};
	return act;
}

export const SOURCE_OPERATIONS = [
	{ name: 'connect', weight: 8, race: true, draw: add },
	{ name: 'edit source', weight: 4, race: true, draw: edit },
	{ name: 'disconnect', weight: 3, race: true, draw: remove },
	{ name: 'token', weight: 5, draw: token },
	{ name: 'revoke', weight: 2, draw: revoke },
	{ name: 'run', weight: 16, draw: run },
];

// ---- what is seen ----

const byKey = (key) => (a, b) => (a[key] < b[key] ? -1 : 1);

export async function compareSources(client, world, tenant) {
	const { sources } = (await client.get(at(tenant, 'sources.json'))).json, { tokens } = (await client.get(at(tenant, 'tokens.json'))).json;
	const latest = ({ runs }) => runs.reduce((last, one) => (last && last.started > one.started ? last : one), null);
	assert.deepEqual(sources.map(({ id, account, report: name, location, state, lastRun }) => ({ id, account, report: name, location, state, last: lastRun && lastRun.status })),
		tenant.sources.filter(({ connected }) => connected).sort(byKey('account')).map((source) => ({
			id: source.id, account: source.account, report: source.report, location: source.location, state: source.state, last: latest(source) && latest(source).status })),
		`sources of "${tenant.name}"`);
	assert.deepEqual(tokens.map(({ id, name, scope, state }) => ({ id, name, scope, state })).sort(byKey('id')),
		world.tokens.filter((one) => one.tenant === tenant).map(({ id, name, scope, ended }) => ({ id, name, scope, state: ended ?? 'Active' })).sort(byKey('id')),
		`API tokens of "${tenant.name}"`);
}
