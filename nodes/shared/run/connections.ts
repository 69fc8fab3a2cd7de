import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { WecomClient, type ClientSettings } from '../../../wecom/api/client';
import type { LibraryRouteFields } from '../../../wecom/api/libraryRoute';
import type {
	DecryptedRecord,
	EncryptedRecord,
	RecordDecryptor,
} from '../../../wecom/archive/record';
import type { StateUnavailableError } from '../../../wecom/errors';
import type { State } from '../../../wecom/state/stateStore';
import type { TimeBudget } from '../../../wecom/timeBudget';
import { toClientSettings, toDecryption, toDecryptor, type CustomerCorp } from '../credentials';
import { ExecutionLease } from '../position/executionLease';
import { keepTickets } from '../keptTickets';
import { reachableStateOf } from '../state';
import { MadeOnce } from './madeOnce';

/** Most clients and decryptors a run keeps. Clients are cheap; tokens are kept elsewhere. */
const MAX_MADE = 100;

type Credential = Promise<ICredentialDataDecryptedObject>;

/**
 * What a run makes of its credentials: clients, decryptors, states, each once of the same values.
 * Its items may be about many corps: by what they name, or by expressions in the credential.
 */
export class Connections {
	private readonly clients = new MadeOnce<WecomClient>(MAX_MADE);
	private readonly decryptors = new MadeOnce<RecordDecryptor>(MAX_MADE);
	private readonly states = new MadeOnce<State>(MAX_MADE);
	/** By type, those of the item that asked last: an item asks for them once a page. */
	private readonly credentials = new Map<string, { itemIndex: number; data: Credential }>();
	private decryptorAtHand?: RecordDecryptor;

	/** @param onStateUnavailable learns that the run does without the shared state */
	constructor(
		private readonly execution: IExecuteFunctions,
		private readonly onStateUnavailable: (error: StateUnavailableError) => void,
	) {}

	/** A credential's data for one item: n8n fills in what expressions in its fields say for it. */
	async credential(itemIndex: number, type = 'wecomDataApi'): Credential {
		const latest = this.credentials.get(type);
		if (latest?.itemIndex === itemIndex) return await latest.data;
		const data = this.execution.getCredentials(type, itemIndex);
		this.credentials.set(type, { itemIndex, data });
		return await data;
	}

	/**
	 * The client with an item's credential and the state of this run.
	 *
	 * @param corp that the item names in place of the credential's own
	 * @throws InvalidInputError naming the field of a credential that cannot be used
	 */
	async client(itemIndex: number, corp: CustomerCorp | undefined): Promise<WecomClient> {
		const credential = await this.credential(itemIndex);
		const state = await this.state(itemIndex);
		const stateCredential = await this.stateCredential(itemIndex);
		return await this.clients.get(
			[credential, corp, stateCredential],
			async () => await this.makeClient(toClientSettings(credential, corp), state),
		);
	}

	private async makeClient(settings: ClientSettings, state: State): Promise<WecomClient> {
		await keepTickets(settings.authentication, state, () => {
			// n8n saves what is written there together with all that this copy says of other nodes.
			ExecutionLease.of(this.execution);
			return this.execution.getWorkflowStaticData('global');
		});
		return new WecomClient({
			...settings,
			state,
			onStateUnavailable: this.onStateUnavailable,
		});
	}

	/** What this run shares with others. */
	async state(itemIndex: number): Promise<State> {
		const credential = await this.stateCredential(itemIndex);
		return await this.states.get(
			[credential],
			async () =>
				await reachableStateOf(
					{ getCredentials: async () => await Promise.resolve(credential) },
					this.sharesState ? 'redis' : 'memory',
					this.onStateUnavailable,
				),
		);
	}

	/** Whether this node shares its state with other processes, even if a run has to do without. */
	get sharesState(): boolean {
		return this.execution.getNodeParameter('stateStore', 0) === 'redis';
	}

	private async stateCredential(itemIndex: number): Credential {
		return this.sharesState ? await this.credential(itemIndex, 'wecomStateApi') : {};
	}

	/**
	 * The decryptor with the keys of the node's credential.
	 *
	 * @param corp that the item names in place of the credential's own
	 * @param way of the library to WeCom, where it is not that of the credential
	 */
	async decryptor(
		itemIndex: number,
		corp?: CustomerCorp,
		way?: LibraryRouteFields,
	): Promise<RecordDecryptor> {
		const credential = await this.credential(itemIndex);
		return await this.decryptors.get(toDecryption(credential, corp, way), () =>
			toDecryptor(credential, corp, way),
		);
	}

	/**
	 * Decrypts a record with the keys of the item before, and where these do not open it with those of
	 * its own: n8n reads its database for each credential it is asked for, which takes as long as RSA.
	 */
	async decrypt(
		itemIndex: number,
		record: EncryptedRecord,
		budget: TimeBudget,
		signal?: AbortSignal,
	): Promise<DecryptedRecord> {
		const atHand = (this.decryptorAtHand ??= await this.decryptor(itemIndex));
		const result = await atHand.decrypt(record, signal, budget);
		if (result.state !== 'failed') return result;
		const own = await this.decryptor(itemIndex);
		this.decryptorAtHand = own;
		return own === atHand ? result : await own.decrypt(record, signal, budget);
	}
}
