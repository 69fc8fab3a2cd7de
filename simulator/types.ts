import type { BadRecords, MessageOptions, TrueRecord } from './archive';
import type { BuiltCallback, CallbackOptions } from './callbacks/build';
import type { CallbackResult, SendCallbackOptions, VerifyResult } from './callbacks/send';
import type { World } from './data/world';
import type { Fault } from './faults';
import type { KeyPair } from './keys';
import type { Damage } from './seal';
import type { RecordedRequest } from './server';

/** How a simulator starts. */
export interface SimulatorOptions extends BadRecords {
	/** On 127.0.0.1; 0 (default) is any free one. */
	readonly port?: number;
	/** Same seed, same corp, people and conversations; default 1. */
	readonly seed?: number;
	/** How many records the archive has at the start; default 2000. */
	readonly messageCount?: number;
	/** seq of the first record, at least 1 (default); later ones ascend, with a few gaps. */
	readonly firstSeq?: bigint | number;
	/** Life of an access token in seconds; default 7200. */
	readonly tokenTtlSeconds?: number;
	/** Answers of get_chat_data beyond so many bytes are refused with 301058; default 8 MiB. */
	readonly maxResponseBytes?: number;
	/** Clock in ms; default Date.now. */
	readonly now?: () => number;
}

/** A running WeCom. */
export interface Simulator {
	/** `http://127.0.0.1:PORT`; the APIs are under `/cgi-bin`, control under `/_sim`. */
	readonly url: string;
	/** What gettoken asks for. */
	readonly corp: { readonly corpId: string; readonly corpSecret: string };
	/** What callbacks are signed and encrypted with; events use `suiteId` as the receive id. */
	readonly callback: {
		readonly token: string;
		readonly encodingAesKey: string;
		/** The CorpID. */
		readonly receiveId: string;
		readonly suiteId: string;
	};
	/** By version: 1 and 2, PEM (PKCS#8 private, SPKI public). */
	readonly keys: Readonly<Record<number, KeyPair>>;
	/** Members, customers and groups. */
	readonly world: World;
	/** What is really in the archive, by seq. */
	readonly truth: readonly TrueRecord[];
	/** Every request outside `/_sim`, oldest first. */
	readonly requests: RecordedRequest[];
	/** How many different access tokens there have been. */
	readonly tokensIssued: number;
	/** Faults on demand. */
	readonly faults: {
		/** @throws TypeError for an unknown kind or a bad number */
		add(fault: Fault): void;
		clear(): void;
	};
	/**
	 * Adds records sent just now.
	 *
	 * @throws RangeError for a bad count, version, type or damage, or when no seq is left
	 */
	addMessages(count: number, options?: MessageOptions): TrueRecord[];
	/**
	 * Breaks a record that is there.
	 *
	 * @param damage - how; the ways in turn when absent
	 * @throws RangeError when there is no such record, or it is beyond breaking
	 */
	corrupt(seq: bigint | number, damage?: Damage): TrueRecord;
	/** Every token issued so far answers 42001 from now on. */
	expireTokens(): void;
	/**
	 * Makes a callback without sending it.
	 *
	 * @throws TypeError without event and plaintext
	 */
	buildCallback(options: CallbackOptions): BuiltCallback;
	/**
	 * Sends a callback by WeCom's rules: 5 s, 3 times.
	 *
	 * @throws TypeError for a bad URL, or without event and plaintext
	 */
	sendCallback(options: SendCallbackOptions): Promise<CallbackResult>;
	/**
	 * Verifies a callback URL as WeCom's console does.
	 *
	 * @throws TypeError for a bad URL
	 */
	verifyUrl(url: string): Promise<VerifyResult>;
	/** Closes every connection and the port. */
	stop(): Promise<void>;
}
