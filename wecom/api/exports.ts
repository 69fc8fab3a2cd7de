import { fields, text } from './fields';
import { operation } from './operation';

/**
 * Starts an export of conversations; at most 1000 a day and corp. `msgaudit_export_finish` tells
 * when it is done. Source: reference document 3 and 5; fields of
 * https://developer.work.weixin.qq.com/document/path/99838
 */
export const createExport = operation({
	path: '/msgaudit/export',
	retry: 'once',
	findOut:
		'Wait for the callback msgaudit_export_finish before you export again; the code works only once.',
	input: fields({ code: text({ maxBytes: 1024 }), media_id: text({ maxBytes: 1024 }) }),
});
