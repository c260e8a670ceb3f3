// The configurations of web servers that are printed, with a FastCGI server behind it that breaks off where it is told to.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { ownWays } from '../lib/servers.mjs';
import { Instance, dev, processAlive, until } from './instance.mjs';

// Answers each request with 200 and the rows asked for (?rows=N); with &cut the connection closes without
// the record that ends a request, as it does when a worker is killed; with &length=N it says before how long it is. Tells its
// parameters in a header.
const server = `
import os, re, socket, struct, sys
def read(c, n):
    b = b''
    while len(b) < n:
        p = c.recv(n - len(b))
        if not p: raise EOFError
        b += p
    return b
def record(kind, data): return struct.pack('>BBHHBB', 1, kind, 1, len(data), 0, 0) + data
def params(b):
    out, i = {}, 0
    while i < len(b):
        sizes = []
        for _ in (0, 1):
            if b[i] < 128: sizes.append(b[i]); i += 1
            else: sizes.append(struct.unpack('>I', b[i:i+4])[0] & 0x7fffffff); i += 4
        n, v = sizes
        out[b[i:i+n].decode()] = b[i+n:i+n+v].decode('latin1'); i += n + v
    return out
s = socket.socket(socket.AF_UNIX)
os.umask(0) # Apache is another user
s.bind(sys.argv[1]); s.listen(16)
os.symlink(sys.argv[1], sys.argv[2]) # downloads come to the same
print('ready', flush=True)
while True:
    c, _ = s.accept()
    try:
        data = b''
        while True:
            _, kind, _, size, pad, _ = struct.unpack('>BBHHBB', read(c, 8))
            body = read(c, size); read(c, pad)
            if kind == 4: data += body
            if kind == 5 and size == 0: break
        p = params(data)
        rows = int((re.findall(r'rows=(\\d+)', p['QUERY_STRING']) or ['0'])[0])
        length = ''.join('Content-Length: %s\\r\\n' % n for n in re.findall(r'length=(\\d+)', p['QUERY_STRING']))
        head = length + 'Content-Type: text/csv\\r\\nX-Id: %s %s\\r\\nX-Uri: %s\\r\\nX-Private: %s\\r\\nX-Auth: %s\\r\\nX-Sso: %s\\r\\n\\r\\n' % (
            p.get('TENANTRY_REQUEST_ID'), p.get('HTTP_X_REQUEST_ID'), '%d %s' % (len(p['REQUEST_URI']), p['REQUEST_URI'][:100]), p.get('TENANTRY_PRIVATE'), p.get('HTTP_AUTHORIZATION'), [p.get('TENANTRY_SSO_' + n) for n in ('USER', 'KEY', 'GROUPS')])
        c.sendall(record(6, head.encode()))
        for i in range(rows): c.sendall(record(6, b'row %07d with some text in it\\r\\n' % i))
        if 'cut' not in p['QUERY_STRING']:
            c.sendall(record(6, b'') + record(3, bytes(8)))
    except (EOFError, OSError): pass
    c.close()
`;

function download(port, path, headers = {}) {
	return new Promise((done) => {
		const request = http.get({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
			let size = 0;
			answer.on('data', (part) => { size += part.length; });
			answer.on('end', () => done({ whole: answer.complete, size, answer }));
			answer.on('error', () => done({ whole: false, size, answer }));
		});
		request.on('error', () => done({ whole: false, size: 0 }));
	});
}

// Each server's own look at its configuration.
const CHECKS = {
	nginx: (file, folder) => ['/usr/sbin/nginx', '-t', '-q', '-p', folder, '-e', 'check.log', '-c', file],
	apache: (file) => ['/usr/sbin/apache2', '-t', '-f', file],
	lighttpd: (file) => ['/usr/sbin/lighttpd', '-tt', '-f', file],
	caddy: (file) => ['/usr/bin/caddy', 'validate', '--adapter', 'caddyfile', '--config', file],
};

const SERVERS = [['nginx', '/usr/sbin/nginx', ''], ['nginx', '/usr/sbin/nginx', '/part.ners'], ['apache', '/usr/sbin/apache2', '/part.ners'],
	['lighttpd', '/usr/sbin/lighttpd', '/part.ners'], ['caddy', '/usr/bin/caddy', '/part.ners']];

for (const [name, program, base] of SERVERS) {
	describe(`the configuration for ${name}${base && ` under ${base}`}`, { skip: !existsSync(program) && `there is no ${program}` }, () => {
		let pool, behind;
		const get = (path, headers) => download(pool.port, base + path, headers);
		before(async () => {
			pool = await Instance.start({ workers: 1, server: name, base });
			const { master } = pool;
			process.kill(master, 'SIGTERM');
			await until(() => !processAlive(master));
			behind = spawn('python3', ['-c', server, pool.file('run/tenantry.sock'), pool.file('run/export.sock')], { stdio: ['ignore', 'pipe', 'inherit'] });
			await new Promise((done) => behind.stdout.once('data', done));
		});
		after(async () => {
			behind?.kill();
			await pool?.stop();
		});

		for (const rows of [1, 100, 100000]) {
			test(`shows that an export of ${rows} rows was cut`, async (t) => {
				const good = await get(`/customers.csv?rows=${rows}`);
				assert.ok(good.whole);
				assert.equal(good.size, rows * 34);
				const bad = await get(`/customers.csv?rows=${rows}&cut`);
				// The file itself shows it, whose last cell never closes.
				if (ownWays(name).hidesCut(good.size))
					return t.diagnostic(`${name}: ${bad.size} bytes passed for ${bad.whole ? 'the whole' : 'a part'}`);
				assert.ok(!bad.whole, `${bad.size} bytes passed for the whole`);
			});
		}

		test('shows that a page broke off in its middle', async () => {
			const good = await get('/login?rows=1000&length=34000'), bad = await get('/login?rows=1000&length=80000&cut');
			assert.ok(good.whole);
			assert.equal(good.answer.headers['content-length'], '34000');
			assert.ok(!bad.whole, `${bad.size} bytes passed for the whole`);
		});

		test('gives a request no ID that a client has chosen', async () => {
			const { answer } = await get('/?rows=1', { 'X-Request-Id': 'chosen-by-me-1234' });
			const [ours, theirs] = answer.headers['x-id'].split(' ');
			assert.ok(!answer.headers['x-id'].includes('chosen'));
			if (name !== 'nginx')
				return;
			assert.match(ours, /^[0-9a-f]{32}$/);
			assert.equal(theirs, ours);
		});

		test('passes an address on as it was sent', async () => {
			for (const path of ['//a//b?rows=1', '/a%2Fb?rows=1', '/%41.%C3%A4?rows=1&q=%zz', `/x?rows=1&${'x'.repeat(9000)}`]) {
				const { answer } = await get(path);
				assert.equal(answer?.headers['x-uri'], `${(base + path).length} ${(base + path).slice(0, 100)}`);
			}
		});

		test('passes on what an API token comes in', async () => {
			assert.equal((await get('/?rows=1', { Authorization: 'Bearer abc' })).answer.headers['x-auth'], 'Bearer abc');
		});

		test('says "private" at the addresses for monitoring alone', async () => {
			for (const path of ['/healthz', '/readyz', '/metrics'])
				assert.equal((await get(`${path}?rows=1`)).answer.headers['x-private'], '1');
			for (const path of ['/login', '/x/healthz', '/healthz.csv', '/metrics/x', '/healthzx'])
				assert.equal((await get(`${path}?rows=1`)).answer.headers['x-private'], 'None', path);
			for (const header of ['Tenantry-Private', 'TENANTRY_PRIVATE'])
				assert.equal((await get('/login?rows=1', { [header]: '1' })).answer.headers['x-private'], 'None');
		});

		test('hands nobody over as signed on, whatever a client sends', async () => {
			const forged = Object.fromEntries(['USER', 'KEY', 'GROUPS'].flatMap((part) => [`TENANTRY_SSO_${part}`, `Tenantry-Sso-${part}`, `X-${part}`, `Remote-${part}`])
				.map((header) => [header, 'forged']));
			for (const path of ['/login', '/customers', '/customers.csv', '/api/v1/tenants', '/invite/x', '/healthz'])
				assert.equal((await get(`${path}?rows=1&TENANTRY_SSO_USER=forged`, forged)).answer.headers['x-sso'], "['', '', '']", path);
		});

		test('keeps secrets that stand in an address out of the access log', async () => {
			for (const path of ['/invite/SeCrEt', '/reset/SeCrEt', '/reset/SeCrEt?x=1', '/login?rows=1'])
				await get(path);
			const log = () => readFileSync(pool.file(`log/${name}-access.log`), 'utf8');
			await until(() => log().includes(`${base}/login`));
			assert.doesNotMatch(log(), /SeCrEt/);
		});

		test('lets browsers keep assets for ever when their address names the version', async () => {
			const plain = await get('/assets/tenantry.css'), versioned = await get('/assets/tenantry.css?v=1');
			assert.equal(plain.answer.statusCode, 200);
			assert.doesNotMatch(plain.answer.headers['cache-control'], /immutable/);
			assert.match(versioned.answer.headers['cache-control'], /immutable/);
			assert.equal(versioned.answer.headers['x-content-type-options'], 'nosniff');
			assert.match(versioned.answer.headers['content-type'], /^text\/css/);
			for (const path of ['/assets/../tenantry.conf', '/assets/%2e%2e/%2e%2e/tenantry.conf', '/assets/'])
				assert.ok((await get(path)).size < 2000, `${path} is no file`);
		});

		test('serves of a theme its style sheet and images, which can run nothing, and no other file', async () => {
			const folder = pool.file('themes/nimbus');
			mkdirSync(folder);
			for (const file of ['theme.css', 'theme.conf', 'pages.xsl', 'logo.svg'])
				writeFileSync(`${folder}/${file}`, '<svg xmlns="http://www.w3.org/2000/svg"/>');
			symlinkSync(pool.file('tenantry.conf'), `${folder}/linked.css`);
			for (const [file, type] of [['theme.css', 'text/css'], ['logo.svg', 'image/svg+xml']]) {
				const plain = await get(`/assets/themes/nimbus/${file}`), versioned = await get(`/assets/themes/nimbus/${file}?v=1`);
				assert.equal(plain.answer.statusCode, 200, file);
				assert.doesNotMatch(plain.answer.headers['cache-control'], /immutable/);
				for (const { answer } of [plain, versioned]) {
					assert.ok(answer.headers['content-type'].startsWith(type));
					assert.match(answer.headers['content-security-policy'], /^default-src 'none';.* sandbox$/);
					assert.equal(answer.headers['x-content-type-options'], 'nosniff');
				}
				assert.match(versioned.answer.headers['cache-control'], /immutable/);
			}
			for (const file of ['theme.conf', 'pages.xsl', '', '../../tenantry.conf', '%2e%2e/%2e%2e/tenantry.conf'])
				assert.ok((await get(`/assets/themes/nimbus/${file}`)).answer.statusCode >= 400, file);
			// The program refuses such a folder, whatever the web server does.
			if (!ownWays(name).followsLinks)
				assert.ok((await get('/assets/themes/nimbus/linked.css')).answer.statusCode >= 400);
		});

		test('leaves what is not below the base path alone', { skip: !base }, async () => {
			assert.equal((await download(pool.port, '/login?rows=1')).answer.statusCode, ownWays(name).elsewhere);
			const root = await download(pool.port, base);
			assert.deepEqual([root.answer.statusCode, new URL(root.answer.headers.location, 'http://x').pathname], [301, `${base}/`]);
		});

		test('is accepted by its own check, under a base path and without one', async () => {
			const run = promisify(execFile), printed = async (part, at) => (await run(dev, ['--state', pool.state, 'tenantry', 'webserver', part, '--base', at])).stdout;
			const file = pool.file(`${name}/${name}.conf`), included = pool.file(`${name}/tenantry.conf`);
			for (const at of ['/', '/part.ners']) {
				if (name === 'nginx')
					writeFileSync(file, `events {} http { ${await printed('nginx-http', at)} server { listen 127.0.0.1:${pool.port}; ${await printed('nginx-server', at)} } }`);
				else
					writeFileSync(included, await printed(name, at));
				const [program, ...args] = CHECKS[name](file, pool.file(name));
				await run(program, args);
			}
		});
	});
}
