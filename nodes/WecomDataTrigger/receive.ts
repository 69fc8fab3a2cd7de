import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { CallbackEvent } from '../../wecom/callback/event';
import { CallbackReceiver, type ReceivedCallback } from '../../wecom/callback/receiver';
import { CallbackRefusedError, WecomError } from '../../wecom/errors';
import { SeenKeys } from '../../wecom/state/seenKeys';
import { toCallbackSettings } from '../shared/credentials';
import { ALL_EVENTS } from './events';

/** What is used of Express' response. */
interface Response {
	status(code: number): Response;
	type(mediaType: string): Response;
	send(text: string): unknown;
}

/** What is used of Express' request, and what n8n adds to it. */
interface RawRequest {
	method: string;
	rawBody?: unknown;
	/** There where n8n reads the body only on demand. */
	readRawBody?: () => Promise<void>;
}

interface TriggerOptions {
	deduplicate: boolean;
	includeRaw: boolean;
	/** Minutes; 0 is off. */
	timeWindow: number;
}

/** Signature, nonce and timestamp of a delivery are unique for two hours. */
const REMEMBER_MS = 2 * 60 * 60 * 1000;
const REMEMBER_EVENTS = 200_000;

/** Shared by all triggers of this process; keys name the node. */
const seen = new SeenKeys(REMEMBER_MS, REMEMBER_EVENTS);

/**
 * Answers one request of WeCom: verifies it, replies as WeCom expects, and hands on an event when
 * there is one to run. Nothing is thrown, since n8n would record a failed execution for every
 * forged request.
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response: Response = context.getResponseObject();
	try {
		const options = context.getNodeParameter('options', {}) as Partial<TriggerOptions>;
		const receiver = await receiverOf(context, options);
		const query = context.getQueryData() as IDataObject;
		const request = context.getRequestObject() as RawRequest;
		if (request.method === 'GET') return reply(response, 200, receiver.verifyUrl(query));
		const body = await rawBody(request);
		const received = receiver.receive(query, body);
		const run = isWanted(context, received.event) && isFirst(context, options, received, query);
		return reply(response, 200, 'success', run ? toItem(received, options) : undefined);
	} catch (error) {
		return refuse(context, response, error);
	}
}

/**
 * Checks the credential when the workflow is published, where a person is there to read the message.
 *
 * @throws InvalidInputError naming the field of the credential
 */
export async function checkCallbackCredential(
	context: Pick<IWebhookFunctions, 'getCredentials'>,
): Promise<void> {
	new CallbackReceiver(toCallbackSettings(await context.getCredentials('wecomCallbackApi')));
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

/** The bytes as they came: n8n's parsed body is normalised and no longer what WeCom signed. */
async function rawBody(request: RawRequest): Promise<Buffer> {
	if (request.rawBody === undefined) await request.readRawBody?.();
	const { rawBody } = request;
	if (Buffer.isBuffer(rawBody)) return rawBody;
	return Buffer.from(typeof rawBody === 'string' ? rawBody : '');
}

function isWanted(context: IWebhookFunctions, event: CallbackEvent): boolean {
	const events = context.getNodeParameter('events', []) as string[];
	if (!events.includes(ALL_EVENTS) && !events.includes(event.event)) return false;
	if (event.event !== 'customer_acquisition' || !events.includes(event.event)) return true;
	const changeTypes = context.getNodeParameter('changeTypes', []) as string[];
	return changeTypes.length === 0 || changeTypes.includes(event.changeType ?? '');
}

function isFirst(
	context: IWebhookFunctions,
	{ deduplicate = true }: Partial<TriggerOptions>,
	{ event }: ReceivedCallback,
	query: IDataObject,
): boolean {
	if (!deduplicate || context.getMode() === 'manual') return true;
	// Without a time in it, the same text twice may well be two messages: then only the same
	// delivery counts as a repetition.
	const identity = event.time ? event.eventId : `${event.eventId}/${String(query.msg_signature)}`;
	return seen.add(`${context.getWorkflow().id}/${context.getNode().id}/${identity}`);
}

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
		context.logger.debug(`${context.getNode().name}: callback refused, ${error.message}`);
		return reply(response, error.status, error.reason);
	}
	const words =
		error instanceof WecomError ? error.message : 'the callback credential could not be loaded';
	context.logger.error(`${context.getNode().name}: callbacks cannot be received, ${words}`);
	return reply(response, 500, 'not ready');
}

/** n8n's own reply would be HTML, or its placeholder for "first entry": WeCom wants exact text. */
function reply(
	response: Response,
	status: number,
	text: string,
	item?: IDataObject,
): IWebhookResponseData {
	response.status(status).type('text/plain').send(text);
	return { noWebhookResponse: true, ...(item ? { workflowData: [[{ json: item }]] } : {}) };
}
