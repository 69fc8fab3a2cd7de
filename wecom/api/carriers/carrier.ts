import type { WecomRequest } from '../../http/wecomHttp';
import type { JsonObject } from '../../json';
import type { Exchange } from '../wire';

/** How the program in the zone wants its calls: Tencent's Python sample, or its Java and C++ one. */
export type ProgramStyle = 'python' | 'java';

/** The program in the data zone that carries the functions of the zone SDK. */
export interface ZoneProgram {
	programId: string;
	style: ProgramStyle;
}

/** What a carrier makes of an exchange; token, repetition and cancelling are for others. */
export type CarriedRequest = Pick<
	WecomRequest,
	'method' | 'path' | 'name' | 'query' | 'body' | 'proof' | 'timeoutMs'
>;

/** What came back: WeCom's whole answer, and what of it is no JSON. */
export interface Answer {
	json: JsonObject;
	/** A piece of a file. */
	bytes?: Uint8Array;
}

/** What of an exchange a carrier looks at. */
export type Carried = Pick<
	Exchange<never, unknown>,
	'route' | 'query' | 'timeoutMs' | 'proof' | 'gives'
>;

/** Knows what one kind of route over HTTP means. */
export interface Carrier {
	/**
	 * The request that carries a body.
	 *
	 * @throws InvalidInputError naming the setting that is missing
	 */
	toRequest(exchange: Carried, body: object, program: Partial<ZoneProgram>): CarriedRequest;
	/**
	 * The answer of the API itself, out of what came over HTTP with errcode 0.
	 *
	 * @throws WecomProgramError, WecomResponseError for a failure further inside
	 */
	open(exchange: Carried, answer: JsonObject): JsonObject;
}
