// A whole n8n, and the Node it runs on, in a cache folder outside the checkout. Installed once.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const VERSION = '2.41.1';
/** n8n 2.41 needs Node 24. The npm packages of this name hold the program and its headers. */
const NODE_VERSION = '24.21.0';
const NODE_PACKAGE = `node-${platform() === 'win32' ? 'win' : platform()}-${arch()}`;
/** What n8n cannot start without and npm cannot bring ready-made. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];
const PROGRESS_MS = 20_000;

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-wecom-data');

/** Its node_modules holds n8n, once {@link ensureN8n} was called. */
export const n8nFolder = join(cache, `n8n-${VERSION}`);

const nodePackage = join(cache, `node-${NODE_VERSION}`, 'node_modules', NODE_PACKAGE);

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
		await installAside(join(cache, `node-${NODE_VERSION}`), `${NODE_PACKAGE}@${NODE_VERSION}`);
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

/** Installs aside and moves when complete: a broken-off install leaves nothing half done behind. */
async function installAside(folder, specifier) {
	mkdirSync(cache, { recursive: true });
	const aside = mkdtempSync(join(cache, 'installing-'));
	writeFileSync(join(aside, 'package.json'), '{ "private": true }\n');
	try {
		await npm(aside, ['install', specifier, '--ignore-scripts', '--no-audit', '--no-fund']);
		if (!existsSync(folder)) renameSync(aside, folder);
	} finally {
		rmSync(aside, { recursive: true, force: true });
	}
}

async function withProgress(what, work) {
	console.log(`${what}, into ${cache} …`);
	const started = Date.now();
	const progress = setInterval(() => {
		console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`);
	}, PROGRESS_MS);
	try {
		await work();
	} finally {
		clearInterval(progress);
	}
}

async function npm(cwd, args, env = process.env) {
	const child = spawn('npm', [...args, '--loglevel', 'error'], {
		cwd,
		env,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const status = await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', resolve);
	});
	if (status !== 0) throw new Error(`npm ${args.join(' ')} failed (exit ${status})`);
}

// What jest calls before the example tests.
export default ensureN8n;
