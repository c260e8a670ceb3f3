// Demo data: the same for the same size and day, moved forward, never over somebody's data.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from './server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const tables = ['tenant', 'contract', 'contract_version', 'billing_source', 'source_run', 'audit_event', 'tenant_list', 'source_day',
	'tenant_gram', 'contract_list', 'contract_gram', 'demo_state'];
const demo = async (clock) => {
	const it = await server.installation();
	it.configure({ clock });
	await it.must(['demo', '--size', 'small']);
	return it;
};
const same = (one, other) => {
	for (const table of tables)
		assert.equal(server.dump(one.name, table), server.dump(other.name, table), table);
	/* all but the version, which is a clock's */
	const totals = 'SELECT tenant_id, total, tier_2, tier_3, onboarding, suspended, r_failed, r_warning, r_success FROM tenant_total ORDER BY tenant_id';
	assert.deepEqual(one.sql(totals), other.sql(totals));
	const users = 'SELECT id, public_id, email, role, child_role, invited_at, activated_at, invitation_expires_at FROM user_account';
	assert.deepEqual(one.sql(users), other.sql(users));
};

test('the same day gives the same rows', async () => {
	same(await demo('2026-03-28T04:00:00Z'), await demo('2026-03-28T22:00:00Z'));
});

test('a demo that was moved is the demo of that day, over a change of summer time too', async () => {
	const moved = await demo('2026-10-20T23:00:00Z');
	for (const clock of ['2026-10-20T23:30:00Z', '2026-10-21T01:00:00Z', '2026-11-22T10:00:00Z']) {
		moved.configure({ clock });
		await moved.must(['demo', '--size', 'small']);
		assert.match(await moved.must(['doctor']), /in order/);
	}
	same(moved, await demo('2026-11-22T12:00:00Z'));
});

test('every login of the demo is there, and the reseller is in onboarding', async () => {
	const it = await demo('2026-11-22T12:00:00Z');
	assert.deepEqual(it.sql(`SELECT u.email, u.role, u.child_role, t.tier, d.time_zone FROM user_account u
		JOIN tenant t ON t.id = u.tenant_id JOIN tenant d ON d.id = t.distributor_id
		WHERE u.email LIKE '%@demo.example' AND u.activated_at IS NOT NULL ORDER BY u.email`), [
		['customer-admin@demo.example', 'admin', 'none', '3', 'UTC'],
		['distributor-admin@demo.example', 'admin', 'admin', '1', 'UTC'],
		['distributor-sales@demo.example', 'sales', 'sales', '1', 'UTC'],
		['other-admin@demo.example', 'admin', 'admin', '1', 'America/New_York'],
		['reseller-admin@demo.example', 'admin', 'admin', '2', 'UTC'],
		['reseller-sales@demo.example', 'sales', 'sales', '2', 'UTC'],
	]);
	assert.deepEqual(it.sql(`SELECT l.onboarding, l.tasks_done FROM tenant_list l JOIN user_account u ON u.tenant_id = l.tenant_id
		WHERE u.email IN ('reseller-admin@demo.example', 'customer-admin@demo.example') ORDER BY l.tier`), [['1', '2'], ['1', '4']]);
});

test('another size, and data that is no demo, stay as they are', async () => {
	const it = await demo('2026-11-22T12:00:00Z');
	for (const size of ['medium', 'none']) {
		const { status, err } = await it.run(['demo', '--size', size]);
		assert.equal(status, 1);
		assert.match(err, /holds the demo of size small/);
	}
	const own = await server.installation();
	await own.distributor();
	assert.equal((await own.run(['demo', '--size', 'small'])).status, 1);
	await own.must(['demo', '--size', 'none']);
	assert.equal(own.sql('SELECT COUNT(*) FROM tenant')[0][0], '1');
	const none = await server.installation();
	await none.must(['demo', '--size', 'none']);
	assert.equal((await none.run(['demo', '--size', 'small'])).status, 1);
});

test('a load that was broken off is begun anew', async () => {
	const it = await demo('2026-11-22T12:00:00Z');
	it.sql(`UPDATE demo_state SET day = '1970-01-01'; DELETE FROM tenant WHERE tier = 3; DELETE FROM contract`);
	await it.must(['demo', '--size', 'small']);
	same(it, await demo('2026-11-22T12:00:00Z'));
});

test('the medium demo has 10,000 tenants in its first tree', async () => {
	const it = await server.installation();
	await it.must(['demo', '--size', 'medium']);
	assert.deepEqual(it.sql('SELECT total, tier_2, tier_3 FROM tenant_total WHERE tenant_id = 1'), [['10000', '20', '9979']]);
	assert.match(await it.must(['doctor']), /in order/);
});
