// What the peers serve must be what the application serves, else the comparison means nothing: the same bytes of
// HTML but for form tokens, the same bytes of CSV through XSLT, the same cells of CSV by fputcsv.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { Client } from '../lib/http.mjs';

async function page(port, address, cookie) {
	const client = new Client(`http://127.0.0.1:${port}`);
	client.jar.set('tenantry', cookie);
	const answer = await client.get(address);
	if (answer.status !== 200)
		throw new Error(`port ${port}: ${address} was answered with ${answer.status}`);
	return answer.body;
}

function masked(html) {
	return html.replace(/(name="token" value=")[^"]*/g, '$1');
}

function difference(mine, theirs) {
	let at = 0;
	while (at < mine.length && mine[at] === theirs[at])
		at++;
	const from = Math.max(0, at - 60);
	return `at byte ${at}:\n  application: ${JSON.stringify(mine.slice(from, at + 100))}\n  peer:        ${JSON.stringify(theirs.slice(from, at + 100))}`;
}

export async function checkPages(instance, peers, addresses) {
	for (const address of addresses) {
		const mine = masked(await page(instance.port, address, instance.cookies[0]));
		for (const [name, port] of Object.entries(peers.port)) {
			const theirs = masked(await page(port, address, instance.cookies[0]));
			if (mine !== theirs)
				throw new Error(`the page ${address} of the PHP peer "${name}" is another one, ${difference(mine, theirs)}`);
		}
	}
}

// A file's hash, size, lines, and first million bytes.
function file(port, address, cookie) {
	return new Promise((done, fail) => {
		const hash = createHash('sha256');
		let bytes = 0, lines = 0, start = '';
		http.get({ host: '127.0.0.1', port, path: address, headers: { cookie: `tenantry=${cookie}` }, agent: false }, (answer) => {
			answer.on('data', (part) => {
				hash.update(part);
				if (bytes < 1e6)
					start += part.toString('latin1');
				bytes += part.length;
				for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1))
					lines++;
			});
			answer.on('end', () => (answer.statusCode === 200 ? done({ hash: hash.digest('hex'), bytes, lines, start: start.slice(0, 1e6) })
				: fail(new Error(`port ${port}: ${address} was answered with ${answer.statusCode}`))));
			answer.on('error', fail);
		}).on('error', fail);
	});
}

// The cells of the first COUNT lines, whichever of them are quoted.
function cells(text, count) {
	const rows = [];
	let row = [];
	for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
		row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain);
		if (end === ',')
			continue;
		rows.push(JSON.stringify(row));
		row = [];
		if (rows.length === count)
			break;
	}
	return rows;
}

// Gives the number of rows without the header.
export async function checkFiles(instance, peers, address) {
	const cookie = instance.cookies[0];
	const mine = await file(instance.port, address, cookie), xslt = await file(peers.port.xslt, address, cookie);
	const plain = await file(peers.port.plain, address, cookie);
	if (mine.hash !== xslt.hash)
		throw new Error(`the CSV of the PHP peer "xslt" is another one (${mine.bytes} and ${xslt.bytes} bytes), ${difference(mine.start, xslt.start)}`);
	const ours = cells(mine.start, 5000), theirs = cells(plain.start, 5000);
	const at = ours.findIndex((row, i) => row !== theirs[i]);
	if (at >= 0 || mine.lines !== plain.lines)
		throw new Error(`the CSV of the PHP peer "plain" is another one (${mine.lines} and ${plain.lines} lines), line ${at + 1}: ${ours[at]} and ${theirs[at]}`);
	return { rows: mine.lines - 1, bytes: mine.bytes };
}
