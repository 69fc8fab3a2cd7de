import { CallbackRefusedError } from '../errors';
import { isJsonObject, parseJson } from '../json';
import { findChild } from './xml';

/** Bytes. Real callbacks are a few kilobytes; parsing hostile JSON of this size takes some 10 ms. */
export const MAX_BODY_BYTES = 128 * 1024;

/**
 * Finds the ciphertext in a callback's body, XML `<xml><Encrypt>…` or JSON `{"encrypt": "…"}`. The
 * body has not been authenticated yet, so the work is linear in its size and nothing is parsed into
 * objects but JSON.
 *
 * @param body the raw bytes of the request
 * @throws CallbackRefusedError `body_too_large`, `malformed_body`, `dtd`, `no_encrypt`
 * Source: https://developer.work.weixin.qq.com/document/path/90930
 */
export function findEncrypt(body: Buffer, maxBytes = MAX_BODY_BYTES): string {
	if (body.length > maxBytes) {
		throw new CallbackRefusedError(
			'body_too_large',
			`The body has ${body.length} bytes, at most ${maxBytes} are taken`,
		);
	}
	const text = body
		.toString('utf8')
		.replace(/^\uFEFF/, '')
		.trim();
	const encrypt = text.startsWith('{') ? findInJson(text) : findInXml(text);
	if (!encrypt) throw new CallbackRefusedError('no_encrypt', 'The body has no Encrypt element');
	return encrypt;
}

function findInXml(text: string): string | undefined {
	if (!text.startsWith('<')) {
		throw new CallbackRefusedError('malformed_body', 'The body is neither XML nor JSON');
	}
	return findChild(text, 'encrypt');
}

function findInJson(text: string): string | undefined {
	let envelope: unknown;
	try {
		envelope = parseJson(text);
	} catch {
		throw new CallbackRefusedError('malformed_body', 'The body is not JSON');
	}
	if (!isJsonObject(envelope)) return undefined;
	const { encrypt = envelope.Encrypt } = envelope;
	return typeof encrypt === 'string' ? encrypt.trim() : undefined;
}
