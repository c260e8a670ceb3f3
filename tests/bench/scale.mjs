// ./dev bench scale: what each kind of request costs at 10,000, 100,000 and 1,000,000 tenants, into the table of doc/scale.md.
//
// CPU of application and database a request, since that is what a machine has so much of, whatever else it does meanwhile; the
// last column is what the greatest size costs over the least. The instances are kept in folders of the state.
import fs from 'node:fs';
import path from 'node:path';
import { Instance, root } from './instance.mjs';
import { measurePages, measureRuns, ROUNDS, say, SECONDS } from './measure.mjs';
import { pages, places } from './pages.mjs';
import { measureWrites } from './writes.mjs';

const SIZES = ['medium', '100k', 'large'];
const FILE = path.join(root, 'doc/scale.md'), BEGIN = '<!-- figures -->\n', END = '<!-- end of figures -->';

const ROWS = [
	['first', 'the first page', 'pages'],
	['deep', 'a page close to the end of the tree', 'pages'],
	['status', 'filtered by status', 'pages'],
	['source', 'filtered by source data', 'pages'],
	['tier', 'filtered by tier', 'pages'],
	['name', 'part of a name', 'pages'],
	['contracts-first', 'the first page of contracts', 'pages'],
	['contracts-status', 'contracts by status', 'pages'],
	['contracts-ends', 'contracts that end within 30, 60 or 90 days', 'pages'],
	['contracts-name', 'contracts, part of a name', 'pages'],
	['switch', 'switch into a reseller, or back', 'writes'],
	['add', 'add a customer', 'writes'],
	['edit', 'rename a customer', 'writes'],
	['move', 'move a customer to another reseller', 'writes'],
	['rename', 'rename a reseller with 500 customers', 'writes'],
];

// What a reported run costs comes as a rate, by eight writers on all cores.
const RUNS = ['runs-tree', 'report a run of a billing source (runs/s)'];

async function measureSize(size) {
	const instance = new Instance(process.env.TENANTRY_STATE ?? 'var', process.env.TENANTRY_PORT, size);
	say(`Starting the demo ${size}`);
	try {
		instance.start();
		await instance.login(8);
		const [[tenants]] = instance.sql('SELECT COUNT(*) FROM tenant_list').map((row) => row.map(Number));
		const wanted = (kind) => new Set(ROWS.filter((row) => row[2] === kind).map(([name]) => name));
		const list = pages(instance, places(instance)).filter(({ name }) => wanted('pages').has(name));
		const figures = await measurePages(list);
		Object.assign(figures, await measureWrites(instance, wanted('writes'), say));
		Object.assign(figures, measureRuns(instance, new Set([RUNS[0]])));
		return { tenants, figures };
	} finally {
		instance.stop();
	}
}

const number = (value) => Math.round(value).toLocaleString('en-US');

function report(sizes) {
	const [least, greatest] = [sizes[0], sizes.at(-1)];
	const row = (cells) => `| ${cells.join(' | ')} |`;
	const lines = [row(['tenants', ...sizes.map(({ tenants }) => number(tenants)), 'ratio']), row(['---', ...sizes.map(() => '---:'), '---:'])];
	for (const [name, what] of ROWS)
		lines.push(row([what, ...sizes.map(({ figures }) => number(figures[name].cost)), (greatest.figures[name].cost / least.figures[name].cost).toFixed(2)]));
	const rate = ({ figures }) => figures[RUNS[0]].rate;
	lines.push(row([RUNS[1], ...sizes.map((one) => number(rate(one))), (rate(least) / rate(greatest)).toFixed(2)]));
	return `Microseconds of CPU of application and database a request; ${SECONDS} s and ${ROUNDS} round${ROUNDS === 1 ? '' : 's'} each. `
		+ `The ratio is that of the greatest size to the least.\n\n${lines.join('\n')}\n`;
}

async function main() {
	const sizes = [];
	for (const size of SIZES)
		sizes.push(await measureSize(size));
	const text = report(sizes), page = fs.readFileSync(FILE, 'utf8');
	fs.writeFileSync(FILE, `${page.slice(0, page.indexOf(BEGIN) + BEGIN.length)}${text}${page.slice(page.indexOf(END))}`);
	console.log(text);
}

main().catch((error) => {
	console.error(`bench: ${error.message}`);
	process.exit(1);
});
