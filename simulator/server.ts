import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
	endsProcessAnswer,
	handedOn,
	returnCodeAnswer,
	ReturnCode,
	withWrongByte,
} from './library/answer';
import { cut, deliver, deliverHalf, jsonAnswer, proxyAnswer, type Answer } from './deliver';
import { refusalOf, type Fault, type Faults } from './faults';
import { parseExact, withPlainNumbers } from './json';
import { Refusal, refusalBody } from './refusal';
import { ROUTES } from './routes';
import type { ApiCall, ApiRoute, Backend } from './routes/api';

/** A request as it came in. */
export interface RecordedRequest {
	readonly method: string;
	/** Whole path, e.g. `/cgi-bin/gettoken`. */
	readonly path: string;
	/** Tokens and secrets included. */
	readonly query: Readonly<Record<string, string>>;
	/** Parsed JSON (integers beyond 2^53 as bigint), else the text; undefined for an upload. */
	readonly body: unknown;
	/** unix ms. */
	readonly at: number;
}

/** What the HTTP side needs. */
export interface ServerContext extends Backend {
	readonly faults: Faults;
	/** Filled by the server: every request outside `/_sim`. */
	readonly requests: RecordedRequest[];
	/** Aborted when the simulator stops: ends artificial delays. */
	readonly stopping: AbortSignal;
}

const BASE = '/cgi-bin';

/** Largest request body in bytes that is looked at; beyond it HTTP 413. */
const MAX_BODY = 1_048_576;
/** Read all the same, so that the client gets to see the 413 rather than a broken pipe. */
const MAX_READ = 32 * MAX_BODY;

/** Makes the server, not yet listening, with the APIs under `/cgi-bin`. */
export function makeServer(context: ServerContext): FastifyInstance {
	const app = fastify({ bodyLimit: MAX_READ, forceCloseConnections: true });
	// WeCom's clock is the one by which its messages are dated.
	app.addHook('onRequest', (_request, reply, done) => {
		reply.raw.setHeader('Date', new Date(context.now()).toUTCString());
		done();
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.addContentTypeParser('multipart/form-data', (_request, payload, done) => done(null, payload));
	for (const route of ROUTES) {
		const { contract = context.contracts } = route;
		if (![contract].flat().some((one) => context.contracts.includes(one))) continue;
		app.all(BASE + route.path, (request, reply) => handle(context, route, request, reply));
	}
	app.setNotFoundHandler((request, reply) => {
		if (!request.url.startsWith('/_sim/')) context.requests.push(recordOf(context, request));
		return reply.code(404).send();
	});
	return app;
}

async function handle(
	context: ServerContext,
	route: ApiRoute,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	const record = recordOf(context, request);
	context.requests.push(record);
	const fault = context.faults.take({
		path: route.path,
		token: route.token,
		library: route.library === true,
		limit: limitOf(record.body),
	});
	if (fault?.kind === 'cut') return cut(request, reply);
	if (fault?.kind === 'slow') {
		const stopped = await delay(fault.delayMs, false, { signal: context.stopping }).catch(
			() => true,
		);
		if (stopped) return cut(request, reply);
	}
	const answer =
		(fault && proxyAnswer(fault)) ??
		(fault && libraryAnswer(fault)) ??
		(await answerOf(context, route, request, record, fault && refusalOf(fault, route)));
	if (fault?.kind === 'half') deliverHalf(reply, answer);
	else await deliver(reply, fault?.kind === 'wrongBytes' ? withWrongByte(answer) : answer);
}

/** What stands in for the answer when the fault is one of the library. */
function libraryAnswer(fault: Fault): Answer | undefined {
	if (fault.kind === 'returnCode') return returnCodeAnswer(fault.returnCode);
	return fault.kind === 'endsProcess' ? endsProcessAnswer(fault.how) : undefined;
}

/** What the API says, or the forced refusal in its place. */
async function answerOf(
	context: ServerContext,
	route: ApiRoute,
	request: FastifyRequest,
	record: RecordedRequest,
	forced: Refusal | undefined,
): Promise<Answer> {
	const text = bodyText(request);
	if (Buffer.byteLength(text) > MAX_BODY) {
		const body = '<html><body><h1>413 Request Entity Too Large</h1></body></html>';
		return { status: 413, contentType: 'text/html', body };
	}
	try {
		if (forced !== undefined) throw forced;
		if (request.method !== route.method) {
			throw new Refusal(route.method === 'GET' ? 43001 : 43002);
		}
		const owner =
			route.token === 'none'
				? undefined
				: context.tokens[route.token].check(record.query[route.token]);
		if (route.right !== undefined && owner !== undefined) {
			context.authorizations.requireRight(owner, route.right);
		}
		const content = contentOf(route, request, text);
		const call = { query: record.query, ...content, owner, client: request.ip };
		const answer = await route.answer(context, call);
		const whole = typeof answer === 'string' ? jsonAnswer(answer) : answer;
		return route.library === true ? handedOn(whole) : whole;
	} catch (error) {
		if (error instanceof ReturnCode) return returnCodeAnswer(error.code);
		if (!(error instanceof Refusal)) throw error;
		const hint = `${Math.floor(context.now() / 1000)}_${context.requests.length}`;
		const refused = jsonAnswer(refusalBody(error, hint, request.ip));
		return route.library === true ? handedOn(refused) : refused;
	}
}

/** The body in the form the API takes. */
function contentOf(
	route: ApiRoute,
	request: FastifyRequest,
	text: string,
): Pick<ApiCall, 'body' | 'file'> {
	if (route.method === 'GET') return { body: undefined };
	if (route.takes === 'nothing' && text === '') return { body: {} };
	if (route.takes !== 'file') return { body: jsonObject(text) };
	const { body } = request;
	const contentType = request.headers['content-type'] ?? '';
	return { body: undefined, file: body instanceof Readable ? { contentType, body } : undefined };
}

function jsonObject(text: string): unknown {
	let value: unknown;
	try {
		value = parseExact(text);
	} catch {
		throw new Refusal(47001, 'the body is not JSON');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Refusal(47001, 'the body is not a JSON object');
	}
	return value;
}

function recordOf(context: ServerContext, request: FastifyRequest): RecordedRequest {
	return {
		method: request.method,
		path: request.url.split('?', 1)[0] as string,
		query: firstOfEach(request.query as Record<string, string | string[]>),
		body: readable(bodyText(request)),
		at: context.now(),
	};
}

function bodyText(request: FastifyRequest): string {
	return typeof request.body === 'string' ? request.body : '';
}

function readable(text: string): unknown {
	if (text === '') return undefined;
	try {
		return withPlainNumbers(parseExact(text));
	} catch {
		return text;
	}
}

function limitOf(body: unknown): number | undefined {
	if (typeof body !== 'object' || body === null || !('limit' in body)) return undefined;
	return typeof body.limit === 'number' ? body.limit : undefined;
}

function firstOfEach(query: Readonly<Record<string, string | string[]>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(query).map(([name, value]) => [
			name,
			Array.isArray(value) ? (value[0] as string) : value,
		]),
	);
}
