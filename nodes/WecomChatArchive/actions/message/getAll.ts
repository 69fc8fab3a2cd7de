import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { getChatData } from '../../../../wecom/api/archive';
import { parseInput, wholeNumber } from '../../../../wecom/api/fields';
import { MAX_PAGE_SIZE } from '../../../../wecom/archive/pull';
import { parseSeq } from '../../../../wecom/archive/seq';
import { toFetchPage, type FetchOptions } from '../../../shared/fetchPage';
import { listFields, optionsOf, simplifyField } from '../../../shared/fields';
import { fetchFields, filterFields } from '../../../shared/messageFields';
import { FailureCount, toFilter, type FilterOptions } from '../../../shared/messageItems';
import { fromRememberedPosition } from '../../../shared/position';
import { pullMessages, type MessageBatch } from '../../../shared/pullMessages';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { archiveNotice, keysNotice } from '../archiveFields';

type Options = FetchOptions & FilterOptions;

interface Pulled {
	items: IDataObject[];
	nextSeq: bigint;
	stoppedEarly: boolean;
}

const rememberPositionField: INodeProperties = {
	displayName: 'Remember Position',
	name: 'rememberPosition',
	type: 'boolean',
	default: false,
	description:
		'Whether to go on where the last production execution of this node stopped, so that every message comes once. Manual runs start after the given seq and move nothing.',
};

/** Pulls archived messages after a seq, decrypted. Reference document 4.1. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many messages',
		description: 'Pull archived messages in order of seq and decrypt them',
	},
	api: getChatData,
	fields: [
		archiveNotice,
		{ ...keysNotice, displayOptions: { show: { decrypt: [true] } } },
		{
			displayName: 'Start After Seq',
			name: 'startAfterSeq',
			type: 'string',
			default: '0',
			placeholder: 'e.g. 1024',
			description:
				'Messages after this seq are returned. 0 starts at the oldest message WeCom still keeps (5 days).',
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
			...optionsOf(...fetchFields, ...filterFields, rememberPositionField),
			displayOptions: { show: { decrypt: [true] } },
		},
		{
			...optionsOf(...fetchFields, rememberPositionField),
			displayOptions: { show: { decrypt: [false] } },
		},
	],

	async run(item) {
		const startAfter = parseSeq(item.param('startAfterSeq'), 'Start After Seq');
		let failures = new FailureCount();
		const startPull = () => {
			failures = new FailureCount();
			let items = 0;
			return async (afterSeq: bigint, upTo?: bigint) => {
				const result = await collect(item, { afterSeq, upTo, items }, failures);
				items += result.items.length;
				if (upTo !== undefined && result.items.length > 0) {
					item.notices.hint(
						`The messages after seq ${afterSeq} up to ${result.nextSeq} were taken by an execution that did not hand them on: here they are again.`,
					);
				}
				const { nextSeq, stoppedEarly } = result;
				return { result, nextSeq, stoppedEarly };
			};
		};
		const pulls = item.optionFlag('rememberPosition', 'Remember Position')
			? await fromRememberedPosition(await item.positionOwner(), startAfter, startPull)
			: [(await startPull()(startAfter)).result];
		const pulled: Pulled = { items: [], nextSeq: startAfter, stoppedEarly: false };
		for (const one of pulls) append(pulled, one);
		explain(item, pulled, failures);
		return pulled.items;
	},
};

async function collect(
	item: Item,
	{ afterSeq, upTo, items }: { afterSeq: bigint; upTo: bigint | undefined; items: number },
	failures: FailureCount,
): Promise<Pulled> {
	const options = item.options<Options>();
	const decrypt = item.flag('decrypt', 'Decrypt');
	const { zone } = item;
	const filter = decrypt ? toFilter(options, zone) : undefined;
	const batches = pullMessages({
		fetchPage: toFetchPage(async (operation, input) => await item.call(operation, input), options),
		afterSeq,
		upTo,
		pageSize: parseInput(
			wholeNumber(1, MAX_PAGE_SIZE),
			options.pageSize ?? MAX_PAGE_SIZE,
			'Page Size',
		),
		limit: item.limit() - items,
		...(decrypt ? { decryptor: await item.decryptor() } : {}),
		...(filter ? { filter } : {}),
		simplify: decrypt && item.simplify(),
		zone,
		failures,
		budget: item.budget,
		...(item.signal ? { signal: item.signal } : {}),
	});
	const pulled: Pulled = { items: [], nextSeq: afterSeq, stoppedEarly: false };
	for await (const batch of batches) append(pulled, batch);
	return pulled;
}

function append(pulled: Pulled, batch: MessageBatch): void {
	for (const item of batch.items) pulled.items.push(item);
	pulled.nextSeq = batch.nextSeq;
	pulled.stoppedEarly = batch.stoppedEarly;
}

function explain(item: Item, pulled: Pulled, failures: FailureCount): void {
	if (pulled.items.length === 0) {
		item.notices.hint(
			`No messages after seq ${pulled.nextSeq}. Either there is nothing new, or the members are not in the archive scope, the customers have not agreed, no public key was set when they wrote, or a filter in Options removed them.`,
		);
	}
	if (pulled.stoppedEarly) {
		item.notices.hint(
			`Stopped at the limit. Set Start After Seq to ${pulled.nextSeq} to go on, or turn on Return All.`,
		);
	}
	if (failures.summary) item.notices.warn(failures.summary);
}
