import {
	appendFileSync,
	existsSync,
	readFileSync,
	renameSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { Engine } from '../../engine/harness';
import { answerParent } from './answer';

/** A workflow that starts with the Chat Archive Trigger, and what outlives its process. */
export interface Syncing {
	credentials: Engine['credentials'];
	/** Number of this process. */
	run: number;
	/** What was handed over: one line of JSON for each batch, see {@link Batch}. */
	batchesFile: string;
	/** The trigger's static data, which n8n keeps in its database. */
	cursorFile: string;
	/** Records per request. */
	pageSize: number;
	/** Records per poll. */
	maxRecords: number;
	/** Stop for good between handing over the batch of this number and keeping the cursor. */
	haltInBatch?: number;
}

/** What one poll handed over. */
export interface Batch {
	run: number;
	items: IDataObject[];
}

const TRIGGER = 'wecomChatArchiveTrigger';
/** Between two polls of which the first failed; n8n's scheduler waits longer. */
const PAUSE_MS = 50;

let halt: () => void = () => undefined;
/** Resolves in front of a cursor that will never be kept. */
const halted = new Promise<void>((resolve) => (halt = resolve));

/** Polls until there is nothing new. @returns how many polls failed */
async function sync(syncing: Syncing): Promise<number> {
	const { credentials, run, batchesFile, cursorFile, pageSize, maxRecords, haltInBatch } = syncing;
	forgetHalfABatch(batchesFile);
	const engine = await Engine.load(credentials);
	const parameters = {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		startFrom: 'oldest',
		startAfterSeq: '0',
		simplify: true,
		options: { pageSize, maxRecords },
	};
	const saved = existsSync(cursorFile) ? readFileSync(cursorFile, 'utf8') : '{}';
	const workflow = engine.workflow({
		nodes: [engine.nodeJson(TRIGGER, parameters, { name: 'Trigger' })],
		connections: {},
		staticData: JSON.parse(saved) as IDataObject,
	});
	let failed = 0;
	for (let batch = 1; ;) {
		try {
			const output = await engine.poll(workflow, 'Trigger');
			if (!output) return failed;
			const items = (output[0] ?? []).map(({ json }) => json);
			appendFileSync(batchesFile, `${JSON.stringify({ run, items } satisfies Batch)}\n`);
			if (batch++ === haltInBatch) {
				halt();
				await new Promise(() => undefined);
			}
			// Whole or not at all, as a transaction.
			writeFileSync(`${cursorFile}.new`, JSON.stringify(workflow.staticData));
			renameSync(`${cursorFile}.new`, cursorFile);
		} catch (error) {
			failed++;
			process.stderr.write(`${inspect(error, { depth: 12, showHidden: true })}\n`);
			await setTimeout(PAUSE_MS);
		}
	}
}

/** A line without its end was not handed over: a database would have rolled it back. */
function forgetHalfABatch(file: string): void {
	if (!existsSync(file)) return;
	const text = readFileSync(file);
	truncateSync(file, text.lastIndexOf('\n') + 1);
}

answerParent({ sync, halted: async () => await halted });
