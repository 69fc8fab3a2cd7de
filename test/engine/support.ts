import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import {
	credentialsFor,
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import { Engine } from './harness';

/** A simulator and an engine whose credentials reach it. */
export interface Bench {
	wecom: Simulator;
	engine: Engine;
	stop(): Promise<void>;
}

/** Starts both. */
export async function startBench(options: SimulatorOptions = {}): Promise<Bench> {
	const wecom = await startSimulator(options);
	const engine = await Engine.load({ ...credentialsFor(wecom) } as Engine['credentials']);
	return {
		wecom,
		engine,
		stop: async () => {
			await wecom.stop();
		},
	};
}

/** Parameters of message.getAll with their defaults. */
export function getAll(parameters: object = {}) {
	return {
		resource: 'message',
		operation: 'getAll',
		startAfterSeq: '0',
		returnAll: true,
		limit: 50,
		decrypt: true,
		simplify: true,
		options: {},
		...parameters,
	};
}

/** Parameters of message.decrypt with their defaults. */
export const decryptRecords = {
	resource: 'message',
	operation: 'decrypt',
	encryptRandomKeyField: 'encrypt_random_key',
	encryptChatMsgField: 'encrypt_chat_msg',
	publickeyVerField: 'publickey_ver',
	simplify: true,
	options: {},
};

/** Every secret of a bench, to be searched for in whatever comes out. */
export function secretsOf({ wecom, engine }: Pick<Bench, 'wecom' | 'engine'>): string[] {
	const tokens = wecom.requests
		.flatMap(({ query }) =>
			Object.entries(query).map(([name, value]) =>
				name.endsWith('access_token') ? value : undefined,
			),
		)
		.filter((token) => token !== undefined);
	const pem = Object.values(wecom.keys).map(({ privateKey }) => privateKey);
	const credential = engine.credentials.wecomDataApi as ICredentialDataDecryptedObject;
	return [
		...new Set([
			...tokens,
			wecom.suiteAccessToken,
			wecom.providerAccessToken,
			wecom.corp.corpSecret,
			wecom.callback.token,
			wecom.callback.encodingAesKey,
			String(credential.corpSecret),
			// A line from the middle of each key: nobody quotes the whole.
			...pem.map((key) => key.split('\n')[5] ?? key),
		]),
	];
}
