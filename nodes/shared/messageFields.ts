import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { MAX_PAGE_SIZE } from '../../wecom/archive/pull';
import { MESSAGE_TYPES, type KnownMessageType } from '../../wecom/archive/messageTypes';
import { noticeField, requestTimeoutField } from './fields';

const TYPE_NAMES: Record<KnownMessageType, string> = {
	agree: 'Agreed to Archiving',
	calendar: 'Calendar Event',
	card: 'Business Card',
	chatrecord: 'Forwarded Conversation',
	collect: 'Form',
	disagree: 'Disagreed to Archiving',
	docmsg: 'Online Document',
	emotion: 'Sticker',
	external_redpacket: 'Red Packet (External)',
	file: 'File',
	image: 'Image',
	link: 'Link',
	location: 'Location',
	markdown: 'Markdown',
	meeting: 'Meeting',
	meeting_notification: 'Meeting Notification',
	meeting_voice_call: 'Meeting Recording',
	mixed: 'Mixed',
	news: 'News',
	note: 'Note',
	qydiskfile: 'WeDrive File',
	redpacket: 'Red Packet',
	revoke: 'Recalled Message',
	solitaire: 'Solitaire (接龙)',
	sphfeed: 'Channels Post (视频号)',
	text: 'Text',
	todo: 'To-Do',
	video: 'Video',
	voice: 'Voice',
	voip_doc_share: 'Document Shared in Call',
	voiptext: 'Voice or Video Call',
	vote: 'Vote',
	weapp: 'Mini Program',
};

/** A choice of message types, in the order of their names. */
export function messageTypeOptions(types: readonly KnownMessageType[]): INodePropertyOptions[] {
	return types
		.map((value) => ({ name: TYPE_NAMES[value], value }))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Where people look for the text of a message that the data zone keeps. */
export const zoneTextNotice = noticeField(
	'zoneTextNotice',
	'With Tencent Data Zone the text of messages never leaves the zone: items say who wrote when and what kind of message, and hold its secret_key. Give them to WeCom AI Model, search or export the messages, or show them with the display component (会话展示组件).',
);

/** Which messages to keep. Records that cannot be decrypted pass every filter. */
export const filterFields: INodeProperties[] = [
	{
		displayName: 'Message Types',
		name: 'messageTypes',
		type: 'multiOptions',
		options: messageTypeOptions(MESSAGE_TYPES),
		default: [],
		description: 'Keep only messages of these types; none chosen keeps all',
	},
	{
		displayName: 'Senders',
		name: 'senders',
		type: 'string',
		default: '',
		placeholder: 'e.g. zhangsan, wmErxtDgAA9AW32YyyuYRimKr7D1KWlw',
		description:
			'Keep only messages from these people: comma-separated userids or external_userids',
	},
	{
		displayName: 'Sent After',
		name: 'sentAfter',
		type: 'dateTime',
		default: '',
		description: 'Keep only messages sent at this time or later, in the timezone of the workflow',
	},
	{
		displayName: 'Sent Before',
		name: 'sentBefore',
		type: 'dateTime',
		default: '',
		description: 'Keep only messages sent before this time, in the timezone of the workflow',
	},
];

/** How records are fetched; proxy, passwd and timeout are the reference document's own fields. */
export const fetchFields: INodeProperties[] = [
	{
		displayName: 'Gateway Password',
		name: 'passwd',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. user:password',
		description: 'Credentials of the gateway proxy (passwd in the request, or of the library)',
	},
	{
		displayName: 'Gateway Proxy',
		name: 'proxy',
		type: 'string',
		default: '',
		placeholder: 'e.g. socks5://10.0.0.1:8081',
		description:
			"Proxy the gateway uses towards WeCom (proxy in the request). For a proxy between n8n and the gateway use the credential. With Tencent Message Archive Tencent's library goes through it, in place of the proxy of the credential.",
	},
	{
		displayName: 'Gateway Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 600, numberPrecision: 0 },
		default: 10,
		description:
			"Seconds the gateway waits for WeCom (timeout in the request), or Tencent's library where it fetches the messages",
	},
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_PAGE_SIZE, numberPrecision: 0 },
		default: MAX_PAGE_SIZE,
		description:
			'Records per request. When WeCom finds an answer too large, the page is halved without further ado.',
	},
	requestTimeoutField,
];

/** What only Tencent Data Zone takes. Source: document 101365. */
export const zoneFetchFields: INodeProperties[] = [
	{
		displayName: 'Event Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description:
			'Token of the event that told of new messages, good for 10 minutes. Tencent Data Zone only; with it WeCom allows more calls.',
	},
	{
		displayName: 'Fetch Pages at Once',
		name: 'pagesAtOnce',
		type: 'boolean',
		default: false,
		description:
			'Whether to fetch up to 10 pages at the same time. Tencent Data Zone only; the program needs get_msg_list_by_page_id.',
	},
];
