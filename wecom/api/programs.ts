import * as z from 'zod/v4';

import { readErrcode } from '../errcodes';
import { InvalidInputError, WecomProgramError, WecomResponseError } from '../errors';
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '../json';
import { fields, id, optional, parseInput, text } from './fields';
import { operation, withoutErrcode, type Operation } from './operation';

/** Most bytes of request_data that are sent. */
const MAX_REQUEST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** Stands for the path in what the program itself refuses. */
const PROGRAM = 'the program in the data zone';

/** The program's input protocol: an object, sent as JSON text. */
const requestData = () =>
	z
		.record(z.string(), z.unknown(), { error: () => 'is no JSON object, expected one' })
		.transform(stringifyJson)
		.refine((value) => Buffer.byteLength(value) <= MAX_REQUEST_BYTES, {
			error: ({ input }) =>
				`is ${Buffer.byteLength(String(input))} bytes of JSON, expected at most ${MAX_REQUEST_BYTES}`,
		});

const call = { program_id: id(), ability_id: id(), request_data: requestData() };

/** The program's answer, whatever its output protocol says. */
export interface ProgramAnswer {
	response_data: JsonValue;
}

/**
 * Calls a program in the data zone and waits for its answer. Source: tree 2.1 of the reference
 * document; https://developer.work.weixin.qq.com/document/path/101356
 */
export const syncCallProgram = operation({
	path: '/chatdata/sync_call_program',
	// What a program does with a call nobody knows.
	retry: 'once',
	timeoutMs: TIMEOUT_MS,
	findOut: 'Look into the log of the program whether it ran before you call it again.',
	input: fields({ ...call, notify_id: optional(text({ maxBytes: 128 })) }),
	read: readAnswer,
});

/**
 * Starts a program in the data zone; gives the `jobid` to ask for its result with. Source: tree 2.1
 * of the reference document; https://developer.work.weixin.qq.com/document/path/101357
 */
export const startProgramTask = operation({
	path: '/chatdata/async_program_task',
	retry: 'once',
	findOut: 'Look into the log of the program whether it ran before you start it again.',
	input: fields(call),
	read: ({ jobid }) => {
		if (typeof jobid === 'string' && jobid !== '') return { jobid };
		const path = '/chatdata/async_program_task';
		const message = `The answer to ${path} has errcode 0 but no jobid`;
		throw new WecomResponseError(200, false, path, message);
	},
});

/** What an asynchronous program reported. Refused with 790023 while it runs. Source as above. */
export const getProgramResult = operation({
	path: '/chatdata/async_program_result',
	retry: 'read',
	proof: ['response_data'],
	input: fields({ jobid: id() }),
	read: readAnswer,
});

/** How the program in the zone wants its calls: Tencent's Python sample, or its Java and C++ one. */
export type ProgramStyle = 'python' | 'java';

/**
 * The form in which a program of Tencent's samples takes a call of a zone SDK function.
 * Source: documents 100052 and 100053.
 *
 * @throws InvalidInputError for a style that is none of the two
 * @example inStyle('java', 'search_chat', { query_word: '报价' }) // ability_id 'invoke_search_chat'
 */
export function inStyle(style: ProgramStyle, func: string, request: object) {
	if (!['python', 'java'].includes(style)) {
		throw new InvalidInputError(
			'program_style',
			'"program_style" is neither python nor java',
			'Choose the sample of Tencent that the program was made from; java stands for C++ too.',
		);
	}
	return style === 'python'
		? { ability_id: `input_${func}`, request_data: { input: { func, func_req: request } } }
		: { ability_id: `invoke_${func}`, request_data: request as Record<string, unknown> };
}

/** How far an export is. */
export interface ExportStatus {
	/** 1 waiting, 2 running, 3 done. */
	status?: number;
	/** Good for 14 days; only when done without trouble. */
	result_id?: string;
	result_errcode?: number;
	result_errmsg?: string;
}

/**
 * Asks how far an export is, through the program in the zone: no HTTP API tells.
 * Source: https://developer.work.weixin.qq.com/document/path/99838
 */
export const getExportStatus: Operation<
	{ program_id: string; style: ProgramStyle; jobid: string },
	ExportStatus
> = {
	path: syncCallProgram.path,
	token: syncCallProgram.token,
	retry: 'read',
	proof: ['response_data'],
	timeoutMs: TIMEOUT_MS,
	body: ({ program_id, style, jobid }) =>
		syncCallProgram.body({
			program_id,
			...inStyle(
				style,
				'get_chatdata_export_job_status',
				parseInput(fields({ jobid: id() }), { jobid }),
			),
		}),
	read: (answer) => {
		const { response_data: status } = readAnswer(answer);
		if (isJsonObject(status)) return withoutErrcode(status);
		throw new WecomResponseError(
			200,
			false,
			PROGRAM,
			'The program in the data zone did not answer with the status of an export',
			'Check the program style: the Python sample and the Java and C++ one are called in different ways.',
		);
	},
};

/**
 * Opens response_data: JSON text, perhaps inside a lone `output` (document 99811). Its own errcode
 * and the one beside it are the program's.
 *
 * @throws WecomProgramError when one of them is not 0
 */
function readAnswer(answer: JsonObject): ProgramAnswer {
	const { response_errcode: reported, response_data: data } = answer;
	const opened = unwrap(parsed(data ?? ''));
	const { errcode, errmsg } = isJsonObject(opened) ? opened : {};
	const codes = [reported, errcode].map((code) => readErrcode(code) ?? 0);
	const code = codes.find((one) => one !== 0) ?? 0;
	if (code !== 0) {
		const words = typeof errmsg === 'string' ? errmsg : 'the program gave no errmsg';
		throw Number.isInteger(code)
			? new WecomProgramError(code, words, PROGRAM)
			: new WecomResponseError(200, false, PROGRAM, words);
	}
	return { response_data: opened };
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
