import type { TrueRecord } from '../archive';
import { openIdOf } from '../data/world';
import { readRecord, TYPE_NUMBERS } from '../messages';
import type { Example, FunctionWorld } from './function';

const CALLS = [TYPE_NUMBERS.meeting_voice_call, TYPE_NUMBERS.voiptext];

/** A message as {@link detailOf} shows it, with every field there can be. */
export const DETAIL: Example = {
	sender: { type: 1, id: 'woUser1' },
	receiver_list: [{ type: 2, id: 'wmCust1' }],
	chatid: 'wrRoom1',
	send_time: 1730000000,
	msgtype: 1,
	service_encrypt_info: { encrypted_secret_key: 'BASE64', public_key_ver: 1 },
};

/**
 * What the zone tells of a message: who, when, and the sealed key of its text, which nobody gets.
 *
 * @returns undefined for a record that is no message
 */
export function detailOf(on: FunctionWorld, record: TrueRecord): Example | undefined {
	const message = readRecord(record);
	if (message === undefined) return undefined;
	const person = (id: string) => ({
		type: on.chats.isCustomer(id) ? 2 : 1,
		id: openIdOf(on.world, id),
	});
	return {
		sender: person(message.from),
		receiver_list: message.to.map(person),
		...(message.roomid === '' ? {} : { chatid: message.roomid }),
		send_time: message.sentAt,
		msgtype: message.type,
		service_encrypt_info: {
			encrypted_secret_key: on.archive.sealedKeyOf(record.seq),
			public_key_ver: record.publickeyVer,
		},
	};
}

/** `extra_info` of a call whose length is known; nothing for any other message. */
export function extraInfoOf({ plaintext }: TrueRecord): Example {
	const { msgtype, info } = plaintext ?? {};
	const number = TYPE_NUMBERS[msgtype as string];
	const seconds = (info as { callduration?: number } | undefined)?.callduration;
	return number !== undefined && CALLS.includes(number) && seconds !== undefined
		? { extra_info: { call_duration: seconds } }
		: {};
}
