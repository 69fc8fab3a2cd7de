import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { BinaryDataService } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';

import { Engine } from '../../engine/harness';
import { answerParent } from './answer';

/** A file that a node has downloaded, or not. */
export interface Downloaded {
	/** What the node says of it. */
	entry: IDataObject;
	/** Where n8n keeps it. */
	path?: string;
}

const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di') as {
	Container: { get(type: typeof BinaryDataService): BinaryDataService };
};
const binaryData = Container.get(BinaryDataService);

let engine: Engine | undefined;

/** Loads the package into an n8n that keeps files on its disk. */
async function load(credentials: Engine['credentials']): Promise<void> {
	engine = await Engine.load(credentials);
	await binaryData.init();
}

/** Downloads the files of messages by Chat Archive → Message → Get Media, in one execution. */
async function download(messages: IDataObject[]): Promise<Downloaded[]> {
	if (!engine) throw new Error('Nothing is loaded yet');
	const { items, error } = await engine.runNode(
		'wecomChatArchive',
		{
			resource: 'message',
			operation: 'getMedia',
			mediaFrom: 'message',
			binaryPropertyName: 'data',
			options: { requestTimeout: 5 },
		},
		messages.map((json) => ({ json })),
		{ onError: 'continueRegularOutput' },
	);
	if (error) throw error;
	return items.flatMap(({ json, binary }) =>
		((json.files ?? []) as IDataObject[]).map((entry) => {
			const id = binary?.[String(entry.field)]?.id;
			return { entry, ...(id === undefined ? {} : { path: binaryData.getPath(id) }) };
		}),
	);
}

/** Throws garbage away, as far as one can. */
function collectGarbage(): void {
	for (let times = 0; times < 3; times++) globalThis.gc?.();
}

/** Everything that n8n keeps on its disk for nodes. */
function kept(): string[] {
	const storage = join(process.env.N8N_USER_FOLDER ?? '', '.n8n', 'storage');
	return readdirSync(storage, { recursive: true, encoding: 'utf8' })
		.map((name) => join(storage, name))
		.filter((path) => statSync(path).isFile());
}

answerParent({ load, download, collectGarbage, kept });
