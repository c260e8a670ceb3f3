// Import and export: what is refused and where, all or nothing, names of the real world, there and back again.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { Server } from './server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const HEADER = 'Customer,Domain,Tier,Customer ID,Parent ID\r\n';
const names = (it) => it.sql('SELECT name FROM tenant_list ORDER BY tree_pos').flat();

async function tree() {
	const it = await server.installation();
	const top = await it.distributor();
	const run = await it.import(top, `${HEADER}Beta,beta.example,Reseller,RB,\r\nAlpha,alpha.example,Reseller,RA,${top}\r\n`
		+ 'Zoo,zoo.example,Customer,CZ,RA\r\närger,arger.example,Customer,CA,RA\r\nMoon,moon.example,Customer,CM,RB\r\n');
	assert.equal(run.status, 0, run.err);
	assert.match(run.out, /^5 lines: 5 tenants made, 0 changed, 0 as they were$/m);
	return { it, top };
}

test('new tenants stand in the order of names, wherever their lines do', async () => {
	const it = await server.installation();
	const top = await it.distributor();
	const run = await it.import(top, '\uFEFFParent ID,Status,Customer,Domain,Customer ID,Tier\n'
		+ 'R1,---,Zoo,zoo.example,,\nR1,1/5,"ärger, ""groß""",ARGER.example,,Customer\n,x,Second,second.example,,\n,,First,first.example,R1,Reseller\n');
	assert.equal(run.status, 0, run.err);
	assert.deepEqual(names(it), ['Northwind Distribution', 'First', 'ärger, "groß"', 'Zoo', 'Second']);
	assert.deepEqual(it.sql('SELECT tier FROM tenant_list ORDER BY tree_pos').flat(), ['1', '2', '3', '3', '2']);
	assert.match(await it.must(['doctor']), /in order/);
});

test('every fault has its line and column, and nothing is changed', async () => {
	const { it, top } = await tree();
	const before = await it.must(['export']);
	const other = await it.distributor('Other', 'other.example');
	await it.import(other, `${HEADER}Elsewhere,else.example,Reseller,RX,\r\n`);
	const lines = [
		['"",a1.example,Reseller,,', '2:1: Customer: is empty'],
		['a\u0007b,a2.example,Reseller,,', '3:1: Customer: holds a control character'],
		[`${'x'.repeat(201)},a3.example,Reseller,,`, '4:1: Customer: is longer than 200'],
		['Ünïcode,not a domain,Reseller,,', '5:9: Domain: "not a domain" is not the name of a domain'],
		['A,a4.example,Partner,,', '6:14: Tier: "Partner" is none of'],
		['A,a5.example,Reseller,bad-id,', '7:23: Customer ID: "bad-id" is not an ID'],
		['A,a6.example,Customer,,', '8:24: Parent ID: a customer needs'],
		['A,a7.example,Customer,,NOBODY', '9:24: Parent ID: there is no NOBODY here'],
		['A,a8.example,Customer,,CZ', '10:24: Parent ID: CZ is not a reseller'],
		['A,a9.example,Reseller,,RA', '11:24: Parent ID: RA is not the distributor'],
		['A,a10.example,Distributor,,', '12:15: Tier: a distributor is made by'],
		['A,beta.example,Reseller,,', '13:3: Domain: beta.example cannot be used here'],
		['A,twice.example,Reseller,,', null],
		['B,twice.example,Reseller,,', '15:3: Domain: twice.example stands on line 14 already'],
		['A,a11.example,Reseller,SAME,', null],
		['B,a12.example,Reseller,SAME,', '17:24: Customer ID: SAME stands on line 16 already'],
		['Zoo,zoo2.example,Reseller,CZ,RA', '18:18: Tier: the tier of CZ cannot change; it is Customer'],
		['E,a13.example,Reseller,RX,', '19:24: Customer ID: RX cannot be used here'],
		['E,a14.example,Customer,,' + other, `20:25: Parent ID: there is no ${other} here`],
		['a"b,a15.example,Reseller,,', '21:2: a quote inside of a cell'],
		['too,few', '22:1: 2 cells, where the header has 5'],
	];
	const run = await it.import(top, HEADER + lines.map(([line]) => `${line}\r\n`).join(''));
	assert.equal(run.status, 1);
	for (const [line, fault] of lines.filter(([, expected]) => expected))
		assert.ok(run.err.includes(`import.csv:${fault}`), `${line}\n${run.err}`);
	assert.equal(run.err.split('\n').filter((text) => text.includes('import.csv:')).length,
		lines.filter(([, expected]) => expected).length, run.err);
	assert.match(run.err, /faults; nothing was changed/);
	assert.equal(await it.must(['export', top]), before.replace(/(?<=\r\n)Other.*/s, ''));
	assert.deepEqual(it.sql('SELECT 1 FROM import_row'), []);
});

test('a broken header, an empty file and an open quote are told', async () => {
	const { it, top } = await tree();
	for (const [text, why] of [['', /1:1: the file is empty/], ['Customer,Colour\r\n', /1:10: "Colour" is not a column/],
		['Customer,Customer,Domain\r\n', /1:10: the column Customer is there twice/], ['Tier\r\n', /the column Domain is missing/],
		[`${HEADER}"open,a.example,Reseller,,\r\n`, /2:1: this quote is never closed/],
		[Buffer.from(`${HEADER}caf\xe9,a.example,Reseller,,\r\n`, 'latin1'), /2:1: this cell is not UTF-8/]]) {
		const run = await it.import(top, text);
		assert.equal(run.status, 1);
		assert.match(run.err, why);
	}
	assert.equal((await it.run(['import', '--into', 'NOBODY', it.file('x.csv', HEADER)])).status, 1);
	assert.equal((await it.run(['import', '--into', 'CZ', it.file('x.csv', HEADER)])).status, 1);
	assert.equal((await it.run(['import', '--into', top, '/nowhere.csv'])).status, 1);
});

test('after a hundred faults the rest is counted', async () => {
	const { it, top } = await tree();
	const run = await it.import(top, HEADER + 'A,bad,Reseller,,\r\n'.repeat(250));
	assert.equal(run.status, 1);
	assert.match(run.err, /import\.csv:101:3: /);
	assert.doesNotMatch(run.err, /import\.csv:102:/);
	assert.match(run.err, /and 150 more/);
});

test('a dry run says what would happen and does nothing', async () => {
	const { it, top } = await tree();
	const before = await it.must(['export']);
	const run = await it.import(top, `${HEADER}New,new.example,Reseller,,\r\nZoo 2,zoo.example,,CZ,RA\r\nMoon,moon.example,,CM,RB\r\n`, '--dry-run');
	assert.equal(run.status, 0, run.err);
	assert.match(run.out, /^3 lines: 1 tenants would be made, 1 would be changed, 1 as they were$/m);
	assert.equal(await it.must(['export']), before);
});

test('a known ID changes name, domain and parent; domains can be swapped', async () => {
	const { it, top } = await tree();
	const run = await it.import(top, `${HEADER}Zoo,moon.example,Customer,CZ,RB\r\nMoon & Stars,zoo.example,Customer,CM,RB\r\nOmega,alpha.example,Reseller,RA,\r\n`);
	assert.equal(run.status, 0, run.err);
	assert.match(run.out, /^3 lines: 0 tenants made, 3 changed, 0 as they were$/m);
	assert.deepEqual(names(it), ['Northwind Distribution', 'Beta', 'Moon & Stars', 'Zoo', 'Omega', 'ärger']);
	assert.deepEqual(it.sql('SELECT domain, version FROM tenant WHERE public_id IN (\'CZ\', \'CM\') ORDER BY public_id'),
		[['zoo.example', '2'], ['moon.example', '2']]);
	assert.match(await it.must(['doctor']), /in order/);
});

test('what the former parent has made for a customer ends when an import moves it, to a reseller of the same file too', async () => {
	const { it, top } = await tree();
	// For each customer an invitation and a token by its reseller, and a token by the distributor.
	it.sql(`INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, role, invited_at, invited_by_tenant_id, invitation_hash)
		SELECT CONCAT('U', id), id, CONCAT(public_id, '@zoo.example'), 'X', 'Y', 'admin', NOW(), parent_id, UNHEX(SHA2(id, 256)) FROM tenant WHERE tier = 3;
		INSERT INTO api_token (public_id, tenant_id, name, scope, token_hash, made_at, maker_name, made_by_tenant_id, expires_at)
		SELECT CONCAT('K', c.id, m.tier), c.id, 'x', 'read', UNHEX(SHA2(CONCAT(c.id, m.tier), 256)), NOW(), 'X', m.id, '2099-01-01'
		FROM tenant c JOIN tenant m ON m.id IN (c.parent_id, c.distributor_id) WHERE c.tier = 3`);
	const run = await it.import(top, `${HEADER}Zoo,zoo.example,Customer,CZ,RN\r\nMoon,moon.example,Customer,CM,RB\r\nNew,new.example,Reseller,RN,\r\n`);
	assert.equal(run.status, 0, run.err);
	assert.deepEqual(it.sql(`SELECT t.public_id, p.public_id, u.invitation_hash IS NULL, GROUP_CONCAT(CONCAT(m.tier, k.ended_at IS NOT NULL, COALESCE(k.ended_why, '')) ORDER BY m.tier)
		FROM tenant t JOIN tenant p ON p.id = t.parent_id JOIN user_account u ON u.tenant_id = t.id JOIN api_token k ON k.tenant_id = t.id
		JOIN tenant m ON m.id = k.made_by_tenant_id WHERE t.public_id IN ('CZ', 'CM') GROUP BY t.id ORDER BY t.public_id`),
	[['CM', 'RB', '0', '10,20'], ['CZ', 'RN', '1', '10,21moved']]);
});

test('into a reseller go end customers alone, and only its own are known', async () => {
	const { it, top } = await tree();
	const run = await it.import('RA', `${HEADER}Ant,ant.example,,,\r\nZoo,zoo.example,Customer,CZ,RA\r\nAlpha,alpha.example,Reseller,RA,${top}\r\n`);
	assert.equal(run.status, 0, run.err);
	assert.deepEqual(names(it), ['Northwind Distribution', 'Alpha', 'Ant', 'ärger', 'Zoo', 'Beta', 'Moon']);
	const bad = await it.import('RA', `${HEADER}R,r.example,Reseller,,\r\nMoon,moon.example,Customer,CM,RB\r\nAlpha,alpha.example,Reseller,RA,RB\r\n`);
	assert.equal(bad.status, 1);
	assert.match(bad.err, /2:13: Tier: below a reseller there are customers alone/);
	assert.match(bad.err, /3:28: Customer ID: CM cannot be used here/);
	assert.match(bad.err, /3:31: Parent ID: there is no RB here/);
	assert.match(bad.err, /3:6: Domain: moon.example cannot be used here/);
	assert.match(bad.err, /4:33: Parent ID: the tenant of --into stays where it is/);
	assert.match(await it.must(['doctor']), /in order/);
});

test('an export is imported into itself without a change, and into an empty installation as it was', async () => {
	const it = await server.installation();
	await it.must(['demo', '--size', 'small']);
	const [[top]] = it.sql('SELECT public_id FROM tenant WHERE tier = 1 ORDER BY id LIMIT 1');
	const first = await it.must(['export', top]);
	const run = await it.import(top, first);
	assert.equal(run.status, 0, run.err);
	assert.match(run.out, / 0 tenants made, 0 changed, /);
	assert.equal(await it.must(['export', top]), first);

	const other = await server.installation();
	await other.must(['distributor', 'add', 'Northwind Distribution', '--domain', 'northwind.example', '--time-zone', 'UTC', '--id', top]);
	const there = await other.import(top, first);
	// A deleted customer keeps its ID and its domain, in the old installation alone.
	assert.equal(there.status, 0, there.err);
	const facts = (it_) => it_.sql('SELECT public_id, parent_public_id, tier, name, domain FROM tenant_list WHERE tree_pos >> 50 = 1 ORDER BY tree_pos');
	assert.deepEqual(facts(other), facts(it));
});

test('a few lines into a large tree give what many would', async () => {
	const it = await server.installation();
	await it.must(['demo', '--size', 'medium']);
	const [[top]] = it.sql('SELECT public_id FROM tenant WHERE id = 1');
	const rows = it.sql(`SELECT public_id, domain, parent_public_id FROM tenant_list WHERE tier = 3 AND tree_pos >> 50 = 1
		ORDER BY tree_pos LIMIT 3000`);
	const resellers = it.sql('SELECT public_id, domain FROM tenant_list WHERE tier = 2 AND tree_pos >> 50 = 1 ORDER BY tree_pos');
	const lines = [`"Aardvark & Co",aardvark.example,Reseller,NEWR,`];
	for (let i = 0; i < 40; i++) {
		const [id, , parent] = rows[i * 70];
		// Renamed, with the domain of the next one; every third to another reseller.
		lines.push(`Zebra ${i % 7} ${i},${rows[((i + 1) % 40) * 70][1]},Customer,${id},${i % 3 ? parent : i % 2 ? 'NEWR' : resellers[5][0]}`);
		lines.push(`Aaa ${i},aaa${i}.example,Customer,,${i % 2 ? 'NEWR' : resellers[i % 20][0]}`);
	}
	lines.push(`Zulu Cloud,${resellers[2][1]},Reseller,${resellers[2][0]},`);
	const few = await it.import(top, `${HEADER}${lines.join('\r\n')}\r\n`);
	assert.equal(few.status, 0, few.err);
	assert.match(few.out, /^82 lines: 41 tenants made, 41 changed, 0 as they were$/m);
	assert.match(await it.must(['doctor']), /in order/);
	assert.equal(names(it)[1], 'Aardvark & Co');
	assert.equal(it.sql('SELECT name FROM tenant_list WHERE tier = 2 AND tree_pos >> 50 = 1 ORDER BY tree_pos DESC LIMIT 1')[0][0], 'Zulu Cloud');
	const after = await it.must(['export', top]);
	assert.match((await it.import(top, after)).out, / 0 tenants made, 0 changed, /);
});

test('an export that cannot be written to its end is not a success', async () => {
	const it = await server.installation();
	await it.must(['demo', '--size', 'medium']);
	const full = await new Promise((done) => {
		const child = spawn(process.env.TENANTRY_BUILD ? `${process.env.TENANTRY_BUILD}/tenantry` : 'build/tenantry',
			['export', '-c', it.config], { stdio: ['ignore', fs.openSync('/dev/full', 'w'), 'pipe'] });
		child.once('exit', (code, signal) => done({ code, signal }));
	});
	assert.notEqual(full.code, 0);
	assert.equal((await it.run(['export', 'NOBODY'])).status, 1);
});

// The organisations of the IEEE's registers, once each.
const python = `
import csv, glob, sys
seen = []
for name in sorted(glob.glob('/usr/share/ieee-data/*.csv')):
    for row in csv.reader(open(name, encoding='utf-8', newline='')):
        if row[0] != 'Registry':
            seen.append(row[2])
out = csv.writer(sys.stdout, lineterminator='\\r\\n')
out.writerow(['Customer', 'Domain', 'Tier', 'Parent ID'])
for number, name in enumerate(seen):
    out.writerow([name, 'org%d.example' % number, 'Customer', 'RIEEE'])
`;
const pythonNames = `
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8', newline=''), strict=True))
print(json.dumps([[row['Customer'], row['Domain']] for row in rows if row['Tier'] == 'Customer']))
`;

test('the names of the IEEE registers come back unchanged', { skip: !fs.existsSync('/usr/share/ieee-data/oui.csv') }, async () => {
	const it = await server.installation();
	const top = await it.distributor();
	await it.import(top, `${HEADER}IEEE,ieee.example,Reseller,RIEEE,\r\n`);
	const source = execFileSync('python3', ['-c', python], { encoding: 'utf8', maxBuffer: 1 << 28 });
	// Some names have a TAB in them; those are refused by line.
	const bad = await it.import(top, source);
	assert.equal(bad.status, 1);
	const refused = new Set([...bad.err.matchAll(/import\.csv:(\d+):1: Customer: holds a control character/g)].map((match) => Number(match[1])));
	const lines = source.split('\r\n');
	assert.equal(refused.size, lines.filter((line) => line.includes('\t')).length);
	const run = await it.import(top, lines.filter((line, index) => !refused.has(index + 1)).join('\r\n'));
	assert.equal(run.status, 0, run.err);
	const made = Number(/ (\d+) tenants made/.exec(run.out)[1]);
	assert.ok(made > 30000, run.out);

	const file = it.file('export.csv', await it.must(['export', top]));
	const expected = new Map(JSON.parse(execFileSync('python3', ['-c', pythonNames,
		it.file('source.csv', lines.filter((line, index) => !refused.has(index + 1)).join('\r\n'))], { encoding: 'utf8', maxBuffer: 1 << 28 }))
		.map(([name, domain]) => [domain, name]));
	const check = (rows) => {
		assert.equal(rows.length, made);
		for (const [name, domain] of rows)
			assert.equal(name, expected.get(domain));
	};
	check(JSON.parse(execFileSync('python3', ['-c', pythonNames, file], { encoding: 'utf8', maxBuffer: 1 << 28 })));
	const { parse } = await import('csv-parse/sync');
	check(parse(fs.readFileSync(file), { columns: true, record_delimiter: '\r\n' }).filter((row) => row.Tier === 'Customer')
		.map((row) => [row.Customer, row.Domain]));

	const again = await it.import(top, fs.readFileSync(file));
	assert.equal(again.status, 0, again.err);
	assert.equal(await it.must(['export', top]), fs.readFileSync(file, 'utf8'));
	assert.match(await it.must(['doctor']), /in order/);
});
