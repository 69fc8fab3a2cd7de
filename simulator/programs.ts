import { randomBytes } from 'node:crypto';
import type { ProgramStyle, World } from './data/world';
import type { FunctionWorld } from './functions/function';
import { parseExact } from './json';
import { isObject, Program, type ProgramAnswer, type ProgramSettings } from './program';
import { Random } from './random';
import { Refusal } from './refusal';

/** What a program is called by. */
export interface ProgramRequest {
	readonly programId: string;
	readonly abilityId: string;
	/** JSON text. */
	readonly requestData: string;
	readonly notifyId?: string | undefined;
	/** Whether the corp's own app calls, and no provider's. */
	readonly ownApp: boolean;
	/** @throws Refusal 710726 unless the corp gave this data right */
	readonly requireRight: (right: string) => void;
}

interface Task {
	readonly answer: ProgramAnswer;
	/** How often the result is still refused as not ready. */
	patience: number;
}

/** How often the result of a task is asked for in vain. */
const BUSY_QUERIES = 2;
const DEFAULT_LOG_LEVEL = 2;

/** The two programs of a corp in the data zone, one in the form of each of Tencent's samples. */
export class Programs {
	/** What the console gives to debug with. */
	readonly debugToken: string;
	private readonly byId: ReadonlyMap<string, Program>;
	private readonly byStyle: Readonly<Record<ProgramStyle, Program>>;
	private readonly logLevels = new Map<string, number>();
	private readonly debugged = new Set<string>();
	private readonly tasks = new Map<string, Task>();

	/**
	 * @param world - has the program_ids
	 * @param on - what functions work on
	 * @param seed - same seed, same debug_token
	 */
	constructor({ programs: ids }: World, on: FunctionWorld, seed: number) {
		this.byStyle = { java: new Program('java', on), python: new Program('python', on) };
		this.byId = new Map([
			[ids.java, this.byStyle.java],
			[ids.python, this.byStyle.python],
		]);
		this.debugToken = new Random(seed, 'programs').text(32);
	}

	/**
	 * Sets a program up.
	 *
	 * @throws RangeError for a setting that there is not
	 */
	configure(style: ProgramStyle, settings: ProgramSettings): void {
		if (!Object.hasOwn(this.byStyle, style)) throw new RangeError('style must be java or python');
		this.byStyle[style].configure(settings);
	}

	/**
	 * Runs a program.
	 *
	 * @throws Refusal 800001 (unknown program), 790020, 790021 (not linked, not deployed), 800003
	 * (unknown ability), 790015 (no JSON object), 790016 and 790014 (not what the ability is registered
	 * with)
	 */
	async call({ programId, requestData, ...call }: ProgramRequest): Promise<ProgramAnswer> {
		return await this.program(programId).call({ ...call, request: objectIn(requestData) });
	}

	/** Like {@link call}, for an answer that is fetched by the jobid this returns. */
	async start(request: ProgramRequest): Promise<string> {
		const answer = await this.call(request);
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

	/** @throws Refusal 800001 for an unknown program, 790020 and 790021 for one that cannot be called */
	requireReady(programId: string): void {
		this.program(programId).requireReady();
	}

	/** @throws Refusal as {@link requireReady} */
	setLogLevel(programId: string, level: number): void {
		this.requireReady(programId);
		this.logLevels.set(programId, level);
	}

	/** @throws Refusal as {@link requireReady} */
	logLevel(programId: string): number {
		this.requireReady(programId);
		return this.logLevels.get(programId) ?? DEFAULT_LOG_LEVEL;
	}

	/** @throws Refusal 710671 for a wrong token; for the program as {@link requireReady} */
	openDebugMode(programId: string, token: string): void {
		this.requireReady(programId);
		if (token !== this.debugToken) throw new Refusal(710671);
		this.debugged.add(programId);
	}

	/** @throws Refusal 710673 when it is not open; for the program as {@link requireReady} */
	closeDebugMode(programId: string): void {
		this.requireReady(programId);
		if (!this.debugged.delete(programId)) throw new Refusal(710673);
	}

	/**
	 * Whether debug mode is open.
	 *
	 * @throws Refusal as {@link requireReady}
	 */
	isDebugged(programId: string): boolean {
		this.requireReady(programId);
		return this.debugged.has(programId);
	}

	private program(programId: string): Program {
		const program = this.byId.get(programId);
		if (program === undefined) throw new Refusal(800001, 'program_id');
		return program;
	}
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
