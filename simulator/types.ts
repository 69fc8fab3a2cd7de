import type { Acquisition } from './acquisition';
import type { BadRecords, MessageOptions, TrueRecord } from './archive';
import type { AuthorizedCorp, InstallOptions, IssuedAuthCode } from './authorizations';
import type { BuiltCallback, CallbackOptions } from './callbacks/build';
import type { SentCallback } from './callbacks/notifier';
import type { CallbackResult, SendCallbackOptions, VerifyResult } from './callbacks/send';
import type { ChatSummary } from './chats';
import type { Contract } from './contracts';
import type { ProgramStyle, World } from './data/world';
import type { Fault } from './faults';
import type { KeyPair } from './keys';
import type { ModelJob } from './modelJobs';
import type { ModelName } from './models';
import type { Orders } from './orders';
import type { ProgramSettings } from './program';
import type { KeywordHit } from './rules';
import type { Damage } from './seal';
import type { RecordedRequest } from './server';
import type { Provider, Suite } from './suite';
import type { Upload } from './uploads';
import type { ProgramEvent, StoredEvent } from './zoneEvents';

/** How a simulator starts. */
export interface SimulatorOptions extends BadRecords {
	/**
	 * Whose paths are served; default all. The paths of one that is not are HTTP 404, as on Tencent's
	 * host; tokens, authorisations and calls of programs belong to all.
	 */
	readonly contracts?: readonly Contract[];
	/** On 127.0.0.1; 0 (default) is any free one. */
	readonly port?: number;
	/** Same seed, same corp, people and conversations; default 1. */
	readonly seed?: number;
	/** How many records the archive has at the start; default 2000. */
	readonly messageCount?: number;
	/** seq of the first record, at least 1 (default); later ones ascend, with a few gaps. */
	readonly firstSeq?: bigint | number;
	/** Life of a token that an API hands out, of any kind, in seconds; default 7200. */
	readonly tokenTtlSeconds?: number;
	/** Answers of get_chat_data beyond so many bytes are refused with 301058; default 8 MiB. */
	readonly maxResponseBytes?: number;
	/** Calls of each model a day, 45009 beyond; default 10000. */
	readonly modelQuota?: number;
	/**
	 * Messages a day that sentiment and spam each read in the data zone, where their calls are not
	 * counted, 45009 beyond; default 100000.
	 */
	readonly modelMessageQuota?: number;
	/** How long a job of a model takes in the data zone; default 1. */
	readonly modelSeconds?: number;
	/** How long an export takes by the clock; default 2. */
	readonly exportSeconds?: number;
	/** How long a document of a knowledge base takes to be learned; default 2. */
	readonly learnSeconds?: number;
	/** How long a page of messages takes to be read, of which 10 may be at once; default 20. */
	readonly pageMs?: number;
	/**
	 * Whether sync_msg gives fewer messages than it is asked for, every fourth time none, although
	 * there are more; default false.
	 */
	readonly shortPages?: boolean;
	/** What the provider has to pay orders with, in fen; default 10,000,000 (100,000 yuan). */
	readonly balanceFen?: number;
	/**
	 * So many wrong secrets from one address within a minute, and the APIs that hand out tokens answer
	 * it with 45009 for an hour; default 20.
	 */
	readonly wrongSecretLimit?: number;
	/**
	 * Where to call back to when something happens, signed and encrypted with {@link Simulator.callback}:
	 * new messages, keyword hits, finished exports, tickets and authorisations. None by default;
	 * set_callback sets another.
	 */
	readonly callbackUrl?: string;
	/** Where to call back to when an order is paid or cancelled. None by default. */
	readonly providerCallbackUrl?: string;
	/** Clock in ms; default Date.now. */
	readonly now?: () => number;
}

/** A running WeCom. */
export interface Simulator {
	/** `http://127.0.0.1:PORT`; the APIs are under `/cgi-bin`, control under `/_sim`. */
	readonly url: string;
	/** Those that are served. */
	readonly contracts: readonly Contract[];
	/** What gettoken asks for. */
	readonly corp: { readonly corpId: string; readonly corpSecret: string };
	/**
	 * What callbacks are signed and encrypted with. The receive id of a suite's events is `suiteId`, of
	 * a corp's data `receiveId`, of a provider's `providerId`.
	 */
	readonly callback: {
		readonly token: string;
		readonly encodingAesKey: string;
		/** The CorpID. */
		readonly receiveId: string;
		readonly suiteId: string;
		/** The provider's CorpID, once there is somewhere to call back to for orders. */
		readonly providerId: string | undefined;
	};
	/** By version: 1 and 2, PEM (PKCS#8 private, SPKI public). */
	readonly keys: Readonly<Record<number, KeyPair>>;
	/** Members, customers and groups. */
	readonly world: World;
	/** What is really in the archive, by seq. */
	readonly truth: readonly TrueRecord[];
	/** Every conversation with text in it, with ids to ask the models about. */
	readonly chats: readonly ChatSummary[];
	/** Messages that hit a keyword rule, oldest first. */
	readonly keywordHits: readonly KeywordHit[];
	/** Jobs of models that were begun in the data zone, oldest first. */
	readonly modelJobs: readonly ModelJob[];
	/** Files that were uploaded, oldest first. */
	readonly uploads: readonly Upload[];
	/**
	 * The bytes of a media file, as the library gives them in pieces.
	 *
	 * @throws RangeError for an sdkfileid of no message here
	 */
	media(sdkfileid: string): Buffer;
	/** Acquisition links, and who came through them. */
	readonly acquisition: Pick<Acquisition, 'links' | 'authorized' | 'customers' | 'chatKey'>;
	/** The provider's customers, orders and balance. */
	readonly orders: Readonly<Pick<Orders, 'corps' | 'list' | 'balanceFen'>>;
	/** Callbacks that were sent on their own account, oldest first. */
	readonly callbacksSent: readonly SentCallback[];
	/** Every request outside `/_sim`, oldest first. */
	readonly requests: RecordedRequest[];
	/** The app that customers install, and what get_suite_token asks for beside a ticket. */
	readonly suite: Readonly<Pick<Suite, 'suiteId' | 'suiteSecret'>>;
	/**
	 * The newest ticket, one from the start; empty when it is older than 30 minutes. None is pushed
	 * unless {@link pushSuiteTicket} is called.
	 */
	readonly suiteTicket: string;
	/** What get_provider_token asks for. */
	readonly provider: Provider;
	/**
	 * Corps that installed the app, oldest first: {@link corp} and two customers from the start. The
	 * APIs answer with the same {@link world} whichever corp's token they are called with.
	 */
	readonly customers: readonly AuthorizedCorp[];
	/** A good suite_access_token without end, to paste; a new one after {@link expireTokens}. */
	readonly suiteAccessToken: string;
	/** A good provider_access_token without end, to paste; a new one after {@link expireTokens}. */
	readonly providerAccessToken: string;
	/** program_ids by style: what {@link credentialsFor} names is the one in Java. */
	readonly programs: Readonly<Record<ProgramStyle, string>>;
	/** What open_debug_mode asks for. */
	readonly debugToken: string;
	/** How many different access tokens there have been, of all corps. */
	readonly tokensIssued: number;
	/** Faults on demand. */
	readonly faults: {
		/** @throws TypeError for an unknown kind or a bad number */
		add(fault: Fault): void;
		clear(): void;
	};
	/**
	 * Adds records sent just now. Calls back for them, and for the keyword rules they hit, when there
	 * is somewhere to call back to.
	 *
	 * @throws RangeError for a bad count, version, type, damage or chat, or when no seq is left
	 */
	addMessages(count: number, options?: MessageOptions): TrueRecord[];
	/**
	 * Breaks a record that is there.
	 *
	 * @param damage - how; the ways in turn when absent
	 * @throws RangeError when there is no such record, or it is beyond breaking
	 */
	corrupt(seq: bigint | number, damage?: Damage): TrueRecord;
	/**
	 * Makes a new ticket and calls back suite_ticket with it; older ones stay good for their 30
	 * minutes.
	 *
	 * @returns the ticket
	 */
	pushSuiteTicket(): string;
	/**
	 * A new corp installs the app: calls back create_auth. It is among {@link customers} once its
	 * auth_code is exchanged, which works once and within 10 minutes.
	 *
	 * @throws TypeError for a name that is no text, RangeError for a state of other than at most 128
	 * letters and digits
	 */
	authorizeCorp(options?: InstallOptions): IssuedAuthCode;
	/**
	 * The corp changes what the app may do: calls back change_auth.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	changeAuth(corpId: string): void;
	/**
	 * The corp removes the app: calls back cancel_auth. Its permanent code answers 48004 (40001 in
	 * gettoken) from now on, its tokens 40014; what {@link corp} gets by its own secret stays good.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	cancelAuth(corpId: string): void;
	/**
	 * The corp's permanent code becomes another: calls back reset_permanent_code. The old one answers
	 * 40084 (40001 in gettoken) from now on, tokens stay good; the new one is had for the auth_code.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	resetPermanentCode(corpId: string): IssuedAuthCode;
	/**
	 * Every corp takes a data right back, `datazone:chatdata:search` say: functions and paths that need
	 * it answer 710726.
	 *
	 * @throws RangeError for a right that no corp has
	 */
	takeRight(name: string): void;
	/**
	 * A data right of every corp ends: from then on as {@link takeRight}, but still listed by
	 * get_permissions.
	 *
	 * @param at - unix seconds, 0 for never
	 * @throws RangeError for a right that no corp has, TypeError for a bad moment
	 */
	endRight(name: string, at: number): void;
	/**
	 * The next jobs of a model that are begun in the data zone fail: status 2.
	 *
	 * @param times - how many; default 1
	 * @throws RangeError for a model there is not, or a bad number
	 */
	failModelJobs(model: ModelName, times?: number): void;
	/**
	 * Sets a program up: whether it can be called, which image it is, what its abilities are registered
	 * with.
	 *
	 * @throws RangeError for a setting that there is not
	 */
	configureProgram(style: ProgramStyle, settings: ProgramSettings): void;
	/**
	 * Gives an event to the program, which keeps it, and calls back program_notify with its notify_id.
	 * conversation_new_message and hit_keyword get a good token where they have no body. After
	 * set_receive_callback this happens by itself for new messages, keyword hits and finished exports.
	 *
	 * @param scene - NotifyScene, none by default
	 * @throws TypeError without event_type, RangeError for a scene that is not from 0 to 255
	 */
	notifyProgram(event: ProgramEvent, scene?: number): StoredEvent;
	/**
	 * Calls back there from now on, with the keys of {@link callback}.
	 *
	 * @param channel - `provider`: for what happens to orders; for anything else when absent
	 * @throws TypeError for a bad URL
	 */
	callBackTo(url: string, channel?: 'provider'): void;
	/** Every token issued so far answers 42001 (42009 that of the suite) from now on. */
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
	/** Resolves when no callback of its own account is under way. */
	settled(): Promise<void>;
	/** Closes every connection and the port. */
	stop(): Promise<void>;
}
