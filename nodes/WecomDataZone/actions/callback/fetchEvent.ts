import { fetchEvent as api } from '../../../../wecom/api/zone';
import { longRequestTimeoutField, noticeField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';

/** The event behind a program_notify callback. Platform documents 100052 and 101389. */
export const fetchEvent: Action = {
	option: {
		name: 'Fetch Event',
		value: 'fetchEvent',
		action: 'Fetch an event that the program stored',
		description: 'Get the event that a program_notify callback is about',
	},
	api,
	fields: [
		noticeField(
			'eventNotice',
			'The data zone tells of an event in two steps: the WeCom Data Trigger gets program_notify with a NotifyId, and for 10 minutes the program gives the event itself for it. Run this right behind the trigger, or let the trigger do it with its Fetch Stored Event, which tries again while the program cannot answer.',
		),
		{
			displayName: 'Notify ID',
			name: 'notifyId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. CAEQ2fbBvAYY',
			description: 'NotifyId of a program_notify callback, good for 10 minutes',
		},
		optionsOf(longRequestTimeoutField(60)),
	],

	async run(item) {
		return toItem(await item.call(api, { notify_id: item.text('notifyId') }));
	},
};
