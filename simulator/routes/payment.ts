import type { Bill } from '../acquisition';
import { PUBLISHED } from '../contracts';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isCode,
	isId,
	isInteger,
	isUnixSeconds,
	optional,
	pageOf,
	publishedPageFields,
	required,
	takeFields,
} from './fields';
import { surfaceIn, SURFACES } from './surface';

const ACQUISITION = '/externalcontact/customer_acquisition';
const BILLS = '/service/customer_acquisition/get_bill_list';
const MAX_SPAN = 31 * 86_400;
const DEFAULT_BILLS = 100;
const DEFAULT_KEYS = 100n;
/** fen for a customer, and the app whose links the component uses. */
const [PRICE, AGENT_ID] = [300, 1_000_030];
const COMMON = { contract: 'dataZone', method: 'POST', token: 'access_token' } as const;
/** What a corp has without a provider, too. */
const EVERYWHERE = { ...COMMON, contract: PUBLISHED } as const;

/** What the corp agreed with the component: the provider pays for each customer. */
const getComponent: ApiRoute = {
	...COMMON,
	path: `${ACQUISITION}/get_comp_auth_info`,
	takes: 'nothing',
	answer(_backend, { body }) {
		takeFields(body, {});
		return ok({ pay_mode: 1, price: PRICE, link_auth_mode: 1, auth_apps: [{ agentid: AGENT_ID }] });
	},
};

/** Single-use keys that visits of a link are paid by. */
const createOnceKeys: ApiRoute = {
	...COMMON,
	path: `${ACQUISITION}/create_once_key`,
	answer({ acquisition }, { body }) {
		const { link_id: linkId, key_num: count = DEFAULT_KEYS } = takeFields(body, {
			link_id: required(isId),
			key_num: optional(isInteger(1n, 1000n)),
		});
		return ok({ keys: acquisition.createOnceKeys(linkId as string, Number(count)) });
	},
};

/** What the provider paid for, by the token of its suite; no `next_cursor` at the end. */
const listBills: ApiRoute = {
	...COMMON,
	path: BILLS,
	token: 'suite_access_token',
	answer({ acquisition, authorizations, pager }, { body }) {
		const fields = takeFields(body, {
			begin_time: required(isUnixSeconds),
			end_time: required(isUnixSeconds),
			auth_corpid: required(isId),
			...publishedPageFields(1000),
		});
		const [begin, end] = [Number(fields.begin_time), Number(fields.end_time)];
		if (begin > end) throw new Refusal(40058, 'begin_time must not be after end_time');
		if (end - begin > MAX_SPAN) throw new Refusal(40058, 'begin_time to end_time: at most 31 days');
		const corpId = fields.auth_corpid as string;
		if (authorizations.find(corpId) === undefined) throw new Refusal(40013, 'auth_corpid');
		const { entries, nextCursor } = pager.page(
			`${BILLS} ${corpId} ${begin} ${end}`,
			acquisition.bills(begin, end),
			pageOf(fields, DEFAULT_BILLS),
			({ externalUserid }) => externalUserid,
		);
		return ok({
			...(nextCursor === '' ? {} : { next_cursor: nextCursor }),
			bill_list: entries.map(shown),
		});
	},
};

/** How many customers may still come, and until when (document path 97375). */
const getQuota: ApiRoute = {
	...EVERYWHERE,
	method: 'GET',
	path: `${ACQUISITION}_quota`,
	answer({ acquisition }) {
		const { used, parts } = acquisition.quota();
		return ok({
			total: used,
			balance: parts.reduce((sum, { balance }) => sum + balance, 0),
			quota_list: parts.map(({ expires, balance }) => ({ expire_date: expires, balance })),
		});
	},
};

/** What a customer wrote after coming through a link (document path 101361). */
const getChatInfo: ApiRoute = {
	...EVERYWHERE,
	path: `${ACQUISITION}/get_chat_info`,
	right: 'externalcontact:customer_acquisition:conversion_data',
	answer({ contracts, world, acquisition }, { body }) {
		const { chat_key: key } = takeFields(body, { chat_key: required(isCode) });
		const { customer, linkId, messages } = acquisition.chatOf(key as string);
		return ok({
			userid: surfaceIn(SURFACES.dataZone, contracts).idOf(world, customer.userid),
			external_userid: customer.externalUserid,
			chat_info: { recv_msg_cnt: messages, link_id: linkId, state: customer.state },
		});
	},
};

/** What the component and its payment are asked by (document paths 99484, 99602, 99603). */
export const paymentRoutes: readonly ApiRoute[] = [
	getComponent,
	createOnceKeys,
	listBills,
	getQuota,
	getChatInfo,
];

/** Without a link that was deleted, and without an empty state. */
function shown({ addedAt, linkId, state }: Bill): object {
	return {
		timestamp: addedAt,
		...(linkId === undefined ? {} : { link_id: linkId }),
		...(state === '' ? {} : { state }),
		price: PRICE,
	};
}
