// What every command of the README does first: install once, and only when needed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program of the checkout's node_modules, or node itself, in the checkout.
 *
 * @returns its exit status
 */
export function run(program, args, options = {}) {
	const bin = join(root, 'node_modules', '.bin', program);
	const { status } = spawnSync(existsSync(bin) ? bin : program, args, {
		cwd: root,
		stdio: 'inherit',
		...options,
	});
	return status ?? 1;
}

/** Installs the dependencies unless those of the lock file are there already. */
export function ensureInstalled() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 19)) {
		console.error(`Node ${process.versions.node} is too old: this package needs 20.19 or newer.`);
		process.exit(1);
	}
	if (isInstalled()) return;
	console.log('Installing dependencies (a minute or so, once) …');
	const status = run('npm', ['ci', '--no-progress', '--loglevel', 'error']);
	if (status !== 0) process.exit(status);
}

function isInstalled() {
	const wanted = readPackages(join(root, 'package-lock.json'));
	const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
	);
}

function readPackages(file) {
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? {}) : {};
}
