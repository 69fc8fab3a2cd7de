import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../../wecom/api/operation';
import type { Item } from './item';

/** What comes out of an operation: the JSON of an item, or an item with files beside its JSON. */
export type ActionOutput = IDataObject | (Pick<INodeExecutionData, 'json'> & Required<Pick<INodeExecutionData, 'binary'>>); // prettier-ignore

/** What one operation file of an action node exports: what it shows and what it does. */
export interface Action {
	/** Entry in the Operation field. `action` is what the node panel lists. */
	option: { name: string; value: string; action: string; description: string };
	/** The API behind it; none for what needs no call. Documentation is made of it. */
	api?: Pick<Operation<never, unknown>, 'wires'>;
	/** The operation's own fields, without the conditions on resource and operation. */
	fields: INodeProperties[];
	/**
	 * The items that are run together: those for which it gives the same. An item for which it gives
	 * nothing is run alone, as all are where it is left out.
	 */
	together?(item: Item): string | undefined;
	/**
	 * How many runs there may be at once, by the first input item: for what mostly waits. One after the
	 * other where it is left out.
	 */
	atOnce?(first: Item): number | Promise<number>;
	/**
	 * Runs the operation for one input item, or for items that are run together.
	 *
	 * @param item the first of them
	 * @param group all of them, in their order
	 * @returns the items that come out for them; `pairedItem` is set by the runner
	 * @throws WecomError, which the runner turns into what n8n shows
	 */
	run(item: Item, group: readonly Item[]): Promise<ActionOutput | ActionOutput[]>;
}

/** A resource of an action node and its operations. */
export interface Resource {
	name: string;
	value: string;
	actions: Action[];
}
