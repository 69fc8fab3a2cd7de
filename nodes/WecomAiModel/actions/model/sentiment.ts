import { sentimentModel } from '../../../../wecom/api/models';
import { toItem } from '../../../shared/values';
import { modelAction } from './modelAction';

/** How the customer feels. Reference document 4.2. */
export const sentiment = modelAction({
	option: {
		name: 'Analyze Sentiment',
		value: 'sentiment',
		action: 'Analyze sentiment of a conversation',
		description: 'Tell whether a conversation is positive or negative, and how strongly',
	},
	operation: sentimentModel,
	simplify: ({ sentiment, score, messages }) => ({
		sentiment,
		score,
		...(messages ? { messages: messages.map(toItem) } : {}),
	}),
});
