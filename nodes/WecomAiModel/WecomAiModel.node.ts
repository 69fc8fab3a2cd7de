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
		hints: [
			{
				message:
					'Models of Tencent Data Zone work on jobs, which take from seconds to minutes. The node waits for up to Wait (Seconds) in Options, 600 by default. After that the jobs go on: running the node again asks about the same jobs, and Model → Get Result takes their ids.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition:
					'={{ ["items", "list"].includes($parameter["messagesFrom"]) || $parameter["operation"] === "getResult" }}',
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
