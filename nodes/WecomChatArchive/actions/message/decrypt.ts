import type { IDataObject } from 'n8n-workflow';

import type { EncryptedRecord } from '../../../../wecom/archive/record';
import { InvalidInputError } from '../../../../wecom/errors';
import type { Action } from '../../../shared/action';
import { simplifyField } from '../../../shared/fields';
import { toMessageJson } from '../../../shared/messageItems';
import { keysNotice } from '../archiveFields';

/** Decrypts records that came from somewhere else: another node, a queue, a database. */
export const decrypt: Action = {
	option: {
		name: 'Decrypt',
		value: 'decrypt',
		action: 'Decrypt messages',
		description: 'Decrypt archive records in the input items, without a call to WeCom',
	},
	fields: [
		keysNotice,
		{
			displayName: 'Encrypted Random Key Field',
			name: 'encryptRandomKeyField',
			type: 'string',
			default: 'encrypt_random_key',
			required: true,
			placeholder: 'e.g. record.encrypt_random_key',
			description: 'Input field that holds encrypt_random_key; dots lead into objects',
			hint: 'The name of the field, not its value',
		},
		{
			displayName: 'Encrypted Message Field',
			name: 'encryptChatMsgField',
			type: 'string',
			default: 'encrypt_chat_msg',
			required: true,
			placeholder: 'e.g. record.encrypt_chat_msg',
			description: 'Input field that holds encrypt_chat_msg',
		},
		{
			displayName: 'Key Version Field',
			name: 'publickeyVerField',
			type: 'string',
			default: 'publickey_ver',
			required: true,
			placeholder: 'e.g. record.publickey_ver',
			description: 'Input field that holds publickey_ver',
		},
		simplifyField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Include Input Fields',
					name: 'includeInputFields',
					type: 'boolean',
					default: false,
					description: 'Whether to put the other fields of the input item beside the message',
				},
				{
					displayName: 'Message ID Field',
					name: 'msgidField',
					type: 'string',
					default: 'msgid',
					placeholder: 'e.g. record.msgid',
					description: 'Input field that holds msgid',
				},
				{
					displayName: 'Seq Field',
					name: 'seqField',
					type: 'string',
					default: 'seq',
					placeholder: 'e.g. record.seq',
					description: 'Input field that holds seq',
				},
			],
		},
	],

	async run(context, itemIndex) {
		const options = context.options<{
			seqField: string;
			msgidField: string;
		}>(itemIndex);
		const input = context.execution.getInputData()[itemIndex]?.json ?? {};
		const record: EncryptedRecord = {
			seq: valueAt(input, options.seqField ?? 'seq'),
			msgid: valueAt(input, options.msgidField ?? 'msgid'),
			publickey_ver: valueAt(input, context.param('publickeyVerField', itemIndex)),
			encrypt_random_key: valueAt(input, context.param('encryptRandomKeyField', itemIndex)),
			encrypt_chat_msg: valueAt(input, context.param('encryptChatMsgField', itemIndex)),
		};
		if (record.encrypt_random_key === undefined && record.encrypt_chat_msg === undefined) {
			throw new InvalidInputError(
				'Encrypted Random Key Field',
				`The input item has neither "${context.param('encryptRandomKeyField', itemIndex)}" nor "${context.param('encryptChatMsgField', itemIndex)}"`,
				`Its fields are: ${Object.keys(input).slice(0, 20).join(', ') || 'none'}. Enter the names of the fields that hold the encrypted record.`,
			);
		}
		const result = (await context.decryptor()).decrypt(record);
		if (context.budget.spent) await context.budget.renew();
		const json = toMessageJson(
			result,
			context.simplify(itemIndex),
			context.execution.getTimezone(),
		);
		return context.optionFlag('includeInputFields', 'Include Input Fields', itemIndex)
			? { ...input, ...json }
			: json;
	},
};

function valueAt(input: IDataObject, path: string): unknown {
	if (Object.hasOwn(input, path)) return input[path];
	return path
		.split('.')
		.reduce<unknown>(
			(value, name) =>
				typeof value === 'object' && value !== null && Object.hasOwn(value, name)
					? (value as IDataObject)[name]
					: undefined,
			input,
		);
}
