import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import chinese from '../../scripts/docs/errcodes.zh.json';
import { WecomDataApi } from '../../credentials/WecomDataApi.credentials';
import { WecomChatArchive } from '../../nodes/WecomChatArchive/WecomChatArchive.node';
import { WecomChatArchiveTrigger } from '../../nodes/WecomChatArchiveTrigger/WecomChatArchiveTrigger.node';
import { WecomDataZone } from '../../nodes/WecomDataZone/WecomDataZone.node';
import { operations } from '../../wecom/api';
import { firstOf, type Wire } from '../../wecom/api/wire';
import { ERRCODES } from '../../wecom/errcodes';
import { versionOf } from '../../wecom/library/versions';
import { RETURN_CODES } from '../../wecom/returnCodes';

const ROOT = join(__dirname, '..', '..');

it('the pages list the operations and errcodes there are', () => {
	const { stderr, status } = spawnSync(
		join(ROOT, 'node_modules', '.bin', 'tsx'),
		['scripts/docs/index.ts', '--check'],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});

it.each(['docs/deployment.md', 'docs/deployment.zh-CN.md'])('%s has each errcode once', (file) => {
	const page = readFileSync(join(ROOT, file), 'utf8');
	const tables = page.slice(page.indexOf('<!-- errcodes'));
	const listed = [...tables.matchAll(/^\| (-?\d+) /gm)].map(([, errcode]) => Number(errcode));
	expect(listed.sort((a, b) => a - b)).toEqual([...ERRCODES.keys()].sort((a, b) => a - b));
});

it.each(['docs/message-archive.md', 'docs/message-archive.zh-CN.md'])(
	'%s has each return code once, and the versions by the md5 that the package knows',
	(file) => {
		const page = readFileSync(join(ROOT, file), 'utf8');
		const rows = page.slice(page.indexOf('<!-- returnCodes')).matchAll(/^\| (\d{5}) /gm);
		expect([...rows].map(([, code]) => Number(code))).toEqual([...RETURN_CODES.keys()]);
		const known = [...page.matchAll(/^\| `([0-9a-f]{32})` /gm)].map(([, md5 = '']) => md5);
		expect(known).toHaveLength(5);
		expect(known.filter((md5) => versionOf(md5) === undefined)).toEqual([]);
	},
);

/** What pages have in italics that is a word of n8n's own, or none of a menu. */
const OF_N8N = [
	'Save manual executions',
	'Do not save',
	'Execute step',
	'On Error',
	'Continue',
	'All Rights Reserved',
];

/** Every name that is shown in the editor. */
function shownNames(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	const { displayName, name } = value as { displayName?: unknown; name?: unknown };
	const own = [displayName, name].filter((text) => typeof text === 'string');
	return [...own, ...Object.values(value).flatMap(shownNames)];
}

it.each(['docs/message-archive.md', 'docs/message-archive.zh-CN.md'])(
	'%s calls fields and menus what the editor calls them',
	(file) => {
		const nodes = [new WecomChatArchive(), new WecomChatArchiveTrigger(), new WecomDataZone()];
		const shown = shownNames([new WecomDataApi(), ...nodes.map(({ description }) => description)]);
		const names = new Set([
			...OF_N8N,
			...shown.map((name) => name.replace(/ \(\p{Script=Han}.*$/u, '')),
		]);
		const page = readFileSync(join(ROOT, file), 'utf8');
		const italic = [...page.matchAll(/(?<![\w`])_([A-Z][^_\n]+)_(?!\w)/g)];
		const words = italic.flatMap(([, text = '']) => text.split(/ → |: /));
		expect(words.length).toBeGreaterThan(30);
		expect(words.filter((word) => !names.has(word))).toEqual([]);
	},
);

it('the Chinese of the errcodes has no text that is no longer in use', () => {
	const entries = [...ERRCODES.values(), ...RETURN_CODES.values()];
	const used = new Set(entries.flatMap(({ meaning, hint }) => [meaning, hint]));
	expect(Object.keys(chinese).filter((text) => !used.has(text))).toEqual([]);
});

/** The headings of a page, as links name them. */
function anchorsOf(page: string): string[] {
	return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-'),
	);
}

it.each([
	'README.md',
	'README.zh-CN.md',
	'CONTRIBUTING.md',
	'docs/deployment.md',
	'docs/deployment.zh-CN.md',
	'docs/message-archive.md',
	'docs/message-archive.zh-CN.md',
	'docs/zone-abilities.md',
	'docs/zone-abilities.zh-CN.md',
])('%s leads to files and headings that are there', (file) => {
	const page = readFileSync(join(ROOT, file), 'utf8');
	const links = [...page.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
	expect(links.length).toBeGreaterThan(0);
	const dead = links.filter(([, path = '', anchor]) => {
		const target = path === '' ? join(ROOT, file) : join(ROOT, dirname(file), path);
		if (!existsSync(target)) return true;
		return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
	});
	expect(dead.map(([link]) => link)).toEqual([]);
});

describe.each(['docs/zone-abilities.md', 'docs/zone-abilities.zh-CN.md'])('%s', (file) => {
	const page = readFileSync(join(ROOT, file), 'utf8');
	const abilities = page.slice(page.indexOf('<!-- abilities'));
	const sections = abilities.split(/^### /m).slice(1);
	const functions = Object.values(operations).flatMap(({ wires }) => {
		const { dataZone } = wires as { dataZone?: Wire<never, unknown> };
		if (!dataZone) return [];
		const exchanges = 'ask' in dataZone ? [firstOf(dataZone), dataZone.ask] : [dataZone];
		const routes = exchanges.map(({ route }) => route as string);
		return routes.flatMap((route) => /^ZONE (.+)$/.exec(route)?.[1] ?? []);
	});

	it('has every function that the zone is asked for', () => {
		const listed = sections.map((section) => /^`(\w+)`/.exec(section)?.[1]);
		expect(functions.length).toBeGreaterThan(20);
		expect(listed).toEqual([...new Set(functions)].sort());
	});

	it.each(sections.map((section) => [/\w+/.exec(section)?.[0] ?? '', section]))(
		'has %s in both styles, ready to be pasted',
		(func, section) => {
			const names = [...section.matchAll(/: `(\w+)`\*\*$/gm)].map(([, ability]) => ability);
			const java = func === 'do_async_job' ? 'get_callback_data' : `invoke_${func}`;
			expect(names).toEqual([java, `input_${func}`]);
			const examples = [...section.matchAll(/^\{.*\}$/gm)].map(
				([line]) => JSON.parse(line) as object,
			);
			expect(examples).toHaveLength(4);
			const [input, output, pythonInput, pythonOutput] = examples;
			expect(pythonInput).toEqual({ input: { func, func_req: input } });
			expect(pythonOutput).toEqual(output);
			expect(output).toMatchObject({ errcode: 0, errmsg: 'ok' });
		},
	);
});
