import type {
	ArchiveLibrary,
	LibraryRoute,
	MediaPiece,
	OpenLibrary,
} from '../../../wecom/library/archiveLibrary';

/** What a library in memory is called with. */
export interface LibraryCalls {
	/** The way of each call. */
	routes: Array<LibraryRoute | undefined>;
	/** Arguments of each call but for the signal. */
	args: unknown[][];
	signals: Array<AbortSignal | undefined>;
}

/** What a library in memory answers with. */
interface LibraryAnswers {
	chatData?: () => string | Promise<string>;
	media?: (sdkfileid: string, index: string) => MediaPiece;
}

/** A library in memory, and a record of what it was called with. */
export function libraryWith(answers: LibraryAnswers): LibraryCalls & { open: OpenLibrary } {
	const calls: LibraryCalls = { routes: [], args: [], signals: [] };
	const unwanted = async () => await Promise.reject(new Error('Nobody should call this'));
	const open: OpenLibrary = (route) => {
		const note = (args: unknown[], signal: AbortSignal | undefined) => {
			calls.routes.push(route);
			calls.args.push(args);
			calls.signals.push(signal);
		};
		const library: ArchiveLibrary = {
			async chatData(seq, limit, signal) {
				note([seq, limit], signal);
				return await (answers.chatData ?? unwanted)();
			},
			async media(sdkfileid, index, signal) {
				note([sdkfileid, index], signal);
				return await (answers.media?.(sdkfileid, index) ?? unwanted());
			},
			decrypt: unwanted,
			check: unwanted,
		};
		return library;
	};
	return { ...calls, open };
}

/** One answer after the other, the last one for good; errors are thrown. */
export function answers<T>(...values: Array<T | Error>): () => T {
	let turn = 0;
	return () => {
		const value = values[Math.min(turn++, values.length - 1)];
		if (value instanceof Error) throw value;
		return value as T;
	};
}
