import { CancelledError, TooManyCallsError } from '../errors';
import { systemClock, type Clock } from './clock';
import { LinkedList, type ListNode } from './linkedList';
import { onAbort } from './onAbort';
import { RateWindow, type RateLimit } from './rateWindow';
import { MAX_SOCKETS } from './transport';

/** Whose limits a call counts against. */
export interface CallOf {
	/** The corp, by any text that no other corp has. */
	corp: string;
	/** The API path, without query. */
	api: string;
}

/** A call that may have to wait. */
export interface QueuedCall extends CallOf {
	signal?: AbortSignal;
	/** Longest wait for a rate limit or the end of a pause, milliseconds, where that of the queue is too long. */
	maxWaitMs?: number;
}

/** Limits of a queue; what is left out is as in {@link DEFAULT_LIMITS}. */
export interface CallQueueSettings {
	/** Calls of one API for one corp at the same time. */
	maxRunningPerApi?: number;
	/** Calls at the same time. */
	maxRunning?: number;
	/** How often one API may be called for one corp; all of these hold. */
	rates?: readonly RateLimit[];
	/** The same for APIs with limits of their own, by name. */
	ratesByApi?: ReadonlyMap<string, readonly RateLimit[]>;
	/**
	 * Most waiting calls. Once there are so many, a corp still gets in while it has less than its
	 * share of them, and each with one: nobody is locked out by the calls of another.
	 */
	maxWaiting?: number;
	/** Longest wait for a rate limit or the end of a pause, milliseconds. */
	maxWaitMs?: number;
	clock?: Clock;
}

/**
 * What WeCom publishes: 10,000 calls a minute and 150,000 an hour per corp and API
 * (https://developer.work.weixin.qq.com/document/path/90312), and the one figure there is about
 * calls at the same time, 10 per corp, of get_msg_list_by_page_id. Functions of Tencent's native
 * library have limits of their own (document 91774). Beyond the number of sockets calls would only wait
 * in another place.
 */
export const DEFAULT_LIMITS: Required<CallQueueSettings> = {
	maxRunningPerApi: 10,
	maxRunning: MAX_SOCKETS,
	rates: [
		{ calls: 10_000, windowMs: 60_000 },
		{ calls: 150_000, windowMs: 3_600_000 },
	],
	ratesByApi: new Map([
		['GetChatData', [{ calls: 4000, windowMs: 60_000 }]],
		['GetMediaData', [{ calls: 25_000, windowMs: 60_000 }]],
	]),
	maxWaiting: 10_000,
	maxWaitMs: 60_000,
	clock: systemClock,
};

/** A call that waits for its turn. */
interface Waiting {
	/** Its place; unset when it waits no longer. */
	place: ListNode<Waiting> | undefined;
	stopListening: (() => void) | undefined;
	/** Longest wait for a rate limit or the end of a pause, milliseconds. */
	readonly maxWaitMs: number;
	/** How many pauses its lane had seen before the one that it may have to wait for. */
	pausesBefore: number;
	go(): void;
	refuse(error: Error): void;
}

/** The calls of one corp. */
interface Corp {
	readonly name: string;
	readonly lanes: Map<string, Lane>;
	/** Those of its APIs that could be called now, in turn. */
	readonly ready: LinkedList<Lane>;
	/** Its place among the corps that could call; unset when nothing of it is ready. */
	turn: ListNode<Corp> | undefined;
	waiting: number;
}

/** The calls of one API for one corp. */
interface Lane {
	readonly corp: Corp;
	readonly api: string;
	readonly waiting: LinkedList<Waiting>;
	readonly windows: readonly RateWindow[];
	running: number;
	/** No call that waits is in a greater hurry, milliseconds. */
	leastWaitMs: number;
	pausedUntil: number;
	pauses: number;
	/** Its place among the ready ones of the corp; unset when it is not ready. */
	turn: ListNode<Lane> | undefined;
	/** Set while calls wait for a rate limit or the end of a pause. */
	alarm: { at: number; cancel: () => void } | undefined;
}

/** Live lanes looked at per call in search of idle ones: more than a call can add. */
const SWEPT_PER_CALL = 2;

/**
 * Keeps the calls of a process within the limits of WeCom and of its own sockets. One for the
 * process, every call passes through it. Calls of one API for one corp go out in the order in which
 * they came; corps take turns, so that the thousands of one do not delay the single call of another.
 *
 * @example
 * const calls = new CallQueue();
 * await calls.run({ corp: 'ww1', api: '/msgaudit/get_chat_data', signal }, async () => await send());
 */
export class CallQueue {
	private readonly limits: Required<CallQueueSettings>;
	private readonly corps = new Map<string, Corp>();
	/** All lanes, those to be looked at next for idleness first. */
	private readonly lanes = new LinkedList<Lane>();
	private readonly turns = new LinkedList<Corp>();
	private running = 0;
	private waiting = 0;
	private waitingCorps = 0;
	private remembered = 0;

	constructor(settings: CallQueueSettings = {}) {
		this.limits = { ...DEFAULT_LIMITS, ...settings };
	}

	/** How many pairs of corp and API are remembered: those called within the longest rate limit. */
	get size(): number {
		return this.remembered;
	}

	/**
	 * Runs a task as soon as the limits allow it; at once where nothing is in the way.
	 *
	 * @param task sends one request; a repetition is another call
	 * @returns what the task returns
	 * @throws what the task throws
	 * @throws TooManyCallsError before the task began, when too many wait or it would wait too long
	 * @throws CancelledError when the signal fires before the task began
	 */
	async run<T>(call: QueuedCall, task: () => Promise<T>): Promise<T> {
		if (call.signal?.aborted) throw new CancelledError();
		const lane = this.laneOf(call);
		await this.turnIn(lane, call);
		try {
			return await task();
		} finally {
			lane.running--;
			this.running--;
			this.settle(lane);
			this.dispatch();
		}
	}

	/**
	 * Holds back all calls of one API for one corp, after a 45009 say. A call waits for one pause:
	 * those that have waited for one and meet the next fail with a TooManyCallsError, and so do
	 * all for which it is too long.
	 *
	 * @param milliseconds from now; a pause that lasts longer already stays as it is
	 */
	pause(call: CallOf, milliseconds: number): void {
		if (milliseconds <= 0) return;
		const lane = this.laneOf(call);
		const now = this.now();
		// What was under way when a pause began may ask for the same one again.
		if (lane.pausedUntil <= now) lane.pauses++;
		lane.pausedUntil = Math.max(lane.pausedUntil, now + milliseconds);
		this.refuseWaiting(
			lane,
			lane.pausedUntil - now,
			({ pausesBefore }) => lane.pauses - pausesBefore > 1,
		);
		this.settle(lane);
	}

	private now(): number {
		return this.limits.clock.now();
	}

	/** Resolves when the call may go out; it counts as running from then on. */
	private async turnIn(
		lane: Lane,
		{ signal, maxWaitMs = Infinity }: Omit<QueuedCall, keyof CallOf>,
	): Promise<void> {
		await new Promise<void>((go, refuse) => {
			const call = this.enter(lane, Math.min(maxWaitMs, this.limits.maxWaitMs), go, refuse);
			this.settle(lane);
			this.dispatch();
			if (!call.place) return;
			if (this.isFull(lane.corp)) return this.turnAway(lane, call, this.tooMany(lane));
			if (!signal) return;
			call.stopListening = onAbort(signal, () => {
				this.turnAway(lane, call, new CancelledError());
			});
		});
	}

	private enter(
		lane: Lane,
		maxWaitMs: number,
		go: () => void,
		refuse: (error: Error) => void,
	): Waiting {
		const paused = lane.pausedUntil > this.now();
		const pausesBefore = paused ? lane.pauses - 1 : lane.pauses;
		const call: Waiting = {
			place: undefined,
			stopListening: undefined,
			maxWaitMs,
			pausesBefore,
			go,
			refuse,
		};
		call.place = lane.waiting.push(call);
		lane.leastWaitMs = Math.min(lane.leastWaitMs, maxWaitMs);
		this.waiting++;
		if (lane.corp.waiting++ === 0) this.waitingCorps++;
		return call;
	}

	private leave(lane: Lane, call: Waiting): void {
		if (!call.place) return;
		lane.waiting.remove(call.place);
		call.place = undefined;
		call.stopListening?.();
		this.waiting--;
		if (--lane.corp.waiting === 0) this.waitingCorps--;
	}

	private turnAway(lane: Lane, call: Waiting, error: Error): void {
		this.leave(lane, call);
		call.refuse(error);
		this.settle(lane);
	}

	private isFull(corp: Corp): boolean {
		const { maxWaiting } = this.limits;
		const share = Math.max(1, maxWaiting / this.waitingCorps);
		return this.waiting > maxWaiting && corp.waiting > share;
	}

	/** Lets calls out, corp by corp, while the process may make more of them. */
	private dispatch(): void {
		while (this.running < this.limits.maxRunning) {
			const corp = this.turns.first?.value;
			const lane = corp?.ready.first?.value;
			const call = lane?.waiting.first?.value;
			if (!corp || !lane || !call) return;
			this.setReady(lane, false);
			this.leave(lane, call);
			const now = this.now();
			for (const window of lane.windows) window.add(now);
			lane.running++;
			this.running++;
			call.go();
			this.settle(lane);
			if (corp.turn) {
				this.turns.remove(corp.turn);
				corp.turn = this.turns.push(corp);
			}
		}
	}

	/** Brings what is known of a lane in line after a change: whether it is ready, and if not until when. */
	private settle(lane: Lane): void {
		const now = this.now();
		const opensAt = Math.max(
			lane.pausedUntil,
			...lane.windows.map((window) => window.opensAt(now)),
			now,
		);
		if (opensAt > now + lane.leastWaitMs) this.refuseHurried(lane, opensAt - now);
		const waits = lane.waiting.first !== undefined;
		this.setAlarm(lane, waits && opensAt > now ? opensAt : undefined);
		const free = opensAt <= now && lane.running < this.limits.maxRunningPerApi;
		this.setReady(lane, waits && free);
	}

	/** Refuses those that have waited longest, up to the first that may go on waiting. */
	private refuseWaiting(lane: Lane, waitMs: number, tooLong: (call: Waiting) => boolean): void {
		for (;;) {
			const call = lane.waiting.first?.value;
			if (!call || !tooLong(call)) return;
			this.leave(lane, call);
			call.refuse(usedUp(lane.api, waitMs));
		}
	}

	/** Refuses those for which it takes too long; the others go on waiting. */
	private refuseHurried(lane: Lane, waitMs: number): void {
		lane.leastWaitMs = this.limits.maxWaitMs;
		for (let place = lane.waiting.first; place; place = place.next) {
			const call = place.value;
			if (call.maxWaitMs >= waitMs) {
				lane.leastWaitMs = Math.min(lane.leastWaitMs, call.maxWaitMs);
				continue;
			}
			this.leave(lane, call);
			call.refuse(usedUp(lane.api, waitMs));
		}
	}

	private setReady(lane: Lane, ready: boolean): void {
		const { corp } = lane;
		if (ready) {
			lane.turn ??= corp.ready.push(lane);
			corp.turn ??= this.turns.push(corp);
			return;
		}
		if (!lane.turn) return;
		corp.ready.remove(lane.turn);
		lane.turn = undefined;
		if (corp.ready.first || !corp.turn) return;
		this.turns.remove(corp.turn);
		corp.turn = undefined;
	}

	private setAlarm(lane: Lane, at: number | undefined): void {
		if (lane.alarm?.at === at) return;
		lane.alarm?.cancel();
		lane.alarm = undefined;
		if (at === undefined) return;
		const cancel = this.limits.clock.after(at - this.now(), () => {
			lane.alarm = undefined;
			this.settle(lane);
			this.dispatch();
		});
		lane.alarm = { at, cancel };
	}

	private laneOf({ corp: name, api }: CallOf): Lane {
		this.sweep();
		const corp = this.corps.get(name) ?? this.addCorp(name);
		return corp.lanes.get(api) ?? this.addLane(corp, api);
	}

	private addCorp(name: string): Corp {
		const corp: Corp = {
			name,
			lanes: new Map(),
			ready: new LinkedList(),
			turn: undefined,
			waiting: 0,
		};
		this.corps.set(name, corp);
		return corp;
	}

	private addLane(corp: Corp, api: string): Lane {
		const lane: Lane = {
			corp,
			api,
			waiting: new LinkedList(),
			windows: (this.limits.ratesByApi.get(api) ?? this.limits.rates).map(
				(rate) => new RateWindow(rate),
			),
			running: 0,
			leastWaitMs: this.limits.maxWaitMs,
			pausedUntil: 0,
			pauses: 0,
			turn: undefined,
			alarm: undefined,
		};
		corp.lanes.set(api, lane);
		this.lanes.push(lane);
		this.remembered++;
		return lane;
	}

	/** Forgets lanes that are idle. A few per call suffice, and no timer has to run for it. */
	private sweep(): void {
		const now = this.now();
		let live = 0;
		for (;;) {
			const place = this.lanes.first;
			if (!place) return;
			const lane = place.value;
			const idle = isIdle(lane, now);
			if (!idle && ++live > SWEPT_PER_CALL) return;
			this.lanes.remove(place);
			if (idle) this.forget(lane);
			else this.lanes.push(lane);
		}
	}

	private forget({ corp, api }: Lane): void {
		corp.lanes.delete(api);
		if (corp.lanes.size === 0) this.corps.delete(corp.name);
		this.remembered--;
	}

	private tooMany({ api }: Lane): TooManyCallsError {
		return new TooManyCallsError(
			api,
			`${this.waiting - 1} calls are waiting in this process already: ${api} was not sent`,
			'Start fewer runs at the same time, or let each of them make fewer calls.',
		);
	}
}

function isIdle(lane: Lane, now: number): boolean {
	return (
		lane.running === 0 &&
		!lane.waiting.first &&
		lane.pausedUntil <= now &&
		lane.windows.every((window) => window.isEmpty(now))
	);
}

function usedUp(api: string, waitMs: number): TooManyCallsError {
	const retryAt = new Date(Date.now() + waitMs);
	const time = retryAt.toISOString();
	return new TooManyCallsError(
		api,
		`The limit of calls of ${api} for this corp is used up until ${time}: the call was not sent`,
		`Try again after ${time}, with fewer calls in the same time.`,
		retryAt,
	);
}
