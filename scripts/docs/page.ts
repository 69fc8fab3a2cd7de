import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

/** A page of the repository with a part that is written from the code. */
export interface Page {
	/** Path from the top folder. */
	file: string;
	/** Name of the part, as its markers have it. */
	part: string;
	/** What stands between the markers, in Markdown. */
	content: string;
}

/** Where a page lies on this machine. */
export function pathOf({ file }: Page): string {
	return join(__dirname, '..', '..', file);
}

/**
 * The whole text of a page, with its part as the code says it should be.
 *
 * @throws Error when the markers of the part are missing
 */
export async function withPart(page: Page): Promise<string> {
	const path = pathOf(page);
	const [begin, end] = [
		`<!-- ${page.part}: written by npm run docs -->`,
		`<!-- end of ${page.part} -->`,
	];
	const [before, rest] = readFileSync(path, 'utf8').split(begin);
	const after = rest?.split(end)[1];
	if (before === undefined || after === undefined) {
		throw new Error(`${page.file} lost the markers of its ${page.part}`);
	}
	const whole = [before + begin, page.content, end + after].join('\n\n');
	return await format(whole, { ...(await resolveConfig(path)), parser: 'markdown' });
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
