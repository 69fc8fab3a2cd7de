import {
	mkdtempSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { transformSync } from '@swc/core';

const LIBRARY = join(__dirname, '..', '..', '..', 'wecom', 'library');
const PACKAGES = join(__dirname, '..', '..', '..', 'node_modules');

/** The program of the library's process, made from its sources. */
export interface BuiltHost {
	/** For `configureLibraries({ hostFile })`. */
	file: string;
	remove(): void;
}

/** Makes the program: a process of node's does not read TypeScript, and tests need no build. */
export function buildHost(): BuiltHost {
	const folder = mkdtempSync(join(tmpdir(), 'library-host-'));
	symlinkSync(PACKAGES, join(folder, 'node_modules'));
	mkdirSync(join(folder, 'host'));
	const sources = readdirSync(join(LIBRARY, 'host')).map((name) => join('host', name));
	for (const source of ['host.ts', ...sources]) {
		const { code } = transformSync(readFileSync(join(LIBRARY, source), 'utf8'), {
			jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
			module: { type: 'commonjs' },
		});
		writeFileSync(join(folder, source.replace(/\.ts$/, '.js')), code);
	}
	return {
		file: join(folder, 'host.js'),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
