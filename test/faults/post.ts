import { request, type Agent } from 'node:http';
import { connect } from 'node:net';

/** A request of WeCom, or of somebody who says so. */
export interface CallbackRequest {
	/** Default: POST. */
	method?: 'GET' | 'POST';
	/** Pairs, for a parameter may come twice. */
	query: Array<[name: string, value: string]>;
	body: Buffer;
	/** No such header when left out. */
	contentType?: string;
	/** The connection ends after half of the body. */
	breakOff?: boolean;
}

/** What came back; status 0 when nothing did. */
export interface CallbackAnswer {
	status: number;
	body: string;
}

/** When nothing came back. */
export const NO_ANSWER: CallbackAnswer = { status: 0, body: '' };

/** Sends exact bytes; never rejects. */
export async function post(
	url: string,
	callback: CallbackRequest,
	agent?: Agent,
): Promise<CallbackAnswer> {
	const { method = 'POST', query, body, contentType } = callback;
	const target = new URL(url);
	for (const [name, value] of query) target.searchParams.append(name, value);
	if (callback.breakOff) return await breakOff(target, body);
	const headers = {
		'Content-Length': body.length,
		...(contentType === undefined ? {} : { 'Content-Type': contentType }),
	};
	return await new Promise((resolve) => {
		const sending = request(target, { method, headers, agent }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', () => resolve(NO_ANSWER));
			response.on('end', () =>
				resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
			);
		});
		sending.on('error', () => resolve(NO_ANSWER));
		sending.end(body);
	});
}

/** A request of which half arrives. */
async function breakOff(target: URL, body: Buffer): Promise<CallbackAnswer> {
	const head = [
		`POST ${target.pathname}${target.search} HTTP/1.1`,
		`Host: ${target.host}`,
		'Content-Type: text/xml',
		`Content-Length: ${body.length}`,
		'\r\n',
	].join('\r\n');
	return await new Promise((resolve) => {
		const socket = connect(Number(target.port), target.hostname, () => {
			socket.write(head);
			socket.write(body.subarray(0, body.length >> 1), () => socket.destroy());
		});
		socket.on('error', () => undefined);
		socket.on('close', () => resolve(NO_ANSWER));
	});
}

/** Works through a list, so many at a time, in its order. */
export async function inParallel<T, R>(
	list: readonly T[],
	width: number,
	work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			const index = next++;
			results[index] = await work(list[index] as T, index);
		}
	};
	await Promise.all(Array.from({ length: width }, worker));
	return results;
}
