import { pipeline, Transform, type Readable } from 'node:stream';

import FormData from 'form-data';

import { InvalidInputError } from '../errors';

/** A file on its way to WeCom, read while it is sent. */
export interface UploadFile {
	/** Part name. */
	field: string;
	fileName: string;
	/** MIME type. */
	contentType: string;
	/** Bytes. */
	size: number;
	/** Opens the content from its beginning; once per attempt. */
	open(): Promise<Readable> | Readable;
}

/** A body that is being read from an open file. */
export interface Multipart {
	form: FormData;
	headers: Record<string, string>;
	/** To be destroyed when the exchange is over, however it ended. */
	content: Readable;
}

/**
 * A multipart/form-data body of one file, as WeCom's upload APIs want it: with `filelength` beside
 * the file name. Source: https://developer.work.weixin.qq.com/document/path/101353
 *
 * @throws InvalidInputError when the file cannot be opened
 */
export async function toMultipart(file: UploadFile): Promise<Multipart> {
	const content = await open(file);
	const form = new FormData();
	const quoted = (text: string) => `"${text.replace(/["\\\r\n]/g, '_')}"`;
	// As text: of an object form-data takes only the headers that it does not set itself.
	const header = [
		`--${form.getBoundary()}`,
		`Content-Disposition: form-data; name=${quoted(file.field)}; filename=${quoted(file.fileName)}; filelength=${file.size}`,
		`Content-Type: ${file.contentType.replace(/[\r\n]/g, '')}`,
		'\r\n',
	].join('\r\n');
	form.append(file.field, content, { knownLength: file.size, header });
	const headers = form.getHeaders({ 'content-length': String(form.getLengthSync()) });
	return { form, headers, content };
}

/**
 * What became of a file whose content broke off while it was sent.
 *
 * @param error of its stream
 */
export function unreadable(error: unknown): InvalidInputError {
	if (error instanceof InvalidInputError) return error;
	const { code = 'unknown' } = error as NodeJS.ErrnoException;
	return new InvalidInputError('file', `"file" could not be read to its end (${code})`);
}

async function open(file: UploadFile): Promise<Readable> {
	try {
		return pipeline(await file.open(), exactly(file.size), () => undefined);
	} catch (error) {
		throw unreadable(error);
	}
}

/** Lets through what is announced: a server waits for missing bytes, and cuts off those too many. */
function exactly(size: number): Transform {
	let bytes = 0;
	const wrong = () => {
		const found = bytes > size ? `more than ${size} bytes` : `${bytes} bytes`;
		const message = `"file" has ${found}, expected ${size} as announced`;
		return new InvalidInputError('file', message, 'Did it change in the meantime? Try again.');
	};
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			if (bytes > size) done(wrong());
			else done(null, chunk);
		},
		flush(done) {
			done(bytes < size ? wrong() : null);
		},
	});
}
