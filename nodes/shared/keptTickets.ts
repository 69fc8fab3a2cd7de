import type { IDataObject } from 'n8n-workflow';

import type { Authentication } from '../../wecom/api/client';
import {
	findSuiteTicket,
	keepSuiteTicket,
	madeAt,
	readTicket,
	type SuiteTicket,
} from '../../wecom/auth/suiteTicket';
import { processState } from '../../wecom/state/memoryState';
import { keyFromSecret, seal, unseal } from '../../wecom/state/sealing';
import type { State } from '../../wecom/state/stateStore';

/** In n8n's static data, which outlives a restart: sealed, since exports of a workflow show it. */
interface Kept extends IDataObject {
	suiteTickets?: Record<string, string>;
}

const MAX_SUITES = 20;
const PURPOSE = 'suite_ticket in static data';

/**
 * Keeps a ticket over a restart of n8n.
 *
 * @param staticData of the workflow or the node
 * @param secret that whoever restores it knows as well
 */
export async function keepInStaticData(
	staticData: IDataObject,
	suiteId: string,
	{ ticket, pushedAt: said }: Required<SuiteTicket>,
	secret: string,
): Promise<void> {
	const { suiteTickets = {} } = staticData as Kept;
	const pushedAt = madeAt(said);
	const kept = await keptTicket(staticData, suiteId, secret);
	// An old delivery that somebody sends once more is as well signed as a new one.
	if ((kept?.pushedAt ?? 0) > pushedAt) return;
	const others = Object.entries(suiteTickets)
		.filter(([id]) => id !== suiteId)
		.slice(-MAX_SUITES + 1);
	const text = JSON.stringify({ ticket, pushedAt });
	const sealed = seal(text, await keyFromSecret(secret, PURPOSE), suiteId);
	staticData.suiteTickets = Object.fromEntries([...others, [suiteId, sealed]]);
}

/** Gives this process the tickets that were kept before n8n was started again. */
export async function restoreFromStaticData(
	staticData: IDataObject,
	secret: string,
): Promise<void> {
	const { suiteTickets = {} } = staticData as Kept;
	for (const suiteId of Object.keys(suiteTickets)) {
		const { ticket, pushedAt } = (await keptTicket(staticData, suiteId, secret)) ?? {};
		// Sealed with a secret that was replaced since, or dated wrong: the next one comes in 10 minutes.
		if (ticket === undefined || pushedAt === undefined) continue;
		await keepSuiteTicket(processState, suiteId, { ticket, pushedAt });
	}
}

/**
 * For whatever calls as a suite: brings the ticket of this process and that of the static data on
 * the same, newer, level. What ran lately has the ticket when n8n is started again, which since 2.41
 * calls no trigger that was published before.
 *
 * @param staticData asked for only where it is needed
 */
export async function keepTickets(
	authentication: Authentication,
	state: State,
	staticData: () => IDataObject,
): Promise<void> {
	if (authentication.type !== 'suite' || state.kind !== 'memory') return;
	const { suiteId, suiteSecret } = authentication;
	const kept = staticData();
	await restoreFromStaticData(kept, suiteSecret);
	const { ticket, pushedAt } = (await findSuiteTicket(state, suiteId, '')) ?? {};
	if (ticket === undefined || pushedAt === undefined) return;
	// Written only when it changed: n8n saves static data that was touched.
	if ((await keptTicket(kept, suiteId, suiteSecret))?.ticket === ticket) return;
	await keepInStaticData(kept, suiteId, { ticket, pushedAt }, suiteSecret);
}

async function keptTicket(
	staticData: IDataObject,
	suiteId: string,
	secret: string,
): Promise<SuiteTicket | undefined> {
	const { [suiteId]: sealed } = (staticData as Kept).suiteTickets ?? {};
	const text = sealed && unseal(sealed, await keyFromSecret(secret, PURPOSE), suiteId);
	return text ? readTicket(text) : undefined;
}
