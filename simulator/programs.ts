import { randomBytes } from 'node:crypto';
import type { ProgramStyle } from './data/world';
import { parseExact, stringifyExact } from './json';
import { Refusal } from './refusal';

/**
 * A function of the zone SDK.
 *
 * @param request - as `parseExact` gives it
 * @returns fields of the answer; a bigint is written as the integer it is
 * @throws Refusal for an errcode of its own, which goes into the program's answer
 */
export type ProgramFunction = (request: unknown) => unknown;

/** What a program said. */
export interface ProgramAnswer {
	readonly errcode: number;
	/** JSON text. */
	readonly data: string;
}

interface Task {
	readonly answer: ProgramAnswer;
	/** How often the result is still refused as not ready. */
	patience: number;
}

/** How often the result of a task is asked for in vain. */
const BUSY_QUERIES = 2;

/** The two programs of a corp in the data zone, one in the form of each of Tencent's samples. */
export class Programs {
	private readonly styles: ReadonlyMap<string, ProgramStyle>;
	private readonly logLevels = new Map<string, number>();
	private readonly tasks = new Map<string, Task>();

	/**
	 * @param ids - program_id by style
	 * @param functions - what both can do
	 */
	constructor(
		ids: Readonly<Record<ProgramStyle, string>>,
		private readonly functions: Readonly<Record<string, ProgramFunction>>,
	) {
		const styles = Object.entries(ids) as Array<[ProgramStyle, string]>;
		this.styles = new Map(styles.map(([style, id]) => [id, style]));
	}

	/**
	 * Runs a program.
	 *
	 * @param requestData - JSON text
	 * @throws Refusal 800001 (unknown program), 800003 (unknown ability), 790015 (no JSON object),
	 * 790016 (not the form the program takes)
	 */
	call(programId: string, abilityId: string, requestData: string): ProgramAnswer {
		const style = this.styleOf(programId);
		const request = objectIn(requestData);
		return style === 'java'
			? this.run(this.javaFunction(abilityId), javaRequest(request))
			: wrapped(this.pythonCall(request));
	}

	/** Like {@link call}, for an answer that is fetched by the jobid this returns. */
	start(programId: string, abilityId: string, requestData: string): string {
		const answer = this.call(programId, abilityId, requestData);
		const jobId = randomBytes(24).toString('base64url');
		this.tasks.set(jobId, { answer, patience: BUSY_QUERIES });
		return jobId;
	}

	/** @throws Refusal 790000 (unknown job), 790023 (not ready: the first two times) */
	result(jobId: string): ProgramAnswer {
		const task = this.tasks.get(jobId);
		if (task === undefined) throw new Refusal(790000, 'jobid');
		task.patience -= 1;
		if (task.patience >= 0) throw new Refusal(790023);
		return task.answer;
	}

	/** @throws Refusal 800001 for an unknown program */
	setLogLevel(programId: string, level: number): void {
		this.styleOf(programId);
		this.logLevels.set(programId, level);
	}

	private styleOf(programId: string): ProgramStyle {
		const style = this.styles.get(programId);
		if (style === undefined) throw new Refusal(800001, 'program_id');
		return style;
	}

	private javaFunction(abilityId: string): ProgramFunction {
		const func = this.functionCalled(/^invoke_(.+)$/.exec(abilityId)?.[1]);
		if (func === undefined) throw new Refusal(800003, 'ability_id');
		return func;
	}

	private pythonCall(request: object): ProgramAnswer {
		const alone = 'input' in request && Object.keys(request).length === 1;
		const input = alone && isObject(request.input) ? request.input : {};
		const { func, func_req: inner, ...rest } = input as Record<string, unknown>;
		const fits = typeof func === 'string' && isObject(inner) && Object.keys(rest).length === 0;
		if (!fits)
			throw new Refusal(790016, 'request_data must be {"input":{"func":…,"func_req":{…}}}');
		const known = this.functionCalled(func);
		return known === undefined ? failed(new Refusal(-10006, func)) : this.run(known, inner);
	}

	private functionCalled(name: string | undefined): ProgramFunction | undefined {
		return name !== undefined && Object.hasOwn(this.functions, name)
			? this.functions[name]
			: undefined;
	}

	private run(func: ProgramFunction, request: unknown): ProgramAnswer {
		try {
			return { errcode: 0, data: stringifyExact(func(request)) };
		} catch (error) {
			if (error instanceof Refusal) return failed(error);
			throw error;
		}
	}
}

function failed({ errcode, message }: Refusal): ProgramAnswer {
	return { errcode, data: JSON.stringify({ errcode, errmsg: message }) };
}

/** The Python sample puts its answers into `output`. */
function wrapped({ errcode, data }: ProgramAnswer): ProgramAnswer {
	return { errcode, data: `{"output":${data}}` };
}

/** A request in the form of the Python sample means another program. */
function javaRequest(request: object): object {
	if ('input' in request) throw new Refusal(790016, 'request_data must not have input');
	return request;
}

function objectIn(text: string): object {
	let value: unknown;
	try {
		value = parseExact(text);
	} catch {
		throw new Refusal(790015, 'request_data is not JSON');
	}
	if (!isObject(value)) throw new Refusal(790015, 'request_data is not a JSON object');
	return value;
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
