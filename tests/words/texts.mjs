// The texts of the program that people may read: string literals of src/app, and of the few files elsewhere whose texts go into pages, that look like
// language: a capital letter or a quotation mark first. What is for programs, operators or logs is left out by where it stands.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// Files outside of src/app/*.c whose texts reach pages.
const ELSEWHERE = ['app/job_function.h', 'auth/identity.h', 'auth/password.c', 'base/error.h', 'base/s3.c'];
// Files whose texts do not: the API, what operators read, and mails, which go to people who have no setting yet.
const SILENT = /^(?:access_log|api|api_\w+|contract_mail|json_read|metrics|monitor|outbox)\.c$/;
// Texts that stay as they are: columns of CSV alone, names of languages, what only JSON can meet, and no texts at all.
const ENGLISH = new Set(['Actor', "Actor's tenant", 'Acting as', 'Changes', 'Matched', 'Parent ID', 'Parent ID,Matched\r\n', '%s (Suspended)',
	'%s (Pending)', 'English', 'Deutsch', 'This must be a whole number.', 'This must be a text.', 'There is no member “%s” here.',
	'%s=%s; Path=%.*s; HttpOnly; SameSite=Lax%s%s']);
// Calls whose texts nobody reads on a page.
const CALLS = /\b(?:log_\w+|http_header|json_object_object_add|misuse)\s*\($/;

function literals(text) {
	const found = [];
	// Comments, characters and strings, in this order of a scan.
	const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])'|"(?:\\.|[^"\\])*"/g;
	let open = null;
	for (const match of text.matchAll(token)) {
		if (!match[0].startsWith('"'))
			continue;
		const end = match.index + match[0].length;
		const value = match[0].slice(1, -1).replace(/\\(.)/g, (_, c) => ({ n: '\n', r: '\r', t: '\t' }[c] ?? c));
		// "a" "b" is one text.
		if (open !== null && /^\s*$/.test(text.slice(open.end, match.index))) {
			open.value += value;
			open.end = end;
			continue;
		}
		open = { value, at: match.index, end };
		found.push(open);
	}
	return found;
}

// Of a line: the call that it stands in, if any, one line or several.
function inSilentCall(text, at) {
	let depth = 0;
	for (let i = at - 1; i >= 0 && text[i] !== ';' && text[i] !== '{' && text[i] !== '}'; i--) {
		if (text[i] === ')')
			depth++;
		else if (text[i] === '(' && depth-- === 0) {
			if (CALLS.test(text.slice(Math.max(0, i - 40), i + 1)))
				return true;
			depth = 0;
		}
	}
	return false;
}

// Macros that are a string, in their places: "A date up to " LAST_DATE "."
function expand(text) {
	for (const [line, name, value] of text.matchAll(/^#define (\w+) ("(?:\\.|[^"\\])*").*$/gm))
		if (!isLanguage(value.slice(1, -1)))
			text = text.replaceAll(new RegExp(`(?<!#define )\\b${name}\\b`, 'g'), () => value);
	return text;
}

// A capital letter or a quotation mark first, or a name that is filled in and words behind it.
function isLanguage(text) {
	const words = text.replaceAll(/%[-.*\d]*(?:z|l|ll)?[a-z]/g, '');
	return /^[\p{Lu}“\d]/u.test(text) && !/[A-Z]{5}/.test(text) ? /[a-z]{2}/.test(words) : /^%/.test(text) && /[a-z]{2}/.test(words) && / /.test(words);
}

export function texts(source) {
	const files = readdirSync(join(source, 'src/app')).filter((name) => name.endsWith('.c') && !SILENT.test(name))
		.map((name) => `app/${name}`).concat(ELSEWHERE);
	const found = [];
	for (const file of files) {
		const text = expand(readFileSync(join(source, 'src', file), 'utf8'));
		for (const literal of literals(text)) {
			const marked = text.endsWith('N_(', literal.at);
			if (!marked && (!isLanguage(literal.value) || ENGLISH.has(literal.value) || inSilentCall(text, literal.at)))
				continue;
			found.push({ file: `src/${file}`, line: text.slice(0, literal.at).split('\n').length, text: literal.value });
		}
	}
	return found;
}

if (process.argv[2] !== undefined)
	for (const { file, line, text } of texts(process.argv[2]))
		console.log(`${file}\t${line}\t${text}`);
