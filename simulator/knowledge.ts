import { randomBytes } from 'node:crypto';
import type { Moments } from './moments';
import { Refusal } from './refusal';

/** A document that a knowledge base is to learn. */
export interface NewDocument {
	readonly doc_name: string;
	/** 2 pdf, 4 xlsx, 5 doc, 6 docx, 101 a web page. */
	readonly type: number;
	readonly file_media_id?: string;
	readonly web_url?: string;
}

/** A document of a knowledge base. */
export interface KnownDocument extends NewDocument {
	/** Beyond 2^53. */
	readonly docid: bigint;
	/** 0 learned, 1 failed, 2 being learned. */
	readonly status: 0 | 1 | 2;
}

/** What a knowledge base is called. */
export interface KnowledgeBaseName {
	readonly kbId: string;
	readonly name: string;
}

/** A document when it is learned, or could not be. */
export interface LearnedDocument extends KnowledgeBaseName {
	readonly docid: bigint;
	/** 0 learned, 1 failed. */
	readonly status: 0 | 1;
}

interface Kept {
	readonly document: NewDocument;
	readonly docid: bigint;
	/** Moment (ms) from which it is learned. */
	readonly learnedAt: number;
}

interface Base {
	name: string;
	deleted: boolean;
	documents: Kept[];
}

const MAX_BASES = 1000;
const MAX_DOCUMENTS = 1000;
const FIRST_DOCID = 2n ** 60n + 1n;

/** The knowledge bases that the app made. */
export class KnowledgeBases {
	private readonly bases = new Map<string, Base>();
	private nextDocid = FIRST_DOCID;

	/**
	 * @param seconds - how long a document takes to be learned
	 * @param now - clock in ms
	 * @param moments - when documents are learned
	 * @param onLearned - told of each, when it is
	 */
	constructor(
		private readonly seconds: number,
		private readonly now: () => number,
		private readonly moments: Moments,
		private readonly onLearned: (learned: LearnedDocument) => void,
	) {}

	/** Those that are not deleted, oldest first. */
	get list(): KnowledgeBaseName[] {
		return [...this.bases].flatMap(([kbId, { name, deleted }]) =>
			deleted ? [] : [{ kbId, name }],
		);
	}

	/** Whether there is one with this id, not deleted. */
	has(kbId: string): boolean {
		return this.bases.get(kbId)?.deleted === false;
	}

	/**
	 * Makes one.
	 *
	 * @throws Refusal 790027 when there are 1000, 790026 and 790029 as {@link add}
	 */
	create(name: string, documents: readonly NewDocument[]): { kbId: string; docids: bigint[] } {
		if (this.list.length >= MAX_BASES) throw new Refusal(790027);
		const kbId = `kb${randomBytes(12).toString('hex')}`;
		const base = { name, deleted: false, documents: [] };
		const docids = this.addTo(kbId, base, documents);
		this.bases.set(kbId, base);
		return { kbId, docids };
	}

	/**
	 * Adds documents.
	 *
	 * @returns their docids
	 * @throws Refusal 790026 for more than 1000, 790029 for a web page that is there already
	 */
	add(kbId: string, documents: readonly NewDocument[]): bigint[] {
		return this.addTo(kbId, this.base(kbId), documents);
	}

	/** @throws Refusal 40058 for a docid that is not there, 790028 for all of them */
	remove(kbId: string, docids: readonly bigint[]): void {
		const base = this.base(kbId);
		const unknown = docids.find((id) => !base.documents.some(({ docid }) => docid === id));
		if (unknown !== undefined) throw new Refusal(40058, `docid ${unknown} does not exist`);
		const rest = base.documents.filter(({ docid }) => !docids.includes(docid));
		if (rest.length === 0) throw new Refusal(790028);
		base.documents = rest;
	}

	/** Its name and its documents, oldest first. */
	detail(kbId: string): { name: string; documents: KnownDocument[] } {
		const { name, documents } = this.base(kbId);
		const known = documents.map(({ document, docid, learnedAt }): KnownDocument => {
			return { ...document, docid, status: this.now() < learnedAt ? 2 : outcomeOf(document) };
		});
		return { name, documents: known };
	}

	/** Calls it otherwise. */
	rename(kbId: string, name: string): void {
		this.base(kbId).name = name;
	}

	/** Deletes it. */
	delete(kbId: string): void {
		this.base(kbId).deleted = true;
	}

	/** @throws Refusal 800000 for an unknown id, 790034 for one that was deleted */
	private base(kbId: string): Base {
		const base = this.bases.get(kbId);
		if (base === undefined) throw new Refusal(800000, 'kb_id');
		if (base.deleted) throw new Refusal(790034, 'kb_id');
		return base;
	}

	private addTo(kbId: string, base: Base, documents: readonly NewDocument[]): bigint[] {
		if (base.documents.length + documents.length > MAX_DOCUMENTS) throw new Refusal(790026);
		const urls = [...base.documents.map(({ document }) => document), ...documents].flatMap(
			({ web_url: url }) => url ?? [],
		);
		if (new Set(urls).size < urls.length) throw new Refusal(790029);
		const learnedAt = this.now() + this.seconds * 1000;
		return documents.map((document) => {
			const docid = this.nextDocid++;
			const kept = { document, docid, learnedAt };
			base.documents.push(kept);
			this.moments.at(learnedAt, () => {
				if (base.deleted || !base.documents.includes(kept)) return;
				this.onLearned({ kbId, name: base.name, docid, status: outcomeOf(document) });
			});
			return docid;
		});
	}
}

/** Whether a document can be learned: no web page is at a name that is reserved for none (RFC 2606). */
function outcomeOf({ web_url: url }: NewDocument): 0 | 1 {
	return url !== undefined && new URL(url).hostname.endsWith('.invalid') ? 1 : 0;
}
