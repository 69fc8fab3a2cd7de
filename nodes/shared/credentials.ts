import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import type { Authentication, ClientSettings } from '../../wecom/api/client';
import type { ZoneProgram } from '../../wecom/api/carriers/carrier';
import { asText, flag, optional, parseInput } from '../../wecom/api/fields';
import type { Contract } from '../../wecom/api/wire';
import { KeyRing, parseOlderKeys } from '../../wecom/archive/keyRing';
import type { MessageCipherName } from '../../wecom/archive/messageCipher';
import { RecordDecryptor } from '../../wecom/archive/record';
import type { ProviderSecret } from '../../wecom/auth/tokenChain';
import type { CallbackSettings } from '../../wecom/callback/receiver';
import { InvalidInputError } from '../../wecom/errors';
import { trimmed } from '../../wecom/visible';
import type { RedisSettings } from '../../wecom/state/redisState';

function text(credential: ICredentialDataDecryptedObject, field: string): string {
	const value = asText(credential[field]);
	return typeof value === 'string' ? trimmed(value) : '';
}

/** A switch; off where the credential was saved before there was one. */
function yes(credential: ICredentialDataDecryptedObject, field: string, label: string): boolean {
	return parseInput(optional(flag()), credential[field], label) ?? false;
}

const OFFERED = ['reference', 'dataZone'] as const satisfies readonly Contract[];

/** A contract that can be chosen on the credential. */
export type OfferedContract = (typeof OFFERED)[number];

/** What the server speaks; the reference where the credential was saved before there was a choice. */
function toContract(credential: ICredentialDataDecryptedObject): OfferedContract {
	const given = text(credential, 'contract') || 'reference';
	const contract = OFFERED.find((one) => one === given);
	if (contract !== undefined) return contract;
	throw new InvalidInputError(
		'API',
		`"API" on the credential is neither ${OFFERED.join(' nor ')}`,
		'Choose Data API Reference or Tencent Data Zone; an expression has to give one of these two words.',
	);
}

/** A customer corp as an item names it, in place of the credential's. */
export interface CustomerCorp {
	authCorpId: string;
	permanentCode: string;
}

/**
 * The client settings in a `wecomDataApi` credential.
 *
 * @param customer for one item; of a 代开发 app its permanent code is what gettoken takes
 * @throws InvalidInputError when the credential cannot get tokens of another corp, or names an API
 * that there is not
 */
export function toClientSettings(
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
): ClientSettings & { contract: OfferedContract; program: ZoneProgram } {
	const proxyUrl = text(credential, 'proxyUrl');
	return {
		contract: toContract(credential),
		baseUrl: text(credential, 'baseUrl'),
		allowPlainHttp: yes(credential, 'allowPlainHttp', 'Allow Plain HTTP'),
		...(proxyUrl === '' ? {} : { proxyUrl }),
		authentication: {
			...toAuthentication(credential, customer),
			...toProvider(credential),
		},
		program: toProgram(credential),
	};
}

function toAuthentication(
	credential: ICredentialDataDecryptedObject,
	customer: CustomerCorp | undefined,
): Authentication {
	const tokens = {
		suite_access_token: text(credential, 'suiteAccessToken'),
		provider_access_token: text(credential, 'providerAccessToken'),
	};
	if (credential.authentication === 'suite') {
		return {
			type: 'suite',
			suiteId: text(credential, 'suiteId'),
			suiteSecret: text(credential, 'suiteSecret'),
			suiteTicket: text(credential, 'suiteTicket'),
			authCorpId: text(credential, 'authCorpId'),
			permanentCode: text(credential, 'permanentCode'),
			tokens,
			...customer,
		};
	}
	if (credential.authentication !== 'accessToken') {
		const corpId = customer?.authCorpId ?? text(credential, 'corpId');
		const corpSecret = customer?.permanentCode ?? text(credential, 'corpSecret');
		return { type: 'corpSecret', corpId, corpSecret, tokens };
	}
	if (customer) {
		throw new InvalidInputError(
			'Auth Corp ID',
			'"Auth Corp ID" cannot be used with an access token: the credential cannot get one for another corp',
			'Choose Third-Party App (Suite) as authentication on the credential, or leave Auth Corp ID out.',
		);
	}
	return { type: 'static', tokens: { access_token: text(credential, 'accessToken'), ...tokens } };
}

function toProvider(credential: ICredentialDataDecryptedObject): {
	provider?: ProviderSecret;
} {
	const providerCorpId = text(credential, 'providerCorpId');
	const providerSecret = text(credential, 'providerSecret');
	if (providerCorpId === '' && providerSecret === '') return {};
	return { provider: { providerCorpId, providerSecret } };
}

/** Whose messages a node reads; seqs count within one corp. */
export interface Archive {
	/** Id of the corp; empty where an access token does not tell. */
	corp: string;
	/** Id of the credential; empty where an item names another corp. */
	credential: string;
}

/** @param customer for one item */
export function archiveOf(
	node: INode,
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
): Archive {
	const { authentication } = credential;
	const own = { suite: 'authCorpId', accessToken: '' }[String(authentication)] ?? 'corpId';
	return {
		corp: customer?.authCorpId ?? text(credential, own),
		credential: customer ? '' : (node.credentials?.wecomDataApi?.id ?? ''),
	};
}

/** The program in the data zone that a `wecomDataApi` credential names. */
export function toProgram(credential: ICredentialDataDecryptedObject): ZoneProgram {
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

/** What of a `wecomDataApi` credential its decryptor is made of: the rest may differ per item. */
export function toDecryption(credential: ICredentialDataDecryptedObject): unknown[] {
	const { privateKey, privateKeyPassphrase, publicKeyVersion, olderPrivateKeys, messageCipher } =
		credential;
	return [privateKey, privateKeyPassphrase, publicKeyVersion, olderPrivateKeys, messageCipher];
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

/** The Redis in a `wecomStateApi` credential. */
export function toRedisSettings(credential: ICredentialDataDecryptedObject): RedisSettings {
	return {
		host: text(credential, 'host'),
		port: Number(credential.port),
		user: text(credential, 'user'),
		password: text(credential, 'password'),
		database: Number(credential.database ?? 0),
		tls: yes(credential, 'tls', 'TLS'),
		keyPrefix: text(credential, 'keyPrefix'),
		encryptionKey: text(credential, 'encryptionKey'),
	};
}
