import {
	NodeConnectionTypes,
	updateDisplayOptions,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { credentialTests } from '../shared/credentialTests';
import { toNodeError } from '../shared/run/nodeErrors';
import { stateField } from '../shared/state';
import { localizeNode } from '../shared/translation';
import { zoneProgramFields } from '../shared/zoneProgram';
import { ALL_EVENTS, CHANGE_TYPES, EVENTS, WITH_CHANGE_TYPES } from './events';
import { checkCredentials, receiveCallback } from './receive';
import { restoreTickets } from './ticket';

/** Starts the workflow when WeCom calls back; verifies and decrypts the callback. */
export class WecomDataTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Data Trigger',
		name: 'wecomDataTrigger',
		icon: {
			light: 'file:../../icons/wecom-data.svg',
			dark: 'file:../../icons/wecom-data.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["events"].includes("*") ? "all events" : $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when WeCom (企业微信) calls back: new messages, consent, keyword hits, exports, acquisition, authorization, orders',
		defaults: { name: 'WeCom Data Trigger' },
		eventTriggerDescription: 'Waiting for WeCom to call the test URL',
		activationMessage:
			'The callback URL answers now. Enter it in the WeCom console and save there.',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		sensitiveOutputFields: ['data.SuiteTicket', 'data.AuthCode'],
		credentials: [
			{ name: 'wecomCallbackApi', required: true, testedBy: 'wecomCallbackApiTest' },
			{
				name: 'wecomDataApi',
				required: true,
				testedBy: 'wecomDataApiTest',
				displayOptions: { show: { '/fetchStoredEvent': [true] } },
			},
			{
				name: 'wecomStateApi',
				required: true,
				testedBy: 'wecomStateApiTest',
				displayOptions: { show: { '/stateStore': ['redis'] } },
			},
		],
		webhooks: [
			// WeCom has one URL for both, so one is shown.
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				path: 'webhook',
				ndvHideUrl: true,
			},
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: 'webhook',
				ndvHideMethod: true,
			},
		],
		properties: [
			{
				displayName:
					'Publish the workflow before you enter the production URL in the WeCom console: WeCom checks it when you save. The 指令回调URL of an app sends authorizations, data permissions, acquisition, changed contacts and the suite_ticket; its 数据回调URL sends program_notify, which announces the events of the data zone, new messages among them, as well as chat messages and the events of self-built apps; the 系统事件接收URL of the provider (通用开发参数) sends orders. The test URL passes the check as well, but stops answering after one event. If the URL shows localhost, set N8N_WEBHOOK_URL (WEBHOOK_URL in older versions of n8n) to the address WeCom can reach.',
				name: 'urlNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: EVENTS,
				default: [ALL_EVENTS],
				required: true,
				description:
					'Events that start the workflow. Others are answered and dropped. Their names in other channels and in the other API (conversation_new_message, hit_keyword and so on) count as the names given here, also in an expression.',
			},
			{
				displayName: 'Change Types',
				name: 'changeTypes',
				type: 'multiOptions',
				options: CHANGE_TYPES,
				default: [],
				description:
					'Of customer_acquisition and change_external_contact, only these changes; none chosen lets all through',
				displayOptions: { show: { events: [...WITH_CHANGE_TYPES] } },
			},
			{
				displayName: 'Fetch Stored Event',
				name: 'fetchStoredEvent',
				type: 'boolean',
				noDataExpression: true,
				default: false,
				description:
					'Whether to fetch the event that a program_notify of the data zone announces, so that the workflow starts with it: new messages with their token, say. While the program cannot answer this is tried for 10 minutes; what cannot be fetched, or is stored for another corp, comes out as program_notify with an error field that says why.',
			},
			stateField,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				// n8n reads the names of its own Webhook node: see receive.ts.
				default: { binaryData: true },
				options: [
					{
						displayName: 'Deduplicate',
						name: 'deduplicate',
						type: 'boolean',
						default: true,
						description:
							'Whether to run an event once however often WeCom delivers it: messages by their msgid, events by all that they say. Repetitions are recognized for two hours by all processes that share the State Storage; events carry an eventId for your own checks.',
					},
					{
						displayName: 'Include Raw Message',
						name: 'includeRaw',
						type: 'boolean',
						default: false,
						description:
							'Whether to add the decrypted message as WeCom wrote it, in the field raw; of a stored event that is the program_notify',
					},
					...updateDisplayOptions({ show: { '/fetchStoredEvent': [true] } }, zoneProgramFields),
					{
						displayName: 'Time Window',
						name: 'timeWindow',
						type: 'number',
						typeOptions: { minValue: 0, numberPrecision: 0 },
						default: 0,
						description:
							'Minutes the signed timestamp, and the time in the event, may differ from the clock of this machine; 0 turns the check off. WeCom asks for none and retries late: use 10 or more.',
					},
					{
						displayName: 'Unparsed Body',
						name: 'binaryData',
						type: 'hidden',
						default: true,
						description:
							'Whether n8n leaves the body of callbacks to this node. Its own XML parser answers nobody any more once it was sent XML that is malformed.',
					},
				],
			},
		],
	};

	constructor() {
		localizeNode(this);
	}

	methods = { credentialTest: credentialTests };

	// The callback URL is entered in WeCom's console by hand: there is nothing to register, only the
	// credential to check while somebody is watching.
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				try {
					await restoreTickets(this);
				} catch (error) {
					throw toNodeError(this.getNode(), error);
				}
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				try {
					await checkCredentials(this);
				} catch (error) {
					throw toNodeError(this.getNode(), error);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback(this);
	}
}
