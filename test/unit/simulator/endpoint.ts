import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import forge from 'node-forge';

export interface Opened {
	text: string;
	receiveId: string;
	/** Of the plaintext with padding. */
	length: number;
}

/** Decrypts with node-forge only, so that nothing is shared with the code under test. */
export function open(encrypt: string, encodingAesKey: string): Opened {
	const key = forge.util.decode64(`${encodingAesKey}=`);
	// @types/node-forge leaves out that finish() takes an unpadding of one's own.
	const decipher = forge.cipher.createDecipher('AES-CBC', key) as forge.cipher.BlockCipher & {
		finish(unpad: () => boolean): boolean;
	};
	decipher.start({ iv: key.slice(0, 16) });
	decipher.update(forge.util.createBuffer(forge.util.decode64(encrypt)));
	decipher.finish(() => true);
	const bytes = Buffer.from(decipher.output.getBytes(), 'binary');
	const pad = bytes.at(-1) as number;
	expect(pad).toBeGreaterThanOrEqual(1);
	expect(pad).toBeLessThanOrEqual(32);
	expect(new Set(bytes.subarray(-pad))).toEqual(new Set([pad]));
	const end = 20 + bytes.readUInt32BE(16);
	return {
		text: bytes.toString('utf8', 20, end),
		receiveId: bytes.toString('utf8', end, bytes.length - pad),
		length: bytes.length,
	};
}

export function encryptOf(xml: string): string {
	return /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(xml)?.[1] as string;
}

export interface Received {
	query: URLSearchParams;
	method: string;
	contentType: string;
	body: string;
}

/** A callback endpoint: keeps what it gets and answers as told. */
export class Endpoint {
	readonly received: Received[] = [];
	answer: (response: ServerResponse, received: Received, count: number) => void = (response) =>
		response.end('success');
	private readonly server: Server = createServer((request, response) => {
		void this.take(request, response);
	});

	async listen(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callback?tenant=7`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const received = {
			query: new URL(request.url as string, 'http://localhost').searchParams,
			method: request.method as string,
			contentType: request.headers['content-type'] ?? '',
			body: Buffer.concat(chunks).toString('utf8'),
		};
		this.received.push(received);
		this.answer(response, received, this.received.length);
	}
}
