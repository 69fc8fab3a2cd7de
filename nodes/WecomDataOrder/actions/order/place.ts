import type { IDataObject } from 'n8n-workflow';

import { oneOf, parseInput } from '../../../../wecom/api/fields';
import { placeOrder, type NewOrder } from '../../../../wecom/api/orders';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toSeconds } from '../../../shared/time';
import { compact, toItem } from '../../../shared/values';
import { customCorpidField, providerNotice } from './orderFields';
import { ADD, NEW, placeFields, placeNotice, RENEW, UPGRADE } from './placeFields';

/** Places an order. Reference document 2.3, platform document 100297. */
export const place: Action = {
	option: {
		name: 'Place',
		value: 'place',
		action: 'Place an order',
		description: 'Order licenses of the data zone for a customer; nothing is paid yet',
	},
	api: placeOrder,
	fields: [
		providerNotice,
		placeNotice,
		{ ...customCorpidField, required: true },
		...placeFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const type = parseInput(oneOf(NEW, ADD, RENEW, UPGRADE), item.param('orderType'), 'order_type');
		const order: NewOrder = {
			custom_corpid: item.text('customCorpid'),
			buyer_userid: item.param('buyerUserid'),
			order_type: type,
			chat_archive_api: {
				edition: type === UPGRADE ? 3 : item.param('edition'),
				...(type === RENEW ? {} : { purchase_count: item.param('purchaseCount') }),
				...toExtras(item),
			},
		};
		const answer = await item.call(placeOrder, order);
		item.notices.expectId(answer, 'order_id', 'Order → Get Many lists the new order.');
		return { ...toItem(answer), custom_corpid: order.custom_corpid };
	},
};

function toExtras(item: Item) {
	const fields = item.param<IDataObject>('additionalFields');
	const period = (name: string, label: string) => {
		const { period: given } = (fields[name] ?? {}) as { period?: IDataObject };
		return (
			given && {
				begin_time: toSeconds(`${label}: Begin Time`, given.beginTime, item.zone) as number,
				end_time: toSeconds(`${label}: End Time`, given.endTime, item.zone) as number,
			}
		);
	};
	return compact({
		purchase_count: fields.purchaseCount as number | undefined,
		take_effect_time: toSeconds('Take Effect Time', fields.takeEffectTime, item.zone),
		old_edition_info: period('oldEditionInfo', 'Old Period'),
		target_edition_info: period('targetEditionInfo', 'Target Period'),
	});
}
