import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { viewMessage, type MessageView } from './message';
import { innerMessages, MAX_DEPTH } from './messageTypes';
import { asText } from './people';

/** One file of a message, and what the message says of it. */
export interface MediaFile {
	/** What it is fetched with. */
	sdkfileid: string;
	/** Lower-case hexadecimal; none where the message has none. */
	md5?: string;
	/** Its size; none where the message has none. */
	bytes?: number;
	/** With an extension where one is known; safe as a name in a folder, whoever chose it. */
	fileName: string;
	mimeType: string;
	/** `msgtype` of the message, or of the part of it that the file belongs to. */
	type: string;
}

/** What a type of message says of its file. */
interface MediaRule {
	/** Names the field with the size. */
	size?: string;
	/** Without a dot; empty where WeCom documents no format. */
	extension(body: JsonObject): string;
	/** The name that the sender's file has. */
	name?: string;
}

/** By `msgtype`. Source: https://developer.work.weixin.qq.com/document/path/91774 */
const MEDIA_RULES: ReadonlyMap<string, MediaRule> = new Map<string, MediaRule>([
	['image', { size: 'filesize', extension: () => 'jpg' }],
	['voice', { size: 'voice_size', extension: () => 'amr' }],
	['video', { size: 'filesize', extension: () => 'mp4' }],
	['emotion', { size: 'imagesize', extension: ({ type }) => (Number(type) === 1 ? 'gif' : 'png') }],
	['file', { size: 'filesize', name: 'filename', extension: ({ fileext }) => asText(fileext) }],
	['meeting_voice_call', { extension: () => '' }],
	['voip_doc_share', { size: 'filesize', name: 'filename', extension: () => '' }],
]);

/** Every type of message that is a file; mixed, forwarded and note messages may hold some. */
export const MEDIA_TYPES: readonly string[] = [...MEDIA_RULES.keys()];

/** MIME types of what people send, by extension. */
const MIME_TYPES: ReadonlyMap<string, string> = new Map([
	['7z', 'application/x-7z-compressed'],
	['aac', 'audio/aac'],
	['amr', 'audio/amr'],
	['avi', 'video/x-msvideo'],
	['bmp', 'image/bmp'],
	['csv', 'text/csv'],
	['doc', 'application/msword'],
	['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
	['gif', 'image/gif'],
	['gz', 'application/gzip'],
	['heic', 'image/heic'],
	['htm', 'text/html'],
	['html', 'text/html'],
	['jpeg', 'image/jpeg'],
	['jpg', 'image/jpeg'],
	['json', 'application/json'],
	['m4a', 'audio/mp4'],
	['md', 'text/markdown'],
	['mov', 'video/quicktime'],
	['mp3', 'audio/mpeg'],
	['mp4', 'video/mp4'],
	['pdf', 'application/pdf'],
	['png', 'image/png'],
	['ppt', 'application/vnd.ms-powerpoint'],
	['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
	['rar', 'application/vnd.rar'],
	['rtf', 'application/rtf'],
	['tar', 'application/x-tar'],
	['txt', 'text/plain'],
	['wav', 'audio/wav'],
	['webp', 'image/webp'],
	['xls', 'application/vnd.ms-excel'],
	['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
	['xml', 'application/xml'],
	['zip', 'application/zip'],
]);

const UNKNOWN_MIME_TYPE = 'application/octet-stream';
/** Most bytes of a file name; file systems take 255, and a user may put something before it. */
const MAX_NAME_BYTES = 200;
/** What Windows takes for a device, whatever its extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The files of a decrypted message, those inside of mixed, forwarded and note messages included; a
 * file that comes twice is given once.
 *
 * @param message the decrypted JSON object
 * @returns in the order of the message; none for a message without files
 * @example mediaOf({ msgid: 'm1', msgtype: 'image', image: { sdkfileid: 'CtYB…', filesize: 2048 } })
 * // [{ sdkfileid: 'CtYB…', bytes: 2048, fileName: 'image-m1.jpg', mimeType: 'image/jpeg', type: 'image' }]
 */
export function mediaOf(message: JsonObject): MediaFile[] {
	return mediaOfView(viewMessage(message));
}

/** The files of a message as {@link mediaOf} gives them, by the view of it. */
export function mediaOfView({
	msgid,
	type,
	body,
}: Pick<MessageView, 'msgid' | 'type' | 'body'>): MediaFile[] {
	const files = new Map<string, MediaFile>();
	const take = (type: string, body: JsonValue | undefined, depth: number): void => {
		if (!isJsonObject(body)) return;
		const file = fileOf(
			type,
			body,
			`${type}-${msgid}${files.size > 0 ? `-${files.size + 1}` : ''}`,
		);
		if (file && !files.has(file.sdkfileid)) files.set(file.sdkfileid, file);
		if (depth >= MAX_DEPTH) return;
		for (const inner of innerMessages(type, body)) take(inner.type, inner.body, depth + 1);
	};
	take(type, body, 0);
	return [...files.values()];
}

/**
 * What a file is saved as.
 *
 * @param fileName as somebody gave it, perhaps with a path or characters that no file system takes
 * @returns a safe name, never empty, and the MIME type that goes with its extension
 */
export function fileFacts(fileName: string): Pick<MediaFile, 'fileName' | 'mimeType'> {
	const safe = safeName(fileName);
	const extension = extensionOf(safe);
	return { fileName: safe, mimeType: MIME_TYPES.get(extension) ?? UNKNOWN_MIME_TYPE };
}

/** @param ownName of a file that the sender gave no name */
function fileOf(type: string, body: JsonObject, ownName: string): MediaFile | undefined {
	const rule = MEDIA_RULES.get(type);
	const sdkfileid = asText(body.sdkfileid);
	if (!rule || sdkfileid === '') return undefined;
	const md5 = asText(body.md5sum).trim().toLowerCase();
	const size = rule.size === undefined ? NaN : Number(asText(body[rule.size]) || NaN);
	const given = rule.name === undefined ? '' : asText(body[rule.name]).trim();
	const name = given === '' ? ownName : given;
	const extension = rule.extension(body).replace(/^\./, '');
	const isNamed = extension === '' || extensionOf(name) === extension.toLowerCase();
	return {
		sdkfileid,
		...(/^[0-9a-f]{32}$/.test(md5) ? { md5 } : {}),
		...(Number.isSafeInteger(size) && size > 0 ? { bytes: size } : {}),
		...fileFacts(isNamed ? name : `${name}.${extension}`),
		type,
	};
}

/** Somebody outside the corp chose it: neither a path, nor a hidden file, nor a device, on any system. */
function safeName(name: string): string {
	const plain = name.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/gu, '_').normalize();
	const safe = withoutEdges(shortened(withoutEdges(plain))) || 'file';
	return WINDOWS_DEVICE.test(safe) ? `_${safe}` : safe;
}

/** Takes dots and blanks off both ends; of a regular expression many of them would take minutes. */
function withoutEdges(name: string): string {
	let start = 0;
	let end = name.length;
	while (start < end && isEdge(name.charAt(start))) start++;
	while (start < end && isEdge(name.charAt(end - 1))) end--;
	return name.slice(start, end);
}

function isEdge(character: string): boolean {
	return character === '.' || character.trim() === '';
}

/** Cuts what is before the extension. */
function shortened(name: string): string {
	if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
	const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
	const bytes = MAX_NAME_BYTES - Buffer.byteLength(extension);
	const start = Buffer.from(name).subarray(0, bytes).toString().replace(/�+$/, '');
	return start + extension;
}

function extensionOf(name: string): string {
	return /\.([^.]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
