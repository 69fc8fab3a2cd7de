import { summaryModel } from '../../../../wecom/api/models';
import { modelAction } from './modelAction';

/** What was talked about. Reference document 3. */
export const summary = modelAction({
	option: {
		name: 'Summarize',
		value: 'summary',
		action: 'Summarize a conversation',
		description: 'Get the main points of a conversation in a few sentences',
	},
	operation: summaryModel,
	simplify: ({ summary }) => ({ summary }),
});
