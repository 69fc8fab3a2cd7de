import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the process is sent: pages of the archive by the seq behind which each begins. */
export type Pages = ReadonlyMap<number, string>;

let pages: Pages = new Map();
const EMPTY = '{"errcode":0,"errmsg":"ok","chatdata":[]}';

/**
 * Answers GetChatData of the library's stub from memory, in a process of its own: a library that is
 * called in the process that measures holds everything else of it.
 */
const server = createServer((request, response) => {
	let body = '';
	request.setEncoding('utf8').on('data', (text: string) => (body += text));
	request.on('end', () => {
		const { seq } = JSON.parse(body) as { seq: number };
		const page = Buffer.from(pages.get(seq) ?? EMPTY);
		response.writeHead(200, { 'Content-Length': page.length, 'X-Return-Code': '0' });
		response.end(page);
	});
});
process.once('message', (given: Pages) => {
	pages = given;
	server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
process.once('disconnect', () => process.exit(0));
