import { bytesUpTo, optional, takeFields } from '../routes/fields';
import { ImageFailure } from './failure';
import type { ZoneFunctions } from './function';

const CONSENT = { userid: 'woUser1', external_userid: 'wmCust1', chatid: 'wrRoom1' };
const KNOWLEDGE_BASE = { knowledge_base_id: 'kb1', knowledge_base_name: 'n' };

/** The event behind a notify_id (document paths 100052, 100053): as it is, without errcode. */
export const eventFunctions: ZoneFunctions = {
	do_async_job: {
		input: {},
		output: {
			errcode: 0,
			errmsg: 'ok',
			event_type: 'conversation_new_message',
			timestamp: 1730000000,
			conversation_new_message: { token: 'TOKEN-1' },
			hit_keyword: { token: 'TOKEN-1' },
			chat_archive_audit_approved: CONSENT,
			chat_archive_export_finished: { jobid: 'JOB-1' },
			auth_knowledge_base: KNOWLEDGE_BASE,
			unauth_knowledge_base: KNOWLEDGE_BASE,
			delete_knowledge_base: KNOWLEDGE_BASE,
			knowledge_base_learn_done: { ...KNOWLEDGE_BASE, doc_id: 1, learn_status: 0 },
		},
		run({ events }, request, { notifyId }) {
			takeFields(request, { notify_id: optional(bytesUpTo(128)) });
			if (notifyId === undefined) throw new ImageFailure('notify_id is empty');
			const event = events.find(notifyId);
			if (event === undefined) throw new ImageFailure('get data by notify_id failed');
			return event;
		},
	},
};
