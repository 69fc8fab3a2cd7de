import { InvalidInputError } from '../../../wecom/errors';
import type { LibraryFacts, OpenLibrary } from '../../../wecom/library/archiveLibrary';
import { sentencesOf } from '../menuWords';
import { limit, proof, type Finding } from './finding';

/**
 * Looks at Tencent's library, which is asked for nothing of WeCom's. That the credential has another
 * authentication than the library takes is no problem for consent, groups and members.
 *
 * @throws WecomError saying why it cannot be used
 */
export async function testLibrary(open: OpenLibrary, signal: AbortSignal): Promise<Finding> {
	try {
		return proof(wordsFor(await open().check(signal)));
	} catch (error) {
		const isOfOthers = error instanceof InvalidInputError && error.field === 'authentication';
		if (isOfOthers) return limit(sentencesOf(error));
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
	}
}

function wordsFor({ platform, arch, libc, version, mode, proxy }: LibraryFacts): string {
	const where = [platform, arch, libc].filter((word) => word !== '').join(' ');
	const which =
		version === undefined ? 'in a version that is not known here' : `version ${version}`;
	const loaded = mode === 'plain' ? '' : ', loaded apart from the libraries of its process';
	const through = proxy === undefined ? '' : `; its proxy says to a tunnel to WeCom: ${proxy}`;
	return `Tencent's library, ${which}, works on ${where}${loaded}${through}`;
}
