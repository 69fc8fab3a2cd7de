import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { credentialTests } from '../shared/credentialTests';
import { toProperties } from '../shared/run/properties';
import { run } from '../shared/run/runner';
import { localizeNode } from '../shared/translation';
import { resources } from './actions';
import { searchKnowledgeBases } from './listSearch';

/** The data zone: its keys, members, callback, files, knowledge bases and programs; Tencent's library. */
export class WecomDataZone implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Data Zone',
		name: 'wecomDataZone',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Set up the data zone of WeCom (企业微信数据与智能专区): keys, callback, members, files, knowledge bases; call programs in it; and check the library of the chat archive',
		defaults: { name: 'WeCom Data Zone' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		sensitiveOutputFields: ['private_key'],
		credentials: [
			{ name: 'wecomDataApi', required: true, testedBy: 'wecomDataApiTest' },
			{
				name: 'wecomStateApi',
				required: true,
				testedBy: 'wecomStateApiTest',
				displayOptions: { show: { '/stateStore': ['redis'] } },
			},
			{
				// Only some callbacks are set with Token and EncodingAESKey.
				name: 'wecomCallbackApi',
				required: false,
				testedBy: 'wecomCallbackApiTest',
				displayOptions: {
					// The slashes mean the same. Without them the editor takes Resource and Operation for
					// parts of the authentication, and hides them.
					show: {
						'/resource': ['callback'],
						'/operation': ['set'],
						'/source': ['credential'],
					},
				},
			},
		],
		properties: toProperties(resources),
	};

	constructor() {
		localizeNode(this);
	}

	methods = {
		credentialTest: credentialTests,
		listSearch: { searchKnowledgeBases },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, resources);
	}
}
