import { StateUnavailableError, StateUnusableError } from '../../../wecom/errors';
import { leadsElsewhere, refusalOf, toStateError } from '../../../wecom/state/redisRefusals';

const SERVER = { place: 'redis:6379', user: 'n8n', database: 3, keyPrefix: 'ours/' };

/** As ioredis makes it of what a server says. */
function reply(message: string, command?: string): Error {
	const error = new Error(message);
	error.name = 'ReplyError';
	return Object.assign(error, command ? { command: { name: command, args: ['a value'] } } : {});
}

// As Redis 5, 6, 7.0, 7.2 and Valkey word it.
describe.each([
	["READONLY You can't write against a read only replica.", 'READONLY'],
	[
		"READONLY You can't write against a read only replica. script: 1f2e, on @user_script:1.",
		'READONLY',
	],
	[
		"ERR Error running script (call to f_1f2e): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica. ",
		'READONLY',
	],
	['LOADING Redis is loading the dataset in memory', 'LOADING'],
	[
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
		'MASTERDOWN',
	],
	['NOREPLICAS Not enough good replicas to write.', 'NOREPLICAS'],
])('the refusal %j', (message, code) => {
	it('sends the command to another server, and is told by its code', () => {
		expect(leadsElsewhere(reply(message))).toBe(true);
		const error = toStateError(reply(message), SERVER, 'ours/fact/key');
		expect(error).not.toBeInstanceOf(StateUnusableError);
		expect(error).toMatchObject({ reason: code });
	});
});

describe.each([
	["NOPERM this user has no permissions to run the 'eval' command or its subcommand", '+eval'],
	["NOPERM this user has no permissions to run the 'eval' command", '+eval'],
	["NOPERM User n8n has no permissions to run the 'select' command", '+select'],
	[
		"NOPERM ACL failure in script: User n8n has no permissions to run the 'del' command script: 1f2e, on @user_script:1.",
		'+del',
	],
	[
		"ERR The user executing the script can't run this command or subcommand script: 1f2e, on @user_script:1.",
		'+get +set +del',
	],
	[
		"ERR Error running script (call to f_1f2e): @user_script:1: @user_script: 1: -NOPERM The user executing the script can't run this command or subcommand ",
		'+get +set +del',
	],
	['NOPERM this user has no permissions to access one of the keys used as arguments', '~ours/*'],
	['NOPERM No permissions to access a key', '~ours/*'],
	[
		"ERR The user executing the script can't access at least one of the keys mentioned in the command arguments script: 1f2e, on @user_script:1.",
		'~ours/*',
	],
])('the refusal %j', (message, rule) => {
	it('names the right and how to give it', () => {
		expect(leadsElsewhere(reply(message))).toBe(false);
		const error = toStateError(reply(message), SERVER, 'ours/fact/key');
		expect(error).toBeInstanceOf(StateUnusableError);
		expect(error).toMatchObject({
			reason: 'NOPERM',
			hint: `Give it the right: ACL SETUSER n8n ${rule}`,
		});
	});
});

describe.each([
	['MOVED 15495 10.0.0.7:6379', 'get', 'Cluster'],
	['CLUSTERDOWN Hash slot not served', 'set', 'Cluster'],
	["CROSSSLOT Keys in request don't hash to the same slot", 'eval', 'Cluster'],
	['ERR SELECT is not allowed in cluster mode', 'select', 'Cluster'],
	["ERR unknown command 'GET', with args beginning with: 'ours/fact/key' 'a value' ", 'get', 'GET'],
	['ERR unknown command `EVAL`, with args beginning with: ', 'eval', 'EVAL'],
	['ERR DB index is out of range', 'select', 'no database 3'],
	['ERR invalid DB index', 'select', 'no database 3'],
	['WRONGTYPE Operation against a key holding the wrong kind of value', 'get', '"ours/fact/key"'],
])('the refusal %j', (message, command, words) => {
	it('says what is wrong, and no value', () => {
		const error = toStateError(reply(message, command), SERVER, 'ours/fact/key');
		expect(error).toBeInstanceOf(StateUnusableError);
		expect(error.message).toContain(words);
		expect(error.message + error.hint).not.toContain('a value');
	});
});

it('an error that is none of Redis is no refusal', () => {
	const error = new Error('READONLY, or so it says');
	expect(refusalOf(error)).toBeUndefined();
	expect(leadsElsewhere(error)).toBe(false);
});

it('another refusal is told by its code', () => {
	const error = toStateError(reply('OOM command not allowed'), SERVER, 'ours/fact/key');
	expect(error).toBeInstanceOf(StateUnavailableError);
	expect(error.message).toContain('OOM: its memory is full');
	expect(toStateError(reply('BUSY Redis is busy'), SERVER, '').message).toContain('(BUSY)');
});
