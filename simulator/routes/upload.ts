import { readMultipart, type ReceivedPart } from '../multipart';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';

const MIN_BYTES = 6;
const MAX_BYTES = 60 * 1024 * 1024;

/** Where files are uploaded, and the errcodes of those that are too small or too large. */
const PLACES = [
	{ contract: 'reference', path: '/msgaudit/upload_tmp_file', errmsg: 'ok', small: 40006, large: 40006 },
	{ contract: 'dataZone', path: '/chatdata/upload_media', errmsg: '', small: 40058, large: 40206 },
	{ contract: 'dataZone', path: '/media/upload', errmsg: '', small: 40058, large: 40206 },
] as const; // prettier-ignore

type Place = (typeof PLACES)[number];

/**
 * The uploads of both contracts (document path 101353), and the ordinary one that templates of
 * exports come by (document path 90253).
 */
export const uploadRoutes: readonly ApiRoute[] = PLACES.map((place) => ({
	contract: place.contract,
	method: 'POST',
	path: place.path,
	token: 'access_token',
	takes: 'file',
	async answer({ uploads }, { query, file }) {
		if (query.type === undefined || query.type === '') throw new Refusal(40063, 'type is missing');
		if (query.type !== 'file') throw new Refusal(40005, 'type must be file');
		if (file === undefined) throw new Refusal(47001, 'the body is not multipart/form-data');
		const part = onlyPart(await readMultipart(file.contentType, file.body));
		const { fileName, contentType } = checkPart(part, place);
		const { bytes, sha256 } = part;
		const { mediaId, createdAt } = uploads.add(
			{ fileName, contentType, bytes, sha256 },
			place.path !== '/media/upload',
		);
		const created_at = String(createdAt);
		return ok({ errmsg: place.errmsg, type: 'file', media_id: mediaId, created_at });
	},
}));

function onlyPart(parts: readonly ReceivedPart[]): ReceivedPart {
	const other = parts.find(({ parameters }) => parameters.name !== 'media');
	const [media, second] = parts.filter(({ parameters }) => parameters.name === 'media');
	if (media === undefined) throw new Refusal(41005, 'part media');
	if (other !== undefined) throw new Refusal(40058, `unknown part ${other.parameters.name ?? ''}`);
	if (second !== undefined) throw new Refusal(40058, 'part media comes twice');
	return media;
}

function checkPart({ parameters, contentType, bytes }: ReceivedPart, { small, large }: Place) {
	const { filename: fileName, filelength: length } = parameters;
	if (fileName === undefined || fileName === '') throw new Refusal(40063, 'filename is missing');
	if (length === undefined) throw new Refusal(40063, 'filelength is missing');
	if (contentType === undefined) throw new Refusal(40063, 'content-type of media is missing');
	if (length !== String(bytes)) {
		throw new Refusal(40058, `filelength is ${length}, but there are ${bytes} bytes`);
	}
	if (!/^[\w.+-]+\/[\w.+-]+/.test(contentType)) throw new Refusal(40058, 'content-type of media');
	if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
		const errcode = bytes < MIN_BYTES ? small : large;
		throw new Refusal(errcode, `media must have ${MIN_BYTES} to ${MAX_BYTES} bytes, not ${bytes}`);
	}
	return { fileName, contentType };
}
