import { bytesUpTo, isFilled, required, takeFields } from '../routes/fields';
import { good, OK, type ZoneFunctions } from './function';

/** Exports of conversations (document path 99838). */
export const exportFunctions: ZoneFunctions = {
	create_chatdata_export_job: {
		input: { code: 'CODE-1', media_id: 'MEDIA-2' },
		output: { ...OK, jobid: 'JOB-1' },
		run({ uploads, exports }, request) {
			const { code, media_id: mediaId } = takeFields(request, {
				code: required(bytesUpTo(1024)),
				media_id: required(bytesUpTo(1024)),
			});
			uploads.check(mediaId as string);
			return good({ jobid: exports.start(code as string) });
		},
	},
	get_chatdata_export_job_status: {
		input: { jobid: 'JOB-1' },
		output: { ...OK, status: 3, result_id: 'RES-1', result_errcode: 0, result_errmsg: 'ok' },
		run({ exports }, request) {
			const { jobid } = takeFields(request, { jobid: required(isFilled) });
			return good(exports.status(jobid as string));
		},
	},
};
