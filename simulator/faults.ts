import { ENDS, type EndsProcess } from './library/seal';
import { Refusal } from './refusal';
import type { ApiRoute } from './routes/api';
import { expiredToken, type TokenKind } from './tokens';

/** What goes wrong. */
export type FaultEffect =
	/** -1, 45009, 42001 (42009 for a suite) although the token is good, 60020 (301042 to the library). */
	| { readonly kind: 'busy' | 'frequency' | 'expired' | 'ip' }
	/** The right answer, `delayMs` later. */
	| { readonly kind: 'slow'; readonly delayMs: number }
	/** The connection is destroyed after the request was read. */
	| { readonly kind: 'cut' }
	/** Right headers with Content-Length, half of the body, then the connection is destroyed. */
	| { readonly kind: 'half' }
	/** HTTP 502 with an HTML page. */
	| { readonly kind: 'http502' }
	/** HTTP 200 with plain text. */
	| { readonly kind: 'nonjson' }
	/** HTTP 200 with an empty body. */
	| { readonly kind: 'empty' }
	/** 301058 whenever the body's `limit` is greater than `maxRecords`. */
	| { readonly kind: 'tooLarge'; readonly maxRecords: number }
	/** Any refusal; `errmsg` is put before hint and link. */
	| { readonly kind: 'errcode'; readonly errcode: number; readonly errmsg?: string }
	/** A call of the library comes back with this return code. */
	| { readonly kind: 'returnCode'; readonly returnCode: number }
	/** A call of the library ends its process. */
	| { readonly kind: 'endsProcess'; readonly how: EndsProcess }
	/** A call of the library gets the right answer with one byte changed. */
	| { readonly kind: 'wrongBytes' };

/** Which requests it happens to. */
export interface FaultScope {
	/** With or without `/cgi-bin`; any API when absent (`expired`: any that takes a token). */
	readonly path?: string;
	/**
	 * How many matching requests are hit: default 1, for `tooLarge` without end. `Infinity` or -1:
	 * without end.
	 */
	readonly times?: number;
	/** How many matching requests pass first; default 0. */
	readonly skip?: number;
}

/** One fault on demand. */
export type Fault = FaultEffect & FaultScope;

/** What of a request decides whether a fault is for it. */
export interface FaultTarget {
	/** Path under `/cgi-bin`. */
	readonly path: string;
	/** The kind of token it takes. */
	readonly token: TokenKind | 'none';
	/** Whether it comes from the library. */
	readonly library: boolean;
	/** `limit` of the body, if it is an integer. */
	readonly limit?: number;
}

const KINDS: ReadonlyArray<Fault['kind']> = [
	'busy',
	'frequency',
	'expired',
	'ip',
	'slow',
	'cut',
	'half',
	'http502',
	'nonjson',
	'empty',
	'tooLarge',
	'errcode',
	'returnCode',
	'endsProcess',
	'wrongBytes',
];

/** What can happen to calls of the library alone. */
const OF_LIBRARY: ReadonlySet<string> = new Set(['returnCode', 'endsProcess', 'wrongBytes']);

interface Pending {
	readonly fault: Fault;
	left: number;
	seen: number;
}

/** The faults that are waiting for their requests. */
export class Faults {
	private pending: Pending[] = [];

	/**
	 * Several faults may wait; a request is hit by at most one, the oldest that is due, and counts for
	 * the `skip` of every one it matches.
	 *
	 * @throws TypeError for an unknown kind or a missing or bad number
	 */
	add(fault: Fault): void {
		if (!KINDS.includes(fault.kind)) throw new TypeError(`unknown fault ${String(fault.kind)}`);
		if (fault.path !== undefined && typeof fault.path !== 'string') {
			throw new TypeError('path must be a string');
		}
		if (fault.kind === 'slow') requireNumber('delayMs', fault.delayMs);
		if (fault.kind === 'tooLarge') requireNumber('maxRecords', fault.maxRecords);
		if (fault.kind === 'errcode' && !Number.isInteger(fault.errcode)) {
			throw new TypeError('errcode must be an integer');
		}
		if (fault.kind === 'returnCode' && !Number.isInteger(fault.returnCode)) {
			throw new TypeError('returnCode must be an integer');
		}
		if (fault.kind === 'endsProcess' && !ENDS.includes(fault.how)) {
			throw new TypeError(`how must be one of ${ENDS.join(', ')}`);
		}
		const times = fault.times ?? (fault.kind === 'tooLarge' ? -1 : 1);
		if (times !== -1) requireNumber('times', times);
		requireNumber('skip', fault.skip ?? 0);
		this.pending.push({ fault, left: times === -1 ? Infinity : times, seen: 0 });
	}

	/** Forgets them all. */
	clear(): void {
		this.pending = [];
	}

	/** The fault that this request is hit by, if any. */
	take(target: FaultTarget): Fault | undefined {
		let taken: Fault | undefined;
		for (const entry of this.pending) {
			if (!matches(entry.fault, target)) continue;
			entry.seen += 1;
			const due = entry.left > 0 && entry.seen > (entry.fault.skip ?? 0);
			if (taken !== undefined || !due) continue;
			taken = entry.fault;
			entry.left -= 1;
		}
		this.pending = this.pending.filter((entry) => entry.left > 0);
		return taken;
	}
}

/** The refusal that a fault stands for, or undefined when it is of another nature. */
export function refusalOf(
	fault: Fault,
	{ token, library }: Pick<ApiRoute, 'token' | 'library'>,
): Refusal | undefined {
	switch (fault.kind) {
		case 'busy':
			return new Refusal(-1);
		case 'frequency':
			return new Refusal(45009);
		case 'expired':
			return expiredToken(token === 'none' ? 'access_token' : token);
		case 'ip':
			return new Refusal(library === true ? 301042 : 60020);
		case 'tooLarge':
			return new Refusal(301058);
		case 'errcode': {
			const refusal = new Refusal(fault.errcode);
			if (fault.errmsg !== undefined) refusal.message = fault.errmsg;
			return refusal;
		}
		default:
			return undefined;
	}
}

function matches(fault: Fault, target: FaultTarget): boolean {
	if (fault.path !== undefined && fault.path.replace(/^\/cgi-bin/, '') !== target.path) {
		return false;
	}
	if (OF_LIBRARY.has(fault.kind) && !target.library) return false;
	if (fault.kind === 'expired') return target.token !== 'none';
	if (fault.kind === 'tooLarge') return (target.limit ?? 0) > fault.maxRecords;
	return true;
}

function requireNumber(name: string, value: unknown): void {
	if (typeof value !== 'number' || !(value >= 0)) {
		throw new TypeError(`${name} must be a number of at least 0`);
	}
}
