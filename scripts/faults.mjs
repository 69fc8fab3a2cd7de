// npm run test:faults: nothing is lost and nothing is done twice, whatever happens on the way.
// In the short form, for npm test, with the argument --short; other arguments go on to jest.
import { randomInt } from 'node:crypto';

import { ensureInstalled, run } from './setup.mjs';
import { collectCounts } from './tables.mjs';

ensureInstalled();

const given = process.argv.slice(2);
const short = given.includes('--short');
const seed = Number(process.env.FAULT_SEED ?? randomInt(2 ** 31));
if (!Number.isSafeInteger(seed)) throw new TypeError('FAULT_SEED must be a whole number');

const counts = collectCounts();

console.log(`Fault suite, ${short ? 'short' : 'long'} form, seed ${seed}`);
const built = short ? 0 : run('node', ['scripts/build.mjs']);
const args = ['--selectProjects', 'faults', '--runInBand'];
const env = {
	...process.env,
	FAULT_FORM: short ? 'short' : 'long',
	FAULT_SEED: String(seed),
	...counts.env,
};
const status =
	built || run('jest', [...args, ...given.filter((one) => one !== '--short')], { env });

counts.print();
const again = short ? 'node scripts/faults.mjs --short' : 'npm run test:faults';
console.log(`\nThe same faults again: FAULT_SEED=${seed} ${again}`);
process.exitCode = status;
