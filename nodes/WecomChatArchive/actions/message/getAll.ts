import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { getChatData } from '../../../../wecom/api/archive';
import { parseInput, wholeNumber } from '../../../../wecom/api/fields';
import type { Marks } from '../../../../wecom/api/wire';
import { MAX_PAGE_SIZE } from '../../../../wecom/archive/pull';
import { listFields, optionsOf, simplifyField } from '../../../shared/fields';
import {
	fetchFields,
	filterFields,
	zoneFetchFields,
	zoneTextNotice,
} from '../../../shared/messageFields';
import { archiveFeed, wayOf, type FetchOptions } from '../../../shared/messages/archiveFeed';
import { FailureCount, toFilter, type FilterOptions } from '../../../shared/messages/messageItems';
import {
	mediaFields,
	readMediaWish,
	withFiles,
	type MediaOptions,
} from '../../../shared/media/messageFiles';
import { pullMessages, type PullSettings } from '../../../shared/messages/pullMessages';
import { toStartMark } from '../../../shared/messages/startMark';
import type { Range } from '../../../shared/position/feed';
import { writeMark } from '../../../shared/position/markText';
import { Position, type Pull } from '../../../shared/position/position';
import { joined } from '../../../shared/position/ranges';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { archiveNotice, keysNotice } from '../archiveFields';

type Options = FetchOptions & FilterOptions & MediaOptions;

const rememberPositionField: INodeProperties = {
	displayName: 'Remember Position',
	name: 'rememberPosition',
	type: 'boolean',
	default: false,
	description:
		'Whether to go on where the last production execution of this node stopped, so that every message comes once. Manual runs start after the given seq and move nothing.',
};

/** Pulls archived messages after a position, decrypted. Reference document 4.1; document 101365. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many messages',
		description: 'Pull archived messages in order and decrypt them',
	},
	api: getChatData,
	fields: [
		archiveNotice,
		zoneTextNotice,
		{ ...keysNotice, displayOptions: { show: { decrypt: [true] } } },
		{
			displayName: 'Start After Seq',
			name: 'startAfterSeq',
			type: 'string',
			default: '0',
			placeholder: 'e.g. 1024',
			description:
				'Messages after this seq are returned. 0 starts at the oldest message WeCom still keeps (5 days). With Tencent Data Zone it is a position that a hint of this node gave, or a cursor of WeCom.',
		},
		...listFields,
		{
			displayName: 'Decrypt',
			name: 'decrypt',
			type: 'boolean',
			default: true,
			description:
				'Whether to decrypt the messages with the private keys of the credential. Otherwise the records come out as WeCom sent them.',
		},
		{ ...simplifyField, displayOptions: { show: { decrypt: [true] } } },
		{
			...optionsOf(
				...fetchFields,
				...zoneFetchFields,
				...filterFields,
				...mediaFields,
				rememberPositionField,
			),
			displayOptions: { show: { decrypt: [true] } },
		},
		{
			...optionsOf(...fetchFields, ...zoneFetchFields, rememberPositionField),
			displayOptions: { show: { decrypt: [false] } },
		},
	],

	async run(item) {
		const marks = await item.marksOf(getChatData);
		const startAfter = toStartMark(item.param('startAfterSeq'), marks);
		const settings = await settingsOf(item, marks);
		const media = settings.decryptor && (await readMediaWish(item, item.options<Options>()));
		const pull: Pull = (stretches) => pullMessages(settings, stretches);
		const batches = item.optionFlag('rememberPosition', 'Remember Position')
			? new Position(await item.positionOwner(), settings.feed.kind).batches(pull, startAfter)
			: pull([{ from: startAfter }]);
		const items: IDataObject[] = [];
		const again: Range[] = [];
		const failures = new FailureCount();
		let end = startAfter;
		let stoppedEarly = false;
		for await (const batch of batches) {
			for (const json of batch.items) items.push(json);
			if (batch.isAgain && batch.items.length > 0) again.push(batch);
			failures.addAll(batch.failures);
			({ to: end, stoppedEarly } = batch);
		}
		for (const range of joined(again)) {
			item.notices.hint(
				`${wordsFor(range, marks)} taken by an execution that did not hand them on: here they are again.`,
			);
		}
		if (items.length === 0) {
			const position = marks === 'seq' ? `seq ${end.ordinal}` : 'this position';
			item.notices.hint(
				`No messages after ${position}. Either there is nothing new, or the members are not in the archive scope, the customers have not agreed, no public key was set when they wrote, or a filter in Options removed them.`,
			);
		}
		if (stoppedEarly) {
			item.notices.hint(
				`Stopped at the limit. Set Start After Seq to ${writeMark(end)} to go on, or turn on Return All.`,
			);
		}
		if (failures.summary) item.notices.warn(failures.summary);
		return media ? await withFiles(item, items, media) : items;
	},
};

/** The messages of a range, to begin a sentence with. */
function wordsFor({ from, to }: Range, marks: Marks): string {
	if (marks === 'seq') return `The messages after seq ${from.ordinal} up to ${to.ordinal} were`;
	const count = to.ordinal - from.ordinal;
	return count === 1n ? 'A message was' : `${count} messages were`;
}

async function settingsOf(item: Item, marks: Marks): Promise<PullSettings> {
	const options = item.options<Options>();
	const decrypt = item.flag('decrypt', 'Decrypt');
	const { zone, budget, signal } = item;
	const filter = decrypt ? toFilter(options, zone) : undefined;
	return {
		feed: archiveFeed(
			marks,
			async (operation, input) => await item.call(operation, input),
			options,
			(hint) => item.notices.hint(hint),
		),
		pageSize: parseInput(
			wholeNumber(1, MAX_PAGE_SIZE),
			options.pageSize ?? MAX_PAGE_SIZE,
			'Page Size',
		),
		limit: item.limit(),
		...(decrypt ? { decryptor: await item.decryptor(item.corp, wayOf(options)) } : {}),
		...(filter ? { filter } : {}),
		simplify: decrypt && item.simplify(),
		zone,
		budget,
		...(signal ? { signal } : {}),
	};
}
