import type { IDataObject } from 'n8n-workflow';

import {
	checkSingleAgree,
	MAX_CONSENT_PAIRS,
	type ConsentPair,
} from '../../../../wecom/api/archive';
import { InvalidInputError } from '../../../../wecom/errors';
import { isJsonObject } from '../../../../wecom/json';
import type { Action, ActionContext } from '../../../shared/action';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import { toJson } from '../../../shared/values';
import { archiveNotice } from '../archiveFields';

/** agree_status as a yes or no. Source: document 91782. */
const AGREED: Readonly<Partial<Record<string, boolean>>> = {
	Agree: true,
	Default_Agree: true,
	Disagree: false,
};

/** Tells which customers agreed to being archived. Reference document 3, platform document 91782. */
export const check: Action = {
	option: {
		name: 'Check',
		value: 'check',
		action: 'Check consent to archiving',
		description: 'Find out whether customers agreed that their conversations are archived',
	},
	api: checkSingleAgree,
	fields: [
		archiveNotice,
		{
			displayName: 'Specify Pairs',
			name: 'specifyPairs',
			type: 'options',
			options: [
				{ name: 'Using Fields Below', value: 'fields' },
				{ name: 'Using JSON', value: 'json' },
			],
			default: 'fields',
			description: 'How to say whose conversations are meant',
		},
		{
			displayName: 'Pairs',
			name: 'pairs',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add pair',
			default: { pair: [{ userid: '', exteranalopenid: '' }] },
			description: 'Member and customer whose conversation it is; any number of pairs',
			displayOptions: { show: { specifyPairs: ['fields'] } },
			options: [
				{
					displayName: 'Pair',
					name: 'pair',
					values: [
						{
							displayName: 'Member',
							name: 'userid',
							type: 'string',
							default: '',
							placeholder: 'e.g. zhangsan',
							description: 'The userid of the member',
						},
						{
							displayName: 'Customer',
							name: 'exteranalopenid',
							type: 'string',
							default: '',
							placeholder: 'e.g. wmErxtDgAA9AW32YyyuYRimKr7D1KWlw',
							description: 'The external_userid of the customer, begins with wm or wo',
						},
					],
				},
			],
		},
		{
			displayName: 'Pairs (JSON)',
			name: 'pairsJson',
			type: 'json',
			default:
				'[\n  { "userid": "zhangsan", "exteranalopenid": "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw" }\n]',
			description:
				'List of objects with userid and exteranalopenid (the spelling is that of WeCom; external_userid is accepted as well)',
			displayOptions: { show: { specifyPairs: ['json'] } },
		},
		optionsOf(requestTimeoutField),
	],

	async run(context, itemIndex) {
		const pairs = readPairs(context, itemIndex);
		const answers: IDataObject[] = [];
		for (let start = 0; start < pairs.length; start += MAX_CONSENT_PAIRS) {
			const info = pairs.slice(start, start + MAX_CONSENT_PAIRS);
			answers.push(...(await context.call(checkSingleAgree, { info }, itemIndex)));
		}
		if (answers.length < pairs.length) {
			context.hint(
				`WeCom answered for ${answers.length} of ${pairs.length} pairs. It is silent about customers that are no contacts of the member.`,
				'warning',
			);
		}
		return answers.map((answer) => ({
			...answer,
			agreed: AGREED[String(answer.agree_status)] ?? null,
		}));
	},
};

function readPairs(context: ActionContext, itemIndex: number): ConsentPair[] {
	const list =
		context.param('specifyPairs', itemIndex) === 'json'
			? toJson('Pairs (JSON)', context.param('pairsJson', itemIndex))
			: context.param<{ pair?: unknown[] }>('pairs', itemIndex).pair;
	if (!Array.isArray(list) || list.length === 0) {
		throw new InvalidInputError(
			'Pairs',
			'"Pairs" holds no pair of member and customer',
			'Add at least one pair, or give a JSON list of objects with userid and exteranalopenid.',
		);
	}
	return list.map((entry: unknown) => {
		const pair = isJsonObject(entry) ? entry : {};
		return {
			userid: pair.userid as string,
			exteranalopenid: (pair.exteranalopenid ?? pair.external_userid) as string,
		};
	});
}
