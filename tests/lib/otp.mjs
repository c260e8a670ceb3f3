// One-time passwords as an authenticator app makes them (RFC 6238), from nothing but node.
import { createHmac } from 'node:crypto';

function base32(text) {
	let bits = '';
	for (const letter of text.replace(/[\s=]/g, ''))
		bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
	return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// The code of the step in which an instant lies, or of one some STEPS from it.
export function otp(secret, steps = 0, at = Date.now()) {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000) + steps));
	const hash = createHmac('sha1', base32(secret)).update(counter).digest(), from = hash.at(-1) & 15;
	return String((hash.readUInt32BE(from) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// Another six digits than those that are right around now.
export function wrongCode(secret) {
	const right = [-2, -1, 0, 1, 2].map((steps) => otp(secret, steps));
	return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code));
}
