import type { World } from '../data/world';
import type { Random } from '../random';

/** Text and numbers of one event, in the order they are sent. */
export type EventFields = Readonly<Record<string, string | number>>;

/** The InfoTypes with a ready-made content; any other needs a plaintext of its own. */
export const CALLBACK_EVENTS = [
	'msgaudit_notify',
	'msgaudit_approve',
	'msgaudit_keyword_hit',
	'msgaudit_export_finish',
	'customer_acquisition',
	'suite_ticket',
	'create_auth',
	'change_auth',
	'cancel_auth',
	'reset_permanent_code',
] as const;

/** See {@link CALLBACK_EVENTS}. */
export type CallbackEvent = (typeof CALLBACK_EVENTS)[number];

/** What goes with each ChangeType of customer_acquisition (document path 97402). */
const ACQUISITION_FIELDS: Readonly<Record<string, readonly string[]>> = {
	link_unavailable: ['LinkId'],
	delete_link: ['LinkId'],
	quota_expire_soon: ['ExpireTime', 'ExpireQuotaNum'],
	open_profile: ['LinkId', 'State'],
	friend_request: ['LinkId', 'State'],
	customer_start_chat: ['UserID', 'ExternalUserID', 'LinkId'],
	message_from_customer: ['LinkId', 'ChatKey'],
	del_follow_user: ['UserID', 'ExternalUserID', 'LinkId', 'State'],
};

/**
 * The fields of an event as a third-party app gets it. The msgaudit events have no published
 * third-party form: they carry what their predecessors (`conversation_new_message`, `hit_keyword`,
 * `chat_archive_export_finished`, `chat_archive_audit_approved_single`) carried.
 *
 * @param timestamp - unix seconds
 * @param overrides - put over the default fields, or behind them; `ChangeType` here chooses which
 * fields a customer_acquisition has
 * @throws TypeError for an event without ready-made content
 */
export function eventFields(
	event: CallbackEvent,
	world: World,
	random: Random,
	timestamp: number,
	overrides: EventFields = {},
): EventFields {
	const head = { SuiteId: world.suiteId };
	const corp = { AuthCorpId: world.corpId };
	const tail = { InfoType: event, TimeStamp: timestamp };
	const common = { ...head, ...corp, ...tail };
	const customer = random.pick(world.customers);
	switch (event) {
		case 'msgaudit_notify':
		case 'msgaudit_keyword_hit':
			return { ...common, Token: random.text(64), ...overrides };
		case 'msgaudit_approve':
			return {
				...common,
				OpenUserID: customer.owner,
				ExternalUserID: customer.externalUserid,
				...overrides,
			};
		case 'msgaudit_export_finish':
			return { ...common, JobId: random.text(32), ...overrides };
		case 'customer_acquisition': {
			const changeType = String(overrides.ChangeType ?? 'customer_start_chat');
			const samples: EventFields = {
				LinkId: `cawcde${random.hex(10)}`,
				State: `shop_${random.int(1, 20)}`,
				UserID: customer.owner,
				ExternalUserID: customer.externalUserid,
				ChatKey: random.text(40),
				ExpireTime: timestamp + 7 * 86_400,
				ExpireQuotaNum: 100,
			};
			const extra = (ACQUISITION_FIELDS[changeType] ?? []).map((name) => [name, samples[name]]);
			return {
				...common,
				ChangeType: changeType,
				...(Object.fromEntries(extra) as EventFields),
				...overrides,
			};
		}
		case 'suite_ticket':
			return { ...head, ...tail, SuiteTicket: random.text(64), ...overrides };
		case 'create_auth':
			return {
				...head,
				AuthCode: random.text(64),
				...tail,
				State: '',
				ExtraInfo: '',
				...overrides,
			};
		case 'change_auth':
			return { ...head, ...tail, ...corp, State: '', ExtraInfo: '', ...overrides };
		case 'cancel_auth':
			return { ...head, ...tail, ...corp, ...overrides };
		case 'reset_permanent_code':
			return { ...head, AuthCode: random.text(64), ...tail, ...overrides };
		default:
			throw new TypeError(`no ready-made content for ${String(event)}: give a plaintext`);
	}
}
