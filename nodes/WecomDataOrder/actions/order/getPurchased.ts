import { getPurchased as api } from '../../../../wecom/api/orders';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';
import { editionName } from '../../../shared/wordFor';
import { customCorpidField, providerNotice } from './orderFields';

const DAY_SECONDS = 86_400;

/** What a customer has bought. Reference document 2.3, platform document 100302. */
export const getPurchased: Action = {
	option: {
		name: 'Get Purchased',
		value: 'getPurchased',
		action: 'Get purchased licenses',
		description: 'Get which editions a customer has bought, for how many seats and until when',
	},
	api,
	fields: [
		providerNotice,
		{ ...customCorpidField, required: true },
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const corp = item.text('customCorpid');
		const editions = await item.call(api, { custom_corpid: corp });
		if (editions.length === 0) {
			item.notices.hint(
				`The customer ${corp} has bought nothing yet. Trial periods are not listed here.`,
			);
		}
		const now = Date.now() / 1000;
		return editions.map(({ begin_time: begin, end_time: end, ...edition }) => ({
			custom_corpid: corp,
			...edition,
			edition_name: editionName(edition.edition),
			begin_time: toIso(begin, item.zone),
			end_time: toIso(end, item.zone),
			days_left: typeof end === 'number' ? Math.ceil((end - now) / DAY_SECONDS) : null,
		}));
	},
};
