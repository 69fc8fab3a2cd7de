// A whole n8n, and the Node it runs on, in the cache folder. Installed once.
import { existsSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { cacheFolder, installAside, npm, withProgress } from './cacheFolder.mjs';

const VERSION = '2.41.1';
/** n8n 2.41 needs Node 24. The npm packages of this name hold the program and its headers. */
const NODE_VERSION = '24.21.0';
const NODE_PACKAGE = `node-${platform() === 'win32' ? 'win' : platform()}-${arch()}`;
/** What n8n cannot start without and npm cannot bring ready-made. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/** Its node_modules holds n8n, once {@link ensureN8n} was called. */
export const n8nFolder = join(cacheFolder, `n8n-${VERSION}`);

const nodePackage = join(cacheFolder, `node-${NODE_VERSION}`, 'node_modules', NODE_PACKAGE);

const node24 = join(nodePackage, 'bin', 'node');

const n8nProgram = join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');

/** Installs n8n unless it is there already: its files, as tests in this process load them. */
export async function ensureN8n() {
	if (existsSync(n8nProgram)) return;
	await withProgress(`Installing n8n ${VERSION} (some minutes and 3 GB, once)`, async () => {
		await installAside(n8nFolder, `n8n@${VERSION}`);
	});
}

/**
 * Installs whatever it takes to start n8n, unless it is there already, and names both programs in the
 * environment: N8N_PROGRAM is what NODE24_PROGRAM runs.
 */
export async function ensureRunningN8n() {
	await ensureN8n();
	await ensureNode();
	await ensureNativeModules();
	Object.assign(process.env, { N8N_PROGRAM: n8nProgram, NODE24_PROGRAM: node24 });
}

async function ensureNode() {
	if (existsSync(node24)) return;
	await withProgress(`Installing Node ${NODE_VERSION} for n8n`, async () => {
		await installAside(
			join(cacheFolder, `node-${NODE_VERSION}`),
			`${NODE_PACKAGE}@${NODE_VERSION}`,
		);
	});
}

async function ensureNativeModules() {
	const built = join(n8nFolder, `built-for-node-${NODE_VERSION}`);
	if (existsSync(built)) return;
	await withProgress(`Building ${NATIVE_MODULES.join(' and ')} (some minutes, once)`, async () => {
		// Under the Node that will load them; ignoring scripts, as this checkout does, would build nothing.
		const PATH = `${dirname(node24)}${delimiter}${process.env.PATH}`;
		await npm(n8nFolder, ['rebuild', ...NATIVE_MODULES, '--ignore-scripts=false'], {
			...process.env,
			PATH,
			npm_config_nodedir: nodePackage,
		});
	});
	writeFileSync(built, '');
}
