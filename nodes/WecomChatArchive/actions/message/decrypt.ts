import type { IDataObject } from 'n8n-workflow';

import { toMessageJson } from '../../../shared/messages/messageItems';
import type { Action } from '../../../shared/run/action';
import { keysNotice } from '../archiveFields';
import { readRecord, recordFields } from './recordFields';
import { zoneRecordIn } from './zoneRecordIn';

/** Decrypts records that came from somewhere else: another node, a queue, a database. */
export const decrypt: Action = {
	option: {
		name: 'Decrypt',
		value: 'decrypt',
		action: 'Decrypt messages',
		description: 'Decrypt archive records in the input items, without a call to WeCom',
	},
	fields: [keysNotice, ...recordFields],

	async atOnce(first) {
		return (await first.decryptor()).atOnce;
	},

	async run(item) {
		const { json: input } = item;
		const simplify = item.simplify();
		const keep = item.optionFlag('includeInputFields', 'Include Input Fields');
		const record = readRecord(item, input);
		// Many may run at once, and each has its turn only after the others.
		while (item.budget.spent) await item.budget.renew();
		const result = await item.decrypt(record);
		while (item.budget.spent) await item.budget.renew();
		const json = toMessageJson(result, simplify, item.zone);
		return keep ? { ...withoutFailure(input), ...json } : json;
	},
};

/** What an earlier try, with other keys, said of the record is no longer so. */
function withoutFailure(input: IDataObject): IDataObject {
	const isZone = zoneRecordIn(input) !== undefined;
	if (input.decrypted !== false && !isZone) return input;
	const { reason: _reason, error: _error, ...others } = input;
	return others;
}
