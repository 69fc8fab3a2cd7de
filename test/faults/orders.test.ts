import { setTimeout } from 'node:timers/promises';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { closedPort } from '../unit/support/server';
import { report } from './counts';
import { startLink, type Link, type LinkFault } from './link';
import { endPrograms, Program } from './program';
import type { Calls, Outcome } from './programs/nodes';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';

const PLACE = '/cgi-bin/service/contact/batchorder/place_order';
const PAY = '/cgi-bin/service/contact/batchorder/pay';
const UNPAID = 0;
const PAID = 1;
/** An order waits so long for its answer, seconds. */
const TIMEOUT_SECONDS = 1;
/** Every way in which an answer gets lost after the request has left. */
const FAULTS: readonly LinkFault[] = (
	['none', 'half', 'http502', 'html', 'empty', 'http504', 'noErrcode', 'silence'] as const
).flatMap((answer) => [
	{ forward: true, answer },
	{ forward: false, answer },
]);

/** One order or payment whose answer got lost. */
interface Attempt {
	path: string;
	fault?: LinkFault;
	/** How often the request arrived at the link. */
	sent: number;
	/** How often WeCom did it. */
	done: number;
	outcome: Outcome;
}

const random = seeded('orders');
const leaks = new Leaks();
const attempts: Attempt[] = [];
/** The same without a fault, on a connection that is refused at first. */
let refusedFirst: Attempt[] = [];

let wecom: Simulator;
let link: Link;
let program: Program;
let fault: LinkFault | undefined;

const CORP = '拾光咖啡连锁';
const corpId = () => wecom.orders.corps.find(({ name }) => name === CORP)?.corpId ?? '';
const placed = () => wecom.orders.list.length;
const unpaid = () => wecom.orders.list.filter(({ status }) => status === UNPAID);
const paid = () => wecom.orders.list.filter(({ status }) => status === PAID).length;
const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const options = { requestTimeout: TIMEOUT_SECONDS };

async function ask(operation: string, parameters: object): Promise<Outcome> {
	const calls = {
		node: 'wecomDataOrder',
		parameters: { resource: 'order', operation, options, ...parameters },
	};
	const [outcome] = await program.ask<Outcome[]>('call', calls as unknown as Calls);
	if (!outcome) throw new Error('There is no outcome');
	leaks.addOutput(operation, JSON.stringify(outcome));
	return outcome;
}

const place = async () =>
	await ask('place', {
		customCorpid: corpId(),
		buyerUserid: 'zhangsan',
		orderType: 1,
		edition: 2,
		purchaseCount: 1,
	});
const pay = async () =>
	await ask('pay', { orderId: byId(unpaid()[0]?.orderId ?? ''), payerUserid: 'lisi' });

/** Does something once, with what happens to its answer, and counts how often it was done. */
async function attempt(
	path: string,
	happening: LinkFault,
	act: () => Promise<Outcome>,
	done: () => number,
): Promise<Attempt> {
	const [requestsBefore, doneBefore] = [link.requests.length, done()];
	fault = happening;
	const outcome = await act();
	fault = undefined;
	const sent = link.requests.slice(requestsBefore).filter((one) => one === path).length;
	return { path, fault: happening, sent, done: done() - doneBefore, outcome };
}

async function startProgram(baseUrl: string): Promise<Program> {
	const started = Program.start('nodes');
	const credentials = credentialsFor(wecom);
	await started.ask('load', { wecomDataApi: { ...credentials.wecomDataApi, baseUrl } });
	return started;
}

/** Does something once, while nobody listens at first. */
async function throughClosedDoor(
	path: string,
	act: () => Promise<Outcome>,
	done: () => number,
): Promise<Attempt> {
	const port = await closedPort();
	const healthy = program;
	program = await startProgram(`http://127.0.0.1:${port}`);
	const before = done();
	const acting = act();
	await setTimeout(300); // the first try is refused meanwhile, the second comes later
	const opened = await startLink(wecom.url, undefined, port);
	const outcome = await acting;
	await opened.close();
	leaks.addOutput('log', program.output);
	await program.stop();
	program = healthy;
	const sent = opened.requests.filter((one) => one === path).length;
	return { path, sent, done: done() - before, outcome };
}

beforeAll(async () => {
	wecom = await startSimulator({ messageCount: 1, balanceFen: 1e12 });
	const isAbout = (path: string) => path === PLACE || path === PAY;
	link = await startLink(wecom.url, (path) => (isAbout(path) ? fault : undefined));
	program = await startProgram(link.url);
	for (let round = 0; round < SIZES.orders; round++) {
		const happening = FAULTS[round % FAULTS.length] as LinkFault;
		attempts.push(await attempt(PLACE, happening, place, placed));
		if (unpaid().length === 0) await place();
		attempts.push(await attempt(PAY, random.pick(FAULTS), pay, paid));
		if (unpaid().length > 0) await pay();
	}
	refusedFirst = [
		await throughClosedDoor(PLACE, place, placed),
		await throughClosedDoor(PAY, pay, paid),
	];
	const ended = await program.stop();
	leaks.addCredentials({ ...credentialsFor(wecom) });
	leaks.addTraffic(wecom);
	leaks.addOutput('log', program.output);
	for (const [name, path] of [['Orders placed', PLACE] as const, ['Orders paid', PAY] as const]) {
		const those = attempts.filter((one) => one.path === path);
		report(`${name}, answer lost`, {
			tried: those.length,
			'sent once': those.filter(({ sent }) => sent === 1).length,
			'sent again': those.filter(({ sent }) => sent > 1).length,
			'done twice': those.filter(({ done }) => done > 1).length,
		});
	}
	expect(ended).toEqual({ code: 0, signal: null });
}, 3_000_000);

afterAll(async () => {
	await endPrograms();
	await link.close();
	await wecom.stop();
});

describe.each([
	['placing an order', PLACE, 'Look with Order → Get Many whether the order is there'],
	['paying an order', PAY, 'Look with Order → Get whether the order is paid'],
])('%s whose answer gets lost', (_name, path, findOut) => {
	const those = () => attempts.filter((one) => one.path === path);
	const wrong = (isRight: (one: Attempt) => boolean) =>
		those()
			.filter((one) => !isRight(one))
			.map(({ fault, sent, done, outcome }) => {
				return { ...fault, sent, done, error: outcome.error?.message };
			});

	it('is sent exactly once, whatever became of it', () => {
		expect(those()).toHaveLength(SIZES.orders);
		expect(wrong(({ sent }) => sent === 1)).toEqual([]);
	});

	it('is done once where it reached WeCom, and never where it did not', () => {
		expect(wrong(({ fault, done }) => done === (fault?.forward ? 1 : 0))).toEqual([]);
	});

	it('says that the outcome is unknown, and how to find out', () => {
		const isSaid = ({ outcome: { error } }: Attempt) =>
			(error?.message.includes('Whether WeCom did it is not known') ?? false) &&
			(error?.description?.startsWith(findOut) ?? false);
		expect(wrong(isSaid)).toEqual([]);
	});
});

describe('an order whose connection is refused', () => {
	it('is tried again, for it has not left, and is placed and paid once', () => {
		const facts = refusedFirst.map(({ path, sent, done, outcome }) => {
			return { path, sent, done, error: outcome.error?.message };
		});
		expect(facts).toEqual([
			{ path: PLACE, sent: 1, done: 1, error: undefined },
			{ path: PAY, sent: 1, done: 1, error: undefined },
		]);
	});
});

describe('orders', () => {
	it('give no secret away', () => {
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
