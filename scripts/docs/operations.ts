import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources as acquisition } from '../../nodes/WecomAcquisition/actions';
import { resources as aiModel } from '../../nodes/WecomAiModel/actions';
import { resources as authorization } from '../../nodes/WecomAuthorization/actions';
import { resources as chatArchive } from '../../nodes/WecomChatArchive/actions';
import { resources as dataOrder } from '../../nodes/WecomDataOrder/actions';
import { resources as dataZone } from '../../nodes/WecomDataZone/actions';
import type { Action, Resource } from '../../nodes/shared/run/action';
import { isLibraryRoute } from '../../wecom/api/carriers/library';
import { CONTRACTS, firstOf, pathOf, type Contract } from '../../wecom/api/wire';
import { table } from './page';

interface DocumentedNode {
	name: string;
	/** Its folder under nodes/. */
	folder: string;
	resources: Resource[];
}

/** The action nodes in the order of the tables. */
const NODES: readonly DocumentedNode[] = [
	{ name: 'WeCom Chat Archive', folder: 'WecomChatArchive', resources: chatArchive },
	{ name: 'WeCom AI Model', folder: 'WecomAiModel', resources: aiModel },
	{ name: 'WeCom Customer Acquisition', folder: 'WecomAcquisition', resources: acquisition },
	{ name: 'WeCom Data Order', folder: 'WecomDataOrder', resources: dataOrder },
	{ name: 'WeCom Data Zone', folder: 'WecomDataZone', resources: dataZone },
	{ name: 'WeCom Authorization', folder: 'WecomAuthorization', resources: authorization },
];

/** The operations that call an API, as the pages for operators name them. */
export const NODE_OPERATIONS = NODES.flatMap(({ name: node, resources }) =>
	resources.flatMap(({ name: resource, actions }) =>
		actions.flatMap(({ option, api }) =>
			api ? [{ title: `**${node}** → _${resource} → ${option.name}_`, api }] : [],
		),
	),
);

/** The words of a language in the tables of operations. */
interface OperationWords {
	head: readonly [resource: string, operation: string];
	token: string;
	/** What the credential calls each contract. */
	contracts: Readonly<Record<Contract, string>>;
	/** Stands for the call of what calls no API. */
	none: string;
	/** The translation whose names stand beside the English ones. */
	locale?: string;
}

/** The part of a translation file that the tables need. */
interface NodeTexts {
	header: { displayName: string };
	nodeView: Record<'resource' | 'operation', { options: Record<string, { displayName: string }> }>;
}

/** All operations in the words of a language. */
export const OPERATION_WORDS = {
	en: {
		head: ['Resource', 'Operation'],
		token: 'Token',
		contracts: {
			reference: 'Data API Reference',
			dataZone: 'Tencent Data Zone',
			messageArchive: 'Tencent Message Archive',
		},
		none: 'no call',
	},
	zh: {
		head: ['资源', '操作'],
		token: 'Token',
		contracts: {
			reference: '数据 API 参考文档',
			dataZone: '企业微信数据与智能专区',
			messageArchive: '企业微信会话内容存档',
		},
		none: '无需调用',
		locale: 'zh-CN',
	},
} as const satisfies Record<string, OperationWords>;

/** A table of the operations of each node, in Markdown: what each contract calls, and with which token. */
export function operationTables(words: OperationWords): string {
	const { head, token, contracts, locale } = words;
	const columns = [...head, ...SPOKEN.map((contract) => contracts[contract]), token];
	return NODES.map(({ name, folder, resources }) => {
		const texts = locale ? textsOf(folder, locale) : undefined;
		return [
			`#### ${withText(name, texts?.header)}`,
			table(columns, rowsOf(resources, words, texts)),
		].join('\n\n');
	}).join('\n\n');
}

/** The contracts that some operation has a wire for. */
const SPOKEN = CONTRACTS.filter((contract) =>
	NODES.some(({ resources }) =>
		resources.some(({ actions }) => actions.some(({ api }) => api?.wires[contract])),
	),
);

function textsOf(folder: string, locale: string): NodeTexts {
	const file = `${folder.charAt(0).toLowerCase()}${folder.slice(1)}.json`;
	const path = join(__dirname, '..', '..', 'nodes', folder, 'translations', locale, file);
	return JSON.parse(readFileSync(path, 'utf8')) as NodeTexts;
}

/** The English name, and beside it what the editor shows in the language of the page. */
function withText(name: string, text?: { displayName: string }): string {
	return text ? `${name}（${text.displayName}）` : name;
}

function rowsOf(resources: Resource[], words: OperationWords, texts?: NodeTexts): string[][] {
	return resources.flatMap((resource) =>
		resource.actions.map(({ option, api }) => [
			withText(resource.name, texts?.nodeView.resource.options[resource.value]),
			withText(option.name, texts?.nodeView.operation.options[option.value]),
			...SPOKEN.map((contract) => (api ? callOf(api, contract) : words.none)),
			api ? tokensOf(api, words) : '',
		]),
	);
}

type Api = NonNullable<Action['api']>;

/** The path or the function of the first request; a dash where the contract has none. */
function callOf({ wires }: Api, contract: Contract): string {
	const wire = wires[contract];
	return wire ? `\`${pathOf(firstOf(wire).route)}\`` : '–';
}

/** The one token, or one for each contract; Tencent's library logs in by itself. */
function tokensOf({ wires }: Api, { contracts }: OperationWords): string {
	const taken = SPOKEN.flatMap((contract) => {
		const wire = wires[contract];
		if (!wire || isLibraryRoute(firstOf(wire).route)) return [];
		return [{ contract, token: `\`${firstOf(wire).token}\`` }];
	});
	const tokens = [...new Set(taken.map(({ token }) => token))];
	if (tokens.length === 1) return tokens.join('');
	return taken.map(({ contract, token }) => `${contracts[contract]}: ${token}`).join(', ');
}
