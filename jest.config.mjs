import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { n8nFolder } from './scripts/n8n.mjs';
import { CORE_VERSION as N8N1_CORE, n8n1Folder } from './scripts/n8n1.mjs';

const { devDependencies } = JSON.parse(
	readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);

const shared = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
				module: { type: 'commonjs' },
			},
		],
	},
};

/** One copy of each, as in a real n8n: of those that are installed in a folder. */
const n8nFrom = (folder) => ({
	'^(n8n-core|n8n-workflow)(/.*)?$': join(folder, 'node_modules', '$1$2'),
});

const compiler = '<rootDir>/test/unit/setup.mjs';

const engine = { ...shared, testMatch: ['<rootDir>/test/engine/**/*.test.ts'] };

/**
 * Unit tests run the TypeScript sources; engine tests run the built package in n8n-core, that of
 * n8n 2.x and (n8n1) that of n8n 1.x; fault tests do so in processes of their own; example tests run
 * it in the n8n-core of a whole n8n, together with n8n's own nodes; e2e tests install it in a real
 * n8n, queue tests in one of many processes.
 *
 * @type {import('jest').Config}
 */
export default {
	testTimeout: 30_000,
	reporters: ['default', '<rootDir>/scripts/totals.mjs'],
	projects: [
		{
			...shared,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
			globalSetup: compiler,
			modulePathIgnorePatterns: ['<rootDir>/dist/'],
		},
		{
			...engine,
			displayName: 'engine',
			globals: { N8N_CORE: devDependencies['n8n-core'] },
			globalSetup: compiler,
		},
		{
			...engine,
			displayName: 'n8n1',
			globals: { N8N_CORE: N8N1_CORE },
			globalSetup: '<rootDir>/scripts/n8n1.mjs',
			setupFiles: ['<rootDir>/test/engine/n8n1.ts'],
			moduleNameMapper: n8nFrom(n8n1Folder),
		},
		{
			...shared,
			displayName: 'faults',
			testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
			globalSetup: '<rootDir>/test/faults/setup.mjs',
		},
		{
			...shared,
			displayName: 'e2e',
			testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
			globalSetup: '<rootDir>/test/e2e/setup.mjs',
		},
		{
			...shared,
			displayName: 'queue',
			testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
			globalSetup: '<rootDir>/test/queue/setup.mjs',
		},
		{
			...shared,
			displayName: 'examples',
			testMatch: ['<rootDir>/test/examples/**/*.test.ts'],
			globalSetup: '<rootDir>/test/examples/setup.mjs',
			moduleNameMapper: {
				...n8nFrom(n8nFolder),
				// Loaded where AI nodes are read, not where they run: native modules, which are built for
				// the Node of whoever installed them, and a package that jest cannot load as CommonJS.
				'^(sqlite3|isolated-vm|sanitize-html)$': '<rootDir>/test/examples/absent.ts',
			},
		},
	],
};
