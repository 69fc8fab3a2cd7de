import forge from 'node-forge';
import type { Simulator } from '../../../simulator';

/** A chat record as it comes over the wire. */
export interface WireRecord {
	seq: number;
	msgid: string;
	publickey_ver: number;
	encrypt_random_key: string;
	encrypt_chat_msg: string;
}

/** A JSON answer of the API. */
export type Answer = { errcode: number; errmsg: string } & Record<string, unknown>;

export async function getToken(simulator: Simulator): Promise<string> {
	const { corpId, corpSecret } = simulator.corp;
	const answer = await get(simulator, `/gettoken?corpid=${corpId}&corpsecret=${corpSecret}`);
	return answer.access_token as string;
}

export async function get(simulator: Simulator, pathAndQuery: string): Promise<Answer> {
	const response = await fetch(`${simulator.url}/cgi-bin${pathAndQuery}`);
	return (await response.json()) as Answer;
}

/** POSTs a text body as it is, anything else as JSON. */
async function send(simulator: Simulator, pathAndQuery: string, body: unknown): Promise<Response> {
	return await fetch(`${simulator.url}/cgi-bin${pathAndQuery}`, {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
}

/** POSTs with an access_token. */
export async function post(
	simulator: Simulator,
	path: string,
	token: string,
	body: unknown,
): Promise<Response> {
	return await send(simulator, `${path}?access_token=${token}`, body);
}

/** Answer of a POST that brings its own query, if any. */
export async function ask(
	simulator: Simulator,
	pathAndQuery: string,
	body: unknown,
): Promise<Answer> {
	return (await (await send(simulator, pathAndQuery, body)).json()) as Answer;
}

/** A suite_access_token, by the newest ticket. */
export async function getSuiteToken(simulator: Simulator): Promise<string> {
	const { suiteId, suiteSecret } = simulator.suite;
	const answer = await ask(simulator, '/service/get_suite_token', {
		suite_id: suiteId,
		suite_secret: suiteSecret,
		suite_ticket: simulator.suiteTicket,
	});
	return answer.suite_access_token as string;
}

export async function call(
	simulator: Simulator,
	path: string,
	token: string,
	body: unknown,
): Promise<Answer> {
	return (await (await post(simulator, path, token, body)).json()) as Answer;
}

export async function page(
	simulator: Simulator,
	token: string,
	seq: number,
	limit: number,
): Promise<WireRecord[]> {
	const answer = await call(simulator, '/msgaudit/get_chat_data', token, { seq, limit });
	return answer.chatdata as WireRecord[];
}

/** Opens a sealed key with node-forge only, so that nothing is shared with the code under test. */
export function openKeyWithForge(sealed: string, privateKeyPem: string): string {
	return forge.pki
		.privateKeyFromPem(privateKeyPem)
		.decrypt(forge.util.decode64(sealed), 'RSAES-PKCS1-V1_5');
}

/** Decrypts a record by {@link openKeyWithForge}. */
export function openWithForge(record: WireRecord, privateKeyPem: string): unknown {
	const keyText = openKeyWithForge(record.encrypt_random_key, privateKeyPem);
	const key = forge.util.decode64(keyText);
	if (key.length !== 32) throw new Error('not a key of 32 bytes');
	const decipher = forge.cipher.createDecipher('AES-CBC', key);
	decipher.start({ iv: key.slice(0, 16) });
	decipher.update(forge.util.createBuffer(forge.util.decode64(record.encrypt_chat_msg)));
	if (!decipher.finish()) throw new Error('bad padding');
	return JSON.parse(forge.util.decodeUtf8(decipher.output.getBytes()));
}

/** Errcode and errmsg of a call. */
export async function refusal(
	simulator: Simulator,
	path: string,
	token: string,
	body: unknown,
): Promise<[number, string]> {
	const { errcode, errmsg } = await call(simulator, path, token, body);
	return [errcode, errmsg];
}

/** The pages of a list, by `next_cursor` to its end. */
export async function walk(
	simulator: Simulator,
	path: string,
	token: string,
	body: object,
): Promise<Answer[]> {
	const pages: Answer[] = [];
	let cursor = '';
	do {
		const answer = await call(simulator, path, token, { ...body, cursor });
		if (answer.errcode !== 0) throw new Error(answer.errmsg);
		pages.push(answer);
		cursor = answer.next_cursor as string;
	} while (cursor !== '' && pages.length < 1000);
	return pages;
}

/** A multipart/form-data body of one part, as `upload_tmp_file` wants it. */
export function multipart(
	content: Buffer,
	disposition = `form-data; name="media"; filename="报价单.txt"; filelength=${content.length}`,
	contentType: string | null = 'text/plain',
): Buffer {
	const type = contentType === null ? '' : `Content-Type: ${contentType}\r\n`;
	return Buffer.concat([
		Buffer.from(`--frontier\r\nContent-Disposition: ${disposition}\r\n${type}\r\n`),
		content,
		Buffer.from('\r\n--frontier--\r\n'),
	]);
}

/** Uploads a body, by default a good one, by default to the reference contract. */
export async function upload(
	simulator: Simulator,
	token: string,
	body: Buffer | string = multipart(Buffer.from('会话导出模板')),
	query = '&type=file',
	path = '/msgaudit/upload_tmp_file',
): Promise<Answer> {
	const url = `${simulator.url}/cgi-bin${path}?access_token=${token}${query}`;
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'multipart/form-data; boundary=frontier' },
		body,
	});
	return (await response.json()) as Answer;
}
