// MODEL_OPERATIONS (300) random operations over the forms that change customers, users, contracts, billing sources, API tokens and accounts, and runs by the API, with eight at a time through
// nginx. After each hundred all that can be seen is what the model says. MODEL_SEED draws the same ones again.
import { test, before } from 'node:test';
import { strict as assert } from 'node:assert';
import { USERS, Client } from '../lib/http.mjs';
import { startInstance } from '../lib/instance.mjs';
import { compareAll } from './compare.mjs';
import { Game, seeded } from './game.mjs';
import { World } from './world.mjs';

const OPERATIONS = Number(process.env.MODEL_OPERATIONS ?? 300), SEED = Number(process.env.MODEL_SEED ?? Date.now() % 1e9);
const EACH = 100, DOCTOR = 1000;
let instance, game;

before(async () => {
	instance = await startInstance('model');
	const world = await World.read(instance), observers = [];
	for (const user of ['distributor', 'other']) {
		const root = world.ofUser(USERS[user]), client = await new Client(instance.url).login(USERS[user]);
		root.users.find(({ email }) => email === USERS[user]).kept = true;
		observers.push({ root, client });
	}
	game = new Game(world, instance, SEED, observers);
}, { timeout: 120000 });

async function doctor() {
	const result = await instance.dev(['tenantry', 'doctor']).catch((error) => error);
	assert.ok(!result.code, `tenantry doctor: ${result.stdout}${result.stderr}`);
}

test(`${OPERATIONS} random operations by eight clients leave what the model says (MODEL_SEED=${SEED})`, { timeout: 4 * 3600e3 }, async () => {
	const began = Date.now(), random = seeded(SEED + 1);
	let comparing = 0;
	for (let number = 1; number <= OPERATIONS; number++) {
		await game.operation(number);
		if (number % EACH !== 0 && number !== OPERATIONS)
			continue;
		await game.rest();
		const paused = Date.now();
		await compareAll({ world: game.world, instance, observers: game.observers, random }).catch((error) => {
			throw new Error(`after operation ${number}: ${error.message}`, { cause: error });
		});
		if (number % DOCTOR === 0 || number === OPERATIONS)
			await doctor();
		comparing += Date.now() - paused;
		if (number % (EACH * 10) === 0)
			console.log(`${number} operations, ${game.world.tenants.length} tenants, ${Math.round((Date.now() - began) / 1000)} s`);
	}
	const { counts, answers, races, world } = game, list = (object) => Object.entries(object).map(([name, count]) => `${name} ${count.all ? `${count.done} of ${count.all}` : count}`).join(', ');
	console.log(`${OPERATIONS} operations (${races} races) in ${Math.round((Date.now() - began - comparing) / 1000)} s, ${Math.round(comparing / 1000)} s of comparing; ${world.tenants.length} tenants, ${world.users.length} users
	done: ${list(counts)}\n	answers: ${list(answers)}`);
});

test('the log of the program has no error and no conflict that was given up', () => {
	const lines = instance.log().split('\n').filter((line) => (line.startsWith('{') ? JSON.parse(line).status >= 500 && !/^(login|invite|account-password)$/.test(JSON.parse(line).route) : /\b(error|crit|conflicts in a row)\b/i.test(line)));
	assert.deepEqual(lines.slice(0, 10), []);
});
