import * as z from 'zod/v4';

import {
	InvalidInputError,
	WecomError,
	WecomResponseError,
	type WecomNetworkError,
} from '../../errors';
import { LibraryCrashedError, LibraryReturnError, LibraryUnavailableError } from '../libraryErrors';

/** The sidecar does not take a request: token, size, path, too many at once. */
export class RefusedError extends Error {
	/**
	 * @param status HTTP status of the answer
	 * @param kind what the client tells refusals apart by
	 */
	constructor(
		readonly status: 400 | 401 | 404 | 405 | 413 | 503,
		readonly kind: 'token' | 'size' | 'path' | 'protocol' | 'body' | 'busy',
		message: string,
	) {
		super(message);
	}
}

const errorJson = z.object({
	kind: z.string(),
	message: z.string(),
	hint: z.string().optional(),
	/** Of `input`. */
	field: z.string().optional(),
	/** Of `returnCode`: the number, and the function of the library. */
	returnCode: z.number().int().optional(),
	name: z.string().optional(),
});

/** An error as the sidecar answers it, in `{ "error": … }`. */
export type ErrorJson = z.infer<typeof errorJson>;

const answerJson = z.object({ error: errorJson });

/**
 * An error as an answer.
 *
 * @param clean takes the secrets of the request out of a text
 */
export function toErrorAnswer(
	error: unknown,
	clean: (text: string) => string,
): { status: number; error: ErrorJson } {
	if (error instanceof RefusedError) {
		return { status: error.status, error: { kind: error.kind, message: error.message } };
	}
	if (error instanceof LibraryReturnError) {
		const { returnCode, path: name, errmsg, hint } = error;
		return {
			status: 502,
			error: { kind: 'returnCode', returnCode, name, message: clean(errmsg), ...cleaned({ hint }) },
		};
	}
	if (!(error instanceof WecomError)) {
		const message = 'The sidecar failed over this request';
		return { status: 500, error: { kind: 'failed', message, hint: 'Its log says more.' } };
	}
	const { message, hint } = error;
	const words = { message: clean(message), ...cleaned({ hint }) };
	if (error instanceof InvalidInputError) {
		return { status: 400, error: { kind: 'input', field: error.field, ...words } };
	}
	if (error instanceof LibraryCrashedError) {
		return { status: 500, error: { kind: 'crashed', ...words } };
	}
	return { status: 503, error: { kind: 'unavailable', ...words } };

	function cleaned(optional: { hint: string | undefined }): { hint?: string } {
		return optional.hint === undefined ? {} : { hint: clean(optional.hint) };
	}
}

/** What to do about two versions that do not understand each other. */
export const SAME_VERSION =
	'Install the same version of this package here and in the image of the sidecar.';

/** Where an answer came from, and what takes secrets out of its words. */
export interface AnswerOrigin {
	path: string;
	host: string;
	clean: (text: string) => string;
}

/**
 * The error that an answer of the sidecar tells, of the class that it had there.
 *
 * @param json body of an answer whose status is not 200
 */
export function fromErrorAnswer(
	json: unknown,
	{ status, retryAfterMs }: { status: number; retryAfterMs?: number },
	{ path, host, clean }: AnswerOrigin,
): WecomError {
	const parsed = answerJson.safeParse(json);
	if (!parsed.success) return otherVersion(host);
	const { kind, returnCode = 0, ...words } = parsed.data.error;
	const field = clean(words.field ?? 'input');
	const name = clean(words.name ?? path);
	const message = clean(words.message);
	const hint = words.hint && clean(words.hint);
	const there = `${message} (sidecar at ${host})`;
	switch (kind) {
		case 'returnCode':
			return new LibraryReturnError(returnCode, name, hint);
		case 'input':
			return new InvalidInputError(field, message, hint);
		case 'crashed':
			return new LibraryCrashedError(there, hint);
		case 'busy':
			return new WecomResponseError(status, true, path, there, hint, retryAfterMs);
		case 'token':
			return new LibraryUnavailableError(
				`The sidecar at ${host} refuses the token`,
				'`sidecarToken` has to be the text in the token file of the sidecar, which reads that file when it starts: restart it after a change.',
			);
		case 'path':
		case 'protocol':
			return otherVersion(host);
		default:
			return new LibraryUnavailableError(there, hint);
	}
}

/** The sidecar is older or newer than this package. */
export function otherVersion(host: string): LibraryUnavailableError {
	return new LibraryUnavailableError(
		`The sidecar at ${host} is of another version than this package`,
		SAME_VERSION,
	);
}

/** No answer came from where the sidecar should be. */
export function unreachable(
	host: string,
	{ reason, requestSent }: WecomNetworkError,
): LibraryUnavailableError {
	if (reason === 'ETIMEDOUT' && requestSent) {
		return new LibraryUnavailableError(
			`The sidecar at ${host} did not answer in time`,
			'Look at its log.',
		);
	}
	return new LibraryUnavailableError(
		requestSent
			? `The sidecar at ${host} broke off before its answer was complete (${reason})`
			: `The sidecar at ${host} cannot be reached (${reason})`,
		HINTS.find(([reasons]) => reasons.test(reason))?.[1] ??
			'Is it running, and is nothing between?',
	);
}

const HINTS: ReadonlyArray<readonly [RegExp, string]> = [
	[
		/^ECONNREFUSED$/,
		'Nothing listens there. Is the sidecar running? By default it listens to its own machine or container only: WECOM_SIDECAR_HOST in its environment says where.',
	],
	[
		/^(ENOTFOUND|EAI_AGAIN)$/,
		'The name is not known here. Containers know one another by name where they are in the same network.',
	],
	[
		/CERT|TLS|ISSUER|SIGNED|EPROTO|SSL/,
		'Either it speaks plain http, or its certificate is none that this machine trusts: NODE_EXTRA_CA_CERTS names a file with more authorities.',
	],
	[/^ETIMEDOUT$/, 'Look at the address, and at firewalls on the way.'],
];
