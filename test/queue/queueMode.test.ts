import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';

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
import { nodeOf, workflowOf } from '../e2e/workflows';
import { readExample } from '../examples/files';
import { tokenRequests } from '../faults/tokenRequests';
import type { N8nProcess } from '../n8n/n8nProcess';
import { outputOf, type Execution } from '../n8n/rest';
import { closeServers, json, startServer } from '../unit/support/server';
import { Cluster } from './cluster';
import { begunBy, Executions, secondsOf, type ExecutionRow } from './executions';
import { backlogWorkflow, pageWorkflow, WecomNodes } from './workflows';

const isShort = process.env.QUEUE_FORM === 'short';
const CALLBACKS = isShort ? 600 : 5000;
const PARALLEL = 50;
/** As often as WeCom sends a callback. */
const ATTEMPTS = 3;
const PAGES = 20;
const PAGE_SIZE = isShort ? 400 : 1000;
const MESSAGES = PAGES * PAGE_SIZE;

const random = seeded('queue mode');

let wecom: Simulator;
let cluster: Cluster;
let balancer: Balancer;
let nodes: WecomNodes;
/** Where a webhook answers, behind the balancer. */
const publicUrl = (path: string) => new URL(path, balancer.url).href;
let callbacks: Callbacks;
let backlog: Backlog;

beforeAll(async () => {
	[wecom, cluster] = await Promise.all([
		startSimulator({ messageCount: MESSAGES, corruptEvery: 997, missingKeyEvery: 1009 }),
		Cluster.start(),
	]);
	await Promise.all([cluster.startWebhooks(2), cluster.startWorkers(1)]);
	await cluster.install();
	balancer = await startBalancer(
		cluster.webhooks.map(({ url }) => url),
		() => random.int(0, 1),
	);
	nodes = new WecomNodes(await createCredentials());
	callbacks = await Callbacks.publish();
	backlog = await Backlog.publish();
	await callbacks.send('1 worker', 0, callbacks.plan.length >> 1);
	await backlog.decrypt('1 worker');
	await cluster.startWorkers(1);
	await callbacks.send('2 workers', callbacks.plan.length >> 1);
	await backlog.decrypt('2 workers');
}, 900_000);

afterAll(async () => {
	await balancer?.close();
	await cluster?.stop();
	await wecom?.stop();
}, 120_000);

async function createCredentials(): Promise<Record<string, string>> {
	const contents: Record<string, [type: string, data: object]> = {
		wecomDataApi: ['wecomDataApi', credentialsFor(wecom).wecomDataApi],
		suite: ['wecomDataApi', suiteCredentialsFor(wecom)],
		wecomCallbackApi: ['wecomCallbackApi', credentialsFor(wecom).wecomCallbackApi],
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

describe('tokens and suite_ticket', () => {
	const CALLS = 40;
	let executions: Executions;

	beforeAll(async () => {
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
	}, 60_000);

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

describe('a worker that is killed', () => {
	const EVENTS = 30;
	const ADDED = 20;
	/** How long n8n takes to give up the executions of a worker that is gone. */
	const GIVE_UP_MS = 120_000;
	let executions: Executions;
	let firstSeq: bigint;
	let rows: ExecutionRow[];
	/** How often each message came out of an execution that has ended well. */
	const delivered = new Map<string, number>();
	let atTheKill: { lost: number; doubled: number };
	let givenUp: Execution[];
	/** Seqs that executions had pulled when they died. */
	let died: string[];

	const count = async () => {
		delivered.clear();
		for (const execution of await executions.withData()) {
			for (const { seq } of outputOf(execution, 'Pull New Messages')) {
				delivered.set(String(seq), (delivered.get(String(seq)) ?? 0) + 1);
			}
		}
		const added = wecom.truth.filter(({ seq }) => seq >= firstSeq);
		const times = added.map(({ seq }) => delivered.get(String(seq)) ?? 0);
		return {
			lost: times.filter((one) => one === 0).length,
			doubled: times.filter((one) => one > 1).length,
		};
	};

	/** New messages, and the callback that tells of them. */
	const arrive = async (mark: number) => {
		const added = wecom.addMessages(ADDED);
		const url = publicUrl('/webhook/new-messages/webhook');
		const fields = { Mark: `${mark}` };
		const { ok } = await wecom.sendCallback({ url, event: 'msgaudit_notify', fields });
		expect(ok).toBe(true);
		return added;
	};

	beforeAll(async () => {
		const [first] = wecom.addMessages(1);
		firstSeq = first?.seq ?? 0n;
		const startAfterSeq = String(firstSeq - 1n);
		const example = nodes.adopt(
			readExample('archive-to-answer.json', { 'Pull New Messages': { startAfterSeq } }),
		);
		const trigger = example.nodes.find(({ webhookId }) => webhookId);
		if (trigger) trigger.webhookId = 'new-messages';
		// As if something were done with the messages: it is then that a worker dies.
		const wait = nodeOf('Work', 'n8n-nodes-base.wait', { amount: 2, unit: 'seconds' });
		const told = await startServer(json({}));
		const tell = nodeOf('Tell', 'n8n-nodes-base.httpRequest', {
			method: 'POST',
			url: told.url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody:
				'={{ { id: $execution.id, seqs: $input.all().map((one) => String(one.json.seq)) } }}',
			options: {},
		});
		executions = await publish({
			...example,
			nodes: [
				...example.nodes,
				{ ...tell, typeVersion: 4.2, executeOnce: true },
				{ ...wait, typeVersion: 1.1 },
			],
			connections: {
				...example.connections,
				'Pull New Messages': toNode('Tell'),
				Tell: toNode('Work'),
			},
		});
		/** What executions had in their hands, by their own word: many find that another has it all. */
		const pulledBy = () =>
			new Map(
				told.requests.map(({ body }) => {
					const { id, seqs } = JSON.parse(body) as { id: string; seqs: string[] };
					return [id, seqs] as const;
				}),
			);
		const [victim] = cluster.workers;
		// One that has just pulled: it still has nearly all of its work before it.
		const seen = new Set<string>();
		const killed = (async () => {
			await cluster.rest.until('the worker is at it', async () => {
				const all = await executions.rows();
				const begun = victim ? begunBy(victim) : new Set();
				const running = all.filter(({ id, status }) => status === 'running' && begun.has(id));
				const holding = pulledBy();
				const fresh = running.filter(({ id }) => holding.has(id) && !seen.has(id));
				for (const { id } of fresh) seen.add(id);
				return all.length > EVENTS / 3 && fresh.length > 0;
			});
			await victim?.end('SIGKILL');
		})();
		for (let mark = 0; mark < EVENTS; mark++) {
			await arrive(mark);
			await setTimeout(300);
		}
		await killed;
		rows = await executions.ended(EVENTS, GIVE_UP_MS);
		atTheKill = await count();
		await arrive(EVENTS);
		rows = await executions.ended(EVENTS + 1, GIVE_UP_MS);
		givenUp = await executions.withData('error');
		const holding = pulledBy();
		died = givenUp.flatMap(({ id }) => holding.get(id) ?? []);
		report('Events, worker killed', {
			sent: EVENTS + 1,
			executions: rows.length,
			succeeded: rows.filter(({ status }) => status === 'success').length,
			'failed with the worker': givenUp.length,
		});
		const now = await count();
		for (const [when, counts] of Object.entries({ before: atTheKill, after: now })) {
			report(`Messages, ${when} the next event`, {
				sent: wecom.truth.filter(({ seq }) => seq >= firstSeq).length,
				...counts,
			});
		}
	}, 400_000);

	afterAll(closeServers);

	it('takes its executions with it, and n8n says which', () => {
		const failed = rows.filter(({ status }) => status !== 'success').map(({ id }) => id);
		expect(failed.length).toBeGreaterThan(0);
		expect(givenUp.map(({ id }) => id)).toEqual(failed);
		// Not all of them need be in its log: a job may die between being taken and being begun.
		const [, survivor] = cluster.workers;
		expect(failed.filter((id) => survivor && begunBy(survivor).has(id))).toEqual([]);
		for (const { data } of givenUp) {
			expect(data.resultData.error?.message).toMatch(/failed to be processed too many times/);
		}
	});

	it('loses no event and starts none twice', () => {
		expect(rows).toHaveLength(EVENTS + 1);
	});

	it('loses no message: the next pull brings what the killed executions had', async () => {
		expect(died.length).toBeGreaterThan(0);
		expect(await count()).toEqual({ lost: 0, doubled: 0 });
		expect(died.filter((seq) => !delivered.has(seq))).toEqual([]);
	});
});

function toNode(node: string) {
	return { main: [[{ node, type: 'main' as const, index: 0 }]] };
}
