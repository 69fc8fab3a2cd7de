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

import { ExecutionLifecycleHooks } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	IRunExecutionData,
	IWorkflowBase,
} from 'n8n-workflow';

import { Engine } from '../../engine/harness';
import { getAll } from '../../engine/support';
import { answerParent } from './answer';
import { LoopWatch } from './loopWatch';

/** A workflow that brings new messages, and what outlives its process. */
export interface Syncing {
	credentials: Engine['credentials'];
	/** The Chat Archive Trigger, or Chat Archive → Message → Get Many with Remember Position. */
	by: 'trigger' | 'getMany';
	/** Number of this process. */
	run: number;
	/** What was handed over: one line of JSON for each batch, see {@link Batch}. */
	batchesFile: string;
	/** The workflow's static data, which n8n keeps in its database. */
	cursorFile: string;
	/** Records per request. */
	pageSize: number;
	/** Records per poll or execution. */
	maxRecords: number;
	/** Fetch Pages at Once, of Get Many. */
	pagesAtOnce?: boolean;
	/** Seconds for one request. */
	requestTimeout?: number;
	/** Stop for good between handing over the batch of this number and keeping the cursor. */
	haltInBatch?: number;
}

/** What one poll, or one execution, handed over. */
export interface Batch {
	run: number;
	items: IDataObject[];
	/** The longest that the event loop was held meanwhile, milliseconds. */
	heldMs: number;
	/** What the process holds in memory afterwards, bytes. */
	memory: number;
}

/** What one poll, or one execution, brought; nothing when there was nothing new. */
type Pulled = INodeExecutionData[] | undefined;
/** Hands items over, and keeps the static data afterwards, where it has changed. */
type HandOver = (items: INodeExecutionData[], staticData?: IDataObject) => Promise<void>;

/** Between two polls of which the first failed; n8n's scheduler waits longer. */
const PAUSE_MS = 50;

let halt: () => void = () => undefined;
/** Resolves in front of a cursor that will never be kept. */
const halted = new Promise<void>((resolve) => (halt = resolve));

/** Pulls until there is nothing new. @returns how many pulls failed */
async function sync(syncing: Syncing): Promise<number> {
	const { credentials, by, run, batchesFile, cursorFile, haltInBatch } = syncing;
	forgetHalfABatch(batchesFile);
	const engine = await Engine.load(credentials);
	const watch = new LoopWatch();
	let batch = 1;
	const handOver: HandOver = async (items, staticData) => {
		const heldMs = watch.take();
		if (items.length > 0) {
			const memory = memoryInUse();
			const line: Batch = { run, items: items.map(({ json }) => json), heldMs, memory };
			appendFileSync(batchesFile, `${JSON.stringify(line)}\n`);
			if (batch++ === haltInBatch) {
				halt();
				await new Promise(() => undefined);
			}
		}
		if (!staticData) return;
		// Whole or not at all, as a transaction.
		writeFileSync(`${cursorFile}.new`, JSON.stringify(staticData));
		renameSync(`${cursorFile}.new`, cursorFile);
	};
	const pull = PULLS[by](engine, syncing, handOver);
	for (let failed = 0; ;) {
		try {
			watch.take();
			if (!(await pull())) return failed;
		} catch (error) {
			failed++;
			process.stderr.write(`${inspect(error, { depth: 12, showHidden: true })}\n`);
			await setTimeout(PAUSE_MS);
		}
	}
}

/** Bytes that are not garbage. */
function memoryInUse(): number {
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** By the way messages are pulled: makes one pull. */
const PULLS: Record<
	Syncing['by'],
	(engine: Engine, syncing: Syncing, handOver: HandOver) => () => Promise<Pulled>
> = {
	trigger(engine, { cursorFile, pageSize, maxRecords, requestTimeout }, handOver) {
		const parameters = {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			startFrom: 'oldest',
			startAfterSeq: '0',
			simplify: true,
			options: { pageSize, maxRecords, ...(requestTimeout ? { requestTimeout } : {}) },
		};
		const workflow = engine.workflow({
			nodes: [engine.nodeJson('wecomChatArchiveTrigger', parameters, { name: 'Trigger' })],
			connections: {},
			staticData: savedIn(cursorFile),
		});
		return async () => {
			const output = await engine.poll(workflow, 'Trigger');
			if (!output) return undefined;
			await handOver(output[0] ?? [], workflow.staticData);
			return output[0];
		};
	},

	getMany(engine, { cursorFile, pageSize, maxRecords, pagesAtOnce, requestTimeout }, handOver) {
		const options = {
			rememberPosition: true,
			pageSize,
			...(pagesAtOnce ? { pagesAtOnce } : {}),
			...(requestTimeout ? { requestTimeout } : {}),
		};
		const parameters = getAll({ returnAll: false, limit: maxRecords, options });
		return async () => {
			const saved = savedIn(cursorFile);
			const workflow = engine.singleNodeWorkflow('wecomChatArchive', parameters, saved);
			const hooks = new ExecutionLifecycleHooks(
				'trigger',
				'execution',
				workflow as unknown as IWorkflowBase,
			);
			// As n8n's own, which come before those that nodes add.
			hooks.addHandler('workflowExecuteAfter', async ({ data }, staticData) => {
				await handOver(outputOf(data), staticData);
			});
			const { data } = await engine.run(workflow, 'Start', [{ json: {} }], 'trigger', { hooks });
			if (data.resultData.error) throw data.resultData.error;
			const items = outputOf(data);
			return items.length > 0 ? items : undefined;
		};
	},
};

function outputOf({ resultData }: IRunExecutionData): INodeExecutionData[] {
	return resultData.runData.Node?.[0]?.data?.main?.[0] ?? [];
}

function savedIn(file: string): IDataObject {
	return JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : '{}') as IDataObject;
}

/** A line without its end was not handed over: a database would have rolled it back. */
function forgetHalfABatch(file: string): void {
	if (!existsSync(file)) return;
	const text = readFileSync(file);
	truncateSync(file, text.lastIndexOf('\n') + 1);
}

answerParent({ sync, halted: async () => await halted });
