import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { installLibrary } from '../../../simulator';

type Handle = unknown;
type NativeFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;
/** What a call is given beside its own arguments. */
interface Way {
	readonly proxy?: string | null;
	readonly passwd?: string | null;
	readonly timeout?: number;
}

/** A piece of a media file, or why there is none. */
interface Piece {
	readonly code: number;
	readonly data: Buffer;
	readonly index: string;
	readonly isLast: boolean;
}

/** Every function of Tencent's, and the one with which the stub counts. */
const FUNCTIONS = {
	NewSdk: 'void *NewSdk()',
	Init: 'int Init(void *, const char *, const char *)',
	DestroySdk: 'void DestroySdk(void *)',
	GetChatData:
		'int GetChatData(void *, uint64_t, uint32_t, const char *, const char *, int, void *)',
	DecryptData: 'int DecryptData(const char *, const char *, void *)',
	GetMediaData:
		'int GetMediaData(void *, const char *, const char *, const char *, const char *, int, void *)',
	NewSlice: 'void *NewSlice()',
	FreeSlice: 'void FreeSlice(void *)',
	GetContentFromSlice: 'void *GetContentFromSlice(void *)',
	GetSliceLen: 'int GetSliceLen(void *)',
	NewMediaData: 'void *NewMediaData()',
	FreeMediaData: 'void FreeMediaData(void *)',
	GetOutIndexBuf: 'void *GetOutIndexBuf(void *)',
	GetIndexLen: 'int GetIndexLen(void *)',
	GetData: 'void *GetData(void *)',
	GetDataLen: 'int GetDataLen(void *)',
	IsMediaDataFinish: 'int IsMediaDataFinish(void *)',
	StubLive: 'long StubLive(int)',
} as const;

/** By which the library takes a proxy where it is told none. */
const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];

type Functions = Record<keyof typeof FUNCTIONS, NativeFunction>;

/** The stub of the library in this process; its calls over the network leave the event loop alone. */
export class Stub {
	readonly functions: Functions;

	private constructor(
		readonly path: string,
		private readonly folder: string,
	) {
		const library = koffi.load(path);
		this.functions = Object.fromEntries(
			Object.entries(FUNCTIONS).map(([name, prototype]) => [name, library.func(prototype)]),
		) as Functions;
	}

	/** One of its own: its address is not that of any other. */
	static async install(url: string): Promise<Stub> {
		const unset = koffi.load(null).func('int unsetenv(const char *)');
		for (const name of PROXIES) unset(name);
		const folder = await mkdtemp(join(tmpdir(), 'stub-'));
		return new Stub(await installLibrary(url, folder), folder);
	}

	async remove(): Promise<void> {
		await rm(this.folder, { recursive: true });
	}

	/** A handle for a corp, in use until the end of `work`. */
	async with<T>(
		{ corpId, corpSecret }: { corpId: string; corpSecret: string },
		work: (handle: Handle) => Promise<T>,
	): Promise<T> {
		const handle: Handle = this.functions.NewSdk();
		try {
			const code = this.functions.Init(handle, corpId, corpSecret) as number;
			if (code !== 0) throw new Error(`Init returned ${code}`);
			return await work(handle);
		} finally {
			this.functions.DestroySdk(handle);
		}
	}

	/** Return code and text of GetChatData. */
	async chatData(handle: Handle, seq: bigint, limit: number, way: Way = {}) {
		return await this.withSlice(async (slice) => {
			const { GetChatData } = this.functions;
			return await called(GetChatData, handle, seq, limit, ...argumentsOf(way), slice);
		});
	}

	/** Return code and text of DecryptData. */
	async decrypt(key: string, body: string) {
		return await this.withSlice(
			async (slice) => this.functions.DecryptData(key, body, slice) as number,
		);
	}

	async piece(handle: Handle, sdkfileid: string, index = '', way: Way = {}): Promise<Piece> {
		const { NewMediaData, FreeMediaData, GetMediaData, ...get } = this.functions;
		const media: Handle = NewMediaData();
		try {
			const code = await called(GetMediaData, handle, index, sdkfileid, ...argumentsOf(way), media);
			return {
				code,
				data: bytesAt(get.GetData(media), get.GetDataLen(media) as number),
				index: bytesAt(get.GetOutIndexBuf(media), get.GetIndexLen(media) as number).toString(),
				isLast: get.IsMediaDataFinish(media) === 1,
			};
		} finally {
			FreeMediaData(media);
		}
	}

	/** Handles, slices and media that were not freed. */
	live(): number[] {
		return [0, 1, 2].map((what) => Number(this.functions.StubLive(what)));
	}

	private async withSlice(
		work: (slice: Handle) => Promise<number>,
	): Promise<{ code: number; text: string }> {
		const { NewSlice, FreeSlice, GetContentFromSlice, GetSliceLen } = this.functions;
		const slice: Handle = NewSlice();
		try {
			const code = await work(slice);
			const bytes = bytesAt(GetContentFromSlice(slice), GetSliceLen(slice) as number);
			return { code, text: bytes.toString('utf8') };
		} finally {
			FreeSlice(slice);
		}
	}
}

function argumentsOf({ proxy = '', passwd = '', timeout = 20 }: Way) {
	return [proxy, passwd, timeout];
}

async function called(func: NativeFunction, ...given: unknown[]): Promise<number> {
	return await new Promise((resolve, reject) => {
		func.async(...given, (error: unknown, code: number) => {
			if (error instanceof Error) reject(error);
			else resolve(code);
		});
	});
}

function bytesAt(pointer: unknown, length: number): Buffer {
	return pointer === null || length === 0
		? Buffer.alloc(0)
		: Buffer.from(koffi.decode(pointer, 'uint8_t', length) as Uint8Array);
}
