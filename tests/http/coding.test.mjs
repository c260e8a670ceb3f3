// What crosses the network: compressed for those who take it, and never with a secret that repeats.
import { test } from 'node:test';
import { strict as assert } from 'node:assert';
import { gunzipSync } from 'node:zlib';
import { FORM_TOKENS, loggedIn } from '../lib/http.mjs';

const zipped = { headers: { 'Accept-Encoding': 'gzip, br' } };
const plain = ({ bytes, headers }, text = bytes.toString()) => text.replaceAll(headers['x-request-id'], 'REQUEST').replace(FORM_TOKENS, 'TOKEN');

test('pages and documents are the same compressed and as they are, and a third of the size', async () => {
	const client = await loggedIn('distributor');
	for (const path of ['/customers', '/customers.xml', '/customers.json', '/nothing-of-ours']) {
		const [bare, small] = [await client.get(path), await client.get(path, zipped)];
		assert.equal(bare.headers['content-encoding'], undefined, path);
		assert.equal(small.headers['content-encoding'], 'gzip', path);
		assert.match(small.headers.vary, /Accept-Encoding/);
		assert.equal(Number(small.headers['content-length']), small.bytes.length);
		assert.equal(plain(small, gunzipSync(small.bytes).toString()), plain(bare), path);
		if (path !== '/nothing-of-ours')
			assert.ok(small.bytes.length < bare.bytes.length / 3, `${path}: ${small.bytes.length} of ${bare.bytes.length}`);
	}
});

test('HEAD says the headers of the compressed answer without it; what is short stays as it is', async () => {
	const client = await loggedIn('distributor');
	const head = await client.request('HEAD', '/customers', zipped);
	assert.equal(head.headers['content-encoding'], 'gzip');
	assert.equal(head.bytes.length, 0);
	const problem = await client.get('/customers/0000000000.json', zipped);
	assert.equal(problem.status, 404);
	assert.equal(problem.headers['content-encoding'], undefined);
});

test('a form token never comes twice, so that compressed sizes tell nothing of it', async () => {
	const client = await loggedIn('distributor'), seen = new Set();
	for (let i = 0; i < 20; i++) {
		const tokens = new Set(gunzipSync((await client.get('/customers', zipped)).bytes).toString().match(FORM_TOKENS));
		assert.equal(tokens.size, 1, 'one a page');
		const [number, , mac] = [...tokens][0].split('.');
		assert.ok(!seen.has(number) && !seen.has(mac));
		seen.add(number).add(mac);
	}
});
