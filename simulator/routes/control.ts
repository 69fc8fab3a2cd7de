import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MessageOptions } from '../archive';
import type { InstallOptions } from '../authorizations';
import type { SendCallbackOptions } from '../callbacks/send';
import { credentialsFor, suiteCredentialsFor } from '../credentials';
import type { ProgramStyle } from '../data/world';
import type { Fault } from '../faults';
import { stringifyWithStrings } from '../json';
import type { ModelName } from '../models';
import type { ProgramSettings } from '../program';
import type { Simulator } from '../types';
import type { ProgramEvent } from '../zoneEvents';

/** A body that names a corp; that it is one of ours, the simulator checks. */
interface OfCorp {
	readonly corpId: string;
}

/** A body that names a data right. */
interface OfRight {
	readonly name: string;
}

type Handler = (body: unknown) => unknown;

/**
 * Puts the simulator's own API under `/_sim`, for use from another process. Bodies and answers are
 * JSON, seqs are strings; a bad request is answered with HTTP 400 and `{"error": …}`.
 */
export function addControlRoutes(app: FastifyInstance, simulator: Simulator): void {
	const route = (method: 'GET' | 'POST' | 'DELETE', path: string, handler: Handler) =>
		app.route({
			method,
			url: `/_sim/${path}`,
			handler: (request, reply) => respond(request, reply, handler),
		});

	route('POST', 'faults', (body) => {
		simulator.faults.add(body as Fault);
		return {};
	});
	route('DELETE', 'faults', () => {
		simulator.faults.clear();
		return {};
	});
	route('GET', 'requests', () => simulator.requests);
	route('GET', 'truth', () => simulator.truth);
	route('GET', 'chats', () => simulator.chats);
	route('GET', 'keyword_hits', () => simulator.keywordHits);
	route('GET', 'model_jobs', () => simulator.modelJobs);
	route('GET', 'uploads', () => simulator.uploads);
	route('GET', 'callbacks', () => simulator.callbacksSent);
	route('GET', 'tag_groups', () => simulator.world.tagGroups);
	route('GET', 'credentials', () => credentialsFor(simulator));
	route('GET', 'archive_credentials', () => credentialsFor(simulator, 'messageArchive'));
	route('POST', 'media', (body) => {
		const { sdkfileid } = body as { sdkfileid: string };
		const bytes = simulator.media(sdkfileid);
		return { bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex') };
	});
	route('GET', 'suite', () => {
		const { suite, suiteTicket, provider } = simulator;
		return { ...suite, suiteTicket, provider };
	});
	route('GET', 'suite_credentials', () => suiteCredentialsFor(simulator));
	route('GET', 'customers', () => simulator.customers);
	route('POST', 'suite_ticket', () => ({ suiteTicket: simulator.pushSuiteTicket() }));
	route('POST', 'authorize', (body) => simulator.authorizeCorp(body as InstallOptions));
	route('POST', 'change_auth', (body) => {
		simulator.changeAuth((body as OfCorp).corpId);
		return {};
	});
	route('POST', 'cancel_auth', (body) => {
		simulator.cancelAuth((body as OfCorp).corpId);
		return {};
	});
	route('POST', 'reset_permanent_code', (body) =>
		simulator.resetPermanentCode((body as OfCorp).corpId),
	);
	route('POST', 'messages', (body) => {
		const { count, ...options } = body as MessageOptions & { count: number };
		return simulator.addMessages(count, options);
	});
	route('POST', 'expire_tokens', () => {
		simulator.expireTokens();
		return {};
	});
	route('POST', 'take_right', (body) => {
		simulator.takeRight((body as OfRight).name);
		return {};
	});
	route('POST', 'end_right', (body) => {
		const { name, at } = body as OfRight & { at: number };
		simulator.endRight(name, at);
		return {};
	});
	route('POST', 'model_failures', (body) => {
		const { model, times } = body as { model: ModelName; times?: number };
		simulator.failModelJobs(model, times);
		return {};
	});
	route('POST', 'program', (body) => {
		const { style, ...settings } = body as ProgramSettings & { style: ProgramStyle };
		simulator.configureProgram(style, settings);
		return {};
	});
	route('POST', 'program_event', (body) => {
		const { scene, event } = body as { scene?: number; event?: ProgramEvent };
		return simulator.notifyProgram({ ...event } as ProgramEvent, scene);
	});
	route('POST', 'chat_key', (body) => ({
		chatKey: simulator.acquisition.chatKey((body as { linkId: string }).linkId),
	}));
	route('POST', 'callback_url', (body) => {
		const { url, channel } = body as { url: string; channel?: 'provider' };
		simulator.callBackTo(url, channel);
		return {};
	});
	route('POST', 'callbacks', (body) => simulator.sendCallback(body as SendCallbackOptions));
}

async function respond(
	request: FastifyRequest,
	reply: FastifyReply,
	handler: Handler,
): Promise<void> {
	reply.type('application/json; charset=utf-8');
	try {
		await reply.send(stringifyWithStrings(await handler(parseBody(request.body))));
	} catch (error) {
		// This is how the in-process API and JSON.parse say that what they got is wrong.
		if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
			await reply.code(400).send(JSON.stringify({ error: error.message }));
		}
		throw error;
	}
}

function parseBody(body: unknown): unknown {
	if (typeof body !== 'string' || body === '') return {};
	const value: unknown = JSON.parse(body);
	if (typeof value !== 'object' || value === null) throw new TypeError('body must be an object');
	return value;
}
