import type { Notifier } from './callbacks/notifier';
import { Codes } from './codes';
import { Random } from './random';
import { Refusal } from './refusal';

/** An event that WeCom gives to the program: `event_type`, and a body under a name of its own. */
export interface ProgramEvent {
	readonly event_type: string;
	/** unix seconds; now when absent. */
	readonly timestamp?: number;
	readonly [body: string]: unknown;
}

/** An event that the program keeps. */
export interface StoredEvent {
	/** For sync_call_program: good for 10 minutes. */
	readonly notifyId: string;
	/** As it is fetched. */
	readonly event: ProgramEvent;
}

const LIFE_SECONDS = 600;
/** Events whose body is a token that a list is fetched with. */
const WITH_TOKEN = ['conversation_new_message', 'hit_keyword'];
const MAX_SCENE = 255;
/** How many calls without a token there may be within a minute. */
const FREE_CALLS = 120;
const MINUTE = 60_000;

/** What the events start with. */
export interface ZoneEventsStart {
	readonly notifier: Notifier;
	/** Same seed, same ids and tokens. */
	readonly seed: number;
	/** Clock in ms. */
	readonly now: () => number;
}

/** The events that the program in the zone keeps for the app, and the tokens in them. */
export class ZoneEvents {
	private readonly stored: Codes<ProgramEvent>;
	private readonly tokens: Codes<string>;
	private freeCalls: number[] = [];
	private listening = false;

	/** Has none. */
	constructor(private readonly start: ZoneEventsStart) {
		const random = new Random(start.seed, 'zone events');
		this.stored = new Codes(random, LIFE_SECONDS, start.now);
		this.tokens = new Codes(random, LIFE_SECONDS, start.now);
	}

	/** A program gets the corp's events from now on, set_receive_callback says. */
	listen(): void {
		this.listening = true;
	}

	/** Something happened in the corp: as {@link notify}, where a program gets its events. */
	tell(event: ProgramEvent): void {
		if (this.listening) this.notify(event);
	}

	/**
	 * Keeps an event, and calls back program_notify (document path 101389) where there is somewhere to
	 * call back to. conversation_new_message and hit_keyword get a good token where they have no body.
	 *
	 * @param scene - NotifyScene
	 * @throws TypeError without event_type, RangeError for a scene that is not from 0 to 255
	 */
	notify(given: ProgramEvent, scene?: number): StoredEvent {
		const { event_type: type, timestamp = this.seconds(), ...body } = given;
		if (typeof type !== 'string' || type === '') throw new TypeError('event_type is missing');
		if (scene !== undefined && !(Number.isInteger(scene) && scene >= 0 && scene <= MAX_SCENE)) {
			throw new RangeError(`scene must be from 0 to ${MAX_SCENE}`);
		}
		const token = WITH_TOKEN.includes(type) ? { [type]: { token: this.tokens.issue(type) } } : {};
		const event = { event_type: type, timestamp, ...token, ...body };
		const notifyId = this.stored.issue(event);
		this.start.notifier.notify('program_notify', {
			NotifyId: notifyId,
			...(scene === undefined ? {} : { NotifyScene: scene }),
		});
		return { notifyId, event };
	}

	/**
	 * The event behind an id.
	 *
	 * @returns undefined for an id that was never given
	 * @throws Refusal 710646 for one older than 10 minutes
	 */
	find(notifyId: string): ProgramEvent | undefined {
		const found = this.stored.find(notifyId);
		if (found?.expired === true) throw new Refusal(710646, 'older than 10 minutes');
		return found?.value;
	}

	/**
	 * Accepts a call with a token of that event, or one of the few a minute without.
	 *
	 * @throws Refusal 40058 for a bad token, 45009 for too many calls without
	 */
	admit(type: string, token: string | undefined): void {
		if (token !== undefined) {
			const found = this.tokens.find(token);
			const good = found?.value === type && !found.expired;
			if (!good) throw new Refusal(40058, 'token is unknown, or older than 10 minutes');
			return;
		}
		const now = this.start.now();
		this.freeCalls = this.freeCalls.filter((at) => at > now - MINUTE);
		if (this.freeCalls.length >= FREE_CALLS) throw new Refusal(45009, 'calls without token');
		this.freeCalls.push(now);
	}

	private seconds(): number {
		return Math.floor(this.start.now() / 1000);
	}
}
