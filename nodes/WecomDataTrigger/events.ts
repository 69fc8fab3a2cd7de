import type { INodePropertyOptions } from 'n8n-workflow';

/** Chosen to get every event. */
export const ALL_EVENTS = '*';

/**
 * The events to choose from, by the reference document's name (section 5) and those of the suite.
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
