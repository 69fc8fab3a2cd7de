import { CONTRACTS, type Contract } from './contracts';
import type { Simulator } from './types';

/** What to type into the two n8n credentials to reach a simulator. */
export interface PasteableCredentials {
	readonly wecomDataApi: Readonly<Record<string, string | number>>;
	readonly wecomCallbackApi: Readonly<Record<string, string>>;
}

/**
 * The contents of credentials `wecomDataApi` and `wecomCallbackApi` for this simulator.
 *
 * @param contract - by which to speak; the reference where it is served. For `messageArchive` the
 * library has to be there as well, see `installLibrary`
 */
export function credentialsFor(
	simulator: Simulator,
	contract = usualContract(simulator),
): PasteableCredentials {
	const { url, corp, callback } = simulator;
	return {
		wecomDataApi: {
			...named(contract),
			baseUrl: url,
			authentication: 'corpSecret',
			corpId: corp.corpId,
			corpSecret: corp.corpSecret,
			...(contract === 'messageArchive'
				? { archiveLibrary: 'thisMachine', ...keysOf(simulator) }
				: {
						suiteAccessToken: simulator.suiteAccessToken,
						providerAccessToken: simulator.providerAccessToken,
						...dataZoneOf(simulator),
					}),
		},
		wecomCallbackApi: {
			token: callback.token,
			encodingAesKey: callback.encodingAesKey,
			receiveIds: [callback.receiveId, callback.suiteId, callback.providerId]
				.filter((id) => id !== undefined)
				.join(','),
		},
	};
}

/**
 * The content of credential `wecomDataApi` for a third-party app. Its `suiteTicket` is empty, as
 * tickets come by callback; put `simulator.suiteTicket` there to do without.
 *
 * @param corpId - one of `simulator.customers`; the first of them when absent
 * @param contract - as of {@link credentialsFor}
 * @throws RangeError for a corp that never authorised the app
 */
export function suiteCredentialsFor(
	simulator: Simulator,
	corpId = simulator.corp.corpId,
	contract = usualContract(simulator),
): PasteableCredentials['wecomDataApi'] {
	const { url, suite, provider, customers } = simulator;
	const customer = customers.find((one) => one.corpId === corpId);
	if (customer === undefined) throw new RangeError(`${corpId} never authorized the app`);
	return {
		...named(contract),
		baseUrl: url,
		authentication: 'suite',
		suiteId: suite.suiteId,
		suiteSecret: suite.suiteSecret,
		suiteTicket: '',
		authCorpId: customer.corpId,
		permanentCode: customer.permanentCode,
		providerCorpId: provider.corpId,
		providerSecret: provider.providerSecret,
		...dataZoneOf(simulator),
	};
}

function usualContract({ contracts }: Simulator): Contract {
	return CONTRACTS.find((one) => contracts.includes(one)) as Contract;
}

/** The field that names the contract; the reference is what a credential without it speaks. */
function named(contract: Contract): PasteableCredentials['wecomDataApi'] {
	return contract === 'reference' ? {} : { contract };
}

/** What to decrypt with, and the program to call. */
function dataZoneOf(simulator: Simulator): PasteableCredentials['wecomDataApi'] {
	return {
		...keysOf(simulator),
		messageCipher: 'aes-256-cbc',
		programId: simulator.programs.java,
		programStyle: 'java',
	};
}

function keysOf({ keys }: Simulator): PasteableCredentials['wecomDataApi'] {
	const privateKeyOf = (version: number) => keys[version]?.privateKey ?? '';
	return {
		privateKey: privateKeyOf(2),
		publicKeyVersion: 2,
		olderPrivateKeys: JSON.stringify({ 1: privateKeyOf(1) }),
	};
}
