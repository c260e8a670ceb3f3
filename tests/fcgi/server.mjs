// Starts the test application (server.c, built by run) in a directory of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const SERVER = process.env.FCGI_SERVER;

export function makeDirectory() {
	return mkdtempSync(path.join(tmpdir(), 'tenantry-fcgi.'));
}

export async function startServer(directory, { base = '/', workers = 1 } = {}) {
	const socket = path.join(directory, 'app.sock');
	const child = spawn(SERVER, [socket, base, String(workers)], { stdio: ['ignore', 'pipe', 'pipe'] });
	const server = { socket, child, log: '', exit: new Promise((resolve) => child.on('exit', resolve)) };
	child.stderr.on('data', (text) => { server.log += text; });
	server.started = await new Promise((resolve) => {
		child.stdout.once('data', () => resolve(true));
		child.on('exit', () => resolve(false));
	});
	server.stop = async () => {
		child.kill('SIGTERM');
		return server.exit;
	};
	return server;
}

export function removeDirectory(directory) {
	rmSync(directory, { recursive: true, force: true });
}

export function openFiles(pid) {
	return readdirSync(`/proc/${pid}/fd`).length;
}

// Kilobytes of memory that the process has written to.
export function memory(pid) {
	return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}
