import { searchPeople } from '../../../../wecom/api/search';
import {
	additionalFieldsOf,
	listFields,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { compact } from '../../../shared/values';
import { wordFor } from '../../../shared/wordFor';
import { archiveNotice } from '../archiveFields';
import { PERSON_TYPES } from '../../../shared/personTypes';
import { keywordField } from './searchFields';

/** Members and customers by name. Platform document 100235. */
export const people: Action = {
	option: {
		name: 'People',
		value: 'people',
		action: 'Search people by name',
		description: 'Find members and customers by a part of their name',
	},
	api: searchPeople,
	fields: [
		archiveNotice,
		keywordField(
			'e.g. 张三',
			'Part of the name, from 2 to 31 characters: name, pinyin or alias of a member, nickname, remark or pinyin of a customer',
		),
		...listFields,
		additionalFieldsOf(
			[
				{
					displayName: 'User Type',
					name: 'userType',
					type: 'options',
					options: [
						{ name: 'Customers (2)', value: 2 },
						{ name: 'Members (1)', value: 1 },
						{ name: 'Members and Customers (0)', value: 0 },
					],
					default: 0,
					description: 'Whom to look for',
				},
			],
			'filters',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const keyword = item.text('keyword');
		const { userType } = item.param<{ userType?: 0 | 1 | 2 }>('filters');
		const found = await item.list(searchPeople, compact({ keyword, query_user_type: userType }));
		if (found.length === 0) {
			item.notices.hint(
				'Nobody found. WeCom searches names of two characters or more, of archived members and of their customers only (WeCom Data Zone → Member → Get Many lists the members).',
			);
		}
		return found.map(({ type, id, ...more }) => ({
			type,
			type_name: wordFor(PERSON_TYPES, type),
			id,
			...more,
		}));
	},
};
