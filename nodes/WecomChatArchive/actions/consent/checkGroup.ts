import { checkGroupAgree } from '../../../../wecom/api/archive';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { archiveNotice } from '../archiveFields';
import { roomIdField } from '../roomField';
import { withAgreed } from './agreed';

/** Tells which customers in a group agreed to being archived. Platform document 101366. */
export const checkGroup: Action = {
	option: {
		name: 'Check Group',
		value: 'checkGroup',
		action: 'Check consent in a group',
		description: 'Find out which customers in a group agreed that their conversations are archived',
	},
	api: checkGroupAgree,
	fields: [
		archiveNotice,
		roomIdField(
			'The roomid of a group with customers, in which at least one member is archived. Messages of the group carry it.',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const roomid = item.text('roomId');
		const answers = await item.call(checkGroupAgree, { roomid });
		if (answers.length === 0) {
			item.notices.hint(
				`WeCom names no customer in the group ${roomid}. It answers for customers of other corps, in groups with at least one archived member.`,
			);
		}
		return answers.map((answer) => ({ roomid, ...withAgreed(answer) }));
	},
};
