import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	NodeExecutionHint,
} from 'n8n-workflow';

import { WecomClient, type CallOptions, type ClientSettings } from '../../wecom/api/client';
import { asText, flag, optional, parseInput, wholeNumber } from '../../wecom/api/fields';
import type { ListOperation, Operation, PageInput } from '../../wecom/api/operation';
import { listEntries } from '../../wecom/api/paging';
import type { DecryptedRecord, EncryptedRecord, RecordDecryptor } from '../../wecom/archive/record';
import type { StateUnavailableError } from '../../wecom/errors';
import type { State } from '../../wecom/state/stateStore';
import { TimeBudget } from '../../wecom/timeBudget';
import {
	archiveOf,
	toClientSettings,
	toDecryption,
	toDecryptor,
	type Archive,
	type CustomerCorp,
} from './credentials';
import { readCustomerCorp } from './customerCorp';
import { keepTickets } from './keptTickets';
import type { Taken, Tries } from './earlierTries';
import { ExecutionLease } from './executionLease';
import { MAX_TIMEOUT_SECONDS } from './fields';
import { MadeOnce } from './madeOnce';
import { aloneBecause, reachableStateOf } from './state';
import { toSeconds } from './time';

/** What one operation file of an action node exports: what it shows and what it does. */
export interface Action {
	/** Entry in the Operation field. `action` is what the node panel lists. */
	option: { name: string; value: string; action: string; description: string };
	/** The API behind it; none for what needs no call. Documentation is made of it. */
	api?: Pick<Operation<never, unknown>, 'path' | 'token'>;
	/** The operation's own fields, without the conditions on resource and operation. */
	fields: INodeProperties[];
	/**
	 * Runs the operation for one input item.
	 *
	 * @returns the JSON of the items that come out for it; `pairedItem` is set by the runner
	 * @throws WecomError, which the runner turns into what n8n shows
	 */
	run(context: ActionContext, itemIndex: number): Promise<IDataObject | IDataObject[]>;
}

/** Most clients and decryptors a run keeps. Clients are cheap; tokens are kept elsewhere. */
const MAX_MADE = 100;

type Credential = Promise<ICredentialDataDecryptedObject>;

/** A resource of an action node and its operations. */
export interface Resource {
	name: string;
	value: string;
	actions: Action[];
}

/** What an operation works with; one for all input items of an execution. */
export class ActionContext {
	/** For loops that decrypt. */
	readonly budget = new TimeBudget();
	/** Its items may be about many corps: by what they name, or by expressions in the credential. */
	private readonly clients = new MadeOnce<WecomClient>(MAX_MADE);
	private readonly decryptors = new MadeOnce<RecordDecryptor>(MAX_MADE);
	private readonly states = new MadeOnce<State>(MAX_MADE);
	/** By type, those of the item that asked last: an item asks for them once a page. */
	private readonly credentials = new Map<string, { itemIndex: number; data: Credential }>();
	private decryptorAtHand?: RecordDecryptor;

	/** @param tries of this run; their hints are shown again */
	constructor(
		readonly execution: IExecuteFunctions,
		private readonly tries: Tries,
	) {
		for (const [message, type] of tries.hints) this.show(message, type);
	}

	/** Fires when the execution is cancelled. */
	get signal(): AbortSignal | undefined {
		return this.execution.getExecutionCancelSignal();
	}

	/** A parameter of the node for one item. */
	param<T>(name: string, itemIndex: number): T {
		return this.execution.getNodeParameter(name, itemIndex) as T;
	}

	/** A text parameter; a number, as a sheet gives it, counts as its digits. */
	text(name: string, itemIndex: number): string {
		return asText(this.param(name, itemIndex)) as string;
	}

	/**
	 * A yes-or-no parameter.
	 *
	 * @throws InvalidInputError when an expression gives something else
	 */
	flag(name: string, label: string, itemIndex: number): boolean {
		return parseInput(flag(), this.param(name, itemIndex), label);
	}

	/** As {@link flag}, in the Options collection; false when it was not added. */
	optionFlag(name: string, label: string, itemIndex: number): boolean {
		const { [name]: given } = this.options<Record<string, unknown>>(itemIndex);
		return parseInput(optional(flag()), given, label) ?? false;
	}

	/** The id in a resource locator, however it was chosen. */
	id(name: string, itemIndex: number): string {
		const id = this.execution.getNodeParameter(name, itemIndex, '', { extractValue: true });
		return asText(id) as string;
	}

	/** A time parameter in seconds since 1970; undefined when it is empty. */
	seconds(name: string, label: string, itemIndex: number): number | undefined {
		return toSeconds(label, this.param(name, itemIndex), this.zone);
	}

	/** The timezone of the workflow. */
	get zone(): string {
		return this.execution.getTimezone();
	}

	/** The Options collection for one item. */
	options<T extends object>(itemIndex: number): Partial<T> {
		return this.execution.getNodeParameter('options', itemIndex, {}) as Partial<T>;
	}

	/** Calls an API operation with the credential of the node. */
	async call<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		itemIndex: number,
	): Promise<Output> {
		const { requestTimeout: given } = this.options<{ requestTimeout: unknown }>(itemIndex);
		const requestTimeout = parseInput(
			optional(wholeNumber(1, MAX_TIMEOUT_SECONDS)),
			given,
			'Request Timeout',
		);
		const client = await this.client(itemIndex);
		const options: CallOptions = {
			...(this.signal ? { signal: this.signal } : {}),
			...(requestTimeout ? { timeoutMs: requestTimeout * 1000 } : {}),
		};
		return await client.call(operation, input, options);
	}

	/** The customer corp that an item names; undefined for the credential's own. */
	corp(itemIndex: number): CustomerCorp | undefined {
		return readCustomerCorp(this.options(itemIndex));
	}

	/** Whose messages an item reads. */
	async archive(itemIndex: number): Promise<Archive> {
		const credential = await this.credential(itemIndex);
		return archiveOf(this.execution.getNode(), credential, this.corp(itemIndex));
	}

	private async client(itemIndex: number): Promise<WecomClient> {
		const corp = this.corp(itemIndex);
		const credential = await this.credential(itemIndex);
		const state = await this.state(itemIndex);
		const stateCredential = await this.stateCredential(itemIndex);
		return await this.clients.get(
			[credential, corp, stateCredential],
			async () => await this.makeClient(toClientSettings(credential, corp), state),
		);
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
		return this.param('stateStore', 0) === 'redis';
	}

	private async stateCredential(itemIndex: number): Credential {
		return this.sharesState ? await this.credential(itemIndex, 'wecomStateApi') : {};
	}

	/** Tells people that this run did without the shared state. */
	readonly onStateUnavailable = (error: StateUnavailableError): void => {
		this.hint(aloneBecause(error), 'warning');
	};

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

	/**
	 * How many results the Return All and Limit fields ask for; Infinity for all.
	 *
	 * @throws InvalidInputError when one of the two cannot be used
	 */
	limit(itemIndex: number): number {
		return this.flag('returnAll', 'Return All', itemIndex)
			? Infinity
			: parseInput(
					wholeNumber(1, Number.MAX_SAFE_INTEGER),
					this.param('limit', itemIndex),
					'Limit',
				);
	}

	/**
	 * The entries of a list, as many as the Return All and Limit fields say.
	 *
	 * @throws whatever a call throws
	 */
	async list<Input, Entry>(
		operation: ListOperation<Input, Entry>,
		input: Input,
		itemIndex: number,
	): Promise<Entry[]> {
		const limit = this.limit(itemIndex);
		const entries: Entry[] = [];
		const call = async (list: ListOperation<Input, Entry>, page: Input & PageInput) =>
			await this.call(list, page, itemIndex);
		for await (const entry of listEntries(call, operation, input, limit, this.signal)) {
			entries.push(entry);
		}
		return entries;
	}

	/**
	 * The Simplify field.
	 *
	 * @throws InvalidInputError when an expression gives neither yes nor no
	 */
	simplify(itemIndex: number): boolean {
		return this.flag('simplify', 'Simplify', itemIndex);
	}

	/** The decryptor with the keys of the node's credential. */
	async decryptor(itemIndex: number): Promise<RecordDecryptor> {
		const credential = await this.credential(itemIndex);
		return await this.decryptors.get(toDecryption(credential), () => toDecryptor(credential));
	}

	/**
	 * Decrypts a record with the keys of the item before, and where these do not open it with those of
	 * its own: n8n reads its database for each credential it is asked for, which takes as long as RSA.
	 */
	async decrypt(record: EncryptedRecord, itemIndex: number): Promise<DecryptedRecord> {
		const atHand = (this.decryptorAtHand ??= await this.decryptor(itemIndex));
		const result = atHand.decrypt(record);
		if (result.state !== 'failed') return result;
		this.decryptorAtHand = await this.decryptor(itemIndex);
		return this.decryptorAtHand === atHand ? result : this.decryptorAtHand.decrypt(record);
	}

	/** Shows a line above the node's output; the same words for several items only once. */
	hint(message: string, type: NodeExecutionHint['type'] = 'info'): void {
		const { hints } = this.tries;
		if (hints.has(message)) return;
		hints.set(message, type);
		this.show(message, type);
	}

	private show(message: string, type: NodeExecutionHint['type']): void {
		this.execution.addExecutionHints({ message, type: type ?? 'info', location: 'outputPane' });
	}

	/** Keeps in mind what was taken for an item, for the case that nobody gets it. */
	onTaken(itemIndex: number, taken: Taken): void {
		this.tries.taken.set(itemIndex, taken);
	}

	/** Warns where WeCom did what it was asked and did not tell the id of what it made. */
	expectId(answer: object, name: string, advice: string): void {
		if ((answer as Record<string, unknown>)[name]) return;
		this.hint(`WeCom answered with errcode 0 but without ${name}. ${advice}`, 'warning');
	}

	/** A credential's data for one item: n8n fills in what expressions in its fields say for it. */
	async credential(itemIndex: number, type = 'wecomDataApi'): Credential {
		const latest = this.credentials.get(type);
		if (latest?.itemIndex === itemIndex) return await latest.data;
		const data = this.execution.getCredentials(type, itemIndex);
		this.credentials.set(type, { itemIndex, data });
		return await data;
	}
}
