import { once } from 'node:events';
import {
	Agent,
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a {@link Link} does to one exchange. */
export interface LinkFault {
	/** Whether the request gets through to the other side. */
	forward: boolean;
	/**
	 * What comes back in place of the answer: the connection cut (`none`), half of the body and then
	 * the cut (`half`), HTTP 502 with a page, HTTP 200 with a page (`html`), HTTP 200 with an empty
	 * body, HTTP 504 with an errcode in it (`http504`), HTTP 200 without one (`noErrcode`), or nothing
	 * until the client gives up (`silence`).
	 */
	answer: 'none' | 'half' | 'http502' | 'html' | 'empty' | 'http504' | 'noErrcode' | 'silence';
}

/** A connection to WeCom that does what connections do. */
export interface Link {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** Paths of the requests that arrived here whole, oldest first. */
	requests: string[];
	close(): Promise<void>;
}

/** What was exchanged with the other side. */
interface Exchange {
	status: number;
	contentType: string;
	/** What Tencent's library is told beside the body. */
	toLibrary: Record<string, string>;
	body: Buffer;
}

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const UNSENT: Exchange = {
	status: 200,
	contentType: 'application/json; charset=UTF-8',
	toLibrary: {},
	body: Buffer.from('{"errcode":0,"errmsg":"ok"}'),
};

/**
 * Starts a link in front of a server.
 *
 * @param target its URL
 * @param faultOf decides what happens to a request, by its path and body; nothing bad when it says
 * nothing
 * @param port any free one by default
 */
export async function startLink(
	target: string,
	faultOf: (path: string, body: string) => LinkFault | undefined = () => undefined,
	port = 0,
): Promise<Link> {
	const agent = new Agent({ keepAlive: true });
	const requests: string[] = [];
	const server = createServer((incoming, response) => {
		// Whoever is cut off in the middle has nobody left to tell.
		void pass(incoming, response).catch(() => response.destroy());
	});

	async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await bytesOf(incoming);
		const { pathname } = new URL(incoming.url ?? '', target);
		requests.push(pathname);
		const fault = faultOf(pathname, body.toString());
		const exchange =
			fault?.forward === false ? UNSENT : await forward(target, agent, incoming, body);
		if (fault?.answer !== 'silence') reply(response, exchange, fault);
	}

	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		close: async () => {
			server.closeAllConnections();
			agent.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function forward(
	target: string,
	agent: Agent,
	{ method, url = '', headers }: IncomingMessage,
	body: Buffer,
): Promise<Exchange> {
	const request = httpRequest(new URL(url, target), { method, headers, agent }).end(body);
	const [answer] = (await once(request, 'response')) as [IncomingMessage];
	const told = Object.entries(answer.headers).filter(([name]) => name.startsWith('x-'));
	return {
		status: answer.statusCode ?? 0,
		contentType: answer.headers['content-type'] ?? '',
		toLibrary: Object.fromEntries(told) as Exchange['toLibrary'],
		body: await bytesOf(answer),
	};
}

function reply(response: ServerResponse, exchange: Exchange, fault: LinkFault | undefined): void {
	const { status, contentType, toLibrary, body } = exchange;
	const send = (code: number, type: string, content: Buffer | string, told = {}) => {
		response.writeHead(code, {
			...told,
			'Content-Type': type,
			'Content-Length': Buffer.byteLength(content),
		});
		response.end(content);
	};
	switch (fault?.answer) {
		case undefined:
			return send(status, contentType, body, toLibrary);
		case 'http502':
			return send(502, 'text/html', PAGE);
		case 'http504':
			return send(504, contentType, '{"errcode":-1,"errmsg":"system busy"}');
		case 'noErrcode':
			return send(200, contentType, '{"code":500,"msg":"internal error"}');
		case 'html':
			return send(200, 'text/html', PAGE);
		case 'empty':
			return send(200, contentType, '');
		case 'half': {
			response.writeHead(status, {
				...toLibrary,
				'Content-Type': contentType,
				'Content-Length': body.length,
			});
			response.write(body.subarray(0, body.length >> 1), () => response.destroy());
			return;
		}
		default:
			response.destroy();
	}
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
