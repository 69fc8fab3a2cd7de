import { INVALID_PARAMETERS } from '../returnCodes';
import type { LoadMode, SelfTestCodes, SelfTestStep } from './host/protocol';
import { HostEnded, HostProcess, LoadRefused } from './hostProcess';
import { LibraryUnavailableError } from './libraryErrors';
import type { LibraryFile } from './libraryFile';
import type { Machine } from './machine';

/** How a library is loaded, and what its self-test answered then. */
export interface LoadChoice {
	mode: LoadMode;
	codes: SelfTestCodes;
}

const MODES: readonly LoadMode[] = ['plain', 'isolated'];
/** Two seconds are the library's own. */
const STEP_MS = 10_000;
const MAX_KEPT = 16;

/** By sha256 of the file and what the operator wants. */
const choices = new Map<string, Promise<LoadChoice>>();

/**
 * Finds the way in which a library goes together with node: each is tried in a process of its own,
 * offline and with made-up values. What was found is kept for the file.
 *
 * @param wanted the operator's choice, whatever the self-test says of others
 * @throws LibraryUnavailableError where none does, saying what became of each
 */
export async function chooseLoadMode(
	file: LibraryFile,
	wanted: string | undefined,
	machine: Machine,
): Promise<LoadChoice> {
	const modes = modesFor(wanted, machine);
	const key = `${file.sha256} ${modes.join()}`;
	let choice = choices.get(key);
	if (!choice) {
		choice = firstThatWorks(file, modes);
		if (choices.size >= MAX_KEPT) choices.clear();
		choices.set(key, choice);
		choice.catch(() => choices.delete(key));
	}
	return await choice;
}

function modesFor(wanted: string | undefined, { platform }: Machine): readonly LoadMode[] {
	const possible = platform === 'win32' ? MODES.slice(0, 1) : MODES;
	if (wanted === undefined) return possible;
	const mode = possible.find((one) => one === wanted);
	if (mode) return [mode];
	throw new LibraryUnavailableError(
		`WECOM_FINANCE_SDK_LOAD can be ${possible.join(' or ')} on this machine`,
		'Leave it out: the self-test chooses.',
	);
}

async function firstThatWorks(file: LibraryFile, modes: readonly LoadMode[]): Promise<LoadChoice> {
	const refusals: string[] = [];
	for (const mode of modes) {
		const outcome = await tryMode(file, mode);
		if (typeof outcome !== 'string') return { mode, codes: outcome };
		refusals.push(`${mode}: ${outcome}`);
	}
	const said = refusals.join('; ');
	throw new LibraryUnavailableError(
		`${file.path} does not pass the self-test (${said})`,
		adviceOn(said),
	);
}

/** @returns the codes, or what is wrong in words */
async function tryMode(file: LibraryFile, mode: LoadMode): Promise<SelfTestCodes | string> {
	let host: HostProcess | undefined;
	let last: SelfTestStep | undefined;
	try {
		host = await HostProcess.start(file.path, mode, true);
		const codes = await host.ask({ do: 'selfTest' }, STEP_MS, (message) => {
			if (message.is === 'trying') last = message.step;
			return message.is === 'tested' ? message.codes : undefined;
		});
		return faultOf(codes) ?? codes;
	} catch (error) {
		if (error instanceof LoadRefused) return `the loader says "${error.message}"`;
		if (!(error instanceof HostEnded)) throw error;
		if (error.isFromOutside) throw endedFromOutside(error);
		const printed = host?.output ? `, printing "${host.output}"` : '';
		return `its process ${error.how}${last ? ` at ${last}` : ''}${printed}`;
	} finally {
		await host?.close();
	}
}

/** It says nothing of the library, and of how to load it. */
function endedFromOutside({ how }: HostEnded): LibraryUnavailableError {
	return new LibraryUnavailableError(
		`The self-test of Tencent's library was interrupted: its process ${how}`,
		'The system ends processes so when memory runs short: give this machine or container more, about 130 MB for each archive.',
	);
}

/** Tencent's builds answer so; measured. */
function faultOf(codes: SelfTestCodes): string | undefined {
	const wrong = Object.entries({
		emptyInit: codes.emptyInit !== 0,
		madeUpInit: codes.madeUpInit === 0,
		garbageBody: codes.garbageBody !== 0,
		limitTooLarge: codes.limitTooLarge === INVALID_PARAMETERS,
	}).flatMap(([step, asExpected]) => (asExpected ? [] : [step]));
	if (wrong.length === 0) return undefined;
	return `it answers ${wrong.map((step) => `${step} with ${codes[step as SelfTestStep]}`).join(', ')}`;
}

function adviceOn(said: string): string {
	if (said.includes('GLIBC')) {
		return 'The glibc of this machine is older than the library needs: use a newer system or image, or an older version of the library.';
	}
	if (said.includes('cannot open shared object file')) {
		return 'The loader names a library that is missing here: install it, or unpack the whole package of Tencent beside it.';
	}
	if (said.includes('undefined symbol')) {
		return "It has the name of Tencent's library but not its functions: take the file from C_sdk of the package, not that for Java.";
	}
	return 'Take another version of the library from document 91774 of developer.work.weixin.qq.com, or run the sidecar in deploy/sidecar.';
}
