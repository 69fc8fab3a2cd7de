import { readMultipart, type ReceivedPart } from '../multipart';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';

const MIN_BYTES = 6;
const MAX_BYTES = 60 * 1024 * 1024;

/** POST /msgaudit/upload_tmp_file (document path 101353). */
export const uploadTmpFile: ApiRoute = {
	method: 'POST',
	path: '/msgaudit/upload_tmp_file',
	token: 'access_token',
	takes: 'file',
	async answer({ uploads }, { query, file }) {
		if (query.type === undefined || query.type === '') throw new Refusal(40063, 'type is missing');
		if (query.type !== 'file') throw new Refusal(40005, 'type must be file');
		if (file === undefined) throw new Refusal(47001, 'the body is not multipart/form-data');
		const part = onlyPart(await readMultipart(file.contentType, file.body));
		const { fileName, contentType } = checkPart(part);
		const { bytes, sha256 } = part;
		const upload = uploads.add({ fileName, contentType, bytes, sha256 });
		return ok({ type: 'file', media_id: upload.mediaId, created_at: String(upload.createdAt) });
	},
};

function onlyPart(parts: readonly ReceivedPart[]): ReceivedPart {
	const other = parts.find(({ parameters }) => parameters.name !== 'media');
	const [media, second] = parts.filter(({ parameters }) => parameters.name === 'media');
	if (media === undefined) throw new Refusal(41005, 'part media');
	if (other !== undefined) throw new Refusal(40058, `unknown part ${other.parameters.name ?? ''}`);
	if (second !== undefined) throw new Refusal(40058, 'part media comes twice');
	return media;
}

function checkPart({ parameters, contentType, bytes }: ReceivedPart) {
	const { filename: fileName, filelength: length } = parameters;
	if (fileName === undefined || fileName === '') throw new Refusal(40063, 'filename is missing');
	if (length === undefined) throw new Refusal(40063, 'filelength is missing');
	if (contentType === undefined) throw new Refusal(40063, 'content-type of media is missing');
	if (length !== String(bytes)) {
		throw new Refusal(40058, `filelength is ${length}, but there are ${bytes} bytes`);
	}
	if (!/^[\w.+-]+\/[\w.+-]+/.test(contentType)) throw new Refusal(40058, 'content-type of media');
	if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
		throw new Refusal(40006, `media must have ${MIN_BYTES} to ${MAX_BYTES} bytes, not ${bytes}`);
	}
	return { fileName, contentType };
}
