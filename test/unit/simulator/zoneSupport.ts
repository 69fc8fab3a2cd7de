import type { ProgramStyle, Simulator } from '../../../simulator';
import { call, type Answer } from './support';

/** The call of a function in the form of a style. */
export function programCall(
	simulator: Simulator,
	style: ProgramStyle,
	func: string,
	request: object | string,
): Record<string, string> {
	const text = typeof request === 'string' ? request : JSON.stringify(request);
	const java = style === 'java';
	const fetching = java && func === 'do_async_job';
	return {
		program_id: simulator.programs[style],
		ability_id: fetching ? 'get_callback_data' : `${java ? 'invoke' : 'input'}_${func}`,
		request_data: java ? text : `{"input":{"func":"${func}","func_req":${text}}}`,
	};
}

/** The outer answer of a call, with more fields in its outer body where they are given. */
export async function callProgram(
	simulator: Simulator,
	token: string,
	style: ProgramStyle,
	func: string,
	request: object | string = {},
	outer: object = {},
): Promise<Answer> {
	const body = { ...programCall(simulator, style, func, request), ...outer };
	return await call(simulator, '/chatdata/sync_call_program', token, body);
}

/** What a function answers, `output` taken off. */
export async function callFunction(
	simulator: Simulator,
	token: string,
	style: ProgramStyle,
	func: string,
	request: object | string = {},
	outer: object = {},
): Promise<Answer> {
	const answer = await callProgram(simulator, token, style, func, request, outer);
	if (answer.errcode !== 0) throw new Error(answer.errmsg);
	const data = JSON.parse(answer.response_data as string) as Answer | { output: Answer };
	return 'output' in data ? (data.output as Answer) : data;
}

/** Every page of a function that lists something, by `next_cursor` while there is more. */
export async function walkFunction(
	run: (request: object) => Promise<Answer>,
	request: object,
): Promise<Answer[]> {
	const pages: Answer[] = [];
	let next: object = {};
	for (;;) {
		const answer = await run({ ...request, ...next });
		if (answer.errcode !== 0) throw new Error(answer.errmsg);
		pages.push(answer);
		if (answer.has_more === 0 || answer.has_more === false) return pages;
		next = { cursor: answer.next_cursor };
	}
}
