import { fields, id, text } from './fields';
import { KEEP_YOUR_OWN } from './inOwnArchive';
import { inReferenceAndZone, operation, withoutErrcode } from './operation';

/**
 * Starts an export of conversations; at most 1000 a day and corp. The event
 * `msgaudit_export_finish`, in the zone `chat_archive_export_finished`, tells when it is done.
 * Source: reference document 3 and 5; fields of
 * https://developer.work.weixin.qq.com/document/path/99838
 */
export const createExport = operation({
	name: 'createExport',
	retry: 'once',
	findOut:
		'Wait for the callback about the finished export (msgaudit_export_finish, chat_archive_export_finished) before you export again; the code works only once.',
	input: fields({ code: text({ maxBytes: 1024 }), media_id: text({ maxBytes: 1024 }) }),
	instead: { messageArchive: KEEP_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/export', dataZone: 'ZONE create_chatdata_export_job' },
});

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
 * How far an export is, through the program in the zone: no HTTP API tells.
 * Source: https://developer.work.weixin.qq.com/document/path/99838
 */
export const getExportStatus = operation({
	name: 'getExportStatus',
	retry: 'read',
	proof: ['status'],
	gives: 'the status of an export',
	input: fields({ jobid: id() }),
	read: (answer): ExportStatus => withoutErrcode(answer),
	instead: { messageArchive: KEEP_YOUR_OWN },
	wires: inReferenceAndZone('ZONE get_chatdata_export_job_status'),
});
