import type { ServerResponse } from 'node:http';

import { RecordError, WecomError } from '../../errors';
import type { ArchiveLibrary, LibraryAccess, LibraryFacts } from '../archiveLibrary';
import { toOpenedJson } from './answers';
import type { SidecarLog } from './log';
import { parseRequest, requestSchemas } from './requests';
import { HEALTH_PATH, MAX_BATCH_BYTES, SIDECAR_HEADERS, SIDECAR_PATHS } from './wire';

/** A request whose token is good and whose body is here. */
export interface SidecarTurn {
	/** JSON of a POST. */
	body: unknown;
	response: ServerResponse;
	/** Fires when the client goes, and when the sidecar ends. */
	signal: AbortSignal;
	log: SidecarLog;
	/**
	 * The library for one corp.
	 *
	 * @param keys of messages: kept out of errors, as the secrets of the access are
	 */
	about(access: LibraryAccess, keys?: readonly string[]): ArchiveLibrary;
}

/** What a path does. */
export interface SidecarHandler {
	method: 'GET' | 'POST';
	/** Largest body. */
	maxBytes: number;
	/** Answers, or throws what the client is told. */
	run(turn: SidecarTurn): Promise<void>;
}

/** Bodies other than batches of ciphertext. */
const MAX_SMALL_BODY_BYTES = 64 * 1024;

/** For a look at the library that is about no archive: it calls nothing of WeCom's. */
export const NO_CORP: LibraryAccess = { corpId: 'ww0000000000000000', secret: 'none' };

/** What the sidecar does, by path. */
export const SIDECAR_HANDLERS: Readonly<Partial<Record<string, SidecarHandler>>> = {
	[SIDECAR_PATHS.chatData]: post(async ({ body, about, signal, response }) => {
		const { access, seq, limit } = parseRequest(requestSchemas.chatData, body);
		sendText(response, await about(access).chatData(seq, limit, signal));
	}),
	[SIDECAR_PATHS.decrypt]: post(async ({ body, about, signal, response, log }) => {
		const { access, batch } = parseRequest(requestSchemas.decrypt, body);
		const keys = batch.map(({ randomKey }) => randomKey);
		const results = await about(access, keys).decrypt(batch, signal);
		if (results.some(isCrash)) log.problem('The library ended its process over a record');
		sendText(response, toOpenedJson(results));
	}, MAX_BATCH_BYTES),
	[SIDECAR_PATHS.media]: post(async ({ body, about, signal, response }) => {
		const { access, sdkfileid, index } = parseRequest(requestSchemas.media, body);
		const { data, nextIndex, isLast } = await about(access).media(sdkfileid, index, signal);
		response.setHeader(SIDECAR_HEADERS.nextIndex, encodeURIComponent(nextIndex));
		response.setHeader(SIDECAR_HEADERS.isLast, isLast ? '1' : '0');
		send(response, 200, 'application/octet-stream', data);
	}),
	[SIDECAR_PATHS.check]: post(async ({ body, about, signal, response }) => {
		const { access } = parseRequest(requestSchemas.check, body);
		sendJson(response, 200, await about(access).check(signal));
	}),
	[HEALTH_PATH]: {
		method: 'GET',
		maxBytes: 0,
		run: async ({ about, signal, response }) => {
			const library = await libraryHealth(about(NO_CORP), signal);
			sendJson(response, 200, { status: 'up', library });
		},
	},
};

/**
 * What the library is, or why it is of no use.
 *
 * @param library of any corp
 */
export async function libraryHealth(
	library: ArchiveLibrary,
	signal?: AbortSignal,
): Promise<LibraryFacts | { problem: string; hint?: string }> {
	try {
		return await library.check(signal);
	} catch (error) {
		if (!(error instanceof WecomError)) throw error;
		return { problem: error.message, ...(error.hint ? { hint: error.hint } : {}) };
	}
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, json: object): void {
	send(response, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(json)));
}

function sendText(response: ServerResponse, json: string): void {
	send(response, 200, 'application/json; charset=utf-8', Buffer.from(json));
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
	response.writeHead(status, { 'content-type': type, 'content-length': body.length });
	response.end(body);
}

function post(run: SidecarHandler['run'], maxBytes = MAX_SMALL_BODY_BYTES): SidecarHandler {
	return { method: 'POST', maxBytes, run };
}

function isCrash(result: string | RecordError): boolean {
	return result instanceof RecordError && result.reason === 'library_crashed';
}
