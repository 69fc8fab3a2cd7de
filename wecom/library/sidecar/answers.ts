import * as z from 'zod/v4';

import { RecordError, type RecordErrorReason } from '../../errors';
import type { LibraryFacts } from '../archiveLibrary';

/** All reasons: the type does not let one be forgotten. */
const REASONS: Readonly<Record<RecordErrorReason, true>> = {
	malformed_record: true,
	missing_key_version: true,
	wrong_private_key: true,
	corrupt_message: true,
	not_json: true,
	library_crashed: true,
};

const openedJson = z.object({
	results: z.array(
		z.union([
			z.string(),
			z.object({
				reason: z.custom<RecordErrorReason>(
					(reason) => typeof reason === 'string' && Object.hasOwn(REASONS, reason),
				),
				message: z.string(),
			}),
		]),
	),
});

/** The answer to a `decrypt`: a plaintext as a text, anything else as an object. */
export function toOpenedJson(results: ReadonlyArray<string | RecordError>): string {
	return JSON.stringify({
		results: results.map((result) =>
			typeof result === 'string' ? result : { reason: result.reason, message: result.message },
		),
	});
}

/**
 * What {@link toOpenedJson} was given.
 *
 * @returns undefined for anything else, or for another number of results
 */
export function fromOpenedJson(
	json: unknown,
	count: number,
): Array<string | RecordError> | undefined {
	const parsed = openedJson.safeParse(json);
	if (!parsed.success || parsed.data.results.length !== count) return undefined;
	return parsed.data.results.map((result) =>
		typeof result === 'string' ? result : new RecordError(result.reason, result.message),
	);
}

const factsJson = z.object({
	platform: z.string(),
	arch: z.string(),
	libc: z.string(),
	file: z.string(),
	bytes: z.number(),
	md5: z.string(),
	version: z.string().optional(),
	mode: z.enum(['plain', 'isolated']),
	selfTest: z.record(z.string(), z.number()),
	proxy: z.string().optional(),
});

/**
 * The answer to a `check`.
 *
 * @returns undefined for anything else
 */
export function fromFactsJson(json: unknown): LibraryFacts | undefined {
	const parsed = factsJson.safeParse(json);
	return parsed.success ? (parsed.data as LibraryFacts) : undefined;
}
