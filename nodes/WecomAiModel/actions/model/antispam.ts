import { antispamModel } from '../../../../wecom/api/models';
import { modelAction, objectsIn } from './modelAction';

/** spam_result by its number. Source: document 99986. */
const VERDICTS = ['ok', 'political', 'porn'];

/** Whether something forbidden was said. Reference document 3. */
export const antispam = modelAction({
	option: {
		name: 'Detect Spam',
		value: 'antispam',
		action: 'Detect spam in a conversation',
		description: 'Find messages with forbidden content in a conversation',
	},
	operation: antispamModel,
	simplify: ({ verdict, detail, analyze_result_list: list }) => {
		const results = objectsIn(detail ?? list);
		const worst = Math.max(0, ...results.map(({ spam_result: result }) => Number(result) || 0));
		return {
			verdict: verdict ?? (results.length === 0 ? null : (VERDICTS[worst] ?? String(worst))),
			flagged: results
				.filter(({ spam_result: result }) => Number(result) > 0)
				.map(({ msgid, spam_result: result }) => ({
					msgid,
					verdict: VERDICTS[Number(result)] ?? String(result),
				})),
		};
	},
});
