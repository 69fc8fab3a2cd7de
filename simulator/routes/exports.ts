import { ok, type ApiRoute } from './api';
import { required, takeFields, textOf, type FieldRules } from './fields';

const FIELDS: FieldRules = { code: required(textOf(1, 1024)), media_id: required(textOf(1, 1024)) };

/** POST /msgaudit/export (fields of document path 99838). */
export const exportChats: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/export',
	token: 'access_token',
	answer({ uploads, exports }, { body }) {
		const { code, media_id: mediaId } = takeFields(body, FIELDS);
		uploads.check(mediaId as string);
		return ok({ jobid: exports.start(code as string) });
	},
};
