import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installLibrary } from '../../simulator/library';
import { json, type Reply } from '../unit/support/server';

/** Where the functions of the library arrive that its stub passes on. */
const FUNCTIONS = '/cgi-bin/finance_sdk/';

/**
 * Puts the stub of Tencent's library where the nodes look for it; its functions ask a server.
 *
 * @returns path of the library
 */
export async function useStubLibrary(url: string): Promise<string> {
	const folder = join(tmpdir(), `wecom-library-of-worker-${process.env.JEST_WORKER_ID ?? '0'}`);
	const path = await installLibrary(url, folder);
	process.env.WECOM_FINANCE_SDK = path;
	return path;
}

/**
 * Answers with JSON, the library's functions as well: with return code 0, of a piece of a file as its
 * last.
 */
export function answering(answer: object): Reply {
	return (request, response) => {
		if (!request.path.startsWith(FUNCTIONS)) {
			json(answer)(request, response);
			return;
		}
		const text = JSON.stringify(answer);
		response.writeHead(200, {
			'Content-Length': Buffer.byteLength(text),
			'X-Return-Code': 0,
			'X-Is-Finish': 1,
		});
		response.end(text);
	};
}
