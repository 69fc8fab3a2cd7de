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
import { searchRules } from './listSearch';

/** Archived conversations: messages and their files, consent, groups, robots, search, keyword rules, exports. */
export class WecomChatArchive implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Chat Archive',
		name: 'wecomChatArchive',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Pull and decrypt archived WeCom (企业微信) conversations, download their files, search them, watch keywords, check consent, look up groups, export',
		defaults: { name: 'WeCom Chat Archive' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		sensitiveOutputFields: ['randomKey', 'secret_key'],
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

	methods = {
		credentialTest: dataApiTests,
		listSearch: { searchRules },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, resources);
	}
}
