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
import { searchLinks } from './listSearch';

/** Acquisition links, their customers, quota and payments, and the authorization of the component. */
export class WecomAcquisition implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Customer Acquisition',
		name: 'wecomAcquisition',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Manage customer acquisition links of WeCom (企业微信获客助手), count their visits, list who came, look after quota and payments',
		defaults: { name: 'WeCom Customer Acquisition' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Whoever has a once key can let the provider pay.
		sensitiveOutputFields: ['key'],
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
		listSearch: { searchLinks },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, resources);
	}
}
