import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Program of the processes that hold Tencent's library. */
const PROGRAM = /\/wecom\/library\/host\.js$/;
/** How long a process may take to be gone, milliseconds; the system is busy. */
const GONE_MS = 10_000;
const PAUSE_MS = 10;

/** The processes of the library that a process has started, by their ids. */
export function librariesOf(parent: number): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => isLibrary(pid) && parentOf(pid) === parent);
}

/**
 * Waits until processes of the library are gone.
 *
 * @param withinMs how long at most
 * @returns those that are not gone by then
 */
export async function stillThere(pids: readonly number[], withinMs = GONE_MS): Promise<number[]> {
	const end = Date.now() + withinMs;
	for (;;) {
		const left = pids.filter(isLibrary);
		if (left.length === 0 || Date.now() >= end) return left;
		await setTimeout(PAUSE_MS);
	}
}

/** A figure of `/proc/PID/status` in bytes, `VmRSS` say; 0 for a process that is gone. */
export function memoryOf(pid: number, name: 'VmRSS' | 'VmHWM'): number {
	const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(read(pid, 'status'))?.[1];
	return Number(kilobytes ?? 0) * 1024;
}

/** All that others can see of a process: its arguments, environment, threads, files and what it maps. */
export function visibleOf(pid: number): string {
	const texts = ['cmdline', 'environ', 'comm', 'status', 'limits', 'maps', 'mountinfo'].map(
		(name) => read(pid, name),
	);
	const threads = namesIn(`/proc/${pid}/task`).map((thread) => read(pid, `task/${thread}/comm`));
	const files = namesIn(`/proc/${pid}/fd`).map((file) => linkOf(`/proc/${pid}/fd/${file}`));
	return [...texts, ...threads, ...files, linkOf(`/proc/${pid}/cwd`)].join('\n');
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return '';
	}
}

function isLibrary(pid: number): boolean {
	return PROGRAM.test(read(pid, 'cmdline').split('\0')[1] ?? '');
}

/** Its fields come behind the name in brackets, which may hold anything. */
function parentOf(pid: number): number {
	const stat = read(pid, 'stat');
	return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Empty for a process that is gone. */
function read(pid: number, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, 'utf8');
	} catch {
		return '';
	}
}
