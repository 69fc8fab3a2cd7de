import type { Simulator } from './types';

/** What to type into the two n8n credentials to reach a simulator. */
export interface PasteableCredentials {
	readonly wecomDataApi: Readonly<Record<string, string | number>>;
	readonly wecomCallbackApi: Readonly<Record<string, string>>;
}

/** The contents of credentials `wecomDataApi` and `wecomCallbackApi` for this simulator. */
export function credentialsFor(simulator: Simulator): PasteableCredentials {
	const { url, corp, callback, keys, programs } = simulator;
	const privateKeyOf = (version: number) => keys[version]?.privateKey ?? '';
	return {
		wecomDataApi: {
			baseUrl: url,
			authentication: 'corpSecret',
			corpId: corp.corpId,
			corpSecret: corp.corpSecret,
			suiteAccessToken: simulator.suiteAccessToken,
			providerAccessToken: simulator.providerAccessToken,
			privateKey: privateKeyOf(2),
			publicKeyVersion: 2,
			olderPrivateKeys: JSON.stringify({ 1: privateKeyOf(1) }),
			messageCipher: 'aes-256-cbc',
			programId: programs.java,
			programStyle: 'java',
		},
		wecomCallbackApi: {
			token: callback.token,
			encodingAesKey: callback.encodingAesKey,
			receiveIds: `${callback.receiveId},${callback.suiteId}`,
		},
	};
}
