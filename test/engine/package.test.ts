import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { closeServers, json, startServer } from '../unit/support/server';
import type * as wecom from '../../wecom';
import { Engine } from './harness';

const NODES = [
	'wecomAcquisition',
	'wecomAiModel',
	'wecomAuthorization',
	'wecomChatArchive',
	'wecomChatArchiveTrigger',
	'wecomDataOrder',
	'wecomDataTrigger',
	'wecomDataZone',
];
const CREDENTIALS = ['wecomCallbackApi', 'wecomDataApi', 'wecomStateApi'];
/** Fields of the whole node. */
const COMMON = ['resource', 'operation', 'stateStore'];
/** Operations that send nothing, or nothing but what has a time of its own: token, proxy, self-test. */
const SILENT = ['message decrypt', 'key generate', 'program getAbilityExample', 'library check'];
const ROOT = join(__dirname, '..', '..');

/** What jest.config.mjs says this project runs on. */
declare const N8N_CORE: string;

describe('the built package', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await Engine.load();
	});

	afterAll(closeServers);

	it('loads as n8n loads it, with all nodes and credentials of the design', () => {
		expect(engine.nodeNames.sort()).toEqual(NODES);
		expect(engine.credentialNames.sort()).toEqual(CREDENTIALS);
	});

	it('runs on the n8n-core that this run is meant for', () => {
		expect(engine.coreVersion).toBe(N8N_CORE);
	});

	it('is a client for programs without n8n, too', () => {
		const program = `const { DataApiClient, operations } = require(${JSON.stringify(ROOT)});
			const missing = Object.keys(operations).filter((name) => !(name in DataApiClient.prototype) && !name.endsWith('Model'));
			console.log(JSON.stringify({ missing, loaded: Object.keys(require.cache).filter((path) => /n8n-(core|workflow)/.test(path)) }));`;
		const { stdout } = spawnSync(process.execPath, ['-e', program]);
		expect(JSON.parse(stdout.toString())).toEqual({ missing: [], loaded: [] });
	});

	it('brings the client of the reference document (6.2), which holds its test cases (8)', async () => {
		const { DataApiClient: Client } = createRequire(__filename)(ROOT) as typeof wecom;
		const run = async (answer: object, call: (client: wecom.DataApiClient) => Promise<unknown>) => {
			const { url } = await startServer(json({ errcode: 0, errmsg: 'ok', ...answer }));
			return await call(new Client('mock_token', { baseUrl: url }));
		};
		const record = { seq: 1, msgid: 'msg_xxx', publickey_ver: 1 };
		const cases: Array<[object, (client: wecom.DataApiClient) => Promise<unknown>]> = [
			[{ chatdata: [record] }, async (c) => await c.getChatData(0, 100)],
			[{ chatdata: [] }, async (c) => await c.getChatData(999)],
			[{ result: { sentiment: 'positive', score: 0.85 } }, async (c) => await c.sentimentAnalysis('chat_xxx', 1, 100)], // prettier-ignore
			[{ result: { suggestions: ['建议回复1'] } }, async (c) => await c.recommendSpeech('chat_xxx', 1, 50)], // prettier-ignore
			[{ result: { summary: '客户咨询了产品价格' } }, async (c) => await c.summarize('chat_xxx', 1, 50)], // prettier-ignore
			[{ messages: [{ msgid: 'msg_xxx', content: '包含关键词' }] }, async (c) => await c.searchMessage('关键词')], // prettier-ignore
		];
		for (const [answer, call] of cases) {
			expect(await run(answer, call)).toEqual({ errcode: 0, errmsg: 'ok', ...answer });
		}
		const expired = { errcode: 42001, errmsg: 'access_token expired' };
		await expect(run(expired, async (c) => await c.getChatData())).rejects.toThrow('42001');
	});

	it('packs dist, the READMEs and the license, nothing else', () => {
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
			[...list.stdout.toString().matchAll(/require\("((?:@[^"/]+\/)?[^"/]+)[^"]*"\)/g)].map(
				([, name = '']) => name,
			),
		);
		const foreign = [...required].filter(
			(name) => !name.startsWith('node:') && !declared.has(name),
		);
		expect(foreign).toEqual([]);
		expect(required).toContain('axios');
		expect(required).toContain('node-forge');
	});

	it.each(NODES)(
		'%s has icons for both themes, a codex with Chinese aliases and a credential test',
		(name) => {
			const { description, methods } = engine.nodeType(name);
			const [light, dark] = Object.values(
				(description as unknown as { iconUrl: Record<string, string> }).iconUrl,
			);
			expect(light).not.toBe(dark);
			expect(description.codex?.alias).toEqual(
				expect.arrayContaining(['企业微信', 'WeCom', 'WeWork', 'qywx']),
			);
			expect(description.codex?.categories?.length).toBeGreaterThan(0);
			for (const { testedBy } of description.credentials ?? []) {
				expect(Object.keys(methods?.credentialTest ?? {})).toContain(testedBy);
			}
		},
	);

	describe.each(NODES.filter((name) => !name.endsWith('Trigger')))('%s', (name) => {
		const all = () => engine.nodeType(name).description.properties;

		it('is a tool for agents whose operations say what they do, each in words of its own', () => {
			expect(engine.nodeType(name).description.usableAsTool).toBe(true);
			const operations = all()
				.filter((property) => property.name === 'operation')
				.flatMap(({ options }) => options as INodePropertyOptions[]);
			for (const { action, description } of operations) {
				expect(action).toMatch(/^[A-Z][^A-Z]/);
				expect(description?.length).toBeGreaterThan(20);
			}
			expect(new Set(operations.map(({ action }) => action)).size).toBe(operations.length);
		});

		it('names the fields that decide about credentials by their whole path', () => {
			// Without the slash the editor takes them for parts of the authentication: it hides what
			// they depend on and moves the credentials there. Measured on n8n 2.41.1.
			const named = (engine.nodeType(name).description.credentials ?? []).flatMap(
				({ displayOptions }) => Object.keys(displayOptions?.show ?? {}),
			);
			expect(named).not.toEqual([]);
			expect(named.filter((field) => !field.startsWith('/'))).toEqual([]);
		});

		it('can be told how long to wait wherever it sends something', () => {
			const waiting = new Set(
				all()
					.filter((field) => field.name === 'options')
					.filter(({ options }) => (options ?? []).some((one) => one.name === 'requestTimeout'))
					.flatMap(({ displayOptions: { show = {} } = {} }) => `${show.resource?.[0] as string} ${show.operation?.[0] as string}`), // prettier-ignore
			);
			const operations = all()
				.filter((field) => field.name === 'operation')
				.flatMap(({ options = [], displayOptions }) =>
					(options as INodePropertyOptions[]).map(
						({ value }) => `${displayOptions?.show?.resource?.[0] as string} ${value as string}`,
					),
				);
			expect(operations.filter((operation) => !waiting.has(operation))).toEqual(
				operations.filter((operation) => SILENT.includes(operation)),
			);
		});

		it('shows an example of every text, each beginning with "e.g."', () => {
			const texts = all()
				.flatMap((field) => [field, ...insideOf(field)])
				.filter(({ type, typeOptions }) => type === 'string' && !typeOptions?.password);
			expect(texts.filter(({ placeholder = '' }) => !placeholder.startsWith('e.g. '))).toEqual([]);
		});

		it('shows every field of an operation only for that operation', () => {
			const rest = all().filter((one) => !COMMON.includes(one.name));
			const conditions = (property: INodeProperties) => property.displayOptions?.show ?? {};
			for (const property of rest) {
				expect(conditions(property).resource).toHaveLength(1);
				expect(conditions(property).operation).toHaveLength(1);
			}
		});

		it('has Return All and Limit on every list, and finds what its locators search with', () => {
			const fieldsOf = (resource: unknown, operation: unknown) =>
				all().filter(
					({ displayOptions }) =>
						displayOptions?.show?.resource?.[0] === resource &&
						displayOptions?.show?.operation?.[0] === operation,
				);
			for (const { displayOptions, options, name } of all()) {
				const [resource] = displayOptions?.show?.resource ?? [];
				const lists = (options ?? []).some(
					(one) => (one as INodePropertyOptions).value === 'getAll',
				);
				if (name !== 'operation' || !lists) continue;
				const names = fieldsOf(resource, 'getAll').map((one) => one.name);
				expect(names).toEqual(expect.arrayContaining(['returnAll', 'limit']));
			}
			const searches = all().flatMap(({ modes = [] }) =>
				modes.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
			);
			const { listSearch = {} } = engine.nodeType(name).methods ?? {};
			expect(Object.keys(listSearch).sort()).toEqual([...new Set(searches)].sort());
		});
	});
});

/** The fields in a collection. */
function insideOf({ options = [] }: INodeProperties): INodeProperties[] {
	return options.flatMap((option) => {
		if ('values' in option) return option.values.flatMap((field) => [field, ...insideOf(field)]);
		return 'type' in option ? [option, ...insideOf(option)] : [];
	});
}
