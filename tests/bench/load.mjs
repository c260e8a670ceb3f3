// Load and what it costs: pages by wrk, files by curl, CPU by /proc.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cpuOf } from './instance.mjs';

const script = path.join(path.dirname(new URL(import.meta.url).pathname), 'load.lua');

function output(command, args, stdout = 'ignore') {
	return new Promise((done, fail) => {
		const child = spawn(command, args, { stdio: ['ignore', stdout, 'pipe'] });
		let text = '';
		child.stderr.on('data', (part) => { text += part; });
		child.on('error', fail);
		child.on('close', (status) => (status === 0 ? done(text) : fail(new Error(`${command} ended with ${status}: ${text}`))));
	});
}

function cpu(groups) {
	return Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, cpuOf(pids)]));
}

// Writes the file of requests that load.lua reads: PATHS spread over the sessions' COOKIES, with the session's own of HEADERS.
export function writeRequests(file, paths, cookies, headers = []) {
	const columns = (line, i) => [line, cookies[i % cookies.length], ...(headers.length ? [headers[i % headers.length]] : [])];
	fs.writeFileSync(file, paths.map((line, i) => `${columns(line, i).join('\t')}\n`).join(''), { mode: 0o600 });
	return file;
}

// Requests for SECONDS; every answer must have a 2xx status. Microseconds of CPU a request for each group.
export async function load({ name, port, requests, connections, groups }, seconds) {
	const before = cpu(groups());
	const text = await output('wrk', ['--latency', '-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s', '-s', script,
		`http://127.0.0.1:${port}`, '--', requests]);
	const after = cpu(groups()), result = JSON.parse(text.trim().split('\n').at(-1));
	if (result.failed > 0 || result.requests === 0)
		throw new Error(`${name}: ${result.failed} of ${result.requests} requests failed`);
	const measured = { rate: result.requests / (result.us / 1e6), p50: result.p50 / 1000, p99: result.p99 / 1000 };
	for (const group of Object.keys(after))
		measured[group] = (after[group] - before[group]) / result.requests * 1e6;
	measured.cost = measured.application + measured.database;
	return measured;
}

// One process from start to end, its output thrown away: seconds, and CPU seconds of each group.
export async function run(command, args, groups) {
	const before = cpu(groups()), begin = performance.now();
	await output(command, args);
	const seconds = (performance.now() - begin) / 1000, after = cpu(groups());
	return { seconds, ...Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]])) };
}

// A download: curl fails when it is cut short.
export function download(port, address, cookie, groups) {
	return run('curl', ['--silent', '--show-error', '--fail', '--output', '/dev/null', '--cookie', `tenantry=${cookie}`,
		`http://127.0.0.1:${port}${address}`], groups);
}

// Downloads one after the other with each of COOKIES at once, until the function that this gives is called.
export function keepDownloading(port, address, cookies) {
	const running = new Set();
	let going = true;
	const begin = (cookie) => {
		const child = spawn('curl', ['--silent', '--output', '/dev/null', '--cookie', `tenantry=${cookie}`, `http://127.0.0.1:${port}${address}`], { stdio: 'ignore' });
		running.add(child);
		child.on('close', () => {
			running.delete(child);
			if (going)
				begin(cookie);
		});
	};
	cookies.forEach(begin);
	return async () => {
		going = false;
		await Promise.all([...running].map((child) => new Promise((done) => {
			child.on('close', done);
			child.kill();
		})));
	};
}

export function median(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b), middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The median of each figure over several measurements.
export function medians(list) {
	return Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((one) => one[key]))]));
}
