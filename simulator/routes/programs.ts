import type { ProgramRequest } from '../programs';
import { OWN_APP } from '../tokens';
import { ok, type ApiCall, type ApiRoute, type Backend } from './api';
import { bytesUpTo, isFilled, isId, isString, optional, required, takeFields } from './fields';

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
	async answer(backend, call) {
		const fields = takeFields(call.body, { ...CALL, notify_id: optional(bytesUpTo(128)) });
		const notifyId = fields.notify_id as string | undefined;
		if (notifyId !== undefined) backend.events.find(notifyId);
		const request = { ...requestIn(fields, backend, call), notifyId };
		return ok({ response_data: (await backend.programs.call(request)).data });
	},
};

/** POST /chatdata/async_program_task (document path 101357). */
const startTask: ApiRoute = {
	method: 'POST',
	path: '/chatdata/async_program_task',
	token: 'access_token',
	async answer(backend, call) {
		const request = requestIn(takeFields(call.body, CALL), backend, call);
		return ok({ jobid: await backend.programs.start(request) });
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

function requestIn(
	fields: Readonly<Record<string, unknown>>,
	{ authorizations }: Backend,
	{ owner }: ApiCall,
): ProgramRequest {
	const { program_id, ability_id, request_data } = fields as Record<keyof typeof CALL, string>;
	return {
		programId: program_id,
		abilityId: ability_id,
		requestData: request_data,
		ownApp: owner?.app === OWN_APP,
		requireRight: (right) => {
			if (owner !== undefined) authorizations.requireRight(owner, right);
		},
	};
}
