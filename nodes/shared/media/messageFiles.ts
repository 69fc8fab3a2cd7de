import type { IBinaryKeyData, IDataObject, INodeProperties } from 'n8n-workflow';

import { optional, parseInput, wholeNumber } from '../../../wecom/api/fields';
import { getMediaPiece } from '../../../wecom/api/media';
import { MEDIA_TYPES } from '../../../wecom/archive/media';
import { MESSAGE_TYPES } from '../../../wecom/archive/messageTypes';
import { messageTypeOptions } from '../messageFields';
import type { ActionOutput } from '../run/action';
import type { Item } from '../run/item';
import { toList } from '../values';
import { FileKeeper, freeField, MEGABYTE, type FileStatus, type KeepLimits } from './fileKeeper';
import { filesIn } from './filesIn';

/** Largest file that can be asked for, in megabytes; far above what WeCom lets people send. */
export const MAX_MEGABYTES = 10_240;
const DEFAULT_MEGABYTES = 20;
const DEFAULT_FILES = 200;
const MAX_FILES = 100_000;

/** Types of messages that are a file, and those that may hold some. */
const WITH_FILES = new Set<string>([...MEDIA_TYPES, 'chatrecord', 'mixed', 'note']);

/** The fields as the user filled them in. */
export interface MediaOptions {
	downloadMedia: string[];
	mediaMaxSize: number;
	mediaMaxFiles: number;
}

/** Which files come along with messages; {@link readMediaWish} reads them. */
export const mediaFields: INodeProperties[] = [
	{
		displayName: 'Download Media',
		name: 'downloadMedia',
		type: 'multiOptions',
		options: messageTypeOptions(MESSAGE_TYPES.filter((type) => WITH_FILES.has(type))),
		default: [],
		description:
			'Download the files of messages of these types, and put them beside the message. A file that cannot be had is told in "files", and the message comes all the same. Tencent Message Archive only.',
	},
	{
		displayName: 'Media Max Files',
		name: 'mediaMaxFiles',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_FILES, numberPrecision: 0 },
		default: DEFAULT_FILES,
		description:
			'How many files are downloaded at most for one input item. The others are told in "files", and Get Media downloads them.',
	},
	{
		displayName: 'Media Max Size (MB)',
		name: 'mediaMaxSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_MEGABYTES, numberPrecision: 0 },
		default: DEFAULT_MEGABYTES,
		description: 'Largest file that is downloaded',
	},
];

/** What somebody wants to have downloaded beside messages. */
export interface MediaWish extends KeepLimits {
	types: ReadonlySet<string>;
}

/**
 * The wish in the media fields; nothing is fetched yet.
 *
 * @returns undefined where no type is chosen
 * @throws InvalidInputError for a field that cannot be used, NotInContractError where the API of the
 * credential has no files
 */
export async function readMediaWish(
	item: Item,
	{ downloadMedia, mediaMaxFiles, mediaMaxSize }: Partial<MediaOptions>,
): Promise<MediaWish | undefined> {
	const types = new Set(toList('Download Media', downloadMedia));
	const megabytes =
		parseInput(optional(wholeNumber(1, MAX_MEGABYTES)), mediaMaxSize, 'Media Max Size (MB)') ??
		DEFAULT_MEGABYTES;
	const maxFiles =
		parseInput(optional(wholeNumber(1, MAX_FILES)), mediaMaxFiles, 'Media Max Files') ??
		DEFAULT_FILES;
	if (types.size === 0) return undefined;
	await item.describe(getMediaPiece, { sdkfileid: 'any' });
	return { types, maxBytes: megabytes * MEGABYTE, maxFiles };
}

/**
 * Messages with their files. No message is left out because of one.
 *
 * @param messages items as Get Many makes them
 * @throws CancelledError
 */
export async function withFiles(
	item: Item,
	messages: readonly IDataObject[],
	wish: MediaWish,
): Promise<ActionOutput[]> {
	const keeper = new FileKeeper(item, wish);
	const missing = new Map<FileStatus, number>();
	const items: ActionOutput[] = [];
	for (const json of messages) {
		const files = wish.types.has(typeOf(json)) ? (filesIn(json) ?? []) : [];
		const binary: IBinaryKeyData = {};
		const entries: IDataObject[] = [];
		for (const file of files) {
			const field = freeField('data', binary);
			const kept = await keeper.keep(file, field);
			if (kept.binary) binary[field] = kept.binary;
			else missing.set(kept.status, (missing.get(kept.status) ?? 0) + 1);
			entries.push(kept.entry);
		}
		items.push({ json: { ...json, files: entries }, binary });
	}
	const summary = summaryOf(missing);
	if (summary !== undefined) item.notices.warn(summary);
	return items;
}

/** The type of a message, simplified or not; empty for a record that was not decrypted. */
function typeOf({ type, message }: IDataObject): string {
	const given = type ?? (message as IDataObject | undefined)?.msgtype;
	return typeof given === 'string' ? given : '';
}

function summaryOf(missing: ReadonlyMap<FileStatus, number>): string | undefined {
	if (missing.size === 0) return undefined;
	const total = [...missing.values()].reduce((sum, count) => sum + count, 0);
	const causes = [...missing].map(([status, count]) => `${count} × ${status.replaceAll('_', ' ')}`);
	return `${total} ${total === 1 ? 'file was' : 'files were'} not downloaded (${causes.join(', ')}). The messages are all here, and "files" says why of each. Get Media downloads single ones, within five days.`;
}
