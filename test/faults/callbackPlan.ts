import { createHash } from 'node:crypto';

import type { Simulator } from '../../simulator';
import { CALLBACK_EVENTS } from '../../simulator/callbacks/events';
import type { Random } from '../../simulator/random';
import { callbackOf, envelope, seal, sign, type SealedCallback } from '../support/callback';
import { BAD_CALLBACKS, type Forger } from './badCallbacks';
import { damage, RANDOM_BODIES } from './fuzz';
import type { CallbackRequest } from './post';

/** One request to be sent, and what has to become of it. */
export interface PlannedCallback {
	/** What it is, for the message when it goes wrong. */
	kind: string;
	/** Made when it is sent; large ones would not fit into memory all at once. */
	make: () => CallbackRequest;
	/** What it delivers; bad ones deliver nothing. */
	event?: {
		/** SHA-256 of the plaintext. */
		plaintextHash: string;
		/** The same for requests that are the same byte for byte. */
		delivery: number;
	};
}

/** How many there are to be. */
export interface PlanSize {
	callbacks: number;
	fuzzedBodies: number;
}

/** The callback settings of the receiver, as a sender knows them. */
interface Keys {
	token: string;
	encodingAesKey: string;
	receiveId: string;
}

type Ordered = PlannedCallback & { at: number };

const BAD_SHARE = 0.3;
/** A callback is what its body says: proxies and test tools send it as anything. */
const CONTENT_TYPES = [
	'text/xml',
	'application/xml; charset=utf-8',
	'application/json',
	'text/plain',
	'application/octet-stream',
	'application/x-www-form-urlencoded',
	'multipart/form-data; boundary=x',
	undefined,
];

/**
 * Callbacks of every kind, good and bad, in the order in which they are to be sent: duplicates and
 * replays partly beside their event, partly long after it.
 */
export function planCallbacks(random: Random, wecom: Simulator, size: PlanSize): PlannedCallback[] {
	const { token, encodingAesKey, suiteId: receiveId } = wecom.callback;
	const keys: Keys = { token, encodingAesKey, receiveId };
	const forger: Forger = { random, keys, message: () => plaintextOf(random, wecom) };
	const plan: Ordered[] = [];
	let deliveries = 0;

	const addEvent = () => {
		const plaintext = plaintextOf(random, wecom);
		const plaintextHash = createHash('sha256').update(plaintext).digest('hex');
		const start = random.next();
		const delivered = (kind: string) => {
			const event = { plaintextHash, delivery: deliveries++ };
			const request = once(() => toRequest(random, plaintext, keys));
			const times = random.chance(0.25) ? random.int(2, 3) : 1;
			for (let time = 0; time < times; time++) {
				const at = random.chance(0.5) ? start : start + random.next() * (1 - start);
				plan.push({ kind: time ? 'replay' : kind, make: request, event, at });
			}
		};
		delivered('event');
		const duplicates = random.chance(0.3) ? random.int(1, 2) : 0;
		for (let duplicate = 0; duplicate < duplicates; duplicate++) delivered('duplicate');
	};

	while (plan.length < size.callbacks) {
		if (!random.chance(BAD_SHARE)) {
			addEvent();
			continue;
		}
		const [kind, make] = random.pick(Object.entries(BAD_CALLBACKS));
		plan.push({ kind, make: () => make(forger), at: random.next() });
	}
	for (let index = 0; index < size.fuzzedBodies; index++) {
		plan.push({ kind: 'fuzzed', make: () => fuzzed(forger), at: random.next() });
	}
	return plan.sort((a, b) => a.at - b.at);
}

/** An event's text; each one is different. */
function plaintextOf(random: Random, wecom: Simulator): string {
	const event = random.pick(CALLBACK_EVENTS);
	const format = random.pick(['xml', 'json'] as const);
	return wecom.buildCallback({ event, format, fields: { Mark: random.text(16) } }).plaintext;
}

/** One delivery of an event, signed and encrypted anew. */
function toRequest(random: Random, plaintext: string, keys: Keys): CallbackRequest {
	const sealed = callbackOf(plaintext, keys);
	const body = random.chance(0.5)
		? sealed.body
		: Buffer.from(JSON.stringify({ tousername: keys.receiveId, encrypt: sealed.encrypt }));
	const contentType = random.pick(CONTENT_TYPES);
	return {
		query: Object.entries(sealed.query),
		body,
		...(contentType === undefined ? {} : { contentType }),
	};
}

/** A body that somebody played with: never the signed text itself. */
function fuzzed({ random, keys, message }: Forger): CallbackRequest {
	const sealed: SealedCallback = callbackOf(message(), keys);
	const contentType = random.pick(CONTENT_TYPES) ?? 'text/xml';
	const query = Object.entries(sealed.query);
	if (random.chance(0.25)) {
		// Rightly signed nonsense: it is the cipher that has to refuse it.
		const encrypt = random.pick(RANDOM_BODIES)(random).toString('base64');
		return {
			query: Object.entries(sign(encrypt, keys)),
			body: Buffer.from(envelope(encrypt)),
			contentType,
		};
	}
	if (random.chance(0.2)) return { query, body: random.pick(RANDOM_BODIES)(random), contentType };
	if (random.chance(0.1)) {
		// Rightly signed and encrypted, and the frame in it lies about its length.
		const length = random.pick([0xffffffff, 0x7fffffff, 4096, 2 ** 24]);
		const encrypt = seal(message(), { ...keys, length });
		return {
			query: Object.entries(sign(encrypt, keys)),
			body: Buffer.from(envelope(encrypt)),
			contentType,
		};
	}
	return { query, body: damage(random, sealed.body, sealed.encrypt), contentType };
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}
