import { setTimeout } from 'node:timers/promises';

import Redis from 'ioredis';

import {
	credentialsFor,
	startSimulator,
	type CallbackResult,
	type Simulator,
} from '../../simulator';
import { callbackOf } from '../support/callback';
import { startBalancer, type Balancer } from './balancer';
import { report } from './counts';
import { inParallel, post, type CallbackAnswer, type CallbackRequest } from './post';
import { endPrograms } from './program';
import { RedisServer } from './redisServer';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';
import { timesOf, WebhookProcesses } from './webhookProcesses';

const PARALLEL = 25;
/** Between two events of an outage, milliseconds. */
const EVERY_MS = 40;
/** How long Redis is away, milliseconds: longer than WeCom waits once, shorter than three times. */
const OUTAGE_MS = { min: 5500, max: 7000 };
const AROUND_MS = 1000;
const TWO_HOURS_MS = 2 * 60 * 60 * 1000;

const random = seeded('redis');
const leaks = new Leaks();

let wecom: Simulator;
let redis: RedisServer;
let processes: WebhookProcesses;
let balancer: Balancer;

beforeAll(async () => {
	wecom = await startSimulator({ messageCount: 1 });
	redis = await RedisServer.start(random);
	const credentials = { ...credentialsFor(wecom), wecomStateApi: redis.credential };
	leaks.addCredentials(credentials);
	const parameters = { stateStore: 'redis' };
	processes = await WebhookProcesses.start(2, { credentials, parameters });
	const { urls } = processes;
	balancer = await startBalancer(urls, () => random.int(0, urls.length - 1));
}, 60_000);

afterAll(async () => {
	await redis.stop();
	await endPrograms();
	await balancer.close();
	await wecom.stop();
	processes.remove();
});

/** A new event's text, and the mark by which its executions are known. */
function newEvent(): { plaintext: string; mark: string } {
	const mark = random.text(24);
	const { plaintext } = wecom.buildCallback({ event: 'change_auth', fields: { Mark: mark } });
	return { plaintext, mark };
}

/** One delivery, signed anew. */
function delivery(plaintext: string): CallbackRequest {
	const { token, encodingAesKey, suiteId } = wecom.callback;
	const { query, body } = callbackOf(plaintext, { token, encodingAesKey, receiveId: suiteId });
	return { query: Object.entries(query), body, contentType: 'text/xml' };
}

/** How often each event was executed, by all processes together. */
async function executionsOf(marks: string[]): Promise<number[]> {
	const executed = await processes.executions();
	const markOf = ({ data }: { data?: unknown }) => (data as { Mark: string }).Mark;
	return timesOf(
		marks,
		executed.map(({ item }) => markOf(item)),
	);
}

function reportExecutions(part: string, sent: number, accepted: number, times: number[]): void {
	report(part, {
		sent,
		accepted,
		events: times.length,
		'executed once': times.filter((count) => count === 1).length,
		lost: times.filter((count) => count === 0).length,
		doubled: times.filter((count) => count > 1).length,
	});
}

/** Sends the same to both processes at the same moment, for many events. */
async function sendToBoth(
	events: ReadonlyArray<{ plaintext: string }>,
	requestsOf: (plaintext: string) => [CallbackRequest, CallbackRequest],
): Promise<CallbackAnswer[][]> {
	return await inParallel(events, PARALLEL, async ({ plaintext }) => {
		const requests = requestsOf(plaintext);
		return await Promise.all(
			requests.map(async (request, index) => await post(processes.urls[index] ?? '', request)),
		);
	});
}

const isSuccess = ({ status, body }: CallbackAnswer) => status === 200 && body === 'success';

describe('two webhook processes on one Redis', () => {
	it('run an event once that both get at the same moment', async () => {
		const events = Array.from({ length: SIZES.sharedEvents }, newEvent);
		const answers = await sendToBoth(events, (text) => [delivery(text), delivery(text)]);
		const times = await executionsOf(events.map(({ mark }) => mark));
		const accepted = answers.flat().filter(isSuccess).length;
		reportExecutions('Callbacks, 2 processes', answers.length * 2, accepted, times);
		expect(times.filter((count) => count !== 1)).toEqual([]);
		expect(answers.flat().filter((answer) => !isSuccess(answer))).toEqual([]);
	}, 600_000);

	it('refuse one of two requests that are the same byte for byte', async () => {
		const events = Array.from({ length: SIZES.sharedEvents }, newEvent);
		const answers = await sendToBoth(events, (text) => {
			const request = delivery(text);
			return [request, request];
		});
		const times = await executionsOf(events.map(({ mark }) => mark));
		expect(times.filter((count) => count !== 1)).toEqual([]);
		const statuses = answers.map((pair) => pair.map(({ status }) => status).sort());
		expect(statuses.filter((pair) => pair.join() !== '200,403')).toEqual([]);
	}, 600_000);

	it('remember every signature and every event for two hours', async () => {
		const { port, password, keyPrefix } = redis.credential;
		const client = new Redis({ port: Number(port), password: String(password) });
		const keys = await client.keys(`${keyPrefix}event/*`);
		const kinds = keys.map((key) => /\/(delivery|event)\/[0-9a-f]{32,40}$/.exec(key)?.[1]);
		const count = (kind: string) => kinds.filter((one) => one === kind).length;
		// Two deliveries of each event of the first test, one of those of the second.
		expect([count('delivery'), count('event')]).toEqual([
			3 * SIZES.sharedEvents,
			2 * SIZES.sharedEvents,
		]);
		const left = await Promise.all(keys.map(async (key) => await client.pttl(key)));
		client.disconnect();
		expect(Math.max(...left)).toBeLessThanOrEqual(TWO_HOURS_MS);
		expect(Math.min(...left)).toBeGreaterThan(TWO_HOURS_MS - 600_000);
	}, 60_000);

	it('lose and double nothing while Redis is stopped, frozen and started', async () => {
		const marks: string[] = [];
		const sending: Array<Promise<CallbackResult>> = [];
		const sendFor = async (milliseconds: number) => {
			for (const end = Date.now() + milliseconds; Date.now() < end; await setTimeout(EVERY_MS)) {
				const { plaintext, mark } = newEvent();
				marks.push(mark);
				const { suiteId: receiveId } = wecom.callback;
				sending.push(wecom.sendCallback({ url: balancer.url, plaintext, receiveId }));
			}
		};
		for (let outage = 0; outage < SIZES.outages; outage++) {
			await sendFor(AROUND_MS);
			await Promise.all([
				sendFor(random.int(OUTAGE_MS.min, OUTAGE_MS.max)),
				redis.halt(outage % 2 === 0 ? random.pick(['SIGTERM', 'SIGKILL']) : 'SIGSTOP'),
			]);
			await Promise.all([sendFor(AROUND_MS), redis.startAgain()]);
		}
		const results = await Promise.all(sending);
		const times = await executionsOf(marks);
		const attempts = results.reduce((sum, result) => sum + result.attempts, 0);
		const accepted = results.filter(({ ok }) => ok).length;
		reportExecutions('Callbacks, Redis stopped', attempts, accepted, times);
		const outcomes = results.map((result, index) => ({ executed: times[index], ...result }));
		expect(outcomes.filter(({ executed, ok }) => executed !== 1 || !ok)).toEqual([]);
		expect(attempts).toBeGreaterThan(results.length);
	}, 600_000);

	it('crash nothing: they end when they are told to', async () => {
		for (const ended of await processes.stop()) expect(ended).toEqual({ code: 0, signal: null });
	});

	it('give no secret away, in no log, no item and not in Redis', () => {
		leaks.addTraffic(wecom);
		processes.tell(leaks);
		leaks.addOutput('Redis', redis.content());
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
