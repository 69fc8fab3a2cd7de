import { getLinkStatistics } from '../../../../wecom/api/acquisition';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { periodField } from '../periodField';
import { authorizationNotice, linkIdField } from './linkFields';

const DAYS_KEPT = 180;

/** How a link did over some days. Reference document 3, platform document 97400. */
export const getStatistics: Action = {
	option: {
		name: 'Get Statistics',
		value: 'getStatistics',
		action: 'Get statistics of a link',
		description: 'Count who opened an acquisition link and who became a customer',
	},
	api: getLinkStatistics,
	fields: [
		authorizationNotice,
		linkIdField,
		periodField({
			displayName: 'Start Day',
			name: 'startTime',
			description:
				'First day to count, within the last 180 days. WeCom counts whole days, so the time of day does not matter.',
		}),
		periodField({
			displayName: 'End Day',
			name: 'endTime',
			description: 'Last day to count, this day included; at most 30 days after the start',
		}),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const linkId = item.id('linkId');
		const start = item.seconds('startTime', 'Start Day');
		const end = item.seconds('endTime', 'End Day');
		const counts = await item.call(getLinkStatistics, {
			link_id: linkId,
			start_time: start as number,
			end_time: end as number,
		});
		if (Number(start) < Date.now() / 1000 - DAYS_KEPT * 86_400) {
			item.notices.hint(`WeCom counts the last ${DAYS_KEPT} days only; what is before is missing.`);
		}
		if (!counts.click_link_customer_cnt && !counts.new_customer_cnt) {
			item.notices.hint(
				`Nobody opened the link ${linkId} in these days, or WeCom has not counted them yet. For a component only visits with its comp_scene count.`,
			);
		}
		return { link_id: linkId, ...counts };
	},
};
