import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { planCallbacks, type PlannedCallback } from './callbackPlan';
import { report } from './counts';
import { inParallel, NO_ANSWER, post, type CallbackAnswer } from './post';
import { endPrograms, Program } from './program';
import type { ExecutionLine } from './programs/webhooks';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';

const PARALLEL = 50;
/** Bytes a callback may leave behind: what is remembered of it for two hours, and nothing else. */
const MAX_BYTES_A_CALLBACK = 400;
/** Bytes of measuring noise. */
const NOISE = 4 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'wecom-data-faults-'));
const file = join(folder, 'executions');
const leaks = new Leaks();

let wecom: Simulator;
let plan: PlannedCallback[];
let answers: CallbackAnswer[];
let executions: ExecutionLine[];
/** Bytes in use after the first half and at the end. */
let memory: { half: number; end: number };
let ended: Program['ended'];

/** Requests with what came back. */
const sent = () =>
	plan.map((callback, index) => ({ ...callback, ...(answers[index] ?? NO_ANSWER) }));
const bad = () => sent().filter(({ event }) => !event);
const good = () => sent().flatMap(({ event, ...rest }) => (event ? [{ ...rest, ...event }] : []));
const isBrokenOff = ({ kind }: PlannedCallback) => kind === 'broken off on the way';
const isRefused = ({ status }: CallbackAnswer) => status >= 400 && status < 500;

/** How often each event was executed. */
function executionsByEvent(): Map<string, number> {
	const times = new Map(good().map(({ plaintextHash }) => [plaintextHash, 0]));
	for (const { plaintextHash } of executions) {
		times.set(plaintextHash, (times.get(plaintextHash) ?? 0) + 1);
	}
	return times;
}

beforeAll(async () => {
	wecom = await startSimulator({ messageCount: 1 });
	plan = planCallbacks(seeded('callbacks'), wecom, SIZES);
	writeFileSync(file, '');
	const program = Program.start('webhooks');
	const credentials = { ...credentialsFor(wecom) };
	const url = await program.ask<string>('serve', { credentials, file });

	const send = async (part: PlannedCallback[]) => {
		const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
		const result = await inParallel(
			part,
			PARALLEL,
			async ({ make }) => await post(url, make(), agent),
		);
		agent.destroy();
		return result;
	};
	const half = plan.length >> 1;
	answers = await send(plan.slice(0, half));
	const atHalf = await program.ask<number>('memory');
	answers.push(...(await send(plan.slice(half))));
	memory = { half: atHalf, end: await program.ask<number>('memory') };
	ended = await program.stop();

	const lines = readFileSync(file, 'utf8').trim().split('\n');
	executions = lines.map((line) => JSON.parse(line) as ExecutionLine);
	leaks.addCredentials(credentials);
	leaks.addTraffic(wecom);
	leaks.addOutput('log', program.output);
	leaks.addOutput('items', lines.join('\n'));
	leaks.addOutput('answers', answers.map(({ body }) => body).join('\n'));

	const times = [...executionsByEvent().values()];
	report('Callbacks', {
		sent: good().length,
		accepted: good().filter(({ status }) => status === 200).length,
		events: times.length,
		'executed once': times.filter((count) => count === 1).length,
		lost: times.filter((count) => count === 0).length,
		doubled: times.filter((count) => count > 1).length,
	});
	report('Bad callbacks', {
		tried: bad().length,
		refused: bad().filter((callback) => isRefused(callback) || isBrokenOff(callback)).length,
		executed: executions.length - times.reduce((sum, count) => sum + count, 0),
		crashed: ended?.code === 0 ? 0 : 1,
	});
	const megabytes = (bytes: number) => Math.round(bytes / 1024 / 102.4) / 10;
	report('Memory (MB)', {
		'after half': megabytes(memory.half),
		'at the end': megabytes(memory.end),
	});
}, 1_200_000);

afterAll(async () => {
	await endPrograms();
	await wecom.stop();
	rmSync(folder, { recursive: true });
});

describe('callbacks, good and bad, fifty at a time', () => {
	it('run every good event exactly once', () => {
		const notOnce = [...executionsByEvent()].filter(([, count]) => count !== 1);
		expect(notOnce).toEqual([]);
	});

	it('answer every event and every retry of it with success', () => {
		const deliveries = new Map<number, CallbackAnswer[]>();
		for (const { delivery, status, body } of good()) {
			deliveries.set(delivery, [...(deliveries.get(delivery) ?? []), { status, body }]);
		}
		const isAccepted = ({ status, body }: CallbackAnswer) => status === 200 && body === 'success';
		const wrong = [...deliveries.values()].filter((group) => group.filter(isAccepted).length !== 1);
		expect(wrong).toEqual([]);
	});

	it('answer the same signed request a second time with 403', () => {
		const others = good().filter(({ status }) => status !== 200);
		expect(others.length).toBe(good().filter(({ kind }) => kind === 'replay').length);
		expect(new Set(others.map(({ status }) => status))).toEqual(new Set([403]));
	});

	it('refuse every bad one with 4xx', () => {
		const accepted = bad().filter((callback) => !isRefused(callback) && !isBrokenOff(callback));
		expect(accepted.map(({ kind, status, body }) => [kind, status, body])).toEqual([]);
		expect(bad().length).toBeGreaterThan(SIZES.fuzzedBodies);
	});

	it('start no execution for a refused one', () => {
		const events = new Set(good().map(({ plaintextHash }) => plaintextHash));
		const others = executions.filter(({ plaintextHash }) => !events.has(plaintextHash));
		expect(others.map(({ item }) => item.event)).toEqual([]);
	});

	it('crash nothing: the process ends when it is told to', () => {
		expect(ended).toEqual({ code: 0, signal: null });
	});

	it('leave the memory flat', () => {
		const growth = memory.end - memory.half;
		expect(growth).toBeLessThan(NOISE + (plan.length / 2) * MAX_BYTES_A_CALLBACK);
	});

	it('give no secret away', () => {
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
