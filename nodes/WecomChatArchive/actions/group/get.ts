import type { IDataObject } from 'n8n-workflow';

import { getInnerGroup } from '../../../../wecom/api/archive';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { wordFor } from '../../../shared/wordFor';
import { archiveNotice } from '../archiveFields';
import { PERSON_TYPES } from '../../../shared/personTypes';
import { roomIdField } from '../roomField';

/**
 * Name, creator, notice and members of an internal group. Reference document 3, platform documents
 * 92951 and 99825; the latter, of the data zone, knows neither name nor notice.
 */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get an internal group',
		description:
			'Get name, creator, notice and members of an internal group; Tencent Data Zone tells no name and no notice',
	},
	api: getInnerGroup,
	fields: [
		archiveNotice,
		roomIdField(
			'The roomid of an internal group. Messages of the group carry it in the field room; groups with customers are not internal.',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const roomid = item.text('roomId');
		const group = await item.call(getInnerGroup, { roomid });
		const members = group.members.map((member) =>
			member.type === undefined
				? member
				: { ...member, type_name: wordFor(PERSON_TYPES, member.type) },
		);
		return { roomid, ...group, members } as IDataObject;
	},
};
