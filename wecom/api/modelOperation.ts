import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, type JsonObject } from '../json';
import { fields, id, list, optional, parseInput, uint64 } from './fields';
import { NO_MODELS } from './inOwnArchive';
import {
	FAILURE_LISTS,
	failuresIn,
	once,
	readResult,
	together,
	withoutFailed,
	type ModelAnswer,
} from './modelAnswers';
import { operation, withoutErrcode, type Operation } from './operation';
import type { JobId } from './wire';

/** Most messages of one job. Source: document 99831 and its siblings. */
export const MAX_MESSAGES = 1000;

/** Models take longer than other calls. */
const TIMEOUT_MS = 120_000;

/** The part of a conversation that a model of the reference looks at. */
const range = {
	/** The roomid of a group, or the other side of a single chat. */
	chat_id: id(),
	seq_range: fields({ begin_seq: uint64(), end_seq: uint64() }),
};
/** The messages that a model of the zone looks at. */
const messages = {
	msg_list: list(fields({ msgid: id(), encrypt_info: fields({ secret_key: id() }) }), {
		min: 1,
		max: MAX_MESSAGES,
	}),
};
/** The one or the other, as the contract has it. */
const lookedAt = {
	chat_id: optional(range.chat_id),
	seq_range: optional(range.seq_range),
	msg_list: optional(messages.msg_list),
};

/** What a model looks at: a part of a conversation in `reference`, messages in `dataZone`. */
export type ModelInput = z.input<z.ZodObject<typeof lookedAt>>;
type LookedAt = z.output<z.ZodObject<typeof lookedAt>>;

/** A message with its own key, which was unwrapped from its `encrypted_secret_key`. */
export type ModelMessage = z.input<typeof messages.msg_list>[number];

/** An operation that asks a model. */
export type Model<Input, Found> = Operation<Input, ModelAnswer<Found>> & {
	/** Asks about a job that was begun before. */
	readonly result: Operation<JobId, ModelAnswer<Found>>;
	/** Makes one answer of those about parts of the messages, in their order. */
	join(parts: ReadonlyArray<ModelAnswer<Found>>): ModelAnswer<Found>;
};

/** What is special about one model. */
export interface ModelFacts<Extras extends z.core.$ZodLooseShape, Found> {
	/** As the reference calls it. */
	name: string;
	/** As the functions of the zone call it: `create_…_task` and `get_…_result`. */
	task: string;
	/** What a corp may ask for in a day, in the zone. */
	perDay: string;
	/** The right that the corp grants in the zone; none of its own when left out. */
	right?: string;
	extras: Extras;
	/** Extras that the zone alone takes. */
	onlyInZone?: readonly string[];
	/** What the zone alone asks of the extras. Throws InvalidInputError. */
	checkInZone?(given: z.output<z.ZodObject<Extras>>): void;
	/** Reads what the model says; the source of the reference leaves the names open. */
	found(result: JsonObject): Found;
	/** The same of the zone, where its functions tell more. */
	foundInZone?(result: JsonObject): Found;
	/** One of several, where it is not what {@link found} reads in their results put together. */
	join?(parts: ReadonlyArray<ModelAnswer<Found>>): Found;
}

/** Makes the operation that asks a model, and with it the one that asks about its jobs. */
export function model<Extras extends z.core.$ZodLooseShape, Found>(
	facts: ModelFacts<Extras, Found>,
): Model<z.input<z.ZodObject<typeof lookedAt & Extras>>, Found> {
	const { name, task, perDay, extras, onlyInZone = [], checkInZone, found } = facts;
	const { foundInZone = found } = facts;
	const granted = grantOf(facts);
	const inZone = {
		failureLists: FAILURE_LISTS,
		hints: {
			45009: `The corp has used up what the model "${name}" may do in a day (${perDay}), or calls came too fast. Wait until tomorrow; \`RecentAnswers\` saves calls about the same messages.`,
			48002: granted,
			710726: granted,
		},
	};
	const ask = {
		...inZone,
		route: `ZONE get_${task}_result`,
		proof: ['status'],
		gives: 'the result of a model',
	} as const;
	const read = (answer: JsonObject, path: string) => readResult(answer, path, foundInZone);
	const input = fields({ ...lookedAt, ...extras });
	const asking = operation<typeof input, ModelAnswer<Found>>({
		name: `${name}Model`,
		retry: 'paid',
		findOut: `Whether the call counts against the quota of the model "${name}" is not known either: the provider console shows what is used up. Run it again when you need the answer.`,
		timeoutMs: TIMEOUT_MS,
		input,
		instead: { messageArchive: NO_MODELS },
		wires: {
			reference: {
				route: `POST /msgaudit/model/${name}`,
				hints: {
					45009: `The quota of the model "${name}" is used up, or it was called too fast. Wait until tomorrow or buy more calls in the provider console; \`RecentAnswers\` saves calls about the same messages.`,
					48002: `The corp has not authorized the model "${name}" for this app, or the grant (90 days) has run out. Its admin has to authorize the data zone (数据与智能专区).`,
					790041:
						'No message in this range can be read. Look at chat id and seq range: pull the messages once and take both from there.',
				},
				check: (given) => checkRange(given as LookedAt),
				body: (given) => without(given, ['msg_list', ...onlyInZone]),
				read({ result: given, ...answer }) {
					const result = isJsonObject(given) ? given : withoutErrcode(answer);
					return { ...found(result), result };
				},
			},
			dataZone: {
				start: {
					...inZone,
					route: `ZONE create_${task}_task`,
					check(given) {
						checkMessages(given as LookedAt);
						checkInZone?.(given as z.output<z.ZodObject<Extras>>);
					},
					body: (given) => without(given, ['chat_id', 'seq_range']),
				},
				ask,
				read,
				complete: (answer, started) => ({
					...answer,
					failures: once([...(answer.failures ?? []), ...failuresIn(started)]),
				}),
			},
		},
	});
	return {
		...asking,
		// Not out of what zod makes of them: that takes milliseconds of a thousand messages.
		secrets: (given) => keysIn((given as ModelInput | undefined)?.msg_list),
		result: operation<typeof jobId, ModelAnswer<Found>>({
			name: `get${name.charAt(0).toUpperCase()}${name.slice(1)}Result`,
			retry: 'read',
			input: jobId,
			instead: {
				reference: 'The models answer at once there: there is no job to ask about.',
				messageArchive: NO_MODELS,
			},
			wires: { dataZone: { ask, read } },
		}),
		join(parts) {
			const result = together(parts.map((part) => part.result));
			const failures = once(parts.flatMap((part) => part.failures ?? []));
			return { ...(facts.join?.(parts) ?? foundInZone(withoutFailed(result))), result, failures };
		},
	};
}

const jobId = fields({ jobid: id() });

function grantOf({ name, right }: { name: string; right?: string }): string {
	const grant = right === undefined ? 'the right to the messages' : `the right ${right}`;
	return `The model "${name}" needs ${grant} (数据与智能专区): the admin of the corp grants it to the app, for 90 days at a time. An app that is only installed has none yet.`;
}

/** @throws InvalidInputError for messages, and where the part of a conversation cannot be used */
function checkRange({ chat_id, seq_range, msg_list }: LookedAt): void {
	if (msg_list !== undefined) {
		throw new InvalidInputError(
			'msg_list',
			'"msg_list" is for `dataZone`: the models of `reference` look at a part of a conversation',
			'Give `chat_id` and `seq_range`, or choose `dataZone` as `contract` where you have it.',
		);
	}
	const { begin_seq: begin, end_seq: end } = parseInput(fields(range), {
		chat_id,
		seq_range,
	}).seq_range;
	if (begin > end) {
		throw new InvalidInputError(
			'seq_range.begin_seq',
			`"seq_range.begin_seq" is ${begin}, expected at most end_seq (${end})`,
			'Begin with the seq of the earliest message and end with that of the latest.',
		);
	}
}

/** @throws InvalidInputError for a part of a conversation, and where there are no messages */
function checkMessages({ chat_id, seq_range, msg_list }: LookedAt): void {
	const field = chat_id === undefined ? 'seq_range' : 'chat_id';
	if (chat_id !== undefined || seq_range !== undefined) {
		throw new InvalidInputError(
			field,
			`"${field}" is for \`reference\`: the models of \`dataZone\` look at messages, each with its key`,
			'Give the messages as `msg_list`, or choose `reference` as `contract` where you have it.',
		);
	}
	if (msg_list === undefined) parseMessages(undefined);
}

/**
 * Checks the messages of one job.
 *
 * @throws InvalidInputError naming the field
 */
export function parseMessages(msg_list: unknown): void {
	parseInput(fields(messages), { msg_list });
}

function without(given: object, names: readonly string[]): object {
	return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}

function keysIn(given: ModelInput['msg_list']): string[] {
	const keys = Array.isArray(given) ? given.map((one) => one?.encrypt_info?.secret_key) : [];
	return keys.filter((key) => typeof key === 'string');
}
