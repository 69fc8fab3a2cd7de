import type { IDataObject } from 'n8n-workflow';

import { flag, optional, parseInput } from '../../../../wecom/api/fields';
import { listKeywordHits, type KeywordHit } from '../../../../wecom/api/keywordRules';
import { messageTypeOf } from '../../../../wecom/archive/messageTypes';
import {
	listFields,
	noticeField,
	optionsOf,
	requestTimeoutField,
	simplifyField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso, toSeconds } from '../../../shared/time';
import { compact, toItem } from '../../../shared/values';
import { wordFor } from '../../../shared/wordFor';
import { PERSON_TYPES } from '../../../shared/personTypes';
import { semanticsNames } from './ruleFields';

/** Messages that hit a rule. Platform document 99830. */
export const getHits: Action = {
	option: {
		name: 'Get Hits',
		value: 'getHits',
		action: 'Get messages that hit a keyword rule',
		description: 'List the messages that hit a keyword rule, and which rule',
	},
	api: listKeywordHits,
	fields: [
		noticeField(
			'hitsNotice',
			'WeCom keeps hits for 5 days. It tells ids of messages and rules, no text. Without the token of a Keyword Hit event it allows few calls.',
		),
		...listFields,
		simplifyField,
		optionsOf(
			{
				displayName: 'Begin Time',
				name: 'beginTime',
				type: 'dateTime',
				default: '',
				description:
					'Only hits at this time or later, in the timezone of the workflow; within the last 5 days',
			},
			{
				displayName: 'Need Detail',
				name: 'needDetail',
				type: 'boolean',
				default: false,
				description: 'Whether to also get sender, receivers, group, time and type of each message',
			},
			{
				displayName: 'Token',
				name: 'token',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				description:
					'Token in the Keyword Hit event of the WeCom Data Trigger, good for 10 minutes; with it WeCom allows more calls',
			},
			requestTimeoutField,
		),
	],

	async run(item) {
		const { token, needDetail, beginTime } = item.options<{
			token: string;
			needDetail: unknown;
			beginTime: unknown;
		}>();
		const detail = parseInput(optional(flag()), needDetail, 'Need Detail');
		const input = compact({
			token: token === '' ? undefined : token,
			need_detail: detail === undefined ? undefined : detail ? (1 as const) : (0 as const),
			begin_time: toSeconds('Begin Time', beginTime, item.zone),
		});
		const simplify = item.simplify();
		const hits = await item.list(listKeywordHits, input);
		if (hits.length === 0) {
			item.notices.hint(
				'No message hit a rule. WeCom keeps hits for 5 days; a rule sees messages that archived members send or receive after it was made (Keyword Rule → Get Many lists the rules).',
			);
		}
		return hits.map((hit) => (simplify ? simple(hit, item.zone) : inFull(hit)));
	},
};

/** The record of a message that hit, without its text. Source: document 99824. */
interface HitDetail {
	sender?: { type: number; id: string };
	receiver_list?: Array<{ type: number; id: string }>;
	/** Of groups alone. */
	chatid?: string;
	/** Seconds since 1970. */
	send_time?: number;
	msgtype?: number;
	/** The key of the message as the zone encrypts it: the models take it. */
	service_encrypt_info?: { encrypted_secret_key?: string; public_key_ver?: number };
}

/** The rules that a message hit, with the kinds of content by name. */
const rulesOf = ({ hit_rule_list: rules = [] }: KeywordHit) =>
	rules.map((rule) => ({ ...rule, semantics_names: semanticsNames(rule.semantics_list ?? []) }));

function inFull(hit: KeywordHit): IDataObject {
	return toItem({ ...hit, hit_rule_list: rulesOf(hit) });
}

function simple(hit: KeywordHit, zone: string): IDataObject {
	const found = { msgid: hit.msgid, hit_rule_list: rulesOf(hit) };
	if (!hit.msg_detail) return toItem(found);
	const {
		sender,
		receiver_list: receivers = [],
		chatid,
		send_time: sent,
		msgtype,
		service_encrypt_info: key,
	}: HitDetail = hit.msg_detail;
	return toItem({
		...found,
		...compact({
			sender: sender?.id,
			sender_type_name: sender && wordFor(PERSON_TYPES, sender.type),
			receivers: receivers.map(({ id }) => id),
			chatid,
			send_time: toIso(sent, zone),
			msgtype: msgtype === undefined ? undefined : (messageTypeOf(msgtype) ?? msgtype),
			encrypted_secret_key: key?.encrypted_secret_key,
			public_key_ver: key?.public_key_ver,
		}),
	});
}
