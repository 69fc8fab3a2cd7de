import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { ClientSettings } from '../../wecom/api/client';
import type { ProgramStyle } from '../../wecom/api/programs';
import { KeyRing, parseOlderKeys } from '../../wecom/archive/keyRing';
import type { MessageCipherName } from '../../wecom/archive/messageCipher';
import { RecordDecryptor } from '../../wecom/archive/record';
import type { CallbackSettings } from '../../wecom/callback/receiver';

function text(credential: ICredentialDataDecryptedObject, field: string): string {
	const value = credential[field];
	return typeof value === 'string' ? value.trim() : '';
}

/** The client settings in a `wecomDataApi` credential. */
export function toClientSettings(credential: ICredentialDataDecryptedObject): ClientSettings {
	const proxyUrl = text(credential, 'proxyUrl');
	const others = {
		suite_access_token: text(credential, 'suiteAccessToken'),
		provider_access_token: text(credential, 'providerAccessToken'),
	};
	return {
		baseUrl: text(credential, 'baseUrl'),
		...(proxyUrl === '' ? {} : { proxyUrl }),
		authentication:
			credential.authentication === 'accessToken'
				? {
						type: 'static',
						tokens: { access_token: text(credential, 'accessToken'), ...others },
					}
				: {
						type: 'corpSecret',
						corpId: text(credential, 'corpId'),
						corpSecret: text(credential, 'corpSecret'),
						tokens: others,
					},
	};
}

/** The program in the data zone that a `wecomDataApi` credential names. */
export function toProgram(credential: ICredentialDataDecryptedObject): {
	programId: string;
	style: ProgramStyle;
} {
	const style = credential.programStyle === 'python' ? 'python' : 'java';
	return { programId: text(credential, 'programId'), style };
}

/**
 * The key ring in a `wecomDataApi` credential; empty when it holds no keys.
 *
 * @throws KeyError, InvalidInputError naming the key that cannot be read
 */
export function toKeyRing(credential: ICredentialDataDecryptedObject): KeyRing {
	const key = text(credential, 'privateKey');
	const passphrase = text(credential, 'privateKeyPassphrase');
	const newest = {
		version: Number(credential.publicKeyVersion ?? 1),
		key,
		...(passphrase === '' ? {} : { passphrase }),
	};
	const older = parseOlderKeys(text(credential, 'olderPrivateKeys'));
	return new KeyRing(key === '' ? older : [newest, ...older]);
}

/** The decryptor a `wecomDataApi` credential describes. */
export function toDecryptor(credential: ICredentialDataDecryptedObject): RecordDecryptor {
	const cipher: MessageCipherName =
		credential.messageCipher === 'key-only' ? 'key-only' : 'aes-256-cbc';
	return new RecordDecryptor(toKeyRing(credential), cipher);
}

/** The callback settings in a `wecomCallbackApi` credential. */
export function toCallbackSettings(credential: ICredentialDataDecryptedObject): CallbackSettings {
	return {
		token: text(credential, 'token'),
		encodingAesKey: text(credential, 'encodingAesKey'),
		receiveIds: text(credential, 'receiveIds')
			.split(/[,，\s]+/)
			.filter((id) => id !== ''),
	};
}
