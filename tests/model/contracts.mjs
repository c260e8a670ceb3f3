// Contracts: who makes them, what refuses a form, what two of them forbid each other; their forms, and where they are seen.
import { strict as assert } from 'node:assert';
import { Contract, contractSeen, daysLater } from '../lib/model.mjs';
import { at } from './draw.mjs';

const LAST = '9999-12-31';

// ---- rules ----

// The direct parent; a distributor makes its own base contract itself.
const isMaker = (tenant) => ({ acting }) => acting === (tenant.tier === 'distributor' ? tenant : tenant.parent);

// The checks before a form's fields.
function refused(world, who, contract) {
	const refusal = world.refused(who, { tenant: contract.tenant });
	if (refusal)
		return refusal;
	return !contractSeen(who.acting, contract) ? 404 : isMaker(contract.tenant)(who) ? null : 403;
}

// OLD: what a contract stands with that is to be shortened at the same time.
function inTheWay(contract, { start, end }, old = null) {
	return contract.tenant.contracts.some((one) => {
		const other = old?.contract === one ? { start: one.start, end: old.end } : one;
		return one !== contract && ['ready', 'superseded'].includes(one.stored) && (other.end ?? LAST) >= other.start && other.start <= (end ?? LAST) && (other.end ?? LAST) >= start;
	});
}

// Covers all accounts, or one that is connected or that it covers already.
function isValid(tenant, { name, start, end, accounts }, contract = null) {
	const known = accounts === 'all' || accounts === contract?.accounts || tenant.sources.some((source) => source.connected && source.account === accounts);
	return name !== '' && (end === null || end >= start) && known;
}

function append(world, who, tenant, facts) {
	const contract = new Contract(tenant, { id: null, key: Infinity, stored: 'draft', version: 1, leftDraft: false, madeBy: who.acting, ...facts });
	world.add(tenant, 'contracts', contract);
	world.event(tenant, 'contract.create');
	return { status: 303, contract };
}

function addContract(world, who, tenant, values) {
	const refusal = world.refused(who, { tenant, relation: isMaker(tenant) });
	if (refusal)
		return { status: refusal };
	return isValid(tenant, values) ? append(world, who, tenant, { ...values, supersedes: null }) : { status: 422 };
}

function saveContract(world, who, contract, values, { version, stored }) {
	const refusal = refused(world, who, contract), { tenant, status } = contract;
	if (refusal)
		return refusal;
	if (!isValid(tenant, values, contract))
		return 422;
	if (version !== contract.version || stored !== contract.stored)
		return 409;
	if (['cancelled', 'superseded'].includes(stored))
		return 422;
	// A draft promises nothing yet; what has begun keeps its start.
	if (status !== 'draft' && ((status !== 'scheduled' && values.start !== contract.start) || inTheWay(contract, values)))
		return 422;
	world.change(contract, { ...values, version: version + 1, madeBy: who.acting });
	world.event(tenant, status === 'draft' ? 'contract.draft' : 'contract.update');
	return 303;
}

// What it supersedes ends on the day before, if it would not have ended by then.
function activateContract(world, who, contract, version) {
	const refusal = refused(world, who, contract), { tenant, supersedes } = contract;
	if (refusal)
		return refusal;
	if (version !== contract.version)
		return 409;
	const day = daysLater(contract.start, -1), shortened = supersedes?.stored === 'ready' && supersedes.status !== 'expired';
	const old = shortened ? { contract: supersedes, end: supersedes.end !== null && supersedes.end < day ? supersedes.end : day } : null;
	if (contract.stored !== 'draft' || inTheWay(contract, contract, old))
		return 422;
	if (old) {
		world.change(supersedes, { stored: 'superseded', end: old.end, version: supersedes.version + 1, madeBy: who.acting });
		world.event(tenant, 'contract.supersede');
	}
	world.change(contract, { stored: 'ready', leftDraft: true, madeBy: who.acting });
	world.event(tenant, 'contract.activate');
	world.settle(tenant);
	return 303;
}

function cancelContract(world, who, contract, version, reason) {
	const refusal = refused(world, who, contract), { tenant, status } = contract;
	if (refusal)
		return refusal;
	if (reason === '')
		return 422;
	if (version !== contract.version)
		return 409;
	if (!['draft', 'scheduled', 'active'].includes(status))
		return 422;
	world.change(contract, { stored: 'cancelled', madeBy: who.acting });
	world.event(tenant, status === 'draft' ? 'contract.discard' : 'contract.cancel');
	world.settle(tenant);
	return 303;
}

function supersedeContract(world, who, contract, version) {
	const refusal = refused(world, who, contract), { tenant, name, start, end, renewal, entitlement, accounts } = contract;
	if (refusal)
		return { status: refusal };
	if (version !== contract.version)
		return { status: 409 };
	if (contract.stored !== 'ready' || contract.status === 'expired')
		return { status: 422 };
	return append(world, who, tenant, { name, start: start < tenant.today ? tenant.today : start, end, renewal, entitlement, accounts, supersedes: contract });
}

// ---- forms ----

// Mostly of somebody who makes contracts.
function maker(draw) {
	return draw.session((session) => {
		const acting = session.acting ?? session.user.tenant;
		return draw.only ? acting === draw.only.parent : acting.tier === 'reseller';
	});
}

// In the past, now or later; mostly so short that there is room for others.
function values(draw, tenant) {
	const start = daysLater(tenant.today, draw.random(600) - 300), live = tenant.sources.filter(({ connected }) => connected);
	const end = draw.chance(10) ? null : daysLater(start, draw.chance(3) ? -1 : draw.random(draw.chance(30) ? 300 : 60));
	return { name: draw.chance(2) ? '' : draw.name(), start, end, renewal: draw.pick(['auto', 'manual', 'fixed']), entitlement: draw.pick(['none', 'spp', 'ppa']),
		accounts: tenant.tier === 'customer' && live.length && draw.chance(20) ? draw.pick(live).account : 'all' };
}

const fieldsOf = ({ name, start, end, renewal, entitlement, accounts }, tenant) => ({
	name, start, end: end ?? '', renewal, entitlement,
	...(tenant.tier === 'customer' ? { prefix: 'INV-1', ...(accounts === 'all' ? { accounts } : { accounts: 'selected', account: accounts }) } : {}),
});

// Statuses, tasks and deletion hang on contracts: who touches one has all facts of its tenant alone.
const touched = (draw, session, tenant) => draw.touched(session, tenant).x(`contracts ${tenant.n}`, `users ${tenant.n}`).s(`sources ${tenant.n}`);

// The contract that a form has led to; its key is its place among those of its tenant.
async function identify(contract, answer, instance) {
	contract.id = /^\/contracts\/([A-Z0-9]{1,26})$/.exec(answer.location)?.[1];
	assert.ok(contract.id, `it leads to the contract: ${answer.location}`);
	[[contract.key]] = (await instance.sql(`SELECT id FROM contract WHERE public_id = '${contract.id}'`)).map((row) => row.map(Number));
}

function add(draw) {
	const { world } = draw, session = maker(draw), tenant = draw.tenant(session, (one) => one.contracts.length < 12);
	if (!tenant)
		return null;
	const terms = values(draw, tenant), path = () => at(tenant, 'contracts/new');
	const act = {
		name: 'add contract', session, touched: touched(draw, session, tenant), once: true, page: path, path, about: `"${terms.name}" from ${terms.start} to ${terms.end} of "${tenant.name}"`,
		fields: () => fieldsOf(terms, tenant),
		expect(who) {
			const { status, contract } = addContract(world, who, tenant, terms);
			act.made = contract;
			return status;
		},
		done: (answer, instance) => identify(act.made, answer, instance),
	};
	return act;
}

function deed(name, part, { fits, form, perform, once = false, page = part }) {
	return (draw) => {
		const session = maker(draw), some = draw.chance(85) ? fits : () => true;
		const tenant = draw.tenant(session, (one) => one.contracts.some(some)), contracts = tenant?.contracts.filter(some) ?? [];
		if (!contracts.length)
			return null;
		const contract = draw.pick(contracts), late = draw.chance(4) ? 1 : 0, more = form?.(draw, contract) ?? {}, path = (end) => `/contracts/${contract.id}${end && `/${end}`}`;
		const act = {
			name, session, touched: touched(draw, session, tenant), once, page: () => path(page), path: () => path(part),
			about: `"${contract.name}" (${contract.id}, ${contract.status}, ${contract.start} to ${contract.end}) of "${tenant.name}" ${JSON.stringify(more)}${late ? ', late' : ''}`,
			version() {
				act.stored = contract.stored;
				return contract.version;
			},
			fields: () => ({ ...(more.start ? { ...fieldsOf(more, tenant), state: act.stored } : more), version: String(act.read - late) }),
			expect: (who) => perform(draw.world, who, contract, act.read - late, more, act),
			done: (answer, instance) => (act.made ? identify(act.made, answer, instance) : null),
		};
		return act;
	};
}

export const CONTRACT_OPERATIONS = [
	{ name: 'add contract', weight: 9, race: true, draw: add },
	{ name: 'save contract', weight: 9, race: true, draw: deed('save contract', '', { fits: ({ stored }) => ['draft', 'ready'].includes(stored),
		form: (draw, contract) => (draw.chance(50) ? { ...values(draw, contract.tenant), start: contract.start, end: contract.end } : values(draw, contract.tenant)),
		perform: (world, who, contract, version, terms, { stored }) => saveContract(world, who, contract, terms, { version, stored }) }) },
	{ name: 'activate', weight: 12, race: true, draw: deed('activate', 'activate', { fits: ({ stored }) => stored === 'draft', perform: activateContract }) },
	{ name: 'cancel contract', weight: 4, race: true, draw: deed('cancel contract', 'cancel', { fits: ({ status }) => ['draft', 'scheduled', 'active'].includes(status),
		form: (draw) => ({ reason: draw.chance(5) ? '' : 'It was agreed <so> & "thus".' }),
		perform: (world, who, contract, version, { reason }) => cancelContract(world, who, contract, version, reason) }) },
	{ name: 'supersede', weight: 5, race: true, draw: deed('supersede', 'supersede', { once: true, page: '', fits: ({ stored, status }) => stored === 'ready' && status !== 'expired',
		perform(world, who, contract, version, more, act) {
			const { status, contract: made } = supersedeContract(world, who, contract, version);
			act.made = made;
			return status;
		} }) },
];

// ---- what is seen ----

// As the object of the list and of the contract's own page; what is not the model's is left out.
export function contractJson({ tenant, contract }) {
	const { id = null, name = null, version = null, status = null, start = null, end = null, renewal = null, entitlement = null, accounts = null } = contract ?? {};
	return { id, tenantId: tenant.id, name, version, status, start, end, renewal, entitlement, accounts: accounts === 'all' || !accounts ? accounts : accounts.split(' ') };
}

export const knownOfContract = ({ id, tenantId, name, version, status, start, end, renewal, entitlement, accounts }) =>
	({ id, tenantId, name, version, status, start, end, renewal, entitlement, accounts });

export async function compareContracts(client, acting, tenant) {
	const path = `/customers/${tenant.id}/contracts.json`, { contracts } = (await client.get(path)).json;
	const wanted = tenant.contracts.filter((contract) => contractSeen(acting, contract)).sort((a, b) => (a.start < b.start ? 1 : a.start > b.start ? -1 : b.key - a.key));
	assert.deepEqual(contracts.map(knownOfContract), wanted.map((contract) => contractJson({ tenant, contract })), `contracts of "${tenant.name}"`);
	// Whatever the model says: no two of them have a day in common.
	const terms = contracts.filter(({ status, start, end }) => !['draft', 'cancelled'].includes(status) && (end ?? LAST) >= start).reverse();
	terms.slice(1).forEach(({ start }, i) => assert.ok(terms[i].end !== null && terms[i].end < start, `"${tenant.name}" has two contracts in force on ${start}`));
}
