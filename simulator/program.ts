import type { ProgramStyle } from './data/world';
import { ImageFailure } from './functions/failure';
import type { Example, FunctionCall, FunctionWorld, ZoneFunction } from './functions/function';
import { FUNCTIONS } from './functions';
import { stringifyExact } from './json';
import { misfit } from './protocol';
import { Refusal } from './refusal';

/** An ability as it is registered: examples of its request and its answer; anything goes without. */
export interface Ability {
	readonly input?: Example;
	readonly output?: Example;
}

/** How a program is set up. */
export interface ProgramSettings {
	/** False: 790020. */
	readonly linked?: boolean;
	/** False: 790021. */
	readonly deployed?: boolean;
	/** `old`: made before September 2024, without the functions that came since. */
	readonly image?: 'current' | 'old';
	/** Where one in Python puts an answer: bare, in `output`, or in `output` as JSON text. */
	readonly answers?: 'bare' | 'output' | 'outputText';
	/**
	 * Which abilities there are beside {@link abilities}: `all` with full examples (default), or
	 * `none`, so that any other is 800003.
	 */
	readonly registered?: 'all' | 'none';
	/**
	 * How often do_async_job fails from now on: an image in Java says `invoke failed` in plain text, one
	 * in Python cannot be reached, 710638.
	 */
	readonly fetchFailures?: number;
	/**
	 * By ability_id, in the place of the full examples. One in Python has there what is in `func_req`
	 * and in `output`, or the whole as the console takes it. null: not registered, 800003.
	 */
	readonly abilities?: Readonly<Record<string, Ability | null>>;
}

/** What a program said. */
export interface ProgramAnswer {
	/** Of the function. */
	readonly errcode: number;
	/** JSON text, or plain text where the image itself failed. */
	readonly data: string;
}

/** What a program is called with. */
export interface ProgramCall extends FunctionCall {
	readonly abilityId: string;
	/** What is in request_data. */
	readonly request: object;
	/** @throws Refusal 710726 unless the corp gave this data right */
	readonly requireRight: (right: string) => void;
}

const IMAGES: ReadonlyArray<ProgramSettings['image']> = ['current', 'old'];
const REGISTERED: ReadonlyArray<ProgramSettings['registered']> = ['all', 'none'];
const ANSWERS: ReadonlyArray<ProgramSettings['answers']> = ['bare', 'output', 'outputText'];

/** How a program is set up from the start. */
export const DEFAULTS = {
	linked: true,
	deployed: true,
	image: 'current',
	answers: 'output',
	registered: 'all',
	fetchFailures: 0,
	abilities: {},
} as const satisfies ProgramSettings;

/** Functions that an old image in Java refuses, although it lists them. */
const MISSPELT = ['invoke_get_summary_result'];
const CALLBACK_DATA = 'get_callback_data';
const FETCH = 'do_async_job';

/** A program in the data zone, made from one of Tencent's sample images. */
export class Program {
	private settings: Required<ProgramSettings> = DEFAULTS;
	private fetchFailures = 0;

	/**
	 * @param style - the image
	 * @param on - what functions work on
	 */
	constructor(
		private readonly style: ProgramStyle,
		private readonly on: FunctionWorld,
	) {}

	/**
	 * Changes what is named.
	 *
	 * @throws RangeError for an image, a form of answers or a choice of abilities that there is not, or
	 * a bad number
	 */
	configure(settings: ProgramSettings): void {
		const { image = 'current', answers = 'output', registered = 'all' } = settings;
		const { fetchFailures = this.fetchFailures } = settings;
		if (!IMAGES.includes(image)) throw new RangeError(`image must be ${IMAGES.join(' or ')}`);
		if (!ANSWERS.includes(answers)) throw new RangeError(`answers must be ${ANSWERS.join(' or ')}`);
		if (!REGISTERED.includes(registered)) {
			throw new RangeError(`registered must be ${REGISTERED.join(' or ')}`);
		}
		if (!Number.isSafeInteger(fetchFailures) || fetchFailures < 0) {
			throw new RangeError('fetchFailures must be an integer of at least 0');
		}
		this.fetchFailures = fetchFailures;
		this.settings = { ...this.settings, ...settings };
	}

	/** @throws Refusal 790020 or 790021 for a program that cannot be called */
	requireReady(): void {
		if (!this.settings.linked) throw new Refusal(790020, 'program_id');
		if (!this.settings.deployed) throw new Refusal(790021, 'program_id');
	}

	/**
	 * Runs a function.
	 *
	 * @throws Refusal 800003 for an ability that is not registered, 790016 for a request that does not
	 * fit its example, 790014 for an answer that does not
	 */
	async call(call: ProgramCall): Promise<ProgramAnswer> {
		this.requireReady();
		return this.style === 'java' ? await this.java(call) : this.wrapped(await this.python(call));
	}

	private async java(call: ProgramCall): Promise<ProgramAnswer> {
		const { abilityId, request } = call;
		const old = this.settings.image === 'old';
		if (old && MISSPELT.includes(abilityId)) return plain('unsupport api');
		const name = javaFunctionOf(abilityId);
		const func = functionCalled(name);
		const ability = this.registered(abilityId, func);
		if (ability === undefined) throw new Refusal(800003, 'ability_id');
		// A request in the form of the image in Python means another program.
		if ('input' in request) throw new Refusal(790016, 'request_data must not have input');
		requireFit(790016, request, ability.input, 'request_data');
		if (name === undefined) return plain('unknown ability_id');
		if (func === undefined || (old && func.newer)) return plain('unsupport api');
		return await this.run(func, ability, call, request);
	}

	private async python(call: ProgramCall): Promise<ProgramAnswer> {
		const { func: name, request } = pythonRequest(call.request);
		const func = functionCalled(name);
		// One ability may serve every function: its example says nothing of functions there are not.
		const ability = bare(this.registered(call.abilityId, func ?? {}));
		if (ability === undefined) throw new Refusal(800003, 'ability_id');
		requireFit(790016, request, ability.input, 'request_data.input.func_req');
		const old = this.settings.image === 'old';
		if (func === undefined || (old && func.newer)) return failed(new Refusal(-10006, name));
		return await this.run(func, ability, call, request);
	}

	private registered(abilityId: string, full: Ability | undefined): Ability | undefined {
		const { abilities, registered } = this.settings;
		if (Object.hasOwn(abilities, abilityId)) return abilities[abilityId] ?? undefined;
		return registered === 'all' ? full : undefined;
	}

	private async run(
		func: ZoneFunction,
		{ output }: Ability,
		{ notifyId, ownApp, requireRight }: ProgramCall,
		request: object,
	): Promise<ProgramAnswer> {
		if (func === FUNCTIONS[FETCH] && this.fetchFailures > 0) {
			this.fetchFailures -= 1;
			if (this.style === 'java') return plain('invoke failed');
			throw new Refusal(710638, 'program_id');
		}
		let answer: unknown;
		try {
			if (func.right !== undefined) requireRight(func.right);
			answer = await func.run(this.on, request, { notifyId, ownApp });
		} catch (error) {
			if (error instanceof ImageFailure) return this.imageFailed(error);
			if (error instanceof Refusal) return failed(error);
			throw error;
		}
		requireFit(790014, answer, output, 'response_data');
		return { errcode: 0, data: stringifyExact(answer) };
	}

	private imageFailed({ message }: ImageFailure): ProgramAnswer {
		return this.style === 'java' ? plain(message) : failed(new Refusal(710660, message));
	}

	private wrapped({ errcode, data }: ProgramAnswer): ProgramAnswer {
		const { answers } = this.settings;
		if (answers === 'bare') return { errcode, data };
		return { errcode, data: `{"output":${answers === 'output' ? data : JSON.stringify(data)}}` };
	}
}

/** @returns undefined for an ability that no image in Java knows what to do with */
function javaFunctionOf(abilityId: string): string | undefined {
	if (abilityId === CALLBACK_DATA) return FETCH;
	const name = /^invoke_(.+)$/.exec(abilityId)?.[1];
	return name === FETCH ? '' : name;
}

function functionCalled(name: string | undefined): ZoneFunction | undefined {
	return name !== undefined && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}

/** @throws Refusal 790016 for another form than the image in Python takes */
function pythonRequest(request: object): { func: string; request: object } {
	const alone = 'input' in request && Object.keys(request).length === 1;
	const input = alone && isObject(request.input) ? request.input : {};
	const { func, func_req: inner, ...rest } = input as Record<string, unknown>;
	if (typeof func !== 'string' || !isObject(inner) || Object.keys(rest).length > 0) {
		throw new Refusal(790016, 'request_data must be {"input":{"func":…,"func_req":{…}}}');
	}
	return { func, request: inner };
}

/** An ability of an image in Python without what the console has around its examples. */
function bare(ability: Ability | undefined): Ability | undefined {
	if (ability === undefined) return undefined;
	const { input, output } = ability;
	const request = isObject(input?.input) ? (input.input as { func_req?: Example }).func_req : input;
	const wrapped = output !== undefined && Object.keys(output).join() === 'output';
	// JSON text in the place of an answer: anything goes.
	const answer = wrapped
		? isObject(output.output)
			? (output.output as Example)
			: undefined
		: output;
	return {
		...(request === undefined ? {} : { input: request }),
		...(answer === undefined ? {} : { output: answer }),
	};
}

function requireFit(errcode: number, value: unknown, example: unknown, where: string): void {
	const wrong = example === undefined ? undefined : misfit(value, example, where);
	if (wrong !== undefined) throw new Refusal(errcode, wrong);
}

function failed({ errcode, message }: Refusal): ProgramAnswer {
	return { errcode, data: JSON.stringify({ errcode, errmsg: message }) };
}

function plain(data: string): ProgramAnswer {
	return { errcode: 0, data };
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
