import { operations } from './api';
import { WecomClient, type CallOptions, type ClientSettings } from './api/client';
import { downloadMedia, type DownloadSettings, type FilePiece, type WantedFile } from './api/media';
import type { Operation } from './api/operation';
import { parseSeq } from './archive/seq';
import type { JsonObject } from './json';

/** Settings of a {@link DataApiClient} beside its access token. */
export interface DataApiClientSettings extends Partial<Omit<ClientSettings, 'authentication'>> {
	/** For `getAcquisitionAuthInfo` of the reference, and for `listBills`. */
	suiteAccessToken?: string;
	/** For the orders. */
	providerAccessToken?: string;
	/** Bound on one exchange, milliseconds; 30 s for most operations when left out. */
	timeoutMs?: number;
}

/** A position in the archive. */
type Seq = bigint | number | string;
type Operations = typeof operations;
type InputOf<Name extends keyof Operations> =
	Operations[Name] extends Operation<infer Input, unknown> ? Input : never;
type ExtrasOf<Name extends keyof Operations> = Omit<
	InputOf<Name>,
	'chat_id' | 'seq_range' | 'msg_list'
>;
/** Those with arguments of their own, as in the reference document, or with answers that are no JSON. */
type Documented = 'getChatData' | 'getMediaPiece' | 'searchMessage' | `${string}Model`;
type Methods = {
	[Name in Exclude<keyof Operations, Documented>]: (
		...args: Record<string, never> extends InputOf<Name>
			? [input?: InputOf<Name>]
			: [input: InputOf<Name>]
	) => Promise<JsonObject>;
};

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- the methods are put on the prototype below, one for each operation
export interface DataApiClient extends Methods {}

/**
 * The client of the reference document's section 6.2, for people who write code: the engine under
 * the nodes. Every operation is a method that takes WeCom's own fields and gives WeCom's whole
 * answer, errcode 0 included; everything else is thrown. What a program in the data zone carries
 * comes in the answer to its call: what the function said is JSON text in `response_data`. For an archive
 * of the corp itself give `contract: 'messageArchive'` and a `library`.
 *
 * All methods throw InvalidInputError before anything is sent, WecomApiError for an errcode other
 * than 0, WecomNetworkError and WecomResponseError for trouble on the way, OutcomeUnknownError where
 * something that must not happen twice may have happened.
 *
 * @example
 * const client = new DataApiClient('ACCESS_TOKEN', { baseUrl: 'https://gateway.example.com' });
 * const { chatdata } = await client.getChatData(0, 1000);
 * const { result } = await client.sentimentAnalysis('wrErxtDgAA', 1, 100);
 * const { link } = await client.createLink({ link_name: 'Spring', range: { user_list: ['zhangsan'] } });
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export class DataApiClient {
	private readonly client: WecomClient;
	private readonly options: CallOptions;

	/**
	 * @param accessToken the corp's access_token; empty where only the other tokens are used
	 * @throws InvalidInputError naming the setting that cannot be used
	 */
	constructor(accessToken: string, settings: DataApiClientSettings = {}) {
		const { suiteAccessToken = '', providerAccessToken = '', timeoutMs, ...rest } = settings;
		this.options = timeoutMs === undefined ? {} : { timeoutMs };
		this.client = new WecomClient({
			baseUrl: 'https://qyapi.weixin.qq.com',
			...rest,
			authentication: {
				type: 'static',
				tokens: {
					access_token: accessToken,
					suite_access_token: suiteAccessToken,
					provider_access_token: providerAccessToken,
				},
			},
		});
	}

	/**
	 * Encrypted archive records after a seq; in the data zone after a cursor. Reference document 4.1,
	 * document 91774.
	 *
	 * @param after 0 for the oldest that WeCom keeps
	 * @param limit 1 to 1000
	 */
	async getChatData(after: Seq = 0, limit = 1000): Promise<JsonObject> {
		const { getChatData } = operations;
		const ofCursors = this.client.marksOf(getChatData) === 'cursor';
		const cursor = ofCursors ? String(after || '').replace(/^0$/, '') : String(parseSeq(after));
		return await this.send(getChatData, { cursor, limit });
	}

	/**
	 * One piece of a file of a message, by Tencent's library. Document 91774.
	 *
	 * @param cursor `nextCursor` of the piece before; empty for the first
	 */
	async getMediaPiece(sdkfileid: string, cursor = ''): Promise<FilePiece> {
		const { getMediaPiece } = operations;
		return await this.client.call(getMediaPiece, { sdkfileid, cursor }, this.options);
	}

	/**
	 * A whole file of a message, piece by piece; memory holds one.
	 *
	 * @param file as `mediaOf` finds it in a message
	 * @throws MediaError for a file that is too large, or not what the message says
	 * @example await pipeline(Readable.from(client.downloadMedia(file)), createWriteStream(file.fileName));
	 */
	downloadMedia(
		file: WantedFile,
		settings: DownloadSettings = {},
	): AsyncGenerator<Uint8Array, void, undefined> {
		const fetchPiece = async ({ sdkfileid, cursor }: { sdkfileid: string; cursor?: string }) =>
			await this.getMediaPiece(sdkfileid, cursor);
		return downloadMedia(fetchPiece, file, settings);
	}

	/** Messages by their text. Reference document 3 and 6.2. */
	async searchMessage(
		keyword: string,
		options: Omit<InputOf<'searchMessage'>, 'keyword'> = {},
	): Promise<JsonObject> {
		return await this.send(operations.searchMessage, { ...options, keyword });
	}

	/** How the customer feels. Reference document 4.2. */
	async sentimentAnalysis(chatId: string, beginSeq: Seq, endSeq: Seq): Promise<JsonObject> {
		return await this.send(operations.sentimentModel, range(chatId, beginSeq, endSeq));
	}

	/** What to answer the customer. Reference document 6.1. */
	async recommendSpeech(
		chatId: string,
		beginSeq: Seq,
		endSeq: Seq,
		extras: ExtrasOf<'recommendModel'> = {},
	): Promise<JsonObject> {
		const input = { ...extras, ...range(chatId, beginSeq, endSeq) };
		return await this.send(operations.recommendModel, input);
	}

	/** What was talked about. Reference document 6.1. */
	async summarize(chatId: string, beginSeq: Seq, endSeq: Seq): Promise<JsonObject> {
		return await this.send(operations.summaryModel, range(chatId, beginSeq, endSeq));
	}

	/** Which tags fit the customer. Reference document 3. */
	async tagCustomer(
		chatId: string,
		beginSeq: Seq,
		endSeq: Seq,
		extras: ExtrasOf<'tagModel'> = {},
	): Promise<JsonObject> {
		const input = { ...extras, ...range(chatId, beginSeq, endSeq) };
		return await this.send(operations.tagModel, input);
	}

	/** Whether something forbidden was said. Reference document 3. */
	async detectSpam(chatId: string, beginSeq: Seq, endSeq: Seq): Promise<JsonObject> {
		return await this.send(operations.antispamModel, range(chatId, beginSeq, endSeq));
	}

	/** The prompt that the console holds for the model. Reference document 3. */
	async askModel(
		chatId: string,
		beginSeq: Seq,
		endSeq: Seq,
		extras: ExtrasOf<'generalModel'> = {},
	): Promise<JsonObject> {
		const input = { ...extras, ...range(chatId, beginSeq, endSeq) };
		return await this.send(operations.generalModel, input);
	}

	/** Calls an operation of your own, or one of `operations`, and gives the whole answer. */
	async send<Input>(operation: Operation<Input, unknown>, input: Input): Promise<JsonObject> {
		return await this.client.answerTo(operation, input, this.options);
	}
}

for (const [name, operation] of Object.entries(operations)) {
	if (name in DataApiClient.prototype || name.endsWith('Model')) continue;
	Object.defineProperty(DataApiClient.prototype, name, {
		configurable: true,
		writable: true,
		async value(this: DataApiClient, input: object = {}) {
			return await this.send(operation as Operation<object, unknown>, input);
		},
	});
}

function range(chatId: string, beginSeq: Seq, endSeq: Seq) {
	return { chat_id: chatId, seq_range: { begin_seq: beginSeq, end_seq: endSeq } };
}
