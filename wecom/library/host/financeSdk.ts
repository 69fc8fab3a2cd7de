import * as koffi from 'koffi';

import { loadIsolated, type Functions } from './namespace';
import type { LoadMode, ReturnedPiece, ReturnedText, Way } from './protocol';

/** Koffi gives 2 MiB, too little for some pages of some builds. */
const STACK_BYTES = 16 * 1024 * 1024;

/** Gives the library the stack it needs. To be called before anything native is loaded. */
export function enlargeStack(): void {
	koffi.config({ sync_stack_size: STACK_BYTES });
}

koffi.pointer('Sdk', koffi.opaque());
koffi.pointer('Slice', koffi.opaque());
koffi.pointer('Media', koffi.opaque());

/** A pointer into the library. */
type Pointer<Name extends string> = (object | bigint) & { readonly name?: Name };
/** The handle of a corp. */
export type Sdk = Pointer<'Sdk'>;
type Slice = Pointer<'Slice'>;
type Media = Pointer<'Media'>;
type Chars = Pointer<'char'>;

/**
 * WeWorkFinanceSdk_C.h, as its functions are called from here. Whoever calls makes the object for what
 * comes out and frees it; what is read of it points into it.
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
function bind(functions: Functions) {
	const func = (prototype: string) => functions.func(prototype);
	return {
		newSdk: func('Sdk NewSdk()') as () => Sdk | null,
		init: func('int Init(Sdk sdk, const char *corpid, const char *secret)') as (
			sdk: Sdk,
			corpId: string,
			secret: string,
		) => number,
		destroySdk: func('void DestroySdk(Sdk sdk)') as (sdk: Sdk) => void,
		getChatData: func(
			'int GetChatData(Sdk sdk, uint64_t seq, uint32_t limit, const char *proxy, const char *passwd, int timeout, Slice out)',
		) as (
			sdk: Sdk,
			seq: bigint,
			limit: number,
			proxy: string,
			passwd: string,
			timeout: number,
			out: Slice,
		) => number,
		decryptData: func('int DecryptData(const char *key, const char *body, Slice out)') as (
			key: string,
			body: string,
			out: Slice,
		) => number,
		getMediaData: func(
			'int GetMediaData(Sdk sdk, const char *index, const char *fileid, const char *proxy, const char *passwd, int timeout, Media out)',
		) as (
			sdk: Sdk,
			index: string,
			fileId: string,
			proxy: string,
			passwd: string,
			timeout: number,
			out: Media,
		) => number,
		newSlice: func('Slice NewSlice()') as () => Slice | null,
		freeSlice: func('void FreeSlice(Slice slice)') as (slice: Slice) => void,
		contentOf: func('void *GetContentFromSlice(Slice slice)') as (slice: Slice) => Chars | null,
		lengthOf: func('int GetSliceLen(Slice slice)') as (slice: Slice) => number,
		newMedia: func('Media NewMediaData()') as () => Media | null,
		freeMedia: func('void FreeMediaData(Media media)') as (media: Media) => void,
		indexOf: func('void *GetOutIndexBuf(Media media)') as (media: Media) => Chars | null,
		indexLengthOf: func('int GetIndexLen(Media media)') as (media: Media) => number,
		dataOf: func('void *GetData(Media media)') as (media: Media) => Chars | null,
		dataLengthOf: func('int GetDataLen(Media media)') as (media: Media) => number,
		isFinished: func('int IsMediaDataFinish(Media media)') as (media: Media) => number,
	};
}

/** Tencent's library, loaded into this process. Nothing it allocates outlives the call that needed it. */
export class FinanceSdk {
	private readonly native: ReturnType<typeof bind>;

	/** @throws Error in the words of the loader: no library, a function that is missing */
	constructor(file: string, mode: LoadMode) {
		// Never RTLD_DEEPBIND: C++ libraries break with it.
		this.native = bind(mode === 'isolated' ? loadIsolated(file) : koffi.load(file));
	}

	/** NewSdk and Init; a handle only where that returned 0. */
	open(corpId: string, secret: string): { returnCode: number; sdk?: Sdk } {
		const sdk = made(this.native.newSdk());
		const returnCode = this.native.init(sdk, corpId, secret);
		if (returnCode === 0) return { returnCode, sdk };
		this.native.destroySdk(sdk);
		return { returnCode };
	}

	/** DestroySdk: once, a second time ends the process. */
	close(sdk: Sdk): void {
		this.native.destroySdk(sdk);
	}

	/** GetChatData. */
	chatData(sdk: Sdk, seq: bigint, limit: number, { proxy, passwd, timeout }: Way): ReturnedText {
		return this.readSlice((out) =>
			this.native.getChatData(sdk, seq, limit, proxy, passwd, timeout, out),
		);
	}

	/** DecryptData, which needs no handle. */
	decrypt(key: string, body: string): ReturnedText {
		return this.readSlice((out) => this.native.decryptData(key, body, out));
	}

	/** GetMediaData. */
	media(sdk: Sdk, index: string, fileId: string, { proxy, passwd, timeout }: Way): ReturnedPiece {
		const { native } = this;
		const media = made(native.newMedia());
		try {
			const returnCode = native.getMediaData(sdk, index, fileId, proxy, passwd, timeout, media);
			if (returnCode !== 0) {
				return { returnCode, data: new Uint8Array(), nextIndex: '', isLast: false };
			}
			return {
				returnCode,
				data: copied(native.dataOf(media), native.dataLengthOf(media)),
				nextIndex: textOf(native.indexOf(media), native.indexLengthOf(media)),
				isLast: native.isFinished(media) === 1,
			};
		} finally {
			native.freeMedia(media);
		}
	}

	private readSlice(call: (out: Slice) => number): ReturnedText {
		const { native } = this;
		const slice = made(native.newSlice());
		try {
			const returnCode = call(slice);
			if (returnCode !== 0) return [returnCode, ''];
			return [returnCode, textOf(native.contentOf(slice), native.lengthOf(slice))];
		} finally {
			native.freeSlice(slice);
		}
	}
}

function made<T>(pointer: T | null): T {
	if (pointer === null) throw new Error('out of memory');
	return pointer;
}

/** Its own bytes: what the library holds is freed. */
function copied(from: Chars | null, length: number): Buffer {
	return from === null || length <= 0
		? Buffer.alloc(0)
		: Buffer.from(new Uint8Array(koffi.view(from, length)));
}

/** Read by its length: nothing says that a zero ends it. */
function textOf(from: Chars | null, length: number): string {
	return from === null || length <= 0 ? '' : koffi.decode.string(from, length);
}
