import { openIdOf } from '../data/world';
import { Refusal } from '../refusal';
import { isFilled, required, takeFields } from '../routes/fields';
import { good, OK, type ZoneFunctions } from './function';

/** Who is in a group (document path 99825). */
export const groupFunctions: ZoneFunctions = {
	get_group_chat: {
		right: 'datazone:chatdata:base',
		input: { chatid: 'wrRoom1' },
		output: {
			...OK,
			creator: 'woUser1',
			room_create_time: 1730000000,
			members: [{ memberid: 'woUser1', jointime: 1730000001, type: 1 }],
		},
		run({ world, chats }, request) {
			const { chatid } = takeFields(request, { chatid: required(isFilled) });
			const group = world.groups.find(({ roomid }) => roomid === chatid);
			if (group === undefined) throw new Refusal(710606, 'chatid');
			if (!group.internal) throw new Refusal(301059);
			return good({
				creator: openIdOf(world, group.creator),
				room_create_time: group.createdAt,
				members: group.members.map(({ id, joinedAt }) => ({
					memberid: openIdOf(world, id),
					jointime: joinedAt,
					type: chats.isCustomer(id) ? 2 : 1,
				})),
			});
		},
	},
};
