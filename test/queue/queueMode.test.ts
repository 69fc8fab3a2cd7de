import { createHash } from 'node:crypto';
import { Agent } from 'node:http';

import {
	credentialsFor,
	startSimulator,
	suiteCredentialsFor,
	type Simulator,
} from '../../simulator';
import { startBalancer, type Balancer } from '../faults/balancer';
import { planCallbacks, type PlannedCallback } from '../faults/callbackPlan';
import { report } from '../faults/counts';
import { inParallel, NO_ANSWER, post, type CallbackAnswer } from '../faults/post';
import { seeded } from '../faults/sizes';
import { workflowOf } from '../e2e/workflows';
import { getAll } from '../engine/support';
import { readExample } from '../examples/files';
import { tokenRequests } from '../faults/tokenRequests';
import type { N8nProcess } from '../n8n/n8nProcess';
import { outputOf } from '../n8n/rest';
import { readRecord } from '../../simulator/messages';
import { zoneTruth } from '../faults/zoneTruth';
import { closeServers } from '../unit/support/server';
import { Cluster } from './cluster';
import { begunBy, Executions, secondsOf, type ExecutionRow } from './executions';
import { PullOfTheDead, type Pulling } from './killedWorker';
import { backlogWorkflow, modelWorkflow, pageWorkflow, WecomNodes } from './workflows';

const isShort = process.env.QUEUE_FORM === 'short';
const CALLBACKS = isShort ? 600 : 5000;
const PARALLEL = 50;
/** As often as WeCom sends a callback. */
const ATTEMPTS = 3;
const PAGES = 20;
const PAGE_SIZE = isShort ? 400 : 1000;
const MESSAGES = PAGES * PAGE_SIZE;

/** How long a model takes for a job by the clock of the zone's WeCom, which the test moves. */
const MODEL_SECONDS = 600;

const random = seeded('queue mode');

let wecom: Simulator;
/** Another WeCom, which speaks the zone's contract. */
let zone: Simulator;
/** What its clock is ahead, milliseconds. */
let zoneAhead = 0;
let cluster: Cluster;
let balancer: Balancer;
let nodes: WecomNodes;
/** Where a webhook answers, behind the balancer. */
const publicUrl = (path: string) => new URL(path, balancer.url).href;
let callbacks: Callbacks;
let backlog: Backlog;

beforeAll(async () => {
	[wecom, zone, cluster] = await Promise.all([
		startSimulator({ messageCount: MESSAGES, corruptEvery: 997, missingKeyEvery: 1009 }),
		startSimulator({
			contracts: ['dataZone'],
			messageCount: 40,
			shortPages: true,
			modelSeconds: MODEL_SECONDS,
			now: () => Date.now() + zoneAhead,
		}),
		Cluster.start(),
	]);
	await Promise.all([cluster.startWebhooks(2), cluster.startWorkers(1)]);
	await cluster.install();
	balancer = await startBalancer(
		cluster.webhooks.map(({ url }) => url),
		() => random.int(0, 1),
	);
	nodes = new WecomNodes(await createCredentials());
}, 600_000);

afterAll(async () => {
	await balancer?.close();
	await cluster?.stop();
	await wecom?.stop();
	await zone?.stop();
}, 120_000);

async function createCredentials(): Promise<Record<string, string>> {
	const contents: Record<string, [type: string, data: object]> = {
		wecomDataApi: ['wecomDataApi', credentialsFor(wecom).wecomDataApi],
		suite: ['wecomDataApi', suiteCredentialsFor(wecom)],
		wecomCallbackApi: ['wecomCallbackApi', credentialsFor(wecom).wecomCallbackApi],
		zone: ['wecomDataApi', credentialsFor(zone).wecomDataApi],
		zoneCallback: ['wecomCallbackApi', credentialsFor(zone).wecomCallbackApi],
		wecomStateApi: ['wecomStateApi', cluster.redis.credential],
	};
	const ids: Record<string, string> = {};
	for (const [name, [type, data]] of Object.entries(contents)) {
		ids[name] = await cluster.rest.createCredential(type, name, data);
	}
	return ids;
}

/** Thousands of callbacks to both webhook processors. */
class Callbacks {
	readonly answers: CallbackAnswer[] = [];
	readonly plan = planCallbacks(random, wecom, { callbacks: CALLBACKS, fuzzedBodies: 0 });

	private constructor(readonly executions: Executions) {}

	static async publish(): Promise<Callbacks> {
		const trigger = nodes.trigger('callbacks');
		return new Callbacks(await publish(workflowOf('Callbacks', trigger)));
	}

	/** Sends a part of them, and waits until n8n has executed what it started. */
	async send(part: string, from: number, to = this.plan.length): Promise<void> {
		const before = await this.executions.rows();
		const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
		const startedAt = Date.now();
		let sentAgain = 0;
		const answers = await inParallel(this.plan.slice(from, to), PARALLEL, async ({ make }) => {
			for (let attempt = 1; ; attempt++) {
				const { url } = random.pick(cluster.webhooks);
				const answer = await post(`${url}/webhook/callbacks/webhook`, make(), agent);
				// Nothing came back (n8n closed a connection that was just used again), or too late.
				const isFinal = ![NO_ANSWER.status, 503].includes(answer.status);
				if (isFinal || attempt === ATTEMPTS) return answer;
				sentAgain++;
			}
		});
		const seconds = (Date.now() - startedAt) / 1000;
		agent.destroy();
		this.answers.push(...answers);
		const rows = await this.executions.ended(eventsOf(this.plan.slice(0, to)).size, 60_000);
		const added = rows.slice(before.length);
		report(`Callbacks, ${part}`, {
			callbacks: answers.length,
			'sent again': sentAgain,
			'per second': Math.round(answers.length / seconds),
			executions: added.length,
			'executions per second': Math.round(added.length / secondsOf(added)),
		});
	}
}

/** Publishes a workflow. @returns its executions */
async function publish(workflow: Parameters<Cluster['rest']['createWorkflow']>[0]) {
	const id = await cluster.rest.createWorkflow(workflow);
	await cluster.rest.publish(id);
	return new Executions(cluster.postgres, id);
}

/** Two workers that are alive. */
async function twoWorkers(): Promise<[N8nProcess, N8nProcess]> {
	const alive = () => cluster.workers.filter(({ ended }) => !ended);
	await cluster.startWorkers(Math.max(0, 2 - alive().length));
	return alive() as [N8nProcess, N8nProcess];
}

/** How many of the executions each of the two workers ran. */
function sharesOf(rows: readonly ExecutionRow[]): [number, number] {
	const shareOf = (worker: N8nProcess | undefined) => {
		const begun = worker ? begunBy(worker) : new Set();
		return rows.filter(({ id }) => begun.has(id)).length;
	};
	return [shareOf(cluster.workers[0]), shareOf(cluster.workers[1])];
}

/** The events of a plan, by the hash of their text. */
function eventsOf(plan: readonly PlannedCallback[]): Set<string> {
	return new Set(plan.flatMap(({ event }) => (event ? [event.plaintextHash] : [])));
}

/** All messages of the archive, page by page, each page in an execution of its own. */
class Backlog {
	readonly runs: ExecutionRow[][] = [];

	private constructor(readonly pages: Executions) {}

	static async publish(): Promise<Backlog> {
		const pages = await publish(pageWorkflow(nodes, 'page'));
		await publish(backlogWorkflow(nodes, 'backlog', publicUrl('/webhook/page'), PAGE_SIZE));
		return new Backlog(pages);
	}

	async decrypt(part: string): Promise<void> {
		const before = await this.pages.rows();
		const startedAt = Date.now();
		await fetch(publicUrl('/webhook/backlog'), { method: 'POST' });
		const rows = await this.pages.ended(before.length + MESSAGES / PAGE_SIZE, 180_000);
		const added = rows.slice(before.length);
		this.runs.push(added);
		report(`Pages, ${part}`, {
			messages: MESSAGES,
			pages: added.length,
			'messages per second': Math.round(MESSAGES / ((Date.now() - startedAt) / 1000)),
			'per second, pages alone': Math.round(MESSAGES / secondsOf(added)),
		});
	}
}

describe('the work of one worker, and then of two', () => {
	beforeAll(async () => {
		callbacks = await Callbacks.publish();
		backlog = await Backlog.publish();
		await callbacks.send('1 worker', 0, callbacks.plan.length >> 1);
		await backlog.decrypt('1 worker');
		await twoWorkers();
		await callbacks.send('2 workers', callbacks.plan.length >> 1);
		await backlog.decrypt('2 workers');
	}, 600_000);

	describe('callbacks to two webhook processors', () => {
		let times: Map<string, number>;
		const sent = () =>
			callbacks.plan.map((one, index) => ({ ...one, ...(callbacks.answers[index] ?? NO_ANSWER) }));

		beforeAll(async () => {
			times = new Map([...eventsOf(callbacks.plan)].map((hash) => [hash, 0]));
			for (const execution of await callbacks.executions.withData()) {
				for (const { raw } of outputOf(execution, 'Trigger')) {
					const hash = createHash('sha256').update(String(raw)).digest('hex');
					times.set(hash, (times.get(hash) ?? 0) + 1);
				}
			}
			const counts = [...times.values()];
			const good = sent().filter(({ event }) => event);
			report('Events', {
				sent: good.length,
				accepted: good.filter(({ status }) => status === 200).length,
				events: eventsOf(callbacks.plan).size,
				'executed once': counts.filter((count) => count === 1).length,
				lost: counts.filter((count) => count === 0).length,
				doubled: counts.filter((count) => count > 1).length,
			});
		}, 60_000);

		it('execute every event exactly once', () => {
			const notOnce = [...times].filter(([, count]) => count !== 1);
			const answersTo = (hash: string) =>
				sent()
					.filter(({ event }) => event?.plaintextHash === hash)
					.map(({ kind, status, body }) => `${kind}: ${status} ${body.slice(0, 80)}`);
			expect(notOnce.map(([hash, count]) => [count, ...answersTo(hash)])).toEqual([]);
		});

		it('start no execution but those of the events', async () => {
			const events = eventsOf(callbacks.plan);
			expect([...times.keys()].filter((hash) => !events.has(hash))).toEqual([]);
			const rows = await callbacks.executions.rows();
			expect(rows.map(({ status }) => status)).toEqual(Array(events.size).fill('success'));
		});

		it('refuse the bad ones and the replays', () => {
			const bad = sent().filter(({ event, kind }) => !event && kind !== 'broken off on the way');
			expect(bad.length).toBeGreaterThan(CALLBACKS / 10);
			const accepted = bad.filter(({ status }) => status < 400 || status > 499);
			expect(accepted.map(({ kind, status, body }) => [kind, status, body])).toEqual([]);
			const others = sent().filter(({ event, status }) => event && status !== 200);
			expect(new Set(others.map(({ status }) => status))).toEqual(new Set([403]));
			expect(others.length).toBe(sent().filter(({ kind }) => kind === 'replay').length);
		});
	});

	describe('an archive in pages', () => {
		it('come out once each, in both runs, as they were written', async () => {
			const executions = await backlog.pages.withData();
			expect(executions).toHaveLength((2 * MESSAGES) / PAGE_SIZE);
			for (const run of backlog.runs) {
				const ids = new Set(run.map(({ id }) => id));
				const items = executions
					.filter(({ id }) => ids.has(id))
					.flatMap((execution) => outputOf(execution, 'Decrypt'))
					.sort((a, b) => Number(a.seq) - Number(b.seq));
				expect(items.map(({ seq }) => BigInt(String(seq)))).toEqual(
					wecom.truth.map(({ seq }) => seq),
				);
				const wrong = wecom.truth.filter(({ state, plaintext }, index) => {
					const { decrypted, message } = items[index] ?? {};
					if (state !== 'ok') return decrypted !== false;
					return JSON.stringify(message) !== JSON.stringify(plaintext);
				});
				expect(wrong.map(({ seq, state }) => [seq, state])).toEqual([]);
			}
		}, 60_000);

		it('are decrypted by both workers', () => {
			const [, pages = []] = backlog.runs;
			const shares = sharesOf(pages);
			report('Pages by worker', { first: shares[0], second: shares[1] });
			expect(shares[0] + shares[1]).toBe(pages.length);
			expect(Math.min(...shares)).toBeGreaterThan(0);
		});
	});
});

describe('tokens and suite_ticket', () => {
	const CALLS = 40;
	let executions: Executions;

	beforeAll(async () => {
		await twoWorkers();
		const group = wecom.world.groups.find(({ internal }) => internal)?.roomid;
		const getGroup = { resource: 'group', operation: 'get', roomId: group, options: {} };
		const bought = {
			resource: 'order',
			operation: 'getPurchased',
			customCorpid: wecom.orders.corps[0]?.corpId,
		};
		executions = await publish(
			workflowOf(
				'Tokens',
				nodes.trigger('tokens', { events: ['change_auth'] }),
				nodes.action('wecomChatArchive', 'As Suite', getGroup, 'suite'),
				nodes.action('wecomChatArchive', 'As Corp', getGroup),
				nodes.action('wecomDataOrder', 'As Provider', bought, 'suite'),
			),
		);
	}, 200_000);

	/** Executions at the same moment, on both workers. @returns the requests for tokens they took */
	async function callAtOnce(): Promise<Record<string, number>> {
		const before = (await executions.rows()).length;
		wecom.requests.length = 0;
		const fields = (mark: number) => ({ Mark: `${before + mark}` });
		const events = Array.from({ length: CALLS }, async (_, mark) => {
			const url = publicUrl('/webhook/tokens/webhook');
			return await wecom.sendCallback({ url, event: 'change_auth', fields: fields(mark) });
		});
		expect((await Promise.all(events)).filter(({ ok }) => !ok)).toEqual([]);
		const rows = (await executions.ended(before + CALLS, 120_000)).slice(before);
		expect(rows.map(({ status }) => status)).toEqual(Array(CALLS).fill('success'));
		expect(Math.min(...sharesOf(rows))).toBeGreaterThan(0);
		const requests = tokenRequests(wecom);
		report(`Tokens of ${CALLS} executions, ${before ? 'expired' : 'none yet'}`, {
			corp: requests['/cgi-bin/gettoken'] ?? 0,
			suite: requests['/cgi-bin/service/get_suite_token'] ?? 0,
			'corp of the suite': requests['/cgi-bin/service/get_corp_token'] ?? 0,
			provider: requests['/cgi-bin/service/get_provider_token'] ?? 0,
		});
		return requests;
	}

	it('are fetched once each for all processes, with a ticket that one webhook processor got', async () => {
		wecom.expireTokens();
		const url = `${cluster.webhooks[0]?.url}/webhook/tokens/webhook`;
		const fields = { SuiteTicket: wecom.pushSuiteTicket() };
		expect(await wecom.sendCallback({ url, event: 'suite_ticket', fields })).toMatchObject({
			ok: true,
		});
		expect(await callAtOnce()).toEqual({
			'/cgi-bin/gettoken': 1,
			'/cgi-bin/service/get_suite_token': 1,
			'/cgi-bin/service/get_corp_token': 1,
			'/cgi-bin/service/get_provider_token': 1,
		});
	}, 150_000);

	it('are fetched once more when they have expired', async () => {
		wecom.expireTokens();
		expect(await callAtOnce()).toEqual({
			'/cgi-bin/gettoken': 1,
			'/cgi-bin/service/get_suite_token': 1,
			// Only when the corp's token is refused, and then the suite's, does anybody know of both.
			'/cgi-bin/service/get_corp_token': 2,
			'/cgi-bin/service/get_provider_token': 1,
		});
	}, 150_000);
});

/** Messages that come while the reference's events say so, from those that are new on. */
function bySeqs(): Pulling {
	const [first] = wecom.addMessages(1);
	const firstSeq = first?.seq ?? 0n;
	const example = nodes.adopt(
		readExample('archive-to-answer.json', {
			'Pull New Messages': { startAfterSeq: String(firstSeq - 1n) },
		}),
	);
	const trigger = example.nodes.find(({ webhookId }) => webhookId);
	if (trigger) trigger.webhookId = 'new-messages';
	return {
		workflow: example,
		pull: 'Pull New Messages',
		field: 'seq',
		sent: () => wecom.truth.flatMap(({ seq }) => (seq >= firstSeq ? [String(seq)] : [])),
		async arrive(mark, count) {
			wecom.addMessages(count);
			const url = publicUrl('/webhook/new-messages/webhook');
			const fields = { Mark: `${mark}` };
			const { ok } = await wecom.sendCallback({ url, event: 'msgaudit_notify', fields });
			expect(ok).toBe(true);
		},
	};
}

/** All messages of the zone, while the program stores events that say so, over cursors. */
function byCursors(): Pulling {
	const pull = nodes.action(
		'wecomChatArchive',
		'Pull New Messages',
		getAll({ options: { rememberPosition: true, token: '={{ $json.token }}' } }),
		'zone',
	);
	const trigger = nodes.trigger(
		'stored-events',
		{ events: ['msgaudit_notify'], fetchStoredEvent: true },
		{ wecomCallbackApi: 'zoneCallback', wecomDataApi: 'zone' },
	);
	return {
		workflow: workflowOf('Stored events', trigger, pull),
		pull: pull.name,
		field: 'msgid',
		sent: () => zone.truth.flatMap((record) => (readRecord(record) ? [record.msgid] : [])),
		async arrive(_mark, count) {
			zone.addMessages(count);
			const { notifyId } = zone.notifyProgram({ event_type: 'conversation_new_message' });
			const url = publicUrl('/webhook/stored-events/webhook');
			const fields = { NotifyId: notifyId };
			const { ok } = await zone.sendCallback({ url, event: 'program_notify', fields });
			expect(ok).toBe(true);
		},
	};
}

describe.each<[string, () => Pulling]>([
	['pulls by seqs', bySeqs],
	['fetches stored events and pulls over cursors', byCursors],
])('a worker that is killed while it %s', (how, prepare) => {
	let pulled: PullOfTheDead;

	beforeAll(async () => {
		const pulling = prepare();
		const workers = await twoWorkers();
		pulled = await PullOfTheDead.run(cluster, publish, workers, pulling);
		report(`Events, worker killed, ${how}`, {
			sent: pulled.events,
			executions: pulled.rows.length,
			succeeded: pulled.rows.filter(({ status }) => status === 'success').length,
			'failed with the worker': pulled.givenUp.length,
		});
		const counts = { before: pulled.atTheKill, after: pulled.afterwards };
		for (const [when, count] of Object.entries(counts)) {
			report(`Messages, ${when} the next event, ${how}`, { ...count });
		}
	}, 400_000);

	afterAll(closeServers);

	it('takes its executions with it, and n8n says which', () => {
		const { rows, givenUp, survivor } = pulled;
		const failed = rows.filter(({ status }) => status !== 'success').map(({ id }) => id);
		expect(failed.length).toBeGreaterThan(0);
		expect(givenUp.map(({ id }) => id)).toEqual(failed);
		// Not all of them need be in its log: a job may die between being taken and being begun.
		expect(failed.filter((id) => begunBy(survivor).has(id))).toEqual([]);
		for (const { data } of givenUp) {
			expect(data.resultData.error?.message).toMatch(/failed to be processed too many times/);
		}
	});

	it('loses no event and starts none twice', () => {
		expect(pulled.rows).toHaveLength(pulled.events);
	});

	it('loses no message: the next pull brings what the killed executions had', () => {
		const { died, afterwards, delivered } = pulled;
		expect(died.length).toBeGreaterThan(0);
		expect(afterwards).toMatchObject({ lost: 0, doubled: 0 });
		expect(died.filter((key) => !delivered.has(key))).toEqual([]);
	});
});

describe('a worker that is killed while it waits for a model', () => {
	const MODEL = 'get_sentiment_result';
	const GIVE_UP_MS = 120_000;

	it('leaves its job to the next execution over the same messages, which begins none', async () => {
		const truth = await zoneTruth(zone);
		const messages = truth.map(({ msgid, secretKey }) => ({ msgid, secret_key: secretKey }));
		const workers = await twoWorkers();
		const executions = await publish(modelWorkflow(nodes, 'ask-model', 'zone'));
		const ask = async () => {
			const answer = await fetch(publicUrl('/webhook/ask-model'), {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ messages }),
			});
			expect(answer.status).toBe(200);
		};
		const before = zone.modelJobs.length;
		await ask();
		// It asks about a job whose id is kept.
		const asksFor = (jobid = '') =>
			zone.requests.some(({ body }) => {
				const text = JSON.stringify(body ?? '');
				return text.includes(MODEL) && text.includes(jobid);
			});
		await cluster.rest.until('the model is asked about its job', async () => {
			const [job] = zone.modelJobs.slice(before);
			return await Promise.resolve(job !== undefined && asksFor(job.jobid));
		});
		const [begun] = await executions.rows();
		const victim = workers.find((worker) => begunBy(worker).has(begun?.id ?? ''));
		await victim?.end('SIGKILL');
		expect(victim).toBeDefined();
		const died = await executions.ended(1, GIVE_UP_MS);
		expect(died.map(({ status }) => status)).toEqual(['error']);

		zoneAhead += MODEL_SECONDS * 1000;
		await ask();
		const rows = await executions.ended(2, GIVE_UP_MS);
		expect(rows.map(({ status }) => status)).toEqual(['error', 'success']);
		const jobs = zone.modelJobs.slice(before);
		report('Model jobs, worker killed', { asked: 2, begun: jobs.length });
		expect(jobs).toHaveLength(1);
		const [answered] = await executions.withData();
		expect(answered && outputOf(answered, 'Model')).toMatchObject([
			{ jobids: [jobs[0]?.jobid], message_count: messages.length },
		]);
	}, 400_000);
});
