import { getRobot } from '../../../../wecom/api/archive';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { archiveNotice } from '../archiveFields';

/** Name and creator of a robot that takes part in archived conversations. Platform document 91774. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a robot',
		description: 'Get name and creator of a robot in archived conversations',
	},
	api: getRobot,
	fields: [
		archiveNotice,
		{
			displayName: 'Robot ID',
			name: 'robotId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wbErxtDgAAWiLA8d6LmYZiQnGMIw6rzA',
			description:
				'The ID of the robot, begins with wb. Messages of the robot carry it in the field from.',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		return toItem(await item.call(getRobot, { robot_id: item.text('robotId') }));
	},
};
