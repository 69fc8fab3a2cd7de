// What tests need besides the checkout's own dependencies: installed once, outside the checkout.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PROGRESS_MS = 20_000;

/** Where it is all kept. */
export const cacheFolder = join(
	process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
	'n8n-nodes-wecom-data',
);

/**
 * Installs npm packages aside and moves them when complete: a broken-off install leaves nothing half
 * done behind.
 *
 * @param folder in {@link cacheFolder}; names the versions, since it is never looked at again
 * @param packages as npm install takes them
 */
export async function installAside(folder, ...packages) {
	mkdirSync(cacheFolder, { recursive: true });
	const aside = mkdtempSync(join(cacheFolder, 'installing-'));
	writeFileSync(join(aside, 'package.json'), '{ "private": true }\n');
	try {
		await npm(aside, ['install', ...packages, '--ignore-scripts', '--no-audit', '--no-fund']);
		if (!existsSync(folder)) renameSync(aside, folder);
	} finally {
		rmSync(aside, { recursive: true, force: true });
	}
}

/** Says what is being done, and now and then that it still is. */
export async function withProgress(what, work) {
	console.log(`${what}, into ${cacheFolder} …`);
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

/**
 * Runs npm.
 *
 * @throws Error when it fails
 */
export async function npm(cwd, args, env = process.env) {
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
