import type { TrueRecord } from '../archive';
import {
	bytesUpTo,
	isUnixSeconds,
	oneOf,
	optional,
	pageOf,
	publishedPageFields,
	takeFields,
} from '../routes/fields';
import type { KeywordHit } from '../rules';
import { good, OK, type FunctionWorld, type ZoneFunctions } from './function';
import { DETAIL, detailOf } from './records';

const DEFAULT_LIMIT = 200;
const FIVE_DAYS = 5 * 86_400;
const FEED = 'get_hit_msg_list';

/** A message with the rules it hit. */
interface HitMessage {
	readonly record: TrueRecord;
	readonly hits: readonly KeywordHit[];
}

/** What hit a keyword rule (document path 99830). */
export const hitFunctions: ZoneFunctions = {
	get_hit_msg_list: {
		right: 'datazone:chatdata:hit_keyword',
		input: {
			cursor: 'C1',
			token: 'TOKEN-1',
			need_detail: 1,
			limit: 200,
			begin_time: 1730000000,
		},
		output: {
			...OK,
			has_more: 0,
			next_cursor: 'C2',
			msg_list: [
				{
					msgid: 'msg1',
					msg_detail: DETAIL,
					hit_rule_list: [{ rule_id: 'RULE-1', has_hit_keyword: true, semantics_list: [2] }],
				},
			],
		},
		run(on, request) {
			const fields = takeFields(request, {
				...publishedPageFields(1000, 64),
				token: optional(bytesUpTo(128)),
				need_detail: optional(oneOf(0, 1)),
				begin_time: optional(isUnixSeconds),
			});
			on.events.admit('hit_keyword', fields.token as string | undefined);
			const { cursor, limit } = pageOf(fields, DEFAULT_LIMIT);
			const after = cursor === '' ? 0n : on.feeds.open(FEED, cursor);
			const since = Math.max(on.now() / 1000 - FIVE_DAYS, Number(fields.begin_time ?? 0));
			const left = hitMessages(on, since).filter(({ record }) => record.seq > after);
			const taken = left.slice(0, limit);
			return good({
				has_more: taken.length < left.length ? 1 : 0,
				next_cursor: on.feeds.seal(FEED, taken.at(-1)?.record.seq ?? after),
				msg_list: taken.map(({ record, hits }) => ({
					msgid: record.msgid,
					...(fields.need_detail === 1n ? { msg_detail: detailOf(on, record) } : {}),
					hit_rule_list: hits.map(({ ruleId, words, semantics }) => ({
						rule_id: ruleId,
						has_hit_keyword: words.length > 0,
						semantics_list: semantics,
					})),
				})),
			});
		},
	},
};

/** Messages since a moment (unix seconds) that hit something, each once, by seq. */
function hitMessages({ archive, keywordRules }: FunctionWorld, since: number): HitMessage[] {
	const bySeq = new Map<bigint, KeywordHit[]>();
	for (const hit of keywordRules.hits) bySeq.set(hit.seq, [...(bySeq.get(hit.seq) ?? []), hit]);
	return archive.truth.flatMap((record) => {
		const hits = bySeq.get(record.seq);
		const recent = Number(record.plaintext?.msgtime ?? 0) / 1000 >= since;
		return hits !== undefined && recent ? [{ record, hits }] : [];
	});
}
