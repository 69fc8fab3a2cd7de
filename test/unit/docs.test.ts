import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import chinese from '../../scripts/docs/errcodes.zh.json';
import { ERRCODES } from '../../wecom/errcodes';

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

it('the Chinese of the errcodes has no text that is no longer in use', () => {
	const used = new Set([...ERRCODES.values()].flatMap(({ meaning, hint }) => [meaning, hint]));
	expect(Object.keys(chinese).filter((text) => !used.has(text))).toEqual([]);
});

describe.each(['docs/deployment.md', 'docs/deployment.zh-CN.md'])('%s', (file) => {
	const page = readFileSync(join(ROOT, file), 'utf8');

	it('leads to headings that are there', () => {
		const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
			heading
				.toLowerCase()
				.replace(/[^\p{L}\p{N}\s-]/gu, '')
				.replace(/\s/g, '-'),
		);
		const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
		expect(links.length).toBeGreaterThan(10);
		expect(links.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([]);
	});

	it('leads to files that are there', () => {
		const links = [...page.matchAll(/\]\((\.\.?\/[^)#]+)\)/g)].map(([, path = '']) => path);
		expect(links.length).toBeGreaterThan(3);
		expect(links.filter((path) => !existsSync(join(ROOT, 'docs', path)))).toEqual([]);
	});
});
