// The engine of n8n 1.123, the last of the 1.x line, in the cache folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder, installAside, withProgress } from './cacheFolder.mjs';

/** The n8n-core of n8n 1.123. */
export const CORE_VERSION = '1.122.48';
/** The n8n-workflow that this n8n-core asks for. */
const WORKFLOW_VERSION = '1.120.31';

/** Its node_modules holds both, once {@link ensureN8n1} was called. */
export const n8n1Folder = join(cacheFolder, `n8n-core-${CORE_VERSION}`);

/** Installs them unless they are there already. */
export async function ensureN8n1() {
	if (existsSync(n8n1Folder)) return;
	const packages = [`n8n-core@${CORE_VERSION}`, `n8n-workflow@${WORKFLOW_VERSION}`];
	await withProgress(
		`Installing ${packages.join(' and ')} (a minute and 250 MB, once)`,
		async () => {
			await installAside(n8n1Folder, ...packages);
		},
	);
}

// What jest calls before the engine tests on n8n 1.x.
export default ensureN8n1;
