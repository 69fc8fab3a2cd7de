import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');

/**
 * The TypeScript files of some folders, parsed; their names as they are from the top of the package.
 *
 * @param folders from the top of the package
 */
export function sourceFiles(...folders: string[]): ts.SourceFile[] {
	return folders.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts'))
			.map((path) => `${folder}/${path}`)
			.map((path) =>
				ts.createSourceFile(
					path,
					readFileSync(join(ROOT, path), 'utf8'),
					ts.ScriptTarget.Latest,
					true,
				),
			),
	);
}

/** Everything in a file, parents before what is in them. */
export function nodesOf(node: ts.Node): ts.Node[] {
	const inside: ts.Node[] = [];
	ts.forEachChild(node, (child) => {
		inside.push(...nodesOf(child));
	});
	return [node, ...inside];
}
