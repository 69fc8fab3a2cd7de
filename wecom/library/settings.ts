import process from 'node:process';

import { thisMachine, type Machine } from './machine';

/** What holds for every library in this process. */
export interface LibrarySettings {
	/**
	 * Folders in which no library may lie, their own folders included: those where workflows can write
	 * files.
	 */
	forbiddenFolders: readonly string[];
	/** Program of the library's process. */
	hostFile: string;
	/** After so long without a call the process of a corp ends, milliseconds. */
	idleMs: number;
	/** How much longer than the library's own time one call may take, milliseconds. */
	graceMs: number;
	/** Most processes at the same time. */
	maxProcesses: number;
	/** How long a process works while another corp waits for one, milliseconds. */
	turnMs: number;
	/** What machine this is. */
	machine: () => Machine;
}

const settings: LibrarySettings = {
	forbiddenFolders: [],
	hostFile: require.resolve('./host'),
	idleMs: 60_000,
	graceMs: 5000,
	maxProcesses: 5,
	turnMs: 2000,
	machine: thisMachine,
};

/** The settings as they are now. */
export function librarySettings(): Readonly<LibrarySettings> {
	return settings;
}

/**
 * Changes settings for the whole process.
 *
 * @example
 * configureLibraries({ forbiddenFolders: [folderOfData] });
 */
export function configureLibraries(changes: Partial<LibrarySettings>): void {
	Object.assign(settings, changes);
}

/** What the operator has said. Whoever may say it runs native code as this process. */
export interface OperatorSettings {
	/** Path of the library's file. */
	file: string | undefined;
	/** What its sha256 has to be, hex. */
	sha256: string | undefined;
	/** How it is to be loaded, whatever the self-test chooses. */
	mode: string | undefined;
}

/** Reads the operator's environment. */
export function operatorSettings(): OperatorSettings {
	const { env } = process;
	const said = (name: string) => env[name]?.trim() || undefined;
	return {
		file: said('WECOM_FINANCE_SDK'),
		sha256: said('WECOM_FINANCE_SDK_SHA256')?.toLowerCase(),
		mode: said('WECOM_FINANCE_SDK_LOAD')?.toLowerCase(),
	};
}
