// A pool with single sign-on, on the database of the given instance, and an nginx of its own with four servers before it:
//	gated     what `tenantry webserver nginx --sso` prints, behind the gate
//	plain     what is printed without it
//	vouching  hands over what the headers X-Vouch-... of the test say, as a web server that is set up well or badly would
//	off       the same before the given instance, where single sign-on is off
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { given, until } from '../lib/instance.mjs';
import { gateStart } from './gate.mjs';

const PROGRAM = path.join(process.env.TENANTRY_BUILD, 'tenantry');
export const ME = os.userInfo().username;

async function freePorts(count) {
	const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
	await Promise.all(servers.map((server) => once(server, 'listening')));
	const ports = servers.map((server) => server.address().port);
	servers.forEach((server) => server.close());
	return ports;
}

const server = (port, body) => `server {\n\tlisten 127.0.0.1:${port};\n${body}\n}\n`;
const vouching = (port, params, pass) => server(port, `location / {
${params}
	fastcgi_param TENANTRY_SSO_USER $http_x_vouch_user;
	fastcgi_param TENANTRY_SSO_GROUPS $http_x_vouch_groups;
	fastcgi_param TENANTRY_SSO_KEY $http_x_vouch_key;
	fastcgi_param REMOTE_USER $http_x_vouch_remote;
	fastcgi_pass ${pass};
}`);

export class Site {
	static async start(people, groups) {
		const site = new Site();
		site.folder = `${process.env.TENANTRY_STATE}-sso`;
		rmSync(site.folder, { recursive: true, force: true });
		for (const name of ['', 'run', 'nginx'])
			mkdirSync(path.join(site.folder, name), { recursive: true, mode: 0o700 });
		site.key = 'k'.repeat(8) + Math.random().toString(36).slice(2).padEnd(40, 'x');
		writeFileSync(site.file('key'), `${site.key}\n`, { mode: 0o600 });
		const [gated, plain, vouch, off] = await freePorts(4);
		site.url = Object.fromEntries(Object.entries({ gated, plain, vouching: vouch, off }).map(([name, port]) => [name, `http://127.0.0.1:${port}`]));
		site.groups = groups;
		site.configure();
		site.pool = site.spawn(PROGRAM, ['serve', '-c', site.file('tenantry.conf')], 'tenantry');
		site.gate = await gateStart(site.url.gated, people);
		site.nginxConfigure({ gated, plain, vouch, off });
		site.nginx = site.spawn('nginx', ['-p', site.file('nginx'), '-c', site.file('nginx.conf'), '-e', site.file('nginx.log'), '-g', 'daemon off;'], 'nginx-out');
		await until('the pool serves', () => existsSync(site.file('run/tenantry.sock')));
		await until('nginx listens', () => new Promise((done) => {
			const socket = net.connect(gated, '127.0.0.1', () => done(socket.end()));
			socket.on('error', () => done(false));
		}));
		return site;
	}

	file(name) {
		return path.join(this.folder, name);
	}

	spawn(program, args, log) {
		const out = openSync(this.file(`${log}.log`), 'a');
		return spawn(program, args, { stdio: ['ignore', out, out] });
	}

	// The instance's own configuration but for the sockets, and with single sign-on; MORE: lines of [sso].
	configure({ peer = ME, more = [] } = {}) {
		const own = { socket: this.file('run/tenantry.sock'), export_socket: this.file('run/export.sock'), scoreboard: this.file('run/scoreboard'),
			public_url: this.url.gated, workers: 2 };
		let section = '';
		const lines = readFileSync(path.join(process.env.TENANTRY_STATE, 'tenantry.conf'), 'utf8').split('\n').map((line) => {
			section = /^\[/.test(line) ? line : section;
			const name = /^(\w+) =/.exec(line)?.[1];
			return section === '[server]' && name in own ? `${name} = ${own[name]}` : line;
		});
		lines.push('[sso]', `key_file = ${this.file('key')}`, `peer = ${peer}`, ...this.groups.map((group) => `group = ${group}`), ...more, '');
		writeFileSync(this.file('tenantry.conf'), lines.join('\n'));
	}

	// Takes another configuration up, and returns when it is the one that answers.
	async reload(options) {
		const before = this.log().split('reloaded').length;
		this.configure(options);
		this.pool.kill('SIGHUP');
		await until('a reload', () => this.log().split('reloaded').length > before);
	}

	print(...options) {
		return execFileSync(PROGRAM, ['webserver', 'nginx-server', '-c', this.file('tenantry.conf'), ...options], { encoding: 'utf8' });
	}

	nginxConfigure(port) {
		const params = readFileSync(path.join(process.env.TENANTRY_STATE, 'data/webserver/nginx-params.conf'), 'utf8').replace(/^@.*\n/gm, '');
		writeFileSync(this.file('sso.conf'), `auth_request /gate/check;
auth_request_set $tenantry_user $upstream_http_x_user;
auth_request_set $tenantry_groups $upstream_http_x_groups;
error_page 401 = @gate_login;
fastcgi_param TENANTRY_SSO_USER $tenantry_user;
fastcgi_param TENANTRY_SSO_GROUPS $tenantry_groups;
fastcgi_param TENANTRY_SSO_KEY ${this.key};
`, { mode: 0o600 });
		const gate = `location /gate/ {
	proxy_pass http://127.0.0.1:${this.gate.port};
}
location = /gate/check {
	internal;
	proxy_pass http://127.0.0.1:${this.gate.port};
	proxy_pass_request_body off;
	proxy_set_header Content-Length "";
}
location @gate_login {
	return 302 /gate/login?rd=$scheme://$http_host$request_uri;
}
`;
		const temp = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map((name) => `${name}_temp_path ${this.file(`nginx/${name}`)};`).join('\n');
		writeFileSync(this.file('nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${this.file('run/nginx.pid')};
events { worker_connections 256; }
http {
access_log off;
${temp}
upstream tenantry { server unix:${this.file('run/tenantry.sock')}; }
upstream tenantry_export { server unix:${this.file('run/export.sock')}; }
limit_req_zone $request_method zone=tenantry_login:1m rate=10000r/s;
${server(port.gated, gate + this.print('--sso', this.file('sso.conf')))}
${server(port.plain, this.print())}
${vouching(port.vouch, params, 'tenantry')}
${vouching(port.off, params, `unix:${process.env.TENANTRY_STATE}/run/tenantry.sock`)}
}
`);
	}

	log() {
		return readFileSync(this.file('tenantry.log'), 'utf8');
	}

	sql(statement) {
		return given().sql(statement);
	}

	async stop() {
		this.gate?.stop();
		for (const child of [this.nginx, this.pool]) {
			if (child?.exitCode !== null)
				continue;
			child.kill('SIGTERM');
			await once(child, 'exit');
		}
		rmSync(this.folder, { recursive: true, force: true });
	}
}
