import { constants, privateDecrypt } from 'node:crypto';

import type { Simulator } from '../../simulator';

/** A message of the zone, as it really is. */
export interface ZoneTruth {
	readonly msgid: string;
	/** The key of its text; none where nobody who has the corp's private keys can unwrap it. */
	readonly secretKey?: string;
}

interface Answer {
	errcode: number;
	access_token: string;
	/** JSON text. */
	response_data: string;
}

interface Page {
	has_more: number;
	next_cursor: string;
	msg_list: Array<{
		msgid: string;
		service_encrypt_info: { encrypted_secret_key: string; public_key_ver: number };
	}>;
}

/**
 * All messages that `sync_msg` gives, in its order, asked for and unwrapped with nothing of the package.
 *
 * @throws Error when the simulator refuses
 */
export async function zoneTruth(wecom: Simulator): Promise<ZoneTruth[]> {
	const { corpId, corpSecret } = wecom.corp;
	const ask = async (path: string, body?: object): Promise<Answer> => {
		const settings = body ? { method: 'POST', body: JSON.stringify(body) } : {};
		const response = await fetch(`${wecom.url}/cgi-bin/${path}`, {
			...settings,
			headers: { 'Content-Type': 'application/json' },
		});
		const answer = (await response.json()) as Answer;
		if (answer.errcode !== 0) throw new Error(`${path}: ${JSON.stringify(answer)}`);
		return answer;
	};
	const { access_token } = await ask(`gettoken?corpid=${corpId}&corpsecret=${corpSecret}`);
	const found: ZoneTruth[] = [];
	for (let cursor = ''; ;) {
		const request = { limit: 1000, ...(cursor ? { cursor } : {}) };
		const { response_data } = await ask(`chatdata/sync_call_program?access_token=${access_token}`, {
			program_id: wecom.programs.java,
			ability_id: 'invoke_sync_msg',
			request_data: JSON.stringify(request),
		});
		const page = JSON.parse(response_data) as Page;
		found.push(...page.msg_list.map((message) => toTruth(wecom, message)));
		if (page.has_more === 0) return found;
		cursor = page.next_cursor;
	}
}

function toTruth({ keys }: Simulator, message: Page['msg_list'][number]): ZoneTruth {
	const { encrypted_secret_key: sealed, public_key_ver: version } = message.service_encrypt_info;
	const secretKey = unwrap(keys[version]?.privateKey, sealed);
	return { msgid: message.msgid, ...(secretKey === undefined ? {} : { secretKey }) };
}

/**
 * The key of a message: RSA with PKCS#1 v1.5, whose padding Node leaves to the caller.
 *
 * @param key private key as PEM; of a version that nobody has, none
 */
export function unwrap(key: string | undefined, sealed: string): string | undefined {
	if (key === undefined || !/^[\w+/]+={0,2}$/.test(sealed)) return undefined;
	try {
		const padding = constants.RSA_NO_PADDING;
		const opened = privateDecrypt({ key, padding }, Buffer.from(sealed, 'base64'));
		// 0, 2, padding without zeros, 0, the key as text.
		const text = opened.toString('latin1', opened.indexOf(0, 2) + 1);
		return opened[1] === 2 && /^[\w+/=]+$/.test(text) ? text : undefined;
	} catch {
		return undefined;
	}
}
