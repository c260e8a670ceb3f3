// A line a test, what failed in full, and at last "N passed, N failed".
import { inspect } from 'node:util';

export default async function* reporter(source) {
	let passed = 0, failed = 0;
	for await (const { type, data } of source) {
		if (type === 'test:stderr' || type === 'test:stdout') {
			yield data.message;
			continue;
		}
		if (type !== 'test:pass' && type !== 'test:fail')
			continue;
		const whole = data.details?.type === 'suite' || data.name === data.file || /\.test\.mjs$/.test(data.name);
		const ms = `${Math.round(data.details?.duration_ms ?? 0)} ms`;
		if (type === 'test:pass') {
			if (!whole && !data.skip && !data.todo) {
				passed++;
				yield `ok ${data.name} (${ms})\n`;
			} else if (data.skip) {
				yield `skipped ${data.name}: ${data.skip}\n`;
			}
			continue;
		}
		const error = data.details?.error?.cause ?? data.details?.error;
		// A suite fails with its tests; count it only when it failed by itself.
		if (whole && /subtests? failed/.test(error?.message ?? String(error)))
			continue;
		failed++;
		yield `not ok ${data.name} (${ms})\n${(error?.stack ?? inspect(error)).replace(/^/gm, '    ')}\n`;
	}
	yield `${passed} passed, ${failed} failed\n`;
}
