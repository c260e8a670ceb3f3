// The route table of the program, read from its source: a route that is new there is new to the tests too.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SOURCE } from './instance.mjs';

const FORMATS = { PAGE: ['html'], DATA: ['html', 'xml', 'json'], LIST: ['html', 'csv', 'xml', 'json'], EXACT: ['text'], API: ['api'], 0: [] };
const access = (word) => (word === '0' ? null : word.replace('ACCESS_', '').toLowerCase());

export function readRoutes() {
	const source = readFileSync(path.join(SOURCE, 'src/app/routes.c'), 'utf8');
	const table = /const struct route routes\[\] = \{([\s\S]*?)\n\};/.exec(source)[1].replace(/\/\*[\s\S]*?\*\//g, '');
	const routes = [...table.matchAll(/\{\s*"([^"]+)",\s*"([^"]+)",\s*(\w+),\s*(\w+),\s*(\w+),\s*(\w+),[^{}]*\}/g)]
		.map(([, name, pattern, formats, get, post, relation]) => ({
			name, pattern, formats: FORMATS[formats], get: access(get), post: access(post),
			relation: relation.replace('RELATION_', '').toLowerCase(),
		}));
	const rows = (table.match(/"\/[^"]*"/g) ?? []).length;
	if (routes.length !== rows || routes.some((route) => !route.formats))
		throw new Error(`${routes.length} of ${rows} routes could be read from routes.c`);
	return routes;
}

export const suffix = (format) => (format === 'html' ? '' : `.${format}`);
