import { performance } from 'node:perf_hooks';

/** How often the same problem is told, milliseconds. */
const REPEATED_AFTER_MS = 60_000;
/** Problems that are remembered. */
const MAX_REMEMBERED = 200;
const MAX_LINE = 600;

/**
 * The log of the sidecar: a line for each start, end and problem, with the time. The same problem
 * comes once a minute at most and says how often it was met. Whoever writes keeps secrets out.
 */
export class SidecarLog {
	private readonly told = new Map<string, { at: number; more: number }>();

	/** @param write takes a line with its end */
	constructor(
		private readonly write: (line: string) => void,
		private readonly now = () => performance.now(),
	) {}

	/** Tells what the sidecar does. */
	info(text: string): void {
		this.line('info', text);
	}

	/** Tells what went wrong. */
	problem(text: string): void {
		const now = this.now();
		const before = this.told.get(text);
		if (before && now - before.at < REPEATED_AFTER_MS) {
			before.more++;
			return;
		}
		if (this.told.size >= MAX_REMEMBERED) this.told.clear();
		this.told.set(text, { at: now, more: 0 });
		this.line('problem', before?.more ? `${text} (${before.more} times more before)` : text);
	}

	private line(level: string, text: string): void {
		// What comes from elsewhere makes no second line and moves no cursor.
		const oneLine = text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').slice(0, MAX_LINE);
		this.write(`${new Date().toISOString()} ${level} ${oneLine}\n`);
	}
}

/**
 * Where an unexpected error came from: its class and the first places of its stack. Its message may
 * hold anything, so it is left out.
 */
export function placesOf(error: unknown): string {
	if (!(error instanceof Error)) return typeof error;
	const { code } = error as NodeJS.ErrnoException;
	const places = (error.stack ?? '').match(/^ {4}at .+$/gm) ?? [];
	const kind = typeof code === 'string' ? `${error.name} ${code}` : error.name;
	return [kind, ...places.slice(0, 3).map((place) => place.trim())].join(' ');
}
