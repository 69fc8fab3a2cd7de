import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Simulator } from '../../simulator';

/** Fields of the credentials that may be seen by everybody. */
const PUBLIC_FIELDS = new Set([
	'authentication',
	'baseUrl',
	'contract',
	'corpId',
	'authCorpId',
	'providerCorpId',
	'suiteId',
	'receiveIds',
	'messageCipher',
	'programId',
	'programStyle',
	'archiveLibrary',
	'sidecarUrl',
	'host',
	'user',
	'keyPrefix',
]);
const SECRET_PARAMETER = /token|secret|ticket|permanent_code|auth_code|passwd/i;
/** In items: the key of one message of the zone, which is there for whoever asks a model about it. */
const KEY_FIELD = /"secret_key":"((?:[^"\\]|\\.)*)"/g;
const MIN_CHARACTERS = 6;

/** A part's secrets, and everything it logged, threw and put out. */
export class Leaks {
	private readonly secrets = new Set<string>();
	private readonly texts = new Map<string, string>();

	/** Every text of the credentials that not everybody may see. */
	addCredentials(credentials: Record<string, object>): void {
		for (const data of Object.values(credentials) as ICredentialDataDecryptedObject[]) {
			for (const [field, value] of Object.entries(data)) {
				if (typeof value === 'string' && !PUBLIC_FIELDS.has(field)) this.addSecret(value);
			}
		}
	}

	/** Every token and secret that was sent to WeCom, and those it knows. */
	addTraffic({ requests, suiteAccessToken, providerAccessToken }: Simulator): void {
		for (const secret of [suiteAccessToken, providerAccessToken]) this.addSecret(secret);
		for (const { query, body } of requests) {
			const parameters = { ...query, ...(typeof body === 'object' ? body : {}) };
			for (const [name, value] of Object.entries(parameters)) {
				if (SECRET_PARAMETER.test(name) && typeof value === 'string') this.addSecret(value);
			}
		}
	}

	/** A secret by value; of PEM text, and of JSON with PEM text in it, every line in the middle. */
	addSecret(secret: string): void {
		const lines = secret.split(/\n|\\n/).map((line) => line.trim());
		const parts = lines.length > 2 ? lines.filter((line) => /^[\w+/=]{40,}$/.test(line)) : lines;
		for (const part of parts) if (part.length >= MIN_CHARACTERS) this.secrets.add(part);
	}

	/** Something that came out, and where. */
	addOutput(where: string, text: string): void {
		this.texts.set(where, (this.texts.get(where) ?? '') + text);
	}

	/**
	 * Items in JSON, in which the field `secret_key` holds a key by design: in every other place, another
	 * field included, that key is a secret as all are.
	 */
	addItems(where: string, text: string): void {
		for (const [, key = ''] of text.matchAll(KEY_FIELD)) this.addSecret(key);
		this.addOutput(where, text.replace(KEY_FIELD, '"secret_key":""'));
	}

	/** How much there is to search: `{ secrets, characters }`. */
	get size(): { secrets: number; characters: number } {
		const characters = [...this.texts.values()].reduce((sum, { length }) => sum + length, 0);
		return { secrets: this.secrets.size, characters };
	}

	/** Where a secret came out, the secret itself not named; empty when all is well. */
	found(): string[] {
		const byBeginning = new Map<string, Set<string>>();
		for (const secret of this.secrets) {
			for (const written of [secret, encodeURIComponent(secret)]) {
				const beginning = written.slice(0, MIN_CHARACTERS);
				const others = byBeginning.get(beginning) ?? new Set();
				byBeginning.set(beginning, others.add(written));
			}
		}
		return [...this.texts].flatMap(([where, text]) => {
			const seen = new Set<string>();
			// Once through the text: there are as many keys as messages.
			for (let at = 0; at <= text.length - MIN_CHARACTERS; at++) {
				for (const secret of byBeginning.get(text.slice(at, at + MIN_CHARACTERS)) ?? []) {
					if (text.startsWith(secret, at)) seen.add(secret);
				}
			}
			return [...seen].map((secret) => `${where}: a secret that begins with ${secret.slice(0, 3)}`);
		});
	}
}
