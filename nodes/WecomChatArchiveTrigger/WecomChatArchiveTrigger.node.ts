import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { dataApiTests } from '../shared/credentialTests';
import { customerCorpFields } from '../shared/customerCorp';
import { optionsOf, simplifyField } from '../shared/fields';
import { fetchFields, filterFields, zoneTextNotice } from '../shared/messageFields';
import { toNodeError } from '../shared/run/nodeErrors';
import { stateField } from '../shared/state';
import { localizeNode } from '../shared/translation';
import { DEFAULT_MAX_RECORDS, pollMessages } from './poll';

/** Starts the workflow with new archived messages, decrypted, each once. */
export class WecomChatArchiveTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Chat Archive Trigger',
		name: 'wecomChatArchiveTrigger',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "from " + $parameter["startFrom"] }}',
		description: 'Starts the workflow when new messages are in the WeCom (企业微信) archive',
		defaults: { name: 'WeCom Chat Archive Trigger' },
		polling: true,
		inputs: [],
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
		properties: [
			{
				displayName:
					'A poll by hand shows up to 10 messages as a sample and moves nothing: the published workflow still gets every message once.',
				name: 'pollNotice',
				type: 'notice',
				default: '',
			},
			zoneTextNotice,
			{
				displayName: 'Start From',
				name: 'startFrom',
				type: 'options',
				options: [
					{
						name: 'Now',
						value: 'now',
						description:
							'Messages sent after the workflow was published, and those of the half minute before that may still be on their way into the archive',
					},
					{
						name: 'Oldest Kept',
						value: 'oldest',
						description: 'Everything WeCom still keeps, up to 5 days back',
					},
					{ name: 'Seq', value: 'seq', description: 'Messages after a seq you know' },
				],
				default: 'now',
				description:
					'Where the very first poll starts; later polls go on where the last one stopped',
			},
			{
				displayName: 'Start After Seq',
				name: 'startAfterSeq',
				type: 'string',
				default: '0',
				placeholder: 'e.g. 1024',
				description:
					'Messages after this seq are returned. With Tencent Data Zone it is a position that a hint of Get Many gave, or a cursor of WeCom.',
				displayOptions: { show: { startFrom: ['seq'] } },
			},
			simplifyField,
			stateField,
			optionsOf(
				...customerCorpFields,
				...fetchFields,
				...filterFields.filter(({ name }) => name === 'messageTypes' || name === 'senders'),
				{
					displayName: 'Max Records per Poll',
					name: 'maxRecords',
					type: 'number',
					typeOptions: { minValue: 1, numberPrecision: 0 },
					default: DEFAULT_MAX_RECORDS,
					description:
						'How many records one poll fetches at most, filtered ones included. The next poll goes on with the rest.',
				},
			),
		],
	};

	constructor() {
		localizeNode(this);
	}

	methods = { credentialTest: dataApiTests };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			const items = await pollMessages(this);
			return items ? [this.helpers.returnJsonArray(items)] : null;
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}
