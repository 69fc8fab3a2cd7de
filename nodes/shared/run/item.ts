import type { Readable } from 'node:stream';

import type {
	IBinaryData,
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
} from 'n8n-workflow';

import type { CallOptions, Description } from '../../../wecom/api/client';
import { asText, flag, optional, parseInput, wholeNumber } from '../../../wecom/api/fields';
import type { LibraryRouteFields } from '../../../wecom/api/libraryRoute';
import type { ListOperation, Operation } from '../../../wecom/api/operation';
import { listEntries } from '../../../wecom/api/paging';
import type { JobMemory } from '../../../wecom/api/modelJobs';
import type { Marks, PageInput } from '../../../wecom/api/wire';
import type {
	DecryptedRecord,
	EncryptedRecord,
	RecordDecryptor,
} from '../../../wecom/archive/record';
import type { UploadFile } from '../../../wecom/http/multipart';
import type { ArchiveLibrary } from '../../../wecom/library/archiveLibrary';
import { KeptJobs } from '../../../wecom/state/keptJobs';
import type { TimeBudget } from '../../../wecom/timeBudget';
import { archiveOf, toLibrary, type CustomerCorp } from '../credentials';
import { readCustomerCorp } from '../customerCorp';
import { MAX_TIMEOUT_SECONDS } from '../fields';
import type { PositionOwner } from '../position/position';
import { toSeconds } from '../time';
import { readZoneProgram } from '../zoneProgram';
import { openBinary } from './binary';
import type { Connections } from './connections';
import type { Tries } from './earlierTries';
import { jobMemoryOf } from './jobMemory';
import type { Notices } from './notices';

// Made once: a schema takes half a millisecond and 80 KB, and a file is fetched with a call for each piece.
const FLAG = flag();
const OPTIONAL_FLAG = optional(FLAG);
const LIMIT = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const REQUEST_TIMEOUT = optional(wholeNumber(1, MAX_TIMEOUT_SECONDS));

/** What the input items of a run have in common. */
export interface RunContext {
	readonly execution: IExecuteFunctions;
	readonly connections: Connections;
	readonly notices: Notices;
	/** For loops that decrypt. */
	readonly budget: TimeBudget;
	readonly tries: Tries;
}

/**
 * One input item, with the parameters of the node for it and the calls it leads to. Nothing is read
 * before it is asked for.
 */
export class Item {
	constructor(
		private readonly context: RunContext,
		private readonly index: number,
	) {}

	/** The JSON of the input item. */
	get json(): IDataObject {
		return this.context.execution.getInputData()[this.index]?.json ?? {};
	}

	/**
	 * A file in the input item.
	 *
	 * @param name of the binary field
	 * @throws what n8n throws where there is no such field
	 */
	async binary(name: string): Promise<Omit<UploadFile, 'field'>> {
		return await openBinary(this.context.execution, this.index, name);
	}

	/**
	 * Hands a file on to n8n, which keeps it where it keeps the files of its executions. It is read as
	 * n8n takes it.
	 *
	 * @throws whatever the content throws, and n8n where it cannot keep it
	 */
	async keepBinary(content: Readable, fileName: string, mimeType: string): Promise<IBinaryData> {
		return await this.context.execution.helpers.prepareBinaryData(content, fileName, mimeType);
	}

	/** The files of the input item. */
	get binaries(): IBinaryKeyData {
		return this.context.execution.getInputData()[this.index]?.binary ?? {};
	}

	/** Whether the user chose to go on after a failing item. */
	get continuesOnFail(): boolean {
		return this.context.execution.continueOnFail();
	}

	/** A parameter of the node. */
	param<T>(name: string): T {
		return this.context.execution.getNodeParameter(name, this.index) as T;
	}

	/** A text parameter; a number, as a sheet gives it, counts as its digits. */
	text(name: string): string {
		return asText(this.param(name)) as string;
	}

	/**
	 * A yes-or-no parameter.
	 *
	 * @throws InvalidInputError when an expression gives something else
	 */
	flag(name: string, label: string): boolean {
		return parseInput(FLAG, this.param(name), label);
	}

	/** As {@link flag}, in the Options collection; false when it was not added. */
	optionFlag(name: string, label: string): boolean {
		const { [name]: given } = this.options<Record<string, unknown>>();
		return parseInput(OPTIONAL_FLAG, given, label) ?? false;
	}

	/** The id in a resource locator, however it was chosen. */
	id(name: string): string {
		const { execution } = this.context;
		const id = execution.getNodeParameter(name, this.index, '', { extractValue: true });
		return asText(id) as string;
	}

	/** A time parameter in seconds since 1970; undefined when it is empty. */
	seconds(name: string, label: string): number | undefined {
		return toSeconds(label, this.param(name), this.zone);
	}

	/** The Options collection. */
	options<T extends object>(): Partial<T> {
		return this.context.execution.getNodeParameter('options', this.index, {}) as Partial<T>;
	}

	/**
	 * How many results the Return All and Limit fields ask for; Infinity for all.
	 *
	 * @throws InvalidInputError when one of the two cannot be used
	 */
	limit(): number {
		return this.flag('returnAll', 'Return All')
			? Infinity
			: parseInput(LIMIT, this.param('limit'), 'Limit');
	}

	/**
	 * The Simplify field.
	 *
	 * @throws InvalidInputError when an expression gives neither yes nor no
	 */
	simplify(): boolean {
		return this.flag('simplify', 'Simplify');
	}

	/** The timezone of the workflow. */
	get zone(): string {
		return this.context.execution.getTimezone();
	}

	/** Fires when the execution is cancelled. */
	get signal(): AbortSignal | undefined {
		return this.context.execution.getExecutionCancelSignal();
	}

	/** For loops that decrypt; one for all items. */
	get budget(): TimeBudget {
		return this.context.budget;
	}

	/** The lines above the node's output; one place for all items. */
	get notices(): Notices {
		return this.context.notices;
	}

	/**
	 * The customer corp that the item names; undefined for the credential's own.
	 *
	 * @throws InvalidInputError when it is named by half
	 */
	get corp(): CustomerCorp | undefined {
		return readCustomerCorp(this.options());
	}

	/**
	 * A credential's data: n8n fills in what expressions in its fields say for this item.
	 *
	 * @param type `wecomDataApi` unless another is named
	 */
	async credential(type?: string): Promise<ICredentialDataDecryptedObject> {
		return await this.context.connections.credential(this.index, type);
	}

	/** Whether the node has a credential of a type that it can do without. */
	hasCredential(type: string): boolean {
		return this.context.execution.getNode().credentials?.[type] !== undefined;
	}

	/**
	 * Calls an API operation with the credential of the node.
	 *
	 * @param more how to wait for a job, where the operation has fields for that
	 * @throws InvalidInputError when Request Timeout, the customer corp or the program in Options cannot
	 * be used, and whatever the client throws
	 */
	async call<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		more: Pick<CallOptions, 'waitMs' | 'intervalMs' | 'jobid' | 'onStarted'> = {},
	): Promise<Output> {
		const { requestTimeout: given } = this.options<{ requestTimeout: unknown }>();
		const requestTimeout = parseInput(REQUEST_TIMEOUT, given, 'Request Timeout');
		const client = await this.context.connections.client(this.index, this.corp);
		const { signal } = this;
		const options: CallOptions = {
			...more,
			program: readZoneProgram(this.options()),
			...(signal ? { signal } : {}),
			...(requestTimeout ? { timeoutMs: requestTimeout * 1000 } : {}),
		};
		return await client.call(operation, input, options);
	}

	/** What the marks are with which a list goes on; the API of the credential decides. */
	async marksOf(operation: Operation<never, unknown>): Promise<Marks> {
		return (await this.context.connections.client(this.index, this.corp)).marksOf(operation);
	}

	/**
	 * What a call would send, for those who keep answers; sends nothing.
	 *
	 * @throws InvalidInputError as {@link call} does before it sends
	 */
	async describe<Input>(operation: Operation<Input, unknown>, input: Input): Promise<Description> {
		const client = await this.context.connections.client(this.index, this.corp);
		return client.describe(operation, input);
	}

	/**
	 * The entries of a list, as many as the Return All and Limit fields say.
	 *
	 * @param keep which entries count; all when left out
	 * @throws whatever {@link limit} and {@link call} throw
	 */
	async list<Input, Entry>(
		operation: ListOperation<Input, Entry>,
		input: Input,
		keep?: (entry: Entry) => boolean,
	): Promise<Entry[]> {
		const entries: Entry[] = [];
		const call = async (list: ListOperation<Input, Entry>, page: Input & PageInput) =>
			await this.call(list, page);
		for await (const entry of listEntries(
			call,
			operation,
			input,
			this.limit(),
			this.signal,
			keep,
		)) {
			entries.push(entry);
		}
		return entries;
	}

	/**
	 * The decryptor with the keys of the node's credential.
	 *
	 * @param corp whose records they are, where it is not that of the credential
	 * @param way on which they are fetched, where it is not that of the credential
	 */
	async decryptor(corp?: CustomerCorp, way?: LibraryRouteFields): Promise<RecordDecryptor> {
		return await this.context.connections.decryptor(this.index, corp, way);
	}

	/** Decrypts a record with the keys of the item before, else with those of its own. */
	async decrypt(record: EncryptedRecord): Promise<DecryptedRecord> {
		return await this.context.connections.decrypt(this.index, record, this.budget, this.signal);
	}

	/**
	 * Tencent's library, as the credential describes it.
	 *
	 * @throws NotInContractError for a credential whose API has none, InvalidInputError naming its field
	 * that cannot be used
	 */
	async library(): Promise<ArchiveLibrary> {
		return toLibrary(await this.credential(), this.corp);
	}

	/**
	 * Makes sure that WeCom issues an access token for the credential; calls nothing else.
	 *
	 * @throws whatever the client throws
	 */
	async authenticate(): Promise<void> {
		const client = await this.context.connections.client(this.index, this.corp);
		await client.authenticate('access_token', this.signal);
	}

	/** The jobs at WeCom that earlier tries of this node began with the credential of this item. */
	async jobMemory(operation: Pick<Operation<never, unknown>, 'name'>): Promise<JobMemory> {
		const { execution, connections, notices } = this.context;
		const { facts } = await connections.state(this.index);
		return jobMemoryOf(execution, new KeptJobs(facts, notices.onStateUnavailable), [
			await this.credential(),
			this.corp,
			readZoneProgram(this.options()),
			operation.name,
		]);
	}

	/** Whose a remembered position of the node is; what it leases is for this item. */
	async positionOwner(): Promise<PositionOwner> {
		const { execution, connections, notices, tries } = this.context;
		return {
			execution,
			state: await connections.state(this.index),
			sharing: connections.sharesState,
			archive: archiveOf(execution.getNode(), await this.credential(), this.corp),
			signal: this.signal,
			onStateUnavailable: notices.onStateUnavailable,
			onLeased: (lease) => tries.leases.set(this.index, lease),
		};
	}
}
