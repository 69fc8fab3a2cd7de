import { parseInput, text } from '../../../wecom/api/fields';
import type { Marks } from '../../../wecom/api/wire';
import { parseSeq } from '../../../wecom/archive/seq';
import { BEGINNING, type Mark } from '../position/feed';
import { isMarkText, readMark } from '../position/markText';

const LABEL = 'Start After Seq';

/**
 * The mark that Start After Seq names: a seq; where marks are cursors 0, a position as a hint of the
 * node gave it, or a cursor of WeCom's.
 *
 * @throws InvalidInputError when it is none of them
 */
export function toStartMark(value: unknown, marks: Marks): Mark {
	if (marks === 'seq') return { ordinal: parseSeq(value, LABEL) };
	const given = parseInput(text({ maxBytes: 1024 }), value, LABEL);
	if (given === '0') return BEGINNING;
	return isMarkText(given) && given.includes(':')
		? readMark(given)
		: { ordinal: 0n, value: parseInput(text({ maxBytes: 128 }), given, LABEL) };
}
