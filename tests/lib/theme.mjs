// The example of a theme on an instance.
import { strict as assert } from 'node:assert';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SOURCE, until } from './instance.mjs';

export const PRODUCT = 'Nimbus Console';

// Lets the pool read everything anew; whether it took what it found.
export async function reload(instance) {
	const seen = instance.log().length;
	process.kill(instance.pid('tenantry'), 'SIGHUP');
	const [line] = await until('a reload', () => instance.log().slice(seen).match(/reloaded: \d+ workers|not reloaded:/));
	return line.startsWith('reloaded');
}

export function edit(file, change) {
	writeFileSync(file, change(readFileSync(file, 'utf8')));
}

// Gives a tenant the theme; its folder.
export async function putTheme(instance, tenant) {
	const folder = path.join(instance.state, 'themes/nimbus');
	cpSync(path.join(SOURCE, 'conf/themes/nimbus'), folder, { recursive: true });
	edit(path.join(folder, 'theme.conf'), (text) => text.replace(/^tenants = .*/m, `tenants = ${tenant.id}`));
	assert.ok(await reload(instance));
	return folder;
}

export async function removeThemes(instance) {
	rmSync(path.join(instance.state, 'themes'), { recursive: true, force: true });
	mkdirSync(path.join(instance.state, 'themes'));
	assert.ok(await reload(instance));
}
