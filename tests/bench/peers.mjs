// The peers: PHP-FPM with two pools, a FastCGI hello and an nginx of their own, on the two ports above the application's.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { alive, childrenOf, commandOf, root, sleep } from './instance.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);

const build = process.env.TENANTRY_BUILD ?? path.join(root, 'build');
const SOCKETS = ['plain.sock', 'xslt.sock', 'hello.sock', 'nginx.pid'];

// A named statement of src/db/statements for vsprintf: %1$s and %2$s are the scope's range, the values follow.
function statement(file, name) {
	const text = fs.readFileSync(path.join(root, 'src/db/statements', file), 'utf8');
	const found = text.match(new RegExp(`^-- name: ${name}\n((?:.|\n)*?);$`, 'm'));
	if (!found)
		throw new Error(`${file} has no statement ${name}`);
	return phpFormat(found[1].replace(/^--.*\n/gm, ''));
}

function phpFormat(sql) {
	let value = 2;
	return sql.replaceAll('%', '%%').replace(/SCOPE\((\w+)\)/g, '($1.tree_pos >= %1$$s AND $1.tree_pos < %2$$s)')
		.replace(/\?/g, () => `%${++value}$s`);
}

// The list's composed queries (src/db/list_sql.c), without a filter.
function composed() {
	const source = fs.readFileSync(path.join(root, 'src/db/list_sql.c'), 'utf8');
	const columns = source.match(/static const char columns\[\] = ([^;]+);/)[1].replace(/"\s*"/g, '').replace(/"/g, '').trim();
	const from = `SELECT ${columns} FROM tenant_list t FORCE INDEX (PRIMARY) WHERE SCOPE(t)`;
	return {
		page: phpFormat(`${from} AND t.tree_pos >= ? AND t.tree_pos < ? ORDER BY t.tree_pos LIMIT ?`),
		all: phpFormat(`${from} ORDER BY t.tree_pos`),
	};
}

function phpValue(value) {
	if (typeof value === 'object')
		return `[${Object.entries(value).map(([key, item]) => `${phpValue(key)} => ${phpValue(item)}`).join(', ')}]`;
	return `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export class Peers {
	constructor(instance) {
		this.instance = instance;
		this.state = path.join(instance.state, 'peers');
		this.port = { plain: instance.port + 1, xslt: instance.port + 2 };
	}

	// ASSETS: the version of style sheet and script that the application's pages name. PAGE: what the static file holds.
	async start(assets, page) {
		fs.mkdirSync(this.state, { recursive: true, mode: 0o700 });
		for (const name of SOCKETS)
			fs.rmSync(path.join(this.state, name), { force: true });
		fs.writeFileSync(path.join(this.state, 'static.html'), page);
		fs.writeFileSync(path.join(this.state, 'sql.php'), `<?php return ${phpValue({
			user: 'tenantry', database: 'tenantry', socket: `${this.instance.sockets}/mysql.sock`,
			password: fs.readFileSync(path.join(this.instance.state, 'db-password'), 'utf8').trim(),
			assets, xslt: path.join(root, 'xslt'),
			sql: {
				session_read: statement('session.sql', 'session_read'),
				session_touch: statement('session.sql', 'session_touch'),
				list_place_deleted_too: statement('list.sql', 'list_place_deleted_too'),
				list_rows_at: statement('list.sql', 'list_rows_at'),
				list_total: statement('list.sql', 'list_total'),
				...composed(),
			},
		})};\n`, { mode: 0o600 });
		const isRoot = process.getuid() === 0;
		this.fpm = this.spawn('php-fpm8.2', ['-F', ...(isRoot ? ['-R'] : []), '-y',
			this.configure('fpm.conf', isRoot ? 'user = root' : '')]);
		execFileSync('make', ['-s', '-C', build, 'tests/bench/hello'], { stdio: ['ignore', 'ignore', 'inherit'] });
		this.hello = this.spawn(path.join(build, 'tests/bench/hello'), [path.join(this.state, 'hello.sock'), '4']);
		this.nginx = this.spawn('nginx', ['-p', `${this.state}/`, '-e', `${this.state}/nginx-error.log`, '-g', 'daemon off;', '-c',
			this.configure('nginx.conf', isRoot ? 'user root;' : '')]);
		for (let i = 0; i < 200 && !SOCKETS.every((name) => fs.existsSync(path.join(this.state, name))); i++) {
			await sleep(20);
			if (!alive(this.fpm.pid) || !alive(this.nginx.pid))
				throw new Error(`the peers did not start: see ${this.state}/fpm.log, nginx-error.log and output.log`);
		}
	}

	configure(name, user) {
		const file = path.join(this.state, name);
		fs.writeFileSync(file, fs.readFileSync(path.join(here, `${name}.in`), 'utf8').replaceAll('@STATE@', this.state)
			.replaceAll('@PHP@', path.join(here, 'php')).replaceAll('@USER@', user)
			.replaceAll('@PLAIN_PORT@', this.port.plain).replaceAll('@XSLT_PORT@', this.port.xslt));
		return file;
	}

	spawn(command, args) {
		const output = fs.openSync(path.join(this.state, 'output.log'), 'a');
		const child = spawn(command, args, { stdio: ['ignore', output, output],
			env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
		fs.closeSync(output);
		return child;
	}

	// The processes of a pool, with the peers' nginx and the database.
	groups(pool) {
		return {
			application: pool ? childrenOf(this.fpm.pid).filter((pid) => commandOf(pid).endsWith(`pool ${pool}`)) : [],
			database: [this.instance.pid('mysql')],
			nginx: [this.nginx.pid, ...childrenOf(this.nginx.pid)],
		};
	}

	async stop() {
		for (const child of [this.nginx, this.hello, this.fpm]) {
			child?.kill('SIGTERM');
			while (child && alive(child.pid))
				await sleep(20);
		}
	}
}
