import {
	sleep,
	type IDataObject,
	type IHookFunctions,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { flag, optional, parseInput, wholeNumber } from '../../wecom/api/fields';
import type { CallbackEvent } from '../../wecom/callback/event';
import { canonicalEvent, isCalled } from '../../wecom/callback/eventNames';
import { CallbackReceiver, type ReceivedCallback } from '../../wecom/callback/receiver';
import {
	CallbackRefusedError,
	StateUnavailableError,
	TooManyCallsError,
	WecomError,
	type StateUnusableError,
} from '../../wecom/errors';
import type { State } from '../../wecom/state/stateStore';
import { toCallbackSettings } from '../shared/credentials';
import { sentencesOf, wordsOf } from '../shared/menuWords';
import { isTest, nodePath } from '../shared/n8nInternals';
import { toErrorObject } from '../shared/run/nodeErrors';
import { aloneBecause, evenAlone, sayWhatIsMissing, stateOf } from '../shared/state';
import { compact, toList } from '../shared/values';
import { ALL_EVENTS, WITH_CHANGE_TYPES } from './events';
import { claimDelivery, PATIENCE_MS, type Delivery } from './once';
import {
	checkFetching,
	fetchesEvents,
	isNotify,
	OtherCorpError,
	prepareFetching,
	takePlace,
	type Fetching,
} from './storedEvent';
import { keepTicket } from './ticket';

/** What is used of Express' response. */
interface Response {
	status(code: number): Response;
	type(mediaType: string): Response;
	send(text: string): unknown;
	/** Whether the connection is gone. */
	closed?: boolean;
	once?(event: 'close', listener: () => void): unknown;
}

/** What is used of Express' request, and what n8n adds to it. */
interface RawRequest {
	method: string;
	rawBody?: unknown;
	/** There where n8n reads the body only on demand. */
	readRawBody?: () => Promise<void>;
}

/** A year. */
const MAX_WINDOW_MINUTES = 525_600;

interface TriggerOptions {
	deduplicate: boolean;
	includeRaw: boolean;
	/** Minutes; 0 is off. */
	timeWindow: number;
}

/**
 * Answers one request of WeCom: verifies it, replies as WeCom expects, and hands on an event when
 * there is one to run. Nothing is thrown, since n8n would record a failed execution for every
 * forged request.
 *
 * While the shared state or n8n's database cannot be reached nobody knows whether an event ran
 * already, or is one: WeCom gets no answer within its patience then, and sends the event again. Where
 * the shared state can be reached and not used, until a person mends it, that would lose the event:
 * it runs as far as this process knows it for new, and the log says so.
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response: Response = context.getResponseObject();
	const askedAt = Date.now();
	try {
		const options = readOptions(context);
		const receiver = await receiverOf(context, options);
		const query = context.getQueryData() as IDataObject;
		const request = context.getRequestObject() as RawRequest;
		const sayUnusable = toSayUnusable(context);
		if (request.method === 'GET') {
			const echo = receiver.verifyUrl(query);
			const take = async (state: State) => await claim(context, state, query);
			const check = await evenAlone(await stateOfNode(context), take, sayUnusable);
			whenClosed(response, () => void check.confirm());
			return reply(response, 200, echo);
		}
		const body = await rawBody(request);
		const received = receiver.receive(query, body);
		const shared = await stateOfNode(context);
		// Meanwhile: WeCom does not wait for it.
		void sayWhatIsMissing(context, choiceOf(context), sayUnusable);
		const keep = async (state: State) => await keepTicket(context, state, received.event);
		await evenAlone(shared, keep, sayUnusable);
		if (fetchesEvents(context) && isNotify(received.event)) {
			return await receiveNotify(context, shared, received, options, sayUnusable);
		}
		if (!isWanted(context, received.event)) return reply(response, 200, 'success');
		const eventId = idToClaim(received.event, options);
		const take = async (state: State) => await claim(context, state, query, eventId);
		const delivery = await evenAlone(shared, take, sayUnusable);
		if (!delivery.isFirst) return reply(response, 200, 'success');
		// Once the answer is on its way WeCom does not send the event again.
		whenClosed(response, () => void delivery.confirm());
		return reply(response, 200, 'success', toItem(received, options));
	} catch (error) {
		if (isPassing(error)) {
			await sleep(Math.max(0, askedAt + PATIENCE_MS - Date.now()));
		}
		return refuse(context, response, error);
	}
}

/**
 * Answers a program_notify at once, and hands on the event that it announces as soon as that is here:
 * n8n starts the execution with what is returned, however late (2.41.1, webhook-helpers and
 * live-webhooks, in queue mode as well; a test URL may have stopped listening by then, and the
 * execution starts all the same). An event that cannot be had is never dropped in silence: the notify
 * goes on in its place, with the reason.
 */
async function receiveNotify(
	context: IWebhookFunctions,
	state: State,
	{ event: notify, plaintext }: ReceivedCallback,
	options: Partial<TriggerOptions>,
	sayUnusable: (error: StateUnusableError) => void,
): Promise<IWebhookResponseData> {
	const response: Response = context.getResponseObject();
	const leavePlace = takePlace();
	try {
		const fetch = await prepareFetching(context, state, notify);
		const eventId = idToClaim(notify, options);
		const query = context.getQueryData() as IDataObject;
		const take = async (from: State) => await claim(context, from, query, eventId);
		const delivery = await evenAlone(state, take, sayUnusable);
		const answered = reply(response, 200, 'success');
		if (!delivery.isFirst) return answered;
		whenClosed(response, () => void delivery.confirm());
		return { ...answered, ...(await fetched(context, fetch, notify, options, plaintext)) };
	} finally {
		leavePlace();
	}
}

/** What the execution starts with; nothing where the event is none of those that are wanted. */
async function fetched(
	context: IWebhookFunctions,
	fetch: Fetching,
	notify: CallbackEvent,
	options: Partial<TriggerOptions>,
	plaintext: string,
): Promise<IWebhookResponseData> {
	try {
		const event = await fetch();
		const isChosen = isWanted(context, event, notify.event);
		return isChosen ? startWith(toItem({ event, plaintext }, options)) : {};
	} catch (error) {
		const failure = toErrorObject(error);
		const why = error instanceof WecomError ? sentencesOf(error) : failure.message;
		// That a notify is another corp's is no fault of anybody.
		const level = error instanceof OtherCorpError ? 'debug' : 'error';
		context.logger[level](`${context.getNode().name}: an event was not fetched, ${why}`);
		return startWith({ ...toItem({ event: notify, plaintext }, options), error: failure });
	}
}

/**
 * Checks the credentials when the workflow is published, where a person is there to read the message.
 *
 * @throws InvalidInputError naming the field of the credential
 */
export async function checkCredentials(context: IHookFunctions): Promise<void> {
	new CallbackReceiver(toCallbackSettings(await context.getCredentials('wecomCallbackApi')));
	await stateOfNode(context);
	await sayWhatIsMissing(context, choiceOf(context), toSayUnusable(context));
	if (fetchesEvents(context)) await checkFetching(context);
}

function choiceOf(context: IHookFunctions | IWebhookFunctions): unknown {
	return context.getNodeParameter('stateStore', 'memory');
}

async function stateOfNode(context: IHookFunctions | IWebhookFunctions): Promise<State> {
	return await stateOf(context, choiceOf(context));
}

/** Logs that the shared state cannot be used, and how to mend it; the same once. */
function toSayUnusable(context: Pick<IHookFunctions, 'logger' | 'getNode'>) {
	const said = new Set<string>();
	return (error: StateUnusableError) => {
		const words = aloneBecause(error);
		if (said.has(words)) return;
		said.add(words);
		context.logger.error(`${context.getNode().name}: ${words}`);
	};
}

/** As a switch or number of minutes; expressions give words and digits too. */
function readOptions(context: IWebhookFunctions): Partial<TriggerOptions> {
	const given = context.getNodeParameter('options', {}) as IDataObject;
	const yes = (name: string, label: string) => parseInput(optional(flag()), given[name], label);
	const minutes = optional(wholeNumber(0, MAX_WINDOW_MINUTES));
	return compact({
		deduplicate: yes('deduplicate', 'Deduplicate'),
		includeRaw: yes('includeRaw', 'Include Raw Message'),
		timeWindow: parseInput(minutes, given.timeWindow, 'Time Window'),
	}) as Partial<TriggerOptions>;
}

async function receiverOf(
	context: IWebhookFunctions,
	{ timeWindow }: Partial<TriggerOptions>,
): Promise<CallbackReceiver> {
	const credential = await context.getCredentials('wecomCallbackApi');
	return new CallbackReceiver({
		...toCallbackSettings(credential),
		...(timeWindow ? { timeWindowSeconds: timeWindow * 60 } : {}),
	});
}

/**
 * The bytes as they came: n8n's parsed body is normalised and no longer what WeCom signed.
 *
 * n8n parses the body before this node is called, unless the parameter `options.binaryData` says
 * otherwise. It has one XML parser for all requests of a process, and that never finishes again after
 * the first text that is no XML, whoever sent it (n8n 2.41.1, middlewares/body-parser).
 */
async function rawBody(request: RawRequest): Promise<Buffer> {
	try {
		if (request.rawBody === undefined) await request.readRawBody?.();
	} catch (error) {
		const { type, message } = error as { type?: unknown; message?: unknown };
		const reason = type === 'entity.too.large' ? 'body_too_large' : 'malformed_body';
		throw new CallbackRefusedError(reason, `The body could not be read: ${String(message)}`); // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the receiver answers it
	}
	const { rawBody } = request;
	if (Buffer.isBuffer(rawBody)) return rawBody;
	return Buffer.from(typeof rawBody === 'string' ? rawBody : '');
}

/**
 * Whether an event is among the chosen ones, under whatever name it was chosen.
 *
 * @param announcedAs what announced it: who chose that gets whatever it announces
 */
function isWanted(context: IWebhookFunctions, event: CallbackEvent, announcedAs?: string): boolean {
	const chosen = toList('Events', context.getNodeParameter('events', []));
	const names = chosen.filter((name) => isCalled(event, name));
	if (names.length === 0) {
		return [ALL_EVENTS, announcedAs].some((name) => name !== undefined && chosen.includes(name));
	}
	if (!names.every((name) => WITH_CHANGE_TYPES.includes(canonicalEvent(name)))) return true;
	const changeTypes = toList('Change Types', context.getNodeParameter('changeTypes', []));
	return changeTypes.length === 0 || changeTypes.includes(event.changeType ?? '');
}

/**
 * What repetitions are told by. Without a time or an id in it, the same text twice may well be two
 * messages: then only the same delivery counts as a repetition.
 */
function idToClaim(
	{ eventId, messageId, notifyId, time }: CallbackEvent,
	{ deduplicate = true }: Partial<TriggerOptions>,
): string | undefined {
	const isOne = (messageId ?? notifyId ?? time) !== undefined;
	return deduplicate && isOne ? eventId : undefined;
}

async function claim(
	context: IWebhookFunctions,
	state: State,
	query: IDataObject,
	eventId?: string,
): Promise<Delivery> {
	if (isTest(context)) return MANUAL;
	// The signature covers nonce, timestamp and ciphertext. Those two themselves could be exchanged, and
	// its case be changed, in a recorded request without making it invalid.
	const delivery = String(query.msg_signature).toLowerCase();
	return await claimDelivery(state.events, nodePath(context), delivery, eventId);
}

/** What is not refused on purpose, and not wrong for good, may be over when WeCom sends again. */
function isPassing(error: unknown): boolean {
	return isBusy(error) || !(error instanceof WecomError);
}

/** Whether nobody can tell at present what an event is, or keep it. */
function isBusy(error: unknown): error is StateUnavailableError | TooManyCallsError {
	return error instanceof StateUnavailableError || error instanceof TooManyCallsError;
}

/** With the test URL everything runs, as often as it is sent. */
const MANUAL: Delivery = { isFirst: true, confirm: async () => await Promise.resolve() };

function toItem(
	{ event, plaintext }: ReceivedCallback,
	{ includeRaw }: Partial<TriggerOptions>,
): IDataObject {
	return { ...event, ...(includeRaw ? { raw: plaintext } : {}) };
}

function refuse(
	context: IWebhookFunctions,
	response: Response,
	error: unknown,
): IWebhookResponseData {
	if (error instanceof CallbackRefusedError) {
		const { message } = wordsOf(error);
		const words = `${context.getNode().name}: callback refused, ${message}`;
		// Rightly signed, so it is the credential that lacks the id; anybody can cause the others.
		if (error.reason === 'receiveid_mismatch') context.logger.warn(words);
		else context.logger.debug(words);
		const isTest = context.getMode() === 'manual' && error.reason === 'receiveid_mismatch';
		return reply(response, error.status, isTest ? `${error.reason}: ${message}` : error.reason);
	}
	if (isBusy(error)) {
		context.logger.error(
			`${context.getNode().name}: a callback was left for WeCom to send again, ${wordsOf(error).message}`,
		);
		return reply(response, 503, 'try again');
	}
	const words =
		error instanceof WecomError ? wordsOf(error).message : 'a credential could not be loaded';
	context.logger.error(`${context.getNode().name}: callbacks cannot be received, ${words}`);
	return reply(response, 500, 'not ready');
}

function whenClosed(response: Response, then: () => void): void {
	if (response.closed === true || !response.once) then();
	else response.once('close', then);
}

/** n8n's own reply would be HTML, or its placeholder for "first entry": WeCom wants exact text. */
function reply(
	response: Response,
	status: number,
	text: string,
	item?: IDataObject,
): IWebhookResponseData {
	response.status(status).type('text/plain').send(text);
	return { noWebhookResponse: true, ...(item ? startWith(item) : {}) };
}

function startWith(item: IDataObject): IWebhookResponseData {
	return { workflowData: [[{ json: item }]] };
}
