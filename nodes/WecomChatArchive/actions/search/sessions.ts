import { searchSession } from '../../../../wecom/api/search';
import type { Action } from '../../../shared/action';
import { listFields, optionsOf, requestTimeoutField } from '../../../shared/fields';
import { toItem } from '../../../shared/values';
import { archiveNotice } from '../archiveFields';
import { keywordField } from './searchFields';

/** Group chats by name. Reference document 3, platform document 99802. */
export const sessions: Action = {
	option: {
		name: 'Sessions',
		value: 'sessions',
		action: 'Search sessions by name',
		description: 'Find group chats whose current name contains a text',
	},
	api: searchSession,
	fields: [
		archiveNotice,
		keywordField('e.g. 老客户', 'Part of the name of the group, at least two characters'),
		...listFields,
		optionsOf(requestTimeoutField),
	],

	async run(context, itemIndex) {
		const keyword = context.text('keyword', itemIndex);
		const found = await context.list(searchSession, { keyword }, itemIndex);
		if (found.length === 0) {
			context.hint(
				'No session found. WeCom searches groups that were given a name, by their present name and at least two characters of it, and only those with a member whose archiving is permitted (WeCom Data Zone → Member → Get Many lists them). A new name may take a while to be found.',
			);
		}
		return found.map(toItem);
	},
};
