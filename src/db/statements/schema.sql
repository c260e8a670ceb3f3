-- The program's own table of migrations and the marks that it keeps (db/migrate.c).

-- name: schema_table
-- exempt: about the schema, no tenant's data
CREATE TABLE IF NOT EXISTS schema_migration (
  number INT UNSIGNED NOT NULL,
  title VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  checksum BINARY(32) NOT NULL,
  applied_at DATETIME(3) NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=ascii;

-- The row 0 is the lock that migrators hold in a second connection.
-- name: schema_lock_row
-- exempt: about the schema, no tenant's data
INSERT IGNORE INTO schema_migration (number, title, checksum, applied_at, state)
VALUES (0, 'lock', REPEAT(CHAR(0), 32), NULL, 'lock');

-- name: schema_lock
-- exempt: about the schema, no tenant's data
SELECT number FROM schema_migration WHERE number = 0 FOR UPDATE;

-- name: schema_table_exists
-- exempt: about the schema, no tenant's data
SELECT COUNT(*) FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'schema_migration';

-- name: schema_list
-- exempt: about the schema, no tenant's data
SELECT number, HEX(checksum), state FROM schema_migration WHERE number > 0 ORDER BY number;

-- name: schema_begin
-- exempt: about the schema, no tenant's data
INSERT INTO schema_migration (number, title, checksum, applied_at, state) VALUES (?, ?, ?, NULL, 'begun');

-- name: schema_done
-- exempt: about the schema, no tenant's data
UPDATE schema_migration SET applied_at = ?, state = 'applied' WHERE number = ?;

-- What db/shape.c compares with the migrations, and what the doctor asks the server about itself.

-- name: schema_shape_tables
-- exempt: about the schema, no tenant's data
SELECT table_name, engine, table_collation FROM information_schema.tables WHERE table_schema = DATABASE();

-- name: schema_shape_columns
-- exempt: about the schema, no tenant's data
SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = DATABASE();

-- name: schema_shape_keys
-- exempt: about the schema, no tenant's data
SELECT DISTINCT table_name, index_name, non_unique FROM information_schema.statistics WHERE table_schema = DATABASE();

-- name: doctor_grants
-- exempt: about the account
SHOW GRANTS;

-- name: doctor_account
-- exempt: about the account
SELECT CURRENT_USER(), DATABASE();

-- name: doctor_server
-- exempt: about the server
SELECT @@global.read_only, @@global.max_allowed_packet, @@global.sql_mode, s.default_character_set_name, s.default_collation_name
FROM information_schema.schemata s WHERE s.schema_name = DATABASE();

-- name: doctor_session
-- exempt: about the connection
SELECT @@sql_mode, @@time_zone, @@character_set_client, @@collation_connection, @@autocommit;

-- name: doctor_clock
-- exempt: about the server
SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED), UNIX_TIMESTAMP(NOW()) - UNIX_TIMESTAMP(UTC_TIMESTAMP());
