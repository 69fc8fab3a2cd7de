import { setTimeout } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { readRecord, TYPE_NUMBERS } from '../../simulator/messages';
import { report } from './counts';
import { startLink, type Link, type LinkFault } from './link';
import { endPrograms, Program } from './program';
import type { Calls, Outcome } from './programs/nodes';
import { RedisServer } from './redisServer';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';
import { zoneTruth } from './zoneTruth';

const MESSAGES = 2500;
const JOBS = 3;
/** How long a job takes by WeCom's clock, which the test moves. */
const JOB_SECONDS = 600;
/** How long a token is good for by that clock: to the end. */
const TOKEN_SECONDS = 7 * 86_400;
/** How often a test looks whether it may go on, milliseconds: other processes need the time. */
const LOOK_AGAIN_MS = 20;
const CALL = '/cgi-bin/chatdata/sync_call_program';
const START = 'invoke_create_sentiment_task';
const ASK = 'invoke_get_sentiment_result';
/** WeCom: of a kind that no model reads, a key that is another message's, a job that came to nothing. */
const UNREADABLE = 710602;
const WRONG_KEY = 710603;
const JOB_FAILED = 710633;
/** Every so many-th message gets the key of another one. */
const WRONG_KEY_EVERY = 250;
const READABLE = [TYPE_NUMBERS.text, TYPE_NUMBERS.voice, TYPE_NUMBERS.meeting_voice_call];
/** Every so many-th question about a job is cut. */
const CUT_EVERY = 3;
/** Ways in which the answer to a start gets lost after it has left. */
const LOST: readonly LinkFault[] = (['none', 'half', 'http502', 'http504'] as const).flatMap(
	(answer) => [
		{ forward: true, answer },
		{ forward: false, answer },
	],
);

const random = seeded('model jobs');
const leaks = new Leaks();

let wecom: Simulator;
let redis: RedisServer;
let link: Link;
/** What WeCom's clock is ahead, milliseconds. */
let ahead = 0;
let messages: IDataObject[];
/** errcodes by msgid, of the messages that a model cannot look at. */
const failing = new Map<string, number>();
/** A call of the program, as it arrives at the link. */
interface ProgramCall {
	ability_id: string;
	/** JSON text. */
	request_data: string;
}

/** Called for each call of the program; decides what happens to it. */
let onCall: (call: ProgramCall) => LinkFault | undefined;

beforeAll(async () => {
	wecom = await startSimulator({
		messageCount: MESSAGES + 100,
		modelSeconds: JOB_SECONDS,
		modelMessageQuota: 10_000_000,
		// A token that ends on the way is a reason to send a start again, and none of these.
		tokenTtlSeconds: TOKEN_SECONDS,
		now: () => Date.now() + ahead,
	});
	redis = await RedisServer.start(random);
	link = await startLink(wecom.url, (path, body) =>
		path === CALL ? onCall(JSON.parse(body) as ProgramCall) : undefined,
	);
	const truth = (await zoneTruth(wecom)).slice(0, MESSAGES);
	const types = new Map(wecom.truth.map((one) => [one.msgid, readRecord(one)?.type]));
	messages = truth.map(({ msgid, secretKey }, index) => {
		const isWrong = index % WRONG_KEY_EVERY === 7;
		if (isWrong) failing.set(msgid, WRONG_KEY);
		else if (!READABLE.includes(types.get(msgid))) failing.set(msgid, UNREADABLE);
		const key = isWrong ? truth[index + 1]?.secretKey : secretKey;
		return { msgid, secret_key: key };
	});
	leaks.addCredentials({ ...credentials(), wecomStateApi: redis.credential });
	for (const { secret_key: key } of messages) leaks.addSecret(String(key));
}, 60_000);

beforeEach(() => {
	onCall = () => undefined;
});

afterAll(async () => {
	await redis.stop();
	await endPrograms();
	await link.close();
	await wecom.stop();
});

const credentials = () => ({
	wecomDataApi: { ...credentialsFor(wecom, 'dataZone').wecomDataApi, baseUrl: link.url },
});

/** The whole of the messages, to one answer. */
const asking = (stateStore: string, more: Partial<Calls> = {}): Calls => ({
	node: 'wecomAiModel',
	parameters: {
		resource: 'model',
		operation: 'sentiment',
		messagesFrom: 'items',
		resultPer: 'all',
		simplify: true,
		stateStore,
		options: { checkSeconds: 1 },
	},
	items: messages,
	...more,
});

async function startProgram(keyPrefix: string): Promise<Program> {
	const program = Program.start('nodes');
	const wecomStateApi = { ...redis.credential, keyPrefix };
	await program.ask('load', { ...credentials(), wecomStateApi });
	return program;
}

async function ask(program: Program, calls: Calls): Promise<Outcome> {
	const [outcome] = await program.ask<Outcome[]>('call', calls);
	if (!outcome) throw new Error('There is no outcome');
	leaks.addOutput('items', JSON.stringify(outcome));
	return outcome;
}

async function stop(program: Program): Promise<void> {
	expect(await program.stop()).toEqual({ code: 0, signal: null });
	leaks.addOutput('log', program.output);
}

/** The jobs that WeCom began since there were so many. */
const begunSince = (count: number) => wecom.modelJobs.slice(count).map(({ jobid }) => jobid);

/** The one item that comes out, as it has to be: joined, in order, with all failures named. */
function expectJoined({ json, error }: Outcome, jobids: readonly string[], failedJob = ''): void {
	expect(error).toBeUndefined();
	expect(json).toHaveLength(1);
	const item = json[0] as {
		jobids: string[];
		message_count: number;
		messages: IDataObject[];
		failures: IDataObject[];
	};
	expect(new Set(item.jobids)).toEqual(new Set(jobids));
	expect(item.message_count).toBe(MESSAGES);
	const part = item.jobids.indexOf(failedJob);
	const isLost = (index: number) => part >= 0 && Math.floor(index / 1000) === part;
	const errcodes = new Map(
		messages.map(({ msgid }, index) => {
			return [msgid, isLost(index) ? JOB_FAILED : failing.get(String(msgid))] as const;
		}),
	);
	expect(item.messages.map(({ msgid }) => msgid)).toEqual(
		[...errcodes].filter(([, code]) => code === undefined).map(([msgid]) => msgid),
	);
	const { failures } = item;
	expect(failures.map(({ msgid, errcode }) => [msgid, errcode])).toEqual(
		[...errcodes].filter(([, code]) => code !== undefined),
	);
	expect(failures.filter(({ errmsg }) => typeof errmsg !== 'string' || errmsg === '')).toEqual([]);
}

describe('a model that is asked about 2,500 messages by a process that is killed', () => {
	/** Lets a process begin the jobs and ask about them, kills it, and asks the same in another one. */
	async function dieAndAskAgain(stateStore: string): Promise<{ outcome: Outcome; before: number }> {
		const keyPrefix = `${random.text(8)}/`;
		const before = wecom.modelJobs.length;
		const askedAbout = new Set<unknown>();
		onCall = ({ ability_id, request_data }) => {
			if (ability_id === ASK) askedAbout.add((JSON.parse(request_data) as IDataObject).jobid);
			return undefined;
		};
		const first = await startProgram(keyPrefix);
		let early: Outcome[] | undefined;
		const dying = first
			.ask<Outcome[]>('call', asking(stateStore))
			.then((outcomes) => (early = outcomes))
			.catch(() => undefined);
		// A job is asked about once its id is kept; it would go on for ten minutes.
		while (askedAbout.size < JOBS && early === undefined) await setTimeout(LOOK_AGAIN_MS);
		expect(early).toBeUndefined();
		expect([...askedAbout].sort()).toEqual(begunSince(before).sort());
		await first.end('SIGKILL');
		leaks.addOutput('log', first.output);
		await dying;
		onCall = ({ ability_id }) => {
			if (ability_id === ASK) ahead += (JOB_SECONDS / JOBS) * 1000;
			return undefined;
		};
		const next = await startProgram(keyPrefix);
		const outcome = await ask(next, asking(stateStore));
		await stop(next);
		report(`Model jobs, process killed, ${stateStore}`, {
			asked: 2,
			begun: begunSince(before).length,
			'begun again': begunSince(before).length - JOBS,
		});
		return { outcome, before };
	}

	it('gives the next process the joined result of the jobs that were begun, where Redis keeps their ids', async () => {
		const { outcome, before } = await dieAndAskAgain('redis');
		const begun = wecom.modelJobs.slice(before);
		expect(begun.map((job) => job.messages).sort()).toEqual([1000, 1000, 500]);
		expectJoined(outcome, begunSince(before));
	}, 120_000);

	it('begins them again where only the process knew them', async () => {
		const { outcome, before } = await dieAndAskAgain('memory');
		const begun = begunSince(before);
		expect(begun).toHaveLength(2 * JOBS);
		expectJoined(outcome, begun.slice(JOBS));
	}, 120_000);
});

describe('a model that is asked about 2,500 messages through a link that breaks', () => {
	const KNOWN = 'Whether WeCom did it is not known';
	let program: Program;

	beforeAll(async () => {
		program = await startProgram(`${random.text(8)}/`);
	}, 60_000);

	afterAll(async () => await stop(program));

	/**
	 * What happens to the calls: questions are cut now and then, while WeCom's clock goes on with each.
	 *
	 * @param startFault what happens to the second start
	 * @returns how often each start was sent
	 */
	function breakLink(startFault?: LinkFault): Map<string, number> {
		const sent = new Map<string, number>();
		let questions = 0;
		onCall = ({ ability_id, request_data }) => {
			if (ability_id === START) {
				sent.set(request_data, (sent.get(request_data) ?? 0) + 1);
				return sent.size === 2 && sent.get(request_data) === 1 ? startFault : undefined;
			}
			if (ability_id !== ASK) return undefined;
			ahead += (JOB_SECONDS / JOBS) * 1000;
			if (++questions % CUT_EVERY > 0) return undefined;
			return { forward: random.chance(0.5), answer: random.pick(['none', 'half', 'http502']) };
		};
		return sent;
	}

	it('joins the three jobs, and names every message that came to nothing', async () => {
		const before = wecom.modelJobs.length;
		const sent = breakLink();
		const outcome = await ask(program, asking('redis'));
		expect([...sent.values()]).toEqual([1, 1, 1]);
		expectJoined(outcome, begunSince(before));
	}, 60_000);

	it('names all messages of a job that fails, and joins the others', async () => {
		const before = wecom.modelJobs.length;
		wecom.failModelJobs('sentiment');
		breakLink();
		const outcome = await ask(program, asking('redis'));
		const begun = begunSince(before);
		// The first one that arrives fails.
		expectJoined(outcome, begun, begun[0]);
	}, 60_000);

	it('begins no job twice when the answer to its start is lost, and says so', async () => {
		let [started, again, unknown] = [0, 0, 0];
		for (let round = 0; round < SIZES.lostStarts; round++) {
			const fault = LOST[round % LOST.length] as LinkFault;
			const before = wecom.modelJobs.length;
			const sent = breakLink(fault);
			const failed = await ask(program, asking('redis', { continueOnFail: true }));
			const begun = begunSince(before);
			started += begun.length;
			again += [...sent.values()].filter((times) => times > 1).length;
			expect(begun).toHaveLength(fault.forward ? JOBS : JOBS - 1);
			expect([...sent.values()]).toEqual([1, 1, 1]);
			const [item] = failed.json;
			if (String(item?.error).includes(KNOWN)) unknown++;
			// The ids of the jobs whose start was answered, for Get Result and for the next execution.
			const known = String(item?.jobid).split(', ');
			expect(known).toHaveLength(JOBS - 1);
			expect(known.filter((jobid) => !begun.includes(jobid))).toEqual([]);

			const afterwards = wecom.modelJobs.length;
			const next = breakLink();
			const outcome = await ask(program, asking('redis'));
			const [own, ...others] = begunSince(afterwards);
			expect([...next.values()]).toEqual([1]);
			expect(others).toEqual([]);
			expectJoined(outcome, [...known, own ?? '']);
		}
		report('Starts of model jobs, answer lost', {
			tried: SIZES.lostStarts,
			'sent again': again,
			started,
			'unknown outcome': unknown,
		});
		expect([again, unknown]).toEqual([0, SIZES.lostStarts]);
	}, 600_000);
});

describe('models', () => {
	it('give no secret away, the keys of messages included', () => {
		leaks.addTraffic(wecom);
		leaks.addOutput('Redis', redis.content());
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
