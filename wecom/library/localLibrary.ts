import type { SealedBody } from '../archive/messageOpener';
import { CancelledError, type RecordError } from '../errors';
import { onAbort, abortable } from '../http/onAbort';
import { NETWORK_TROUBLE } from '../returnCodes';
import { requireAccess, requirePage, requirePiece } from './access';
import type { ArchiveLibrary, LibraryAccess, LibraryFacts, MediaPiece } from './archiveLibrary';
import { queueFor } from './corpQueue';
import type { HostMessage, HostRequest, Way } from './host/protocol';
import { checkLibraryFile } from './libraryFile';
import { LibraryReturnError } from './libraryErrors';
import { chooseLoadMode } from './loadMode';
import { askProxy } from './proxyCheck';
import { refuseSealedBody } from './sealedBody';
import { librarySettings, operatorSettings } from './settings';

/** The library in a process of this machine, shared by all that read the same archive the same way. */
export class LocalLibrary implements ArchiveLibrary {
	private readonly way: Way;

	/** @throws InvalidInputError naming what the library cannot be called with */
	constructor(private readonly access: LibraryAccess) {
		this.way = requireAccess(access);
	}

	async chatData(seq: bigint, limit: number, signal?: AbortSignal): Promise<string> {
		requirePage(seq, limit);
		const name = 'GetChatData';
		const request = { do: 'chatData', seq, limit, ...this.way } as const;
		const [returnCode, text] = await this.ask(name, request, signal, (message) =>
			message.is === 'text' ? message.returned : undefined,
		);
		if (returnCode !== 0) throw await this.refusal(returnCode, name, signal);
		return text;
	}

	async media(sdkfileid: string, index: string, signal?: AbortSignal): Promise<MediaPiece> {
		requirePiece(sdkfileid, index);
		const name = 'GetMediaData';
		const request = { do: 'media', sdkfileid, index, ...this.way } as const;
		const { returnCode, ...piece } = await this.ask(name, request, signal, (message) =>
			message.is === 'piece' ? message.piece : undefined,
		);
		if (returnCode !== 0) throw await this.refusal(returnCode, name, signal);
		return piece;
	}

	async decrypt(
		batch: readonly SealedBody[],
		signal?: AbortSignal,
	): Promise<Array<string | RecordError>> {
		if (signal?.aborted) throw new CancelledError();
		const results: Array<string | RecordError | undefined> = batch.map(refuseSealedBody);
		let missing = results.filter((result) => result === undefined).length;
		if (missing === 0) return results as Array<string | RecordError>;
		const queue = queueFor(this.access);
		let isOver = false;
		let stopListening: (() => void) | undefined;
		try {
			await new Promise<void>((resolve, reject) => {
				const fail = (error: unknown) => {
					isOver = true;
					reject(error as Error);
				};
				stopListening = signal && onAbort(signal, () => fail(new CancelledError()));
				for (const [index, { randomKey, ciphertext }] of batch.entries()) {
					if (results[index] !== undefined) continue;
					queue.open({
						body: [randomKey, ciphertext],
						isCancelled: () => isOver,
						settle(result) {
							results[index] = result;
							if (--missing === 0) resolve();
						},
						fail,
					});
				}
			});
		} finally {
			stopListening?.();
		}
		return results as Array<string | RecordError>;
	}

	async check(signal?: AbortSignal): Promise<LibraryFacts> {
		if (signal?.aborted) throw new CancelledError();
		const facts = this.findFacts();
		return await (signal ? abortable(facts, signal) : facts);
	}

	private async ask<T>(
		name: string,
		request: HostRequest,
		signal: AbortSignal | undefined,
		read: (message: HostMessage) => T | undefined,
	): Promise<T> {
		if (signal?.aborted) throw new CancelledError();
		// The library keeps to its own time most often.
		const silenceMs = this.way.timeout * 1000 + librarySettings().graceMs;
		const answer = queueFor(this.access).call(
			async (process) => await process.call(name, request, silenceMs, read),
			() => signal?.aborted ?? false,
		);
		return await (signal ? abortable(answer, signal) : answer);
	}

	/** Of trouble with the network the library does not say where it is: the proxy is asked itself. */
	private async refusal(
		returnCode: number,
		name: string,
		signal?: AbortSignal,
	): Promise<LibraryReturnError> {
		const { proxy, passwd } = this.way;
		if (returnCode !== NETWORK_TROUBLE || proxy === '') {
			return new LibraryReturnError(returnCode, name);
		}
		const asked = askProxy(proxy, passwd);
		const { finding, hint } = await (signal ? abortable(asked, signal) : asked);
		return new LibraryReturnError(returnCode, name, `The proxy ${finding}. ${hint}`);
	}

	private async findFacts(): Promise<LibraryFacts> {
		const operator = operatorSettings();
		const machine = librarySettings().machine();
		const file = await checkLibraryFile(operator, machine);
		const { mode, codes } = await chooseLoadMode(file, operator.mode, machine);
		const { proxy, passwd } = this.way;
		const { platform, arch, libc } = machine;
		const { path, bytes, md5, version } = file;
		return {
			platform,
			arch,
			libc,
			file: path,
			bytes,
			md5,
			...(version === undefined ? {} : { version }),
			mode,
			selfTest: codes,
			...(proxy === '' ? {} : { proxy: (await askProxy(proxy, passwd)).finding }),
		};
	}
}
