import { StateUnavailableError } from '../errors';
import { processState } from '../state/memoryState';
import type { State } from '../state/stateStore';

/** A suite_ticket as WeCom pushed it. Source: document 90628. */
export interface SuiteTicket {
	ticket: string;
	/** When WeCom made it, milliseconds since 1970; undefined for one that was typed in. */
	pushedAt?: number;
}

/** WeCom accepts a ticket for half an hour. */
export const TICKET_LIFE_MS = 30 * 60 * 1000;
/** Kept longer than it is good for, so that its age can be told. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Keeps a ticket for the credentials of its suite, unless a newer one is there. One that is shared is
 * kept in this process as well, for when the shared state cannot be reached.
 *
 * @throws StateUnavailableError when the shared state cannot be reached
 */
export async function keepSuiteTicket(
	state: State,
	suiteId: string,
	{ ticket, pushedAt }: Required<SuiteTicket>,
): Promise<void> {
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
	return text === undefined ? undefined : (JSON.parse(text) as SuiteTicket);
}
