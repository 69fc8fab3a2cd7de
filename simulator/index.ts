import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Archive } from './archive';
import { makeBackend } from './backend';
import { CallbackBuilder } from './callbacks/build';
import { Notifier } from './callbacks/notifier';
import { requireUrl, sendCallback, verifyUrl } from './callbacks/send';
import { approvals } from './approvals';
import { CONTRACTS, requireContracts, type Contract } from './contracts';
import { makeWorld } from './data/world';
import { Faults } from './faults';
import { makeKeyRing } from './keys';
import { mediaBytes } from './media';
import { addControlRoutes } from './routes/control';
import { makeServer, type RecordedRequest } from './server';
import { suiteIdentity } from './suite';
import { makeTokens } from './tokens';
import type { Simulator, SimulatorOptions } from './types';

export type { AcquiredCustomer, AcquisitionLink } from './acquisition';
export type { BadRecords, MessageOptions, RecordState, TrueRecord } from './archive';
export type {
	AuthorizedCorp,
	DataPermission,
	InstallOptions,
	IssuedAuthCode,
} from './authorizations';
export type { BuiltCallback, CallbackOptions, CallbackQuery } from './callbacks/build';
export type { SentCallback } from './callbacks/notifier';
export { CALLBACK_EVENTS, type CallbackEvent, type EventFields } from './callbacks/events';
export { CHANNELS, type Channel } from './callbacks/shapes';
export type { CallbackResult, SendCallbackOptions, VerifyResult } from './callbacks/send';
export type { ChatSummary } from './chats';
export { CONTRACTS, type Contract } from './contracts';
export { credentialsFor, suiteCredentialsFor, type PasteableCredentials } from './credentials';
export { MESSAGE_TYPES, type MessageType } from './data/kinds';
export type {
	Customer,
	Department,
	Group,
	Member,
	ProgramStyle,
	Tag,
	TagGroup,
	World,
} from './data/world';
export type { BoughtEdition, CustomerCorp, Order } from './orders';
export type { Fault, FaultEffect, FaultScope } from './faults';
export type { KeyPair } from './keys';
export {
	ENDS,
	findCompiler,
	installLibrary,
	LIBRARY_NAME,
	sealForLibrary,
	type EndsProcess,
	whyNoLibrary,
} from './library';
export type { ModelJob } from './modelJobs';
export { MODELS, type ModelName } from './models';
export type { Mood } from './models/sentiment';
export type { KeywordHit } from './rules';
export { DAMAGES, type Damage } from './seal';
export type { Ability, ProgramSettings } from './program';
export type { RecordedRequest } from './server';
export type { Provider } from './suite';
export type { Simulator, SimulatorOptions } from './types';
export type { Upload } from './uploads';
export type { ProgramEvent, StoredEvent } from './zoneEvents';

const DEFAULT_MESSAGES = 2000;
const DEFAULT_TOKEN_TTL = 7200;
/** Events of the reference contract that the data zone tells its program; a corp gets the first, too. */
const OF_REFERENCE = ['msgaudit_notify', 'msgaudit_keyword_hit', 'msgaudit_export_finish'] as const;
const DEFAULT_MODEL_QUOTA = 10_000;
const DEFAULT_MODEL_MESSAGES = 100_000;
const DEFAULT_MODEL_SECONDS = 1;
const DEFAULT_EXPORT_SECONDS = 2;
const DEFAULT_LEARN_SECONDS = 2;
const DEFAULT_PAGE_MS = 20;
const DEFAULT_BALANCE_FEN = 10_000_000;
const DEFAULT_WRONG_SECRETS = 20;
const DEFAULT_MAX_RESPONSE = 8 * 1024 * 1024;

/**
 * Starts a WeCom on this machine that speaks the contracts: real RSA and AES, seeded conversations,
 * tokens that expire, faults on demand and a sender of callbacks.
 *
 * @example
 * const wecom = await startSimulator({ messageCount: 100 });
 * // point a client at wecom.url with wecom.corp and wecom.keys
 * await wecom.stop();
 *
 * @throws RangeError for an option out of range, TypeError for a bad callbackUrl; Error when the port
 * is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const {
		contracts = CONTRACTS,
		port = 0,
		seed = 1,
		messageCount = DEFAULT_MESSAGES,
		firstSeq = 1n,
		tokenTtlSeconds = DEFAULT_TOKEN_TTL,
		maxResponseBytes = DEFAULT_MAX_RESPONSE,
		modelQuota = DEFAULT_MODEL_QUOTA,
		modelMessageQuota = DEFAULT_MODEL_MESSAGES,
		modelSeconds = DEFAULT_MODEL_SECONDS,
		exportSeconds = DEFAULT_EXPORT_SECONDS,
		learnSeconds = DEFAULT_LEARN_SECONDS,
		pageMs = DEFAULT_PAGE_MS,
		shortPages = false,
		balanceFen = DEFAULT_BALANCE_FEN,
		wrongSecretLimit = DEFAULT_WRONG_SECRETS,
		callbackUrl,
		providerCallbackUrl,
		now = Date.now,
		...badRecords
	} = options;
	const world = makeWorld(seed, now());
	const keys = await makeKeyRing();
	const start = { ...badRecords, seed, count: messageCount, firstSeq: BigInt(firstSeq) };
	const archive = new Archive(start, world, keys.publicKeys, now);
	const tokens = makeTokens(tokenTtlSeconds, now);
	const faults = new Faults();
	const providerCorpId = suiteIdentity(seed).provider.corpId;
	const builder = new CallbackBuilder({ world, providerCorpId, seed, now });
	const requests: RecordedRequest[] = [];
	const stopping = new AbortController();
	// One listener for each request that a fault holds up, however many there are.
	setMaxListeners(0, stopping.signal);
	const notifier = new Notifier(
		builder,
		callbackUrl === undefined ? undefined : { url: requireUrl(callbackUrl) },
		stopping.signal,
		mutedFor(contracts),
	);
	if (providerCallbackUrl !== undefined) {
		notifier.setProviderTarget({ url: requireUrl(providerCallbackUrl) });
	}
	const backend = makeBackend({
		contracts: requireContracts(contracts),
		world,
		archive,
		tokens,
		notifier,
		now,
		maxResponseBytes,
		modelQuota,
		modelMessageQuota,
		modelSeconds,
		exportSeconds,
		learnSeconds,
		pageMs,
		shortPages,
		seed,
		balanceFen,
		wrongSecretLimit,
	});
	const { suite, authorizations } = backend;
	const pasted = { corpId: suite.provider.corpId, app: 'pasted' };
	const app = makeServer({ ...backend, faults, requests, stopping: stopping.signal });

	let url = '';
	const simulator: Simulator = {
		get url() {
			return url;
		},
		contracts,
		corp: { corpId: world.corpId, corpSecret: world.corpSecret },
		callback: {
			token: world.callbackToken,
			encodingAesKey: world.encodingAesKey,
			receiveId: world.corpId,
			suiteId: world.suiteId,
			get providerId() {
				return notifier.hasProviderTarget ? suite.provider.corpId : undefined;
			},
		},
		keys: keys.pairs,
		world,
		truth: archive.truth,
		requests,
		programs: world.programs,
		debugToken: backend.programs.debugToken,
		suite: { suiteId: suite.suiteId, suiteSecret: suite.suiteSecret },
		get suiteTicket() {
			return suite.tickets.newest ?? '';
		},
		provider: suite.provider,
		customers: authorizations.corps,
		get suiteAccessToken() {
			return tokens.suite_access_token.grant(pasted, Infinity).token;
		},
		get providerAccessToken() {
			return tokens.provider_access_token.grant(pasted, Infinity).token;
		},
		get tokensIssued() {
			return tokens.access_token.issued;
		},
		faults,
		get chats() {
			return backend.chats.list();
		},
		keywordHits: backend.keywordRules.hits,
		modelJobs: backend.modelJobs.list,
		uploads: backend.uploads.list,
		acquisition: backend.acquisition,
		orders: backend.orders,
		callbacksSent: notifier.sent,
		addMessages(count, messageOptions) {
			const added = archive.add(count, messageOptions);
			if (added.length > 0) notifier.notify('msgaudit_notify');
			const hits = backend.keywordRules.look(added);
			if (added.length > 0) backend.events.tell({ event_type: 'conversation_new_message' });
			if (hits > 0) backend.events.tell({ event_type: 'hit_keyword' });
			for (const event of approvals(added, world)) backend.events.tell(event);
			return added;
		},
		media: (sdkfileid) => mediaBytes(sdkfileid),
		corrupt: (seq, damage) => archive.corrupt(BigInt(seq), damage),
		pushSuiteTicket: () => suite.pushTicket(),
		authorizeCorp: (install) => authorizations.install(install),
		changeAuth: (corpId) => authorizations.change(corpId),
		cancelAuth: (corpId) => authorizations.cancel(corpId),
		resetPermanentCode: (corpId) => authorizations.reset(corpId),
		takeRight: (name) => authorizations.takeRight(name),
		endRight: (name, at) => authorizations.endRight(name, at),
		failModelJobs: (model, times) => backend.modelJobs.fail(model, times),
		configureProgram: (style, settings) => backend.programs.configure(style, settings),
		notifyProgram: (event, scene) => backend.events.notify(event, scene),
		callBackTo(target, channel) {
			if (channel === 'provider') notifier.setProviderTarget({ url: requireUrl(target) });
			else notifier.setTarget({ url: requireUrl(target) });
		},
		expireTokens: () => Object.values(tokens).forEach((kind) => kind.expireAll()),
		buildCallback: (callback) => builder.seal(builder.content(callback)),
		sendCallback: (callback) => sendCallback(builder, callback),
		verifyUrl: (url) => verifyUrl(builder, url),
		settled: () => notifier.settled(),
		async stop() {
			stopping.abort();
			backend.moments.stop();
			await app.close();
		},
	};
	addControlRoutes(app, simulator);
	await app.listen({ port, host: '127.0.0.1' });
	url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
	return simulator;
}

/** Events that are not called back with. */
function mutedFor(contracts: readonly Contract[]): ReadonlyArray<(typeof OF_REFERENCE)[number]> {
	if (contracts.includes('reference')) return [];
	return contracts.includes('messageArchive') ? OF_REFERENCE.slice(1) : OF_REFERENCE;
}
