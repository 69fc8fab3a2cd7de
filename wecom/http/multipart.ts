import type { Readable } from 'node:stream';

import FormData from 'form-data';

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
 */
export async function toMultipart(file: UploadFile): Promise<Multipart> {
	const content = await file.open();
	const form = new FormData();
	const quoted = (text: string) => `"${text.replace(/["\\\r\n]/g, '_')}"`;
	form.append(file.field, content, {
		knownLength: file.size,
		header: {
			'Content-Disposition': `form-data; name=${quoted(file.field)}; filename=${quoted(file.fileName)}; filelength=${file.size}`,
			'Content-Type': file.contentType.replace(/[\r\n]/g, ''),
		},
	});
	const headers = form.getHeaders({ 'content-length': String(form.getLengthSync()) });
	return { form, headers, content };
}
