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
import { dirname, join } from 'node:path';

import { transformSync } from '@swc/core';

const ROOT = join(__dirname, '..', '..', '..');

/** `wecom/` as JavaScript in a folder of its own: a process of node's does not read TypeScript. */
export interface BuiltClient {
	/** Path of a program, `library/sidecar` say. */
	program(name: string): string;
	remove(): void;
}

/** Builds the client from its sources as they are. */
export function buildClient(): BuiltClient {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-programs-'));
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	const sources = readdirSync(join(ROOT, 'wecom'), { recursive: true, encoding: 'utf8' });
	for (const source of sources.filter((name) => name.endsWith('.ts'))) {
		const { code } = transformSync(readFileSync(join(ROOT, 'wecom', source), 'utf8'), {
			jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
			module: { type: 'commonjs' },
		});
		const target = join(folder, 'wecom', source.replace(/\.ts$/, '.js'));
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, code);
	}
	return {
		program: (name) => join(folder, 'wecom', `${name}.js`),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
