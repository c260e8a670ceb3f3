// ./dev bench [NAME...] [--json FILE]: one run of everything at the large demo, each next to what it is compared with.
//
// Rounds are interleaved (application, peers, application, peers ...) and the medians told, since the machine's mood changes. NAME
// is one of `names` below, or its part before the slash. BENCH_SECONDS (6) and BENCH_ROUNDS (3) make it shorter; BENCH_DEMO=medium
// tries it on less.
// A ratio is always value / against; contract.md lists the names.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkFiles, checkPages } from './check.mjs';
import { forgetPeak, Instance, memoryOf, root } from './instance.mjs';
import { download, keepDownloading, load, median, medians, run } from './load.mjs';
import { measurePages, measureRuns, ROUNDS, say, table } from './measure.mjs';
import { pages, pagesOfPeers, places } from './pages.mjs';
import { Peers } from './peers.mjs';
import { measureWrites } from './writes.mjs';

const EXPORT = '/customers.csv?columns=customer,status,admin,source,contracts';

// Name, unit, the pages or files measured (first ours, then what we are compared with), which figure, and the limit of the ratio.
const names = [
	// requests a second under load, ours over the peer's
	{ name: 'page/php', unit: 'requests/s', of: ['page', 'php'], figure: 'rate' },
	{ name: 'page/php-xslt', unit: 'requests/s', of: ['page', 'php-xslt'], figure: 'rate', least: 1.3 },
	{ name: 'page-gzip/php-gzip', unit: 'requests/s', of: ['page-gzip', 'php-gzip'], figure: 'rate' },
	{ name: '304/hello', unit: 'requests/s', of: ['304', 'hello'], figure: 'rate', least: 0.5 },
	{ name: 'page/static', unit: 'requests/s', of: ['page', 'static'], figure: 'rate' },
	// CPU of application and database for a page, over that of the first page
	{ name: 'page/deep', unit: 'us', of: ['deep', 'first'], figure: 'cost', most: 1.2 },
	{ name: 'page/status', unit: 'us', of: ['status', 'first'], figure: 'cost', most: 2 },
	{ name: 'page/source', unit: 'us', of: ['source', 'first'], figure: 'cost', most: 2 },
	{ name: 'page/name', unit: 'us', of: ['name', 'first'], figure: 'cost', most: 5 },
	// p99 of pages beside four downloads, over that without them
	{ name: 'page/exports', unit: 'ms', of: ['page-exports', 'page'], figure: 'p99', most: 1.3 },
	// rows a second, ours over the other's
	{ name: 'csv/mariadb', unit: 'rows/s', of: ['csv', 'csv-mariadb'], figure: 'rate' },
	{ name: 'csv/php', unit: 'rows/s', of: ['csv', 'csv-php'], figure: 'rate' },
	{ name: 'csv/php-xslt', unit: 'rows/s', of: ['csv', 'csv-php-xslt'], figure: 'rate', least: 1.2 },
	// the Contracts page over the Customers page: CPU of application and database, rows a second of the files
	{ name: 'contracts/first', unit: 'us', of: ['contracts-first', 'first'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/deep', unit: 'us', of: ['contracts-deep', 'deep'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/status', unit: 'us', of: ['contracts-status', 'status'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/ends', unit: 'us', of: ['contracts-ends', 'status'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/unbilled', unit: 'us', of: ['contracts-unbilled', 'status'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/name', unit: 'us', of: ['contracts-name', 'name'], figure: 'cost', most: 1.5 },
	{ name: 'contracts/csv', unit: 'rows/s', of: ['csv-contracts', 'csv'], figure: 'rate', least: 0.67 },
	// CPU of the database for the pop-up of a customer's contracts, over the limit that the project has set itself
	{ name: 'popup/database', unit: 'us', of: ['popup'], figure: 'database', against: 1000, most: 1 },
	// CPU of the database for a change, over that for a plain INSERT of one row into the list table
	{ name: 'write/add', unit: 'us', of: ['add', 'insert'], figure: 'database', most: 3 },
	{ name: 'write/add-8', unit: 'us', of: ['add-8', 'insert-8'], figure: 'database', most: 3 },
	{ name: 'write/edit', unit: 'us', of: ['edit', 'insert'], figure: 'database' },
	{ name: 'write/move', unit: 'us', of: ['move', 'insert'], figure: 'database' },
	{ name: 'write/rename', unit: 'us', of: ['rename', 'insert'], figure: 'database', most: 50 },
	// over the limit that the project has set itself
	{ name: 'csv/memory', unit: 'MB', of: ['csv'], figure: 'peak', against: 24, most: 1 },
	{ name: 'worker/rest', unit: 'MB', of: ['rest'], figure: 'memory', against: 12, most: 1 },
	// reported runs a second, by eight writers over the whole tree and over one reseller, against the limit that the project has set itself
	{ name: 'runs/tree', unit: 'runs/s', of: ['runs-tree'], figure: 'rate', against: 500, least: 1 },
	{ name: 'runs/reseller', unit: 'runs/s', of: ['runs-reseller'], figure: 'rate', against: 500, least: 1 },
	// instructions for document, transform and output of a page of 50 rows, ours over libxslt's
	{ name: 'transform/libxslt', unit: 'instructions', of: ['compiled', 'libxslt'], figure: 'instructions', most: 0.1 },
	{ name: 'start/page', unit: 'ms', of: ['start'], figure: 'taken', against: 1000, most: 1 },
];

function options(args) {
	const wanted = [];
	let json = null;
	for (let i = 0; i < args.length; i++) {
		if (args[i] === '--json')
			json = args[++i];
		else
			wanted.push(args[i]);
	}
	for (const name of wanted) {
		if (!names.some((one) => one.name === name || one.name.startsWith(`${name}/`))) {
			console.error(`bench: there is no "${name}"; there are: ${names.map((one) => one.name).join(' ')}`);
			process.exit(2);
		}
	}
	return { json, chosen: names.filter((one) => !wanted.length || wanted.some((name) => one.name === name || one.name.startsWith(`${name}/`))) };
}

const WRITES = new Set(names.filter(({ name }) => name.startsWith('write/')).flatMap(({ of }) => of));
const RUNS = new Set(names.filter(({ name }) => name.startsWith('runs/')).flatMap(({ of }) => of));

// PAGE while two users have two downloads each.
async function besideExports(instance, page, seconds) {
	const sales = await instance.client().login('distributor-sales@demo.example'), other = sales.jar.get('tenantry');
	const stop = keepDownloading(instance.port, EXPORT, [instance.cookies[0], instance.cookies[0], other, other]);
	try {
		return await load(page, seconds);
	} finally {
		await stop();
	}
}

// The export by our pool, with the greatest size that a worker of it reached.
async function measureExport(instance, rows, address = EXPORT) {
	const workers = instance.workers();
	workers.forEach(forgetPeak);
	const one = await download(instance.port, address, instance.cookies[0], () => instance.groups());
	return { ...one, rate: rows / one.seconds, peak: Math.max(...workers.map((pid) => memoryOf(pid, 'VmHWM'))) / 1024 };
}

const LIMIT_SQL = `SELECT name, onboarding, tasks_done, tasks_total, admin_name, admin_pending, rollup, c_active, c_scheduled, c_draft,
	c_expired, c_cancelled, c_superseded, suspended, parent_public_id FROM tenant_list FORCE INDEX (PRIMARY) ORDER BY tree_pos`;

async function measureFiles(instance, peers, wanted, rows) {
	const figures = { csv: [], 'csv-contracts': [], 'csv-mariadb': [], 'csv-php': [], 'csv-php-xslt': [] };
	const [[all]] = instance.sql('SELECT COUNT(*) FROM tenant_list');
	const [[contracts]] = instance.sql(`SELECT COUNT(*) FROM contract_list k JOIN user_account u ON u.email = 'distributor-admin@demo.example'
		JOIN tenant t ON t.id = u.tenant_id AND k.tree_pos >= t.tree_pos AND k.tree_pos < t.tree_pos + (1 << 50) WHERE k.contract_id > 0`).map((row) => row.map(Number));
	const cookie = instance.cookies[0];
	for (let round = 1; round <= ROUNDS; round++) {
		for (const name of Object.keys(figures).filter((one) => wanted.has(one))) {
			let one;
			if (name === 'csv') {
				one = await measureExport(instance, rows);
			} else if (name === 'csv-contracts') {
				one = await measureExport(instance, contracts, '/contracts.csv');
			} else if (name === 'csv-mariadb') {
				one = await run('mariadb', ['--no-defaults', `--socket=${instance.sockets}/mysql.sock`, '--user=root', '--batch', '--quick',
					'tenantry', '-e', LIMIT_SQL], () => peers.groups(null));
				one.rate = Number(all) / one.seconds;
			} else {
				const peer = name === 'csv-php' ? 'plain' : 'xslt';
				one = await download(peers.port[peer], EXPORT, cookie, () => peers.groups(peer));
				one.rate = rows / one.seconds;
			}
			figures[name].push(one);
			say(`round ${round}: ${name} ${one.rate.toFixed(0)} rows/s`);
		}
	}
	return Object.fromEntries(Object.entries(figures).filter(([, all]) => all.length).map(([name, all]) => [name, medians(all)]));
}

// A new pool: how soon it serves, and how large its workers are once each has served pages and rests.
async function measurePool(instance) {
	const taken = [], memory = [];
	for (let round = 0; round < ROUNDS; round++) {
		taken.push(await instance.restartPool());
		for (let i = 0; i < 5; i++)
			await Promise.all(instance.clients.map((client) => client.get('/customers')));
		memory.push(Math.max(...instance.workers().map((pid) => memoryOf(pid, 'VmRSS'))) / 1024);
	}
	return { start: { taken: median(taken) }, rest: { memory: median(memory) } };
}

// Instructions for one page, without HTTP and database: the difference between twelve and two of them under callgrind.
function measureTransform(document) {
	const build = process.env.TENANTRY_BUILD ?? 'build', figures = {};
	execFileSync('make', ['-s', '-C', build, 'tests/bench/transform'], { stdio: ['ignore', 'ignore', 'inherit'] });
	const count = (way, pages) => {
		const { stderr, status } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null',
			path.join(build, 'tests/bench/transform'), path.join(root, 'xslt'), document, way, String(pages)], { encoding: 'utf8' });
		if (status !== 0)
			throw new Error(`callgrind of tests/bench/transform failed: ${stderr}`);
		return Number(stderr.match(/Collected : (\d+)/)[1]);
	};
	for (const way of ['compiled', 'libxslt'])
		figures[way] = { instructions: (count(way, 12) - count(way, 2)) / 10 };
	return figures;
}

function printFigures(figures, size) {
	const writeRows = Object.entries(figures).filter(([name]) => WRITES.has(name));
	if (writeRows.length) {
		console.log('\nChanges; microseconds of CPU each\n');
		console.log(table(['', 'a second', 'p50 ms', 'p99 ms', 'application', 'database', 'nginx'],
			writeRows.map(([name, one]) => [name, one.rate, one.p50, one.p99, one.application, one.database, one.nginx])));
	}
	const pageRows = Object.entries(figures).filter(([name, one]) => 'p99' in one && !name.startsWith('csv') && !WRITES.has(name));
	if (pageRows.length) {
		console.log(`\nPages of ${size} bytes; microseconds of CPU a request\n`);
		console.log(table(['', 'requests/s', 'p50 ms', 'p99 ms', 'application', 'database', 'nginx'],
			pageRows.map(([name, one]) => [name, one.rate, one.p50, one.p99, one.application, one.database, one.nginx])));
	}
	const fileRows = Object.entries(figures).filter(([name]) => name.startsWith('csv'));
	if (fileRows.length) {
		console.log('\nCSV of all rows; seconds of CPU\n');
		console.log(table(['', 'rows/s', 'seconds', 'application', 'database', 'nginx', 'worker MB'],
			fileRows.map(([name, one]) => [name, one.rate, one.seconds, one.application, one.database, one.nginx, one.peak])));
	}
}

function results(chosen, figures) {
	return chosen.map(({ name, unit, of, figure, against, least, most }) => {
		const value = figures[of[0]][figure], other = against ?? figures[of[1]][figure];
		return { name, value, unit, against: other, ratio: value / other, least, most };
	});
}

function printResults(list) {
	console.log('\nRatios: value over what it stands against\n');
	console.log(table(['', 'value', 'against', 'unit', 'ratio', 'wanted', ''], list.map((one) => [one.name, one.value, one.against, one.unit, one.ratio,
		one.least ? `>= ${one.least}` : one.most ? `<= ${one.most}` : '',
		(one.least && one.ratio < one.least) || (one.most && one.ratio > one.most) ? 'FALLS SHORT' : ''])));
}

async function main() {
	const { json, chosen } = options(process.argv.slice(2));
	const wanted = new Set(chosen.flatMap((one) => one.of));
	const instance = new Instance(process.env.TENANTRY_STATE ?? 'var', process.env.TENANTRY_PORT, process.env.BENCH_DEMO);
	const peers = new Peers(instance);
	const figures = {};
	let size = 0;
	try {
		say('Starting the large demo (minutes, the first time)');
		instance.start();
		await instance.login(8);
		if ([...wanted].some((name) => WRITES.has(name)))
			Object.assign(figures, await measureWrites(instance, wanted, say));
		if ([...wanted].some((name) => RUNS.has(name)))
			Object.assign(figures, measureRuns(instance, wanted));
		const first = await instance.clients[0].get('/customers');
		size = first.bytes.length;
		if ([...wanted].every((name) => WRITES.has(name) || RUNS.has(name)))
			return finish(chosen, figures, size, json);
		await peers.start(first.body.match(/tenantry\.css\?v=(\w+)/)[1], first.bytes);
		const found = places(instance);
		const etags = await Promise.all(instance.clients.map(async (client) => (await client.get('/customers')).headers.etag));
		const [page, ...others] = [...pagesOfPeers(instance, peers, found, etags), ...pages(instance, found)];
		const list = [page, { ...page, name: 'page-exports', measure: (one, seconds) => besideExports(instance, one, seconds) }, ...others]
			.filter((one) => wanted.has(one.name));
		await checkPages(instance, peers, ['/customers', ...[...found.ids.slice(0, 10), ...found.deep.slice(0, 3)].map((id) => `/customers?after=${id}`)]);
		say('The peers serve the same pages');
		Object.assign(figures, list.length ? await measurePages(list) : {});
		if ([...wanted].some((name) => name.startsWith('csv'))) {
			const { rows } = await checkFiles(instance, peers, EXPORT);
			say(`The peers serve the same CSV of ${rows} rows`);
			Object.assign(figures, await measureFiles(instance, peers, wanted, rows));
		}
		if (wanted.has('compiled')) {
			const document = path.join(peers.state, 'page.xml');
			fs.writeFileSync(document, (await instance.clients[0].get(`/customers.xml?after=${found.ids[0]}`)).bytes);
			Object.assign(figures, measureTransform(document));
		}
		if (wanted.has('rest') || wanted.has('start'))
			Object.assign(figures, await measurePool(instance));
	} finally {
		await peers.stop();
		instance.stop();
	}
	finish(chosen, figures, size, json);
}

function finish(chosen, figures, size, json) {
	const list = results(chosen, figures);
	printFigures(figures, size);
	printResults(list);
	if (json)
		fs.writeFileSync(json, `${JSON.stringify(list.map(({ name, value, unit, against, ratio }) => ({ name, value, unit, against, ratio })), null, '\t')}\n`);
}

main().catch((error) => {
	console.error(`bench: ${error.message}`);
	process.exit(1);
});
