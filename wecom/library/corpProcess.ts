import { CancelledError } from '../errors';
import type { LibraryAccess } from './archiveLibrary';
import type { HostMessage, HostRequest } from './host/protocol';
import { HostEnded, HostProcess, LoadRefused } from './hostProcess';
import { LibraryCrashedError, LibraryReturnError, LibraryUnavailableError } from './libraryErrors';
import { checkLibraryFile, type LibraryFile } from './libraryFile';
import { chooseLoadMode } from './loadMode';
import { librarySettings, operatorSettings } from './settings';

/** So often in a row a process may end without having got on. */
const MAX_ENDS = 3;
/** Init stays on this machine. */
const OPEN_MS = 10_000;

/**
 * The process of one corp: started when it is needed, again when it has ended. The file is looked at
 * each time.
 */
export class CorpProcess {
	/** How many messages in a row each ended a process alone. */
	killers = 0;
	private host: HostProcess | undefined;
	private isOver = false;

	constructor(private readonly access: Pick<LibraryAccess, 'corpId' | 'secret'>) {}

	/**
	 * The process, ready for a call.
	 *
	 * @throws LibraryUnavailableError, LibraryCrashedError where it ends again and again, CancelledError
	 * when it was {@link end ended} for good
	 */
	async ready(): Promise<HostProcess> {
		return await untilItStays('the start', async () => {
			if (this.host?.isAlive) return this.host;
			this.host = undefined;
			return await this.start();
		});
	}

	/**
	 * Makes one call, in a new process where one has ended over it.
	 *
	 * @param name of the function, for errors
	 * @throws as {@link ready}
	 */
	async call<T>(
		name: string,
		request: HostRequest,
		silenceMs: number,
		read: (message: HostMessage) => T | undefined,
	): Promise<T> {
		return await untilItStays(name, async () => {
			const host = await this.ready();
			return await host.ask(request, silenceMs, read);
		});
	}

	/** Ends the process. A later call starts another. */
	async rest(): Promise<void> {
		const { host } = this;
		this.host = undefined;
		await host?.close();
	}

	/** Ends the process for good, in the middle of a call too. */
	async end(): Promise<void> {
		this.isOver = true;
		const { host } = this;
		host?.kill();
		await host?.ended;
	}

	private async start(): Promise<HostProcess> {
		this.refuseWhenOver();
		const operator = operatorSettings();
		const machine = librarySettings().machine();
		const file = await checkLibraryFile(operator, machine);
		const { mode } = await chooseLoadMode(file, operator.mode, machine);
		this.refuseWhenOver();
		const host = await startHost(file, mode);
		const { corpId, secret } = this.access;
		const returnCode = await host.ask({ do: 'open', corpId, secret }, OPEN_MS, (message) =>
			message.is === 'opened' ? message.returnCode : undefined,
		);
		if (this.isOver || returnCode !== 0) await host.close();
		this.refuseWhenOver();
		if (returnCode !== 0) throw new LibraryReturnError(returnCode, 'Init');
		this.host = host;
		return host;
	}

	private refuseWhenOver(): void {
		if (this.isOver) throw new CancelledError();
	}
}

async function startHost(file: LibraryFile, mode: 'plain' | 'isolated'): Promise<HostProcess> {
	try {
		return await HostProcess.start(file.path, mode);
	} catch (error) {
		if (!(error instanceof LoadRefused)) throw error;
		throw new LibraryUnavailableError(
			`${file.path} was loaded before, and cannot be any more: the loader says "${error.message}"`,
		);
	}
}

/** @throws LibraryCrashedError for the third process in a row that ends over the same thing */
async function untilItStays<T>(name: string, work: () => Promise<T>): Promise<T> {
	for (let ends = 1; ; ends++) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof HostEnded)) throw error;
			if (ends >= MAX_ENDS) throw crashed(name, error.how, ends);
		}
	}
}

/**
 * Says that the library does not get on.
 *
 * @param name what it was asked for
 * @param how its last process ended
 * @param times how many did in a row
 */
export function crashed(name: string, how: string, times: number): LibraryCrashedError {
	return new LibraryCrashedError(
		`Tencent's library does not get through ${name}: ${times} processes in a row came to their end over it, the last one ${how}`,
		'Nothing was lost. Try it once more; if it stays, try the other way of loading (WECOM_FINANCE_SDK_LOAD, plain or isolated) or another version of the library.',
	);
}
