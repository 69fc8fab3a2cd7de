import type { INodePropertyOptions } from 'n8n-workflow';

/** Chosen to get every event. */
export const ALL_EVENTS = '*';

/** Events of which some changes can be chosen by their ChangeType. */
export const WITH_CHANGE_TYPES: readonly string[] = [
	'customer_acquisition',
	'change_external_contact',
];

/**
 * The events to choose from, those of a kind together: the reference document's (section 5), those of
 * the suite, of a provider's orders and of the data zone (documents 100964, 101587, 101401 to 101406,
 * 101389, 99855), and those of robots (documents 101027 and 99399).
 * A new event is one entry here; the name on the wire may differ, see `wecom/callback/eventNames.ts`.
 */
export const EVENTS: INodePropertyOptions[] = [
	{
		name: 'All Events',
		value: ALL_EVENTS,
		description: 'Every verified callback, those not in this list and raw text included',
	},
	{
		name: 'App: Authorization Cancelled',
		value: 'cancel_auth',
		description: 'A customer removed the app: delete its data (cancel_auth)',
	},
	{
		name: 'App: Authorization Changed',
		value: 'change_auth',
		description: 'A customer changed what the app may see or do (change_auth)',
	},
	{
		name: 'App: Authorized',
		value: 'create_auth',
		description:
			'A customer installed the app; carries the auth code, good for 10 minutes (create_auth)',
	},
	{
		name: 'App: Data Permission Expired',
		value: 'data_permission_expired',
		description:
			'A permission to data has ended after its 90 days (data_permission_expired; on the wire any InfoType that ends in _data_permission and is none of the other two)',
	},
	{
		name: 'App: Data Permission Expires Soon',
		value: 'expire_remind_data_permission',
		description: 'A permission to data ends in 7 days; told once (expire_remind_data_permission)',
	},
	{
		name: 'App: Data Permission Granted',
		value: 'auth_data_permission',
		description:
			'A customer granted or renewed a permission to data, one event for each (auth_data_permission)',
	},
	{
		name: 'App: Permanent Code Reset',
		value: 'reset_permanent_code',
		description:
			'The permanent code of a 代开发 app was reset; carries an auth code for the new one (reset_permanent_code)',
	},
	{
		name: 'App: Special Permission Cancelled',
		value: 'cancel_special_auth',
		description: 'An admin took back the permission for customer acquisition (cancel_special_auth)',
	},
	{
		name: 'App: Special Permission Granted',
		value: 'approve_special_auth',
		description:
			'An admin confirmed the permission for customer acquisition (approve_special_auth)',
	},
	{
		name: 'App: Suite Ticket',
		value: 'suite_ticket',
		description: 'The ticket for suite_access_token, pushed every 10 minutes (suite_ticket)',
	},
	{
		name: 'Archive: Agreed',
		value: 'msgaudit_approve',
		description:
			'A customer agreed to being archived (msgaudit_approve; chat_archive_audit_approved_single, chat_archive_audit_approved_room; change_external_contact with msg_audit_approved)',
	},
	{
		name: 'Archive: Export Finished',
		value: 'msgaudit_export_finish',
		description:
			'An export job of conversations is done (msgaudit_export_finish; chat_archive_export_finished)',
	},
	{
		name: 'Archive: Keyword Hit',
		value: 'msgaudit_keyword_hit',
		description: 'A message matched a keyword rule (msgaudit_keyword_hit; hit_keyword)',
	},
	{
		name: 'Archive: New Messages',
		value: 'msgaudit_notify',
		description:
			'There are messages to pull; comes at most every 15 seconds (msgaudit_notify; conversation_new_message)',
	},
	{
		name: 'Customer: Acquisition',
		value: 'customer_acquisition',
		description: 'Something happened to an acquisition link or its quota (customer_acquisition)',
	},
	{
		name: 'Customer: Acquisition Permission Changed',
		value: 'customer_acquisition_permit_change',
		description:
			'The range of members for whom acquisition may be used has changed (customer_acquisition_permit_change)',
	},
	{
		name: 'Customer: Contact Changed',
		value: 'change_external_contact',
		description:
			'A member and a customer became or ceased to be contacts, or the contact was changed (change_external_contact)',
	},
	{
		name: 'Data Zone: Event Stored',
		value: 'program_notify',
		description:
			'The program in the data zone stored an event, which is fetched with the NotifyId; together with Fetch Stored Event all events that are fetched (program_notify)',
	},
	{
		name: 'Data Zone: Knowledge Set Authorized',
		value: 'auth_knowledge_base',
		description: 'A corp let the app use a knowledge set (auth_knowledge_base)',
	},
	{
		name: 'Data Zone: Knowledge Set Deleted',
		value: 'delete_knowledge_base',
		description: 'A knowledge set was deleted (delete_knowledge_base)',
	},
	{
		name: 'Data Zone: Knowledge Set Learned a Document',
		value: 'knowledge_base_learn_done',
		description:
			'A document of a knowledge set was learned, or could not be; one event for each (knowledge_base_learn_done)',
	},
	{
		name: 'Data Zone: Knowledge Set Withdrawn',
		value: 'unauth_knowledge_base',
		description: 'A corp no longer lets the app use a knowledge set (unauth_knowledge_base)',
	},
	{
		name: 'Message',
		value: 'message',
		description: 'Somebody wrote to an app or a robot; raw text as well (message)',
	},
	{
		name: 'Order: Cancelled',
		value: 'advanced_api_cancel',
		description: 'An order was cancelled (advanced_api_cancel)',
	},
	{
		name: 'Order: License Expired',
		value: 'advanced_api_expired',
		description: 'The licenses of an edition have expired at a customer (advanced_api_expired)',
	},
	{
		name: 'Order: Licenses Insufficient',
		value: 'advanced_api_insufficient',
		description: 'A customer has too few licenses of an edition (advanced_api_insufficient)',
	},
	{
		name: 'Order: Paid',
		value: 'advanced_api_pay_success',
		description: 'An order was paid (advanced_api_pay_success)',
	},
	{
		name: 'Order: Refund Decided',
		value: 'advanced_api_refund',
		description: 'A refund was made or rejected: OrderStatus 1 or 2 (advanced_api_refund)',
	},
	{
		name: 'Order: Trial Expired',
		value: 'advanced_api_trial_expired',
		description: 'The trial of a customer has ended (advanced_api_trial_expired)',
	},
	{
		name: 'Robot: Added to Chat',
		value: 'add_to_chat',
		description: 'A group robot was added to a chat (add_to_chat)',
	},
	{
		name: 'Robot: Card Clicked',
		value: 'template_card_event',
		description: 'Somebody used a template card of an app or a robot (template_card_event)',
	},
	{
		name: 'Robot: Chat Entered',
		value: 'enter_chat',
		description: 'Somebody opened the chat with a robot (enter_chat)',
	},
	{
		name: 'Robot: Feedback',
		value: 'feedback_event',
		description: 'Somebody rated an answer of a robot (feedback_event)',
	},
	{
		name: 'Robot: Removed From Chat',
		value: 'delete_from_chat',
		description: 'A group robot was removed from a chat (delete_from_chat)',
	},
];

/**
 * ChangeTypes of customer_acquisition and change_external_contact. Source: documents 97299, 97402,
 * 99485, 101456 and 96361.
 */
export const CHANGE_TYPES: INodePropertyOptions[] = [
	{ name: 'Balance Exhausted', value: 'balance_exhausted' },
	{ name: 'Balance Increased', value: 'balance_increased' },
	{ name: 'Balance Low', value: 'balance_low' },
	{ name: 'Contact Added', value: 'add_external_contact' },
	{ name: 'Contact Added Without Confirmation', value: 'add_half_external_contact' },
	{ name: 'Contact Deleted by the Member', value: 'del_external_contact' },
	{ name: 'Contact Edited', value: 'edit_external_contact' },
	{ name: 'Contact Not Taken Over', value: 'transfer_fail' },
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
