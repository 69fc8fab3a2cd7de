import type { KeyObject } from 'node:crypto';

import { InvalidInputError, KeyError } from '../errors';
import { isJsonObject } from '../json';
import { visible } from '../visible';
import { parsePrivateKey } from './privateKey';

/** One private key as configured. */
export interface PrivateKeySource {
	/** `publickey_ver`: the version WeCom gave to the public half. */
	version: number;
	/** The key as pasted; see {@link parsePrivateKey} for the forms it may have. */
	key: string;
	/** For an encrypted key. */
	passphrase?: string;
}

/**
 * The archive's private keys by version. After a key change old messages still need the old key.
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
export class KeyRing {
	private readonly keys = new Map<number, KeyObject>();

	/**
	 * @param sources any number of keys; parsed at once, so that a bad one is named early
	 * @throws KeyError naming the version whose key cannot be read
	 * @throws InvalidInputError for a version that is no positive integer or comes twice
	 */
	constructor(sources: readonly PrivateKeySource[]) {
		for (const { version, key, passphrase } of sources) {
			if (!Number.isSafeInteger(version) || version < 1) {
				throw new InvalidInputError(
					'publickey_ver',
					'A key version must be a whole number from 1',
					'It is the version shown beside the public key in the WeCom admin console.',
				);
			}
			if (this.keys.has(version)) {
				throw new InvalidInputError(
					'publickey_ver',
					`Key version ${version} is given twice`,
					'Remove it from the older private keys, or correct the version of the newest one.',
				);
			}
			this.keys.set(version, parseNamed(version, key, passphrase));
		}
	}

	/** The key of a version, or undefined. */
	get(version: number): KeyObject | undefined {
		return this.keys.get(version);
	}

	/** The versions on the ring, ascending. */
	get versions(): number[] {
		return [...this.keys.keys()].sort((a, b) => a - b);
	}
}

function parseNamed(version: number, key: string, passphrase?: string): KeyObject {
	try {
		return parsePrivateKey(key, passphrase);
	} catch (error) {
		if (error instanceof KeyError) {
			throw new KeyError(
				error.reason,
				`Private key of version ${version}: ${error.message}`,
				error.hint,
			);
		}
		throw error;
	}
}

/**
 * Reads the JSON map of older keys: `{"1": "-----BEGIN …"}`, or for encrypted ones
 * `{"1": {"key": "-----BEGIN …", "passphrase": "…"}}`.
 *
 * @param text JSON text, or blank for none
 * @throws InvalidInputError when it is not such a map; the text is never quoted
 */
export function parseOlderKeys(text: string): PrivateKeySource[] {
	if (text.trim() === '') return [];
	const expected =
		'Expected a JSON object from version to PEM, line breaks written as \\n: {"1": "-----BEGIN PRIVATE KEY-----\\n…"}';
	const map = parseObject(text);
	if (!map)
		throw new InvalidInputError(
			'olderPrivateKeys',
			'The older private keys are not a JSON object',
			expected,
		);
	return Object.entries(map).map(([name, value]) => {
		const key = isJsonObject(value) ? value.key : value;
		const passphrase = isJsonObject(value) ? value.passphrase : undefined;
		if (!/^[1-9]\d{0,8}$/.test(name) || typeof key !== 'string') {
			throw new InvalidInputError(
				'olderPrivateKeys',
				'An entry of the older private keys has no version number as its name or no key as its value',
				expected,
			);
		}
		return {
			version: Number(name),
			key,
			...(typeof passphrase === 'string' && passphrase !== '' ? { passphrase } : {}),
		};
	});
}

const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/gs;

function parseObject(text: string): Record<string, unknown> | undefined {
	try {
		// Raw line breaks inside a JSON string are not JSON, and are what everybody pastes.
		const repaired = visible(text).replace(JSON_STRING, (string) =>
			string.replace(/\r?\n/g, '\\n'),
		);
		const value: unknown = JSON.parse(repaired);
		// Written as JSON once more by whoever stored it.
		if (typeof value === 'string' && value.length < text.length) return parseObject(value);
		return isJsonObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}
