import { randomUUID } from 'node:crypto';

import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { getAcquisitionAuthInfo } from '../../wecom/api/acquisition';
import { getChatData } from '../../wecom/api/archive';
import { WecomClient, type Authentication } from '../../wecom/api/client';
import type { Operation } from '../../wecom/api/operation';
import { listOrders } from '../../wecom/api/orders';
import { TokenCache } from '../../wecom/auth/tokenCache';
import type { TokenKind } from '../../wecom/auth/tokenSource';
import { ANY_RECEIVE_ID, CallbackReceiver } from '../../wecom/callback/receiver';
import { InvalidInputError, WecomApiError, WecomError } from '../../wecom/errors';
import { checkRedis, makeRedisState } from '../../wecom/state/redisState';
import { toCallbackSettings, toClientSettings, toKeyRing, toRedisSettings } from './credentials';
import { sentencesOf } from './menuWords';

const TEST_TIMEOUT_MS = 15_000;

async function outcome(
	check: (data: ICredentialDataDecryptedObject) => Promise<string>,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		return { status: 'OK', message: await check(credential.data ?? {}) };
	} catch (error) {
		if (!(error instanceof WecomError)) return { status: 'Error', message: 'Unexpected condition' };
		return { status: 'Error', message: sentencesOf(error) };
	}
}

async function checkDataCredential(data: ICredentialDataDecryptedObject): Promise<string> {
	const { versions } = toKeyRing(data);
	const settings = toClientSettings(data);
	const client = new WecomClient({
		...settings,
		askAgain: true,
		// What was issued an hour ago says nothing about a secret that was reset since.
		tokenCache: new TokenCache(),
		retry: { frequencyWaitMs: 0, maxWaitMs: 5000 },
	});
	const keys = versions.length
		? `keys of version ${versions.join(', ')} can be read`
		: 'no private key, so messages cannot be decrypted';
	const { authentication } = settings;
	const proofs = [
		...(authentication.type === 'static' ? await tryGivenTokens(client, data) : []),
		...(await fetchTokens(client, authentication)),
	];
	if (proofs.length === 0) {
		throw new InvalidInputError(
			'accessToken',
			'The credential holds no token',
			'Fill in Access Token, or choose another authentication.',
		);
	}
	return `${proofs.join('; ')}; ${keys}`;
}

/** What WeCom issues for the secrets of the credential. */
async function fetchTokens(client: WecomClient, authentication: Authentication): Promise<string[]> {
	const kinds: TokenKind[] = [];
	if (authentication.type === 'corpSecret') kinds.push('access_token');
	if (authentication.type === 'suite') {
		kinds.push(authentication.authCorpId ? 'access_token' : 'suite_access_token');
	}
	if (authentication.provider) kinds.push('provider_access_token');
	const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
	for (const kind of kinds) await client.authenticate(kind, signal);
	return kinds.map((kind) => `WeCom issued ${kind === 'access_token' ? 'an' : 'a'} ${kind}`);
}

async function tryGivenTokens(
	client: WecomClient,
	data: ICredentialDataDecryptedObject,
): Promise<string[]> {
	return [
		...(data.accessToken
			? [await tryToken(client, 'access_token', getChatData, { limit: 1 })]
			: []),
		...(data.suiteAccessToken
			? [await tryToken(client, 'suite_access_token', getAcquisitionAuthInfo, {})]
			: []),
		...(data.providerAccessToken
			? [await tryToken(client, 'provider_access_token', listOrders, { limit: 1 })]
			: []),
	];
}

/** Proves a token with the cheapest call that takes it; not to be permitted to call is proof too. */
async function tryToken<Input>(
	client: WecomClient,
	kind: TokenKind,
	operation: Operation<Input, unknown>,
	input: Input,
): Promise<string> {
	try {
		await client.call(operation, input, { timeoutMs: TEST_TIMEOUT_MS });
		return `WeCom accepts the ${kind}`;
	} catch (error) {
		if (error instanceof WecomApiError && error.entry.provesToken) {
			return `WeCom accepts the ${kind}, but not for ${error.path} (${error.errcode}: ${error.errmsg})`;
		}
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
	}
}

function whoIsAccepted(receiveIds: readonly string[]): string {
	if (receiveIds.length === 0) return 'only callbacks without a receive id are accepted';
	return receiveIds.includes(ANY_RECEIVE_ID)
		? 'callbacks of every corp with this Token and key are accepted'
		: `callbacks for ${receiveIds.join(', ')} are accepted`;
}

/**
 * Tests of the package's credentials, for `methods.credentialTest`: they say in WeCom's own words
 * what is wrong, and parse every key.
 */
export const credentialTests = {
	/** Fetches a token (or tries the given one) and reads the private keys. */
	async wecomDataApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(checkDataCredential, credential);
	},

	/** Checks Token and EncodingAESKey for form; WeCom has nothing to ask them at. */
	async wecomCallbackApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(async (data) => {
			const settings = toCallbackSettings(data);
			new CallbackReceiver(settings);
			return `Token and EncodingAESKey have the right form; ${whoIsAccepted(settings.receiveIds)}`;
		}, credential);
	},

	/** Tries all that is done with a Redis, and writes a value and reads it back. */
	async wecomStateApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(async (data) => {
			const settings = toRedisSettings(data);
			await checkRedis(settings);
			const { secrets } = makeRedisState(settings);
			const value = randomUUID();
			await secrets.set('test', value, TEST_TIMEOUT_MS);
			if ((await secrets.get('test')) !== value) {
				throw new InvalidInputError(
					'keyPrefix',
					'Redis gave back something else than was written',
					'Is there another writer with the same Key Prefix, or a Redis that drops keys at once?',
				);
			}
			return data.encryptionKey || data.password
				? 'Redis keeps what is written, encrypted'
				: 'Redis keeps what is written; fill in Encryption Key, without it and a password suite tickets are hardly protected';
		}, credential);
	},
};

/** Those of the action nodes and the polling trigger. */
export const dataApiTests = {
	wecomDataApiTest: credentialTests.wecomDataApiTest,
	wecomStateApiTest: credentialTests.wecomStateApiTest,
};
