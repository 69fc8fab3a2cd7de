import { randomUUID } from 'node:crypto';

import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { getAcquisitionAuthInfo } from '../../wecom/api/acquisition';
import { getChatData } from '../../wecom/api/archive';
import { getPreAuthCode } from '../../wecom/api/authorization';
import type { ZoneProgram } from '../../wecom/api/carriers/carrier';
import { WecomClient, type Authentication, type ClientSettings } from '../../wecom/api/client';
import type { Operation } from '../../wecom/api/operation';
import { listOrders } from '../../wecom/api/orders';
import { listPermittedMembers } from '../../wecom/api/zone';
import { TokenCache } from '../../wecom/auth/tokenCache';
import type { TokenKind } from '../../wecom/auth/tokenSource';
import { ANY_RECEIVE_ID, CallbackReceiver } from '../../wecom/callback/receiver';
import { CancelledError, InvalidInputError, WecomApiError, WecomError } from '../../wecom/errors';
import { checkRedis, makeRedisState } from '../../wecom/state/redisState';
import {
	toCallbackSettings,
	toClientSettings,
	toKeyRing,
	toRedisSettings,
	type OfferedContract,
} from './credentials';
import { limit, problem, proof, toResult, type Finding } from './finding';
import { sentencesOf } from './menuWords';
import { findProgram, testProgram } from './programTest';
import { isUnknownPath, whatIsSpoken } from './spokenContract';

const TEST_TIMEOUT_MS = 15_000;
/** What follows from a credential that holds no private key. */
const WITHOUT_KEY: Readonly<Record<OfferedContract, string>> = {
	reference: 'no private key, so messages cannot be decrypted',
	dataZone: 'no private key, so the keys of messages cannot be opened',
};

/** Findings that come one after the other, until the last or until something goes wrong. */
type Findings = AsyncIterable<Finding> | Iterable<Finding>;

async function outcome(
	check: (data: ICredentialDataDecryptedObject) => Findings,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const findings: Finding[] = [];
	try {
		for await (const finding of check(credential.data ?? {})) {
			findings.push(finding);
			if (finding.kind === 'problem') break;
		}
	} catch (error) {
		findings.push(problem(wordsOfFailure(error)));
	}
	return toResult(findings);
}

function wordsOfFailure(error: unknown): string {
	if (error instanceof CancelledError) {
		return `The test was given up after ${TEST_TIMEOUT_MS / 1000} seconds without an answer`;
	}
	return error instanceof WecomError ? sentencesOf(error) : 'Unexpected condition';
}

async function* checkDataCredential(data: ICredentialDataDecryptedObject): AsyncGenerator<Finding> {
	const { versions } = toKeyRing(data);
	const settings = toClientSettings(data);
	const { contract, authentication } = settings;
	// What was issued an hour ago says nothing about a secret that was reset since.
	const tokenCache = new TokenCache();
	const retry = { frequencyWaitMs: 0, maxWaitMs: 5000 };
	const clientOf = (spoken: OfferedContract) =>
		new WecomClient({ ...settings, contract: spoken, askAgain: true, tokenCache, retry });
	const client = clientOf(contract);
	const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
	if (!holdsToken(authentication)) {
		throw new InvalidInputError(
			'accessToken',
			'The credential holds no token',
			'Fill in Access Token, or choose another authentication.',
		);
	}
	yield* fetchTokens(client, authentication, signal);
	if (reachesCorp(authentication)) {
		try {
			yield* contract === 'dataZone'
				? testZone(client, settings, signal)
				: testReference(client, authentication, signal);
		} catch (error) {
			if (!isUnknownPath(error)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
			yield problem(await whatIsSpoken(error, contract, clientOf, signal));
		}
	}
	yield* tryOtherTokens(client, authentication, contract, signal);
	yield proof(
		versions.length ? `keys of version ${versions.join(', ')} can be read` : WITHOUT_KEY[contract],
	);
}

/** Whether there is anything to test. */
function holdsToken(authentication: Authentication): boolean {
	return (
		authentication.type !== 'static' ||
		authentication.provider !== undefined ||
		Object.values(authentication.tokens).some((one) => one)
	);
}

/** Whether an access_token can be had, or is given: a suite alone names no corp. */
function reachesCorp(authentication: Authentication): boolean {
	if (authentication.type === 'static') return Boolean(authentication.tokens.access_token);
	return authentication.type === 'corpSecret' || Boolean(authentication.authCorpId);
}

/** What WeCom issues for the secrets of the credential. */
async function* fetchTokens(
	client: WecomClient,
	authentication: Authentication,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const kinds: TokenKind[] = [];
	if (authentication.type === 'corpSecret') kinds.push('access_token');
	if (authentication.type === 'suite') {
		kinds.push(authentication.authCorpId ? 'access_token' : 'suite_access_token');
	}
	if (authentication.provider) kinds.push('provider_access_token');
	for (const kind of kinds) {
		await client.authenticate(kind, signal);
		yield proof(`WeCom issued ${kind === 'access_token' ? 'an' : 'a'} ${kind}`);
	}
}

/** Calls something that only a server of the reference contract serves. */
async function* testReference(
	client: WecomClient,
	{ type }: Authentication,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const accepted = await tryToken(client, 'access_token', getChatData, { limit: 1 }, signal);
	// That a token which WeCom has just issued is accepted goes without saying.
	if (type === 'static' || accepted.kind === 'limit') yield accepted;
}

/** Asks for the program, and lets it answer. */
async function* testZone(
	client: WecomClient,
	{ program, authentication }: ClientSettings & { program: ZoneProgram },
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	if (program.programId === '') {
		// No program is missing where the server does not speak of programs at all.
		await tryToken(client, 'access_token', listPermittedMembers, { limit: 1 }, signal);
		throw new InvalidInputError(
			'programId',
			'"Program ID" is empty, expected the program in the data zone',
			'Without one the zone gives nothing about messages. The console has it under 数据与智能专区, with the program that is linked with the app.',
		);
	}
	await findProgram(client, program.programId, signal);
	if (authentication.type === 'static') yield proof('WeCom accepts the access_token');
	yield* testProgram(client, program, signal);
}

/** Tokens that were typed in, beside the access_token. */
async function* tryOtherTokens(
	client: WecomClient,
	{ type, tokens = {} }: Authentication,
	contract: OfferedContract,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	if (type !== 'static') return;
	if (tokens.suite_access_token) {
		// The component of the zone takes the access_token of the corp.
		const operation = contract === 'dataZone' ? getPreAuthCode : getAcquisitionAuthInfo;
		yield await tryToken(client, 'suite_access_token', operation, {}, signal);
	}
	if (tokens.provider_access_token) {
		yield await tryToken(client, 'provider_access_token', listOrders, { limit: 1 }, signal);
	}
}

/** Proves a token with the cheapest call that takes it; not to be permitted to call is proof too. */
async function tryToken<Input>(
	client: WecomClient,
	kind: TokenKind,
	operation: Operation<Input, unknown>,
	input: Input,
	signal: AbortSignal,
): Promise<Finding> {
	try {
		await client.call(operation, input, { signal });
		return proof(`WeCom accepts the ${kind}`);
	} catch (error) {
		if (error instanceof WecomApiError && error.entry.provesToken) {
			return limit(
				`WeCom accepts the ${kind}, but not for ${error.path} (${error.errcode}: ${error.errmsg})`,
			);
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
	/**
	 * Fetches a token (or tries the given one), makes sure that the server speaks the chosen API, in
	 * the data zone that the program answers, and reads the private keys.
	 */
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
		return await outcome(function* (data) {
			const settings = toCallbackSettings(data);
			new CallbackReceiver(settings);
			yield proof('Token and EncodingAESKey have the right form');
			yield proof(whoIsAccepted(settings.receiveIds));
		}, credential);
	},

	/** Tries all that is done with a Redis, and writes a value and reads it back. */
	async wecomStateApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(async function* (data) {
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
			yield proof(
				data.encryptionKey || data.password
					? 'Redis keeps what is written, encrypted'
					: 'Redis keeps what is written; fill in Encryption Key, without it and a password suite tickets are hardly protected',
			);
		}, credential);
	},
};

/** Those of the action nodes and the polling trigger. */
export const dataApiTests = {
	wecomDataApiTest: credentialTests.wecomDataApiTest,
	wecomStateApiTest: credentialTests.wecomStateApiTest,
};
