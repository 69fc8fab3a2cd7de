import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import type { Marks } from '../../wecom/api/wire';
import type { Archive } from '../shared/credentials';
import { nodePath } from '../shared/n8nInternals';
import { setInAllCopies } from '../shared/position/staticCopies';

/** What the trigger keeps between polls. */
export interface Cursor {
	/** The mark behind the last message that was handed on, as `writeMark` makes it. */
	mark?: string;
	/** Whose messages they are: a mark says nothing about those of another corp. */
	archive?: Archive;
	/**
	 * Milliseconds since 1970 by the clock of this machine; there while the trigger still looks for the
	 * first new message.
	 */
	skipBeforeMs?: number;
}

/** What a cursor is called in n8n's static data, by the kind of its marks: a seq says nothing of a cursor. */
const FIELDS = {
	seq: { mark: 'seq', archive: 'archive', skipBeforeMs: 'skipBeforeMs' },
	cursor: { mark: 'cursor', archive: 'cursorArchive', skipBeforeMs: 'cursorSkipBeforeMs' },
} as const;

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

	/** @param marks what the marks of the archive are */
	constructor(
		private readonly context: IPollFunctions,
		private readonly marks: Marks,
		baseUrl: string | undefined,
	) {
		this.key = `${nodePath(context)}/${marks}`;
		const start = ['startFrom', 'startAfterSeq'].map((name) => context.getNodeParameter(name, ''));
		this.settings = JSON.stringify([baseUrl, ...start]);
	}

	/** Whether a trigger has a cursor in its static data. */
	static isIn(staticData: IDataObject): boolean {
		return Object.values(FIELDS).some(({ mark }) => staticData[mark] !== undefined);
	}

	/** What n8n has saved; nothing where that is of another archive. */
	saved(archive: Archive): Cursor {
		const staticData = this.context.getWorkflowStaticData('node');
		const names = FIELDS[this.marks];
		const saved = {
			mark: staticData[names.mark],
			archive: staticData[names.archive],
			skipBeforeMs: staticData[names.skipBeforeMs],
		} as Cursor;
		return isSame(archive, saved.archive) ? saved : {};
	}

	/**
	 * The cursor to go on from: that of this process, where the saved one is empty or one that it left
	 * behind. A saved one that it never had was changed on purpose, or moved by another process. Other
	 * settings start anew.
	 */
	latest(archive: Archive): Cursor {
		const saved = this.saved(archive);
		this.read = saved.mark;
		const known = reached.get(this.key);
		if (known?.settings !== this.settings || !isSame(archive, known.cursor.archive)) return saved;
		return saved.mark === undefined || known.earlier.has(saved.mark) ? known.cursor : saved;
	}

	/** Keeps it; what stays as it was is not written, for n8n saves what was touched. */
	save(cursor: Cursor): void {
		const { archive, mark, skipBeforeMs } = cursor;
		const before = reached.get(this.key);
		const goesOn =
			before?.settings === this.settings &&
			(this.read === undefined || before.earlier.has(this.read));
		const earlier = new Set(
			[...(goesOn ? before.earlier : []), this.read, mark].slice(-MAX_EARLIER),
		);
		reached.set(this.key, { cursor: { ...cursor }, settings: this.settings, earlier });
		this.read = mark;
		const names = FIELDS[this.marks];
		setInAllCopies(this.context, {
			[names.archive]: archive && { ...archive },
			[names.mark]: mark,
			[names.skipBeforeMs]: skipBeforeMs,
		});
	}
}

/** With an access token alone nobody knows the corp: the same credential is that of the same one. */
function isSame(now: Archive, saved?: Archive): boolean {
	if (!saved) return false;
	return now.corp && saved.corp ? now.corp === saved.corp : now.credential === saved.credential;
}
