import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** This package as npm would publish it. */
export interface PackedPackage {
	name: string;
	version: string;
	/** Path of the tarball. */
	tarball: string;
}

/**
 * Packs the built checkout.
 *
 * @param folder where the tarball goes
 */
export function packPackage(folder: string): PackedPackage {
	const output = execFileSync(
		'npm',
		['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
		name: string;
		version: string;
	};
	return { name, version, tarball: join(folder, output.trim().split('\n').at(-1) ?? '') };
}

/**
 * What to add to the environment of an n8n whose _Settings → Community Nodes_ finds the package as if
 * it were published: n8n calls npm, and the npm it finds first knows the tarball.
 *
 * @param folder gets a folder `bin` with that npm
 */
export function publishedLocally(
	folder: string,
	{ name, version, tarball }: PackedPackage,
	path: string,
): Record<string, string> {
	const bin = join(folder, 'bin');
	mkdirSync(bin, { recursive: true });
	const npm = join(bin, 'npm');
	writeFileSync(
		npm,
		`#!/bin/sh\nexec '${process.execPath}' '${join(__dirname, 'npm.mjs')}' "$@"\n`,
	);
	chmodSync(npm, 0o755);
	return {
		PATH: `${bin}${delimiter}${path}`,
		LOCAL_PACKAGE: JSON.stringify({ name, version, tarball }),
		REAL_NPM: realNpm(),
	};
}

function realNpm(): string {
	return execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
}

/** PATH on which that program is the first `node`. */
export function pathWith(node: string): string {
	return `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
}
