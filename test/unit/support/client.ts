import { WecomClient, type CallOptions, type ClientSettings } from '../../../wecom/api/client';
import type { Operation } from '../../../wecom/api/operation';
import { failureOf, startServer, type Reply } from './server';

/** One token of each kind, so that a call shows by its query which one it took. */
export const TOKENS = {
	access_token: 'CORP-TOKEN',
	suite_access_token: 'SUITE-TOKEN',
	provider_access_token: 'PROVIDER-TOKEN',
};

/** The program that carries what has no path of its own. */
export const PROGRAM = { programId: 'P', style: 'python' } as const;

/** A client with a token of each kind that repeats without long pauses. */
export function clientOf(
	{ url }: { url: string },
	settings: Partial<ClientSettings> = {},
): WecomClient {
	return new WecomClient({
		baseUrl: url,
		authentication: { type: 'static', tokens: TOKENS },
		program: PROGRAM,
		retry: { retries: 3, firstDelayMs: 1 },
		...settings,
	});
}

/** Calls an operation on a server of its own; what came out of it and what the server saw. */
export async function call<Input, Output>(
	operation: Operation<Input, Output>,
	input: Input,
	reply: Reply,
	options: CallOptions = {},
) {
	const server = await startServer(reply);
	return {
		output: await clientOf(server).call(operation, input, options),
		requests: server.requests,
	};
}

/** As {@link call}, for a call that fails. */
export async function failedCall<Input>(
	operation: Operation<Input, unknown>,
	input: Input,
	reply: Reply,
	options: CallOptions = {},
) {
	const server = await startServer(reply);
	const error = await failureOf(clientOf(server).call(operation, input, options));
	return { error: error as Error & { hint?: string }, requests: server.requests };
}
