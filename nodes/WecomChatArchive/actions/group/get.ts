import type { IDataObject } from 'n8n-workflow';

import { getInnerGroup } from '../../../../wecom/api/archive';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { archiveNotice } from '../archiveFields';

/** Name, creator, notice and members of an internal group. Reference document 3, platform 92951. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get an internal group',
		description: 'Get name, creator, notice and members of an internal group',
	},
	api: getInnerGroup,
	fields: [
		archiveNotice,
		{
			displayName: 'Room ID',
			name: 'roomId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
			description:
				'The roomid of an internal group. Messages of the group carry it in the field room; groups with customers are not internal.',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const roomid = item.text('roomId');
		const group = await item.call(getInnerGroup, { roomid });
		return { roomid, ...group } as IDataObject;
	},
};
