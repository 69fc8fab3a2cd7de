import type { IDataObject } from 'n8n-workflow';

import type { Feed, Mark, Range } from './feed';
import { readMark, writeMark } from './markText';

/** How far a node came, as it outlives the process. */
export interface SavedPosition {
	/** Every record up to here is done with. */
	mark: Mark;
	/** What is done with beyond: others are still at work on what is in between. */
	done: Range[];
}

/** What an archive is called in static data, by the kind of its marks: a seq says nothing of a cursor. */
const DONE: Record<Feed['kind'], string> = { seq: 'done', cursor: 'cursorDone' };

/**
 * The fields of n8n's static data in which a position is saved.
 *
 * @param archive name of the archive
 */
export function toFields(
	{ mark, done }: SavedPosition,
	kind: Feed['kind'],
	archive: string,
): Record<string, string | undefined> {
	const beyond = done.map(({ from, to }) => `${writeMark(from)}-${writeMark(to)}`).join(' ');
	return {
		[`${kind}/${archive}`]: writeMark(mark),
		[`${DONE[kind]}/${archive}`]: beyond || undefined,
	};
}

/**
 * Reads what {@link toFields} made; where nothing was saved the archive begins.
 *
 * @throws InvalidInputError when it was edited and is no mark any more
 */
export function readSaved(
	staticData: IDataObject,
	kind: Feed['kind'],
	archive: string,
): SavedPosition {
	const { [`${kind}/${archive}`]: mark = 0, [`${DONE[kind]}/${archive}`]: beyond = '' } =
		staticData;
	const done = String(beyond)
		.split(' ')
		.filter((range) => range !== '')
		.map((range) => {
			const [from, to] = range.split('-');
			return { from: readMark(from), to: readMark(to) };
		});
	return { mark: readMark(mark), done };
}
