// The transport against clients of every kind, right and wrong, on its socket.
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as fcgi from './client.mjs';
import { makeDirectory, memory, openFiles, removeDirectory, startServer } from './server.mjs';

const FORM = { CONTENT_TYPE: 'application/x-www-form-urlencoded' };
let directory, server;
const talk = (...rest) => fcgi.talk(server.socket, ...rest);
const get = (uri, options) => talk(fcgi.request(uri, options));

before(async () => {
	directory = makeDirectory();
	server = await startServer(directory);
});
after(async () => {
	const code = await server.stop();
	removeDirectory(directory);
	assert.equal(code, 0);
});

// The worker that served before serves still: nothing crashed.
async function alive(pid) {
	const answer = await get('/echo');
	assert.equal(answer.status, 200);
	if (pid !== undefined)
		assert.equal(answer.value('pid'), pid);
	return answer.value('pid');
}

describe('requests in order', () => {
	test('a request is parsed and answered', async () => {
		const answer = await get('/echo/%41?q=a+b', { params: { HTTP_COOKIE: 'tenantry=secret' } });
		assert.equal(answer.status, 200);
		assert.ok(answer.complete);
		assert.equal(answer.value('path'), '/echo/A');
		assert.equal(answer.value('query q'), 'a b');
		assert.equal(answer.value('cookie'), 'secret');
		assert.match(answer.head, new RegExp(`Content-Length: ${answer.body.length}(\r|$)`));
	});

	test('the connection is closed after each request, also when the web server wants to keep it', async () => {
		const answer = await get('/echo', { keep: true });
		assert.ok(answer.complete);
		assert.equal(answer.error, undefined);
		assert.ok(answer.ms < 1000);
	});

	test('records may be split anywhere', async () => {
		const bytes = fcgi.request('/echo', { method: 'POST', params: FORM, body: 'a=1&b=%C3%A9' });
		for (const size of [1, 3, 7, 8, 9, 64]) {
			const answer = await talk(fcgi.split(bytes, size), { wait: size === 64 ? 20 : 0 });
			assert.ok(answer.complete, `pieces of ${size}`);
			assert.equal(answer.value('form b'), 'é');
		}
	});

	test('streams may be in many padded records', async () => {
		for (const size of [1, 5, 1000]) {
			const answer = await get('/echo', { method: 'POST', params: FORM, body: 'a=1&b=2', size, padding: 255 });
			assert.equal(answer.value('form b'), '2');
			assert.ok(answer.complete);
		}
	});

	test('padding behind any record is no content, also where libfcgi forgets it', async () => {
		// seen as records, this padding would make libfcgi answer, allocate and leak
		const hidden = fcgi.record(77, Buffer.alloc(40), { id: 0 });
		const pad = (record) => {
			const header = Buffer.from(record);
			header[6] = hidden.length;
			return Buffer.concat([header, hidden]);
		};
		const params = fcgi.stream(fcgi.PARAMS, fcgi.pairs({ REQUEST_URI: '/echo?a=1', REQUEST_METHOD: 'POST', ...FORM }), { end: false });
		const pieces = [fcgi.begin(), params, fcgi.record(fcgi.PARAMS), fcgi.record(fcgi.STDIN, 'b=2'), fcgi.record(fcgi.STDIN)];
		for (let which = 0; which < pieces.length; which++) {
			const padded = pieces.map((piece, i) => (i === which ? pad(piece) : piece));
			for (const way of [Buffer.concat(padded), padded, fcgi.split(Buffer.concat(padded), 1)]) {
				const answer = await talk(way);
				assert.equal(answer.value('query a'), '1', `padding of record ${which}`);
				assert.equal(answer.value('form b'), '2');
				assert.deepEqual(answer.ends, [{ id: 1, status: 0 }]);
			}
		}
	});

	test('any request ID is answered under it', async () => {
		const answer = await get('/echo', { id: 65535 });
		assert.deepEqual(answer.ends, [{ id: 65535, status: 0 }]);
	});

	test('a body of 64 KiB is taken', async () => {
		const body = `a=${'x'.repeat(65534)}`;
		for (const size of [65535, 8192, 100]) {
			const answer = await get('/echo', { method: 'POST', params: FORM, body, size });
			assert.equal(answer.value('error'), 'NONE');
			assert.equal(answer.value('body_length'), '65536');
		}
		const unknown = await get('/echo', { method: 'POST', params: { ...FORM, CONTENT_LENGTH: '-1' }, body });
		assert.equal(unknown.value('body_length'), '65536');
	});

	test('HEAD has the headers alone', async () => {
		const buffered = await get('/big?size=5000', { method: 'HEAD' });
		assert.match(buffered.head, /Content-Length: 5000/);
		assert.equal(buffered.body.length, 0);
		const streamed = await get('/stream?size=5000', { method: 'HEAD' });
		assert.equal(streamed.body.length, 0);
		assert.ok(streamed.complete);
	});

	test('large bodies and streams come whole', async () => {
		for (const size of [0, 1, 8191, 8192, 65528, 65536, 65537, 3000001]) {
			const big = await get(`/big?size=${size}`);
			assert.equal(big.body.length, size);
			assert.ok(big.body.every((byte) => byte === 98));
			const streamed = await get(`/stream?size=${size}&chunk=65536`);
			assert.equal(streamed.body.length, size);
			assert.ok(streamed.complete && streamed.body.every((byte) => byte === 120));
		}
	});
});

describe('bodies that cannot be', () => {
	test('over 64 KiB is 413, however much it is', async () => {
		for (const size of [65537, 200000, 5000000]) {
			const answer = await get('/echo', { method: 'POST', params: FORM, body: 'a'.repeat(size) });
			assert.equal(answer.status, 413);
			assert.equal(answer.value('path'), '/echo');
			assert.ok(answer.complete);
			const unknown = await get('/echo', { method: 'POST', params: { ...FORM, CONTENT_LENGTH: '' }, body: 'a'.repeat(size) });
			assert.equal(unknown.status, 413);
		}
	});

	test('without end is not read for ever', async () => {
		const pid = await alive();
		const body = Array.from({ length: 400 }, () => fcgi.record(fcgi.STDIN, Buffer.alloc(65535)));
		const head = fcgi.request('/echo', { method: 'POST' }).subarray(0, -8);
		const answer = await talk([head, ...body]);
		assert.equal(answer.status, 0);
		await alive(pid);
	});

	test('shorter than Content-Length is 400', async () => {
		const answer = await get('/echo', { method: 'POST', params: { ...FORM, CONTENT_LENGTH: '10' }, body: 'a=1' });
		assert.equal(answer.value('error'), 'BAD_REQUEST');
		assert.equal(answer.value('form_count'), '0');
	});
});

describe('what is no request', () => {
	const params = fcgi.stream(fcgi.PARAMS, fcgi.pairs({ REQUEST_URI: '/echo', REQUEST_METHOD: 'GET' }));
	const end = fcgi.record(fcgi.STDIN);
	const cases = {
		'another version': [fcgi.record(fcgi.BEGIN, '\0\x01\0\0\0\0\0\0', { version: 2 }), params, end],
		'HTTP instead of FastCGI': [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
		'no beginning': [params, end],
		'a second beginning of the same request': [fcgi.begin(), fcgi.begin(), params, end],
		'a beginning of another size': [fcgi.record(fcgi.BEGIN, '\0\x01'), params, end],
		'request 0': [fcgi.begin({ id: 0 }), params, end],
		'a body before the parameters end': [fcgi.begin(), params.subarray(0, -8), end],
		'parameters after their end': [fcgi.begin(), params, params, end],
		'a management record': [fcgi.record(fcgi.GET_VALUES, fcgi.pairs({ FCGI_MAX_CONNS: '' }), { id: 0 })],
		'a management record that overflows libfcgi': [fcgi.begin(), params, fcgi.record(fcgi.GET_VALUES,
			Buffer.concat(Array(50).fill(fcgi.pairs({ FCGI_MPXS_CONNS: '' }))), { id: 0 }), end],
		'an unknown type': [fcgi.begin(), fcgi.record(77, 'x'), params, end],
		'an answer': [fcgi.begin(), fcgi.record(fcgi.STDOUT, 'x'), params, end],
		'a name of 2 GiB': [fcgi.begin(), fcgi.record(fcgi.PARAMS, '\xff\xff\xff\xff\x01'), fcgi.record(fcgi.PARAMS), end],
		'name and value of 2 GiB less two': [fcgi.begin(), fcgi.record(fcgi.PARAMS,
			Buffer.from([255, 255, 255, 254, 255, 255, 255, 254, 65])), fcgi.record(fcgi.PARAMS), end],
		'a value longer than what is there': [fcgi.begin(), fcgi.record(fcgi.PARAMS, '\x01\x05ab'), fcgi.record(fcgi.PARAMS), end],
		'megabytes of parameters': [fcgi.begin(), ...Array(200).fill(fcgi.record(fcgi.PARAMS, Buffer.alloc(65530))), end],
		'abort among the parameters': [fcgi.begin(), params.subarray(0, -8), fcgi.record(fcgi.ABORT)],
		'abort in the body': [fcgi.begin(), params, fcgi.record(fcgi.STDIN, 'abc'), fcgi.record(fcgi.ABORT)],
	};

	for (const [name, pieces] of Object.entries(cases)) {
		test(`${name}: the connection is closed and the worker goes on`, async () => {
			const pid = await alive();
			for (const bytes of [Buffer.concat(pieces), pieces]) {
				const answer = await talk(bytes, { wait: Array.isArray(bytes) && bytes.length < 10 ? 10 : 0 });
				assert.equal(answer.status, 0);
				assert.ok(answer.ms < 2000, `${answer.ms} ms`);
			}
			await alive(pid);
		});
	}

	test('other roles are refused in the protocol', async () => {
		for (const role of [0, 2, 3, 4, 257]) {
			const answer = await get('/echo', { role });
			assert.deepEqual(answer.ends, [{ id: 1, status: 3 }]);
			assert.equal(answer.status, 0);
		}
	});

	test('a second request on a connection is refused in the protocol, the first answered', async () => {
		const first = fcgi.request('/echo'), second = fcgi.request('/echo?second=1', { id: 2 });
		const answer = await talk([first.subarray(0, -8), second, first.subarray(-8)], { wait: 10 });
		assert.deepEqual(answer.ends, [{ id: 2, status: 1 }, { id: 1, status: 0 }]);
		assert.equal(answer.value('query'), '');
		const together = await talk(Buffer.concat([first.subarray(0, -8), second, first.subarray(-8)]));
		assert.deepEqual(together.ends, answer.ends);
	});

	test('a request cut off anywhere is dropped at once when the client has gone', async () => {
		const pid = await alive(), bytes = fcgi.request('/echo', { method: 'POST', params: FORM, body: 'a=1' });
		for (let i = 0; i < bytes.length; i += 5) {
			const answer = await talk(bytes.subarray(0, i), { hangUp: true });
			assert.equal(answer.status, 0);
			assert.ok(answer.ms < 2000);
		}
		await alive(pid);
	});

	test('chance does no harm', async () => {
		const pid = await alive(), good = fcgi.request('/echo', { method: 'POST', params: FORM, body: 'a=1&b=2' });
		let seed = 20261122;
		const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
		for (let i = 0; i < 1000; i++) {
			const bytes = Buffer.from(good);
			for (let k = random(4); k >= 0; k--)
				bytes[random(bytes.length)] = random(256);
			await talk(bytes, { hangUp: true });
		}
		await alive(pid);
	});
});

describe('parameters', () => {
	test('over-many are 400', async () => {
		const many = Object.fromEntries(Array.from({ length: 10000 }, (_, i) => [`P${i}`, 'v']));
		const answer = await get('/echo', { params: many });
		assert.equal(answer.value('error'), 'BAD_REQUEST');
		assert.equal(answer.value('path'), '/echo');
		const fine = await get('/echo', { params: Object.fromEntries(Object.entries(many).slice(0, 97)) });
		assert.equal(fine.value('error'), 'NONE');
		const over = await get('/echo', { params: Object.fromEntries(Object.entries(many).slice(0, 98)) });
		assert.equal(over.value('error'), 'BAD_REQUEST');
	});

	test('an address over 8 KiB is 414, a header over 16 KiB 400', async () => {
		assert.equal((await get(`/echo?${'q'.repeat(8186)}`)).status, 200);
		assert.equal((await get(`/echo?${'q'.repeat(8187)}`)).status, 414);
		assert.equal((await get(`/echo?${'q'.repeat(60000)}`)).status, 414);
		assert.equal((await get('/echo', { params: { HTTP_COOKIE: 'c'.repeat(16384) } })).status, 200);
		assert.equal((await get('/echo', { params: { HTTP_COOKIE: 'c'.repeat(16385) } })).status, 400);
	});

	test('a NUL byte in one is 400, not a shorter value', async () => {
		assert.equal((await get('/echo\0/../secret')).value('error'), 'BAD_PATH');
		assert.equal((await get('/echo', { params: { TENANTRY_PRIVATE: '1\0x' } })).value('private'), '1');
		assert.equal((await get('/echo', { params: { TENANTRY_PRIVATE: '1\0x' } })).value('error'), 'BAD_PATH');
	});
});

describe('slow and vanished clients', () => {
	test('one that sends nothing, stops in the middle or dribbles loses its connection', async () => {
		const others = await startServer(makeDirectory(), { workers: 4 });
		const bytes = fcgi.request('/echo'), slow = (pieces, options) => fcgi.talk(others.socket, pieces, options);
		const started = Date.now();
		const waiting = [slow([]), slow(bytes.subarray(0, 20)), slow(fcgi.split(bytes, 1).slice(0, 100), { wait: 200 })];
		await fcgi.pause(200);
		for (let i = 0; i < 20; i++)
			assert.equal((await slow(bytes)).status, 200, 'the other worker serves meanwhile');
		assert.ok(Date.now() - started < 2500);
		const [silent, stopped, dribbling] = await Promise.all(waiting);
		assert.ok(silent.ms > 2500 && silent.ms < 6000, `silent: ${silent.ms} ms`);
		assert.ok(stopped.ms > 2500 && stopped.ms < 6000, `stopped: ${stopped.ms} ms`);
		assert.ok(dribbling.ms > 8000 && dribbling.ms < 13000, `dribbling: ${dribbling.ms} ms`);
		assert.equal(others.log.match(/nothing was sent/g).length, 1);
		assert.equal(others.log.match(/not sent whole in time/g).length, 2);
		assert.equal(await others.stop(), 0);
	});

	test('a client that goes away in an answer costs nothing', async () => {
		const pid = await alive();
		for (let i = 0; i < 5; i++) {
			await talk(fcgi.request('/stream?size=100000000'), { stopAfter: 100000 });
			await talk(fcgi.request('/big?size=10000000'), { stopAfter: 1 });
		}
		await alive(pid);
	});

	test('neither descriptors nor memory are left behind', async () => {
		const pid = await alive(), files = openFiles(pid), kilobytes = memory(pid);
		for (let i = 0; i < 300; i++) {
			await get('/echo');
			await talk(fcgi.split(fcgi.request('/echo'), 50));
			await talk([fcgi.begin(), fcgi.record(77)]);
			await talk(fcgi.request('/stream?size=300000'), { stopAfter: 1000 });
			await get('/stream?size=10&end=cut');
		}
		await alive(pid);
		assert.equal(openFiles(pid), files);
		// a sanitizer keeps what was freed for a while
		assert.ok(memory(pid) - kilobytes < (process.env.FCGI_SANITIZED ? 80000 : 2000), `${memory(pid) - kilobytes} KiB more`);
	});
});

describe('ends of a stream', () => {
	test('a stream that is cut has no end and an invalid record', async () => {
		const answer = await get('/stream?size=200000&end=cut');
		assert.equal(answer.status, 200);
		assert.ok(!answer.valid && !answer.complete);
		assert.deepEqual(answer.ends, []);
		assert.deepEqual(answer.raw.subarray(-8), Buffer.alloc(8));
	});

	test('a stream that was left is cut', async () => {
		const answer = await get('/stream?size=10&end=leave');
		assert.ok(!answer.complete);
		await alive();
	});

	test('the end of a process is no end of a stream', async () => {
		const answer = await get('/stream?size=100000&end=kill');
		assert.equal(answer.status, 200);
		assert.ok(!answer.complete);
		await fcgi.pause(100);
		await alive();
	});
});

describe('signals', () => {
	test('TERM in the middle of a request lets it end', async () => {
		for (const uri of ['/sleep?ms=400', '/stream?size=30000000']) {
			const pid = Number(await alive()), answer = get(uri);
			await fcgi.pause(uri.startsWith('/sleep') ? 100 : 5);
			process.kill(pid, 'SIGTERM');
			assert.ok((await answer).complete, uri);
			await fcgi.pause(200);
			assert.notEqual(await alive(), String(pid));
		}
	});

	test('signals while a request comes in do not halve it', async () => {
		const pid = Number(await alive());
		const bytes = fcgi.request('/echo', { method: 'POST', params: FORM, body: 'a=1&b=2' });
		const answer = talk(fcgi.split(bytes, 10), { wait: 10 });
		for (let i = 0; i < 20; i++) {
			process.kill(pid, 'SIGCONT');
			await fcgi.pause(5);
		}
		assert.equal((await answer).value('form b'), '2');
	});
});

describe('the socket', () => {
	test('is for owner and group alone', () => {
		assert.equal(statSync(server.socket).mode & 0o777, 0o660);
	});

	test('that is served is not taken over, one left behind is', async () => {
		const second = await startServer(directory);
		assert.equal(second.started, false);
		assert.match(second.log, /in use/);
		await alive();
		const other = makeDirectory(), stale = path.join(other, 'app.sock');
		const listener = net.createServer().listen(stale);
		await new Promise((resolve) => { listener.on('listening', resolve); });
		listener._handle.close(); // closes without unlinking
		const third = await startServer(other);
		assert.ok(third.started);
		assert.equal(await third.stop(), 0);
		removeDirectory(other);
	});

	test('is never made over a file', async () => {
		const other = makeDirectory();
		writeFileSync(path.join(other, 'app.sock'), 'precious');
		const third = await startServer(other);
		assert.equal(third.started, false);
		assert.match(third.log, /exists/);
		removeDirectory(other);
	});
});
