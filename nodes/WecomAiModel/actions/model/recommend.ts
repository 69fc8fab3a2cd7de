import { recommendModel } from '../../../../wecom/api/models';
import { compact } from '../../../shared/values';
import { modelAction } from './modelAction';
import { knowledgeBaseField } from './modelFields';

/** What to answer the customer. Reference document 3. */
export const recommend = modelAction({
	option: {
		name: 'Recommend Replies',
		value: 'recommend',
		action: 'Recommend replies in a conversation',
		description: 'Get suggestions for what to answer the customer',
	},
	operation: recommendModel,
	optionFields: [knowledgeBaseField],
	extras: ({ knowledgeBaseId }) => compact({ kb_id: knowledgeBaseId as string | undefined }),
	simplify: ({ suggestions }) => ({ suggestions }),
});
