import { setTimeout } from 'node:timers/promises';

import {
	credentialsFor,
	startSimulator,
	type CallbackResult,
	type ProgramStyle,
	type Simulator,
} from '../../simulator';
import { startBalancer, type Balancer } from './balancer';
import { report } from './counts';
import { startLink, type Link, type LinkFault } from './link';
import { inParallel } from './post';
import { endPrograms } from './program';
import { RedisServer } from './redisServer';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';
import { timesOf, WebhookProcesses } from './webhookProcesses';

/** As often as WeCom delivers one, at most. */
const DELIVERIES = 3;
/** Events whose deliveries are under way at once; each process keeps 50 that wait. */
const PARALLEL = 20;
const STYLES: readonly ProgramStyle[] = SIZES.bothStyles ? ['java', 'python'] : ['java'];
/** What the link does with every so many-th exchange. */
const BREAKS_EVERY = 5;
const ANSWERS = ['none', 'half', 'http502', 'empty'] as const;

const random = seeded('notifies');
const leaks = new Leaks();

let wecom: Simulator;
let redis: RedisServer;
let link: Link;

beforeAll(async () => {
	wecom = await startSimulator({ messageCount: 1 });
	redis = await RedisServer.start(random);
	let exchanges = 0;
	link = await startLink(wecom.url, (path): LinkFault | undefined => {
		if (!path.endsWith('/sync_call_program') || ++exchanges % BREAKS_EVERY) return undefined;
		return { forward: random.chance(0.5), answer: random.pick(ANSWERS) };
	});
}, 60_000);

afterAll(async () => {
	await redis.stop();
	await endPrograms();
	await link.close();
	await wecom.stop();
});

/** An event that the program stores, and what delivers its notify, each time signed anew. */
function storeEvent(): { token: string; deliver: (url: string) => Promise<CallbackResult> } {
	const { notifyId, event } = wecom.notifyProgram({ event_type: 'conversation_new_message' });
	const { plaintext } = wecom.buildCallback({
		event: 'program_notify',
		fields: { NotifyId: notifyId },
	});
	return {
		token: (event.conversation_new_message as { token: string }).token,
		deliver: async (url) =>
			await wecom.sendCallback({ url, plaintext, receiveId: wecom.callback.receiveId }),
	};
}

const tokensOf = async (processes: WebhookProcesses) =>
	(await processes.executions()).map(({ item }) => String(item.token));

describe.each(STYLES)('two webhook processes that fetch stored events, program in %s', (style) => {
	let processes: WebhookProcesses;
	let balancer: Balancer;

	beforeAll(async () => {
		const credentials = credentialsFor(wecom, 'dataZone');
		const all = {
			...credentials,
			wecomDataApi: {
				...credentials.wecomDataApi,
				programStyle: style,
				programId: wecom.programs[style],
				baseUrl: link.url,
			},
			wecomStateApi: redis.credential,
		};
		leaks.addCredentials(all);
		const parameters = { stateStore: 'redis', fetchStoredEvent: true, events: ['msgaudit_notify'] };
		processes = await WebhookProcesses.start(2, { credentials: all, parameters });
		balancer = await startBalancer(processes.urls, () => random.int(0, 1));
	}, 60_000);

	afterAll(async () => {
		await balancer.close();
		expect(await processes.stop()).toEqual(Array(2).fill({ code: 0, signal: null }));
		processes.tell(leaks);
		processes.remove();
	});

	it('start one execution, with the event and its token, for a notify that comes three times', async () => {
		const { token, deliver } = storeEvent();
		for (const url of [...processes.urls, balancer.url]) {
			expect(await deliver(url)).toMatchObject({ ok: true });
		}
		const lines = await processes.executions();
		const started = lines.map(({ item }) => item).filter((item) => item.token === token);
		expect(started).toMatchObject([
			{ event: 'msgaudit_notify', originalEvent: 'conversation_new_message' },
		]);
	}, 60_000);

	it('start it although the fetch has failed twice', async () => {
		const { token, deliver } = storeEvent();
		const calls = () =>
			wecom.requests.filter(({ path }) => path.endsWith('/sync_call_program')).length;
		const before = calls();
		wecom.configureProgram(style, { fetchFailures: 2 });
		expect(await deliver(balancer.url)).toMatchObject({ ok: true, attempts: 1 });
		const tokens = await tokensOf(processes);
		expect(calls() - before).toBeGreaterThanOrEqual(3);
		expect(tokens.filter((one) => one === token)).toHaveLength(1);
	}, 60_000);

	it('start one execution for each of many events, whoever gets which of their deliveries', async () => {
		const before = (await processes.executions()).length;
		const events = Array.from({ length: SIZES.storedEvents }, storeEvent);
		wecom.configureProgram(style, { fetchFailures: Math.floor(SIZES.storedEvents / 3) });
		let deliveries = 0;
		const results = await inParallel(events, PARALLEL, async ({ deliver }) => {
			const times = random.int(1, DELIVERIES);
			const pauses = Array.from({ length: times }, () => random.int(0, 200));
			deliveries += times;
			return await Promise.all(
				pauses.map(async (pause) => {
					await setTimeout(pause);
					return await deliver(balancer.url);
				}),
			);
		});
		const executed = await tokensOf(processes);
		const times = timesOf(
			events.map(({ token }) => token),
			executed,
		);
		report(`Stored events, ${style}`, {
			sent: deliveries,
			accepted: results.flat().filter(({ ok }) => ok).length,
			events: times.length,
			'executed once': times.filter((count) => count === 1).length,
			lost: times.filter((count) => count === 0).length,
			doubled: times.filter((count) => count > 1).length,
		});
		expect(results.flat().filter(({ ok }) => !ok)).toEqual([]);
		expect(times.filter((count) => count !== 1)).toEqual([]);
		expect(executed).toHaveLength(before + events.length);
	}, 600_000);
});

describe('stored events', () => {
	it('give no secret away, in no log, no item and not in Redis', () => {
		leaks.addTraffic(wecom);
		leaks.addOutput('Redis', redis.content());
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
