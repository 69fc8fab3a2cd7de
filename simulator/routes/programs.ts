import { ok, type ApiRoute } from './api';
import { isFilled, isId, isString, optional, required, takeFields, textOf } from './fields';

const CALL = {
	program_id: required(isId),
	ability_id: required(isId),
	request_data: required(isString),
};

/** POST /chatdata/sync_call_program (document path 101356). */
const syncCall: ApiRoute = {
	method: 'POST',
	path: '/chatdata/sync_call_program',
	token: 'access_token',
	answer({ programs }, { body }) {
		const fields = takeFields(body, { ...CALL, notify_id: optional(textOf(1, 128)) });
		return ok({ response_data: programs.call(...argumentsIn(fields)).data });
	},
};

/** POST /chatdata/async_program_task (document path 101357). */
const startTask: ApiRoute = {
	method: 'POST',
	path: '/chatdata/async_program_task',
	token: 'access_token',
	answer({ programs }, { body }) {
		return ok({ jobid: programs.start(...argumentsIn(takeFields(body, CALL))) });
	},
};

/** POST /chatdata/async_program_result (document path 101357). */
const taskResult: ApiRoute = {
	method: 'POST',
	path: '/chatdata/async_program_result',
	token: 'access_token',
	answer({ programs }, { body }) {
		const { jobid } = takeFields(body, { jobid: required(isFilled) });
		const { errcode, data } = programs.result(jobid as string);
		return ok({ response_errcode: errcode, response_data: data });
	},
};

/** Calls of programs in the data zone. */
export const programRoutes: readonly ApiRoute[] = [syncCall, startTask, taskResult];

function argumentsIn(fields: Readonly<Record<string, unknown>>): [string, string, string] {
	const { program_id, ability_id, request_data } = fields as Record<keyof typeof CALL, string>;
	return [program_id, ability_id, request_data];
}
