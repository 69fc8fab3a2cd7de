import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { inParallel } from './post';
import { endPrograms } from './program';
import type { ExecutionLine } from './programs/webhooks';
import { RedisServer } from './redisServer';
import { seeded } from './sizes';
import { WebhookProcesses } from './webhookProcesses';

const EVENTS = 60;
const PARALLEL = 10;
const CALL = '/chatdata/sync_call_program';

let wecom: Simulator;
let redis: RedisServer;
let executions: ExecutionLine[];
let stored: Map<string, unknown>;
let answers: string[];

beforeAll(async () => {
	wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 1 });
	redis = await RedisServer.start(seeded('stored events'));
	const credentials = { ...credentialsFor(wecom, 'dataZone'), wecomStateApi: redis.credential };
	const parameters = { fetchStoredEvent: true, stateStore: 'redis' };
	const processes = await WebhookProcesses.start(2, { credentials, parameters });
	const { urls } = processes;
	// Every third exchange goes wrong, in a way that passes.
	for (let fault = 0; fault < EVENTS / 3; fault++) {
		wecom.faults.add({ kind: 'errcode', errcode: 710638, path: CALL, skip: fault * 3 });
	}
	const events = Array.from({ length: EVENTS }, () =>
		wecom.notifyProgram({ event_type: 'conversation_new_message' }),
	);
	stored = new Map(events.map(({ notifyId, event }) => [notifyId, event]));
	const deliveries = events.flatMap(({ notifyId }) => {
		const event = 'program_notify' as const;
		const { plaintext } = wecom.buildCallback({ event, fields: { NotifyId: notifyId } });
		return [0, 1, 2].map((time) => ({ plaintext, url: urls[time % urls.length] ?? '' }));
	});
	const results = await inParallel(
		deliveries,
		PARALLEL,
		async (delivery) => await wecom.sendCallback(delivery),
	);
	answers = results.map(({ body }) => String(body));
	executions = await processes.executions();
	await processes.stop();
	processes.remove();
}, 300_000);

afterAll(async () => {
	await redis.stop();
	await endPrograms();
	await wecom.stop();
});

describe('events that a program stored, each told of three times to two processes that share a state', () => {
	it('are all answered with success', () => {
		expect(answers).toEqual(Array(EVENTS * 3).fill('success'));
	});

	it('start one execution each, with the event and its token', () => {
		const items = executions.map(({ item }) => item);
		expect(new Set(items.map(({ notifyId }) => notifyId))).toEqual(new Set(stored.keys()));
		expect(items).toHaveLength(EVENTS);
		for (const { notifyId, data, token, event } of items) {
			expect(data).toEqual(stored.get(String(notifyId)));
			expect([event, typeof token]).toEqual(['msgaudit_notify', 'string']);
		}
	});

	it('are fetched once each, beside what went wrong', () => {
		const calls = wecom.requests.filter(({ path }) => path.endsWith(CALL));
		expect(calls).toHaveLength(EVENTS + EVENTS / 3);
	});
});
