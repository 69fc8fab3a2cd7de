/** What becomes of a program_notify where the trigger is to hand on the event behind it. */
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHookFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { ZoneProgram } from '../../wecom/api/carriers/carrier';
import { WecomClient, type ClientSettings } from '../../wecom/api/client';
import { id, parseInput } from '../../wecom/api/fields';
import { fetchStoredEvent } from '../../wecom/api/storedEvents';
import { fetchEvent } from '../../wecom/api/zone';
import { PROGRAM_NOTIFY, toStoredEvent, type CallbackEvent } from '../../wecom/callback/event';
import { NotInContractError, TooManyCallsError, WecomError } from '../../wecom/errors';
import type { State } from '../../wecom/state/stateStore';
import { archiveOf, toClientSettings } from '../shared/credentials';
import { keepTickets } from '../shared/keptTickets';
import { sentencesOf } from '../shared/menuWords';
import { aloneBecause } from '../shared/state';
import { readZoneProgram } from '../shared/zoneProgram';
import { restoreTickets } from './ticket';

type TriggerContext = IHookFunctions | IWebhookFunctions;

/**
 * Most notifies of this process that wait for their event. n8n keeps a sandbox for expressions for
 * each, some megabytes; new messages are announced every 15 s at most, so that 40 of them may wait in
 * ten minutes.
 */
const MAX_WAITING = 50;
/** The exchange repeats its calls itself. */
const ONE_TRY = { retries: 0 };

let waiting = 0;

/** Whether the trigger is to fetch the events that programs in the data zone store. */
export function fetchesEvents(context: TriggerContext): boolean {
	return context.getNodeParameter('fetchStoredEvent', false) === true;
}

/** Whether there is an event to be fetched for a callback. */
export function isNotify({ event, notifyId }: CallbackEvent): boolean {
	return event === PROGRAM_NOTIFY && notifyId !== undefined;
}

/**
 * Checks that the trigger can fetch events with its credential, where the contract has any: the others
 * bring the events themselves.
 *
 * @throws InvalidInputError naming the field of the credential or the option
 */
export async function checkFetching(context: TriggerContext): Promise<void> {
	const credential = await context.getCredentials('wecomDataApi');
	const settings = toClientSettings(credential);
	try {
		new WecomClient(settings).describe(fetchEvent, { notify_id: 'any' });
	} catch (error) {
		if (error instanceof NotInContractError) return;
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the trigger wraps it
	}
	parseInput(id(), programOf(context, settings).programId, 'Program ID');
}

/**
 * Takes one of the places for notifies that wait, before the callback is answered.
 *
 * @returns gives it back
 * @throws TooManyCallsError when there is none
 */
export function takePlace(): () => void {
	if (waiting >= MAX_WAITING) {
		throw new TooManyCallsError(
			PROGRAM_NOTIFY,
			`${waiting} events wait to be fetched already, the most this process keeps`,
			'See in the log why they cannot be fetched.',
		);
	}
	waiting++;
	return () => void waiting--;
}

/** The way to the event behind a notify. */
export type Fetching = () => Promise<CallbackEvent>;

/**
 * Makes ready to fetch the event behind a notify, for as long as its id is good. What is wrong with
 * the credential, and that the notify is another corp's, comes out when it is fetched: WeCom would
 * send the callback again for nothing.
 *
 * @throws what n8n throws where it cannot load the credential: that may pass
 */
export async function prepareFetching(
	context: IWebhookFunctions,
	state: State,
	notify: CallbackEvent,
): Promise<Fetching> {
	const credential = await context.getCredentials('wecomDataApi');
	return async () => {
		refuseOtherCorp(context, credential, notify);
		const settings = toClientSettings(credential);
		await findTickets(context, settings, state);
		const { logger } = context;
		const { name } = context.getNode();
		let isSaid = false;
		const client = new WecomClient({
			...settings,
			state,
			retry: ONE_TRY,
			onStateUnavailable: (error) => logger.warn(`${name}: ${aloneBecause(error)}`),
		});
		const stored = await fetchStoredEvent(client, {
			notifyId: notify.notifyId ?? '',
			...(notify.time ? { createdAt: Date.parse(notify.time) } : {}),
			program: programOf(context, settings),
			onFailedTry: (error) => {
				if (isSaid || !(error instanceof WecomError)) return;
				isSaid = true;
				logger.warn(`${name}: an event is fetched again, ${sentencesOf(error)}`);
			},
		});
		return toStoredEvent(stored, notify);
	};
}

/** The notify is for another corp than the credential's: its event cannot be had with that. */
export class OtherCorpError extends WecomError {
	readonly code = 'input';
}

function refuseOtherCorp(
	context: IWebhookFunctions,
	credential: ICredentialDataDecryptedObject,
	{ authCorpId }: CallbackEvent,
): void {
	const { corp } = archiveOf(context.getNode(), credential);
	if (authCorpId === undefined || corp === '' || corp === authCorpId) return;
	throw new OtherCorpError(
		`The event is stored for the corp ${authCorpId}, and the credential is for ${corp}`,
		'`fetchEvent` with Auth Corp ID and Permanent Code of that corp in Options gets it, within 10 minutes.',
	);
}

function programOf(
	context: TriggerContext,
	{ program }: Pick<ClientSettings, 'program'>,
): Partial<ZoneProgram> {
	return { ...program, ...readZoneProgram(context.getNodeParameter('options', {}) as IDataObject) };
}

/**
 * Gives this process the suite_tickets that came before n8n was started again. Nothing is written
 * back: n8n would save this copy of the static data when the event is there, minutes old.
 */
async function findTickets(
	context: IWebhookFunctions,
	{ authentication }: ClientSettings,
	state: State,
): Promise<void> {
	if (authentication.type !== 'suite' || state.kind !== 'memory') return;
	await restoreTickets(context);
	await keepTickets(authentication, state, () => ({ ...context.getWorkflowStaticData('global') }));
}
