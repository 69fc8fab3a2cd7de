/**
 * The ways in which events reach an app: the program in the zone (event_type), which alone gets them
 * as JSON, the URL for commands of a suite (InfoType), the URL for data of a corp (Event), and the URL
 * for system events of a provider (InfoType).
 */
export const CHANNELS = ['zone', 'suite', 'data', 'provider'] as const;

/** See {@link CHANNELS}. */
export type Channel = (typeof CHANNELS)[number];

const SUITE = ['SuiteId', 'AuthCorpId', 'InfoType', 'TimeStamp'] as const;
const WITH_TYPE = [...SUITE, 'AuthType'] as const;
const TOKEN = [...SUITE, 'Token'] as const;
const APPROVED = [...SUITE, 'OpenUserID', 'ExternalUserID'] as const;
const EXPORTED = [...SUITE, 'JobId'] as const;
const DATA = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'] as const;
const PROVIDER = [
	'ServiceCorpId',
	'InfoType',
	'AuthCorpId',
	'AdvanceApiType',
	'TimeStamp',
] as const;
const ZONE = ['event_type', 'timestamp'] as const;

/** The fields of every event in the order they are sent, by channel; those of a change left out. */
export const SHAPES = {
	suite: {
		msgaudit_notify: TOKEN,
		msgaudit_approve: APPROVED,
		msgaudit_keyword_hit: TOKEN,
		msgaudit_export_finish: EXPORTED,
		customer_acquisition: [...SUITE, 'ChangeType'],
		suite_ticket: ['SuiteId', 'InfoType', 'TimeStamp', 'SuiteTicket'],
		create_auth: ['SuiteId', 'AuthCode', 'InfoType', 'TimeStamp', 'State', 'ExtraInfo'],
		change_auth: ['SuiteId', 'InfoType', 'TimeStamp', 'AuthCorpId', 'State', 'ExtraInfo'],
		cancel_auth: ['SuiteId', 'InfoType', 'TimeStamp', 'AuthCorpId'],
		reset_permanent_code: ['SuiteId', 'AuthCode', 'InfoType', 'TimeStamp'],
		approve_special_auth: WITH_TYPE,
		cancel_special_auth: WITH_TYPE,
		auth_data_permission: WITH_TYPE,
		expire_remind_data_permission: WITH_TYPE,
		// Its name is not published; it is one of this family.
		expire_data_permission: WITH_TYPE,
		change_external_contact: [...SUITE, 'ChangeType'],
		customer_acquisition_permit_change: SUITE,
		// As they came before 2024, when no program stood between.
		conversation_new_message: TOKEN,
		hit_keyword: TOKEN,
		chat_archive_export_finished: EXPORTED,
		chat_archive_audit_approved_single: APPROVED,
	},
	data: {
		program_notify: [...DATA, 'Event', 'NotifyId'],
		msgaudit_notify: [...DATA, 'AgentID', 'Event'],
		customer_acquisition: [...DATA, 'Event', 'ChangeType'],
		change_external_contact: [...DATA, 'Event', 'ChangeType'],
	},
	provider: {
		advanced_api_pay_success: [...PROVIDER, 'OrderId', 'BuyerUserId'],
		advanced_api_refund: [...PROVIDER, 'OrderId', 'OrderStatus'],
		advanced_api_cancel: [...PROVIDER, 'OrderId'],
		advanced_api_insufficient: [...PROVIDER, 'ChatArchiveApi'],
		advanced_api_expired: [...PROVIDER, 'ChatArchiveApi'],
		advanced_api_trial_expired: PROVIDER,
	},
	zone: {
		conversation_new_message: [...ZONE, 'conversation_new_message'],
		hit_keyword: [...ZONE, 'hit_keyword'],
		chat_archive_export_finished: [...ZONE, 'chat_archive_export_finished'],
		chat_archive_audit_approved_single: [...ZONE, 'chat_archive_audit_approved'],
		chat_archive_audit_approved_room: [...ZONE, 'chat_archive_audit_approved'],
		auth_knowledge_base: [...ZONE, 'auth_knowledge_base'],
		unauth_knowledge_base: [...ZONE, 'unauth_knowledge_base'],
		delete_knowledge_base: [...ZONE, 'delete_knowledge_base'],
		knowledge_base_learn_done: [...ZONE, 'knowledge_base_learn_done'],
	},
} as const satisfies Readonly<Record<Channel, Readonly<Record<string, readonly string[]>>>>;

const PEOPLE = ['UserID', 'ExternalUserID'];

/** What goes with each ChangeType (document paths 97402, 99485, 101456), the usual one first. */
export const CHANGES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
	customer_acquisition: {
		customer_start_chat: [...PEOPLE, 'LinkId'],
		balance_low: [],
		balance_exhausted: [],
		balance_increased: [],
		link_unavailable: ['LinkId'],
		delete_link: ['LinkId'],
		quota_expire_soon: ['ExpireTime', 'ExpireQuotaNum'],
		open_profile: ['LinkId', 'State'],
		friend_request: ['LinkId', 'State'],
		message_from_customer: ['LinkId', 'ChatKey'],
		del_follow_user: [...PEOPLE, 'LinkId', 'State'],
		service_balance_low: [],
		service_balance_exhausted: [],
		service_balance_consumed: ['LinkId', 'State', 'OnceKey'],
		change_price: ['Price', 'EffectiveTime'],
	},
	change_external_contact: {
		add_external_contact: [...PEOPLE, 'State', 'WelcomeCode'],
		edit_external_contact: PEOPLE,
		add_half_external_contact: [...PEOPLE, 'State', 'WelcomeCode'],
		del_external_contact: [...PEOPLE, 'Source'],
		del_follow_user: PEOPLE,
		transfer_fail: [...PEOPLE, 'FailReason'],
		msg_audit_approved: [...PEOPLE, 'WelcomeCode'],
	},
};
