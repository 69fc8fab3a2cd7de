import { ok, type ApiRoute } from './api';
import { isCode, isId, required, takeFields } from './fields';

const COMMON = { contract: 'dataZone', method: 'POST', token: 'access_token' } as const;
const PROGRAM = { program_id: required(isId) };
const [OFF, ON] = [1, 2];

const open: ApiRoute = {
	...COMMON,
	path: '/chatdata/open_debug_mode',
	answer({ programs }, { body }) {
		const fields = takeFields(body, { ...PROGRAM, debug_token: required(isCode) });
		programs.openDebugMode(fields.program_id as string, fields.debug_token as string);
		return ok({});
	},
};

const close: ApiRoute = {
	...COMMON,
	path: '/chatdata/close_debug_mode',
	answer({ programs }, { body }) {
		programs.closeDebugMode(takeFields(body, PROGRAM).program_id as string);
		return ok({});
	},
};

const check: ApiRoute = {
	...COMMON,
	path: '/chatdata/check_debug_mode',
	answer({ programs }, { body }) {
		const on = programs.isDebugged(takeFields(body, PROGRAM).program_id as string);
		return ok({ debug_mode_status: on ? ON : OFF });
	},
};

/** Debug mode of a program (document paths 101391 to 101393). */
export const debugRoutes: readonly ApiRoute[] = [open, close, check];
