// Behind a real nginx: what the browser gets, and that a download which was cut is seen as one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pause } from './client.mjs';
import { makeDirectory, removeDirectory, startServer } from './server.mjs';

const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync);
let directory, server, nginx, port;

// A server block a way of connecting; they are told apart by Host.
function block(name, settings) {
	return `server {
	listen 127.0.0.1:${port};
	server_name ${name};
	location / {
		fastcgi_pass unix:${server.socket};
		fastcgi_param REQUEST_URI $request_uri;
		fastcgi_param REQUEST_METHOD $request_method;
		fastcgi_param CONTENT_TYPE $content_type;
		fastcgi_param CONTENT_LENGTH $content_length;
		fastcgi_param REMOTE_ADDR $remote_addr;
		fastcgi_param TENANTRY_REQUEST_ID $request_id;
		${settings}
	}
}`;
}

async function freePort() {
	const listener = net.createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => { listener.on('listening', resolve); });
	const { port: found } = listener.address();
	await new Promise((resolve) => { listener.close(resolve); });
	return found;
}

before(async () => {
	assert.ok(NGINX, 'nginx is not installed');
	directory = makeDirectory();
	server = await startServer(directory, { workers: 2 });
	port = await freePort();
	const temporary = path.join(directory, 'nginx');
	mkdirSync(temporary);
	const buffers = 'fastcgi_buffer_size 16k; fastcgi_buffers 32 16k; fastcgi_busy_buffers_size 64k;';
	writeFileSync(path.join(directory, 'nginx.conf'), `daemon off; worker_processes 1; master_process off;
pid ${temporary}/pid; error_log ${temporary}/error.log warn;
events { worker_connections 256; }
http {
	access_log off; client_max_body_size 20m; large_client_header_buffers 8 32k;
	client_body_temp_path ${temporary}/body; fastcgi_temp_path ${temporary}/fastcgi;
	proxy_temp_path ${temporary}/proxy; uwsgi_temp_path ${temporary}/uwsgi; scgi_temp_path ${temporary}/scgi;
	${block('plain', buffers)}
	${block('kept', `${buffers} fastcgi_keep_conn on;`)}
	${block('unbuffered', 'fastcgi_buffering off; fastcgi_keep_conn on;')}
	${block('direct', `${buffers} fastcgi_keep_conn on; fastcgi_max_temp_file_size 0;`)}
	${block('streamed', `${buffers} fastcgi_request_buffering off;`)}
}
`);
	nginx = spawn(NGINX, ['-p', temporary, '-c', path.join(directory, 'nginx.conf')], { stdio: 'ignore' });
	for (let i = 0; i < 100 && !(await fetchText('plain', '/echo').catch(() => false)); i++)
		await pause(50);
});
after(async () => {
	nginx?.kill('SIGTERM');
	assert.equal(await server?.stop(), 0);
	removeDirectory(directory);
});

// Resolves with what came, and whether the answer was complete as HTTP tells it.
function fetchText(host, uri, { method = 'GET', body, headers = {}, readWait = 0 } = {}) {
	return new Promise((resolve, reject) => {
		const request = http.request({ host: '127.0.0.1', port, path: uri, method, agent: false, headers: { Host: host, ...headers } });
		request.on('error', reject);
		request.on('response', (response) => {
			const chunks = [];
			response.on('data', (chunk) => {
				chunks.push(chunk);
				if (readWait > 0) {
					response.pause();
					setTimeout(() => response.resume(), readWait);
				}
			});
			response.on('error', () => {});
			response.on('close', () => {
				const bytes = Buffer.concat(chunks);
				resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.length < 100000 ? bytes.toString() : '',
					complete: response.complete });
			});
		});
		request.end(body);
	});
}

describe('behind nginx', () => {
	for (const host of ['plain', 'kept', 'unbuffered', 'direct', 'streamed']) {
		test(`${host}: pages, forms and streams come whole`, async () => {
			const page = await fetchText(host, '/echo/%E6%A0%AA?q=1%2B1');
			assert.match(page.text, /^path=\/echo\/株$/m);
			assert.match(page.text, /^query q=1\+1$/m);
			assert.match(page.headers['x-request-id'], /^[0-9a-f]{32}$/);
			assert.equal(Number(page.headers['content-length']), page.bytes.length);
			const form = await fetchText(host, '/echo', { method: 'POST', body: `a=${'x'.repeat(65534)}`,
				headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
			assert.match(form.text, /^body_length=65536$/m);
			const stream = await fetchText(host, '/stream?size=5000000');
			assert.equal(stream.bytes.length, 5000000);
			assert.ok(stream.complete);
			const head = await fetchText(host, '/stream?size=5000000', { method: 'HEAD' });
			assert.equal(head.status, 200);
			const large = await fetchText(host, '/big?size=3000000');
			assert.equal(large.bytes.length, 3000000);
		});

		test(`${host}: what is too large has our own answer`, async () => {
			const body = await fetchText(host, '/echo', { method: 'POST', body: 'a'.repeat(5000000),
				headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
			assert.equal(body.status, 413);
			assert.match(body.text, /^error=BODY_TOO_LARGE$/m);
			const uri = await fetchText(host, `/echo?${'q'.repeat(15000)}`);
			assert.match(uri.text, /^error=URI_TOO_LONG$/m);
			const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`X-Header-${i}`, 'v']));
			assert.match((await fetchText(host, '/echo', { headers: many })).text, /^error=BAD_REQUEST$/m);
		});

		for (const size of [1000, 100000, 20000000]) {
			test(`${host}: a stream of ${size} bytes that is cut fails`, async () => {
				const answer = await fetchText(host, `/stream?size=${size}&end=cut`).catch((error) => ({ error }));
				assert.ok(answer.error || answer.status === 502 || !answer.complete,
					`status ${answer.status}, ${answer.bytes?.length} bytes, complete`);
			});
		}
	}

	// With fastcgi_keep_conn nginx knows that a request is not over without its end record, but looks at
	// that with buffering alone: in "unbuffered" such a download seems complete, and so it does in "plain".
	for (const host of ['kept', 'direct']) {
		test(`${host}: the end of the process in a stream fails the download`, async () => {
			for (const size of [1000, 100000, 5000000]) {
				const answer = await fetchText(host, `/stream?size=${size}&end=kill`).catch((error) => ({ error }));
				assert.ok(answer.error || answer.status === 502 || !answer.complete, `status ${answer.status}, complete`);
			}
		});
	}

	test('a slow reader gets all of it', async () => {
		const answer = await fetchText('direct', '/stream?size=3000000', { readWait: 5 });
		assert.equal(answer.bytes.length, 3000000);
		assert.ok(answer.complete);
	});

	test('a chunked body is read to its end', async () => {
		const answer = await fetchText('streamed', '/echo', { method: 'POST', body: 'a=1&b=2',
			headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Transfer-Encoding': 'chunked' } });
		assert.match(answer.text, /^form b=2$/m);
	});

	test('nginx found nothing wrong but what was cut', () => {
		const log = readFileSync(path.join(directory, 'nginx', 'error.log'), 'utf8').split('\n')
			.filter((line) => line && !/\/stream\?size=\d+&end=(cut|kill)/.test(line) && !/buffered to a temporary file/.test(line));
		assert.deepEqual(log, []);
	});
});
