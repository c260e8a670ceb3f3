// doctor: each kind of damage is planted alone, found, named with what mends it; and that does mend it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { databaseProxy } from '../lib/database_proxy.mjs';
import { Server } from './server.mjs';

let server, it;
before(async () => {
	server = await Server.start();
	it = await server.installation();
	await it.must(['demo', '--size', 'small']);
	server.sql('', `CREATE USER least@localhost; GRANT SELECT, INSERT, UPDATE, DELETE ON ${it.name}.* TO least@localhost`);
	it.user = 'least';
	it.configure({});
});
after(() => server.stop());

const statement = (out) => out.split('\n').find((line) => line.includes('; mend: ')).split('; mend: ')[1];

// What is damaged, how (SQL by root), what the doctor says, and what mends it: true is the SQL that it says, a text is SQL, else a command.
const damages = [
	['a right is missing', () => 'REVOKE DELETE ON DB.* FROM least@localhost', /the account 'least'@'localhost' has no right to DELETE in the database/, true],
	['no right to read', () => 'REVOKE SELECT ON DB.* FROM least@localhost', /no right to SELECT .*; mend: GRANT SELECT ON `/, true],
	['the database has another character set', () => 'ALTER DATABASE DB CHARACTER SET latin1', /character set is latin1 .*mend: ALTER DATABASE/, true],
	['a column has another collation', () => 'ALTER TABLE user_account MODIFY email VARCHAR(254) COLLATE utf8mb4_unicode_520_ci NOT NULL',
		/column user_account\.email has the collation utf8mb4_unicode_520_ci, not utf8mb4_bin; mend: ALTER TABLE user_account MODIFY email/, true],
	['a table has another collation', () => 'ALTER TABLE tenant DEFAULT CHARACTER SET latin1', /table tenant has the collation latin1_swedish_ci/, true],
	['a table has an engine without transactions', () => 'ALTER TABLE recent_tenant ENGINE=MyISAM', /recent_tenant has the engine MyISAM.*mend: ALTER TABLE/, true],
	['a unique key is gone', () => 'ALTER TABLE user_account DROP KEY email', /user_account has no key email; mend: .*ADD UNIQUE KEY email \(email\)/, true],
	['a column is gone', () => 'ALTER TABLE outbox DROP COLUMN last_error', /table outbox has no column last_error; mend: ALTER TABLE outbox ADD COLUMN/, true],
	['a migration has another checksum', () => `UPDATE schema_migration SET checksum = REVERSE(checksum) WHERE number = 3`,
		/migration 0003 tenant-total has another checksum/, 'UPDATE schema_migration SET checksum = REVERSE(checksum) WHERE number = 3'],
	['a migration was not finished', () => `UPDATE schema_migration SET state = 'begun' WHERE number = 20`,
		/migration 0020 clash was begun and not finished; mend: tenantry migrate/, ['migrate']],
	['the server takes no writes', () => 'SET GLOBAL read_only = 1', /takes no writes.*mend: SET GLOBAL read_only = 0/, 'SET GLOBAL read_only = 0'],
	['the server takes short statements alone', () => 'SET GLOBAL max_allowed_packet = 1048576', /takes statements of 1048576 bytes/,
		'SET GLOBAL max_allowed_packet = 16777216'],
	['the clocks differ', () => `SET GLOBAL init_connect = 'SET timestamp = 1700000000'`, /clock is \d+ seconds ahead of the database's; mend: timedatectl/,
		`SET GLOBAL init_connect = ''`],
	['a time zone that this machine does not know', () => `UPDATE tenant SET time_zone = 'Mars/Olympus' WHERE tier = 1 AND time_zone = 'UTC'`,
		/time zone "Mars\/Olympus".*mend: install or upgrade tzdata/, `UPDATE tenant SET time_zone = 'UTC' WHERE time_zone = 'Mars/Olympus'`],
	['a session without user', () => `INSERT INTO session (token_hash, user_id, created_at, seen_at) VALUES (REPEAT('x', 32), 999999, NOW(), NOW())`,
		/sessions of user 999999 \(1\) belong to no user; mend: DELETE x FROM session/, true],
	['runs without source', () => `INSERT INTO source_run (source_id, started_at, period) VALUES (999999, NOW(), '2026-11')`,
		/runs of source 999999 \(1\) belong to no source; mend: DELETE x FROM source_run/, true],
	['versions without contract', () => 'INSERT INTO contract_version (contract_id, version, saved_at, saved_by_name, name, start_date, renewal, entitlement) '
		+ `VALUES (999999, 1, NOW(), 'A', 'B', '2026-01-01', 'auto', 'none')`, /versions of contract 999999 \(B\) belong to no contract; mend: DELETE x FROM contract_version/, true],
	['a user without tenant', () => `UPDATE user_account SET tenant_id = tenant_id + 900000 WHERE email = 'user1@z.example'`,
		/user \w+ \(user1@z\.example\) belongs to no tenant; mend: look at it/, `UPDATE user_account SET tenant_id = tenant_id - 900000 WHERE tenant_id > 900000`],
	['a contract without newest version', () => 'UPDATE contract SET version = version + 50 ORDER BY id LIMIT 1', /contract \w+ .* has no tenant or no newest version/,
		'UPDATE contract SET version = version - 50 WHERE version > 50'],
	['a row of the list that the facts do not say', () => `UPDATE tenant_list SET s_failed = 9 WHERE name = 'Cumulus Partners'`,
		/s_failed is "9", by the facts "\d+"; mend: tenantry doctor --mend/, ['doctor', '--mend']],
	['a tenant out of order', () => `UPDATE tenant SET name = 'Zzz' WHERE name = 'Aster & Sons'`, /order of names; mend: tenantry doctor --mend/, ['doctor', '--mend']],
];

test('what a least account sees of a fresh installation is in order, without a note', async () => {
	const { status, out } = await it.run(['doctor']);
	assert.equal(out, 'configuration, connection, account, server, schema, tree and list are in order\n');
	assert.equal(status, 0);
});

for (const [name, damage, found, mend] of damages)
	test(`doctor finds and mends: ${name}`, async () => {
		const plain = (sql) => sql.replaceAll('DB', it.name);
		it.sql(plain(damage()));
		const { status, out, err } = await it.run(['doctor']);
		assert.match(out, found, err);
		assert.equal(status, 1);
		if (Array.isArray(mend)) {
			it.user = 'root';
			it.configure({});
			try {
				await it.must(mend);
			} finally {
				it.user = 'least';
				it.configure({});
			}
		} else {
			it.sql(mend === true ? statement(out) : mend);
		}
		const again = await it.run(['doctor']);
		assert.equal(again.status, 0, again.out + again.err);
	});

test('a right too many is said, and is no fault', async () => {
	it.sql(`GRANT DROP ON ${it.name}.* TO least@localhost`);
	const { status, out } = await it.run(['doctor']);
	assert.equal(status, 0);
	assert.match(out, /^note: the account 'least'@'localhost' may more than the program needs: DROP ON `test_1`\.\*; mend: REVOKE DROP ON `test_1`\.\* FROM 'least'@'localhost'/m);
	assert.match(out, /in order/);
	it.sql(`REVOKE DROP ON ${it.name}.* FROM least@localhost`);
});

test('a server with a lax sql_mode is said, and is no fault', async () => {
	server.sql('', `SET GLOBAL sql_mode = ''`);
	const { status, out } = await it.run(['doctor']);
	server.sql('', 'SET GLOBAL sql_mode = DEFAULT');
	assert.equal(status, 0);
	assert.match(out, /^note: the server's sql_mode is not strict.*; mend: sql_mode = STRICT_TRANS_TABLES in the server's configuration/m);
});

test('a proxy before the server that changes what a session sets is found out', async (t) => {
	const socket = path.join(server.folder, 'proxy');
	const proxy = await databaseProxy(socket, server.socket, (sql) => sql.replace(`time_zone = '+00:00'`, `time_zone = '+05:00'`)
		.replace(/sql_mode = '[^']*'/, `sql_mode = ''`));
	t.after(() => proxy.close());
	it.database = { socket };
	it.configure({});
	const { status, out } = await it.run(['doctor']);
	it.database = {};
	it.configure({});
	assert.equal(status, 1);
	assert.match(out, /^the connection's sql_mode is "" and was set to "STRICT_TRANS_TABLES"; mend: connect to the server itself/m);
	assert.match(out, /^the connection's time_zone is "\+05:00" and was set to "\+00:00"; mend: /m);
});

test('a table that is gone ends the look with the one word that helps', async () => {
	it.sql('RENAME TABLE clash TO clash_gone');
	const { status, out } = await it.run(['doctor']);
	assert.equal(status, 1);
	assert.match(out, /table clash is missing; mend: .*restore the backup/);
	assert.match(out, /the rest can be looked at when this is mended/);
	it.sql('RENAME TABLE clash_gone TO clash');
});

test('of two migrators at once one waits, and finds all done', async () => {
	server.sql('', 'CREATE DATABASE twice CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');
	const two = await server.installation();
	two.name = 'twice';
	two.configure({});
	const runs = await Promise.all([two.run(['migrate']), two.run(['migrate'])]);
	for (const { status, err } of runs) assert.equal(status, 0, err);
	const applied = (err) => (err.match(/ applied/g) ?? []).length;
	assert.deepEqual(runs.map(({ err }) => applied(err) > 0).sort(), [false, true]);
	await two.must(['doctor']);
});
