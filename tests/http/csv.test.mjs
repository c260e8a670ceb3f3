// The files: RFC 4180, read alike by csv-parse and Python, guarded against formulas, named with the date.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { USERS, loggedIn } from '../lib/http.mjs';
import { given } from '../lib/instance.mjs';
import { ALL_COLUMNS, Model, csvCells } from '../lib/model.mjs';

let model, client, view;

before(async () => {
	model = await Model.read(given());
	client = await loggedIn('distributor');
	view = model.view(model.ofUser(USERS.distributor));
});

const python = (bytes, encoding = 'utf-8') => JSON.parse(execFileSync('python3', ['-c',
	`import csv, io, json, sys; print(json.dumps(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, '${encoding}', newline=''), strict=True))))`], { input: bytes }));
const wanted = (options) => view.rows.map((row) => [...csvCells(row, ALL_COLUMNS, options), row.parent ?? '', 'yes']);

test('the file is UTF-8 without BOM, ended by CRLF, and two readers agree on every cell', async () => {
	const { bytes, headers } = await client.download('/customers.csv?columns=all');
	assert.match(headers['content-type'], /^text\/csv; charset=utf-8/);
	assert.notEqual(bytes[0], 0xef);
	new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	const text = bytes.toString();
	assert.ok(text.endsWith('\r\n'));
	assert.equal(text.replaceAll('\r\n', '').match(/[\r\n]/), null, 'no other line ends');
	const rows = parse(bytes, { record_delimiter: '\r\n', relax_quotes: false });
	assert.deepEqual(rows, [[...ALL_COLUMNS, 'Parent ID', 'Matched'], ...wanted()]);
	assert.deepEqual(python(bytes), rows);
	// What needs quotes has them: RFC 4180, 2.6.
	assert.ok(text.includes(`"O'Neill ""Quoted"" Traders, Ltd"`));
	assert.ok(text.includes('"“Delta”, Inc. <West>"'));
});

test('a HEAD request tells how many rows the file has, and sends none', async () => {
	const head = await client.request('HEAD', '/customers.csv'), { headers } = await client.download('/customers.csv');
	assert.equal(head.status, 200);
	assert.equal(head.body, '');
	for (const name of ['content-type', 'content-disposition', 'x-row-count']) assert.equal(head.headers[name], headers[name]);
});

test('what a spreadsheet would take for a formula has an apostrophe in front, a raw file has not', async () => {
	const guarded = parse((await client.download('/customers.csv')).bytes), raw = parse((await client.download('/customers.csv?raw=1&columns=all')).bytes);
	for (const name of ['=SUM(A1:A9) Analytics', '+Plus Energy', '-Minus- Records', '@home Automation']) {
		assert.ok(guarded.some(([cell]) => cell === `'${name}`), name);
		assert.ok(raw.some(([cell]) => cell === name), name);
	}
	assert.deepEqual(guarded.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell) && cell !== '---'), []);
	assert.ok(guarded.flat().includes('---'), 'the dash stays as it is');
	assert.deepEqual(raw.slice(1), wanted({ raw: true }));
});

test('bom=1 puts a BOM in front for Excel, other values do not', async () => {
	const [plain, bom, other] = [await client.download('/customers.csv'), await client.download('/customers.csv?bom=1'), await client.download('/customers.csv?bom=0')];
	assert.deepEqual([...bom.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
	assert.equal(bom.bytes.subarray(3).toString(), plain.body);
	assert.equal(other.body, plain.body);
	assert.deepEqual(python(bom.bytes, 'utf-8-sig'), parse(plain.bytes));
});

test('a file is an attachment named after the list and the date, and says how many rows it has', async () => {
	const day = new Date().toISOString().slice(0, 10), brightwater = model.ofUser(USERS.customer);
	for (const [path, name] of [['/customers.csv', 'customers'], ['/contracts.csv', 'contracts'], [`/customers/${brightwater.id}/users.csv`, 'users'],
		[`/customers/${brightwater.id}/contracts.csv`, 'contracts'], [`/customers/${brightwater.id}/sources.csv`, 'sources'], [`/customers/${brightwater.id}/activity.csv`, 'activity']]) {
		const answer = await client.download(path);
		assert.equal(answer.status, 200, path);
		assert.equal(answer.headers['content-disposition'], `attachment; filename="${name}-${day}.csv"`, path);
		const rows = parse(answer.bytes);
		assert.equal(answer.headers['x-row-count'], String(rows.length - 1), path);
		assert.deepEqual(python(answer.bytes), rows, path);
		assert.ok(rows.length > 1, path);
	}
});

test('limit, cursors and folding mean nothing to a file', async () => {
	const plain = (await client.download('/customers.csv')).body, reseller = model.named('Cumulus Partners').id;
	for (const query of ['limit=25', `after=${reseller}`, `before=${reseller}`, `fold=${reseller}`, 'folded=1', `limit=25&folded=1&unfold=${reseller}`])
		assert.equal((await client.download(`/customers.csv?${query}`)).body, plain, query);
});

test('the file of contracts has the columns that scripts rely on', async () => {
	const [header, ...rows] = parse((await client.download('/contracts.csv')).bytes);
	assert.deepEqual(header, ['Contract', 'Customer', 'Tier', 'Version', 'Status', 'Start', 'End', 'Renewal', 'Entitlement', 'Contract ID', 'Customer ID']);
	const contracts = view.rows.flatMap(({ tenant }) => tenant.contracts);
	assert.equal(rows.length, contracts.length);
	for (const row of rows) {
		const { tenant, status, start, end, name } = contracts.find(({ id }) => id === row[9]);
		assert.deepEqual([row[0], row[1], row[4].toLowerCase(), row[5], row[6], row[10]],
			[name, tenant.name.replace(/^[=+\-@]/, "'$&"), status, start, end ?? '---', tenant.id]);
	}
	assert.deepEqual(new Set(rows.map((row) => row[4].toLowerCase())), new Set(['active', 'scheduled', 'draft', 'expired', 'cancelled', 'superseded']), 'the demo shows each status');
});
