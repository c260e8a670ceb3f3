// Contracts as a person makes and changes them: through their pages and forms.
import { strict as assert } from 'node:assert';
import { encode, formOf } from './http.mjs';

export const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
export const get = async (client, id, query = '') => (await client.get(`/contracts/${id}.json${query}`)).json;
export const problem = (answer) => (answer.status === 303 ? '' : answer.html.one('[role=alert]')?.text ?? '');
export const wrong = (answer) => (answer.status === 303 ? [] : answer.html.all('.wrong').map((one) => one.text));

// The form ACTION of PAGE, with some values.
export async function send(client, page, action, values = {}) {
	return client.post(action, encode({ ...formOf(await client.get(page), action), ...values }));
}

export const terms = (values = {}) => ({ name: 'Test contract', start: day(0), end: day(30), renewal: 'manual', entitlement: 'spp', prefix: 'T-1', ...values });

// A draft; its ID.
export async function add(client, tenant, values) {
	const path = `/customers/${tenant}/contracts/new`, answer = await send(client, path, path, terms(values));
	assert.equal(answer.status, 303, `${problem(answer)} ${wrong(answer)}`);
	return /^\/contracts\/([A-Z0-9]+)$/.exec(answer.location)[1];
}

export const save = (client, id, values) => send(client, `/contracts/${id}`, `/contracts/${id}`, values);
// A deed as a script would do it: its token and nothing else.
export const deed = async (client, id, name, values = {}) => client.post(`/contracts/${id}/${name}`, { token: await client.sessionToken(), ...values });

// The contract that a form has led to.
export async function done(answer) {
	assert.equal((await answer).status, 303, problem(await answer));
	return /^\/contracts\/([A-Z0-9]+)$/.exec((await answer).location)[1];
}

// A customer of a reseller of its own for a test, so that contracts of one test are in no other's way.
let number = 0;
export async function freshCustomer(client, parent) {
	const path = '/customers/new', one = `${Date.now().toString(36)}-${process.pid}-${++number}`;
	const answer = await send(client, path, path, { parent, name: `Contract customer ${one}`, domain: `contract-${one}.example` });
	assert.equal(answer.status, 303);
	return /customers\/([A-Z0-9]+)\//.exec(answer.location)[1];
}
