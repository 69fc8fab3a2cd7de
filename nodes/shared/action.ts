import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	NodeExecutionHint,
} from 'n8n-workflow';

import { WecomClient, type CallOptions } from '../../wecom/api/client';
import type { Operation } from '../../wecom/api/operation';
import type { RecordDecryptor } from '../../wecom/archive/record';
import { TimeBudget } from '../../wecom/timeBudget';
import { toClientSettings, toDecryptor } from './credentials';

/** What one operation file of an action node exports: what it shows and what it does. */
export interface Action {
	/** Entry in the Operation field. `action` is what the node panel lists. */
	option: { name: string; value: string; action: string; description: string };
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
	private clientPromise?: Promise<WecomClient>;
	private decryptorPromise?: Promise<RecordDecryptor>;

	constructor(readonly execution: IExecuteFunctions) {}

	/** Fires when the execution is cancelled. */
	get signal(): AbortSignal | undefined {
		return this.execution.getExecutionCancelSignal();
	}

	/** A parameter of the node for one item. */
	param<T>(name: string, itemIndex: number): T {
		return this.execution.getNodeParameter(name, itemIndex) as T;
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
		this.clientPromise ??= this.credential().then(
			(data) => new WecomClient(toClientSettings(data)),
		);
		const { requestTimeout } = this.options<{ requestTimeout: number }>(itemIndex);
		const options: CallOptions = {
			...(this.signal ? { signal: this.signal } : {}),
			...(requestTimeout ? { timeoutMs: requestTimeout * 1000 } : {}),
		};
		return await (await this.clientPromise).call(operation, input, options);
	}

	/** The decryptor with the keys of the node's credential. */
	async decryptor(): Promise<RecordDecryptor> {
		this.decryptorPromise ??= this.credential().then(toDecryptor);
		return await this.decryptorPromise;
	}

	/** Shows a line above the node's output. */
	hint(message: string, type: NodeExecutionHint['type'] = 'info'): void {
		this.execution.addExecutionHints({ message, type, location: 'outputPane' });
	}

	private async credential() {
		return await this.execution.getCredentials('wecomDataApi');
	}
}
