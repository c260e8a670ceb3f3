// Requests to the API by token. Each answer is held against doc/openapi.json, and so is what was sent when it was taken: neither may say or
// take what is not described.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Client } from './http.mjs';
import { SOURCE, given } from './instance.mjs';

export const description = JSON.parse(readFileSync(path.join(SOURCE, 'doc/openapi.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(description, 'openapi');

// Of this run alone: keys, names, domains.
export const client = new Client(), mine = `${Date.now().toString(36)}${process.pid.toString(36)}`;
let keys = 0;

const pointerPart = (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const holds = (parts, value, what) => {
	const check = ajv.getSchema(`openapi#${parts.map((part) => `/${pointerPart(String(part))}`).join('')}`);
	assert.ok(check, parts.join(' '));
	assert.ok(check(value), `${what}: ${JSON.stringify(check.errors)}`);
};

function validateAnswer(method, pattern, answer) {
	const responses = description.paths[pattern]?.[method]?.responses, status = responses?.[answer.status] ? answer.status : 'default';
	assert.ok(responses?.[status], `${method} ${pattern} is described with ${answer.status}`);
	const place = responses[status].$ref ? responses[status].$ref.slice(2).split('/') : ['paths', pattern, method, 'responses', status];
	const { content, headers } = place.reduce((node, part) => node[part], description);
	const [type] = Object.keys(content);
	assert.equal(answer.headers['content-type'], type);
	holds([...place, 'content', type, 'schema'], answer.json, `${method} ${pattern} ${answer.status}`);
	for (const [name, header] of Object.entries(headers ?? {}))
		assert.ok(!header.required || answer.headers[name.toLowerCase()], `${method} ${pattern} ${answer.status}: ${name}`);
	assert.match(answer.headers['x-request-id'], /^[\w-]{8,64}$/);
}

// What a parameter's text is as a value of its schema.
const typed = (schema, texts) => (schema.type === 'array' ? texts : schema.type === 'integer' ? Number(texts[0]) : texts[0]);

function validateRequest(method, pattern, address, headers, body) {
	const { parameters, requestBody } = description.paths[pattern][method], query = new URL(address, 'http://x').searchParams;
	for (const name of new Set(query.keys())) {
		const at = parameters.findIndex((parameter) => parameter.in === 'query' && parameter.name === name);
		assert.ok(at >= 0, `${pattern} takes ${name}, and its description does not say so`);
		holds(['paths', pattern, method, 'parameters', at, 'schema'], typed(parameters[at].schema, query.getAll(name)), `${pattern}?${name}`);
	}
	for (const [at, parameter] of parameters.entries())
		if (parameter.in === 'header') {
			assert.ok(headers[parameter.name] !== undefined || !parameter.required, parameter.name);
			holds(['paths', pattern, method, 'parameters', at, 'schema'], headers[parameter.name], parameter.name);
		}
	assert.equal(body !== null, requestBody !== undefined, `${method} ${pattern} has a body`);
	if (requestBody)
		holds(['paths', pattern, method, 'requestBody', 'content', 'application/json', 'schema'], JSON.parse(body), `the body of ${method} ${pattern}`);
}

const patternOf = (address) => address.replace(/\?.*/, '').replace(/\/tenants\/[^/]+$/, '/tenants/{id}').replace(/\/sources\/[^/]+\/runs$/, '/sources/{account}/runs');
export const bearer = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

async function send(method, token, address, { body = null, headers = {}, from = client } = {}) {
	const pattern = patternOf(address), answer = await from.request(method.toUpperCase(), address, { body, headers: { ...headers, ...bearer(token) } });
	validateAnswer(method, pattern, answer);
	if (answer.status < 300)
		validateRequest(method, pattern, address, headers, body);
	return answer;
}

export const get = (token, address, options) => send('get', token, address, options);

// KEY null: without one. A body that is text goes out as it is.
export const post = (token, address, body, key = `${mine}-${keys++}`, options = {}) => send('post', token, address, {
	...options, body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
	headers: { 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) } });

export const tokenOf = async (id, scope, instance = given()) => (await instance.dev(['tenantry', 'token', 'add', '--tenant', id, '--scope', scope])).stdout.trim();
