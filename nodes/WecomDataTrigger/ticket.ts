import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { keepSuiteTicket, madeAt } from '../../wecom/auth/suiteTicket';
import type { CallbackEvent } from '../../wecom/callback/event';
import type { State } from '../../wecom/state/stateStore';
import { keepInStaticData, restoreFromStaticData } from '../shared/keptTickets';
import { isTest } from '../shared/n8nInternals';
import { refreshCopy } from '../shared/position/staticCopies';

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
	const kept = { ticket: ticket.trim(), pushedAt: madeAt(time ? Date.parse(time) : undefined) };
	if (!isTest(context)) {
		const staticData = context.getWorkflowStaticData('node');
		await keepInStaticData(staticData, suiteId, kept, await secretOf(context));
	}
	try {
		await keepSuiteTicket(state, suiteId, kept);
	} finally {
		// n8n saves this copy now, with all that it says of other nodes.
		if (!isTest(context)) refreshCopy(context);
	}
}

/** Gives this process the tickets that came before n8n was started again. */
export async function restoreTickets(context: IHookFunctions | IWebhookFunctions): Promise<void> {
	const staticData = context.getWorkflowStaticData('node');
	if (staticData.suiteTickets) await restoreFromStaticData(staticData, await secretOf(context));
}

async function secretOf(context: Pick<IWebhookFunctions, 'getCredentials'>): Promise<string> {
	const { encodingAesKey } = await context.getCredentials('wecomCallbackApi');
	return String(encodingAesKey);
}
