// Measurements that ./dev bench and ./dev bench scale share. BENCH_SECONDS (6) and BENCH_ROUNDS (3) make them shorter.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { load, median, medians } from './load.mjs';

export const SECONDS = Number(process.env.BENCH_SECONDS ?? 6), ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

export function say(text) {
	process.stderr.write(`${text}\n`);
}

// Pages under load, in turn.
export async function measurePages(list) {
	const figures = new Map(list.map((one) => [one.name, []]));
	for (const one of list)
		await load(one, 1);
	for (let round = 1; round <= ROUNDS; round++) {
		for (const one of list) {
			figures.get(one.name).push(await (one.measure ?? load)(one, SECONDS));
			say(`round ${round}: ${one.name} ${figures.get(one.name).at(-1).rate.toFixed(0)} requests/s`);
		}
	}
	return Object.fromEntries([...figures].map(([name, all]) => [name, medians(all)]));
}

// Runs of billing sources, through the function that the API calls, without HTTP.
export function measureRuns(instance, wanted) {
	const build = process.env.TENANTRY_BUILD ?? 'build', figures = {};
	execFileSync('make', ['-s', '-C', build, 'tests/bench/runs'], { stdio: ['ignore', 'ignore', 'inherit'] });
	for (const where of ['tree', 'reseller'].filter((one) => wanted.has(`runs-${one}`))) {
		const all = [];
		for (let round = 1; round <= ROUNDS; round++) {
			const out = execFileSync(path.join(build, 'tests/bench/runs'), [path.join(instance.state, 'tenantry.conf'), String(SECONDS), '8',
				...(where === 'reseller' ? ['reseller'] : [])], { encoding: 'utf8' });
			const [rate, p99, again, statements, cpu] = out.trim().split(' ').map(Number);
			all.push({ rate, p99 });
			say(`round ${round}: runs-${where} ${rate.toFixed(0)} runs/s, p99 ${p99} ms, ${again} run again, ${statements} statements and ${cpu} us of the writers' CPU each`);
		}
		figures[`runs-${where}`] = { rate: median(all.map((one) => one.rate)) };
	}
	return figures;
}

// Columns of texts and numbers.
export function table(head, rows) {
	const lines = [head, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : cell < 100 ? 1 : 0) : cell ?? '')));
	const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
	return lines.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd()).join('\n');
}
