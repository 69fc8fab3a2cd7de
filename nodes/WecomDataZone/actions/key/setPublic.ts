import { parseInput } from '../../../../wecom/api/fields';
import { keyVersion, publicKey, setPublicKey } from '../../../../wecom/api/zone';
import { fingerprintOf } from '../../../../wecom/archive/keyPair';
import { WecomError } from '../../../../wecom/errors';
import { toKeyRing } from '../../../shared/credentials';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';

/** Sets the key that messages are archived with. Reference document 3, platform document 101349. */
export const setPublic: Action = {
	option: {
		name: 'Set Public Key',
		value: 'setPublic',
		action: 'Set the public key of the archive',
		description: 'Give WeCom the public key that messages are archived with from now on',
	},
	api: setPublicKey,
	fields: [
		noticeField(
			'keyChangeNotice',
			'The corp must have opened the data zone (数据与智能专区). The key counts for messages from now on: those archived before keep the old version, so keep the old private keys in Older Private Keys of the credential. WeCom archives nothing before the first key is set.',
		),
		{
			displayName: 'Public Key',
			name: 'publicKey',
			type: 'string',
			typeOptions: { rows: 6 },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN PUBLIC KEY-----',
			description:
				'RSA-2048 public key in PEM form, as Key → Generate returns it in public_key. Line breaks may be written as \\n.',
		},
		{
			displayName: 'Public Key Version',
			name: 'publicKeyVer',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			required: true,
			description: 'Version of this key, higher than that of any key set before',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const public_key = parseInput(publicKey(), item.param('publicKey'), 'public_key');
		const public_key_ver = parseInput(keyVersion(), item.param('publicKeyVer'), 'public_key_ver');
		await item.call(setPublicKey, { public_key, public_key_ver });
		const fingerprint = fingerprintOf(public_key);
		await warnWithoutPrivateKey(item, public_key_ver, fingerprint);
		return { success: true, public_key_ver, fingerprint };
	},
};

/** The credential should be able to read what is archived from now on. */
async function warnWithoutPrivateKey(
	item: Item,
	version: number,
	fingerprint: string,
): Promise<void> {
	const credential = await item.credential();
	let found: string | undefined;
	try {
		const key = toKeyRing(credential).get(version);
		found = key && fingerprintOf(key);
	} catch (error) {
		if (!(error instanceof WecomError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner makes a NodeOperationError of it
	}
	if (found === fingerprint) return;
	item.notices.warn(
		found === undefined
			? `The credential holds no readable private key of version ${version}. Put it in before you pull messages.`
			: `The private key of version ${version} in the credential belongs to another public key. Messages archived from now on need the one made together with this key.`,
	);
}
