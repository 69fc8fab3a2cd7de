import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { getAcquisitionAuthInfo } from '../../../wecom/api/acquisition';
import { getChatData } from '../../../wecom/api/archive';
import { getPreAuthCode } from '../../../wecom/api/authorization';
import type { ZoneProgram } from '../../../wecom/api/carriers/carrier';
import { WecomClient, type Authentication, type ClientSettings } from '../../../wecom/api/client';
import type { Operation } from '../../../wecom/api/operation';
import { listOrders } from '../../../wecom/api/orders';
import type { Contract } from '../../../wecom/api/wire';
import { listPermittedMembers } from '../../../wecom/api/zone';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import type { TokenKind } from '../../../wecom/auth/tokenSource';
import { InvalidInputError, WecomApiError } from '../../../wecom/errors';
import { toClientSettings, toKeyRing } from '../credentials';
import { limit, problem, proof, type Finding } from './finding';
import { testLibrary } from './libraryTest';
import { TEST_TIMEOUT_MS } from './outcome';
import { findProgram, testProgram } from './programTest';
import { isUnknownPath, whatIsSpoken } from './spokenContract';

/** What follows from a credential that holds no private key. */
const WITHOUT_KEY: Readonly<Record<Contract, string>> = {
	reference: 'no private key, so messages cannot be decrypted',
	dataZone: 'no private key, so the keys of messages cannot be opened',
	messageArchive: 'no private key, so messages cannot be decrypted',
};

/** The cheapest call with a suite_access_token, where there is one. */
const OF_SUITE: Readonly<Partial<Record<Contract, Operation<Record<string, never>, unknown>>>> = {
	reference: getAcquisitionAuthInfo,
	// The component of the zone takes the access_token of the corp.
	dataZone: getPreAuthCode,
};

/** What makes sure that the server speaks the chosen API. */
const TESTS = {
	reference: testReference,
	dataZone: testZone,
	messageArchive: testArchive,
} as const satisfies Record<Contract, Test>;

type Settings = ClientSettings & { program: ZoneProgram };
type Test = (
	client: WecomClient,
	settings: Settings,
	signal: AbortSignal,
) => AsyncGenerator<Finding>;

/**
 * Fetches a token (or tries the given one), makes sure that the server speaks the chosen API, in the
 * data zone that the program answers, reads the private keys, and looks at Tencent's library where
 * messages come through it.
 *
 * @throws WecomError saying what is wrong
 */
export async function* checkDataCredential(
	data: ICredentialDataDecryptedObject,
): AsyncGenerator<Finding> {
	const { versions } = toKeyRing(data);
	const settings = toClientSettings(data);
	const { contract, authentication } = settings;
	// What was issued an hour ago says nothing about a secret that was reset since.
	const tokenCache = new TokenCache();
	const retry = { frequencyWaitMs: 0, maxWaitMs: 5000 };
	const clientOf = (spoken: Contract) =>
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
			yield* TESTS[contract](client, settings, signal);
		} catch (error) {
			if (!isUnknownPath(error)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
			yield problem(await whatIsSpoken(error, contract, clientOf, signal));
		}
	}
	yield* tryOtherTokens(client, authentication, contract, signal);
	yield proof(
		versions.length ? `keys of version ${versions.join(', ')} can be read` : WITHOUT_KEY[contract],
	);
	if (settings.library) yield await testLibrary(settings.library, signal);
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
	{ authentication }: Settings,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const accepted = await tryToken(client, 'access_token', getChatData, { limit: 1 }, signal);
	yield* unlessFetched(accepted, authentication);
}

/** Calls something that only WeCom itself and gateways serve; messages come another way. */
async function* testArchive(
	client: WecomClient,
	{ authentication }: Settings,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const accepted = await tryToken(client, 'access_token', listPermittedMembers, {}, signal);
	yield* unlessFetched(accepted, authentication);
}

/** That a token which WeCom has just issued is accepted goes without saying. */
function* unlessFetched(accepted: Finding, { type }: Authentication): Generator<Finding> {
	if (type === 'static' || accepted.kind === 'limit') yield accepted;
}

/** Asks for the program, and lets it answer. */
async function* testZone(
	client: WecomClient,
	{ program, authentication }: Settings,
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
	contract: Contract,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	if (type !== 'static') return;
	const operation = OF_SUITE[contract];
	if (tokens.suite_access_token && operation) {
		yield await tryToken(client, 'suite_access_token', operation, {}, signal);
	}
	if (tokens.provider_access_token && listOrders.wires[contract]) {
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
