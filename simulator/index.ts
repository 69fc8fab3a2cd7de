import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Archive } from './archive';
import { CallbackBuilder } from './callbacks/build';
import { sendCallback, verifyUrl } from './callbacks/send';
import { makeWorld } from './data/world';
import { Faults } from './faults';
import { makeKeyRing } from './keys';
import { addControlRoutes } from './routes/control';
import { makeServer, type RecordedRequest } from './server';
import { Tokens } from './tokens';
import type { Simulator, SimulatorOptions } from './types';

export type { BadRecords, MessageOptions, RecordState, TrueRecord } from './archive';
export type { BuiltCallback, CallbackOptions, CallbackQuery } from './callbacks/build';
export type { CallbackEvent, EventFields } from './callbacks/events';
export type { CallbackResult, SendCallbackOptions, VerifyResult } from './callbacks/send';
export { credentialsFor, type PasteableCredentials } from './credentials';
export { MESSAGE_TYPES, type MessageType } from './data/kinds';
export type { Customer, Group, Member, World } from './data/world';
export type { Fault, FaultEffect, FaultScope } from './faults';
export type { KeyPair } from './keys';
export { DAMAGES, type Damage } from './seal';
export type { RecordedRequest } from './server';
export type { Simulator, SimulatorOptions } from './types';

const DEFAULT_MESSAGES = 2000;
const DEFAULT_TOKEN_TTL = 7200;
const DEFAULT_MAX_RESPONSE = 8 * 1024 * 1024;

/**
 * Starts a WeCom on this machine that speaks the reference contract: real RSA and AES, seeded
 * conversations, tokens that expire, faults on demand and a sender of callbacks.
 *
 * @example
 * const wecom = await startSimulator({ messageCount: 100 });
 * // point a client at wecom.url with wecom.corp and wecom.keys
 * await wecom.stop();
 *
 * @throws RangeError for an option out of range; Error when the port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const {
		port = 0,
		seed = 1,
		messageCount = DEFAULT_MESSAGES,
		firstSeq = 1n,
		tokenTtlSeconds = DEFAULT_TOKEN_TTL,
		maxResponseBytes = DEFAULT_MAX_RESPONSE,
		now = Date.now,
		...badRecords
	} = options;
	const world = makeWorld(seed, now());
	const keys = await makeKeyRing();
	const start = { ...badRecords, seed, count: messageCount, firstSeq: BigInt(firstSeq) };
	const archive = new Archive(start, world, keys.publicKeys, now);
	const tokens = new Tokens(tokenTtlSeconds, now);
	const faults = new Faults();
	const builder = new CallbackBuilder(world, seed, now);
	const requests: RecordedRequest[] = [];
	const stopping = new AbortController();
	// One listener for each request that a fault holds up, however many there are.
	setMaxListeners(0, stopping.signal);
	const app = makeServer({
		world,
		archive,
		tokens,
		maxResponseBytes,
		faults,
		requests,
		now,
		stopping: stopping.signal,
	});

	let url = '';
	const simulator: Simulator = {
		get url() {
			return url;
		},
		corp: { corpId: world.corpId, corpSecret: world.corpSecret },
		callback: {
			token: world.callbackToken,
			encodingAesKey: world.encodingAesKey,
			receiveId: world.corpId,
			suiteId: world.suiteId,
		},
		keys: keys.pairs,
		world,
		truth: archive.truth,
		requests,
		get tokensIssued() {
			return tokens.issued;
		},
		faults,
		addMessages: (count, messageOptions) => archive.add(count, messageOptions),
		corrupt: (seq, damage) => archive.corrupt(BigInt(seq), damage),
		expireTokens: () => tokens.expireAll(),
		buildCallback: (callback) => builder.seal(builder.content(callback)),
		sendCallback: (callback) => sendCallback(builder, callback),
		verifyUrl: (url) => verifyUrl(builder, url),
		async stop() {
			stopping.abort();
			await app.close();
		},
	};
	addControlRoutes(app, simulator);
	await app.listen({ port, host: '127.0.0.1' });
	url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
	return simulator;
}
