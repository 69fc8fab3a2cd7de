import { ANALYSIS_FAILED, lookUpErrcode } from '../errcodes';
import {
	CancelledError,
	InvalidInputError,
	isJobGone,
	isJobOver,
	JobFailedError,
	JobUnfinishedError,
	NotInContractError,
	WecomApiError,
	WecomError,
	type JobFailure,
	type MessageFailure,
} from '../errors';
import type { JsonObject } from '../json';
import type { CallOptions } from './client';
import { TimeBudget } from '../timeBudget';
import type { ModelAnswer } from './modelAnswers';
import {
	MAX_MESSAGES,
	parseMessages,
	type Model,
	type ModelInput,
	type ModelMessage,
} from './modelOperation';
import type { Operation } from './operation';

/** Most messages of one question: what a corp may have looked at in a day. */
const MAX_OF_A_QUESTION = 100_000;
/** Most jobs that are asked about at once. */
const MAX_JOBS = MAX_OF_A_QUESTION / MAX_MESSAGES;

/** What the jobs of one question found. */
export type JoinedAnswer<Found> = Found & {
	/** WeCom's own words, those of several jobs put together. */
	result: JsonObject;
	/** The jobs that did it, in the order of their messages. */
	jobids: string[];
	/** The messages that were not looked at. */
	failures: Array<MessageFailure | JobFailure>;
};

/** Calls one operation; {@link WecomClient.call} with settings of the caller's. */
export type Call = <Input, Output>(
	operation: Operation<Input, Output>,
	input: Input,
	options: Pick<CallOptions, 'jobid' | 'onStarted'>,
) => Promise<Output>;

/** Keeps the ids of jobs that were begun, by what they were begun for. */
export interface JobMemory {
	/** The job that an earlier try began for the same; undefined for none. */
	find(part: object): Promise<string | undefined>;
	keep(part: object, jobid: string): Promise<void>;
	/** Learns that the caller has the result of a job, or its id to ask with. */
	finish(part: object, jobid: string): Promise<void>;
	/** Learns that a job came to nothing. */
	forget(part: object, jobid: string): Promise<void>;
}

const nothing = async () => await Promise.resolve(undefined);
/** Where nobody keeps them. */
const NO_MEMORY: JobMemory = { find: nothing, keep: nothing, finish: nothing, forget: nothing };

/** Settings of a question. */
export interface AskSettings {
	/** Goes on with jobs that an earlier try began. */
	memory?: JobMemory;
	/** Whether the caller wants no more than the ids that a JobUnfinishedError tells. */
	onlyBegin?: boolean;
}

/**
 * Asks a model of the zone about any number of messages: in jobs of at most 1,000 messages that run at
 * once, whose results are joined in the order of the messages. Of equal msgids the first counts. A
 * part that WeCom refuses is told as failures of its messages, unless it refuses all of them.
 *
 * @param call calls an operation, for as long as it may take
 * @throws InvalidInputError, NotInContractError before anything is sent
 * @throws JobUnfinishedError with `jobids`, those of parts that are done included, when one of them has
 * no result in time
 * @throws whatever a call throws beside a refusal, with the `jobids` that were begun
 * @throws both with the `failures` of parts that WeCom refused
 * @example
 * const call = async (operation, input, options) => await client.call(operation, input, options);
 * const { sentiment, failures } = await askModel(call, sentimentModel, { msg_list });
 */
export async function askModel<Input extends ModelInput, Found>(
	call: Call,
	model: Model<Input, Found>,
	input: Input & { msg_list: readonly ModelMessage[] },
	{ memory = NO_MEMORY, onlyBegin = false }: AskSettings = {},
): Promise<JoinedAnswer<Found>> {
	const budget = new TimeBudget();
	const parts = (await partsOf(input.msg_list, budget)).map((msg_list) => ({ ...input, msg_list }));
	// A bad message in the last part has to be known before the first one goes out.
	for (const { msg_list } of parts) {
		parseMessages(msg_list);
		await budget.renew();
	}
	const jobids = new Array<string | undefined>(parts.length);
	const ask = async (part: Input, index: number) => {
		const onStarted = async (jobid: string) => {
			jobids[index] = jobid;
			await memory.keep(part, jobid);
		};
		for (let jobid = await memory.find(part); ; jobid = undefined) {
			jobids[index] = jobid;
			try {
				return await call(model, part, jobid === undefined ? { onStarted } : { jobid });
			} catch (error) {
				const over = isJobOver(error) ? jobids[index] : undefined;
				if (over !== undefined) await memory.forget(part, over);
				if (jobid === undefined || !isJobGone(error)) throw error;
			}
		}
	};
	const asked: Array<Promise<Outcome<Found>>> = [];
	for (const [index, part] of parts.entries()) {
		asked.push(outcomeOf(ask(part, index)));
		await budget.renew(); // the bodies of several parts at a time would hold the event loop
	}
	const outcomes = await Promise.all(asked);
	const finish = async () => {
		for (const [index, part] of parts.entries()) {
			const jobid = jobids[index];
			if (jobid !== undefined) await memory.finish(part, jobid);
		}
	};
	try {
		const begun = jobids.filter((jobid) => jobid !== undefined);
		const answer = join(model, outcomes, begun, (index, error) =>
			(parts[index]?.msg_list ?? []).map(({ msgid }) => failureOf(error, msgid)),
		);
		await finish();
		return answer;
	} catch (error) {
		if (onlyBegin && error instanceof JobUnfinishedError) await finish();
		throw error;
	}
}

/**
 * Joins the results of jobs of a model that were begun before, in the order of their ids.
 *
 * @param call calls an operation, for as long as it may take
 * @throws InvalidInputError, NotInContractError before anything is sent
 * @throws JobUnfinishedError with all `jobids` when one has no result in time
 * @throws whatever a call throws while a job may go on, with all `jobids`; what became of the jobs where
 * all of them came to nothing
 */
export async function modelResult<Input, Found>(
	call: Call,
	model: Model<Input, Found>,
	jobids: readonly string[],
): Promise<JoinedAnswer<Found>> {
	const ids = [...new Set(jobids)];
	if (ids.length === 0 || ids.length > MAX_JOBS) {
		throw new InvalidInputError(
			'jobid',
			`"jobid" names ${ids.length === 0 ? 'no job' : `${ids.length} jobs, expected at most ${MAX_JOBS}`}`,
			'Give the ids as the call that began the jobs returned them.',
		);
	}
	const ask = async (jobid: string) => {
		try {
			return await call(model.result, { jobid }, {});
		} catch (error) {
			// A limit, say, ends the question and not the job.
			throw error instanceof WecomApiError ? error.inJob(jobid) : error;
		}
	};
	const outcomes = await Promise.all(ids.map(async (jobid) => await outcomeOf(ask(jobid))));
	return join(model, outcomes, ids, (index, error) => {
		const { msgid: _unknown, ...failure } = failureOf(error, '');
		const own = error instanceof JobFailedError ? error.failures : [];
		return own.length > 0 ? own : [{ ...failure, jobid: ids[index] ?? '' }];
	});
}

type Outcome<Found> = { answer: ModelAnswer<Found> } | { error: unknown };

async function outcomeOf<Found>(asked: Promise<ModelAnswer<Found>>): Promise<Outcome<Found>> {
	try {
		return { answer: await asked };
	} catch (error) {
		return { error };
	}
}

/** @param failuresOf what to tell of a part that WeCom refused, by its number */
function join<Input, Found>(
	model: Model<Input, Found>,
	outcomes: ReadonlyArray<Outcome<Found>>,
	jobids: string[],
	failuresOf: (index: number, error: Refusal) => ReadonlyArray<MessageFailure | JobFailure>,
): JoinedAnswer<Found> {
	const answers: Array<ModelAnswer<Found>> = [];
	const errors: unknown[] = [];
	const failures: Array<MessageFailure | JobFailure> = [];
	outcomes.forEach((outcome, index) => {
		if ('answer' in outcome) {
			answers.push(outcome.answer);
			failures.push(...(outcome.answer.failures ?? []));
		} else {
			const { error } = outcome;
			errors.push(error);
			if (isRefusal(error)) failures.push(...failuresOf(index, error));
		}
	});
	const mine = errors.find(isOfTheCaller);
	if (mine !== undefined) throw mine;
	const open = errors.find((error) => !isRefusal(error));
	if (open instanceof WecomError) {
		const error = isAlone(open, jobids) ? open : open.inJobs(jobids);
		throw failures.length === 0 ? error : error.withFailures(failures);
	}
	if (open !== undefined) throw open;
	if (answers.length === 0) {
		const [first] = errors;
		const named = errors.flatMap((error) =>
			error instanceof JobFailedError ? error.failures : [],
		);
		throw first instanceof WecomError && named.length > 0 ? first.withFailures(named) : first;
	}
	return { ...model.join(answers), jobids, failures };
}

/** Whether an error tells all there is to know of jobs that were begun. */
function isAlone({ jobid }: WecomError, jobids: readonly string[]): boolean {
	return jobids.every((one) => one === jobid);
}

type Refusal = WecomApiError | JobFailedError;

/** Whether WeCom said no to a part, for good: nothing of it goes on. */
function isRefusal(error: unknown): error is Refusal {
	if (isJobOver(error)) return true;
	return (
		error instanceof WecomApiError &&
		!(error instanceof JobUnfinishedError) &&
		error.jobid === undefined
	);
}

/** What the caller has done wrong, or no longer wants; it goes before what WeCom says of the others. */
function isOfTheCaller(error: unknown): boolean {
	return (
		error instanceof InvalidInputError ||
		error instanceof NotInContractError ||
		error instanceof CancelledError
	);
}

function failureOf(error: Refusal, msgid: string): MessageFailure {
	if (error instanceof WecomApiError) {
		const { errcode, errmsg, hint } = error;
		return { msgid, errcode, errmsg, ...(hint === undefined ? {} : { hint }) };
	}
	const own = error.failures.find((failure) => failure.msgid === msgid);
	if (own) return own;
	const { meaning, hint } = lookUpErrcode(ANALYSIS_FAILED);
	return { msgid, errcode: ANALYSIS_FAILED, errmsg: meaning, ...(hint ? { hint } : {}) };
}

/** @throws InvalidInputError where there are no messages, or too many */
async function partsOf(
	given: readonly ModelMessage[],
	budget: TimeBudget,
): Promise<ModelMessage[][]> {
	const byId = new Map<unknown, ModelMessage>();
	for (const message of given) {
		if (!byId.has(message.msgid)) byId.set(message.msgid, message);
		if (budget.spent) await budget.renew();
	}
	const messages = [...byId.values()];
	if (messages.length > MAX_OF_A_QUESTION) {
		throw new InvalidInputError(
			'msg_list',
			`"msg_list" has ${messages.length} entries, expected at most ${MAX_OF_A_QUESTION}`,
			'A corp may have no more messages looked at in a day.',
		);
	}
	const parts: ModelMessage[][] = [];
	do parts.push(messages.splice(0, MAX_MESSAGES));
	while (messages.length > 0);
	return parts;
}
