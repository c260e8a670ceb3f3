// tree.mjs SHEET DIR: each DIR/N.html is the page that we made of DIR/N.xml. xsltproc makes one too, and writes it with libxslt's own
// serialiser. An HTML5 parser must find the same tree in both, but for the second character set and the document type, which libxslt's own
// way of saving adds and lacks: the reason why the program does not use it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'parse5';

const [sheet, directory] = process.argv.slice(2);
const SAMPLE = 60;

// Only what the page is made of: names, attributes, texts.
function plain(node) {
	if (node.nodeName === '#text')
		return node.value;
	const attributes = (node.attrs ?? []).map(({ name, value }) => `${name}=${value}`).sort();
	const children = (node.childNodes ?? []).filter(child => child.nodeName !== '#documentType' &&
		!(child.nodeName === 'meta' && child.attrs.some(({ name, value }) => name === 'http-equiv' && value === 'Content-Type')));
	return [node.nodeName, attributes, children.map(plain)];
}

let failed = 0;
const documents = readdirSync(directory).filter(name => name.endsWith('.xml')).slice(0, SAMPLE);
for (const name of documents) {
	const ours = readFileSync(`${directory}/${name.replace(/xml$/, 'html')}`, 'utf8');
	const theirs = execFileSync('xsltproc', ['--nonet', sheet, `${directory}/${name}`], { encoding: 'utf8', maxBuffer: 1 << 28 });
	const [one, other] = [ours, `<!DOCTYPE html>\n${theirs}`].map(page => JSON.stringify(plain(parse(page))));
	if (one === other)
		continue;
	failed++;
	let at = 0;
	while (one[at] === other[at])
		at++;
	console.log(`${name}: the trees differ\n  ours:   ${one.slice(at - 80, at + 80)}\n  theirs: ${other.slice(at - 80, at + 80)}`);
}
console.log(`${documents.length} pages, ${failed} differ`);
process.exit(failed > 0 || documents.length === 0 ? 1 : 0);
