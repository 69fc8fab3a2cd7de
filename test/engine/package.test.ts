import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { Engine } from './harness';

const ROOT = join(__dirname, '..', '..');

describe('the built package', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await Engine.load();
	});

	it('loads as n8n loads it, with all nodes and credentials of the design', () => {
		expect(engine.nodeNames.sort()).toEqual([
			'wecomAcquisition',
			'wecomAiModel',
			'wecomChatArchive',
			'wecomChatArchiveTrigger',
			'wecomDataOrder',
			'wecomDataTrigger',
			'wecomDataZone',
		]);
		expect(engine.credentialNames.sort()).toEqual(['wecomCallbackApi', 'wecomDataApi']);
	});

	it('is a client for programs without n8n, too', () => {
		const program = `const { DataApiClient, operations } = require(${JSON.stringify(ROOT)});
			const missing = Object.keys(operations).filter((name) => !(name in DataApiClient.prototype) && !name.endsWith('Model'));
			console.log(JSON.stringify({ missing, loaded: Object.keys(require.cache).filter((path) => /n8n-(core|workflow)/.test(path)) }));`;
		const { stdout } = spawnSync(process.execPath, ['-e', program]);
		expect(JSON.parse(stdout.toString())).toEqual({ missing: [], loaded: [] });
	});

	it('packs dist, the READMEs and the licence, nothing else', () => {
		const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT });
		const [packed] = JSON.parse(stdout.toString()) as Array<{ files: Array<{ path: string }> }>;
		const outside = packed?.files
			.map(({ path }) => path)
			.filter((path) => !path.startsWith('dist/'))
			.sort();
		expect(outside).toEqual(['LICENSE', 'README.md', 'README.zh-CN.md', 'package.json']);
		expect(packed?.files.some(({ path }) => /\.test\.|simulator/.test(path))).toBe(false);
	});

	it('has a lock file for every platform and every registry (npm run lock)', () => {
		const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
			packages: Record<string, { optionalDependencies?: object; resolved?: string }>;
		};
		const optional = Object.values(packages).flatMap((entry) =>
			Object.keys(entry.optionalDependencies ?? {}),
		);
		const paths = Object.keys(packages);
		const missing = optional.filter(
			(name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)),
		);
		expect(missing).toEqual([]);
		expect(Object.values(packages).filter(({ resolved }) => resolved)).toEqual([]);
	});

	it('asks at run time for nothing but what it declares', () => {
		const { dependencies, peerDependencies } = JSON.parse(
			readFileSync(join(ROOT, 'package.json'), 'utf8'),
		) as Record<string, Record<string, string>>;
		const declared = new Set([
			...Object.keys(dependencies ?? {}),
			...Object.keys(peerDependencies ?? {}),
		]);
		const list = spawnSync('grep', ['-rhoE', 'require\\("[^."][^"]*"\\)', 'dist'], { cwd: ROOT });
		const required = new Set(
			[...list.stdout.toString().matchAll(/require\("([^"]+)"\)/g)].map(([, name = '']) => name),
		);
		const foreign = [...required].filter(
			(name) => !name.startsWith('node:') && !declared.has(name),
		);
		expect(foreign).toEqual([]);
		expect(required).toContain('axios');
		expect(required).toContain('node-forge');
	});

	it.each(['wecomChatArchive', 'wecomChatArchiveTrigger', 'wecomDataTrigger'])(
		'%s has icons for both themes, a codex with Chinese aliases and a credential test',
		(name) => {
			const { description, methods } = engine.nodeType(name);
			const [light, dark] = Object.values(
				(description as unknown as { iconUrl: Record<string, string> }).iconUrl,
			);
			expect(light).not.toBe(dark);
			expect(description.codex?.alias).toEqual(expect.arrayContaining(['企业微信', '会话存档']));
			for (const { testedBy } of description.credentials ?? []) {
				expect(Object.keys(methods?.credentialTest ?? {})).toContain(testedBy);
			}
		},
	);

	it('offers the operations of the design, each with an action and a description', () => {
		const { properties } = engine.nodeType('wecomChatArchive').description;
		const operations = properties
			.filter(({ name }) => name === 'operation')
			.flatMap((property) =>
				(property.options as INodePropertyOptions[]).map(
					(option) =>
						`${String(property.displayOptions?.show?.resource?.[0])}:${String(option.value)}`,
				),
			);
		expect(operations.sort()).toEqual([
			'consent:check',
			'group:get',
			'message:decrypt',
			'message:getAll',
		]);
	});

	it('shows every field of an operation only for that operation', () => {
		const { properties } = engine.nodeType('wecomChatArchive').description;
		const rest = properties.filter(({ name }) => name !== 'resource' && name !== 'operation');
		const conditions = (property: INodeProperties) => property.displayOptions?.show ?? {};
		for (const property of rest) {
			expect(conditions(property).resource).toHaveLength(1);
			expect(conditions(property).operation).toHaveLength(1);
		}
	});
});
