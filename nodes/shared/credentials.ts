import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import type { Authentication, ClientSettings } from '../../wecom/api/client';
import type { ZoneProgram } from '../../wecom/api/carriers/carrier';
import { toLibraryRoute, type LibraryRouteFields } from '../../wecom/api/libraryRoute';
import { CONTRACTS, type Contract } from '../../wecom/api/wire';
import { KeyRing, parseOlderKeys } from '../../wecom/archive/keyRing';
import type { MessageCipherName } from '../../wecom/archive/messageCipher';
import type { MessageOpener } from '../../wecom/archive/messageOpener';
import { RecordDecryptor } from '../../wecom/archive/record';
import type { ProviderSecret } from '../../wecom/auth/tokenChain';
import type { CallbackSettings } from '../../wecom/callback/receiver';
import { InvalidInputError, NotInContractError } from '../../wecom/errors';
import type { ArchiveLibrary, OpenLibrary } from '../../wecom/library/archiveLibrary';
import type { RedisSettings } from '../../wecom/state/redisState';
import { isSocks, toOpenLibrary } from './archiveLibrary';
import { textOf, yesIn } from './credentialFields';

/** What the server speaks; the reference where the credential was saved before there was a choice. */
function toContract(credential: ICredentialDataDecryptedObject): Contract {
	const given = textOf(credential, 'contract') || 'reference';
	const contract = CONTRACTS.find((one) => one === given);
	if (contract !== undefined) return contract;
	throw new InvalidInputError(
		'API',
		`"API" on the credential is none of ${CONTRACTS.join(', ')}`,
		'Choose Data API Reference, Tencent Data Zone or Tencent Message Archive; an expression has to give one of these words.',
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
): ClientSettings & { contract: Contract; program: ZoneProgram } {
	const contract = toContract(credential);
	return {
		contract,
		baseUrl: textOf(credential, 'baseUrl'),
		allowPlainHttp: yesIn(credential, 'allowPlainHttp', 'Allow Plain HTTP'),
		...toProxy(textOf(credential, 'proxyUrl'), contract),
		...(contract === 'messageArchive' ? { library: toOpenLibrary(credential, customer) } : {}),
		authentication: {
			...toAuthentication(credential, customer),
			...toProvider(credential),
		},
		program: toProgram(credential),
	};
}

/** The proxy of the requests over HTTP; what they cannot go through the library may. */
function toProxy(proxyUrl: string, contract: Contract): Partial<ClientSettings> {
	if (proxyUrl === '') return {};
	if (contract !== 'messageArchive' || !isSocks(proxyUrl)) return { proxyUrl };
	const refusal = new InvalidInputError(
		'proxyUrl',
		"The SOCKS proxy on the credential is for Tencent's library alone: requests over HTTP, for consent, groups and members say, cannot go through it",
		'Enter the HTTP port of the proxy as Proxy URL, most of them offer one. Messages and files do not need it.',
	);
	return { refusal };
}

function toAuthentication(
	credential: ICredentialDataDecryptedObject,
	customer: CustomerCorp | undefined,
): Authentication {
	const tokens = {
		suite_access_token: textOf(credential, 'suiteAccessToken'),
		provider_access_token: textOf(credential, 'providerAccessToken'),
	};
	if (credential.authentication === 'suite') {
		return {
			type: 'suite',
			suiteId: textOf(credential, 'suiteId'),
			suiteSecret: textOf(credential, 'suiteSecret'),
			suiteTicket: textOf(credential, 'suiteTicket'),
			authCorpId: textOf(credential, 'authCorpId'),
			permanentCode: textOf(credential, 'permanentCode'),
			tokens,
			...customer,
		};
	}
	if (credential.authentication !== 'accessToken') {
		const corpId = customer?.authCorpId ?? textOf(credential, 'corpId');
		const corpSecret = customer?.permanentCode ?? textOf(credential, 'corpSecret');
		return { type: 'corpSecret', corpId, corpSecret, tokens };
	}
	if (customer) {
		throw new InvalidInputError(
			'Auth Corp ID',
			'"Auth Corp ID" cannot be used with an access token: the credential cannot get one for another corp',
			'Choose Third-Party App (Suite) as authentication on the credential, or leave Auth Corp ID out.',
		);
	}
	return { type: 'static', tokens: { access_token: textOf(credential, 'accessToken'), ...tokens } };
}

function toProvider(credential: ICredentialDataDecryptedObject): {
	provider?: ProviderSecret;
} {
	const providerCorpId = textOf(credential, 'providerCorpId');
	const providerSecret = textOf(credential, 'providerSecret');
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
		corp: customer?.authCorpId ?? textOf(credential, own),
		credential: customer ? '' : (node.credentials?.wecomDataApi?.id ?? ''),
	};
}

/** The program in the data zone that a `wecomDataApi` credential names. */
export function toProgram(credential: ICredentialDataDecryptedObject): ZoneProgram {
	const style = credential.programStyle === 'python' ? 'python' : 'java';
	return { programId: textOf(credential, 'programId'), style };
}

/**
 * The key ring in a `wecomDataApi` credential; empty when it holds no keys.
 *
 * @throws KeyError, InvalidInputError naming the key that cannot be read
 */
export function toKeyRing(credential: ICredentialDataDecryptedObject): KeyRing {
	const key = textOf(credential, 'privateKey');
	const passphrase = textOf(credential, 'privateKeyPassphrase');
	const newest = {
		version: Number(credential.publicKeyVersion ?? 1),
		key,
		...(passphrase === '' ? {} : { passphrase }),
	};
	const older = parseOlderKeys(textOf(credential, 'olderPrivateKeys'));
	return new KeyRing(key === '' ? older : [newest, ...older]);
}

/** What opens the messages of a corp's own archive, beside the keys. */
const LIBRARY_FIELDS = [
	'archiveLibrary',
	'sidecarUrl',
	'sidecarToken',
	'authentication',
	'corpId',
	'corpSecret',
	'proxyUrl',
];

/** What {@link toDecryptor} makes a decryptor of: the rest may differ per item. */
export function toDecryption(
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
	way?: LibraryRouteFields,
): unknown[] {
	const { privateKey, privateKeyPassphrase, publicKeyVersion, olderPrivateKeys, messageCipher } =
		credential;
	const keys = [privateKey, privateKeyPassphrase, publicKeyVersion, olderPrivateKeys];
	return opensWithLibrary(credential)
		? [...keys, ...LIBRARY_FIELDS.map((field) => credential[field]), customer, way]
		: [...keys, messageCipher];
}

/**
 * The decryptor a `wecomDataApi` credential describes.
 *
 * @param customer for one item, in place of the credential's own corp
 * @param way of the library to WeCom, where records are fetched on another one than the credential's
 * @throws KeyError, InvalidInputError naming the field that cannot be used
 */
export function toDecryptor(
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
	way?: LibraryRouteFields,
): RecordDecryptor {
	return new RecordDecryptor(
		toKeyRing(credential),
		opensWithLibrary(credential)
			? openerOf(toOpenLibrary(credential, customer), way)
			: toCipher(credential),
	);
}

function opensWithLibrary(credential: ICredentialDataDecryptedObject): boolean {
	return toContract(credential) === 'messageArchive';
}

function toCipher({ messageCipher }: ICredentialDataDecryptedObject): MessageCipherName {
	return messageCipher === 'key-only' ? 'key-only' : 'aes-256-cbc';
}

/** Opens the library once there is something to open with it. */
function openerOf(open: OpenLibrary, way?: LibraryRouteFields): MessageOpener {
	return {
		decrypt: async (batch, signal) => await open(toLibraryRoute(way ?? {})).decrypt(batch, signal),
	};
}

/**
 * Tencent's library as a `wecomDataApi` credential describes it.
 *
 * @param customer for one item, in place of the credential's own corp
 * @throws NotInContractError for a credential whose API has no library
 */
export function toLibrary(
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
): ArchiveLibrary {
	const contract = toContract(credential);
	if (contract !== 'messageArchive') {
		throw new NotInContractError('checkLibrary', contract, ['messageArchive']);
	}
	return toOpenLibrary(credential, customer)();
}

/** The callback settings in a `wecomCallbackApi` credential. */
export function toCallbackSettings(credential: ICredentialDataDecryptedObject): CallbackSettings {
	return {
		token: textOf(credential, 'token'),
		encodingAesKey: textOf(credential, 'encodingAesKey'),
		receiveIds: textOf(credential, 'receiveIds')
			.split(/[,，\s]+/)
			.filter((id) => id !== ''),
	};
}

/** The Redis in a `wecomStateApi` credential. */
export function toRedisSettings(credential: ICredentialDataDecryptedObject): RedisSettings {
	return {
		host: textOf(credential, 'host'),
		port: Number(credential.port),
		user: textOf(credential, 'user'),
		password: textOf(credential, 'password'),
		database: Number(credential.database ?? 0),
		tls: yesIn(credential, 'tls', 'TLS'),
		keyPrefix: textOf(credential, 'keyPrefix'),
		encryptionKey: textOf(credential, 'encryptionKey'),
	};
}
