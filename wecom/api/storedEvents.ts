import { setTimeout } from 'node:timers/promises';

import {
	AnswerTooLargeError,
	InvalidInputError,
	StateUnavailableError,
	TooManyCallsError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../errors';
import { isTooDeep, MAX_LEVELS } from '../json';
import type { ZoneProgram } from './carriers/carrier';
import { SYNC_CALL_PATH } from './carriers/program';
import type { WecomClient } from './client';
import { fetchEvent, type StoredEvent } from './zone';

/** How long a notify_id is good for. Source: document 101389. */
const LIFE_MS = 10 * 60 * 1000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After too many calls: the shortest window of time there is. */
const LIMIT_PAUSE_MS = 60_000;

/** A program_notify, and how to get the event behind it. */
export interface StoredEventRequest {
	notifyId: string;
	/** When WeCom made the notify_id, milliseconds since 1970; now when left out. */
	createdAt?: number;
	/** The program that stored the event, where it differs from the client's. */
	program?: Partial<ZoneProgram>;
	/** Learns why a try failed that is followed by another. */
	onFailedTry?: (error: unknown) => void;
}

/**
 * Fetches the event behind a notify_id, again and again while the failure may pass and the id is
 * good, with pauses that grow from 0.5 s to 30 s. The pauses do not keep the process from ending.
 *
 * @param client makes one call for each try, best without repetitions of its own
 * @throws what the last try threw: at once what is refused for good, an id that is not valid any more
 * or a right that is missing say; else what was wrong to the end of the ten minutes
 * Source: documents 101356, 101389
 */
export async function fetchStoredEvent(
	client: Pick<WecomClient, 'call' | 'clockOffsetMs'>,
	{ notifyId, createdAt, program = {}, onFailedTry }: StoredEventRequest,
): Promise<StoredEvent> {
	const startedAt = Date.now();
	const bornAt = Math.min(createdAt ?? startedAt, startedAt + client.clockOffsetMs);
	for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
		let stored: StoredEvent;
		try {
			stored = await client.call(fetchEvent, { notify_id: notifyId }, { program });
		} catch (error) {
			// By WeCom's clock, which the answers tell: this machine's may be fast.
			const leftMs = bornAt + LIFE_MS - (Date.now() + client.clockOffsetMs);
			const waitMs = Math.max(pauseMs, askedMs(error));
			if (!mayPass(error) || waitMs >= leftMs) throw error;
			onFailedTry?.(error);
			await setTimeout(waitMs, undefined, { ref: false });
			continue;
		}
		if (!isTooDeep(stored)) return stored;
		throw new WecomResponseError(
			200,
			false,
			SYNC_CALL_PATH,
			`The stored event nests deeper than ${MAX_LEVELS} levels, which no event does`,
		);
	}
}

/** Whether the same call may succeed within the ten minutes. */
function mayPass(error: unknown): boolean {
	if (error instanceof WecomApiError) {
		const { action, programDown, staleTicket } = error.entry;
		return ['retry', 'wait', 'poll'].includes(action) || Boolean(programDown ?? staleTicket);
	}
	if (error instanceof WecomResponseError) {
		const { httpStatus, passing } = error;
		const isRefused = httpStatus >= 400 && httpStatus < 500;
		return passing || !(isRefused || error instanceof AnswerTooLargeError);
	}
	// WeCom sends the suite a ticket every ten minutes.
	if (error instanceof InvalidInputError) return error.field === 'suiteTicket';
	return [WecomNetworkError, TooManyCallsError, StateUnavailableError].some(
		(kind) => error instanceof kind,
	);
}

/** How long not to ask again, milliseconds. */
function askedMs(error: unknown): number {
	if (error instanceof WecomResponseError) return error.retryAfterMs ?? 0;
	const isLimit = error instanceof WecomApiError && error.entry.frequencyLimit;
	return isLimit ? LIMIT_PAUSE_MS : 0;
}
