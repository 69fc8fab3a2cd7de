import { asText, parseInput, wholeNumber } from '../../../../wecom/api/fields';
import { makeKeyPair } from '../../../../wecom/archive/keyPair';
import { InvalidInputError } from '../../../../wecom/errors';
import { toKeyRing } from '../../../shared/credentials';
import { noticeField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';

/** Most bytes OpenSSL takes are 1024. */
const MAX_PASSPHRASE_BYTES = 1000;

interface Options {
	currentVersion: number | string;
	privateKeyPassphrase: string;
}

/** Makes the pair that messages are archived with. Scenario 1 of the reference document. */
export const generate: Action = {
	option: {
		name: 'Generate',
		value: 'generate',
		action: 'Generate a key pair',
		description: 'Make an RSA-2048 key pair for the archive, without a call to WeCom',
	},
	fields: [
		noticeField(
			'privateKeyNotice',
			'The output holds the private key, and only this once: whoever has it can read the archive. Put it into the "WeCom Data API" credential (Private Key, Public Key Version) and move the former one to Older Private Keys before you set the public key. Then delete this execution, or keep it from being saved: workflow settings → Save manual executions and Save successful production executions → Do not save. With Private Key Passphrase in Options the key comes out encrypted.',
		),
		optionsOf(
			{
				displayName: 'Current Version',
				name: 'currentVersion',
				type: 'number',
				typeOptions: { minValue: 0, numberPrecision: 0 },
				default: 0,
				description:
					'Version of the public key that is set at WeCom now, 0 when none is; the new one gets the next. Without this option the highest version among the keys of the credential counts.',
			},
			{
				displayName: 'Private Key Passphrase',
				name: 'privateKeyPassphrase',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				description:
					'Encrypts the private key (PKCS#8, AES-256-CBC). The credential takes it as it is, with the same passphrase beside it.',
			},
		),
	],

	async run(item) {
		const { currentVersion, privateKeyPassphrase } = item.options<Options>();
		const version = await versionNow(item, currentVersion);
		const passphrase = toPassphrase(privateKeyPassphrase);
		const { publicKey, privateKey, fingerprint } = await makeKeyPair(passphrase);
		item.notices.warn(
			'Keep the private key before you set the public one: messages archived with a lost key can never be read.',
		);
		return {
			public_key: publicKey,
			public_key_ver: version + 1,
			fingerprint,
			private_key: privateKey,
		};
	},
};

async function versionNow(item: Item, given: unknown): Promise<number> {
	if (given !== undefined && given !== '') {
		return parseInput(wholeNumber(0, 2 ** 31 - 2), given, 'Current Version');
	}
	return toKeyRing(await item.credential()).versions.at(-1) ?? 0;
}

/** The credential takes blanks at its ends away, too. */
function toPassphrase(given: unknown): string | undefined {
	const text = asText(given);
	if (text === undefined || text === '') return undefined;
	const passphrase = typeof text === 'string' ? text.trim() : '';
	if (passphrase !== '' && Buffer.byteLength(passphrase) <= MAX_PASSPHRASE_BYTES) return passphrase;
	throw new InvalidInputError(
		'Private Key Passphrase',
		`"Private Key Passphrase" cannot be used, expected a text of at most ${MAX_PASSPHRASE_BYTES} bytes`,
		'Leave it out for a key without encryption.',
	);
}
