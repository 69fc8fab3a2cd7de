import { MAX_SEQ } from '../archive';
import { pieceAnswer, ReturnCode } from '../library/answer';
import { MEDIA_LIFE_MS, mediaBytes, readFileId } from '../media';
import { Refusal } from '../refusal';
import type { ApiCall, ApiRoute, Backend } from './api';
import { isCode, isId, isInteger, isString, required, takeFields, type FieldRules } from './fields';

/** What the library gives in one call, bytes. */
const PIECE = 512 * 1024;
const INDEX = /^Range:bytes=(\d{1,15})-\d{1,15}$/;
/** Return codes: parameters, fileid, data expired. */
const [BAD_PARAMETERS, BAD_FILE, EXPIRED] = [10000, 10005, 10010];

const COMMON = {
	contract: 'messageArchive',
	method: 'POST',
	token: 'none',
	library: true,
} as const;

/** What the library was initialised with. */
const OWNER: FieldRules = { corpid: required(isId), secret: required(isCode) };

/** What GetChatData of the library gets from WeCom (document path 91774). */
const getChatData: ApiRoute = {
	...COMMON,
	path: '/finance_sdk/GetChatData',
	answer(backend, call) {
		const fields = takeFields(call.body, {
			...OWNER,
			seq: required(isInteger(0n, MAX_SEQ)),
			limit: required(isInteger(1n, 1000n)),
		});
		requireOwner(backend, call, fields);
		const records = backend.libraryFeed.page(fields.seq as bigint, Number(fields.limit));
		const text = `{"errcode":0,"errmsg":"ok","chatdata":[${records.join(',')}]}`;
		if (Buffer.byteLength(text) > backend.maxResponseBytes) throw new Refusal(301058);
		return text;
	},
};

/**
 * What GetMediaData of the library gets from WeCom (document path 91774). It has no JSON to put an
 * errcode in; what real builds return for a wrong secret is not known, here it is 10000.
 */
const getMediaData: ApiRoute = {
	...COMMON,
	path: '/finance_sdk/GetMediaData',
	answer(backend, call) {
		const fields = takeFields(call.body, {
			...OWNER,
			indexbuf: required(isString),
			sdkfileid: required(isString),
		});
		try {
			requireOwner(backend, call, fields);
		} catch (error) {
			throw error instanceof Refusal ? new ReturnCode(BAD_PARAMETERS) : error;
		}
		const sdkfileid = fields.sdkfileid as string;
		const file = readFileId(sdkfileid);
		if (file === undefined) throw new ReturnCode(BAD_FILE);
		if (file.sentAt + MEDIA_LIFE_MS < backend.now()) throw new ReturnCode(EXPIRED);
		const from = firstByte(fields.indexbuf as string, file.bytes);
		const to = Math.min(from + PIECE, file.bytes);
		const next = to < file.bytes ? `Range:bytes=${to}-${to + PIECE - 1}` : '';
		return pieceAnswer(mediaBytes(sdkfileid, from, to), next);
	},
};

/** What Tencent's library asks WeCom for, as the simulator's stub of it does. */
export const libraryRoutes: readonly ApiRoute[] = [getChatData, getMediaData];

/** @throws ReturnCode for an index that leads past the end, or is none */
function firstByte(index: string, bytes: number): number {
	if (index === '') return 0;
	const from = Number(INDEX.exec(index)?.[1] ?? NaN);
	if (!(from < bytes)) throw new ReturnCode(BAD_PARAMETERS);
	return from;
}

/**
 * Whose archive it is; the library turns the secret into a token by itself.
 *
 * @throws Refusal as gettoken does, and 48002 for the secret of an app that somebody else made
 */
function requireOwner(
	{ world, authorizations, wrongSecrets }: Backend,
	{ client }: ApiCall,
	{ corpid, secret }: Readonly<Record<string, unknown>>,
): void {
	wrongSecrets.guard(client, () => {
		const corp = authorizations.find(corpid as string);
		if (corp === undefined) throw new Refusal(40013);
		if (corpid === world.corpId && secret === world.corpSecret) return;
		throw new Refusal(secret === corp.permanentCode ? 48002 : 40001);
	});
}
