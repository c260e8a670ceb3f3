// The catalogues of the languages say everything that sheets and program say to people, nothing else, and with the same places.
//
// What is missing is printed as entries to fill in.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { texts } from './texts.mjs';

const source = process.env.TENANTRY_SOURCE, build = process.env.TENANTRY_BUILD;
const sheets = join(source, 'xslt');

const unescape = (text) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function catalogue(tag) {
	const entries = new Map();
	for (const match of readFileSync(join(sheets, 'i18n', `${tag}.xml`), 'utf8').matchAll(/<m en="([^"]*)" ([a-z]+)="([^"]*)"\/>/g)) {
		assert.equal(match[2], tag);
		entries.set(unescape(match[1]), unescape(match[3]));
	}
	return entries;
}

// [{ file, line, text }] of the sheets that are pages: mails are in English.
function messages() {
	const names = readdirSync(sheets, { recursive: true }).filter((name) => name.endsWith('.xsl') &&
		!name.startsWith('mail/') && !name.startsWith('csv/') && name !== 'lib/mail.xsl');
	const out = execFileSync(join(build, 'tests/words/messages'), [sheets, ...names.map((name) => join(sheets, name))], { encoding: 'utf8' });
	return out.trimEnd().split('\n').map((line) => {
		const [file, number, text] = line.split('\t');
		return { file: file.slice(source.length + 1), line: Number(number), text };
	});
}

const places = (text) => [...text.matchAll(/\{\d+\}|%(?:\d+\$)?(?:\.\d+)?(?:z|l|ll)?[a-z]/g)].map((match) => match[0].replace(/\d+\$/, '')).sort();
// The message without the name of what it is the message of.
const plain = (key) => key.replace(/ \[[\w-]+\]$/, '');

const said = [...messages(), ...texts(source)];

for (const tag of readdirSync(join(sheets, 'i18n')).map((name) => name.replace('.xml', ''))) {
	const entries = catalogue(tag);

	test(`${tag}: every text has its translation`, () => {
		const missing = new Map(said.filter(({ text }) => !entries.has(text)).map((each) => [each.text, each]));
		assert.equal(missing.size, 0, `xslt/i18n/${tag}.xml wants:\n` + [...missing.values()].map(({ file, line, text }) =>
			`<m en="${escape(text)}" ${tag}=""/> <!-- ${file}:${line} -->`).join('\n'));
	});

	test(`${tag}: every entry is the text of something`, () => {
		const known = new Set(said.map(({ text }) => text));
		assert.deepEqual([...entries.keys()].filter((key) => !known.has(plain(key))), []);
	});

	test(`${tag}: a translation has the places of its text, and something to read`, () => {
		for (const [key, translation] of entries) {
			assert.deepEqual(places(translation), places(key), key);
			assert.notEqual(translation.trim(), '', key);
			// Formats without a number are filled in their order.
			if (key.includes('%') && !translation.includes('$'))
				assert.deepEqual([...translation.matchAll(/%[a-z.0-9]+/g)].map(String), [...key.matchAll(/%[a-z.0-9]+/g)].map(String), key);
		}
	});
}

test('no sheet has words inside of an expression, where they cannot be found', () => {
	for (const name of readdirSync(sheets, { recursive: true }).filter((each) => each.endsWith('.xsl') && !each.startsWith('mail/'))) {
		const text = readFileSync(join(sheets, name), 'utf8');
		for (const [select] of text.matchAll(/<xsl:(?:value-of|with-param|variable)[^>]* select="[^"]*"/g))
			assert.doesNotMatch(select, /'[^']*(?:[A-Z][a-z]+|[a-z]{2,} [a-z]{2,})[^']*'/, name);
	}
});
