import { listPermittedMembers, type PermittedMember } from '../../../../wecom/api/zone';
import {
	additionalFieldsOf,
	listFields,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { editionName } from '../../../shared/wordFor';
import { membersNotice } from '../zoneFields';

/** Whose conversations are archived. Reference document 3, platform documents 101350 and 91614. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many archived members',
		description: 'List the members whose conversations are archived, and with which edition',
	},
	api: listPermittedMembers,
	fields: [
		membersNotice,
		...listFields,
		additionalFieldsOf(
			[
				{
					displayName: 'Type',
					name: 'type',
					type: 'options',
					options: [
						{
							name: 'Enterprise Edition (3)',
							value: 3,
							description: 'Internal and external conversations with voice calls (企业版)',
						},
						{
							name: 'Office Edition (1)',
							value: 1,
							description: 'Internal conversations (办公版)',
						},
						{
							name: 'Service Edition (2)',
							value: 2,
							description: 'Internal and external conversations (服务版)',
						},
					],
					default: 1,
					description: 'Only members with this edition of the archive; without the filter all',
				},
			],
			'filters',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const { type } = item.param<{ type?: 1 | 2 | 3 }>('filters');
		const members = await item.list(
			listPermittedMembers,
			type === undefined ? {} : { type },
			type === undefined ? undefined : (member) => mayHave(type, member),
		);
		if (members.length === 0) {
			item.notices.hint(
				type === undefined
					? 'No member is archived. The admin of the corp has to put members into the range of the archive, and there have to be bought or trial seats for them.'
					: 'No member has this edition of the archive. Remove the filter to see the others.',
			);
		}
		return members.map(({ edition_list: editions, ...member }) => ({
			...member,
			...(editions && {
				edition_list: editions,
				edition_name_list: editions.map((edition) => editionName(edition) ?? String(edition)),
			}),
		}));
	},
};

/** Not every WeCom looks at the filter itself; one that does may answer with plain ids. */
function mayHave(type: unknown, { edition_list: editions }: PermittedMember): boolean {
	return editions === undefined || editions.includes(Number(type));
}
