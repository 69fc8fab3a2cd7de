import type { IDataObject } from 'n8n-workflow';

import { generalModel } from '../../../../wecom/api/models';
import { compact } from '../../../shared/values';
import { modelAction } from './modelAction';
import {
	abilityIdField,
	knowledgeBaseField,
	knowledgeWordsField,
	modelIdField,
	promptArgumentsField,
	tagGroupsField,
	thinkingField,
	toPromptArguments,
	toTagGroups,
} from './modelFields';

/** Your own prompt, as it stands in the console. Reference document 3. */
export const general = modelAction({
	option: {
		name: 'Ask General Model',
		value: 'general',
		action: 'Ask the general model about a conversation',
		description: 'Run the prompt that the console holds for a model over a conversation',
	},
	operation: generalModel,
	optionFields: [
		abilityIdField,
		knowledgeBaseField,
		knowledgeWordsField,
		modelIdField,
		promptArgumentsField,
		tagGroupsField,
		thinkingField,
	],
	extras: (options: IDataObject) =>
		compact({
			ability_id: options.abilityId as string | undefined,
			kb_retrieval_words: options.knowledgeWords as string | undefined,
			kb_id: options.knowledgeBaseId as string | undefined,
			model_id: options.modelId as string | undefined,
			need_think_result: options.includeThinking as boolean | undefined,
			tag_group_list: toTagGroups(options.tagGroups),
			var_args: toPromptArguments(options.promptArguments),
		}),
	simplify: ({ answer, thinking }) => ({
		answer: answer as IDataObject['answer'],
		...(thinking === null ? {} : { thinking }),
	}),
});
