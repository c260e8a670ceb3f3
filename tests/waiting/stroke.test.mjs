// At the stroke of a day in the distributor's time zone contracts begin and end, in every place that shows their statuses, with
// nobody acting. Instances of its own, whose clocks stand shortly before midnight; the second distributor is in New York's time.
import test, { after, describe } from 'node:test';
import { strict as assert } from 'node:assert';
import { add, deed, done, freshCustomer, save } from '../lib/contracts.mjs';
import { Client, PASSWORD, USERS } from '../lib/http.mjs';
import { startInstance } from '../lib/instance.mjs';

const LAST = '2026-12-31', FIRST = '2027-01-01';
const instances = [];
after(() => Promise.all(instances.map((one) => one.discard())));

const BEFORE = { ends: 'active', begins: 'scheduled', draft: 'draft', old: 'active', new: 'scheduled' };
const AFTER = { ends: 'expired', begins: 'active', draft: 'draft', old: 'superseded', new: 'active' };

// What a distributor has: one reseller whose contract ends as the next begins, and one whose contract is superseded.
class Tree {
	async make(instance, user) {
		const client = this.client = await new Client(instance.url).login(USERS[user], PASSWORD), home = (await client.get('/customers.json')).json.tenants[0].id;
		[this.row, this.other] = [await freshCustomer(client, home), await freshCustomer(client, home)];
		const terms = { ends: [this.row, '2026-12-01', LAST], begins: [this.row, FIRST, ''], draft: [this.row, FIRST, ''], old: [this.other, '2026-12-01', ''] };
		this.ids = {};
		for (const [name, [tenant, start, end]] of Object.entries(terms)) {
			this.ids[name] = await add(client, tenant, { name: `stroke ${name}`, start, end });
			if (name !== 'draft')
				await done(deed(client, this.ids[name], 'activate'));
		}
		this.ids.new = await done(deed(client, this.ids.old, 'supersede'));
		await done(save(client, this.ids.new, { name: 'stroke new', start: FIRST }));
		await done(deed(client, this.ids.new, 'activate'));
		return this;
	}

	// The CSV names its day: its statuses must be those of that day, whatever the moment.
	async file() {
		const answer = await this.client.download('/contracts.csv?q=stroke'), [, date] = /filename="contracts-([0-9-]+)\.csv"/.exec(answer.headers['content-disposition']);
		const rows = answer.body.trim().split('\r\n').slice(1).map((line) => line.split(','));
		const statuses = Object.fromEntries(rows.map((cells) => [cells[0].replace('stroke ', ''), cells[4].toLowerCase()]));
		assert.deepEqual(statuses, date === LAST ? BEFORE : AFTER, `the file of ${date}`);
		return date;
	}

	// Every other place; FIRST and LAST are of files read before and after, so that these are of one day.
	async places() {
		const { client } = this, seen = {};
		for (const status of ['active', 'scheduled', 'draft', 'expired', 'superseded']) {
			const { contracts } = (await client.get(`/contracts.json?q=stroke&status=${status}`)).json;
			for (const contract of contracts) {
				assert.equal(contract.status, status);
				seen[contract.name.replace('stroke ', '')] = status;
			}
		}
		const counts = {}, popup = {}, cells = {};
		for (const tenant of [this.row, this.other]) {
			counts[tenant] = (await client.get(`/customers/${tenant}.json`)).json.contracts;
			const page = (await client.get(`/customers/${tenant}/contracts/summary`)).html.one('main').text;
			for (const [name, id] of Object.entries(this.ids))
				if (page.includes(`stroke ${name}`))
					popup[name] = /active|scheduled|draft|expired|superseded/i.exec(page.slice(page.indexOf(`stroke ${name}`) + `stroke ${name}`.length))[0].toLowerCase();
			const list = (await client.get(`/customers.csv?q=${tenant}`)).body.split('\r\n').find((line) => /yes$/.test(line) || line.includes('Contract customer'));
			cells[tenant] = /"([^"]*(active|expired)[^"]*)"/.exec(list)[1];
			for (const [name, id] of Object.entries(this.ids))
				seen[`page ${name}`] = (await client.get(`/contracts/${id}.json`)).json.status;
		}
		return { seen, counts: [counts[this.row], counts[this.other]], cells: [cells[this.row], cells[this.other]], popup };
	}

	expected(date) {
		const statuses = date === LAST ? BEFORE : AFTER, pages = Object.fromEntries(Object.entries(statuses).map(([name, status]) => [`page ${name}`, status]));
		return { seen: { ...statuses, ...pages }, popup: statuses,
			counts: date === LAST ? [{ active: 1, scheduled: 1, draft: 1 }, { active: 1, scheduled: 1 }] : [{ active: 1, draft: 1, expired: 1 }, { active: 1, superseded: 1 }],
			cells: date === LAST ? ['1 active, 1 scheduled, 1 draft', '1 active, 1 scheduled'] : ['1 active, 1 draft, 1 expired', '1 active, 1 superseded'] };
	}

	async check(date) {
		assert.equal(await this.file(), date);
		const places = await this.places();
		if (await this.file() === date)
			assert.deepEqual(places, this.expected(date), `on ${date}`);
	}

	async until(date) {
		for (const end = Date.now() + 120000; await this.file() !== date;)
			assert.ok(Date.now() < end, `it has become ${date}`);
	}
}

async function night(name, prepared, stroke, before) {
	const instance = await startInstance(name, { args: ['--clock', prepared] });
	instances.push(instance);
	const utc = await new Tree().make(instance, 'distributor'), york = await new Tree().make(instance, 'other');
	await instance.stop();
	await instance.start({ args: ['--clock', stroke] });
	await utc.check(before.utc);
	await york.check(before.york);
	return { instance, utc, york };
}

// Side by side: each waits for its midnight.
describe('the stroke of the day', { concurrency: 2 }, () => {
	test('at midnight UTC contracts begin and end for the distributor in UTC, not yet for the one in New York', async () => {
		const { instance, utc, york } = await night('stroke', '2026-12-31T22:30:00Z', '2026-12-31T23:59:15Z', { utc: LAST, york: LAST });
		await utc.until(FIRST);
		await utc.check(FIRST);
		await york.check(LAST);
		await instance.dev(['tenantry', 'doctor']);
		await instance.discard();
	});

	test('at midnight in New York they do for the one there, and nothing changes in UTC', async () => {
		const { instance, utc, york } = await night('stroke-york', '2027-01-01T03:30:00Z', '2027-01-01T04:59:15Z', { utc: FIRST, york: LAST });
		await york.until(FIRST);
		await york.check(FIRST);
		await utc.check(FIRST);
		await instance.dev(['tenantry', 'doctor']);
	});
});
