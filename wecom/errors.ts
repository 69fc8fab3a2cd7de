import { ANALYSIS_FAILED, lookUpErrcode, STILL_RUNNING, type ErrcodeEntry } from './errcodes';

/**
 * An error of somebody else, axios' above all, carries the request with its token: no part of ours
 * is made of one, whatever a compiler lets through.
 *
 * @throws TypeError, which names nothing
 */
function refuseObjects(...parts: unknown[]): void {
	if (parts.some((part) => typeof part === 'object' || typeof part === 'function')) {
		throw new TypeError('An error is made of texts and numbers, never of another error');
	}
}

/** The kinds of errors there are; a class that is no subclass of another has one of its own. */
export const WECOM_ERROR_CODES = [
	'api',
	'callback',
	'cancelled',
	'contract',
	'input',
	'job',
	'key',
	'library',
	'limit',
	'media',
	'network',
	'record',
	'response',
	'state',
	'unknown_outcome',
] as const;

/**
 * The kind of an error.
 *
 * @example
 * try {
 *   await client.getChatData(0);
 * } catch (error) {
 *   if (error instanceof WecomError && error.code === 'network') await later();
 * }
 */
export type WecomErrorCode = (typeof WECOM_ERROR_CODES)[number];

/**
 * Base of everything this library throws on purpose. `message` says what happened, `hint` what a
 * person can do about it; neither ever holds a token, a secret or a key.
 */
export abstract class WecomError extends Error {
	/** Stable, machine-readable kind of the error. */
	abstract readonly code: WecomErrorCode;
	/** What a person can do, in one or two sentences. */
	readonly hint?: string;
	/** Id of the job at WeCom that was started before this went wrong, and may well go on. */
	declare readonly jobid?: string;
	/** The same of work that is done in several jobs, those that are done by now included. */
	declare readonly jobids?: readonly string[];
	/** What of that work came to nothing, for good, before this went wrong. */
	declare readonly failures?: ReadonlyArray<MessageFailure | JobFailure>;

	constructor(message: string, hint?: string) {
		refuseObjects(message, hint);
		super(message);
		this.name = new.target.name;
		this.hint = hint;
	}

	/**
	 * Tells which job had been started, so that a second try asks for its result and does not start
	 * another.
	 *
	 * @returns a copy: one refusal of a token may reach the callers of several jobs
	 */
	inJob(jobid: string): this {
		const advice = adviceOn(jobid);
		return this.copy({ jobid, hint: this.hint ? `${this.hint} ${advice}` : advice });
	}

	/**
	 * Tells which jobs had been started for one piece of work, as {@link inJob} does of one.
	 *
	 * @returns a copy
	 */
	inJobs(jobids: readonly string[]): this {
		const { jobid } = this;
		const own = jobid === undefined ? this.hint : this.hint?.replace(adviceOn(jobid), '').trim();
		const advice =
			jobids.length === 1
				? adviceOn(jobids[0] ?? '')
				: `The jobs ${jobids.join(', ')} were started before: ask for their results, a second start would be other jobs.`;
		return this.copy({ jobids, hint: own ? `${own} ${advice}` : advice });
	}

	/**
	 * Tells what else came to nothing.
	 *
	 * @returns a copy
	 */
	withFailures(failures: ReadonlyArray<MessageFailure | JobFailure>): this {
		return this.copy({ failures });
	}

	/**
	 * Tells the same in other words, without secrets say; its stack is a new one.
	 *
	 * @returns a copy
	 */
	reworded(change: (words: string) => string): this {
		const { message, hint } = this;
		const words = hint === undefined ? {} : { hint: change(hint) };
		return this.told({ message: change(message), ...words });
	}

	/** This error with other words, also in its stack. */
	protected told(words: Pick<WecomError, 'hint' | 'message'>): this {
		const copy = this.copy(words);
		Error.captureStackTrace(copy);
		return copy;
	}

	/** This error with other facts. */
	protected copy(
		facts: Partial<Pick<WecomError, 'failures' | 'hint' | 'jobid' | 'jobids' | 'message'>>,
	): this {
		const { stack } = this;
		const copy = Object.create(Object.getPrototypeOf(this) as object, {
			...Object.getOwnPropertyDescriptors(this),
			stack: { value: stack, configurable: true, writable: true },
		}) as this;
		return Object.assign(copy, facts);
	}
}

function adviceOn(jobid: string): string {
	return `The job ${jobid} was started before: ask for its result, a second start would be another job.`;
}

/**
 * WeCom answered with an errcode other than 0 (inside HTTP 200).
 * Source: https://developer.work.weixin.qq.com/document/path/90313
 */
export class WecomApiError extends WecomError {
	readonly code = 'api';
	readonly entry: ErrcodeEntry;

	/**
	 * @param errcode WeCom's number
	 * @param errmsg WeCom's words, already redacted
	 * @param path the API path, without query
	 * @param hint what to do where the operation knows better than the general table
	 * @param source who answered what, the beginning of the message
	 */
	constructor(
		readonly errcode: number,
		readonly errmsg: string,
		readonly path: string,
		hint?: string,
		readonly source = `WeCom answered ${path}`,
	) {
		refuseObjects(errcode, errmsg, path, source);
		const entry = lookUpErrcode(errcode);
		super(`${source} with errcode ${errcode}: ${errmsg}`, hint ?? entry.hint);
		this.entry = entry;
	}

	/**
	 * Tells the same with other words of WeCom's, without secrets say, and another hint; its stack is a
	 * new one.
	 *
	 * @returns a copy
	 */
	refined(errmsg: string, hint = this.hint): this {
		const message = this.message.slice(0, this.message.length - this.errmsg.length) + errmsg;
		return Object.assign(this.told({ message, hint }), { errmsg });
	}

	/** As of every error; of a job that has come to its end there is nothing more to ask for. */
	override inJob(jobid: string): this {
		return this.entry.endsJob !== undefined ? this.copy({ jobid }) : super.inJob(jobid);
	}
}

/**
 * A program in the data zone reported an errcode inside an answer that is good itself. Nothing is
 * wrong with the token of this very call, whatever the errcode says of another one: it is never
 * renewed and replayed for that.
 * Source: documents 99811 and 101356 under https://developer.work.weixin.qq.com/document/path/
 */
export class WecomProgramError extends WecomApiError {
	override readonly entry: ErrcodeEntry;

	/**
	 * @param hint what to do where the operation knows better than the general table
	 * @param source the program, or which function of it, and that it answered
	 */
	constructor(
		errcode: number,
		errmsg: string,
		path: string,
		hint?: string,
		source = 'The program in the data zone answered',
	) {
		const entry = ofProgram(lookUpErrcode(errcode));
		super(errcode, errmsg, path, hint ?? entry.hint, source);
		this.entry = entry;
	}
}

/** What a program's errcode means to its caller: no token that the program used is ours to renew. */
function ofProgram({ meaning, ...entry }: ErrcodeEntry): ErrcodeEntry {
	if (entry.action !== 'refresh') return { meaning, ...entry };
	const hint =
		'The token of this call was good: a call that the program made itself was refused. Look into the logs of the program in the data zone.';
	return { action: 'fail', meaning, hint };
}

/** A job at WeCom has no result yet. It goes on: ask again with its id. */
export class JobUnfinishedError extends WecomApiError {
	/**
	 * @param path the API that was asked, without query
	 * @param waitedMs how long it was asked again and again, milliseconds; 0 for once
	 * @param refusal what WeCom said; none where it only told a state
	 */
	constructor(
		override readonly jobid: string,
		path: string,
		waitedMs: number,
		refusal?: { errcode: number; errmsg: string },
	) {
		const asked = waitedMs > 0 ? ` after ${waitedMs / 1000} s of asking` : '';
		const unfinished = `The job has no result yet${asked}`;
		const { errcode = STILL_RUNNING, errmsg = `the job ${jobid} goes on` } = refusal ?? {};
		super(
			errcode,
			waitedMs > 0 ? `${errmsg}. ${unfinished}` : errmsg,
			path,
			waitedMs > 0
				? 'It goes on running: ask again later with the same jobid, or raise `waitMs`.'
				: 'It is still running. Ask again later with the same jobid, or set `waitMs` to go on asking for that long.',
		);
		if (!refusal) this.message = `The job ${jobid} has no result yet${asked}`;
	}
}

/** What became of a message that WeCom did not do its work on. */
export interface MessageFailure {
	msgid: string;
	/** WeCom's number and words for it. */
	errcode: number;
	errmsg: string;
	/** What a person can do. */
	hint?: string;
}

/** A job that came to nothing, of which nobody knows which messages it was about. */
export type JobFailure = Omit<MessageFailure, 'msgid'> & { jobid: string };

/** A job at WeCom ended without a result. To ask again is of no use: a new call begins another job. */
export class JobFailedError extends WecomError {
	readonly code = 'job';

	/**
	 * @param path the API that was asked, without query
	 * @param failures the messages of which WeCom said why, if any; their words already redacted
	 */
	constructor(
		readonly path: string,
		override readonly failures: readonly MessageFailure[] = [],
	) {
		refuseObjects(path);
		const [first] = failures;
		super(
			`The job failed${first ? `: message ${first.msgid} has errcode ${first.errcode}: ${first.errmsg}` : ''}`,
			first?.hint ?? lookUpErrcode(ANALYSIS_FAILED).hint,
		);
	}

	override inJob(jobid: string): this {
		if (this.jobid === jobid) return this;
		return this.copy({ jobid, message: this.message.replace('The job', `The job ${jobid}`) });
	}
}

/** Whether WeCom does not know a job that was asked about, or keeps it no longer. */
export function isJobGone(error: unknown): boolean {
	return error instanceof WecomApiError && error.entry.endsJob === 'gone';
}

/** Whether a job that was asked about has come to its end without a result. */
export function isJobOver(error: unknown): boolean {
	if (error instanceof JobFailedError) return true;
	return error instanceof WecomApiError && error.entry.endsJob !== undefined;
}

/** The contract that the client speaks has no such operation. Nothing was sent. */
export class NotInContractError extends WecomError {
	readonly code = 'contract';

	/**
	 * @param operation its name
	 * @param contract what the client speaks
	 * @param others the contracts that have it
	 * @param instead what to do in this contract, in a sentence; nothing when left out
	 */
	constructor(
		readonly operation: string,
		readonly contract: string,
		readonly others: readonly string[],
		instead?: string,
	) {
		refuseObjects(operation, contract, instead, ...others);
		const there = `It exists in ${others.map((other) => `\`${other}\``).join(' and ')}: choose that as \`contract\` where you have it.`;
		super(
			`\`${operation}\` does not exist in \`${contract}\``,
			instead === undefined ? there : `${instead} ${there}`,
		);
	}
}

/** No complete HTTP answer arrived: refused, reset, timed out, cut in the middle. */
export class WecomNetworkError extends WecomError {
	readonly code = 'network';

	/**
	 * @param reason Node's or axios' error code, `ECONNREFUSED` say
	 * @param requestSent false only when it is certain that the request never left this machine
	 * @param path the API path, without query
	 */
	constructor(
		readonly reason: string,
		readonly requestSent: boolean,
		readonly path: string,
		message: string,
		hint?: string,
	) {
		refuseObjects(reason, path);
		super(message, hint);
	}
}

/** An HTTP answer arrived that is not one of WeCom's: an error page, no JSON, too many bytes. */
export class WecomResponseError extends WecomError {
	readonly code = 'response';

	constructor(
		readonly httpStatus: number,
		/** Whether the same request may well succeed a moment later (a gateway's 502, an empty body). */
		readonly passing: boolean,
		readonly path: string,
		message: string,
		hint?: string,
		/** How long the server asked not to be called again (Retry-After of 429 and 503), ms. */
		readonly retryAfterMs?: number,
		/**
		 * False only when it is certain that nothing was done: the request never left this machine, or
		 * the program in the data zone called no function for it.
		 */
		readonly requestSent = true,
		/** Whether its body says errcode 0 all the same, under a status that says otherwise. */
		readonly saysDone = false,
	) {
		refuseObjects(httpStatus, path, retryAfterMs);
		super(message, hint);
	}
}

/** An answer is larger than this client takes. One with fewer entries may fit. */
export class AnswerTooLargeError extends WecomResponseError {
	/** @param maxBytes the largest answer taken */
	constructor(
		httpStatus: number,
		path: string,
		readonly maxBytes: number,
		hint = 'Ask for fewer entries at once.',
	) {
		const megabytes = Math.round(maxBytes / 1024 / 1024);
		super(httpStatus, false, path, `The answer to ${path} is larger than ${megabytes} MB`, hint);
	}
}

/** Whether an answer was too large, by WeCom's own measure (301058) or by this client's. */
export function isTooLarge(error: unknown): error is WecomApiError | AnswerTooLargeError {
	if (error instanceof WecomApiError) return error.entry.action === 'shrink';
	return error instanceof AnswerTooLargeError;
}

/**
 * A call that must not be made twice, or costs, got no answer that counts: WeCom may or may not have
 * done it. It was not repeated; the hint says how to find out.
 */
export class OutcomeUnknownError extends WecomError {
	readonly code = 'unknown_outcome';
	readonly path: string;

	constructor(
		cause: WecomApiError | WecomNetworkError | WecomResponseError | CancelledError,
		findOut: string,
	) {
		if (!(cause instanceof WecomError)) refuseObjects(cause);
		const { path = '', message } = cause;
		const what =
			cause instanceof CancelledError
				? `Stopped after the request to ${path} had left, before an answer was here`
				: message;
		// To try again is no advice here.
		const more = cause instanceof WecomApiError && cause.entry.action === 'fail' && cause.hint;
		super(
			`${what}. Whether WeCom did it is not known, it was not tried again`,
			more ? `${findOut} ${more}` : findOut,
		);
		this.path = path;
	}
}

/** A value given by the caller is missing, mistyped or out of range. Nothing was sent. */
export class InvalidInputError extends WecomError {
	readonly code = 'input';

	/** @param field the name of the field in the API's own spelling */
	constructor(
		readonly field: string,
		message: string,
		hint?: string,
	) {
		super(message, hint);
	}
}

/** Why a text was refused as an RSA private key. */
export type KeyErrorReason =
	| 'empty'
	| 'encoding_aes_key'
	| 'public_key'
	| 'certificate'
	| 'not_rsa'
	| 'openssh'
	| 'wrong_size'
	| 'passphrase_missing'
	| 'passphrase_wrong'
	| 'truncated'
	| 'unreadable';

/** A text that should have been an RSA-2048 private key is something else. */
export class KeyError extends WecomError {
	readonly code = 'key';

	constructor(
		readonly reason: KeyErrorReason,
		message: string,
		hint?: string,
	) {
		super(message, hint);
	}
}

/** Why one archive record could not be decrypted. */
export type RecordErrorReason =
	| 'malformed_record'
	| 'missing_key_version'
	| 'wrong_private_key'
	| 'corrupt_message'
	| 'not_json'
	/** Tencent's library ended its process over this record. */
	| 'library_crashed';

/** One archive record could not be decrypted; the others of its page are not affected. */
export class RecordError extends WecomError {
	readonly code = 'record';

	constructor(
		readonly reason: RecordErrorReason,
		message: string,
	) {
		super(message);
	}
}

/** Why a file of a message did not come as it is. */
export type MediaErrorReason =
	/** Larger than the caller takes. */
	| 'too_large'
	/** What came has another size or MD5 than the message says. */
	| 'mismatch'
	/** Its pieces go in circles, or bring nothing. */
	| 'endless';

/** A file of a message did not come as it is. */
export class MediaError extends WecomError {
	readonly code = 'media';

	constructor(
		readonly reason: MediaErrorReason,
		message: string,
		hint?: string,
	) {
		super(message, hint);
	}
}

/** Why a callback request was turned away. */
export type RefusalReason =
	| 'body_too_large'
	| 'malformed_query'
	| 'malformed_body'
	| 'dtd'
	| 'no_encrypt'
	| 'no_echostr'
	| 'bad_signature'
	| 'bad_ciphertext'
	| 'bad_padding'
	| 'bad_length'
	| 'receiveid_mismatch'
	| 'outside_time_window'
	| 'replayed';

const REFUSAL_STATUS: Record<RefusalReason, number> = {
	body_too_large: 413,
	malformed_query: 400,
	malformed_body: 400,
	dtd: 400,
	no_encrypt: 400,
	no_echostr: 403,
	bad_signature: 401,
	bad_ciphertext: 400,
	bad_padding: 400,
	bad_length: 400,
	receiveid_mismatch: 403,
	outside_time_window: 403,
	replayed: 403,
};

/** A callback request that must be answered with `status` (4xx) and must not start anything. */
export class CallbackRefusedError extends WecomError {
	readonly code = 'callback';
	/** HTTP status for the answer. */
	readonly status: number;

	constructor(
		readonly reason: RefusalReason,
		message: string,
	) {
		super(message);
		this.status = REFUSAL_STATUS[reason];
	}
}

/** The Redis that holds the shared state cannot be reached or refuses; nothing is known of its content. */
export class StateUnavailableError extends WecomError {
	readonly code = 'state';

	/**
	 * @param reason Node's code or the first word of Redis' refusal, `ECONNREFUSED` or `WRONGPASS` say
	 * @param place host and port
	 * @param detail what the reason means here
	 */
	constructor(
		readonly reason: string,
		place: string,
		detail = '',
		hint = 'Check host, port, user, password and TLS in `RedisSettings`, and whether Redis runs.',
	) {
		refuseObjects(reason, place, detail);
		const why = detail ? `${reason}: ${detail}` : reason;
		super(`The Redis at ${place} cannot be used (${why})`, hint);
	}
}

/**
 * The Redis answers, and is of no use as it is, all of it or a key: a right is missing, a database, or
 * somebody else writes there. Nothing gets better by waiting.
 */
export class StateUnusableError extends StateUnavailableError {}

/**
 * The call would have had to wait too long for its turn in this process, or too many wait already.
 * Nothing was sent.
 */
export class TooManyCallsError extends WecomError {
	readonly code = 'limit';

	/**
	 * @param path the API path, without query
	 * @param retryAt when it goes on; unset when that depends on the other calls
	 */
	constructor(
		readonly path: string,
		message: string,
		hint: string,
		readonly retryAt?: Date,
	) {
		super(message, hint);
	}
}

/** The caller's AbortSignal fired. */
export class CancelledError extends WecomError {
	readonly code = 'cancelled';

	/** @param path the API path of a request that had left by then, without query */
	constructor(
		readonly path?: string,
		hint?: string,
	) {
		super('Cancelled', hint);
	}

	/** Whether a request was under way that may have been heard. */
	get requestSent(): boolean {
		return this.path !== undefined;
	}
}
