import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject } from '../json';
import { fields, flag, id, list, optional, seq, text } from './fields';
import { operation, withoutErrcode } from './operation';

/** Models take longer than other calls. */
const TIMEOUT_MS = 120_000;

const conversation = {
	/** The roomid of a group, or the other side of a single chat. */
	chat_id: id(),
	seq_range: fields({ begin_seq: seq(), end_seq: seq() }),
};
const tagGroups = () => optional(list(fields({ group_id: id() }), { max: 1000 }));

interface SeqRange {
	begin_seq: bigint;
	end_seq: bigint;
}

/** The part of a conversation that a model looks at. */
export type ConversationRange = z.input<z.ZodObject<typeof conversation>>;

function model<Extras extends z.core.$ZodLooseShape>(name: string, extras: Extras) {
	const shape = { ...conversation, ...extras };
	return operation({
		name: `${name}Model`,
		retry: 'paid',
		findOut: `Whether the call counts against the quota of the model "${name}" is not known either: the provider console shows what is used up. Run it again when you need the answer.`,
		timeoutMs: TIMEOUT_MS,
		hints: {
			45009: `The quota of the model "${name}" is used up, or it was called too fast. Wait until tomorrow or buy more calls in the provider console, and keep answers: asking again about the same messages costs a call again.`,
			48002: `The corp has not authorized the model "${name}" for this app, or the grant (90 days) has run out. Its admin has to authorize the data zone (数据与智能专区).`,
			790041:
				'No message in this range can be read. Look at chat id and seq range: pull the messages once and take both from there.',
		},
		input: fields(shape),
		check(body) {
			const { begin_seq: begin, end_seq: end } = (body as { seq_range: SeqRange }).seq_range;
			if (begin > end) {
				throw new InvalidInputError(
					'seq_range.begin_seq',
					`"seq_range.begin_seq" is ${begin}, expected at most end_seq (${end})`,
					'Begin with the seq of the earliest message and end with that of the latest.',
				);
			}
		},
		read: ({ result, ...answer }) => (isJsonObject(result) ? result : withoutErrcode(answer)),
		wires: { reference: `POST /msgaudit/model/${name}` },
	});
}

/** Any prompt of the console's. Source: reference document 3; extras of document 101373. */
export const generalModel = model('general', {
	model_id: optional(id()),
	kb_id: optional(id()),
	/** Whether a deep model puts its thinking before the answer. */
	need_think_result: optional(flag()),
	/** Values for the `{$name$}` places of the prompt. */
	var_args: optional(list(fields({ name: id(), value: text({ maxBytes: 30_000 }) }), { max: 100 })),
	tag_group_list: tagGroups(),
});

/** What to answer the customer. Source: reference document 3; extras of document 99834. */
export const recommendModel = model('recommend', { kb_id: optional(id()) });

/** Which tags fit the customer. Source: reference document 3; extras of document 99833. */
export const tagModel = model('tag', { tag_group_list: tagGroups(), model_id: optional(id()) });

/** What was talked about. Source: reference document 3. */
export const summaryModel = model('summary', {});

/** How the customer feels. Source: reference document 4.2. */
export const sentimentModel = model('sentiment', {});

/** Whether something forbidden was said. Source: reference document 3; values of document 99986. */
export const antispamModel = model('antispam', {});
