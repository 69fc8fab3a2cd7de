import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import Redis from 'ioredis';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { InvalidInputError, StateUnavailableError } from '../../wecom/errors';
import {
	closeRedisConnections,
	makeRedisState,
	type RedisSettings,
} from '../../wecom/state/redisState';
import type { StateStore } from '../../wecom/state/stateStore';
import type { Engine } from '../engine/harness';
import { getAll } from '../engine/support';
import { failureOf, until } from '../unit/support/server';
import { makeCertificate } from './certificate';
import { endPrograms, Program } from './program';
import type { Outcome } from './programs/nodes';
import { RedisServer } from './redisServer';
import { seeded } from './sizes';
import { startTcpProxy, type TcpProxy } from './tcpProxy';

const MINUTE = 60_000;
const random = seeded('state');
const folder = mkdtempSync(join(tmpdir(), 'wecom-data-state-'));

let redis: RedisServer;

beforeAll(async () => {
	redis = await RedisServer.start(random);
}, 60_000);

afterAll(async () => {
	closeRedisConnections();
	await redis.stop();
	await endPrograms();
	rmSync(folder, { recursive: true });
});

const settings = (more: Partial<RedisSettings> = {}): RedisSettings => ({
	...(redis.credential as unknown as RedisSettings),
	keyPrefix: `${random.text(8)}/`,
	...more,
});

describe('a state in Redis', () => {
	it('keeps a key for longer, and sets another one, only for who still has it', async () => {
		const { facts } = makeRedisState(settings());
		await facts.add('lock', 'mine', 200);
		const held = (value: string) => ({ key: 'lock', value });
		expect(await facts.extendIf('lock', 'theirs', MINUTE)).toBe(false);
		expect(await facts.extendIf('lock', 'mine', MINUTE)).toBe(true);
		await setTimeout(250);
		expect(await facts.get('lock')).toBe('mine');
		expect(await facts.setWhile(held('mine'), 'place', '企业微信', 50)).toBe(true);
		expect(await facts.setWhile(held('theirs'), 'place', 'other', MINUTE)).toBe(false);
		expect(await facts.get('place')).toBe('企业微信');
		await setTimeout(80);
		expect(await facts.get('place')).toBeUndefined();
		await facts.deleteIf('lock', 'mine');
		expect(await facts.extendIf('lock', 'mine', MINUTE)).toBe(false);
		expect(await facts.setWhile(held('mine'), 'place', 'late', MINUTE)).toBe(false);
	});

	it('gives back what was set, also to another process, until its time is over', async () => {
		const shared = settings();
		const [one, other] = [makeRedisState(shared), makeRedisState({ ...shared })];
		for (const area of ['events', 'facts', 'secrets'] as const) {
			await one[area].set('key', `企业微信 ${area}`, MINUTE);
			expect(await other[area].get('key')).toBe(`企业微信 ${area}`);
		}
		expect(await one.facts.get('nothing')).toBeUndefined();
		await one.facts.set('short', 'value', 30);
		await setTimeout(60);
		expect(await one.facts.get('short')).toBeUndefined();
	});

	it('lets one of many add a key', async () => {
		const { events } = makeRedisState(settings());
		const adding = Array.from(
			{ length: 50 },
			async (_, n) => await events.add('k', `${n}`, MINUTE),
		);
		expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(1);
	});

	it('removes a key only from whoever holds it', async () => {
		const { facts } = makeRedisState(settings());
		await facts.set('lock', 'mine', MINUTE);
		await facts.deleteIf('lock', 'yours');
		expect(await facts.get('lock')).toBe('mine');
		await facts.deleteIf('lock', 'mine');
		expect(await facts.get('lock')).toBeUndefined();
	});

	it('keeps secrets unreadable, and from those with another key or prefix', async () => {
		const shared = settings();
		await makeRedisState(shared).secrets.set('token', 'a token nobody may read', MINUTE);
		expect(redis.content()).not.toContain('a token nobody may read');
		for (const other of [{ encryptionKey: 'another long key' }, { keyPrefix: 'another/' }]) {
			const { secrets } = makeRedisState({ ...shared, ...other });
			expect(await secrets.get('token')).toBeUndefined();
		}
	});

	it.each<[string, Partial<RedisSettings>]>([
		['host', { host: ' ' }],
		['port', { port: 0 }],
		['port', { port: 70_000 }],
		['database', { database: -1 }],
		['encryptionKey', { encryptionKey: 'short' }],
	])('is refused for its %s before it connects', (field, wrong) => {
		const make = () => makeRedisState(settings(wrong));
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(expect.objectContaining({ field }));
	});

	it.each<[string, Partial<RedisSettings>, RegExp]>([
		['a wrong password', { password: 'not the password' }, /WRONGPASS|NOAUTH/],
		['a port where nobody is', { port: 1 }, /ECONNREFUSED/],
	])('that cannot be used says so with %s, and nothing of it', async (_what, wrong, reason) => {
		const error = await failureOf(makeRedisState(settings(wrong)).facts.get('key'));
		expect(error).toBeInstanceOf(StateUnavailableError);
		expect((error as StateUnavailableError).reason).toMatch(reason);
		const everything = JSON.stringify([error, (error as Error).message, (error as Error).stack]);
		expect(everything).not.toContain('not the password');
	});
});

describe('a connection to Redis', () => {
	let proxy: TcpProxy;
	let facts: StateStore;

	beforeEach(async () => {
		proxy = await startTcpProxy(Number(redis.credential.port));
		({ facts } = makeRedisState(settings({ port: proxy.port })));
	});
	afterEach(async () => await proxy.close());

	it('that went dead without a word is replaced within seconds', async () => {
		await facts.set('key', 'value', MINUTE);
		proxy.goBlack();
		const deadSince = Date.now();
		const failures: unknown[] = [];
		for (;;) {
			try {
				expect(await facts.get('key')).toBe('value');
				break;
			} catch (error) {
				expect(error).toBeInstanceOf(StateUnavailableError);
				failures.push((error as StateUnavailableError).reason);
			}
			expect(Date.now() - deadSince).toBeLessThan(10_000);
		}
		expect(Date.now() - deadSince).toBeLessThan(6000);
		expect(new Set(failures)).toEqual(new Set(['ETIMEDOUT']));
		expect(proxy.connections).toBe(2);
		// Also for all who come at the same moment, and a second time.
		proxy.goBlack();
		const askAtOnce = async () =>
			await Promise.allSettled(Array.from({ length: 20 }, async () => await facts.get('key')));
		await askAtOnce();
		await askAtOnce();
		const answers = await askAtOnce();
		expect(answers).toEqual(answers.map(() => ({ status: 'fulfilled', value: 'value' })));
		expect(proxy.connections).toBe(3);
	}, 60_000);

	describe('whose server is no longer the one that writes', () => {
		const SHARED_USER = { user: 'n8n', password: random.text(32) };
		let other: RedisServer;
		let admins: [Redis, Redis];

		beforeAll(async () => {
			other = await RedisServer.start(random);
			const adminOf = ({ credential: { port, password } }: RedisServer) =>
				new Redis({ port: Number(port), password: String(password) });
			admins = [adminOf(redis), adminOf(other)];
			const { user, password } = SHARED_USER;
			for (const admin of admins) {
				await admin.call('ACL', 'SETUSER', user, 'on', `>${password}`, '~*', '+@all');
			}
		}, 60_000);
		beforeEach(() => {
			({ facts } = makeRedisState(settings({ port: proxy.port, ...SHARED_USER })));
		});
		afterEach(async () => {
			await admins[0].replicaof('NO', 'ONE');
			await admins[0].config('SET', 'replica-serve-stale-data', 'yes');
			await admins[0].config('SET', 'min-replicas-to-write', '0');
		});
		afterAll(async () => {
			for (const admin of admins) admin.disconnect();
			await other.stop();
		});

		/** As in a failover: new connections lead to the new primary, the kept one stays where it is. */
		const failOver = async () => {
			await admins[0].replicaof('127.0.0.1', String(other.credential.port));
			proxy.leadTo(Number(other.credential.port));
		};

		const COMMANDS: Array<[string, () => Promise<unknown>]> = [
			['set', async () => await facts.set('key', 'value', MINUTE)],
			['add', async () => await facts.add('another key', 'value', MINUTE)],
			['deleteIf', async () => await facts.deleteIf('key', 'value')],
		];

		it.each(COMMANDS)('is given up, and the same %s reaches the new primary', async (_, run) => {
			await facts.set('key', 'value', MINUTE);
			await failOver();
			await run();
			await facts.set('key', 'new', MINUTE);
			expect(await facts.get('key')).toBe('new');
			expect(proxy.connections).toBe(2);
		});

		it('is given up once for all who come at the same moment', async () => {
			await facts.set('key', 'value', MINUTE);
			await failOver();
			const adding = Array.from(
				{ length: 50 },
				async (_, n) => await facts.add('k', `${n}`, MINUTE),
			);
			expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(1);
			expect(proxy.connections).toBe(2);
		});

		it.each([
			['MASTERDOWN', 'replica-serve-stale-data', 'no'],
			['NOREPLICAS', 'min-replicas-to-write', '1'],
		])('is given up with %s as well', async (code, setting, value) => {
			await facts.set('key', 'value', MINUTE);
			if (code === 'MASTERDOWN') await admins[0].replicaof('127.0.0.1', '1');
			await admins[0].config('SET', setting, value);
			const ask = code === 'MASTERDOWN' ? facts.get('key') : facts.add('after', 'value', MINUTE);
			expect(await failureOf(ask)).toMatchObject({ reason: code });
			proxy.leadTo(Number(other.credential.port));
			await facts.set('key', 'new', MINUTE);
			expect(await facts.get('key')).toBe('new');
		});

		it('is given up with LOADING as well', async () => {
			await facts.set('key', 'value', MINUTE);
			// Reads what the new primary sends it as slowly as if it were much.
			const large = Array.from({ length: 60 }, (_, n) => [`large ${n}`, random.text(2048)]);
			await admins[1].mset(Object.fromEntries(large));
			await admins[0].config('SET', 'masterauth', String(other.credential.password));
			await admins[0].config('SET', 'key-load-delay', '50000');
			await admins[0].config('SET', 'loading-process-events-interval-bytes', '1024');
			await failOver();
			const answers = async (isLoading: boolean) => {
				for (let waited = 0; waited < 20_000; waited += 20) {
					const answer = await admins[0].get('key').catch(({ message }) => String(message));
					if ((answer ?? '').startsWith('LOADING') === isLoading) return;
					await setTimeout(20);
				}
				throw new Error('It has not begun, or not ended');
			};
			await answers(true);
			await facts.set('key', 'new', MINUTE);
			expect(await facts.get('key')).toBe('new');
			await answers(false);
			await admins[0].config('SET', 'key-load-delay', '0');
		}, 60_000);

		it('says so while the address leads nowhere else', async () => {
			await facts.set('key', 'value', MINUTE);
			await admins[0].replicaof('127.0.0.1', String(other.credential.port));
			const error = await failureOf(facts.set('key', 'value', MINUTE));
			expect(error).toBeInstanceOf(StateUnavailableError);
			expect((error as Error).message).toContain('READONLY: it is a replica');
			await admins[0].replicaof('NO', 'ONE');
			await facts.set('key', 'value', MINUTE);
		});
	});

	it('that works is kept, used or not', async () => {
		await facts.set('key', 'value', MINUTE);
		await setTimeout(7000);
		for (let use = 0; use < 80; use++) {
			expect(await facts.get('key')).toBe('value');
			await setTimeout(50);
		}
		expect(proxy.connections).toBe(1);
	}, 30_000);
});

describe('a node with its state in Redis', () => {
	let wecom: Simulator;

	beforeAll(async () => {
		wecom = await startSimulator({ messageCount: 10 });
	});

	afterAll(async () => {
		await wecom.stop();
	});

	/** As in another process: nothing in memory. */
	async function engineWith(more: Partial<RedisSettings> = {}): Promise<Engine> {
		jest.resetModules();
		const fresh = jest.requireActual<{ Engine: typeof Engine }>('../engine/harness');
		return await fresh.Engine.load({
			...credentialsFor(wecom),
			wecomStateApi: { ...redis.credential, ...more } as Record<string, string>,
		});
	}

	it('goes on with what its own process knows while Redis is away, and says so', async () => {
		const engine = await engineWith({ port: 1 });
		const parameters = getAll({ returnAll: false, limit: 2, stateStore: 'redis' });
		const { json, hints, error } = await engine.runNode('wecomChatArchive', parameters);
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
		expect(hints).toEqual(
			expect.arrayContaining([expect.stringContaining('shared state could not be reached')]),
		);
	});

	it('reaches it with TLS, as a user of its own, in another database; without trust it says so', async () => {
		const certificate = makeCertificate();
		const strict = await RedisServer.start(random, { user: 'n8n', certificate });
		const trusted = join(folder, 'trusted.pem');
		writeFileSync(trusted, certificate.cert);
		const hintsWith = async (environment: NodeJS.ProcessEnv, more: object = {}) => {
			const program = Program.start('nodes', environment);
			const wecomStateApi = { ...strict.credential, ...more };
			await program.ask('load', { ...credentialsFor(wecom), wecomStateApi });
			const parameters = getAll({ returnAll: false, limit: 1, stateStore: 'redis' });
			const call = { node: 'wecomChatArchive', parameters };
			const [outcome] = await program.ask<Outcome[]>('call', call);
			expect(await program.stop()).toEqual({ code: 0, signal: null });
			expect(outcome?.error).toBeUndefined();
			return outcome?.hints.filter((hint) => hint.includes('could not be reached'));
		};
		const trusting = { NODE_EXTRA_CA_CERTS: trusted };
		expect(await hintsWith(trusting)).toEqual([]);
		expect(await hintsWith({})).toEqual([expect.stringContaining('SELF_SIGNED')]);
		expect(await hintsWith(trusting, { user: 'nobody' })).toEqual([
			expect.stringContaining('WRONGPASS'),
		]);
		expect(await hintsWith(trusting, { keyPrefix: 'not mine/' })).toEqual([
			expect.stringContaining('NOPERM'),
		]);
		await strict.stop();
	}, 60_000);

	it('hands a message out once, whichever process remembers the position', async () => {
		const keyPrefix = `${random.text(8)}/`;
		const parameters = getAll({
			stateStore: 'redis',
			returnAll: false,
			limit: 4,
			options: { rememberPosition: true },
		});
		const seqs: unknown[] = [];
		for (let process = 0; process < 3; process++) {
			const { json, error } = await (
				await engineWith({ keyPrefix })
			).runNode('wecomChatArchive', parameters);
			expect(error).toBeUndefined();
			seqs.push(...json.map(({ seq }) => seq));
		}
		expect(seqs).toEqual(wecom.truth.map(({ seq }) => Number(seq)));
	});

	it.each([
		['the only', 1],
		['the second', 2],
	])(
		'brings nothing twice when a worker stands still in %s pull for longer than its turn lasts',
		async (_which, items) => {
			const wecomStateApi = { ...redis.credential, keyPrefix: `${random.text(8)}/` };
			const parameters = getAll({ stateStore: 'redis', options: { rememberPosition: true } });
			const workers = await Promise.all(
				[1, 2].map(async () => {
					const worker = Program.start('nodes');
					await worker.ask('load', { ...credentialsFor(wecom), wecomStateApi });
					return worker;
				}),
			);
			const pull = async (worker: Program | undefined) => {
				const call = { node: 'wecomChatArchive', parameters, items };
				const [outcome] = (await worker?.ask<Outcome[]>('call', call)) ?? [];
				expect(outcome?.error).toBeUndefined();
				return outcome?.json.map(({ seq }) => seq);
			};
			const [still, other] = workers;
			const before = wecom.requests.length;
			const path = '/msgaudit/get_chat_data';
			// A pull asks until there is no more: twice.
			const good = (items - 1) * 2;
			wecom.faults.add({ path, kind: 'slow', delayMs: 2000, skip: good });
			const standing = pull(still);
			const asked = () =>
				wecom.requests.slice(before).filter((request) => request.path.endsWith(path));
			await until(() => asked().length > good);
			still?.signal('SIGSTOP');
			// It waits for the turn of the one that stands still, until that is over.
			expect(await pull(other)).toEqual(wecom.truth.map(({ seq }) => Number(seq)));
			still?.signal('SIGCONT');
			expect(await standing).toEqual([]);
			for (const worker of workers) expect(await worker.stop()).toEqual({ code: 0, signal: null });
		},
		60_000,
	);

	it('has a credential whose test writes and reads back', async () => {
		const engine = await engineWith();
		const test = async (more: object) =>
			await engine.testCredential('wecomChatArchive', 'wecomStateApiTest', {
				...redis.credential,
				...more,
			});
		expect(await test({})).toEqual({
			status: 'OK',
			message: 'Redis keeps what is written, encrypted',
		});
		const wrong = await test({ password: 'not the password' });
		expect(wrong).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('cannot be used'),
		});
		expect(wrong.message).not.toContain('not the password');
		expect(await test({ port: 1 })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('ECONNREFUSED'),
		});
	});
});
