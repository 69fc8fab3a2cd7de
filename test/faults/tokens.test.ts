import { setImmediate } from 'node:timers/promises';

import {
	credentialsFor,
	startSimulator,
	suiteCredentialsFor,
	type Simulator,
} from '../../simulator';
import { report } from './counts';
import { endPrograms, Program } from './program';
import type { Calls, Outcome } from './programs/nodes';
import { RedisServer } from './redisServer';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';
import { tokenRequests } from './tokenRequests';

type Credentials = Record<string, object>;

const leaks = new Leaks();
const random = seeded('tokens');

let wecom: Simulator;
let redis: RedisServer;

beforeAll(async () => {
	wecom = await startSimulator({ messageCount: 1 });
	redis = await RedisServer.start(random);
}, 60_000);

afterAll(async () => {
	await redis.stop();
	await endPrograms();
	await wecom.stop();
});

/** What was written down of the requests so far is for the search of secrets, and done with. */
function forgetRequests(): void {
	leaks.addTraffic(wecom);
	wecom.requests.length = 0;
}

/** Asks for an internal group: an access_token is needed. */
const groupCall = (): Calls => ({
	node: 'wecomChatArchive',
	parameters: {
		resource: 'group',
		operation: 'get',
		roomId: wecom.world.groups.find(({ internal }) => internal)?.roomid,
		options: {},
	},
});

/** Asks what a customer has bought: a provider_access_token is needed. */
const orderCall = (): Calls => ({
	node: 'wecomDataOrder',
	parameters: {
		resource: 'order',
		operation: 'getPurchased',
		customCorpid: wecom.orders.corps[0]?.corpId,
	},
});

/** A way to a token. */
interface Way {
	name: string;
	credentials: Credentials;
	/** What needs the token. */
	call: Calls;
	/** The requests for a first token, by path. */
	first: Record<string, number>;
	/** Those for another one after every token has expired; as for the first when left out. */
	refresh?: Record<string, number>;
}

const byCorpSecret = (): Way => ({
	name: 'corp secret',
	credentials: { wecomDataApi: credentialsFor(wecom).wecomDataApi },
	call: groupCall(),
	first: { '/cgi-bin/gettoken': 1 },
});

const suiteCredentials = (): Credentials => ({
	wecomDataApi: { ...suiteCredentialsFor(wecom), suiteTicket: wecom.suiteTicket },
});

const bySuite = (): Way => ({
	name: 'suite chain',
	credentials: suiteCredentials(),
	call: groupCall(),
	first: { '/cgi-bin/service/get_suite_token': 1, '/cgi-bin/service/get_corp_token': 1 },
	// Only when the corp's token is refused, and then the suite's, does anybody know that both expired.
	refresh: { '/cgi-bin/service/get_suite_token': 1, '/cgi-bin/service/get_corp_token': 2 },
});

const byProviderSecret = (): Way => ({
	name: 'provider secret',
	credentials: suiteCredentials(),
	call: orderCall(),
	first: { '/cgi-bin/service/get_provider_token': 1 },
});

async function startProgram(credentials: Credentials): Promise<Program> {
	const program = Program.start('nodes');
	const all = { ...credentials, wecomStateApi: redis.credential };
	leaks.addCredentials(all);
	await program.ask('load', all);
	return program;
}

/** Makes calls at the same moment, shared among the processes. @returns the messages of those that failed */
async function callAtOnce(programs: Program[], call: Calls): Promise<string[]> {
	const times = SIZES.concurrentCalls / programs.length;
	const outcomes = await Promise.all(
		programs.map(async (program) => await program.ask<Outcome[]>('call', { ...call, times })),
	);
	leaks.addOutput('items', JSON.stringify(outcomes));
	const all = outcomes.flat();
	expect(all).toHaveLength(SIZES.concurrentCalls);
	return all.flatMap(({ error }) => (error ? [error.message] : []));
}

async function endWell(programs: Program[]): Promise<void> {
	for (const program of programs) {
		expect(await program.stop()).toEqual({ code: 0, signal: null });
		leaks.addOutput('log', program.output);
	}
}

describe.each([
	['one process', 1, 'memory'],
	['two processes on one Redis', 2, 'redis'],
])('calls at the same moment, %s', (where, processes, stateStore) => {
	it.each([
		['a corp secret', byCorpSecret],
		['the suite chain', bySuite],
		['a provider secret', byProviderSecret],
	])(
		'take one refresh when there is no token yet and one when it has expired, by %s',
		async (_way, wayOf) => {
			const { name, credentials, call, first, refresh = first } = wayOf();
			const programs = await Promise.all(
				Array.from({ length: processes }, async () => await startProgram(credentials)),
			);
			const withState = { ...call, parameters: { ...call.parameters, stateStore } };
			forgetRequests();
			expect(await callAtOnce(programs, withState)).toEqual([]);
			expect(tokenRequests(wecom)).toEqual(first);
			forgetRequests();
			wecom.expireTokens();
			const failed = await callAtOnce(programs, withState);
			const requests = tokenRequests(wecom);
			report(`Expired ${name}, ${where}`, {
				calls: SIZES.concurrentCalls,
				failed: failed.length,
				'token requests': Object.values(requests).reduce((sum, count) => sum + count, 0),
			});
			expect(failed).toEqual([]);
			expect(requests).toEqual(refresh);
			await endWell(programs);
		},
		120_000,
	);
});

describe('when a token expires while calls are on their way', () => {
	it('they take one refresh all the same', async () => {
		const { credentials, call, first } = byCorpSecret();
		const program = await startProgram(credentials);
		expect(await callAtOnce([program], call)).toEqual([]);
		forgetRequests();
		const calling = callAtOnce([program], call);
		const moment = random.int(1, SIZES.concurrentCalls / 2);
		while (wecom.requests.length < moment) await setImmediate();
		wecom.expireTokens();
		expect(await calling).toEqual([]);
		expect(tokenRequests(wecom)).toEqual(first);
		await endWell([program]);
	}, 60_000);
});

describe('a process that is killed while it asks for a token', () => {
	it('makes the others wait for seconds, not for what it never gets', async () => {
		const { credentials, call } = byCorpSecret();
		const [dying, other] = [await startProgram(credentials), await startProgram(credentials)];
		const withState = { ...call, parameters: { ...call.parameters, stateStore: 'redis' } };
		wecom.expireTokens();
		forgetRequests();
		wecom.faults.add({ kind: 'slow', delayMs: 3000, path: '/gettoken' });
		const lost = dying.ask('call', withState).catch((error: Error) => error);
		while (!tokenRequests(wecom)['/cgi-bin/gettoken']) await setImmediate();
		const started = Date.now();
		const waiting = other.ask<Outcome[]>('call', withState);
		await dying.end('SIGKILL');
		expect(await lost).toBeInstanceOf(Error);
		const [outcome] = await waiting;
		expect(outcome?.error).toBeUndefined();
		expect(Date.now() - started).toBeLessThan(15_000);
		expect(tokenRequests(wecom)).toEqual({ '/cgi-bin/gettoken': 2 });
		leaks.addOutput('items', JSON.stringify(outcome));
		await endWell([other]);
	}, 60_000);
});

describe('when Redis is down', () => {
	it('calls go on with the memory of their process, and a hint says so', async () => {
		const { credentials, call } = byCorpSecret();
		const programs = [await startProgram(credentials), await startProgram(credentials)];
		const callEach = async (some: Program[]) => {
			const parameters = { ...call.parameters, stateStore: 'redis' };
			const outcomes = await Promise.all(
				some.map(async (program) => await program.ask<Outcome[]>('call', { ...call, parameters })),
			);
			leaks.addOutput('items', JSON.stringify(outcomes));
			return outcomes.flat();
		};
		// One of them has its token already, and did not have to ask anybody.
		expect(await callEach(programs.slice(1))).toMatchObject([{ hints: [] }]);
		await redis.halt('SIGKILL');
		const outcomes = await callEach(programs);
		await redis.startAgain();
		expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
		for (const { hints } of outcomes) {
			expect(hints.join()).toContain('shared state could not be reached');
		}
		expect(await callEach(programs)).toMatchObject([{ hints: [] }, { hints: [] }]);
		await endWell(programs);
	}, 60_000);
});

describe('tokens', () => {
	it('leave no secret behind, in no log, no item and not in Redis', () => {
		forgetRequests();
		leaks.addOutput('Redis', redis.content());
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
