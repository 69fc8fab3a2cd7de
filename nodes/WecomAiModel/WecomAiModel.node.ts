import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { dataApiTests } from '../shared/credentialTests';
import { toProperties } from '../shared/run/properties';
import { run } from '../shared/run/runner';
import { localizeNode } from '../shared/translation';
import { resources } from './actions';

/** The six models of the data zone. */
export class WecomAiModel implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom AI Model',
		name: 'wecomAiModel',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Ask the AI models of WeCom (企业微信) about a conversation: sentiment, summary, replies, tags, spam',
		defaults: { name: 'WeCom AI Model' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'wecomDataApi', required: true, testedBy: 'wecomDataApiTest' },
			{
				name: 'wecomStateApi',
				required: true,
				testedBy: 'wecomStateApiTest',
				displayOptions: { show: { '/stateStore': ['redis'] } },
			},
		],
		properties: toProperties(resources),
	};

	constructor() {
		localizeNode(this);
	}

	methods = { credentialTest: dataApiTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, resources);
	}
}
