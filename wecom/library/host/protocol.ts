/** How the library is loaded: as any other, or into a linker namespace of its own. */
export type LoadMode = 'plain' | 'isolated';

/** The way of a call to WeCom, as the library takes it; empty texts for none. */
export interface Way {
	proxy: string;
	passwd: string;
	/** Seconds. */
	timeout: number;
}

/** What the host is asked to do, one thing at a time. */
export type HostRequest =
	/** Loads the library. Nothing secret has come by then. */
	| { do: 'load'; file: string; mode: LoadMode }
	/** Calls it with made-up values alone, and without the network. */
	| { do: 'selfTest' }
	/** Makes the handle of a corp. */
	| { do: 'open'; corpId: string; secret: string }
	| ({ do: 'chatData'; seq: bigint; limit: number } & Way)
	| ({ do: 'media'; index: string; sdkfileid: string } & Way)
	/** Opens messages in order; results come in parts of `chunk`, a process may end in between. */
	| { do: 'decrypt'; batch: ReadonlyArray<readonly [key: string, body: string]>; chunk: number }
	/** Frees the handle and ends the process. */
	| { do: 'close' };

/** A return code, and the text where that is 0. */
export type ReturnedText = readonly [returnCode: number, text: string];

/** A return code, and the piece of a file where that is 0. */
export interface ReturnedPiece {
	returnCode: number;
	data: Uint8Array;
	nextIndex: string;
	isLast: boolean;
}

/** Return codes of the self-test, by what was tried. */
export type SelfTestCodes = Record<SelfTestStep, number>;

/** The calls of the self-test, in order. */
export const SELF_TEST_STEPS = [
	'emptyInit',
	'madeUpInit',
	'garbageBody',
	'limitTooLarge',
	'closedProxy',
] as const;

/** One of {@link SELF_TEST_STEPS}. */
export type SelfTestStep = (typeof SELF_TEST_STEPS)[number];

/** What the host says. Texts of the library's own are in none of it once it has a secret. */
export type HostMessage =
	/** First of all: what of the protection of the process could not be turned on. */
	| { is: 'ready'; unprotected: string[] }
	/** The library is loaded, or why it is not, in the words of the loader. */
	| { is: 'loaded'; refusal?: string }
	/** A call of the self-test begins. */
	| { is: 'trying'; step: SelfTestStep }
	| { is: 'tested'; codes: SelfTestCodes }
	| { is: 'opened'; returnCode: number }
	| { is: 'text'; returned: ReturnedText }
	| { is: 'piece'; piece: ReturnedPiece }
	/** Results of a batch, the next ones in order; none at its beginning. */
	| { is: 'part'; results: ReturnedText[] }
	| { is: 'decrypted' };
