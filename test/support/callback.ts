import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** Settings of a callback sender in tests. The key is that of WeCom's published sample. */
export const SENDER = {
	token: 'QDG6eK',
	encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
	receiveId: 'wx5823bf96d3bd56c7',
};

/** Query and body of a callback. */
export interface SealedCallback {
	query: { msg_signature: string; timestamp: string; nonce: string };
	encrypt: string;
	body: Buffer;
}

/** Whose callback it is and when it was signed; by default {@link SENDER} and now. */
export interface Sealing {
	token?: string;
	encodingAesKey?: string;
	receiveId?: string;
	/** Seconds since 1970. */
	timestamp?: string;
	/** By default a random one. */
	nonce?: string;
	/** What the length field says, when it is to lie. */
	length?: number;
}

/** Encrypts a frame: 16 random bytes, length, message, receive id, padded to 32. */
export function seal(message: string, sealing: Sealing = {}): string {
	const { encodingAesKey, receiveId, length } = { ...SENDER, ...sealing };
	const key = Buffer.from(encodingAesKey, 'base64');
	const bytes = Buffer.from(message);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(length ?? bytes.length);
	const frame = Buffer.concat([randomBytes(16), size, bytes, Buffer.from(receiveId)]);
	const padding = 32 - (frame.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(Buffer.concat([frame, Buffer.alloc(padding, padding)])),
		cipher.final(),
	]).toString('base64');
}

/** Signs a ciphertext as WeCom does. */
export function sign(encrypt: string, sealing: Sealing = {}): SealedCallback['query'] {
	const { token, timestamp = String(Math.floor(Date.now() / 1000)) } = { ...SENDER, ...sealing };
	const { nonce = randomBytes(5).toString('hex') } = sealing;
	const msg_signature = createHash('sha1')
		.update([token, timestamp, nonce, encrypt].sort().join(''))
		.digest('hex');
	return { msg_signature, timestamp, nonce };
}

/** A callback as WeCom would send it, in an XML envelope. */
export function callbackOf(message: string, sealing: Sealing = {}): SealedCallback {
	const encrypt = seal(message, sealing);
	return { query: sign(encrypt, sealing), encrypt, body: Buffer.from(envelope(encrypt)) };
}

/** The XML envelope. */
export function envelope(encrypt: string): string {
	return `<xml><ToUserName><![CDATA[${SENDER.receiveId}]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
}
