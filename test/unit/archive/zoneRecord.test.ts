import { KeyRing } from '../../../wecom/archive/keyRing';
import {
	messageTypeNumber,
	messageTypeOf,
	MESSAGE_TYPES,
} from '../../../wecom/archive/messageTypes';
import { RecordDecryptor, type EncryptedRecord } from '../../../wecom/archive/record';
import { isZoneRecord, viewZoneRecord } from '../../../wecom/archive/zoneRecord';
import { leakOf, newRsaKey, sealRecord, wrapRandomKey, type TestKey } from '../support/archive';

const SECRET_KEY = 'VjTXhQ5lVwq1mDQt0oZl2pZc2yWbTg9a';
/** Source: the example of document 101365. */
const RECORD = {
	msgid: 'msg1',
	sender: { type: 1, id: 'woUser1' },
	receiver_list: [{ type: 2, id: 'wmCust1' }],
	send_time: 1_730_000_000,
	msgtype: 1,
};

let first: TestKey;
let second: TestKey;
let decryptor: RecordDecryptor;

beforeAll(() => {
	first = newRsaKey();
	second = newRsaKey();
	decryptor = new RecordDecryptor(
		new KeyRing([
			{ version: 1, key: first.pkcs8 },
			{ version: 2, key: second.pkcs8 },
		]),
	);
});

const sealed = (key: TestKey, version: unknown, changes: object = {}): EncryptedRecord => ({
	...RECORD,
	service_encrypt_info: {
		encrypted_secret_key: wrapRandomKey(key, SECRET_KEY),
		public_key_ver: version,
	},
	...changes,
});

describe('a record of the data zone', () => {
	it.each([
		['1', () => sealed(first, 1)],
		['2', () => sealed(second, 2)],
		['2, as digits', () => sealed(second, '2')],
	])('gives its key with the private key of version %s', async (_version, make) => {
		const record = make();
		expect(await decryptor.decrypt(record)).toEqual({
			state: 'sealed',
			record,
			secretKey: SECRET_KEY,
			view: {
				msgid: 'msg1',
				action: 'send',
				from: 'woUser1',
				to: ['wmCust1'],
				room: '',
				chatId: 'wmCust1',
				timeMs: 1_730_000_000_000,
				type: 'text',
				body: {},
			},
		});
	});

	it.each<[string, string, () => EncryptedRecord, RegExp]>([
		['without any key', 'malformed_record', () => RECORD, /service_encrypt_info is missing/],
		[
			'with a text in place of its key',
			'malformed_record',
			() => sealed(first, 1, { service_encrypt_info: 'x' }),
			/service_encrypt_info is of type string/,
		],
		[
			'without a key version',
			'malformed_record',
			() => sealed(first, undefined),
			/public_key_ver is missing, expected a whole number/,
		],
		[
			'with an empty key',
			'malformed_record',
			() =>
				sealed(first, 1, { service_encrypt_info: { public_key_ver: 1, encrypted_secret_key: '' } }),
			/encrypted_secret_key is missing, expected base64 text \(key version 1\)/,
		],
		[
			'whose key is cut short',
			'malformed_record',
			() =>
				sealed(first, 1, {
					service_encrypt_info: { public_key_ver: 1, encrypted_secret_key: 'QUJD' },
				}),
			/encrypted_secret_key holds 3 bytes, expected 256/,
		],
		['of a version that is not there', 'missing_key_version', () => sealed(first, 3), /version 3/],
		[
			'of another key than the version says',
			'wrong_private_key',
			() => sealed(first, 2),
			/does not open encrypted_secret_key/,
		],
	])('%s is reported as %s', async (_what, reason, make, words) => {
		const record = make();
		const result = await decryptor.decrypt(record);
		expect(result).toMatchObject({ state: 'failed', record, reason });
		const { explanation } = result as { explanation: string };
		expect(explanation).toMatch(words);
		for (const { pkcs8 } of [first, second]) expect(leakOf(explanation, pkcs8)).toBeUndefined();
		expect(explanation).not.toContain(SECRET_KEY);
	});

	it('is told from one of the reference', () => {
		expect(isZoneRecord(sealRecord(first, { msgid: '1' }))).toBe(false);
		expect(isZoneRecord({ ...sealRecord(first, {}), sender: 'x' })).toBe(false);
		expect(isZoneRecord({ msgid: '1' })).toBe(false);
		expect(isZoneRecord(RECORD)).toBe(true);
		expect(isZoneRecord({ service_encrypt_info: null })).toBe(true);
	});

	it('is viewed by its group, its call and what is new in it, never with a text', () => {
		const view = viewZoneRecord({
			...RECORD,
			chatid: 'wrRoom1',
			msgtype: 22,
			extra_info: { call_duration: 10 },
			text: { content: 'never there' },
			something_new: 5,
		} as EncryptedRecord);
		expect(view).toMatchObject({ room: 'wrRoom1', chatId: 'wrRoom1', type: 'voiptext' });
		expect(view.body).toMatchObject({ call_duration: 10, something_new: 5 });
		expect(view).not.toHaveProperty('text');
	});

	it('between members of the staff has no chat id, whatever their ids look like', () => {
		const receiver_list = [{ type: 1, id: 'woUser2' }];
		expect(viewZoneRecord({ ...RECORD, receiver_list })).not.toHaveProperty('chatId');
	});

	it.each([null, 5, 'x', [], {}, { id: null }])(
		'with %j in all of its fields is viewed',
		(value) => {
			const record = Object.fromEntries(
				[...Object.keys(RECORD), 'chatid', 'extra_info'].map((name) => [name, value]),
			) as EncryptedRecord;
			expect(viewZoneRecord(record)).toMatchObject({ action: 'send', to: expect.any(Array) as [] });
		},
	);
});

describe('the number of a message type', () => {
	// Source: the msgtype enum of published-operations.json.
	it.each([
		[0, 'unsupported'],
		[1, 'text'],
		[5, 'weapp'],
		[10, 'chatrecord'],
		[11, 'sphfeed'],
		[13, 'redpacket'],
		[15, 'meeting'],
		[18, 'docmsg'],
		[21, 'meeting_voice_call'],
		[22, 'voiptext'],
		[23, 'qydiskfile'],
		[28, 'note'],
	])('%d is the word %s, and back', (number, word) => {
		expect(messageTypeOf(number)).toBe(word);
		expect(messageTypeOf(String(number))).toBe(word);
		expect(messageTypeNumber(word)).toBe(number);
	});

	it('is one from 1 to 28, each of them there', () => {
		const numbers = MESSAGE_TYPES.map(messageTypeNumber).filter((one) => one !== undefined);
		expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(
			Array.from({ length: 28 }, (_, index) => index + 1),
		);
		expect(messageTypeNumber('external_redpacket')).toBe(13);
	});

	it.each([29, -1, 1.5, '', 'text', null, undefined, [1], { a: 1 }])('%j has no word', (value) => {
		expect(messageTypeOf(value)).toBeUndefined();
	});

	it('does not come from names that every object has', () => {
		expect(messageTypeNumber('constructor')).toBeUndefined();
		expect(messageTypeNumber('revoke')).toBeUndefined();
	});
});
