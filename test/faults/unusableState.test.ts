import Redis from 'ioredis';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { StateUnusableError } from '../../wecom/errors';
import {
	checkRedis,
	closeRedisConnections,
	makeRedisState,
	type RedisSettings,
} from '../../wecom/state/redisState';
import { Engine } from '../engine/harness';
import { getAll } from '../engine/support';
import { callbackOf } from '../support/callback';
import { failureOf } from '../unit/support/server';
import { post } from './post';
import { endPrograms } from './program';
import { RedisServer } from './redisServer';
import { seeded } from './sizes';
import { startTcpProxy } from './tcpProxy';

const MINUTE = 60_000;
/** No wait of ours is as short: for a claim of somebody else, for the end of a lock. */
const AT_ONCE_MS = 3000;
const random = seeded('unusable state');

let redis: RedisServer;
let admin: Redis;
let wecom: Simulator;

beforeAll(async () => {
	redis = await RedisServer.start(random);
	const { port, password } = redis.credential;
	admin = new Redis({ port: Number(port), password: String(password) });
	wecom = await startSimulator({ messageCount: 40 });
}, 60_000);

afterAll(async () => {
	closeRedisConnections();
	admin.disconnect();
	await redis.stop();
	await endPrograms();
	await wecom.stop();
});

type Settings = Partial<RedisSettings>;

const settings = (more: Settings = {}): RedisSettings => ({
	...(redis.credential as unknown as RedisSettings),
	keyPrefix: `${random.text(8)}/`,
	...more,
});

/** A user with these rules alone. */
async function userWith(...rules: string[]): Promise<Settings> {
	const [user, password] = [random.text(8), random.text(16)];
	await admin.call('ACL', 'SETUSER', user, 'on', `>${password}`, ...rules);
	return { user, password };
}

async function engineWith(state: RedisSettings, Loaded = Engine): Promise<Engine> {
	const wecomStateApi = state as unknown as Record<string, string>;
	return await Loaded.load({ ...credentialsFor(wecom), wecomStateApi });
}

/** As in another process: nothing in memory. */
async function freshEngineWith(state: RedisSettings): Promise<Engine> {
	jest.resetModules();
	const fresh = jest.requireActual<{ Engine: typeof Engine }>('../engine/harness');
	return await engineWith(state, fresh.Engine);
}

async function testCredential(state: RedisSettings) {
	const engine = await engineWith(state);
	const data = state as unknown as Record<string, string>;
	return await engine.testCredential('wecomChatArchive', 'wecomStateApiTest', data);
}

const pull = (limit: number) =>
	getAll({
		stateStore: 'redis',
		returnAll: false,
		limit,
		options: { rememberPosition: true },
	});

const ofState = (hints: string[]) => hints.filter((hint) => hint.includes('shared state'));

/** Pulls twice from the remembered position. @returns what both said about the state */
async function pullTwice(state: RedisSettings): Promise<string[]> {
	const engine = await freshEngineWith(state);
	const startedAt = Date.now();
	const runs = [];
	for (let run = 0; run < 2; run++) runs.push(await engine.runNode('wecomChatArchive', pull(5)));
	expect(Date.now() - startedAt).toBeLessThan(2 * AT_ONCE_MS);
	expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
	const seqs = runs.flatMap(({ json }) => json.map(({ seq }) => seq));
	expect(seqs).toEqual(wecom.truth.slice(0, 10).map(({ seq }) => Number(seq)));
	const said = runs.map(({ hints }) => ofState(hints));
	expect(said.filter((hints) => hints.length === 0)).toEqual([]);
	return said.flat();
}

/**
 * Sends the trigger a new event, as often as said.
 *
 * @param before what happens to Redis before, and which key the delivery will have
 * @returns how often it was executed
 */
async function callBack(
	state: RedisSettings,
	times: number,
	before: (key: string) => Promise<unknown> = async () => await Promise.resolve(),
): Promise<number> {
	const engine = await engineWith(state);
	const parameters = { stateStore: 'redis', events: ['*'], options: {} };
	const node = engine.nodeJson('wecomDataTrigger', parameters, { name: 'Trigger' });
	const workflow = engine.workflow({ nodes: [node], connections: {} });
	let executions = 0;
	const serving = await engine.serveWebhooks(workflow, 'Trigger', () => void executions++);
	const { token, encodingAesKey, suiteId: receiveId } = wecom.callback;
	const fields = { Mark: random.text(20) };
	const { plaintext } = wecom.buildCallback({ event: 'change_auth', fields });
	for (let time = 0; time < times; time++) {
		const { query, body } = callbackOf(plaintext, { token, encodingAesKey, receiveId });
		await before(
			`${state.keyPrefix}event/${workflow.id}/${node.id}/delivery/${query.msg_signature}`,
		);
		const request = { query: Object.entries(query), body, contentType: 'text/xml' };
		const startedAt = Date.now();
		expect(await post(serving.url, request)).toEqual({ status: 200, body: 'success' });
		expect(Date.now() - startedAt).toBeLessThan(AT_ONCE_MS);
	}
	await serving.settled();
	await serving.close();
	return executions;
}

describe('a user of Redis that lacks a right', () => {
	const ALL = ['+get', '+set', '+eval', '+del'];
	const without = (right: string) => ALL.filter((one) => one !== right);

	it('needs no others: those of the pages are enough for everything', async () => {
		for (const database of [0, 1]) {
			const state = settings({ database });
			const select = database ? ['+select'] : [];
			const user = await userWith(`~${state.keyPrefix}*`, ...ALL, ...select);
			await checkRedis({ ...state, ...user });
			const engine = await freshEngineWith({ ...state, ...user });
			for (let run = 0; run < 2; run++) {
				const { hints, error } = await engine.runNode('wecomChatArchive', pull(5));
				expect([error, ofState(hints)]).toEqual([undefined, []]);
			}
			expect(await callBack({ ...state, ...user }, 3)).toBe(1);
		}
	});

	it.each([
		['EVAL', '+eval'],
		['SET', '+set'],
		['GET', '+get'],
		['DEL', '+del'],
	])('is found by the test of the credential: %s', async (command, right) => {
		const state = settings();
		const user = await userWith(`~${state.keyPrefix}*`, ...without(right));
		const { status, message } = await testCredential({ ...state, ...user });
		expect(status).toBe('Error');
		expect(message).toMatch(new RegExp(`its user "${user.user}" may not run .*${command}`));
		expect(message).toMatch(new RegExp(`ACL SETUSER ${user.user} .*\\${right}`));
		expect(message).not.toContain(user.password);
	});

	it('is found by the test of the credential: SELECT', async () => {
		const state = settings({ database: 2 });
		const user = await userWith(`~${state.keyPrefix}*`, ...ALL);
		const { message } = await testCredential({ ...state, ...user });
		expect(message).toContain(`ACL SETUSER ${user.user} +select`);
	});

	it('is found by the test of the credential: all keys, or those of one kind', async () => {
		for (const rest of ['another/*', '/event/*']) {
			const state = settings();
			const pattern = rest.startsWith('/') ? `${state.keyPrefix?.slice(0, -1)}${rest}` : rest;
			const user = await userWith(`~${pattern}`, ...ALL);
			const { status, message } = await testCredential({ ...state, ...user });
			expect(status).toBe('Error');
			expect(message).toContain(`may not use the keys "${state.keyPrefix}*"`);
			expect(message).toContain(`ACL SETUSER ${user.user} ~${state.keyPrefix}*`);
		}
	});

	it.each([
		['EVAL', '+eval'],
		['SET', '+set'],
		['DEL', '+del'],
	])('%s is told by a pull, which goes on without waiting', async (command, right) => {
		const state = settings();
		const user = await userWith(`~${state.keyPrefix}*`, ...without(right));
		const hints = await pullTwice({ ...state, ...user });
		expect(hints.join()).toMatch(new RegExp(`may not run .*${command}`));
	});

	it('also when it loses the right while n8n runs', async () => {
		const state = settings();
		const user = await userWith(`~${state.keyPrefix}*`, ...ALL);
		const engine = await freshEngineWith({ ...state, ...user });
		const run = async () => ofState((await engine.runNode('wecomChatArchive', pull(2))).hints);
		expect(await run()).toEqual([]);
		await admin.call('ACL', 'SETUSER', String(user.user), '-eval');
		const startedAt = Date.now();
		const said = [...(await run()), ...(await run()), ...(await run())];
		expect(said).toContainEqual(expect.stringContaining('may not run EVAL'));
		expect(Date.now() - startedAt).toBeLessThan(2 * AT_ONCE_MS);
	});

	it.each(['+eval', '+set', '+get'])('loses no event without %s', async (right) => {
		const state = settings();
		const user = await userWith(`~${state.keyPrefix}*`, ...without(right));
		expect(await callBack({ ...state, ...user }, 3)).toBe(1);
	});
});

it('a Redis that fails over keeps no event waiting, not even for its second try', async () => {
	const other = await RedisServer.start(random);
	const { port, password } = other.credential;
	const otherAdmin = new Redis({ port: Number(port), password: String(password) });
	const user = await userWith('~*', '+@all');
	await otherAdmin.call(
		'ACL',
		'SETUSER',
		String(user.user),
		'on',
		`>${user.password}`,
		'~*',
		'+@all',
	);
	const proxy = await startTcpProxy(Number(redis.credential.port));
	const state = settings({ ...user, port: proxy.port });
	let deliveries = 0;
	const failOver = async () => {
		if (++deliveries !== 2) return;
		await admin.replicaof('127.0.0.1', String(port));
		proxy.leadTo(Number(port));
	};
	expect(await callBack(state, 1)).toBe(1);
	expect(await callBack(state, 3, failOver)).toBe(1);
	expect(await callBack(state, 1)).toBe(1);
	expect((await otherAdmin.keys(`${state.keyPrefix}event/*`)).length).toBeGreaterThan(0);
	expect(proxy.connections).toBe(2);
	await admin.replicaof('NO', 'ONE');
	otherAdmin.disconnect();
	await proxy.close();
	await other.stop();
}, 60_000);

describe('a database that the Redis lacks', () => {
	const wrong = () => settings({ database: 77 });

	it('is found by the test of the credential, and nothing goes into another one', async () => {
		const state = wrong();
		const { status, message } = await testCredential(state);
		expect(status).toBe('Error');
		expect(message).toContain('it has no database 77');
		expect(message).toContain('Database Number');
		const error = await failureOf(makeRedisState(state).facts.set('key', 'value', MINUTE));
		expect(error).toBeInstanceOf(StateUnusableError);
		expect(await admin.keys(`${state.keyPrefix}*`)).toEqual([]);
	});

	it('is told by a pull, which goes on', async () => {
		const hints = await pullTwice(wrong());
		expect(hints).toContainEqual(expect.stringContaining('it has no database 77'));
	});

	it('loses no event', async () => {
		expect(await callBack(wrong(), 2)).toBe(1);
	});

	it('is no hindrance when it is there', async () => {
		const state = settings({ database: 5 });
		await checkRedis(state);
		await makeRedisState(state).facts.set('key', 'value', MINUTE);
		expect(await admin.keys(`${state.keyPrefix}*`)).toEqual([]);
		expect(await makeRedisState({ ...state }).facts.get('key')).toBe('value');
	});
});

describe.each(['cluster', 'sentinel'] as const)('a Redis that is a %s', (mode) => {
	const Mode = mode === 'cluster' ? 'Cluster' : 'Sentinel';
	let other: RedisServer;

	beforeAll(async () => {
		other = await RedisServer.start(random, undefined, mode);
	}, 60_000);
	afterAll(async () => await other.stop());

	const its = (more: Settings = {}) => ({
		...settings(),
		...(other.credential as unknown as RedisSettings),
		...more,
	});

	it('is called by its name', async () => {
		for (const database of [0, 1]) {
			const { status, message } = await testCredential(its({ database }));
			expect(status).toBe('Error');
			expect(message).toContain(Mode);
			expect(message).toContain('Sentinel and Cluster are not supported');
		}
	});

	it('is told by a pull, which goes on', async () => {
		expect(await pullTwice(its())).toContainEqual(expect.stringContaining(Mode));
	});

	it('loses no event', async () => {
		expect(await callBack(its(), 2)).toBe(1);
	});
});

it('one of a Cluster that takes all keys is refused as well: others may join it', async () => {
	const alone = await RedisServer.start(random, undefined, 'cluster');
	const { port, password } = alone.credential;
	const client = new Redis({ port: Number(port), password: String(password) });
	await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
	client.disconnect();
	const error = await failureOf(checkRedis(alone.credential as unknown as RedisSettings));
	expect((error as Error).message).toContain('it is a Redis Cluster');
	await alone.stop();
});

describe("another writer's text under our keys", () => {
	/** Pulls once, and writes over the keys of this kind that it left. */
	async function overwritten(write: (key: string) => Promise<unknown>, kind: string) {
		const state = settings();
		const engine = await freshEngineWith(state);
		const { error, hints } = await engine.runNode('wecomChatArchive', pull(1));
		expect([error, ofState(hints)]).toEqual([undefined, []]);
		const keys = await admin.keys(`${state.keyPrefix}${kind}/*`);
		expect(keys.length).toBeGreaterThan(0);
		for (const key of keys) {
			await admin.del(key);
			await write(key);
		}
		return state;
	}

	type Writer = [what: string, write: (key: string) => Promise<unknown>];
	const WRITERS: Writer[] = [
		['a text', async (key) => await admin.set(key, 'hello of another program')],
		['JSON of another form', async (key) => await admin.set(key, '{"seq":{"low":3},"taken":7}')],
		['nothing', async (key) => await admin.set(key, '')],
		['a list', async (key) => await admin.rpush(key, 'hello of another program')],
		['a hash', async (key) => await admin.hset(key, 'field', 'hello of another program')],
	];

	const [TEXT, , , LIST] = WRITERS as [Writer, Writer, Writer, Writer];

	it.each(WRITERS)('is told by a pull, with the key: %s', async (_what, write) => {
		const state = await overwritten(write, 'fact/position');
		const hints = await pullTwice(state);
		expect(hints).toContainEqual(expect.stringContaining('position/'));
		expect(hints.join()).toContain('this package did not write');
		expect(hints.join()).not.toContain('hello of another program');
	});

	it.each([TEXT, LIST])('does not keep a token from being fetched: %s', async (_what, write) => {
		const state = await overwritten(write, 'secret/token');
		const engine = await freshEngineWith(state);
		const { json, hints, error } = await engine.runNode('wecomChatArchive', pull(3));
		expect(error).toBeUndefined();
		expect(json).toHaveLength(3);
		expect(ofState(hints).join()).toContain('token/');
	});

	it.each([TEXT, LIST])('holds up no lock: %s', async (_what, write) => {
		const locked = async (position: string) =>
			await write(position.replace('/fact/', '/fact/lock/'));
		const state = await overwritten(locked, 'fact/position');
		expect((await pullTwice(state)).join()).toContain('lock/position/');
	});

	it.each([TEXT, LIST])('keeps no range from others: %s', async (_what, write) => {
		const locked = async (taken: string) => await write(taken.replace('/fact/', '/fact/lock/'));
		const state = await overwritten(locked, 'fact/taken');
		expect((await pullTwice(state)).join()).toContain('lock/taken/');
	});

	it.each(WRITERS)('loses no event: %s', async (_what, write) => {
		expect(await callBack(settings(), 2, write)).toBe(1);
	});
});
