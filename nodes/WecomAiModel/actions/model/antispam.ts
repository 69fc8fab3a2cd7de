import { antispamModel } from '../../../../wecom/api/models';
import { toItem } from '../../../shared/values';
import { modelAction } from './modelAction';

/** Whether something forbidden was said. Reference document 3. */
export const antispam = modelAction({
	option: {
		name: 'Detect Spam',
		value: 'antispam',
		action: 'Detect spam in a conversation',
		description: 'Find messages with forbidden content in a conversation',
	},
	operation: antispamModel,
	simplify: ({ verdict, messages }) => ({
		verdict,
		flagged: messages.filter((one) => one.verdict !== null && one.verdict !== 'ok').map(toItem),
	}),
});
