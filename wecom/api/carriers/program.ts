import * as z from 'zod/v4';

import { readErrcode } from '../../errcodes';
import { InvalidInputError, WecomProgramError, WecomResponseError } from '../../errors';
import {
	isJsonObject,
	parseJson,
	stringifyJson,
	type JsonObject,
	type JsonValue,
} from '../../json';
import { fields, id, optional, parseInput, text } from '../fields';
import { pathOf } from '../wire';
import type { Carrier, ProgramStyle } from './carrier';

/** Most bytes of request_data that are sent. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** Stands for the path in what the program itself refuses. */
const PROGRAM = 'the program in the data zone';

/** Path of the call that waits for the program's answer. Source: document 101356. */
export const SYNC_CALL_PATH = '/chatdata/sync_call_program';
/** Bound on a call that waits for the program, milliseconds. */
export const PROGRAM_TIMEOUT_MS = 60_000;

/** The program's input protocol: an object, sent as JSON text. */
const requestData = z
	.record(z.string(), z.unknown(), { error: () => 'is no JSON object, expected one' })
	.transform(stringifyJson)
	.refine((value) => Buffer.byteLength(value) <= MAX_REQUEST_BYTES, {
		error: ({ input }) =>
			`is ${Buffer.byteLength(String(input))} bytes of JSON, expected at most ${MAX_REQUEST_BYTES}`,
	});

/** What every call of a program says. */
export const programCall = { program_id: id(), ability_id: id(), request_data: requestData };
/** The id of an event that a program stored, 128 bytes at most; only a call that waits takes it. */
export const notifyId = () => optional(text({ maxBytes: 128 }));
const { request_data, ...program } = programCall;
const wholeCall = fields({ ...program, notify_id: notifyId(), request_data });

/** Abilities of the Java and C++ sample that are not called after their function. Source: document 100052. */
const JAVA_ABILITIES: Readonly<Partial<Record<string, string>>> = {
	do_async_job: 'get_callback_data',
};

/**
 * Carries functions of the zone SDK, `ZONE search_chat`: a program in the data zone, made from a
 * sample of Tencent's, passes them on. Source: documents 99811, 100052, 100053 and 101356 under
 * https://developer.work.weixin.qq.com/document/path/
 */
export const programCarrier: Carrier = {
	toRequest({ route, timeoutMs = PROGRAM_TIMEOUT_MS, proof }, body, program) {
		const { programId, style = 'java' } = program;
		// The id of a stored event stands beside the request, not in it.
		const { notify_id, ...request } = body as Record<string, unknown>;
		const func = pathOf(route);
		const call = { program_id: programId, ...inStyle(style, func, request), notify_id };
		return {
			method: 'POST',
			path: SYNC_CALL_PATH,
			name: `the program call of ${func} (${SYNC_CALL_PATH})`,
			query: {},
			body: parseInput(wholeCall, call as z.input<typeof wholeCall>),
			timeoutMs,
			...(proof ? { proof: ['response_data'] } : {}),
		};
	},
	open({ route, gives = `what ${pathOf(route)} gives` }, answer) {
		const func = pathOf(route);
		const opened = openProgramAnswer(answer, `The function ${func} of the data zone answered`);
		if (isJsonObject(opened)) return opened;
		if (typeof opened === 'string' && opened !== '') throw imageFailure(func, opened);
		throw new WecomResponseError(
			200,
			false,
			PROGRAM,
			`The program in the data zone did not answer with ${gives}`,
			STYLE,
		);
	},
};

/** What the stock images say in plain text when they fail. Source: documents 100052 and 100053. */
interface ImageFailure {
	words: string;
	hint: string;
	/** Whether the function may have been called all the same. */
	called?: true;
}

const STYLE =
	'Check the program style: the Python sample and the Java and C++ one are called in different ways.';
const LOGS = 'Look into the logs of the program in the console of the data zone.';
const IMAGE_FAILURES: readonly ImageFailure[] = [
	{
		words: 'unsupport api',
		hint: "The image of the program does not know this function: make the image from a newer sample of Tencent's, or add the function to its list.",
	},
	{
		words: 'invoke failed',
		hint: `The program could not call the function inside the zone. ${LOGS}`,
		called: true,
	},
	{
		words: 'notify_id is empty',
		hint: `The program found no notify_id beside the request. ${STYLE}`,
	},
	{
		words: 'get data by notify_id failed',
		hint: 'The program no longer keeps this event, or never got it: a notify_id is good for ten minutes, for the program that sent it.',
	},
	{
		words: 'unknown ability_id',
		hint: `Register the ability of this function on the program, in the console of the data zone. ${STYLE}`,
	},
	{ words: 'unknown call type', hint: STYLE },
];

/** Plain text in place of an answer: the image failed, whatever the errcode beside it says. */
function imageFailure(func: string, words: string): WecomResponseError {
	const known = IMAGE_FAILURES.find((failure) => words.toLowerCase().includes(failure.words));
	const { hint, called } = known ?? { hint: `${STYLE} ${LOGS}`, called: true };
	return new WecomResponseError(
		200,
		false,
		PROGRAM,
		`The image of the program in the data zone failed at ${func}, it answered in plain text: ${words}`,
		hint,
		undefined,
		called === true,
	);
}

/**
 * Checks that a style is one of the two.
 *
 * @throws InvalidInputError when it is none
 */
export function checkStyle(style: unknown): asserts style is ProgramStyle {
	if (style === 'python' || style === 'java') return;
	throw new InvalidInputError(
		'program_style',
		'"program_style" is neither python nor java',
		'Choose the sample of Tencent that the program was made from; java stands for C++ too.',
	);
}

/**
 * The form in which a program of Tencent's samples takes a call of a zone SDK function.
 * Source: documents 100052 and 100053.
 *
 * @throws InvalidInputError for a style that is none of the two
 * @example inStyle('java', 'search_chat', { query_word: '报价' }) // ability_id 'invoke_search_chat'
 */
export function inStyle(style: ProgramStyle, func: string, request: object) {
	checkStyle(style);
	return style === 'python'
		? { ability_id: `input_${func}`, request_data: { input: { func, func_req: request } } }
		: {
				ability_id: JAVA_ABILITIES[func] ?? `invoke_${func}`,
				request_data: request as Record<string, unknown>,
			};
}

/**
 * What a program answered: response_data, JSON text, perhaps inside a lone `output` (document 99811).
 * Its own errcode and the one beside it are the program's; none counts as 0.
 *
 * @param source who answered, for the message
 * @throws WecomProgramError when one of them is not 0, WecomResponseError when it is no number
 */
export function openProgramAnswer(answer: JsonObject, source?: string): JsonValue {
	const { response_errcode: reported, response_data: data } = answer;
	const opened = unwrap(parsed(data ?? ''));
	const { errcode, errmsg } = isJsonObject(opened) ? opened : {};
	const codes = [reported, errcode].map((code) => readErrcode(code) ?? 0);
	const code = codes.find((one) => one !== 0) ?? 0;
	if (code === 0) return opened;
	const words = typeof errmsg === 'string' ? errmsg : 'the program gave no errmsg';
	throw Number.isInteger(code)
		? new WecomProgramError(code, words, PROGRAM, undefined, source)
		: new WecomResponseError(200, false, PROGRAM, words);
}

function parsed(data: JsonValue): JsonValue {
	if (typeof data !== 'string') return data;
	try {
		return parseJson(data);
	} catch {
		return data;
	}
}

function unwrap(data: JsonValue): JsonValue {
	const keys = isJsonObject(data) ? Object.keys(data) : [];
	return isJsonObject(data) && keys.length === 1 && data.output !== undefined
		? parsed(data.output)
		: data;
}
