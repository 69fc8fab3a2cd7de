import {
	NodeConnectionTypes,
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
import { ALL_EVENTS, CHANGE_TYPES, EVENTS } from './events';
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
			'Starts the workflow when WeCom (企业微信) calls back: new messages, consent, keyword hits, exports, acquisition, authorization',
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
					'Publish the workflow before you enter the production URL in the WeCom console: WeCom checks it when you save. The test URL passes the check as well, but stops answering after one event. If the URL shows localhost, set N8N_WEBHOOK_URL (WEBHOOK_URL in older versions of n8n) to the address WeCom can reach.',
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
					'Events that start the workflow. Others are answered and dropped. The names of Tencent and of the zone (conversation_new_message, hit_keyword and so on) count as the names given here.',
			},
			{
				displayName: 'Change Types',
				name: 'changeTypes',
				type: 'multiOptions',
				options: CHANGE_TYPES,
				default: [],
				description: 'Of customer_acquisition, only these changes; none chosen lets all through',
				displayOptions: { show: { events: ['customer_acquisition'] } },
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
						description: 'Whether to add the decrypted message as WeCom wrote it, in the field raw',
					},
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
