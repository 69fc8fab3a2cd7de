import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { keepSuiteTicket } from '../../wecom/auth/suiteTicket';
import type { CallbackEvent } from '../../wecom/callback/event';
import { processState } from '../../wecom/state/memoryState';
import { keyFromSecret, seal, unseal } from '../../wecom/state/sealing';
import type { State } from '../../wecom/state/stateStore';

/** In n8n's static data of the trigger, which outlives a restart: sealed, since exports show it. */
interface Kept extends IDataObject {
	suiteTickets?: Record<string, string>;
}

interface Ticket {
	ticket: string;
	/** Milliseconds since 1970. */
	pushedAt: number;
}

const MAX_SUITES = 20;

/**
 * Keeps the ticket of a verified suite_ticket event for every credential of its suite, and over a
 * restart of n8n.
 *
 * @throws StateUnavailableError when the shared state cannot be reached: WeCom has to send it again
 */
export async function keepTicket(
	context: IWebhookFunctions,
	state: State,
	{ event, suiteId, receiveId, time, data }: CallbackEvent,
): Promise<void> {
	const { SuiteTicket: ticket } = data;
	// The signed receive id says whose ticket it is; the text inside could name any suite.
	const isTicket = event === 'suite_ticket' && suiteId !== undefined && suiteId === receiveId;
	if (!isTicket || typeof ticket !== 'string' || ticket.trim() === '') return;
	const kept: Ticket = {
		ticket: ticket.trim(),
		pushedAt: time ? Date.parse(time) : Date.now(),
	};
	if (context.getMode() !== 'manual') {
		const staticData = context.getWorkflowStaticData('node') as Kept;
		const others = Object.entries(staticData.suiteTickets ?? {})
			.filter(([id]) => id !== suiteId)
			.slice(-MAX_SUITES + 1);
		const sealed = seal(JSON.stringify(kept), await keyOf(context), suiteId);
		staticData.suiteTickets = Object.fromEntries([...others, [suiteId, sealed]]);
	}
	await keepSuiteTicket(state, suiteId, kept);
}

/** Gives this process the tickets that were kept before n8n was started again. */
export async function restoreTickets(context: IHookFunctions): Promise<void> {
	const { suiteTickets = {} } = context.getWorkflowStaticData('node') as Kept;
	for (const [suiteId, sealed] of Object.entries(suiteTickets)) {
		const text = unseal(sealed, await keyOf(context), suiteId);
		// Sealed with an EncodingAESKey that was replaced since: the next ticket comes in 10 minutes.
		if (text === undefined) continue;
		await keepSuiteTicket(processState, suiteId, JSON.parse(text) as Ticket);
	}
}

async function keyOf(context: Pick<IWebhookFunctions, 'getCredentials'>): Promise<Buffer> {
	const { encodingAesKey } = await context.getCredentials('wecomCallbackApi');
	return await keyFromSecret(String(encodingAesKey), 'suite_ticket in static data');
}
