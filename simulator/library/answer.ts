import { bytesOf, type Answer } from '../deliver';
import type { EndsProcess } from './seal';

/** A call of the library that comes back with another return code than 0. */
export class ReturnCode extends Error {
	constructor(readonly code: number) {
		super(`return code ${code}`);
		this.name = 'ReturnCode';
	}
}

/** Header by which the stub of the library knows what to return. */
const RETURN_CODE = 'x-return-code';

/** What the stub of the library is to return, with nothing else in the answer. */
export function returnCodeAnswer(code: number): Answer {
	return {
		status: 200,
		contentType: 'text/plain',
		body: '',
		headers: { [RETURN_CODE]: String(code) },
	};
}

/** Tells the stub to end its process. */
export function endsProcessAnswer(how: EndsProcess): Answer {
	const answer = returnCodeAnswer(0);
	return { ...answer, headers: { ...answer.headers, 'x-ends-process': how } };
}

/** An answer that the library hands on: return code 0. */
export function handedOn(answer: Answer): Answer {
	return { ...answer, headers: { ...answer.headers, [RETURN_CODE]: '0' } };
}

/**
 * A piece of a media file.
 *
 * @param nextIndex - what the next one is asked for with; "" behind the last
 */
export function pieceAnswer(body: Buffer, nextIndex: string): Answer {
	return {
		status: 200,
		contentType: 'application/octet-stream',
		body,
		headers: { 'x-out-index': nextIndex, 'x-is-finish': nextIndex === '' ? '1' : '0' },
	};
}

/** The same answer with one byte of its body changed. */
export function withWrongByte(answer: Answer): Answer {
	const body = Buffer.from(bytesOf(answer));
	if (body.length > 0) body[body.length >> 1] = (body[body.length >> 1] as number) ^ 1;
	return { ...answer, body };
}
