// The addresses that are asked for under load, and who serves them.
import path from 'node:path';
import { writeRequests } from './load.mjs';

// Random places of the tree, places close to its end, parts of names: the same ones each time.
export function places(instance) {
	const [[low, high]] = instance.sql(`SELECT t.tree_pos, t.tree_pos + (1 << 50) FROM user_account u JOIN tenant t ON t.id = u.tenant_id
		WHERE u.email = 'distributor-admin@demo.example'`);
	const from = `FROM tenant_list FORCE INDEX (PRIMARY) WHERE tree_pos > ${low} AND tree_pos < ${high}`;
	// Nearly all rows are of this tree.
	const deepIn = (table) => Math.floor(Number(instance.sql(`SELECT COUNT(*) FROM ${table}`)[0][0]) * 0.97);
	const share = Math.min(1, 2000 / deepIn('tenant_list'));
	const ids = instance.sql(`SELECT public_id ${from} AND RAND(1) < ${share} ORDER BY RAND(2) LIMIT 2000`).map(([id]) => id);
	const deep = instance.sql(`SELECT public_id ${from} ORDER BY tree_pos LIMIT 2000 OFFSET ${deepIn('tenant_list')}`).map(([id]) => id);
	const names = instance.sql(`SELECT name ${from} AND RAND(3) < ${share * 10} ORDER BY RAND(4) LIMIT 20000`);
	const contracts = instance.sql(`SELECT public_id FROM contract_list FORCE INDEX (PRIMARY) WHERE tree_pos > ${low} AND tree_pos < ${high}
		AND contract_id > 0 ORDER BY tree_pos, contract_id LIMIT 2000 OFFSET ${deepIn('contract_list WHERE contract_id > 0')}`).map(([id]) => id);
	return { ids, deep, contracts, parts: [...new Set(names.map(([name], i) => partOfName(name, i)))] };
}

// What somebody types who looks for this customer: the beginning of the name, a word of it, or a few letters of a word. Each
// text comes once, so that no count of an earlier request is remembered.
function partOfName(name, i) {
	const words = name.split(' ').filter((word) => word.length >= 3), word = words[(i >> 2) % words.length];
	const length = 4 + (i >> 2) % 4, start = (i >> 4) % Math.max(1, word.length - length);
	return (i % 3 === 0 ? name.slice(0, length + 1) : i % 3 === 1 ? word : word.slice(start, start + length)).trim();
}

// A page to be measured with wrk: who serves it, the addresses, how many connections.
function page(instance, one) {
	const paths = one.paths.length === 1 ? instance.cookies.map(() => one.paths[0]) : one.paths;
	return { ...one, requests: writeRequests(path.join(instance.state, 'tmp', `${one.name}.requests`), paths, instance.cookies, one.headers) };
}

// Pages of the application, at places().
export function pages(instance, { ids, deep, contracts, parts }) {
	const filtered = (filters) => ids.map((id, i) => `/customers?${filters[i % filters.length]}${i % 2 ? `&after=${id}` : ''}`);
	const onContracts = (filters) => contracts.map((id, i) => `/contracts?${filters[i % filters.length]}${i % 2 ? `&after=${id}` : ''}`);
	const list = {
		first: ['/customers'],
		deep: deep.map((id) => `/customers?after=${id}`),
		status: filtered(['status=onboarding', 'status=complete']),
		source: filtered(['source=failed', 'source=warning', 'source=success', 'source=not_available']),
		tier: filtered(['tier=reseller', 'tier=customer']),
		name: parts.map((part) => `/customers?q=${encodeURIComponent(part)}`),
		'contracts-first': ['/contracts'],
		'contracts-deep': contracts.map((id) => `/contracts?after=${id}`),
		'contracts-status': onContracts(['status=active', 'status=draft', 'status=expired', 'status=cancelled']),
		'contracts-ends': onContracts(['ends=30', 'ends=60', 'ends=90']),
		'contracts-unbilled': onContracts(['unbilled=1']),
		'contracts-name': parts.map((part) => `/contracts?q=${encodeURIComponent(part)}`),
		popup: ids.map((id) => `/customers/${id}/contracts/summary`),
	};
	return Object.entries(list).map(([name, paths]) => page(instance, { name, paths, port: instance.port, connections: 4, groups: () => instance.groups() }));
}

// Pages of the application and of its peers, as many as they can serve. ETAGS: of each session's first page.
export function pagesOfPeers(instance, peers, { ids }, etags) {
	const cursors = ids.map((id) => `/customers?after=${id}`), zipped = ['Accept-Encoding: gzip'];
	const ours = { port: instance.port, groups: () => instance.groups() };
	const plain = { port: peers.port.plain, groups: () => peers.groups('plain') }, files = { port: peers.port.plain, groups: () => peers.groups(null) };
	return [
		{ name: 'page', ...ours, paths: cursors },
		{ name: 'php', ...plain, paths: cursors },
		{ name: 'php-xslt', port: peers.port.xslt, groups: () => peers.groups('xslt'), paths: cursors },
		{ name: 'page-gzip', ...ours, paths: cursors, headers: zipped },
		{ name: 'php-gzip', ...plain, paths: cursors, headers: zipped },
		{ name: '304', ...ours, paths: ['/customers'], headers: etags.map((etag) => `If-None-Match: ${etag}`) },
		{ name: 'hello', ...files, paths: ['/hello'] },
		{ name: 'static', ...files, paths: ['/static.html'] },
	].map((one) => page(instance, { ...one, connections: 64 }));
}
