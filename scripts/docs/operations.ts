import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources as acquisition } from '../../nodes/WecomAcquisition/actions';
import { resources as aiModel } from '../../nodes/WecomAiModel/actions';
import { resources as authorization } from '../../nodes/WecomAuthorization/actions';
import { resources as chatArchive } from '../../nodes/WecomChatArchive/actions';
import { resources as dataOrder } from '../../nodes/WecomDataOrder/actions';
import { resources as dataZone } from '../../nodes/WecomDataZone/actions';
import type { Action, Resource } from '../../nodes/shared/run/action';
import { SYNC_CALL_PATH } from '../../wecom/api/carriers/program';
import { firstOf, pathOf, type Route } from '../../wecom/api/wire';
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

/** The words of a language in the tables of operations. */
interface OperationWords {
	head: readonly [resource: string, operation: string, path: string, token: string];
	/** Stands for the path of what calls no API. */
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
	en: { head: ['Resource', 'Operation', 'Path under /cgi-bin', 'Token'], none: 'none' },
	zh: { head: ['资源', '操作', '/cgi-bin 下的路径', 'Token'], none: '无需调用', locale: 'zh-CN' },
} as const satisfies Record<string, OperationWords>;

/** A table of the operations of each node, in Markdown. */
export function operationTables({ head, none, locale }: OperationWords): string {
	return NODES.map(({ name, folder, resources }) => {
		const texts = locale ? textsOf(folder, locale) : undefined;
		return [
			`#### ${withText(name, texts?.header)}`,
			table(head, rowsOf(resources, none, texts)),
		].join('\n\n');
	}).join('\n\n');
}

function textsOf(folder: string, locale: string): NodeTexts {
	const file = `${folder.charAt(0).toLowerCase()}${folder.slice(1)}.json`;
	const path = join(__dirname, '..', '..', 'nodes', folder, 'translations', locale, file);
	return JSON.parse(readFileSync(path, 'utf8')) as NodeTexts;
}

/** The English name, and beside it what the editor shows in the language of the page. */
function withText(name: string, text?: { displayName: string }): string {
	return text ? `${name}（${text.displayName}）` : name;
}

function rowsOf(resources: Resource[], none: string, texts?: NodeTexts): string[][] {
	return resources.flatMap((resource) =>
		resource.actions.map(({ option, api }) => {
			const request = api && referenceOf(api);
			return [
				withText(resource.name, texts?.nodeView.resource.options[resource.value]),
				withText(option.name, texts?.nodeView.operation.options[option.value]),
				request ? nameOf(request.route) : none,
				request ? `\`${request.token}\`` : '',
			];
		}),
	);
}

/** The first request of the reference contract, which the tables are about. */
function referenceOf({ wires }: NonNullable<Action['api']>) {
	return wires.reference && firstOf(wires.reference);
}

/** The path, as the head of the table says, and the function that a program carries there. */
function nameOf(route: Route): string {
	const name = `\`${pathOf(route)}\``;
	return route.startsWith('ZONE ') ? `\`${SYNC_CALL_PATH}\` (${name})` : name;
}
