import { resources as acquisition } from '../../nodes/WecomAcquisition/actions';
import { resources as aiModel } from '../../nodes/WecomAiModel/actions';
import { resources as authorization } from '../../nodes/WecomAuthorization/actions';
import { resources as chatArchive } from '../../nodes/WecomChatArchive/actions';
import { resources as dataOrder } from '../../nodes/WecomDataOrder/actions';
import { resources as dataZone } from '../../nodes/WecomDataZone/actions';
import type { Resource } from '../../nodes/shared/action';
import { table } from './page';

/** The action nodes in the order of the tables. */
const NODES: ReadonlyArray<{ name: string; resources: Resource[] }> = [
	{ name: 'WeCom Chat Archive', resources: chatArchive },
	{ name: 'WeCom AI Model', resources: aiModel },
	{ name: 'WeCom Customer Acquisition', resources: acquisition },
	{ name: 'WeCom Data Order', resources: dataOrder },
	{ name: 'WeCom Data Zone', resources: dataZone },
	{ name: 'WeCom Authorization', resources: authorization },
];

/** The words of a language in the tables of operations. */
interface OperationWords {
	head: readonly [resource: string, operation: string, path: string, token: string];
	/** Stands for the path of what calls no API. */
	none: string;
}

/** All operations in the words of a language. */
export const OPERATION_WORDS = {
	en: { head: ['Resource', 'Operation', 'Path under /cgi-bin', 'Token'], none: 'none' },
	zh: { head: ['资源', '操作', '/cgi-bin 下的路径', '凭证'], none: '无需调用' },
} as const satisfies Record<string, OperationWords>;

/** A table of the operations of each node, in Markdown. */
export function operationTables({ head, none }: OperationWords): string {
	return NODES.map(({ name, resources }) =>
		[`#### ${name}`, table(head, rowsOf(resources, none))].join('\n\n'),
	).join('\n\n');
}

function rowsOf(resources: Resource[], none: string): string[][] {
	return resources.flatMap(({ name: resource, actions }) =>
		actions.map(({ option, api }) => [
			resource,
			option.name,
			api ? `\`${api.path}\`` : none,
			api ? `\`${api.token}\`` : '',
		]),
	);
}
