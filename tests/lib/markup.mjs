// A small parser for the HTML and XML of this application, into nodes that tests can ask. It is strict: what is not
// closed, closed twice or quoted wrongly is an error, so that a page that browsers would mend does not pass here.

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const RAW = new Set(['script', 'style', 'textarea', 'title']);
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function decode(text) {
	return text.replace(/&(#x[0-9a-fA-F]+|#[0-9]+|[A-Za-z]+);/g, (all, name) => {
		if (name[0] !== '#') {
			if (!(name in NAMED))
				throw new Error(`the entity ${all} is not known to the tests`);
			return NAMED[name];
		}
		return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
	});
}

export class Node {
	constructor(name, attrs = {}, parent = null) {
		this.name = name;
		this.attrs = attrs;
		this.children = [];
		this.parent = parent;
	}

	// The text of it all, blanks as they are.
	get raw() {
		return this.children.map((child) => (typeof child === 'string' ? child : child.raw)).join('');
	}

	// The text as it reads: blanks joined, ends cut.
	get text() {
		return this.raw.replace(/[ \t\r\n\f]+/g, ' ').trim();
	}

	get elements() {
		return this.children.filter((child) => child instanceof Node);
	}

	attr(name) {
		return this.attrs[name] ?? null;
	}

	is(selector) {
		return compile(selector)(this);
	}

	// All descendants that match "name.class[attr=value]", in order; blanks between steps mean "somewhere below".
	all(selector) {
		const steps = selector.trim().split(/\s+/).map(compile);
		let found = [this];
		for (const step of steps) {
			const next = new Set();
			for (const from of found)
				for (const node of from.walk())
					if (node !== from && step(node))
						next.add(node);
			found = [...next];
		}
		return found;
	}

	one(selector) {
		return this.all(selector)[0] ?? null;
	}

	*walk() {
		yield this;
		for (const child of this.elements)
			yield* child.walk();
	}
}

const compiled = new Map();

function compile(selector) {
	if (!compiled.has(selector))
		compiled.set(selector, compileNew(selector));
	return compiled.get(selector);
}

function compileNew(selector) {
	const tests = [];
	let rest = selector;
	for (let match; rest !== ''; rest = rest.slice(match[0].length)) {
		match = /^(?:([\w-]+|\*)|\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=([^\]]*))?\])/.exec(rest);
		if (!match)
			throw new Error(`selector: ${selector}`);
		const [, name, cls, id, attr, value] = match;
		if (name && name !== '*')
			tests.push((node) => node.name === name);
		if (cls)
			tests.push((node) => (node.attrs.class ?? '').split(' ').includes(cls));
		if (id)
			tests.push((node) => node.attrs.id === id);
		if (attr)
			tests.push((node) => attr in node.attrs && (value === undefined || node.attrs[attr] === value));
	}
	return (node) => tests.every((test) => test(node));
}

function parse(source, html) {
	const root = new Node('#document');
	const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*(\/?)>/y;
	let at = 0, open = root;
	const fail = (why) => {
		throw new Error(`${why}, near ${JSON.stringify(source.slice(Math.max(0, at - 60), at + 60))}`);
	};
	while (at < source.length) {
		if (source[at] !== '<') {
			const next = source.indexOf('<', at), end = next < 0 ? source.length : next;
			const text = decode(source.slice(at, end));
			if (open === root ? text.trim() !== '' : text !== '')
				open === root ? fail('text outside the document') : open.children.push(text);
			at = end;
			continue;
		}
		if (source.startsWith('<!--', at)) {
			at = source.indexOf('-->', at) + 3;
			continue;
		}
		if (source.startsWith('<!', at) || source.startsWith('<?', at)) {
			at = source.indexOf('>', at) + 1;
			continue;
		}
		tag.lastIndex = at;
		const match = tag.exec(source);
		if (!match)
			fail('not a tag');
		const [all, close, name, attributes, alone] = match;
		at += all.length;
		if (close) {
			if (open.name !== name)
				fail(`</${name}> closes <${open.name}>`);
			open = open.parent;
			continue;
		}
		const attrs = {};
		for (const [, key, , double, single] of attributes.matchAll(/([^\s=]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g)) {
			if (key in attrs)
				fail(`the attribute ${key} twice`);
			attrs[key] = decode(double ?? single ?? '');
		}
		const node = new Node(name, attrs, open);
		open.children.push(node);
		if (alone || (html && VOID.has(name)))
			continue;
		if (html && RAW.has(name)) {
			const end = source.indexOf(`</${name}>`, at);
			if (end < 0)
				fail(`<${name}> without an end`);
			node.children.push(name === 'script' || name === 'style' ? source.slice(at, end) : decode(source.slice(at, end)));
			at = end + name.length + 3;
			continue;
		}
		open = node;
	}
	if (open !== root)
		fail(`<${open.name}> without an end`);
	return root;
}

export function parseHtml(source) {
	return parse(source, true).one('html');
}

export function parseXml(source) {
	return parse(source, false).elements[0];
}
