// The process that holds Tencent's library: started by hostProcess.ts, never imported.
import process from 'node:process';

import { enlargeStack, FinanceSdk, type Sdk } from './host/financeSdk';
import { protectProcess } from './host/protection';
import type { HostMessage, HostRequest } from './host/protocol';
import { selfTest } from './host/selfTest';

enlargeStack();

let library: FinanceSdk | undefined;
let sdk: Sdk | undefined;

/**
 * Resolves when the message is in the pipe. What was "sent" without waiting for that is lost when the
 * next call of the library ends the process.
 */
async function send(message: HostMessage): Promise<void> {
	await new Promise<void>((resolve) => process.send?.(message, () => resolve()));
}

function load(file: string, mode: 'plain' | 'isolated'): string | undefined {
	try {
		library = new FinanceSdk(file, mode);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : 'refused without a reason';
	}
}

async function serve(request: HostRequest): Promise<void> {
	if (request.do === 'load') {
		const refusal = load(request.file, request.mode);
		return await send({ is: 'loaded', ...(refusal === undefined ? {} : { refusal }) });
	}
	if (request.do === 'close') return close();
	const loaded = present(library);
	switch (request.do) {
		case 'selfTest': {
			const codes = await selfTest(loaded, async (step) => await send({ is: 'trying', step }));
			return await send({ is: 'tested', codes });
		}
		case 'open': {
			const opened = loaded.open(request.corpId, request.secret);
			sdk = opened.sdk;
			return await send({ is: 'opened', returnCode: opened.returnCode });
		}
		case 'chatData': {
			const returned = loaded.chatData(present(sdk), request.seq, request.limit, request);
			return await send({ is: 'text', returned });
		}
		case 'media': {
			const piece = loaded.media(present(sdk), request.index, request.sdkfileid, request);
			return await send({ is: 'piece', piece });
		}
		case 'decrypt': {
			const { batch, chunk } = request;
			// From here on the process may end over one of them.
			await send({ is: 'part', results: [] });
			for (let at = 0; at < batch.length; at += chunk) {
				const part = batch.slice(at, at + chunk);
				await send({ is: 'part', results: part.map(([key, body]) => loaded.decrypt(key, body)) });
			}
			return await send({ is: 'decrypted' });
		}
	}
}

function close(): void {
	if (sdk) library?.close(sdk);
	sdk = undefined;
	// The parent must not hang up: it would never hear that this process has ended.
	process.disconnect();
}

function present<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('asked too early');
	return value;
}

/** Says nothing: the words of what went wrong may hold a secret by now. */
function fail(): void {
	process.exit(1);
}

process.on('uncaughtException', fail);
process.on('message', (request: HostRequest) => {
	void serve(request).catch(fail);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches this process too, while its parent still has work for it.
process.on('SIGINT', () => undefined);

void send({ is: 'ready', unprotected: protectProcess() });
