import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { Engine } from '../../engine/harness';
import { answerParent } from './answer';

/** Executions of one action node. */
export interface Calls {
	node: string;
	parameters: IDataObject;
	/** How many at the same moment; 1 by default. */
	times?: number;
	/** The input items that each gets, or how many empty ones; 1 by default. */
	items?: number | IDataObject[];
	/** Whether it continues on an error, whose item tells of it. */
	continueOnFail?: boolean;
}

/** What became of one of them. */
export interface Outcome {
	json: IDataObject[];
	hints: string[];
	error?: {
		message: string;
		description?: string;
		/** All there is in it, down to the stack and what is hidden. */
		whole: string;
	};
}

let engine: Engine | undefined;

async function load(credentials: Engine['credentials']): Promise<void> {
	engine = await Engine.load(credentials);
}

async function call({ times = 1, ...calls }: Calls): Promise<Outcome[]> {
	return await Promise.all(Array.from({ length: times }, async () => await run(calls)));
}

async function run({ node, parameters, items = 1, continueOnFail }: Calls): Promise<Outcome> {
	if (!engine) throw new Error('Nothing is loaded yet');
	const given = typeof items === 'number' ? Array.from({ length: items }, () => ({})) : items;
	const { json, hints, error } = await engine.runNode(
		node,
		parameters,
		given.map((one) => ({ json: one })),
		continueOnFail ? { onError: 'continueRegularOutput' } : {},
	);
	if (!error) return { json, hints };
	const { message } = error;
	const description = error.description ?? undefined;
	const whole = inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error);
	return {
		json,
		hints,
		error: { message, whole, ...(description === undefined ? {} : { description }) },
	};
}

answerParent({ load, call });
