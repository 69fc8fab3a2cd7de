import type { IDataObject } from 'n8n-workflow';

import type { Simulator, TrueRecord } from '../../simulator';
import type { Expected } from './brokenSync';
import { unwrap } from './zoneTruth';

/** A record as GetChatData gives it. */
interface WireRecord {
	seq: number;
	publickey_ver: number;
	encrypt_random_key: string;
	encrypt_chat_msg: string;
}

const PAGE = 1000;
/** So many keys are looked for in whatever comes out; opening one takes as long as for the package. */
const MAX_KEYS = 2000;

/** All records that the library gives, in its order, asked for with nothing of the package. */
export async function wireRecords({ url, corp }: Simulator): Promise<WireRecord[]> {
	const found: WireRecord[] = [];
	for (let seq = 0; ;) {
		const response = await fetch(`${url}/cgi-bin/finance_sdk/GetChatData`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ corpid: corp.corpId, secret: corp.corpSecret, seq, limit: PAGE }),
		});
		const { chatdata } = (await response.json()) as { chatdata: WireRecord[] };
		found.push(...chatdata);
		if (chatdata.length < PAGE) return found;
		seq = chatdata.at(-1)?.seq ?? seq;
	}
}

/** Keys of single messages, of the first ones. */
export function messageKeys({ keys }: Simulator, records: readonly WireRecord[]): string[] {
	return records.slice(0, MAX_KEYS).flatMap(({ publickey_ver, encrypt_random_key }) => {
		const key = unwrap(keys[publickey_ver]?.privateKey, encrypt_random_key);
		return key === undefined ? [] : [key];
	});
}

/** Every record as an item has to be: opened, or with its ciphertext and why it is not. */
export async function libraryTruth(wecom: Simulator): Promise<Expected[]> {
	const ciphertexts = new Map(
		(await wireRecords(wecom)).map(({ seq, encrypt_chat_msg: sealed }) => [seq, sealed]),
	);
	return wecom.truth.map((record) => ({
		key: String(record.seq),
		isRight: (item) => isRight(item, record, ciphertexts.get(Number(record.seq))),
	}));
}

function isRight(item: IDataObject, record: TrueRecord, ciphertext: string | undefined): boolean {
	const { msgid, state, plaintext, libraryEnds } = record;
	if (item.msgid !== msgid) return false;
	if (state === 'ok' && !libraryEnds) {
		return item.decrypted === true && item.type === (plaintext?.msgtype ?? plaintext?.action);
	}
	const isKiller = item.reason === 'library_crashed';
	return (
		item.decrypted === false &&
		item.encrypt_chat_msg === ciphertext &&
		(state === 'ok' ? isKiller : !isKiller && typeof item.reason === 'string')
	);
}
