import { checkSingleAgree, MAX_CONSENT_PAIRS, type Consent } from '../../../../wecom/api/archive';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { archiveNotice } from '../archiveFields';
import { withAgreed } from './agreed';
import { pairFields, readPairs } from './pairFields';

/** Tells which customers agreed to being archived. Reference document 3, documents 91782 and 101366. */
export const check: Action = {
	option: {
		name: 'Check',
		value: 'check',
		action: 'Check consent to archiving',
		description: 'Find out whether customers agreed that their conversations are archived',
	},
	api: checkSingleAgree,
	fields: [archiveNotice, ...pairFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const pairs = readPairs(item);
		const answers: Consent[] = [];
		for (let start = 0; start < pairs.length; start += MAX_CONSENT_PAIRS) {
			const info = pairs.slice(start, start + MAX_CONSENT_PAIRS);
			answers.push(...(await item.call(checkSingleAgree, { info })));
		}
		if (answers.length < pairs.length) {
			item.notices.warn(
				`WeCom answered for ${answers.length} of ${pairs.length} pairs. It is silent about customers that are no contacts of the member.`,
			);
		}
		return answers.map(withAgreed);
	},
};
