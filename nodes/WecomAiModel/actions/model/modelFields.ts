import type { INodeProperties } from 'n8n-workflow';

import { toList } from '../../../shared/values';

/** Documents the model may draw on. */
export const knowledgeBaseField: INodeProperties = {
	displayName: 'Knowledge Base ID',
	name: 'knowledgeBaseId',
	type: 'string',
	default: '',
	placeholder: 'e.g. kb_9f2c',
	description: 'Knowledge set (知识集) that the corp granted to the app, for the model to draw on',
};

/** What to look up in it. */
export const knowledgeWordsField: INodeProperties = {
	displayName: 'Knowledge Words',
	name: 'knowledgeWords',
	type: 'string',
	default: '',
	placeholder: 'e.g. refund within 7 days',
	description:
		'Text that looks up the knowledge set; for "Tencent Data Zone" as the API on the credential',
};

/** The prompt of a third-party app. */
export const abilityIdField: INodeProperties = {
	displayName: 'Ability ID',
	name: 'abilityId',
	type: 'string',
	default: '',
	placeholder: 'e.g. my_prompt',
	description:
		'The general model ability that holds the prompt, from the console of the data zone. Third-party and 代开发 apps have to name it; self-built apps have none.',
};

/** Another model than the default. */
export const modelIdField: INodeProperties = {
	displayName: 'Model ID',
	name: 'modelId',
	type: 'string',
	default: '',
	placeholder: 'e.g. mdlAAAA',
	description: 'Model of the console to use instead of the default one',
};

/** Tag groups of the corp. */
export const tagGroupsField: INodeProperties = {
	displayName: 'Tag Group IDs',
	name: 'tagGroups',
	type: 'string',
	default: '',
	placeholder: 'e.g. etAAAA1, etAAAA2',
	description: 'Groups of customer tags to choose from, separated by commas',
};

/** Values for the places in the prompt. */
export const promptArgumentsField: INodeProperties = {
	displayName: 'Prompt Arguments',
	name: 'promptArguments',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add argument',
	default: {},
	description: 'Values for the {$name$} places in the prompt of the model',
	options: [
		{
			displayName: 'Argument',
			name: 'argument',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. product',
					description: 'What stands between {$ and $} in the prompt',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. cold brew bucket 5 L',
					description: 'What is put in its place',
				},
			],
		},
	],
};

/** Whether a deep model tells how it came to the answer. */
export const thinkingField: INodeProperties = {
	displayName: 'Include Thinking',
	name: 'includeThinking',
	type: 'boolean',
	default: false,
	description: 'Whether a model that thinks deeply also returns its thinking',
};

/** The Tag Group IDs as the API wants them; undefined when there are none. */
export function toTagGroups(value: unknown): Array<{ group_id: string }> | undefined {
	const ids = toList('Tag Group IDs', value);
	return ids.length ? ids.map((id) => ({ group_id: id })) : undefined;
}

/** The Prompt Arguments as the API wants them; undefined when there are none. */
export function toPromptArguments(
	value: unknown,
): Array<{ name: string; value: string }> | undefined {
	const list = (value as { argument?: Array<{ name: string; value: string }> } | undefined)
		?.argument;
	return list?.length ? list.map(({ name, value }) => ({ name, value })) : undefined;
}
