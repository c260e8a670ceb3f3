// What the lists of customers and contracts have to show, worked out from the facts in the database by the rules of the product alone:
// no label, no list table, no counter, no search index.

const DEFAULT_COLUMNS = ['Customer', 'Status', 'Admin', 'Source data', 'Contracts'];
const ALL_COLUMNS = [...DEFAULT_COLUMNS, 'Domain', 'Tier', 'Customer ID', 'Created'];
const TIERS = [null, 'distributor', 'reseller', 'customer'];
const TIER_TITLES = { distributor: 'Distributor', reseller: 'Reseller', customer: 'Customer' };
const SOURCE_TITLES = { success: 'Success', warning: 'Warning', failed: 'Failed', not_available: 'Not available' };
const RENEWAL_TITLES = { auto: 'Auto-renewal', manual: 'Manual renewal', fixed: 'Fixed term' };
const ENTITLEMENT_TITLES = { none: 'None', spp: 'SPP', ppa: 'PPA' };
const CONTRACT_COLUMNS = ['Contract', 'Customer', 'Tier', 'Version', 'Status', 'Start', 'End', 'Renewal', 'Entitlement', 'Contract ID', 'Customer ID'];
const CONTRACT_ORDER = ['active', 'scheduled', 'draft', 'expired', 'cancelled', 'superseded'];

const instant = (text) => (text === 'NULL' ? null : Date.parse(text.replace(' ', 'T') + 'Z'));
const known = (text) => (text === 'NULL' ? null : text);

// The date in a time zone.
export function today(zone, now = Date.now()) {
	return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

export const daysLater = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400e3).toISOString().slice(0, 10);

// Compatibility forms, marks and case gone; letters that only Unicode's full case folding joins are few here.
export function fold(text) {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ')
		.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim();
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;

// Part of one of the texts; one or two letters are the beginning of a word, in CJK any place.
function textMatches(texts, query) {
	const wanted = fold(query);
	const wordsOnly = [...wanted].length <= 2 && !CJK.test(wanted[0]) && /^[\p{L}\p{N}]/u.test(wanted);
	return texts.some((field) => {
		const text = fold(field);
		for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
			const before = [...text.slice(0, at)].pop();
			if (!wordsOnly || !before || !/[\p{L}\p{N}]/u.test(before) || CJK.test(before))
				return true;
		}
		return false;
	});
}

// In force from its first day to its last, whatever the day; what was superseded, until the day before its successor.
class Contract {
	constructor(tenant, facts) {
		Object.assign(this, { tenant, ...facts });
	}

	get status() {
		const { stored, start, end } = this, { today } = this.tenant, over = end !== null && end < today;
		if (stored === 'draft' || stored === 'cancelled' || (stored === 'superseded' && (over || end === null)))
			return stored;
		return start > today ? 'scheduled' : over ? 'expired' : 'active';
	}
}

// As its latest finished run says; of runs that end at once the one that began later.
class Source {
	constructor(tenant, facts) {
		Object.assign(this, { tenant, runs: [], ...facts });
	}

	get state() {
		const runs = this.runs.filter(({ finished }) => finished !== null).sort((a, b) => b.finished - a.finished || b.started - a.started);
		const taken = runs.find(({ status }) => status !== 'failed');
		return !runs.length ? 'not_available' : runs[0].status === 'failed' ? 'failed'
			: runs[0].status === 'warning' || this.tenant.now - taken.finished > 48 * 3600e3 ? 'warning' : 'success';
	}
}

export class Model {
	// DELETED: deleted tenants too, outside of the tree.
	static async read(instance, now = Date.now(), { deleted = false } = {}) {
		const model = new this();
		// The order of names is the collation's: the database sorts, and nothing else is asked of it.
		const rows = await instance.sql(`SELECT t.id, t.public_id, COALESCE(t.parent_id, 0), t.tier, t.domain, t.created_at,
			t.onboarded_at, t.suspended_at, COALESCE(d.time_zone, 'UTC'), t.name, t.version, t.deleted_at
			FROM tenant t LEFT JOIN tenant d ON d.id = COALESCE(t.distributor_id, t.id)
			WHERE t.deleted_at IS NULL OR ${deleted} ORDER BY t.name COLLATE utf8mb4_unicode_520_ci, t.public_id`);
		model.byKey = new Map();
		model.byId = new Map();
		for (const [key, id, parent, tier, domain, created, onboarded, suspended, zone, name, version, gone] of rows) {
			const tenant = {
				key, id, parentKey: parent, tier: TIERS[tier], domain, name, zone,
				created: created.slice(0, 10), createdAt: `${created.slice(0, 19).replace(" ", "T")}Z`, onboarded: known(onboarded) !== null, suspended: known(suspended) !== null,
				version: Number(version), deleted: known(gone) !== null, children: [], users: [], contracts: [], sources: [], today: today(zone, now), now,
			};
			model.byKey.set(key, tenant);
			model.byId.set(id, tenant);
		}
		model.roots = [];
		for (const tenant of model.byKey.values()) {
			tenant.parent = model.byKey.get(tenant.parentKey) ?? null;
			if (tenant.deleted)
				continue;
			(tenant.parent ? tenant.parent.children : model.roots).push(tenant);
		}
		await model.readUsers(instance);
		await model.readContracts(instance);
		await model.readSources(instance);
		return model;
	}

	async readUsers(instance) {
		const rows = await instance.sql(`SELECT tenant_id, public_id, role, child_role, invited_at, activated_at, invitation_cancelled_at,
			disabled_at, deleted_at, email, TRIM(CONCAT(first_name, ' ', last_name)), version, invited_by_tenant_id, invitation_expires_at < UTC_TIMESTAMP(3),
			job_function, first_name, last_name FROM user_account ORDER BY invited_at, id`);
		for (const [key, id, role, child, , activated, cancelled, disabled, deleted, email, name, version, by, expired, job, first, last] of rows)
			this.byKey.get(key)?.users.push({
				id, role, child, email, name, first, last, job, version: Number(version), invitedBy: this.byKey.get(by) ?? null, expired: expired === '1',
				cancelled: known(cancelled) !== null, disabled: known(disabled) !== null, active: known(activated) !== null && known(disabled) === null,
				pending: known(activated) === null, gone: known(deleted) !== null || known(cancelled) !== null,
				deleted: known(deleted) !== null,
			});
	}

	async readContracts(instance) {
		const rows = await instance.sql(`SELECT c.id, c.tenant_id, c.public_id, c.stored_status, c.start_date, c.end_date, c.name, c.made_by_tenant_id, c.version,
			c.visible_from IS NOT NULL, c.supersedes_id, v.renewal, v.entitlement, v.accounts
			FROM contract c JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version ORDER BY c.id`), byKey = new Map();
		for (const [key, tenant, id, stored, start, end, name, by, version, left, supersedes, renewal, entitlement, accounts] of rows) {
			const contract = new Contract(this.byKey.get(tenant), { key: Number(key), id, name, start, end: known(end), stored, renewal, entitlement, accounts,
				version: Number(version), leftDraft: left === '1', supersedes: byKey.get(supersedes) ?? null, madeBy: this.byKey.get(by) ?? null });
			byKey.set(key, contract);
			contract.tenant?.contracts.push(contract);
		}
	}

	async readSources(instance) {
		const rows = await instance.sql(`SELECT s.tenant_id, s.public_id, s.account, s.report, s.location, s.version, s.disconnected_at IS NULL,
			r.started_at, r.finished_at, r.status FROM billing_source s LEFT JOIN source_run r ON r.source_id = s.id ORDER BY s.id`), byId = new Map();
		for (const [key, id, account, report, location, version, live, started, finished, status] of rows) {
			if (!byId.has(id)) {
				byId.set(id, new Source(this.byKey.get(key), { id, account, report, location, version: Number(version), connected: live === '1' }));
				this.byKey.get(key)?.sources.push(byId.get(id));
			}
			if (known(started) !== null)
				byId.get(id).runs.push({ started: instant(started), finished: instant(finished), status: known(status) });
		}
	}

	named(name) {
		const found = [...this.byId.values()].filter((tenant) => tenant.name === name);
		if (found.length !== 1)
			throw new Error(`${found.length} tenants are called ${name}`);
		return found[0];
	}

	ofUser(email) {
		return [...this.byId.values()].find((tenant) => tenant.users.some((user) => user.email === email));
	}

	view(acting) {
		return new View(this, acting);
	}
}

export function* subtree(tenant) {
	yield tenant;
	for (const child of tenant.children)
		yield* subtree(child);
}

// What a former reseller drafted, cancelled or superseded stays with it when the customer moves.
function ofFormer({ tenant, status, madeBy }) {
	return ['draft', 'cancelled', 'superseded'].includes(status) && ![tenant, tenant.parent, tenant.parent?.parent].includes(madeBy);
}

// Does who acts as a tenant see the contract? Its own only once it has left draft, but for a distributor, which makes its own.
export function contractSeen(acting, contract) {
	if (acting === contract.tenant)
		return acting.tier === 'distributor' || contract.leftDraft;
	return acting.tier === 'distributor' || !ofFormer(contract);
}

const inForce = (tenant) => tenant.contracts.some(({ status }) => status === 'active');
const hasData = (tenant) => tenant.sources.some(({ connected, state }) => connected && ['success', 'warning'].includes(state));

// The list as an acting tenant has it.
export class View {
	constructor(model, acting) {
		this.acting = acting;
		this.rows = [...subtree(acting)].map((tenant) => this.row(tenant));
		this.byId = new Map(this.rows.map((row) => [row.id, row]));
	}

	row(tenant) {
		const own = tenant === this.acting;
		const admins = tenant.users.filter((user) => user.role === 'admin' && !user.gone);
		const live = tenant.sources.filter((source) => source.connected);
		const tasks = [
			tenant.users.some((user) => user.role === 'admin' && !user.gone),
			tenant.users.some((user) => user.role === 'admin' && !user.gone && user.active),
			tenant.contracts.some((contract) => contract.stored !== 'draft'),
			...(tenant.tier === 'customer' ? [live.length > 0,
				tenant.sources.some((source) => source.runs.some((run) => run.status === 'success' && run.finished !== null))] : []),
		];
		const states = [...subtree(tenant)].flatMap((one) => one.sources).filter((source) => source.connected)
			.map((source) => source.state);
		const contracts = {};
		for (const status of CONTRACT_ORDER) {
			const count = tenant.contracts.filter((contract) => contract.status === status && !ofFormer(contract) && (!own || contractSeen(tenant, contract))).length;
			if (count > 0)
				contracts[status] = count;
		}
		const complete = tenant.onboarded || (own && tenant.tier === 'reseller');
		return {
			tenant, id: tenant.id, parent: own ? null : tenant.parent.id, tier: tenant.tier, name: tenant.name, domain: tenant.domain,
			created: tenant.created, createdAt: tenant.createdAt, suspended: tenant.suspended, level: this.depth(tenant), complete,
			done: tasks.filter(Boolean).length, total: tasks.length,
			admin: admins[0] ? { name: admins[0].name, pending: admins[0].pending } : null,
			source: ['failed', 'warning', 'success'].find((state) => states.includes(state)) ?? 'not_available', contracts,
		};
	}

	depth(tenant) {
		return tenant === this.acting ? 0 : 1 + this.depth(tenant.parent);
	}

	own(row, filter) {
		const { q, source = [], status = [], tier = [], suspended } = filter;
		return (!q || textMatches([row.name, row.domain, row.id], q)) && (source.length === 0 || source.includes(row.source)) &&
			(status.length === 0 || status.includes(row.complete ? 'complete' : 'onboarding')) &&
			(tier.length === 0 || tier.includes(row.tier)) && (!suspended || (suspended === 'yes') === row.suspended);
	}

	static empty({ q, source = [], status = [], tier = [], suspended }) {
		return !q && source.length + status.length + tier.length === 0 && !suspended;
	}

	// Every row that the filter lists, in tree order: { row, matched }.
	list(filter = {}) {
		const matches = new Set(), listed = new Set();
		for (const row of this.rows) {
			const above = this.byId.get(row.parent);
			if (this.own(row, filter) || (filter.below && above && matches.has(above)))
				matches.add(row);
		}
		for (const match of matches)
			for (let row = match; row && !listed.has(row); row = this.byId.get(row.parent))
				listed.add(row);
		return this.rows.filter((row) => listed.has(row)).map((row) => ({ row, matched: matches.has(row) }));
	}

	// Every row of the list of contracts: { tenant, contract }, with contract null for one with data that shows none.
	contracts({ q, status = [], tier = [], ends, unbilled } = {}) {
		const found = (tenant, contract) => !q || textMatches([contract?.name ?? '', contract?.id ?? '', tenant.name, tenant.domain, tenant.id], q);
		return this.rows.filter(({ tenant }) => (!tier.length || tier.includes(tenant.tier)) && (!unbilled || (hasData(tenant) && !inForce(tenant)))).flatMap(({ tenant }) => {
			const seen = tenant.contracts.filter((contract) => contractSeen(this.acting, contract)).sort((a, b) => a.key - b.key);
			if (unbilled && !seen.length && !status.length && !ends && found(tenant, null))
				return [{ tenant, contract: null }];
			const near = (contract) => contract.end && contract.end <= daysLater(tenant.today, ends) && ['active', 'scheduled'].includes(contract.status);
			return seen.filter((contract) => (!status.length || status.includes(contract.status)) && (!ends || near(contract)) && found(tenant, contract))
				.map((contract) => ({ tenant, contract }));
		});
	}

	// The same with resellers folded: what is inside is left out, the reseller says how many match there.
	folded(filter, folds) {
		const list = this.list(filter), counts = new Map();
		const inside = (row) => row.tier === 'customer' && folds.has(row.parent) && row.parent !== this.acting.id;
		for (const { row, matched } of list)
			if (matched && inside(row))
				counts.set(row.parent, (counts.get(row.parent) ?? 0) + 1);
		return list.filter(({ row }) => !inside(row))
			.map((item) => ({ ...item, folded: item.row.tier === 'reseller' && folds.has(item.row.id), matches: counts.get(item.row.id) ?? 0 }));
	}
}

const guarded = (text) => (text !== '---' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

// The cells of a row as the CSV has them.
export function csvCells(row, columns = DEFAULT_COLUMNS, { raw = false } = {}) {
	const guard = raw ? (text) => text : guarded, cells = {
		Customer: guard(row.name) + (row.suspended && !raw ? ' (Suspended)' : ''),
		Status: row.complete ? '---' : `${row.done}/${row.total}`,
		Admin: guard(row.admin ? row.admin.name + (row.admin.pending ? ' (Pending)' : '') : '---'),
		'Source data': SOURCE_TITLES[row.source],
		Contracts: contractsText(row) ?? '---',
		Domain: row.domain, Tier: TIER_TITLES[row.tier], 'Customer ID': row.id, Created: row.created,
	};
	return columns.map((column) => cells[column]);
}

// The cells of a row of the list of contracts.
export function contractCells({ tenant, contract }) {
	const tier = TIER_TITLES[tenant.tier];
	if (!contract)
		return ['No contract', guarded(tenant.name), tier, ...Array(6).fill('---'), '', tenant.id];
	return [guarded(contract.name), guarded(tenant.name), tier, String(contract.version), contract.status, contract.start, contract.end ?? '---',
		RENEWAL_TITLES[contract.renewal], ENTITLEMENT_TITLES[contract.entitlement], contract.id, tenant.id];
}

export function contractsText(row) {
	return Object.entries(row.contracts).map(([status, count]) => `${count} ${status}`).join(', ') || null;
}

// The row as the JSON object has it.
export function jsonTenant(row, matched = true) {
	return {
		id: row.id, parentId: row.parent, tier: row.tier, name: row.name, domain: row.domain, created: row.createdAt, level: row.level,
		matched, suspended: row.suspended,
		status: row.complete ? { complete: true } : { complete: false, done: row.done, total: row.total },
		admin: row.admin, source: row.source, contracts: row.contracts,
	};
}

// A filter as the query of an address.
export function query(filter, more = {}) {
	const parameters = new URLSearchParams();
	for (const [name, values] of Object.entries({ ...filter, ...more }))
		for (const value of [values].flat())
			if (value)
				parameters.append(name, value === true ? '1' : value);
	const text = parameters.toString();
	return text ? `?${text}` : '';
}

export { ALL_COLUMNS, CONTRACT_COLUMNS, Contract, DEFAULT_COLUMNS, Source, SOURCE_TITLES, TIER_TITLES };
