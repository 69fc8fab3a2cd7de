import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';

import type {
	ArchiveLibrary,
	LibraryAccess,
	LibraryFacts,
} from '../../../wecom/library/archiveLibrary';
import { SidecarLibrary } from '../../../wecom/library/sidecar/client';
import { SidecarLog } from '../../../wecom/library/sidecar/log';
import { SidecarServer, type SidecarParts } from '../../../wecom/library/sidecar/server';

// A proxy of the machine that runs the tests must not come between them and 127.0.0.1.
process.env.NO_PROXY = process.env.no_proxy = '*';

export const TOKEN = 'T0ken-'.padEnd(32, 'x7');
export const ACCESS: LibraryAccess = {
	corpId: 'ww1234567890abcdef',
	secret: 'archive-secret-of-the-corp',
	proxy: 'http://proxy.example:3128',
	passwd: 'user:pass-of-the-proxy',
	timeoutSeconds: 7,
};

/** What a library says of itself. */
export const FACTS: LibraryFacts = {
	platform: 'linux',
	arch: 'x64',
	libc: 'glibc 2.36',
	file: '/sdk/libWeWorkFinanceSdk_C.so',
	bytes: 4_321_000,
	md5: 'f2db3dd1372c516db6290afbd1b5c698',
	version: '3.0',
	mode: 'plain',
	selfTest: { Init: 10000 },
};
/** A message that opens with some key. */
export const SEALED = { randomKey: 'k'.repeat(32), ciphertext: 'Y2lwaGVydGV4dA==' };
/** Headers of who has the token. */
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

/** A sidecar in this process. */
export interface RunningSidecar {
	url: string;
	port: number;
	server: SidecarServer;
	/** What it logged. */
	lines: string[];
	/** Its client, as n8n has it. */
	library: SidecarLibrary;
}

const running = new Set<SidecarServer>();

/** Starts a sidecar over a library whose answers the test writes; {@link endSidecars} ends it. */
export async function startSidecar(
	functions: Partial<ArchiveLibrary>,
	more: Partial<SidecarParts> = {},
): Promise<RunningSidecar> {
	const lines: string[] = [];
	const server = new SidecarServer({
		token: TOKEN,
		open: () => libraryOf(functions),
		log: new SidecarLog((line) => lines.push(line)),
		...more,
	});
	running.add(server);
	const { port } = await server.listen('127.0.0.1', 0);
	const url = `http://127.0.0.1:${port}`;
	return { url, port, server, lines, library: new SidecarLibrary({ url, token: TOKEN }, ACCESS) };
}

/** For `afterEach`. */
export async function endSidecars(): Promise<void> {
	await Promise.all([...running].map(async (server) => await server.end(0)));
	running.clear();
}

/** A library with some functions; a call of any other fails the test. */
export function libraryOf(functions: Partial<ArchiveLibrary>): ArchiveLibrary {
	const missing = async (): Promise<never> => await Promise.reject(new Error('not expected'));
	return { chatData: missing, decrypt: missing, media: missing, check: missing, ...functions };
}

/** What came back on a request of the test's own. */
export interface RawAnswer {
	status: number | undefined;
	headers: Record<string, unknown>;
	body: string;
}

/** Sends a request that the client would never send. */
export async function ask(
	{ port }: { port: number },
	path: string,
	{
		method = 'POST',
		headers = AUTHORIZED,
		body = '',
	}: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
	const request = requestHttp({
		host: '127.0.0.1',
		port,
		path,
		method,
		headers: { connection: 'keep-alive', ...headers },
		agent: false,
	});
	request.end(body);
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
	request.destroy();
	return { status: response.statusCode, headers: response.headers, body: text };
}
