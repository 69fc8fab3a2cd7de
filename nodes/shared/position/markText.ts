import * as z from 'zod/v4';

import { parseSeq } from '../../../wecom/archive/seq';
import type { Mark } from './feed';

const MARK = /^(\d{1,20})(?::([\w+/=]*):([\w+/=]*):(\d{1,15}))?$/;

/** Whether a text is one that {@link writeMark} made, or a seq. */
export function isMarkText(text: string): boolean {
	return MARK.test(text) && BigInt(text.split(':')[0] ?? '') < 2n ** 64n;
}

/** A text that {@link writeMark} made. */
export const markText = z.string().refine(isMarkText);

/**
 * A mark as one word: a seq is its digits, exact also beyond 2^53; with a cursor the ordinal, the
 * cursor and the msgid in base64, and how many records to skip, between colons.
 */
export function writeMark({ ordinal, value, msgid, skip }: Mark): string {
	if (value === undefined && msgid === undefined && skip === undefined) return `${ordinal}`;
	return [ordinal, toBase64(value), toBase64(msgid), skip ?? 0].join(':');
}

/**
 * @param text as {@link writeMark} made it, or a seq
 * @throws InvalidInputError when it is neither
 */
export function readMark(text: unknown): Mark {
	const [, ordinal, value, msgid, skip] = (typeof text === 'string' && MARK.exec(text)) || [];
	if (value === undefined) return { ordinal: parseSeq(text) };
	return {
		ordinal: parseSeq(ordinal),
		...(value ? { value: fromBase64(value) } : {}),
		...(msgid ? { msgid: fromBase64(msgid) } : {}),
		...(Number(skip) > 0 ? { skip: Number(skip) } : {}),
	};
}

/** Without the colons, hyphens and spaces that stand between marks. */
function toBase64(text = ''): string {
	return Buffer.from(text).toString('base64');
}

function fromBase64(text: string): string {
	return Buffer.from(text, 'base64').toString();
}
