// A whole n8n in a cache folder outside the checkout: what the examples run on. Installed once.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '2.41.1';
const PROGRESS_MS = 20_000;

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-wecom-data');

/** Its node_modules holds n8n, once {@link ensureN8n} was called. */
export const n8nFolder = join(cache, `n8n-${VERSION}`);

/** Installs n8n unless it is there already. */
export async function ensureN8n() {
	if (existsSync(join(n8nFolder, 'node_modules', 'n8n', 'package.json'))) return;
	mkdirSync(cache, { recursive: true });
	// Installed aside and moved when complete: a broken-off install leaves nothing half done behind.
	const aside = mkdtempSync(join(cache, 'installing-'));
	writeFileSync(join(aside, 'package.json'), '{ "private": true }\n');
	console.log(`Installing n8n ${VERSION} into ${cache} (some minutes and 3 GB, once) …`);
	const started = Date.now();
	const progress = setInterval(() => {
		console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`);
	}, PROGRESS_MS);
	try {
		await npm(aside, ['install', `n8n@${VERSION}`, '--ignore-scripts', '--no-audit', '--no-fund']);
		if (!existsSync(n8nFolder)) renameSync(aside, n8nFolder);
	} finally {
		clearInterval(progress);
		rmSync(aside, { recursive: true, force: true });
	}
}

async function npm(cwd, args) {
	const child = spawn('npm', [...args, '--loglevel', 'error'], {
		cwd,
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
