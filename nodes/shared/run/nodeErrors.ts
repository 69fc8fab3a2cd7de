import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import {
	InvalidInputError,
	WecomApiError,
	WecomError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';
import { Redactor } from '../../../wecom/http/redact';
import { wordsOf } from '../menuWords';

/**
 * Turns what the client throws into what n8n shows: what happened as the message, what to do as the
 * description. Built from harmless facts only; the client's errors never hold a secret. What n8n
 * throws itself (no binary field, no credential, an expression) is built anew in the same way.
 */
export function toNodeError(
	given: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	// n8n stores the node with the error, and people do type codes into fields.
	const node = { ...given, parameters: {} };
	const place = itemIndex === undefined ? {} : { itemIndex };
	if (!(error instanceof WecomError)) {
		const description = adviceIn(error);
		const words = description === undefined ? place : { ...place, description };
		return new NodeOperationError(node, strange(error), words);
	}
	const { message, hint } = wordsOf(error);
	const words = { message, ...(hint ? { description: hint } : {}), ...place };
	const nodeError =
		error instanceof WecomApiError ||
		error instanceof WecomResponseError ||
		error instanceof WecomNetworkError
			? new NodeApiError(node, facts(error), { ...words, httpCode: statusOf(error) })
			: new NodeOperationError(node, message, words);
	// n8n puts general words in the place of ours where it finds a code such as ECONNRESET in them.
	nodeError.message = message;
	return nodeError;
}

/** What n8n's own errors say can be done; they hold the node with its parameters beside. */
function adviceIn(error: unknown): string | undefined {
	if (!(error instanceof NodeApiError || error instanceof NodeOperationError)) return undefined;
	return error.description ? new Redactor().clean(error.description) : undefined;
}

/** Of an error nobody planned only the words go on, without what looks like a secret. */
function strange(error: unknown): string {
	return new Redactor().clean(error instanceof Error ? error.message : String(error));
}

function facts(error: WecomApiError | WecomResponseError | WecomNetworkError): JsonObject {
	if (error instanceof WecomApiError) {
		const { errcode, errmsg, path } = error;
		return { errcode, errmsg, path };
	}
	return error instanceof WecomResponseError
		? { path: error.path, httpStatus: error.httpStatus }
		: { path: error.path, reason: error.reason };
}

function statusOf(error: WecomApiError | WecomResponseError | WecomNetworkError): string {
	if (error instanceof WecomApiError) return String(error.errcode);
	return error instanceof WecomResponseError ? String(error.httpStatus) : error.reason;
}

/** An error in the JSON of an item: what happened, what to do, and the facts. */
export function toErrorJson(error: unknown): JsonObject {
	const { message, ...facts } = toErrorObject(error);
	return { error: message, ...facts };
}

/**
 * What an item carries instead of its result when the user chose to continue on fail.
 *
 * n8n's engine (workflow-execute, handleNodeErrorOutput) sends to the error output what has no key
 * beside `error`, and puts the fields of the input item around it; the facts go inside it then.
 *
 * @param onError as the node has it
 */
export function toFailedJson(error: unknown, onError: INode['onError']): JsonObject {
	return onError === 'continueErrorOutput' ? { error: toErrorObject(error) } : toErrorJson(error);
}

/** What went wrong, as an object for an item: what happened, what to do, and the facts. */
export function toErrorObject(error: unknown): JsonObject & { message: string } {
	if (!(error instanceof WecomError)) {
		const hint = adviceIn(error);
		return { message: strange(error), ...(hint ? { hint } : {}) };
	}
	const { jobid, jobids = jobid === undefined ? [] : [jobid], failures = [] } = error;
	return {
		...wordsOf(error),
		...(jobids.length === 0 ? {} : { jobid: jobids.join(', ') }),
		...(failures.length === 0 ? {} : { failures: failures.map((one) => ({ ...one })) }),
		...(error instanceof WecomApiError ? { errcode: error.errcode, errmsg: error.errmsg } : {}),
		...(error instanceof InvalidInputError ? { field: error.field } : {}),
	};
}
