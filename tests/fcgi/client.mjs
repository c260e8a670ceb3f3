// A FastCGI client that can also be wrong: records are made by hand.
import net from 'node:net';

export const BEGIN = 1, ABORT = 2, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, GET_VALUES = 9;

export function record(type, content = '', { id = 1, padding = 0, version = 1 } = {}) {
	const bytes = Buffer.from(content);
	return Buffer.concat([
		Buffer.from([version, type, id >> 8, id & 255, bytes.length >> 8, bytes.length & 255, padding, 0]),
		bytes, Buffer.alloc(padding),
	]);
}

export function begin({ id = 1, role = 1, keep = false } = {}) {
	return record(BEGIN, Buffer.from([role >> 8, role & 255, keep ? 1 : 0, 0, 0, 0, 0, 0]), { id });
}

function length(n) {
	return n < 128 ? Buffer.from([n]) : Buffer.from([(n >> 24) | 128, n >> 16 & 255, n >> 8 & 255, n & 255]);
}

export function pairs(params) {
	return Buffer.concat(Object.entries(params).flatMap(([name, value]) => {
		const n = Buffer.from(name), v = Buffer.from(value);
		return [length(n.length), length(v.length), n, v];
	}));
}

// CONTENT as records of TYPE of at most SIZE bytes, and the empty one that ends the stream.
export function stream(type, content, { id = 1, padding = 0, size = 65535, end = true } = {}) {
	const bytes = Buffer.from(content), records = [];
	for (let i = 0; i < bytes.length; i += size)
		records.push(record(type, bytes.subarray(i, i + size), { id, padding }));
	if (end)
		records.push(record(type, '', { id }));
	return Buffer.concat(records);
}

// A whole request as bytes.
export function request(uri, { method = 'GET', params = {}, body = '', ...options } = {}) {
	const all = { REQUEST_METHOD: method, REQUEST_URI: uri, REMOTE_ADDR: '192.0.2.1', ...params };
	if (body.length > 0 && all.CONTENT_LENGTH === undefined)
		all.CONTENT_LENGTH = String(body.length);
	return Buffer.concat([begin(options), stream(PARAMS, pairs(all), options), stream(STDIN, body, options)]);
}

// Records of an answer: the text of STDOUT, and how it ended.
export function parse(raw) {
	const answer = { raw, ends: [], valid: true, complete: false };
	const out = [];
	let at = 0;
	while (at + 8 <= raw.length) {
		const type = raw[at + 1], size = raw.readUInt16BE(at + 4);
		if (raw[at] !== 1) {
			answer.valid = false;
			break;
		}
		const content = raw.subarray(at + 8, at + 8 + size);
		if (type === STDOUT)
			out.push(content);
		if (type === END)
			answer.ends.push({ id: raw.readUInt16BE(at + 2), status: content[4] });
		at += 8 + size + raw[at + 6];
	}
	const bytes = Buffer.concat(out), head = bytes.indexOf('\r\n\r\n');
	answer.head = bytes.subarray(0, Math.max(head, 0)).toString();
	answer.body = bytes.subarray(head + 4);
	answer.status = Number(/^Status: (\d+)/.exec(answer.head)?.[1] ?? 0);
	answer.complete = answer.valid && at === raw.length && answer.ends.some((end) => end.status === 0);
	answer.text = answer.body.length < 100000 ? answer.body.toString() : '';
	answer.value = (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(answer.text)?.[1];
	return answer;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Sends PIECES (one buffer or several, with WAIT ms between) and reads until the server closes.
// Options: hangUp: end our side after sending; stopAfter: destroy after so many bytes came.
export async function talk(path, pieces, { wait = 0, hangUp = false, stopAfter = Infinity, timeout = 30000 } = {}) {
	const socket = net.connect({ path, allowHalfOpen: true }), chunks = [], started = Date.now();
	let got = 0, error;
	const closed = new Promise((resolve) => {
		socket.on('data', (chunk) => {
			chunks.push(chunk);
			got += chunk.length;
			if (got >= stopAfter)
				socket.destroy();
		});
		socket.on('error', (e) => { error = e; });
		socket.on('end', () => { socket.end(); });
		socket.on('close', resolve);
		socket.setTimeout(timeout, () => { error = new Error('nothing came any more'); socket.destroy(); });
	});
	await new Promise((resolve, reject) => { socket.on('connect', resolve); socket.on('error', reject); });
	for (const piece of Array.isArray(pieces) ? pieces : [pieces]) {
		if (socket.destroyed || socket.readableEnded)
			break;
		await new Promise((resolve) => { socket.write(piece, resolve); });
		if (wait > 0)
			await pause(wait);
	}
	if (hangUp)
		socket.end();
	await closed;
	return { ...parse(Buffer.concat(chunks)), error, ms: Date.now() - started };
}

// BYTES in pieces of SIZE.
export function split(bytes, size) {
	const pieces = [];
	for (let i = 0; i < bytes.length; i += size)
		pieces.push(bytes.subarray(i, i + size));
	return pieces;
}
