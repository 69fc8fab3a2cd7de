import process from 'node:process';

import * as koffi from 'koffi';

// Numbers of the kernel's interface, the same on x86-64 and arm64.
const PR_SET_PDEATHSIG = 1;
const PR_SET_DUMPABLE = 4;
const RLIMIT_CORE = 4;
const SIGKILL = 9;

/**
 * Protects the process before it holds anything secret: it goes when its parent goes, even while the
 * library hangs, leaves no core file, and cannot be traced. Linux alone; elsewhere it does nothing.
 *
 * @returns what could not be turned on
 */
export function protectProcess(): string[] {
	if (process.platform !== 'linux') return [];
	const libc = koffi.load(null);
	const prctl = libc.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)');
	const limit = koffi.struct({ soft: 'uint64_t', hard: 'uint64_t' });
	const setrlimit = libc.func('setrlimit', 'int', ['int', koffi.pointer(limit)]);
	const measures: Record<string, () => number> = {
		PR_SET_PDEATHSIG: () => prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) as number,
		PR_SET_DUMPABLE: () => prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) as number,
		RLIMIT_CORE: () => setrlimit(RLIMIT_CORE, { soft: 0, hard: 0 }) as number,
	};
	return Object.entries(measures).flatMap(([name, turnOn]) => (turnOn() === 0 ? [] : [name]));
}
