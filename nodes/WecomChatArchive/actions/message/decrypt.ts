import type { IDataObject } from 'n8n-workflow';

import type { Action } from '../../../shared/action';
import { toMessageJson } from '../../../shared/messageItems';
import { keysNotice } from '../archiveFields';
import { readRecord, recordFields } from './recordFields';

/** Decrypts records that came from somewhere else: another node, a queue, a database. */
export const decrypt: Action = {
	option: {
		name: 'Decrypt',
		value: 'decrypt',
		action: 'Decrypt messages',
		description: 'Decrypt archive records in the input items, without a call to WeCom',
	},
	fields: [keysNotice, ...recordFields],

	async run(context, itemIndex) {
		const input = context.execution.getInputData()[itemIndex]?.json ?? {};
		const simplify = context.simplify(itemIndex);
		const keep = context.optionFlag('includeInputFields', 'Include Input Fields', itemIndex);
		const record = readRecord(context, input, itemIndex);
		const result = await context.decrypt(record, itemIndex);
		if (context.budget.spent) await context.budget.renew();
		const json = toMessageJson(result, simplify, context.zone);
		return keep ? { ...withoutFailure(input), ...json } : json;
	},
};

/** What an earlier try, with other keys, said of the record is no longer so. */
function withoutFailure(input: IDataObject): IDataObject {
	if (input.decrypted !== false) return input;
	const { reason: _reason, error: _error, ...others } = input;
	return others;
}
