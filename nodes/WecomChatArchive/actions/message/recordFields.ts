import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { parseInput, text } from '../../../../wecom/api/fields';
import type { EncryptedRecord } from '../../../../wecom/archive/record';
import { InvalidInputError } from '../../../../wecom/errors';
import { simplifyField } from '../../../shared/fields';
import type { Item } from '../../../shared/run/item';
import { zoneRecordIn } from './zoneRecordIn';

/** Where in an input item an encrypted record is; {@link readRecord} reads them. */
export const recordFields: INodeProperties[] = [
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
];

/** The name of an input field, or a path to it. */
const fieldName = () => text({ maxBytes: 1024 });

/**
 * The record in an input item; one of the data zone whatever the fields are called.
 *
 * @throws InvalidInputError when the item has nothing in the named fields, or no name is given
 */
export function readRecord(item: Item, input: IDataObject): EncryptedRecord {
	const ofZone = zoneRecordIn(input);
	if (ofZone) return ofZone;
	const options = item.options<{ seqField: string; msgidField: string }>();
	const nameIn = (name: string, label: string) => parseInput(fieldName(), item.param(name), label);
	const keyField = nameIn('encryptRandomKeyField', 'Encrypted Random Key Field');
	const messageField = nameIn('encryptChatMsgField', 'Encrypted Message Field');
	const versionField = nameIn('publickeyVerField', 'Key Version Field');
	const record: EncryptedRecord = {
		seq: valueAt(input, parseInput(fieldName(), options.seqField ?? 'seq', 'Seq Field')),
		msgid: valueAt(
			input,
			parseInput(fieldName(), options.msgidField ?? 'msgid', 'Message ID Field'),
		),
		publickey_ver: valueAt(input, versionField),
		encrypt_random_key: valueAt(input, keyField),
		encrypt_chat_msg: valueAt(input, messageField),
	};
	if (record.encrypt_random_key !== undefined || record.encrypt_chat_msg !== undefined) {
		return record;
	}
	throw new InvalidInputError(
		'Encrypted Random Key Field',
		`The input item has neither "${keyField}" nor "${messageField}"`,
		`Its fields are: ${Object.keys(input).slice(0, 20).join(', ') || 'none'}. Enter the names of the fields that hold the encrypted record.`,
	);
}

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
