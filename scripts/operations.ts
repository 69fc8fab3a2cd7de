import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { resources as acquisition } from '../nodes/WecomAcquisition/actions';
import { resources as aiModel } from '../nodes/WecomAiModel/actions';
import { resources as authorization } from '../nodes/WecomAuthorization/actions';
import { resources as chatArchive } from '../nodes/WecomChatArchive/actions';
import { resources as dataOrder } from '../nodes/WecomDataOrder/actions';
import { resources as dataZone } from '../nodes/WecomDataZone/actions';
import type { Resource } from '../nodes/shared/action';

/**
 * `npm run docs`: writes the table of all operations into both READMEs, from the operations.
 * With `--check` it writes nothing and fails where it would have.
 */

/** The action nodes in the order of the table. */
const NODES: ReadonlyArray<{ name: string; resources: Resource[] }> = [
	{ name: 'WeCom Chat Archive', resources: chatArchive },
	{ name: 'WeCom AI Model', resources: aiModel },
	{ name: 'WeCom Customer Acquisition', resources: acquisition },
	{ name: 'WeCom Data Order', resources: dataOrder },
	{ name: 'WeCom Data Zone', resources: dataZone },
	{ name: 'WeCom Authorization', resources: authorization },
];

const BEGIN = '<!-- operations: written by npm run docs -->';
const END = '<!-- end of operations -->';

const WORDS = {
	'README.md': { head: ['Resource', 'Operation', 'Path under /cgi-bin', 'Token'], none: 'none' },
	'README.zh-CN.md': { head: ['资源', '操作', '/cgi-bin 下的路径', '凭证'], none: '无需调用' },
} as const;

type Readme = keyof typeof WORDS;

/**
 * A README with its table as the operations say it should be.
 *
 * @param file name of the README in the top folder
 * @throws Error when its markers are missing
 */
async function withOperations(file: Readme): Promise<string> {
	const path = join(__dirname, '..', file);
	const text = readFileSync(path, 'utf8');
	const [before, rest] = text.split(BEGIN);
	const after = rest?.split(END)[1];
	if (before === undefined || after === undefined) throw new Error(`${file} lost its markers`);
	const { head, none } = WORDS[file];
	const tables = NODES.map(({ name, resources }) =>
		[`#### ${name}`, table(head, rowsOf(resources, none))].join('\n\n'),
	);
	const whole = [before + BEGIN, ...tables, END + after].join('\n\n');
	return await format(whole, { ...(await resolveConfig(path)), parser: 'markdown' });
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

function table(head: readonly string[], rows: string[][]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function main(): Promise<void> {
	const check = process.argv.includes('--check');
	for (const file of Object.keys(WORDS) as Readme[]) {
		const path = join(__dirname, '..', file);
		const whole = await withOperations(file);
		if (!check) writeFileSync(path, whole);
		else if (whole !== readFileSync(path, 'utf8')) {
			console.error(`${file} does not list the operations there are: npm run docs`);
			process.exitCode = 1;
		}
	}
}

void main();
