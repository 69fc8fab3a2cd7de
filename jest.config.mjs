import { join } from 'node:path';

import { n8nFolder } from './scripts/n8n.mjs';

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

/**
 * Unit tests run the TypeScript sources; engine tests run the built package in n8n-core; fault
 * tests do so in processes of their own; example tests run it in the n8n-core of a whole n8n,
 * together with n8n's own nodes; e2e tests install it in a real n8n.
 *
 * @type {import('jest').Config}
 */
export default {
	testTimeout: 30_000,
	projects: [
		{
			...shared,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
			modulePathIgnorePatterns: ['<rootDir>/dist/'],
		},
		{ ...shared, displayName: 'engine', testMatch: ['<rootDir>/test/engine/**/*.test.ts'] },
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
			displayName: 'examples',
			testMatch: ['<rootDir>/test/examples/**/*.test.ts'],
			globalSetup: '<rootDir>/scripts/n8n.mjs',
			moduleNameMapper: {
				// One copy of each, as in a real n8n.
				'^(n8n-core|n8n-workflow)(/.*)?$': join(n8nFolder, 'node_modules', '$1$2'),
				// Loaded where AI nodes are read, not where they run: native modules, which are built for
				// the Node of whoever installed them, and a package that jest cannot load as CommonJS.
				'^(sqlite3|isolated-vm|sanitize-html)$': '<rootDir>/test/examples/absent.ts',
			},
		},
	],
};
