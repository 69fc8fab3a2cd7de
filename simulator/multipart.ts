import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { Refusal } from './refusal';

/** One part of a multipart/form-data body; its content is counted, not kept. */
export interface ReceivedPart {
	/** What stands behind `form-data` in Content-Disposition, e.g. name, filename, filelength. */
	readonly parameters: Readonly<Record<string, string>>;
	readonly contentType: string | undefined;
	/** How many. */
	readonly bytes: number;
	/** Of the content, hex. */
	readonly sha256: string;
}

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

const BOUNDARY = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^;\s]+))/i;
const PARAMETER = /;\s*([\w-]+)=(?:"([^"]*)"|([^;\s]*))/g;

/**
 * Reads a multipart/form-data body to its end, however large.
 *
 * @throws Refusal 47001 when it is none, or stops early
 */
export async function readMultipart(
	contentType: string,
	body: Readable,
): Promise<readonly ReceivedPart[]> {
	const match = BOUNDARY.exec(contentType);
	const boundary = match?.[1] ?? match?.[2];
	if (boundary === undefined) throw new Refusal(47001, 'the body is not multipart/form-data');
	try {
		return await readParts(boundary, body);
	} catch {
		throw new Refusal(47001, 'the multipart/form-data body ends early');
	}
}

function readParts(boundary: string, body: Readable): Promise<ReceivedPart[]> {
	const parts: Array<Promise<ReceivedPart>> = [];
	// Not by pipeline(): this parser finishes at the last boundary, before the stream ends.
	return new Promise((resolve, reject) => {
		const dicer = new Dicer({ boundary });
		dicer.on('part', (part) => parts.push(readPart(part)));
		// Comes after an error, too: every part has to be waited for all the same.
		dicer.on('finish', () => void Promise.all(parts).then(resolve, reject));
		dicer.on('error', reject);
		body.on('error', reject);
		body.pipe(dicer);
	});
}

async function readPart(part: Dicer.PartStream): Promise<ReceivedPart> {
	const hash = createHash('sha256');
	let bytes = 0;
	part.on('data', (chunk: Buffer) => {
		hash.update(chunk);
		bytes += chunk.length;
	});
	let header: Headers = {};
	part.on('header', (given) => (header = given as Headers));
	await once(part, 'end');
	return {
		parameters: parametersOf(header['content-disposition']?.[0] ?? ''),
		contentType: header['content-type']?.[0],
		bytes,
		sha256: hash.digest('hex'),
	};
}

function parametersOf(disposition: string): Record<string, string> {
	// The parser hands bytes on as Latin-1; file names are UTF-8.
	const text = Buffer.from(disposition, 'latin1').toString('utf8');
	if (!/^form-data\b/i.test(text)) return {};
	return Object.fromEntries(
		[...text.matchAll(PARAMETER)].map(([, name = '', quoted, bare = '']) => [
			name.toLowerCase(),
			quoted ?? bare,
		]),
	);
}
