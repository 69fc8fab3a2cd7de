import { createOnceKeys, MAX_ONCE_KEYS } from '../../../../wecom/api/acquisition';
import { parseInput, wholeNumber } from '../../../../wecom/api/fields';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { linkIdField } from '../link/linkFields';

/** Makes keys with which the provider pays for a customer. Platform document 99603. */
export const createOnceKey: Action = {
	option: {
		name: 'Create Once Keys',
		value: 'createOnceKey',
		action: 'Create once keys of a link',
		description: 'Create keys for a link, each of which lets the provider pay for one customer',
	},
	api: createOnceKeys,
	fields: [
		noticeField(
			'onceKeyNotice',
			'For the acquisition component (获客公开组件) with pay mode 1 alone, where the provider pays (Component → Get Authorization tells the mode). Append &once_key= and the key to the link with its comp_scene. A key works once, within 14 days.',
		),
		linkIdField,
		{
			displayName: 'Number of Keys',
			name: 'keyNum',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX_ONCE_KEYS, numberPrecision: 0 },
			default: 1,
			description: 'How many keys to create, at most 1000; each becomes an item',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const linkId = item.id('linkId');
		const { keys } = await item.call(createOnceKeys, {
			link_id: linkId,
			// Where the number is left out WeCom makes a hundred: an expression that gives nothing asks for none.
			key_num: parseInput(wholeNumber(1, MAX_ONCE_KEYS), item.param('keyNum'), 'key_num'),
		});
		item.notices.expectId(
			{ keys: keys[0] },
			'keys',
			'No list tells which keys there are; those that nobody uses cost nothing.',
		);
		return keys.map((key) => ({ link_id: linkId, key }));
	},
};
