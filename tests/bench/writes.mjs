// What changes cost: forms sent through nginx, next to a plain INSERT of one row into the list table (with all of its keys, each a
// transaction of its own, by the mariadb client; the client's time is not counted). Tokens are fetched before the clock runs. Whatever was
// added or moved is taken back afterwards. CPU by /proc in microseconds an operation, wall time in milliseconds.
import { spawn } from 'node:child_process';
import { cpuOf } from './instance.mjs';

const COUNT = Number(process.env.BENCH_WRITES ?? 300), RENAMES = 12, BELOW = Number(process.env.BENCH_BELOW ?? 480);

// JOBS, WIDTH at a time, and what they cost.
async function measure(instance, jobs, width) {
	const groups = instance.groups(), before = Object.entries(groups).map(([name, pids]) => [name, cpuOf(pids)]), queue = [...jobs], taken = [];
	const begin = performance.now();
	await Promise.all(Array.from({ length: width }, async () => {
		for (let job = queue.shift(); job; job = queue.shift()) {
			const from = performance.now();
			await job();
			taken.push(performance.now() - from);
		}
	}));
	const seconds = (performance.now() - begin) / 1000;
	taken.sort((a, b) => a - b);
	const cost = Object.fromEntries(before.map(([name, was]) => [name, (cpuOf(groups[name]) - was) / jobs.length * 1e6]));
	return { ...cost, cost: cost.application + cost.database, rate: jobs.length / seconds, p50: taken[taken.length >> 1], p99: taken[Math.floor(taken.length * 0.99)] };
}

// One connection of the mariadb client: gives a function that runs a statement and waits until it is done.
function connection(instance) {
	const child = spawn('mariadb', ['--no-defaults', `--socket=${instance.sockets}/mysql.sock`, '--user=root', '--batch', '--skip-column-names', '--unbuffered', '--default-character-set=utf8mb4', 'tenantry'],
		{ stdio: ['pipe', 'pipe', 'inherit'] });
	let waiting = null;
	child.stdout.on('data', () => waiting?.());
	return {
		run: (statement) => new Promise((done) => {
			waiting = done;
			child.stdin.write(`${statement};\nSELECT 1;\n`);
		}),
		end: () => child.stdin.end(),
	};
}

// So many of all rows that enough are drawn.
const share = (instance) => Math.min(1, COUNT * 6 / Number(instance.sql('SELECT COUNT(*) FROM tenant_list')[0][0]));

// Rows like those that are there, right behind them: at random places, as customers are added.
function insertsOf(instance, count) {
	const columns = instance.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'tenantry' AND table_name = 'tenant_list' ORDER BY ordinal_position").flat();
	const own = { tree_pos: 'l.tree_pos + 1', tenant_id: '4000000000 + @n := @n + 1', public_id: "CONCAT('BENCH', @n)" };
	const values = columns.map((name) => own[name] ?? `QUOTE(l.${name})`);
	const rows = instance.sql(`SET @n := 0; SELECT ${values.map((value) => `HEX(${value})`).join(', ')} FROM (SELECT * FROM tenant_list FORCE INDEX (PRIMARY)
		WHERE tier = 3 AND RAND(7) < ${share(instance)} ORDER BY RAND(8) LIMIT ${count}) l`);
	const text = (hex) => Buffer.from(hex, 'hex').toString();
	return rows.map((row, i) => `INSERT INTO tenant_list (${columns.join(', ')}) VALUES (${row.map((hex, c) => (columns[c] === 'tenant_id' ? 4000000000 + i
		: columns[c] === 'public_id' ? `'BENCH${i}'` : columns[c] === 'tree_pos' ? BigInt(`0x${hex}`).toString() : text(hex))).join(', ')})`);
}

async function measureInserts(instance, inserts, width) {
	const connections = Array.from({ length: width }, () => connection(instance)), free = [...connections];
	const figures = await measure(instance, inserts.map((statement) => async () => {
		const one = free.pop();
		await one.run(statement);
		free.push(one);
	}), width);
	instance.sql("DELETE FROM tenant_list WHERE tenant_id >= 4000000000");
	connections.forEach((one) => one.end());
	return figures;
}

// Form tokens of a session, each with a number of its own.
async function tokensOf(client, count) {
	const tokens = [];
	while (tokens.length < count)
		tokens.push(...(await client.get('/customers?limit=200')).html.all('input[name=token]').map((input) => input.attr('value')));
	return [...new Set(tokens)].slice(0, count);
}

async function post(client, path, fields) {
	const answer = await client.post(path, fields);
	if (answer.status !== 303)
		throw new Error(`POST ${path} was answered with ${answer.status}`);
	return answer;
}

async function measureAdds(instance, clients, resellers, width) {
	const made = [], tokens = await tokensOf(clients[0], COUNT), run = `${Date.now()}-${width}`;
	const figures = await measure(instance, tokens.map((token, i) => async () => {
		const answer = await post(clients[0], '/customers/new', { token, parent: resellers[i * 37 % resellers.length], name: `Bench ${i * 7919 % 1000} of ${i}`, domain: `bench-${run}-${i}.example` });
		made.push(answer.location.split('/')[2]);
	}), width);
	for (const id of made)
		await post(clients[0], `/customers/${id}/delete`, { token: tokens[0] });
	return figures;
}

const customersOf = (instance, count) => instance.sql(`SELECT l.public_id, t.version, p.public_id, HEX(l.name), l.domain FROM (SELECT * FROM tenant_list WHERE tier = 3 AND RAND(9) < ${share(instance)}
	ORDER BY RAND(10) LIMIT ${count}) l JOIN tenant t ON t.id = l.tenant_id JOIN tenant p ON p.id = t.parent_id JOIN tenant d ON d.id = t.distributor_id
	WHERE d.id = (SELECT tenant_id FROM user_account WHERE email = 'distributor-admin@demo.example')`)
	.map(([id, version, parent, name, domain]) => ({ id, version: Number(version), parent, domain, name: Buffer.from(name, 'hex').toString() }));

// There and back again: two measurements of each, as one.
async function measureEdits(instance, client, customers) {
	const token = await client.sessionToken(), rename = ({ id, domain, version }, name) => post(client, `/customers/${id}`, { token, name, domain, version });
	return measure(instance, [...customers.map((one, i) => () => rename(one, `Renamed ${i * 7919 % 1000}`)),
		...customers.map((one) => () => rename({ ...one, version: one.version + 1 }, one.name))], 1);
}

async function measureMoves(instance, client, customers, resellers) {
	const token = await client.sessionToken(), move = (id, parent) => post(client, `/customers/${id}/move`, { token, parent });
	const fit = customers.map((one, i) => ({ ...one, to: resellers[i * 37 % resellers.length] })).filter(({ parent, to }) => parent !== to);
	return measure(instance, [...fit.map(({ id, to }) => () => move(id, to)), ...fit.map(({ id, parent }) => () => move(id, parent))], 1);
}

// Into a reseller and back home, in turn.
async function measureSwitches(instance, client, resellers) {
	const token = await client.sessionToken();
	return measure(instance, resellers.flatMap((id) => [id, '']).map((tenant) => () => post(client, '/switch', { token, tenant })), 1);
}

// A reseller with about 500 customers: to the end of its siblings, to their beginning, and so on, and back to its name.
async function measureRenames(instance, client) {
	const [[id, version, domain, name, below]] = instance.sql(`SELECT r.public_id, r.version, r.domain, HEX(r.name), COUNT(*) c FROM tenant r JOIN tenant t ON t.parent_id = r.id AND t.deleted_at IS NULL
		WHERE r.tier = 2 AND r.distributor_id = (SELECT tenant_id FROM user_account WHERE email = 'distributor-admin@demo.example') GROUP BY r.id HAVING c >= ${BELOW} ORDER BY c LIMIT 1`);
	const token = await client.sessionToken(), names = Array.from({ length: RENAMES }, (_, i) => (i % 2 ? '000 first' : 'zzz last'));
	const jobs = [...names, Buffer.from(name, 'hex').toString()].map((to, i) => () => post(client, `/customers/${id}`, { token, name: to, domain, version: Number(version) + i }));
	return { ...await measure(instance, jobs, 1), below: Number(below) };
}

// Each figure that WANTED names; INSERTs run before and after, since the machine's mood changes.
export async function measureWrites(instance, wanted, say) {
	const [client] = instance.clients, figures = {}, clients = [client];
	const resellers = instance.sql(`SELECT public_id FROM tenant WHERE tier = 2 AND deleted_at IS NULL AND suspended_at IS NULL
		AND distributor_id = (SELECT tenant_id FROM user_account WHERE email = 'distributor-admin@demo.example') ORDER BY RAND(11) LIMIT 200`).flat();
	const customers = customersOf(instance, COUNT), inserts = insertsOf(instance, COUNT);
	const steps = {
		insert: () => measureInserts(instance, inserts, 1), 'insert-8': () => measureInserts(instance, inserts, 8),
		add: () => measureAdds(instance, clients, resellers, 1), 'add-8': () => measureAdds(instance, clients, resellers, 8),
		edit: () => measureEdits(instance, client, customers), move: () => measureMoves(instance, client, customers, resellers), rename: () => measureRenames(instance, client),
		switch: () => measureSwitches(instance, client, resellers),
	};
	for (const [name, step] of Object.entries(steps)) {
		if (!wanted.has(name))
			continue;
		figures[name] = await step();
		say(`${name}: database ${figures[name].database.toFixed(0)} us, application ${figures[name].application.toFixed(0)} us, ${figures[name].p50.toFixed(2)} ms`);
	}
	return figures;
}
