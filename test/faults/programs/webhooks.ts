import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';

import type { IDataObject, IRun } from 'n8n-workflow';

import { Engine } from '../../engine/harness';
import { answerParent } from './answer';

/** What is served. */
export interface Serving {
	/** Decrypted credentials by type. */
	credentials: Engine['credentials'];
	/** Of the Data Trigger, over its defaults. */
	parameters?: IDataObject;
	/** Gets a line of JSON for every execution, see {@link ExecutionLine}. */
	file: string;
}

/** One execution, as soon as it is over. */
export interface ExecutionLine {
	eventId: string;
	/** SHA-256 of the decrypted message. */
	plaintextHash: string;
	/** The whole item. */
	item: IDataObject;
}

let serving: Awaited<ReturnType<Engine['serveWebhooks']>> | undefined;

async function serve({ credentials, parameters, file }: Serving): Promise<string> {
	const engine = await Engine.load(credentials);
	const options = { includeRaw: true };
	const node = engine.nodeJson(
		'wecomDataTrigger',
		{ events: ['*'], changeTypes: [], options, ...parameters },
		{ name: 'Trigger' },
	);
	const workflow = engine.workflow({ nodes: [node], connections: {} });
	serving = await engine.serveWebhooks(workflow, 'Trigger', (run) => note(run, file));
	return serving.url;
}

function note(run: IRun, file: string): void {
	const items = run.data.resultData.runData.Trigger?.[0]?.data?.main?.[0] ?? [];
	for (const { json } of items) {
		const { raw, ...item } = json;
		const plaintextHash = createHash('sha256').update(String(raw)).digest('hex');
		const line: ExecutionLine = { eventId: String(json.eventId), plaintextHash, item };
		appendFileSync(file, `${JSON.stringify(line)}\n`);
	}
}

/** Bytes in use after a full garbage collection. */
async function memory(): Promise<number> {
	await serving?.settled();
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

answerParent({ serve, memory, settled: async () => await serving?.settled() }, async () => {
	await serving?.settled();
	await serving?.close();
});
