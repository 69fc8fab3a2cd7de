import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

/** A file that was uploaded; its content is not kept. */
export interface Upload {
	readonly mediaId: string;
	readonly fileName: string;
	readonly contentType: string;
	/** How many. */
	readonly bytes: number;
	/** Of the content, hex. */
	readonly sha256: string;
	/** unix seconds. */
	readonly createdAt: number;
}

const LIFE_SECONDS = 3 * 86_400;

/** The files of a corp in the data zone. */
export class Uploads {
	/** All of them, oldest first. */
	readonly list: Upload[] = [];
	private readonly inZone = new Set<string>();

	/** @param now - clock in ms */
	constructor(private readonly now: () => number) {}

	/**
	 * Keeps a file.
	 *
	 * @param inZone - whether APIs of the zone may use it
	 */
	add(file: Omit<Upload, 'mediaId' | 'createdAt'>, inZone: boolean): Upload {
		const mediaId = `m_${randomBytes(32).toString('base64url')}`;
		const upload = { mediaId, ...file, createdAt: this.seconds() };
		this.list.push(upload);
		if (inZone) this.inZone.add(mediaId);
		return upload;
	}

	/**
	 * Accepts a media_id that is good.
	 *
	 * @throws Refusal 40007 for one that was not handed out, 40145 for one older than three days
	 */
	check(mediaId: string): void {
		const upload = this.list.find((one) => one.mediaId === mediaId);
		if (upload === undefined) throw new Refusal(40007, 'media_id');
		if (this.seconds() - upload.createdAt > LIFE_SECONDS) throw new Refusal(40145, 'media_id');
	}

	/**
	 * Accepts a media_id that is good inside the zone.
	 *
	 * @throws Refusal as {@link check}, 40007 too for a file that was not uploaded into the zone
	 */
	checkInZone(mediaId: string): void {
		this.check(mediaId);
		if (!this.inZone.has(mediaId)) throw new Refusal(40007, 'media_id is not of the data zone');
	}

	private seconds(): number {
		return Math.floor(this.now() / 1000);
	}
}
