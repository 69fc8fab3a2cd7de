import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import type { Archive } from '../shared/credentials';
import { nodePath } from '../shared/n8nInternals';
import { setInAllCopies } from '../shared/position/staticCopies';

/** What the trigger keeps between polls, in n8n's static data. */
export interface Cursor extends IDataObject {
	/** The last seq that was handed on, as digits. */
	seq?: string;
	/** Whose messages they are: a seq says nothing about those of another corp. */
	archive?: { corp: string; credential: string };
	/**
	 * Milliseconds since 1970 by the clock of this machine; there while the trigger still looks for the
	 * first new message.
	 */
	skipBeforeMs?: number;
}

/** What this process knows of a trigger. */
interface Reached {
	cursor: Cursor;
	/** Settings that say where it started, and at which server. */
	settings: string;
	/** Where copies of the static data may be that are behind, oldest first. */
	earlier: Set<string | undefined>;
}

/** Most earlier places that are known of a trigger. */
const MAX_EARLIER = 1000;

const reached = new Map<string, Reached>();

/**
 * Where the cursor of a trigger is kept: in n8n's static data, over a restart; and in this process,
 * since n8n may register a trigger twice, each time with a copy of the static data of its own.
 */
export class CursorPlace {
	private readonly key: string;
	private readonly settings: string;
	private read?: string | undefined;

	constructor(
		private readonly context: IPollFunctions,
		baseUrl: string | undefined,
	) {
		this.key = nodePath(context);
		const start = ['startFrom', 'startAfterSeq'].map((name) => context.getNodeParameter(name, ''));
		this.settings = JSON.stringify([baseUrl, ...start]);
	}

	/**
	 * The cursor to go on from: that of this process, where the saved one is empty or one that it left
	 * behind. A saved one that it never had was changed on purpose, or moved by another process. Other
	 * settings start anew.
	 */
	latest(archive: Archive, saved: Cursor): Cursor {
		this.read = saved.seq;
		const known = reached.get(this.key);
		if (known?.settings !== this.settings || !isSame(archive, known.cursor.archive)) return saved;
		return saved.seq === undefined || known.earlier.has(saved.seq) ? known.cursor : saved;
	}

	/** Keeps it; what stays as it was is not written, for n8n saves what was touched. */
	save(cursor: Cursor): void {
		const { archive, seq, skipBeforeMs } = cursor;
		const before = reached.get(this.key);
		const goesOn =
			before?.settings === this.settings &&
			(this.read === undefined || before.earlier.has(this.read));
		const earlier = new Set(
			[...(goesOn ? before.earlier : []), this.read, seq].slice(-MAX_EARLIER),
		);
		reached.set(this.key, { cursor: { ...cursor }, settings: this.settings, earlier });
		this.read = seq;
		setInAllCopies(this.context, { archive, seq, skipBeforeMs });
	}
}

/** With an access token alone nobody knows the corp: the same credential is that of the same one. */
export function isSame(now: Archive, saved?: Archive): boolean {
	if (!saved) return false;
	return now.corp && saved.corp ? now.corp === saved.corp : now.credential === saved.credential;
}
