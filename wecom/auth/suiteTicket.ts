import { StateUnavailableError } from '../errors';
import { processState } from '../state/memoryState';
import type { State } from '../state/stateStore';

/** A suite_ticket as WeCom pushed it. Source: document 90628. */
export interface SuiteTicket {
	ticket: string;
	/**
	 * When WeCom made it, milliseconds since 1970, and never after it came; undefined for one that was
	 * typed in.
	 */
	pushedAt?: number;
}

/** WeCom accepts a ticket for half an hour. */
export const TICKET_LIFE_MS = 30 * 60 * 1000;
/** Kept longer than it is good for, so that its age can be told. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** What is kept may lie so far in the future where the clock of this machine was set back. */
const CLOCK_SET_BACK_MS = 5 * 60 * 1000;

/**
 * When a ticket was made, as far as its sender can be believed: not after it came, or a wrong date in
 * the future would keep every later ticket out.
 *
 * @param said milliseconds since 1970 that the sender named; now when it named none
 * @returns the same, at most now in the whole seconds of WeCom's times, so that of two tickets of one
 * second the later one counts
 */
export function madeAt(said = Infinity): number {
	return Math.min(said, Math.floor(Date.now() / 1000) * 1000);
}

/**
 * Reads a ticket as it was kept. Times beyond now that an earlier version believed are forgotten: the
 * ticket serves until the next one comes.
 */
export function readTicket(text: string): SuiteTicket {
	const { ticket, pushedAt = Infinity } = JSON.parse(text) as SuiteTicket;
	return pushedAt - Date.now() > CLOCK_SET_BACK_MS ? { ticket } : { ticket, pushedAt };
}

/**
 * Keeps a ticket for the credentials of its suite, unless a newer one is there. One that is shared is
 * kept in this process as well, for when the shared state cannot be reached.
 *
 * @param pushedAt as its sender says; see {@link madeAt}
 * @throws StateUnavailableError when the shared state cannot be reached
 */
export async function keepSuiteTicket(
	state: State,
	suiteId: string,
	{ ticket, pushedAt: said }: Required<SuiteTicket>,
): Promise<void> {
	const pushedAt = madeAt(said);
	for (const { secrets } of state.kind === 'memory' ? [state] : [processState, state]) {
		const known = parse(await secrets.get(nameOf(suiteId)));
		if ((known?.pushedAt ?? 0) > pushedAt) continue;
		await secrets.set(nameOf(suiteId), JSON.stringify({ ticket, pushedAt }), KEEP_MS);
	}
}

/**
 * The newest ticket there is.
 *
 * @param typedIn from the credential: of unknown age, so only where the kept one is too old
 * @param onStateUnavailable learns that only this process' tickets are known
 * @returns undefined when there is none at all
 */
export async function findSuiteTicket(
	state: State,
	suiteId: string,
	typedIn: string,
	onStateUnavailable?: (error: StateUnavailableError) => void,
): Promise<SuiteTicket | undefined> {
	const kept = await newest(state, suiteId, onStateUnavailable);
	const isFresh = kept?.pushedAt !== undefined && Date.now() - kept.pushedAt < TICKET_LIFE_MS;
	return typedIn !== '' && !isFresh ? { ticket: typedIn } : kept;
}

async function newest(
	state: State,
	suiteId: string,
	onStateUnavailable?: (error: StateUnavailableError) => void,
): Promise<SuiteTicket | undefined> {
	if (state.kind === 'memory') return parse(await state.secrets.get(nameOf(suiteId)));
	const own = parse(await processState.secrets.get(nameOf(suiteId)));
	try {
		const shared = parse(await state.secrets.get(nameOf(suiteId)));
		return (shared?.pushedAt ?? 0) >= (own?.pushedAt ?? 0) ? (shared ?? own) : own;
	} catch (error) {
		if (!(error instanceof StateUnavailableError)) throw error;
		onStateUnavailable?.(error);
		return own;
	}
}

function nameOf(suiteId: string): string {
	return `suite_ticket/${suiteId}`;
}

function parse(text: string | undefined): SuiteTicket | undefined {
	return text === undefined ? undefined : readTicket(text);
}
