import type { RecordError } from '../errors';
import { crashed, type CorpProcess } from './corpProcess';
import type { ReturnedText } from './host/protocol';
import { HostEnded } from './hostProcess';
import { libraryCrashed, readPlaintext } from './sealedBody';
import { librarySettings } from './settings';

/** A key and a body that passed the guard. */
export type GuardedBody = readonly [key: string, body: string];

/** Results come in parts of so many: of those that are missing the process ended over one. */
const CHUNK = 10;
/** So often an end that nothing in a batch may have to do with is passed over. */
const MAX_DOUBTS = 2;
/** So many killers in a row are the library's fault, not the messages'. */
const MAX_KILLERS = 10;

/**
 * Opens a batch. Where the process ends over it, what was opened before stands, and the messages of
 * which one may have done it are tried anew, half as many at a time, until one has ended a process
 * alone. That one is named, the others come out.
 *
 * @throws LibraryCrashedError where nothing but killers is met, and as {@link CorpProcess.ready}
 */
export async function openBatch(
	process: CorpProcess,
	batch: readonly GuardedBody[],
): Promise<Array<string | RecordError>> {
	const results: Array<string | RecordError> = [];
	let size = batch.length;
	/** Where the messages end of which one may have ended a process. */
	let suspectsEnd = 0;
	let doubts = 0;
	while (results.length < batch.length) {
		const from = results.length;
		const tried = batch.slice(from, from + size);
		const { opened, ended, isDoubtful } = await attempt(process, tried);
		results.push(...opened.map(readPlaintext));
		if (opened.length > 0) process.killers = doubts = 0;
		if (isDoubtful && doubts++ < MAX_DOUBTS) continue;
		if (!ended) {
			if (results.length >= suspectsEnd) size = batch.length;
		} else if (tried.length > 1) {
			const suspects = Math.min(CHUNK, tried.length - opened.length);
			suspectsEnd = results.length + suspects;
			size = Math.max(1, suspects >> 1);
		} else {
			if (++process.killers >= MAX_KILLERS) throw crashed('DecryptData', ended.how, MAX_KILLERS);
			// The next ones are tried alone too, until one opens: killers come in groups.
			results.push(libraryCrashed(ended.how));
		}
	}
	return results;
}

/** What came out before the process ended, if it did, and whether it may have done so for other reasons. */
interface Attempt {
	opened: ReturnedText[];
	ended?: HostEnded;
	isDoubtful?: boolean;
}

async function attempt(process: CorpProcess, batch: readonly GuardedBody[]): Promise<Attempt> {
	const host = await process.ready();
	const opened: ReturnedText[] = [];
	let hasBegun = false;
	try {
		// The library's own time is nothing here: it opens a message in microseconds.
		const silenceMs = librarySettings().graceMs;
		await host.ask({ do: 'decrypt', batch, chunk: CHUNK }, silenceMs, (message) => {
			hasBegun = true;
			if (message.is === 'part') opened.push(...message.results);
			return message.is === 'decrypted' ? true : undefined;
		});
		return { opened };
	} catch (error) {
		if (!(error instanceof HostEnded)) throw error;
		if (opened.length === batch.length) return { opened };
		return { opened, ended: error, isDoubtful: !hasBegun || error.isFromOutside };
	}
}
