import { getChatData } from '../../../wecom/api/archive';
import type { WecomClient } from '../../../wecom/api/client';
import type { Operation } from '../../../wecom/api/operation';
import { listPermittedMembers } from '../../../wecom/api/zone';
import { WecomApiError, WecomError, WecomResponseError } from '../../../wecom/errors';
import type { OfferedContract } from '../credentials';
import { inMenuWords, wordsOf } from '../menuWords';

/** What a contract may be mistaken for. */
const OTHER = { reference: 'dataZone', dataZone: 'reference' } as const satisfies Record<
	OfferedContract,
	OfferedContract
>;

/** A call that costs and changes nothing, at a path that no other contract has. */
const PROBES: Record<OfferedContract, Operation<{ limit: number }, unknown>> = {
	reference: getChatData,
	dataZone: listPermittedMembers,
};

/** Whether the server does not know the path of a call; some say it with HTTP 404. */
export function isUnknownPath(error: unknown): error is WecomError {
	if (error instanceof WecomApiError) return error.entry.lacks === 'path';
	return error instanceof WecomResponseError && error.httpStatus === 404;
}

/**
 * What to say of a server that does not know a path of the chosen contract: whether it speaks the
 * other one.
 *
 * @param error what {@link isUnknownPath} holds for
 */
export async function whatIsSpoken(
	error: WecomError,
	chosen: OfferedContract,
	clientOf: (contract: OfferedContract) => WecomClient,
	signal: AbortSignal,
): Promise<string> {
	const other = OTHER[chosen];
	const verdict = {
		yes: `it does not speak \`${chosen}\`. It speaks \`${other}\`: choose that as \`contract\``,
		no: `it speaks neither \`${chosen}\` nor \`${other}\`. Check Base URL`,
		unknown: `it does not speak \`${chosen}\`. Check Base URL and \`contract\``,
	}[await speaks(clientOf(other), PROBES[other], signal)];
	return `${wordsOf(error).message}: ${inMenuWords(verdict)}`;
}

/** Whether the server knows the path of a probe, whatever it says of the call; trouble tells neither. */
async function speaks(
	client: WecomClient,
	probe: (typeof PROBES)[OfferedContract],
	signal: AbortSignal,
): Promise<'yes' | 'no' | 'unknown'> {
	try {
		await client.call(probe, { limit: 1 }, { signal });
		return 'yes';
	} catch (error) {
		if (!(error instanceof WecomError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
		const answered = error instanceof WecomApiError;
		if (isUnknownPath(error)) return 'no';
		return answered ? 'yes' : 'unknown';
	}
}
