import communityNodes from '@n8n/eslint-plugin-community-nodes';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const community = communityNodes.configs.recommended;

/**
 * The one exception to n8n's rules. axios and node-forge are asked for by name, and a package that
 * parses XML and speaks to proxies is better off with kept libraries than with its own: so there are
 * runtime dependencies, and imports beyond n8n's list.
 */
const dependencyRulesOff = {
	'@n8n/community-nodes/no-runtime-dependencies': 'off',
	'@n8n/community-nodes/no-restricted-imports': 'off',
};

/**
 * Where n8n's two plugins contradict each other the newer one, community-nodes, is obeyed: it asks
 * for a URL as documentationUrl and for NodeConnectionTypes instead of 'main'.
 */
const supersededRulesOff = {
	'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
	'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
	'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
};

/**
 * Errors of these libraries carry tokens and values, and native code can end its process: only the one
 * place that is made for them may use them.
 */
const ONE_PLACE = [
	{ name: 'axios', message: 'Only wecom/http/transport.ts.' },
	{ name: 'ioredis', message: 'Only wecom/state/redisState.ts.' },
	{
		name: 'koffi',
		message: "Only the library's process, wecom/library/host: native code ends a process.",
	},
];

const n8nFiles = ['nodes/**/*.ts', 'credentials/**/*.ts'];

export default tseslint.config(
	{ ignores: ['dist/', 'node_modules/', 'coverage/'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.strict, tseslint.configs.stylistic],
		languageOptions: {
			parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/return-await': ['error', 'always'],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
			],
			'no-console': 'error',
		},
	},
	{
		// The client is usable without n8n and knows nothing of it (layers: nodes → wecom).
		files: ['wecom/**/*.ts'],
		plugins: community.plugins,
		rules: {
			'no-restricted-imports': [
				'error',
				{ patterns: ['n8n-*', '**/nodes/**', '**/credentials/**'], paths: ONE_PLACE },
			],
			'@n8n/community-nodes/no-restricted-globals': 'error',
			'@n8n/community-nodes/no-dangerous-functions': 'error',
			'@n8n/community-nodes/no-hardcoded-secrets': 'error',
		},
	},
	{
		files: ['wecom/http/transport.ts', 'wecom/state/redisState.ts', 'wecom/library/host/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{ patterns: ['n8n-*', '**/nodes/**', '**/credentials/**'] },
			],
		},
	},
	{
		// Starts the process of Tencent's library: a program of this package, without arguments.
		files: ['wecom/library/hostProcess.ts'],
		rules: { '@n8n/community-nodes/no-dangerous-functions': 'off' },
	},
	{
		files: n8nFiles,
		rules: { 'no-restricted-imports': ['error', { paths: ONE_PLACE }] },
	},
	{
		files: n8nFiles,
		plugins: { ...community.plugins, 'n8n-nodes-base': nodesBase },
		rules: { ...allAsErrors(community.rules), ...dependencyRulesOff },
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: { ...nodesBase.configs.nodes.rules, ...supersededRulesOff },
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: { ...nodesBase.configs.credentials.rules, ...supersededRulesOff },
	},
	{
		files: ['package.json'],
		plugins: { ...community.plugins, 'n8n-nodes-base': nodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: {
			...allAsErrors(community.rules),
			...nodesBase.configs.community.rules,
			...dependencyRulesOff,
		},
	},
	{
		// Programs for the terminal.
		files: ['simulator/cli.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
		rules: { 'no-console': 'off' },
	},
);

/** n8n's own warnings count as errors here. */
function allAsErrors(rules) {
	return Object.fromEntries(Object.keys(rules).map((name) => [name, 'error']));
}
