import { readFileSync, writeFileSync } from 'node:fs';

import { ABILITY_WORDS, abilityList, registration } from './abilities';
import { ERRCODE_WORDS, errcodeTables } from './errcodes';
import { OPERATION_WORDS, operationTables } from './operations';
import { pathOf, withPart, type Page } from './page';
import { RETURN_CODE_WORDS, returnCodeTable } from './returnCodes';
import { LIST_WORDS, listTable } from './xmlLists';

/**
 * `npm run docs`: writes what follows from the code into the pages: the operations and
 * the lists in XML events into both READMEs, the errcodes into both pages for operators, the return
 * codes of Tencent's library into both of the message archive, the abilities of the data zone, and the
 * command that registers some, into both of theirs. With `--check` it writes nothing and fails where it
 * would have.
 */

/** Where the pages start a simulator. */
const SIMULATOR = 'http://127.0.0.1:8900';

const PAGES: readonly Page[] = [
	{ file: 'README.md', part: 'operations', content: operationTables(OPERATION_WORDS.en) },
	{ file: 'README.zh-CN.md', part: 'operations', content: operationTables(OPERATION_WORDS.zh) },
	{ file: 'README.md', part: 'lists', content: listTable(LIST_WORDS.en) },
	{ file: 'README.zh-CN.md', part: 'lists', content: listTable(LIST_WORDS.zh) },
	...['docs/zone-abilities.md', 'docs/zone-abilities.zh-CN.md'].map((file) => ({
		file,
		part: 'registration',
		content: registration(SIMULATOR),
	})),
	{ file: 'docs/zone-abilities.md', part: 'abilities', content: abilityList(ABILITY_WORDS.en) },
	{
		file: 'docs/zone-abilities.zh-CN.md',
		part: 'abilities',
		content: abilityList(ABILITY_WORDS.zh),
	},
	{
		file: 'docs/message-archive.md',
		part: 'returnCodes',
		content: returnCodeTable(RETURN_CODE_WORDS.en),
	},
	{
		file: 'docs/message-archive.zh-CN.md',
		part: 'returnCodes',
		content: returnCodeTable(RETURN_CODE_WORDS.zh),
	},
	{ file: 'docs/deployment.md', part: 'errcodes', content: errcodeTables(ERRCODE_WORDS.en) },
	{ file: 'docs/deployment.zh-CN.md', part: 'errcodes', content: errcodeTables(ERRCODE_WORDS.zh) },
];

async function main(): Promise<void> {
	const check = process.argv.includes('--check');
	for (const page of PAGES) {
		const whole = await withPart(page);
		if (!check) writeFileSync(pathOf(page), whole);
		else if (whole !== readFileSync(pathOf(page), 'utf8')) {
			console.error(`${page.file} does not list the ${page.part} there are: npm run docs`);
			process.exitCode = 1;
		}
	}
}

void main();
