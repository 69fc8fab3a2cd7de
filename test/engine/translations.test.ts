import 'reflect-metadata';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PackageDirectoryLoader } from 'n8n-core';
import {
	Workflow,
	type ICredentialType,
	type IDataObject,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
} from 'n8n-workflow';

const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');
/** Texts that are the same in Chinese: names of products, keys and levels, as WeCom's console has them. */
const NAMES = [
	...['Redis', 'Markdown', 'Python', 'TLS', 'AES-256-CBC', 'ID', 'state', 'suite_ticket'],
	...['Token', 'EncodingAESKey', 'Secret', 'SuiteID', 'Suite Secret', 'ProviderSecret'],
	...['access_token', 'suite_access_token', 'provider_access_token'],
	...['DBG（3）', 'ERR（1）', 'INFO（2）'],
];
/** n8n adds this field after it has loaded the node: the file has it, the package cannot show it. */
const ADDED_BY_N8N = ['pollTimes'];
const TEXTS = ['displayName', 'description', 'hint', 'placeholder'] as const;

interface Loaded {
	nodes: Record<string, INodeTypeDescription>;
	credentials: Record<string, ICredentialType>;
}

/** The built package as n8n loads it when it is set to a language. */
async function load(locale?: string): Promise<Loaded> {
	delete process.env.N8N_DEFAULT_LOCALE;
	if (locale !== undefined) process.env.N8N_DEFAULT_LOCALE = locale;
	try {
		const loader = new PackageDirectoryLoader(ROOT);
		await loader.loadAll();
		const entries = <T>(loaded: Record<string, { type: unknown }>, pick: (type: never) => T) =>
			Object.fromEntries(
				Object.entries(loaded).map(([name, { type }]) => [name, pick(type as never)]),
			);
		return {
			nodes: entries(loader.nodeTypes, (type: INodeType) => type.description),
			credentials: entries(loader.credentialTypes, (type: ICredentialType) => type),
		};
	} finally {
		delete process.env.N8N_DEFAULT_LOCALE;
	}
}

/** A text of a description and the key a translation file has it under. */
type Text = [key: string, text: string];

/**
 * The key of a parameter, from the names that lead to it: `options` and `values` in turn between
 * them. Source: deriveMiddleKey of @n8n/i18n, n8n 2.41.1.
 */
const keyOf = (names: string[]) =>
	names
		.flatMap((name, i) => (i === 0 ? [name] : [i % 2 === 1 ? 'options' : 'values', name]))
		.join('.');

/** Everything people read of these fields, by the keys n8n's editor looks up; and modes, which it does not. */
function textsOf(properties: INodeProperties[], path: string[] = []): Text[] {
	return properties
		.filter(({ type }) => type !== 'hidden')
		.flatMap((property) => {
			const names = [...path, property.name];
			const key = keyOf(names);
			return [
				...wording(key, property),
				...wording(key, property.typeOptions ?? {}, ['multipleValueButtonText']),
				...(property.modes ?? []).flatMap((mode) => wording(`${key}.modes.${mode.name}`, mode)),
				...(property.options ?? []).flatMap((entry): Text[] => {
					if ('values' in entry) {
						return [
							...wording(`${key}.options.${entry.name}`, entry),
							...textsOf(entry.values, [...names, entry.name]),
						];
					}
					if (!('value' in entry)) return textsOf([entry], names);
					const option = `${key}.options.${String(entry.value)}`;
					return [
						[`${option}.displayName`, entry.name],
						...wording(option, entry, ['description']),
						...wording(option, entry, ['action'], property),
					];
				}),
			];
		});
}

function wording(
	key: string,
	texts: object,
	kinds: readonly string[] = TEXTS,
	operation?: INodeProperties,
): Text[] {
	const resource = operation?.displayOptions?.show?.resource?.[0];
	return kinds.flatMap((kind): Text[] => {
		const text = (texts as Record<string, unknown>)[kind];
		if (typeof text !== 'string' || text === '') return [];
		return [[[key, kind, ...(resource ? [String(resource)] : [])].join('.'), text]];
	});
}

function nodeTexts(node: INodeTypeDescription): Text[] {
	return [
		...wording('header', node, ['displayName', 'description', 'subtitle']),
		...wording('nodeView', node, ['eventTriggerDescription', 'activationMessage']),
		...(node.hints ?? []).map(({ message }, at): Text => [`nodeView.hints.${at}`, message]),
		...textsOf(node.properties).map(([key, text]): Text => [`nodeView.${key}`, text]),
	];
}

const credentialTexts = ({ displayName, properties }: ICredentialType): Text[] => [
	['displayName', displayName],
	...textsOf(properties),
];

/** The texts of a translation file by their keys. */
function leaves(texts: unknown, key: string[] = []): string[] {
	if (typeof texts === 'string') return [key.join('.')];
	return Object.entries(texts as object).flatMap(([name, inner]) => leaves(inner, [...key, name]));
}

const readJson = (...path: string[]): unknown =>
	JSON.parse(readFileSync(join(...path), 'utf8')) as unknown;

const folderOf = (node: string) => node.charAt(0).toUpperCase() + node.slice(1);
const fileOfNode = (name: string) =>
	leaves(readJson(DIST, 'nodes', folderOf(name), 'translations', 'zh-CN', `${name}.json`));
const fileOfCredential = (name: string) =>
	leaves(readJson(DIST, 'credentials', 'translations', 'zh-CN', `${name}.json`));

/** One action for all resources may stand without the name of the resource. */
function compare(file: string[], texts: Text[]) {
	const keys = new Set(file);
	const used = texts.map(([key]) =>
		keys.has(key) ? key : key.replace(/\.action\..*$/, '.action'),
	);
	return {
		missing: [...new Set(used)].filter((key) => !keys.has(key)),
		unused: file.filter((key) => !used.includes(key)),
	};
}

/** Texts that a Chinese reader finds in English. */
function english(texts: Text[]): Text[] {
	return texts.filter(
		([key, text]) =>
			!/\p{Script=Han}/u.test(text) &&
			!NAMES.includes(text) &&
			!ADDED_BY_N8N.some((name) => key.startsWith(`nodeView.${name}.`)),
	);
}

/** The same description without what people read. */
function withoutTexts(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutTexts);
	if (typeof value !== 'object' || value === null) return value;
	const isOption = 'value' in value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !([...TEXTS, 'subtitle', 'action'] as string[]).includes(key))
			.filter(([key]) => !['eventTriggerDescription', 'activationMessage', 'message'].includes(key))
			.filter(([key]) => key !== 'multipleValueButtonText' && !(isOption && key === 'name'))
			.map(([key, inner]) => [key, withoutTexts(inner)]),
	);
}

describe('the Chinese translation', () => {
	let plain: Loaded;
	let chinese: Loaded;

	beforeAll(async () => {
		plain = await load();
		chinese = await load('zh-CN');
	});

	it('has every text of every node and credential, and no other', () => {
		const differences = [
			...Object.entries(plain.nodes).map(
				([name, node]) => [name, compare(fileOfNode(name), nodeTexts(node))] as const,
			),
			...Object.entries(plain.credentials).map(
				([name, one]) => [name, compare(fileOfCredential(name), credentialTexts(one))] as const,
			),
		];
		expect(differences).toHaveLength(11);
		expect(Object.fromEntries(differences)).toEqual(
			Object.fromEntries(differences.map(([name]) => [name, { missing: [], unused: [] }])),
		);
	});

	it('notices a key that is missing, one too many, and a text that stayed English', () => {
		const texts: Text[] = [['limit.displayName', 'Limit']];
		expect(compare(['limit.description'], texts)).toEqual({
			missing: ['limit.displayName'],
			unused: ['limit.description'],
		});
		expect(english(texts)).toEqual(texts);
	});

	it('uses every text that nodes share', () => {
		const shared = readJson(ROOT, 'nodes', 'shared', 'translations', 'zh-CN.json') as object;
		const sources = Object.keys(plain.nodes)
			.map((name) => join(ROOT, 'nodes', folderOf(name), 'translations', 'zh-CN', `${name}.json`))
			.map((path) => readFileSync(path, 'utf8'))
			.join();
		expect(Object.keys(shared).filter((name) => !sources.includes(`"@${name}"`))).toEqual([]);
	});

	it('is what n8n shows when it is set to zh-CN: no node or credential has an English text left', () => {
		expect(Object.values(chinese.nodes).flatMap((node) => english(nodeTexts(node)))).toEqual([]);
		expect(
			Object.values(chinese.credentials).flatMap((one) => english(credentialTexts(one))),
		).toEqual([]);
	});

	it('changes nothing but texts: names, values, conditions and defaults are the same', () => {
		expect(withoutTexts(chinese.nodes)).toEqual(withoutTexts(plain.nodes));
		for (const [name, { properties }] of Object.entries(chinese.credentials)) {
			expect(withoutTexts(properties)).toEqual(withoutTexts(plain.credentials[name]?.properties));
		}
	});

	it('tells resources apart where one operation serves several', () => {
		const actions = (chinese.nodes.wecomChatArchive?.properties ?? [])
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options }) => options ?? [])
			.flatMap((option) => ('action' in option ? [option.action] : []));
		expect(actions).toHaveLength(18);
		expect(new Set(actions).size).toBe(18);
	});

	it('keeps "Trigger" in the names of triggers: n8n lists them by it', () => {
		for (const node of Object.values(chinese.nodes)) {
			expect(node.displayName.includes('Trigger')).toBe(node.group.includes('trigger'));
		}
	});

	it('names under each node what it does, for every choice', () => {
		for (const node of Object.values(chinese.nodes)) {
			const subtitle = (parameters: IDataObject) => evaluate(node, parameters);
			const choices = (name: string, resource?: string) =>
				node.properties
					.filter((property) => property.name === name)
					.filter(
						({ displayOptions }) => !resource || displayOptions?.show?.resource?.includes(resource),
					)
					.flatMap(({ options }) => options ?? [])
					.flatMap((option) => ('value' in option ? [option] : []));
			for (const resource of choices('resource')) {
				for (const operation of choices('operation', String(resource.value))) {
					const text = subtitle({ resource: resource.value, operation: operation.value });
					expect(text).toBe(`${operation.name}：${resource.name}`);
				}
			}
			for (const event of choices('events')) {
				expect(subtitle({ events: [event.value] })).toBe(event.name);
			}
			for (const start of choices('startFrom')) {
				expect(subtitle({ startFrom: start.value })).toMatch(/^从\P{ASCII}/u);
			}
		}
	});

	it('leaves everything in English for other languages and for what is no language', async () => {
		for (const locale of ['en', 'de', '', '../zh-CN', 'constructor']) {
			const { nodes, credentials } = await load(locale);
			expect(nodes).toEqual(plain.nodes);
			expect(Object.keys(credentials)).toEqual(Object.keys(plain.credentials));
			expect(credentials.wecomDataApi?.displayName).toBe('WeCom Data API');
		}
	});
});

/** What n8n shows under a node with these parameters. */
function evaluate(node: INodeTypeDescription, parameters: IDataObject): unknown {
	const instance = {
		id: '1',
		name: 'node',
		type: node.name,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: parameters as never,
	};
	const workflow = new Workflow({
		nodes: [instance],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => ({ description: node }),
			getByNameAndVersion: () => ({ description: node }),
			getKnownTypes: () => ({}),
		} as INodeTypes,
	});
	return workflow.expression.getSimpleParameterValue(instance, node.subtitle, 'internal', {});
}
