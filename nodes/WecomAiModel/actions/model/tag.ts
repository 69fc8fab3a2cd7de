import { tagModel } from '../../../../wecom/api/models';
import { modelAction } from './modelAction';
import { modelIdField, tagGroupsField, toTagGroups } from './modelFields';
import { compact, toItem } from '../../../shared/values';

/** Which tags fit the customer. Reference document 3. */
export const tag = modelAction({
	option: {
		name: 'Suggest Customer Tags',
		value: 'tag',
		action: 'Suggest tags for a customer',
		description: 'Choose the tags that fit the customer from the given tag groups',
	},
	operation: tagModel,
	optionFields: [tagGroupsField, modelIdField],
	extras: ({ tagGroups, modelId }) =>
		compact({ tag_group_list: toTagGroups(tagGroups), model_id: modelId as string | undefined }),
	simplify: ({ tags }) => ({ tags: tags.map(toItem) }),
});
