import { getChatData, getInnerGroup } from '../../../wecom/api/archive';
import type { WecomClient } from '../../../wecom/api/client';
import { CONTRACTS, type Contract } from '../../../wecom/api/wire';
import { listPermittedMembers } from '../../../wecom/api/zone';
import { WecomApiError, WecomError, WecomResponseError } from '../../../wecom/errors';
import { inMenuWords, wordsOf } from '../menuWords';

/** A call that costs and changes nothing, at a path that no other contract has. */
const PROBES: Record<Contract, (client: WecomClient, signal: AbortSignal) => Promise<unknown>> = {
	reference: async (client, signal) => await client.call(getChatData, { limit: 1 }, { signal }),
	dataZone: async (client, signal) =>
		await client.call(listPermittedMembers, { limit: 1 }, { signal }),
	messageArchive: async (client, signal) =>
		await client.call(getInnerGroup, { roomid: 'none' }, { signal }),
};

/** Whether the server does not know the path of a call; some say it with HTTP 404. */
export function isUnknownPath(error: unknown): error is WecomError {
	if (error instanceof WecomApiError) return error.entry.lacks === 'path';
	return error instanceof WecomResponseError && error.httpStatus === 404;
}

/**
 * What to say of a server that does not know a path of the chosen contract: which others it speaks.
 *
 * @param error what {@link isUnknownPath} holds for
 */
export async function whatIsSpoken(
	error: WecomError,
	chosen: Contract,
	clientOf: (contract: Contract) => WecomClient,
	signal: AbortSignal,
): Promise<string> {
	const others = CONTRACTS.filter((one) => one !== chosen);
	const answers = await Promise.all(
		others.map(async (other) => await speaks(other, clientOf(other), signal)),
	);
	return `${wordsOf(error).message}: ${inMenuWords(verdict(chosen, others, answers))}`;
}

type Answer = 'yes' | 'no' | 'unknown';

function verdict(chosen: Contract, others: Contract[], answers: Answer[]): string {
	const name = (contract: Contract) => `\`${contract}\``;
	const spoken = others.filter((_, index) => answers[index] === 'yes').map(name);
	const what = `it does not speak ${name(chosen)}`;
	if (spoken.length === 1) return `${what}. It speaks ${spoken[0]}: choose that as \`contract\``;
	if (spoken.length > 1) {
		return `${what}. It speaks ${spoken.join(' and ')}: choose as \`contract\` what your corp has`;
	}
	if (answers.includes('unknown')) return `${what}. Check Base URL and \`contract\``;
	return `it speaks neither ${[chosen, ...others].map(name).join(' nor ')}. Check Base URL`;
}

/** Whether the server knows the path of a probe, whatever it says of the call; trouble tells neither. */
async function speaks(
	contract: Contract,
	client: WecomClient,
	signal: AbortSignal,
): Promise<Answer> {
	try {
		await PROBES[contract](client, signal);
		return 'yes';
	} catch (error) {
		if (!(error instanceof WecomError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
		const answered = error instanceof WecomApiError;
		if (isUnknownPath(error)) return 'no';
		return answered ? 'yes' : 'unknown';
	}
}
