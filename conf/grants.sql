-- Accounts of Tenantry in MariaDB or MySQL; run as the server's administrator.
-- `tenantry serve` needs no more than to read and write rows. `tenantry migrate` changes tables:
-- give it a configuration of its own (-c) that names the second account.
CREATE DATABASE IF NOT EXISTS tenantry CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE USER IF NOT EXISTS 'tenantry'@'localhost' IDENTIFIED BY 'put the password of password_file here';
GRANT SELECT, INSERT, UPDATE, DELETE ON tenantry.* TO 'tenantry'@'localhost';

CREATE USER IF NOT EXISTS 'tenantry_migrate'@'localhost' IDENTIFIED BY 'and another one here';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON tenantry.* TO 'tenantry_migrate'@'localhost';

-- With the database on another host ([database] host, tls, ca_file): the accounts of the application's hosts, with TLS alone.
-- CREATE USER IF NOT EXISTS 'tenantry'@'10.1.2.%' IDENTIFIED BY 'put the password of password_file here' REQUIRE SSL;
-- GRANT SELECT, INSERT, UPDATE, DELETE ON tenantry.* TO 'tenantry'@'10.1.2.%';
-- `tenantry doctor` says which rights an account lacks or could do without.
