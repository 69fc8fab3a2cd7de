import { openIdOf, type Customer, type World } from '../data/world';
import type { Random } from '../random';

/** A value of an event: text, a number, or more fields. */
export type EventValue = string | number | bigint | EventFields;

/** What an event says, in the order it is sent. */
export interface EventFields {
	readonly [name: string]: EventValue;
}

/** What events are made up from. */
export interface Scene {
	readonly world: World;
	readonly providerCorpId: string;
	readonly random: Random;
	/** unix seconds. */
	readonly timestamp: number;
	readonly event: string;
	readonly customer: Customer;
}

type Sample = (scene: Scene) => EventValue;

const DAY = 86_400;

const token: Sample = ({ random }) => ({ token: random.text(64) });
const knowledgeBase = ({ random }: Scene) => ({
	knowledge_base_id: `kb${random.hex(24)}`,
	knowledge_base_name: '产品手册',
});
const seconds: Sample = ({ timestamp }) => timestamp;
const name: Sample = ({ event }) => event;
const corp: Sample = ({ world }) => world.corpId;

/** A believable value of every field there is; text that is a number on Tencent's pages is text. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
	SuiteId: ({ world }) => world.suiteId,
	ServiceCorpId: ({ providerCorpId }) => providerCorpId,
	AuthCorpId: corp,
	InfoType: name,
	TimeStamp: seconds,
	ToUserName: corp,
	FromUserName: () => 'sys',
	CreateTime: seconds,
	MsgType: () => 'event',
	AgentID: () => '2000004',
	Event: name,
	AuthCode: ({ random }) => random.text(64),
	SuiteTicket: ({ random }) => random.text(64),
	ExtraInfo: () => '',
	AuthType: ({ event }) =>
		event.endsWith('_special_auth') ? 'customer_acquisition' : 'data_zone_chat',
	NotifyId: ({ random }) => random.text(64),
	Token: ({ random }) => random.text(64),
	JobId: ({ random }) => random.text(32),
	OpenUserID: ({ customer }) => customer.owner,
	UserID: ({ customer }) => customer.owner,
	ExternalUserID: ({ customer }) => customer.externalUserid,
	LinkId: ({ random }) => `cawcde${random.hex(10)}`,
	State: ({ event, random }) => (event.endsWith('_auth') ? '' : `shop_${random.int(1, 20)}`),
	ChatKey: ({ random }) => random.text(40),
	ExpireTime: ({ timestamp }) => timestamp + 7 * DAY,
	ExpireQuotaNum: () => 100,
	OnceKey: ({ random }) => random.text(32),
	Price: () => 300,
	EffectiveTime: ({ timestamp }) => timestamp + DAY,
	WelcomeCode: ({ random }) => random.text(43),
	Source: () => 'DELETE_BY_TRANSFER',
	FailReason: ({ random }) => random.pick(['customer_refused', 'customer_limit_exceed']),
	AdvanceApiType: () => '1',
	OrderId: ({ random }) => `OI${random.hex(26).toUpperCase()}`,
	BuyerUserId: () => 'zhangsan',
	OrderStatus: () => 1,
	ChatArchiveApi: () => ({ Edition: '2' }),
	event_type: name,
	timestamp: seconds,
	conversation_new_message: token,
	hit_keyword: token,
	chat_archive_export_finished: ({ random }) => ({ jobid: random.text(32) }),
	chat_archive_audit_approved: ({ event, world, customer }): EventFields =>
		event.endsWith('_room')
			? {
					external_userid: customer.externalUserid,
					chatid: world.groups.find(({ internal }) => !internal)?.roomid ?? '',
				}
			: { userid: openIdOf(world, customer.owner), external_userid: customer.externalUserid },
	auth_knowledge_base: knowledgeBase,
	unauth_knowledge_base: knowledgeBase,
	delete_knowledge_base: knowledgeBase,
	knowledge_base_learn_done: (scene) => ({
		...knowledgeBase(scene),
		doc_id: 2n ** 60n + 1n,
		learn_status: 0,
	}),
};
