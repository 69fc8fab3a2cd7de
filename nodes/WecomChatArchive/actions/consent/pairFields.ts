import type { INodeProperties } from 'n8n-workflow';

import type { ConsentPair } from '../../../../wecom/api/archive';
import { InvalidInputError } from '../../../../wecom/errors';
import { isJsonObject } from '../../../../wecom/json';
import type { Item } from '../../../shared/run/item';
import { toJson } from '../../../shared/values';

/** Whose conversations are meant, one by one or as JSON; {@link readPairs} reads them. */
export const pairFields: INodeProperties[] = [
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
];

/**
 * The pairs that the fields name.
 *
 * @throws InvalidInputError when there are none, or the JSON is none
 */
export function readPairs(item: Item): ConsentPair[] {
	const list =
		item.param('specifyPairs') === 'json'
			? toJson('Pairs (JSON)', item.param('pairsJson'))
			: item.param<{ pair?: unknown[] }>('pairs').pair;
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
