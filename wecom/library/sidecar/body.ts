import type { IncomingMessage } from 'node:http';

import { CancelledError } from '../../errors';
import { RefusedError } from './errors';

/** Bytes of bodies that a sidecar holds at the same time. */
export class BodyBudget {
	private held = 0;

	/** @param maxBytes of all bodies together */
	constructor(private readonly maxBytes: number) {}

	/**
	 * Reads a body.
	 *
	 * @param maxBytes of this one
	 * @param use has the body; its bytes count until it is done
	 * @throws RefusedError when it is too large, alone or beside the others
	 * @throws CancelledError when the client goes before it has sent all
	 */
	async read<T>(
		request: IncomingMessage,
		maxBytes: number,
		use: (body: Buffer) => Promise<T>,
	): Promise<T> {
		let length = 0;
		const count = (bytes: number) => {
			length += bytes;
			this.held += bytes;
			if (length > maxBytes) {
				throw new RefusedError(413, 'size', `The body is larger than ${maxBytes} bytes`);
			}
			if (this.held > this.maxBytes) {
				throw new RefusedError(503, 'busy', 'The sidecar holds as many bytes as it may');
			}
		};
		try {
			return await use(await readAll(request, maxBytes, count));
		} finally {
			this.held -= length;
		}
	}
}

async function readAll(
	request: IncomingMessage,
	maxBytes: number,
	count: (bytes: number) => void,
): Promise<Buffer> {
	if (Number(request.headers['content-length']) > maxBytes) count(maxBytes + 1);
	const chunks: Buffer[] = [];
	await new Promise<void>((resolve, reject) => {
		request.on('data', (chunk: Buffer) => {
			try {
				count(chunk.length);
				chunks.push(chunk);
			} catch (error) {
				request.removeAllListeners('data');
				reject(error as Error);
			}
		});
		request.once('end', resolve);
		request.once('close', () => reject(new CancelledError()));
	});
	return Buffer.concat(chunks);
}

/**
 * Takes the rest of a body that is not wanted, so that the client, still sending, reads the answer;
 * hangs up on one that sends on and on.
 */
export function drain(request: IncomingMessage, maxBytes: number): void {
	let left = maxBytes;
	request.on('data', (chunk: Buffer) => {
		left -= chunk.length;
		if (left < 0) request.socket.destroy();
	});
	request.resume();
}
