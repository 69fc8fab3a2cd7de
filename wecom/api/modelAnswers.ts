import { ANALYSIS_FAILED, lookUpErrcode, readErrcode } from '../errcodes';
import { JobFailedError, WecomResponseError, type MessageFailure } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { withoutErrcode } from './operation';

/** What a model found, and WeCom's own words for it as they came. */
export type ModelAnswer<Found> = Found & {
	result: JsonObject;
	/** The messages that the model could not look at; of a contract that tells them. */
	failures?: MessageFailure[];
};

/** Lists that say of single messages what went wrong, in the answers about jobs. */
export const FAILURE_LISTS = ['fail_list', 'analyze_result_list'];

/** `status` of a job. Source: document 101377 and its siblings. */
const UNFINISHED = 0;
const DONE = 1;
const FAILED = 2;

/**
 * Reads the answer to the question about a job of a model.
 *
 * @param found reads what the model says
 * @returns undefined while the job is not done
 * @throws JobFailedError when it came to nothing
 * @throws WecomResponseError when its status is none of the three
 */
export function readResult<Found>(
	answer: JsonObject,
	path: string,
	found: (result: JsonObject) => Found,
): ModelAnswer<Found> | undefined {
	const status = Number(answer.status ?? NaN);
	if (status === UNFINISHED) return undefined;
	const failures = failuresIn(answer);
	if (status === FAILED) throw new JobFailedError(path, failures);
	if (status !== DONE) {
		throw new WecomResponseError(200, false, path, `The answer to ${path} tells no status`);
	}
	const { status: _done, ...others } = withoutErrcode(answer);
	const result = { ...others };
	for (const name of FAILURE_LISTS) {
		const list = others[name];
		if (list !== undefined) result[name] = withoutKeys(list);
	}
	const { fail_list: _failed, ...said } = result;
	return { ...found(withoutFailed(said)), result, failures };
}

/** The messages that an answer names as failed, each once. */
export function failuresIn(answer: JsonObject): MessageFailure[] {
	const { fail_list: failed, analyze_result_list: analyzed } = answer;
	return once([...objectsIn(failed), ...objectsIn(analyzed).filter(isFailed)].map(toFailure));
}

/** Of failures of the same message the first. */
export function once(failures: readonly MessageFailure[]): MessageFailure[] {
	const byId = new Map<string, MessageFailure>();
	for (const failure of failures) if (!byId.has(failure.msgid)) byId.set(failure.msgid, failure);
	return [...byId.values()];
}

/** Results put together: lists one after the other, texts in paragraphs, of everything else the first. */
export function together(results: readonly JsonObject[]): JsonObject {
	const all: JsonObject = {};
	for (const [name, value] of results.flatMap((result) => Object.entries(result))) {
		const before = all[name];
		if (Array.isArray(before) && Array.isArray(value)) all[name] = [...before, ...value];
		else if (typeof before === 'string' && typeof value === 'string') {
			all[name] = `${before}\n\n${value}`;
		} else all[name] = before ?? value;
	}
	return all;
}

/** The objects in a list; none where it is no list. */
export function objectsIn(given: JsonValue | undefined): JsonObject[] {
	return Array.isArray(given) ? given.filter(isJsonObject) : [];
}

function isFailed({ errcode }: JsonObject): boolean {
	return (readErrcode(errcode) ?? 0) !== 0;
}

/** Nothing but what is named goes on: WeCom puts the key of the message beside it. */
function toFailure({ msgid, errcode: given, errmsg }: JsonObject): MessageFailure {
	const read = readErrcode(given);
	const errcode = read !== undefined && read !== 0 && !Number.isNaN(read) ? read : ANALYSIS_FAILED;
	const { meaning, hint } = lookUpErrcode(errcode);
	return {
		msgid: typeof msgid === 'string' ? msgid : '',
		errcode,
		errmsg: typeof errmsg === 'string' && errmsg !== '' ? errmsg : meaning,
		...(hint === undefined ? {} : { hint }),
	};
}

function withoutKeys(failed: JsonValue): JsonValue {
	if (!Array.isArray(failed)) return failed;
	return failed.map((one) => {
		if (!isJsonObject(one)) return one;
		const { encrypt_info: _key, ...others } = one;
		return others;
	});
}

/** A result with what a model says of each message of those alone that it looked at. */
export function withoutFailed(result: JsonObject): JsonObject {
	const { analyze_result_list: analyzed } = result;
	if (!Array.isArray(analyzed)) return result;
	return {
		...result,
		analyze_result_list: objectsIn(analyzed).filter((one) => !isFailed(one)),
	};
}
