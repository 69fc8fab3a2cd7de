import { listBills } from '../../../../wecom/api/acquisition';
import { listFields, noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import { toYuan } from '../../../shared/money';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';
import { periodField } from '../periodField';

const DAY_SECONDS = 86_400;
/** WeCom's days are those of China. */
const CHINA_SECONDS = 8 * 3600;

/** What the provider paid for customers of a corp. Platform document 99602. */
export const getBills: Action = {
	option: {
		name: 'Get Bills',
		value: 'getBills',
		action: 'Get what the provider paid for customers',
		description: 'List what the provider paid for the customers of a corp, one by one',
	},
	api: listBills,
	fields: [
		noticeField(
			'billNotice',
			'For the acquisition component (获客公开组件) where the provider pays. This call takes the suite_access_token of the component (Suite ID and Secret, or Suite Access Token, of the credential).',
		),
		{
			displayName: 'Auth Corp ID',
			name: 'authCorpid',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wpE1rQjFAAAA2Hq8mTn5vKcL0sYdWbXg',
			description: 'Customer corp that the provider paid for',
		},
		periodField({
			displayName: 'Begin Time',
			name: 'beginTime',
			description:
				'From when on, in the timezone of the workflow. 00:00:01 of a day matches the statistics of the corp.',
		}),
		periodField({
			displayName: 'End Time',
			name: 'endTime',
			description:
				'Until when, at most 31 days later. 00:00:00 of the next day matches the statistics of the corp.',
		}),
		...listFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const corp = item.text('authCorpid');
		const end = item.seconds('endTime', 'End Time') as number;
		const bills = await item.list(listBills, {
			begin_time: item.seconds('beginTime', 'Begin Time') as number,
			end_time: end,
			auth_corpid: corp,
		});
		if (end > startOfToday()) {
			item.notices.hint(
				'The bills of a day are complete on the next day: those of today may lack some.',
			);
		}
		if (bills.length === 0) {
			item.notices.hint(
				`The provider paid for no customer of ${corp} in this time. Only the component with pay mode 1 has bills (Component → Get Authorization tells the mode).`,
			);
		}
		return bills.map((bill) => ({
			auth_corpid: corp,
			...bill,
			billed_at: toIso(bill.timestamp, item.zone),
			price_yuan: toYuan(bill.price),
		}));
	},
};

/** When today began in China, seconds since 1970. */
function startOfToday(): number {
	const now = Date.now() / 1000 + CHINA_SECONDS;
	return Math.floor(now / DAY_SECONDS) * DAY_SECONDS - CHINA_SECONDS;
}
