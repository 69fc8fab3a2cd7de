import type { INodePropertyOptions } from 'n8n-workflow';

/** Chosen to get every event. */
export const ALL_EVENTS = '*';

/**
 * The events to choose from, by the reference document's name (section 5), those of the suite and
 * those of robots (documents 101027 and 99399).
 * A new event is one entry here; the name on the wire may differ, see `wecom/callback/event.ts`.
 */
export const EVENTS: INodePropertyOptions[] = [
	{
		name: 'All Events',
		value: ALL_EVENTS,
		description: 'Every verified callback, those not in this list and raw text included',
	},
	{
		name: 'App Authorization Cancelled',
		value: 'cancel_auth',
		description: 'A customer removed the app: delete its data (cancel_auth)',
	},
	{
		name: 'App Authorization Changed',
		value: 'change_auth',
		description: 'A customer changed what the app may see or do (change_auth)',
	},
	{
		name: 'App Authorized',
		value: 'create_auth',
		description:
			'A customer installed the app; carries the auth code, good for 10 minutes (create_auth)',
	},
	{
		name: 'Archiving Agreed',
		value: 'msgaudit_approve',
		description: 'A customer agreed to being archived (msgaudit_approve)',
	},
	{
		name: 'Card Clicked',
		value: 'template_card_event',
		description: 'Somebody used a template card of an app or a robot (template_card_event)',
	},
	{
		name: 'Chat Entered',
		value: 'enter_chat',
		description: 'Somebody opened the chat with a robot (enter_chat)',
	},
	{
		name: 'Customer Acquisition',
		value: 'customer_acquisition',
		description: 'Something happened to an acquisition link or its quota (customer_acquisition)',
	},
	{
		name: 'Export Finished',
		value: 'msgaudit_export_finish',
		description: 'An export job of conversations is done (msgaudit_export_finish)',
	},
	{
		name: 'Keyword Hit',
		value: 'msgaudit_keyword_hit',
		description: 'A message matched a keyword rule (msgaudit_keyword_hit)',
	},
	{
		name: 'Message',
		value: 'message',
		description: 'Somebody wrote to an app or a robot; raw text as well (message)',
	},
	{
		name: 'New Messages',
		value: 'msgaudit_notify',
		description: 'There are messages to pull; comes at most every 15 seconds (msgaudit_notify)',
	},
	{
		name: 'Permanent Code Reset',
		value: 'reset_permanent_code',
		description:
			'The permanent code of a 代开发 app was reset; carries an auth code for the new one (reset_permanent_code)',
	},
	{
		name: 'Robot Added to Chat',
		value: 'add_to_chat',
		description: 'A group robot was added to a chat (add_to_chat)',
	},
	{
		name: 'Robot Feedback',
		value: 'feedback_event',
		description: 'Somebody rated an answer of a robot (feedback_event)',
	},
	{
		name: 'Robot Removed From Chat',
		value: 'delete_from_chat',
		description: 'A group robot was removed from a chat (delete_from_chat)',
	},
	{
		name: 'Suite Ticket',
		value: 'suite_ticket',
		description: 'The ticket for suite_access_token, pushed every 10 minutes (suite_ticket)',
	},
];

/** ChangeTypes of customer_acquisition. Source: documents 97299, 97402 and 99485. */
export const CHANGE_TYPES: INodePropertyOptions[] = [
	{ name: 'Balance Exhausted', value: 'balance_exhausted' },
	{ name: 'Balance Increased', value: 'balance_increased' },
	{ name: 'Balance Low', value: 'balance_low' },
	{ name: 'Customer Deleted the Member', value: 'del_follow_user' },
	{ name: 'Customer Sent a Message', value: 'message_from_customer' },
	{ name: 'Customer Started a Chat', value: 'customer_start_chat' },
	{ name: 'Friend Requested', value: 'friend_request' },
	{ name: 'Link Deleted', value: 'delete_link' },
	{ name: 'Link Unavailable', value: 'link_unavailable' },
	{ name: 'Price Changed', value: 'change_price' },
	{ name: 'Profile Opened', value: 'open_profile' },
	{ name: 'Provider Balance Consumed', value: 'service_balance_consumed' },
	{ name: 'Provider Balance Exhausted', value: 'service_balance_exhausted' },
	{ name: 'Provider Balance Low', value: 'service_balance_low' },
	{ name: 'Quota Expires Soon', value: 'quota_expire_soon' },
];
