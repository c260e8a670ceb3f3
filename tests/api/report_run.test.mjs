// tenantry report-run, against the instance and against servers that are away or busy.
import { test, before, after } from 'node:test';
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { get, tokenOf } from '../lib/api.mjs';
import { USERS, loggedIn } from '../lib/http.mjs';
import { SOURCE, given } from '../lib/instance.mjs';
import { Model } from '../lib/model.mjs';

const program = path.join(process.env.TENANTRY_BUILD, 'tenantry'), instance = given();
const manifest = JSON.parse(readFileSync(path.join(SOURCE, 'doc/examples/cur-manifest.json'), 'utf8'));
const account = String(770000000000 + Date.now() % 1e10);
let folder, token, reader, minute = 60;

const at = (minutes) => new Date(Date.now() - minutes * 6e4).toISOString().replace(/\.\d+/, '');
const file = (name, text) => {
	writeFileSync(path.join(folder, name), text);
	return path.join(folder, name);
};

// The options of a good run, less those of MORE that are null.
function options(more = {}) {
	const all = { url: instance.url, 'token-file': token, started: at(minute -= 1), finished: at(minute), status: 'success', account, period: '2026-11', rows: '12', ...more };
	return Object.entries(all).filter(([, value]) => value !== null).flatMap(([name, value]) => [Buffer.from(`--${name}`), Buffer.isBuffer(value) ? value : Buffer.from(value)]);
}

function run(args) {
	// By a shell, as arguments of execFile() would be made UTF-8.
	const octal = (bytes) => [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
	const words = args.map((bytes) => `"$(printf '${octal(bytes)}')"`).join(' ');
	return new Promise((resolve) => {
		execFile('/bin/sh', ['-c', `exec "${program}" report-run ${words}`], (error, out, err) => resolve({ status: error ? error.code : 0, out, err }));
	});
}

const report = (more) => run(options(more));
const sourceOf = async () => {
	for (let next = ''; next !== null;) {
		const { json } = await get(reader, `/api/v1/sources?maxResults=1000${next && `&pageToken=${next}`}`), found = json.sources.find((source) => source.account === account);
		if (found)
			return found;
		next = json.pageToken;
	}
	return null;
};

before(async () => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'tenantry-report.'));
	const shop = (await Model.read(instance)).ofUser(USERS.reseller), admin = await loggedIn('distributor'), page = `/customers/${shop.id}/sources`;
	token = file('token', `${await tokenOf(shop.id, 'ingest')}\n`);
	reader = await tokenOf(shop.id, 'read');
	assert.equal((await admin.post(page, { token: (await admin.get(page)).token(page), account, report: 'cur-daily', location: 's3://example-billing/cur' })).status, 303);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a run is reported: 0, and nothing said', async () => {
	assert.deepEqual(await report({ message: 'Größe 12 "MB"' }), { status: 0, out: '', err: '' });
	const { state, lastRun } = await sourceOf();
	assert.deepEqual([state, lastRun.status, lastRun.rows, lastRun.period, lastRun.message], ['success', 'success', 12, '2026-11', 'Größe 12 "MB"']);
	assert.equal((await report({ finished: null, status: null, rows: null })).status, 0, 'one that is going on');
	assert.equal((await sourceOf()).lastRun.finished, null);
});

test('the manifest of a Cost and Usage Report says account and period', async () => {
	const mine = file('manifest.json', JSON.stringify({ ...manifest, account, billingPeriod: { start: '20260901T000000.000Z', end: '20261001T000000.000Z' } }));
	assert.deepEqual(await report({ account: null, period: null, manifest: mine, status: 'warning' }), { status: 0, out: '', err: '' });
	assert.deepEqual([(await sourceOf()).lastRun.period, (await sourceOf()).state], ['2026-09', 'warning']);
	for (const bad of ['{', '[]', 'null', '{}', JSON.stringify({ ...manifest, account: null }), JSON.stringify({ ...manifest, billingPeriod: { start: null } }), JSON.stringify({ ...manifest, billingPeriod: 'soon' })]) {
		const { status, err } = await report({ account: null, period: null, manifest: file('bad.json', bad) });
		assert.deepEqual([status, /no manifest with account and billingPeriod/.test(err)], [1, true], bad);
	}
});

test('what the server refuses is 1, with why on standard error', async () => {
	for (const [more, why] of [[{ account: '000000000001' }, /the server says 404/], [{ started: 'yesterday' }, /422.*An instant such as/s], [{ period: '2026-13' }, /422.*A month such as/s],
		[{ 'token-file': file('wrong', `tenantry_${'A'.repeat(43)}`) }, /401/], [{ 'token-file': path.join(folder, 'none') }, /cannot be read/]]) {
		const { status, out, err } = await report(more);
		assert.deepEqual([status, out], [1, ''], JSON.stringify(more));
		assert.match(err, why);
		assert.match(err, /^tenantry report-run: /);
	}
});

test('what could not be sent right is refused before it is sent', async () => {
	// Nobody listens there: whoever asked would try five times.
	const nowhere = { url: 'http://127.0.0.1:9' };
	for (const [more, why] of [[{ message: Buffer.from('Gr\xf6\xdfe', 'latin1') }, /the message is not UTF-8/], [{ period: Buffer.from('\xff', 'latin1') }, /not UTF-8/], [{ key: 'a b' }, /visible characters/], [{ key: 'a\r\nX-Other: b' }, /visible characters/]]) {
		const began = Date.now(), { status, err } = await report({ ...nowhere, ...more });
		assert.equal(status, 1);
		assert.match(err, why);
		assert.ok(Date.now() - began < 2000);
	}
});

test('a wrong command line is 2 with the usage', async () => {
	for (const more of [{ url: null }, { url: 'file:///etc' }, { url: 'console.example' }, { 'token-file': null }, { started: null }, { account: null }, { period: null }, { account: '12x' }, { account: '' }, { rows: '12x' }, { rows: '' }, { other: 'x' }]) {
		const { status, err } = await report(more);
		assert.equal(status, 2, JSON.stringify(more));
		assert.match(err, /^usage: tenantry report-run /);
	}
});

test('while the server is away or busy it tries again, with the same key', { timeout: 60000 }, async () => {
	const seen = [], answers = [503, 429, 409, 201];
	const server = http.createServer((request, response) => {
		let body = '';
		request.on('data', (part) => { body += part; });
		request.on('end', () => {
			seen.push({ key: request.headers['idempotency-key'], path: request.url, at: Date.now(), body });
			const status = answers[seen.length - 1] ?? 500;
			response.writeHead(status, { 'Content-Type': 'application/json', ...(status === 503 ? { 'Retry-After': '3' } : {}) }).end('{}');
		});
	});
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	const { status, err } = await report({ url: `http://127.0.0.1:${server.address().port}` });
	server.close();
	assert.deepEqual([status, err], [0, '']);
	assert.equal(seen.length, 4);
	assert.equal(new Set(seen.map(({ key, path: where, body }) => `${key} ${where} ${body}`)).size, 1);
	assert.ok(seen[1].at - seen[0].at >= 2900, 'as long as the server has asked for');
	const key = `given-${Date.now()}`, good = options({ key });
	assert.deepEqual([(await run(good)).status, (await run(good)).status], [0, 0], 'one report, sent twice');
	assert.equal((await run([...good.slice(0, -2), Buffer.from('--key'), Buffer.from(key), Buffer.from('--message'), Buffer.from('other')])).status, 1, 'another one under that key');
});
