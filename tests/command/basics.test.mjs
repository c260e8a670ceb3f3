// migrate, distributor, user, doctor: usage, refusals, what they leave behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from './server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

test('a wrong command line is 2 with the usage', async () => {
	const it = await server.installation();
	for (const args of [['migrate', '--all'], ['distributor'], ['distributor', 'add', 'X'], ['distributor', 'remove', 'X'],
		['user'], ['user', 'add', '--tenant', 'X'], ['user', 'passwd'], ['user', 'disable'], ['user', 'otp-off'], ['demo'],
		['demo', '--size', 'huge'], ['serve', '--replace'], ['serve', '--replace', 'x'], ['serve', '--replace', '1'], ['import'], ['import', '--into', 'X'], ['import', 'x.csv'], ['export', 'A', 'B'],
		['export', '--all'], ['doctor', 'now'], ['demo', '--size'],
		['distributor', 'add', 'X', '--domain', 'a.example', '--domain', 'b.example', '--time-zone', 'UTC']]) {
		const { status, err } = await it.run(args);
		assert.equal(status, 2, args.join(' '));
		assert.match(err, /^usage: tenantry /);
	}
});

test('a schema that is behind is refused with what to do', async () => {
	server.sql('', 'CREATE DATABASE empty_one');
	const it = await server.installation();
	it.name = 'empty_one';
	it.configure({});
	for (const args of [['export'], ['doctor'], ['demo', '--size', 'small'],
		['distributor', 'add', 'X', '--domain', 'x.example', '--time-zone', 'UTC']]) {
		const { status, err } = await it.run(args);
		assert.equal(status, 1);
		assert.match(err, /run tenantry migrate/);
	}
	assert.match(await it.must(['migrate', '--status']), /^0001 missing  tenant$/m);
	await it.must(['migrate']);
	assert.match(await it.must(['migrate', '--status']), /^0001 applied  tenant$/m);
	await it.must(['migrate']);
});

test('a distributor is made once for a domain, in the form in which domains are stored', async () => {
	const it = await server.installation();
	const id = await it.distributor('Bücher & Söhne', 'BÜCHER.example', 'Europe/Berlin');
	assert.match(id, /^[0-9A-Z]{10}$/);
	const other = await it.distributor('Second', 'second.example', 'America/New_York');
	assert.notEqual(id, other);
	assert.deepEqual(it.sql('SELECT public_id, name, domain, time_zone, tree_pos >> 50, tier, distributor_id = id FROM tenant ORDER BY id'),
		[[id, 'Bücher & Söhne', 'xn--bcher-kva.example', 'Europe/Berlin', '1', '1', '1'],
			[other, 'Second', 'second.example', 'America/New_York', '2', '1', '1']]);
	assert.equal(it.sql('SELECT COUNT(*) FROM tenant_list')[0][0], '2');
	for (const [name, domain, zone, why] of [['X', 'bücher.example', 'UTC', /already/], ['X', 'no domain', 'UTC', /not the name/],
		['X', 'x.example', 'Mars/Olympus', /not an IANA time zone/], ['  ', 'x.example', 'UTC', /is empty/],
		['a\u202Eb', 'x.example', 'UTC', /direction/], ['a\tb', 'x.example', 'UTC', /control/],
		['x'.repeat(201), 'x.example', 'UTC', /too long/]]) {
		const { status, err } = await it.run(['distributor', 'add', name, '--domain', domain, '--time-zone', zone]);
		assert.equal(status, 1);
		assert.match(err, why);
	}
	assert.equal(it.sql('SELECT COUNT(*) FROM tenant')[0][0], '2');
	await it.must(['doctor']);
});

test('a user is active at once, changes the list, and can be locked out', async () => {
	const it = await server.installation();
	const id = await it.distributor();
	const add = (email, password, ...more) => it.run(['user', 'add', '--tenant', id, '--email', email, '--first', 'Dana',
		'--last', 'Whitfield', '--role', 'admin', '--child-role', 'admin', ...more], `${password}\n`);
	for (const [run, why] of [[add('dana@northwind.example', 'short'), /at least 8/], [add('no address', 'long enough'), /not an e-mail/],
		[add('dana@northwind.example', 'x'.repeat(129)), /at most 128/], [add('dana@northwind.example', ''), /at least 8/],
		[add('dana@northwind.example', 'long enough', '--job-function', 'wizard'), /not a job function/]]) {
		const { status, err } = await run;
		assert.equal(status, 1);
		assert.match(err, why);
	}
	const user = (await it.must(['user', 'add', '--tenant', id, '--email', 'Dana@Northwind.example', '--first', 'Dana',
		'--last', 'Whitfield', '--role', 'admin', '--child-role', 'admin', '--job-function', 'founder', '--password-file',
		it.file('password', 'pässword one\n')])).trim();
	assert.match(user, /^[0-9A-Z]{10}$/);
	assert.equal((await add('dana@northwind.example', 'long enough')).status, 1);
	const [[email, hash]] = it.sql('SELECT email, password_hash FROM user_account');
	assert.equal(email, 'dana@northwind.example');
	assert.match(hash, /^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
	assert.deepEqual(it.sql('SELECT admin_name, admin_pending, tasks_done FROM tenant_list'), [['Dana Whitfield', '0', '2']]);

	it.sql(`INSERT INTO session (token_hash, user_id, created_at, seen_at) SELECT REPEAT('x', 32), id, NOW(), NOW() FROM user_account`);
	await it.must(['user', 'passwd', 'dana@northwind.example'], 'another password\n');
	assert.notEqual(it.sql('SELECT password_hash FROM user_account')[0][0], hash);
	assert.deepEqual(it.sql('SELECT 1 FROM session'), []);
	await it.must(['user', 'disable', 'dana@northwind.example']);
	assert.deepEqual(it.sql('SELECT disabled_at IS NOT NULL FROM user_account'), [['1']]);
	await it.must(['user', 'disable', 'dana@northwind.example']);
	assert.equal((await it.run(['user', 'disable', 'nobody@northwind.example'])).status, 1);
	await it.must(['doctor']);
	assert.deepEqual(it.sql('SELECT action FROM audit_event ORDER BY id').flat(),
		['tenant.create', 'user.activate', 'user.update', 'user.disable']);
});

test('doctor tells each finding with its mend, and mends what follows from facts', async () => {
	const it = await server.installation();
	await it.must(['demo', '--size', 'small']);
	assert.match(await it.must(['doctor']), /in order/);
	it.sql(`UPDATE tenant SET name = 'Zzz' WHERE name = 'Aster & Sons';
		UPDATE tenant_list SET s_failed = 9 WHERE name = 'Cumulus Partners';
		UPDATE billing_source SET state = 1 WHERE state = 4 AND live = 1 LIMIT 1;
		UPDATE billing_source SET stale_at = stale_at + INTERVAL 1 DAY WHERE state = 3 AND live = 1 LIMIT 1;
		UPDATE billing_source SET last_message = 'not what it said' WHERE state = 2 AND live = 1 LIMIT 1;
		UPDATE tenant SET tree_pos = tree_pos + 5 * 33554432 + 1 WHERE name = 'Glacier Foods'`);
	const { status, out } = await it.run(['doctor']);
	assert.equal(status, 1);
	assert.equal(out.match(/^source \w+ \(\d{12}\) is in another state than its runs say; mend: tenantry doctor --mend$/gm)?.length, 3);
	assert.match(out, /does not stand in the order of names; mend: tenantry doctor --mend/);
	assert.match(out, /Glacier Foods\) has a label outside of its parent's interval/);
	assert.match(out, /s_failed is "9", by the facts "\d+"; mend: tenantry doctor --mend/);
	await it.must(['doctor', '--mend']);
	assert.match(await it.must(['doctor']), /in order/);
	it.sql(`UPDATE user_account SET tenant_id = 99999 WHERE email = 'user1@z.example'`);
	const mended = await it.run(['doctor', '--mend']);
	assert.equal(mended.status, 1);
	assert.match(mended.out, /user1@z\.example\) belongs to no tenant/);
});
