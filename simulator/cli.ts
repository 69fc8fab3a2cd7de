import { parseArgs } from 'node:util';
import { credentialsFor, startSimulator, type Simulator } from './index';

const DEFAULT_PORT = '8899';
const DEFAULT_MESSAGES = '2000';

const USAGE = `Runs a WeCom on this machine until Ctrl-C.

  tsx simulator/cli.ts [--port ${DEFAULT_PORT}] [--messages ${DEFAULT_MESSAGES}]`;

function integer(name: string, text: string, max: number): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value > max) {
		throw new RangeError(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
	}
	return value;
}

function introduction(simulator: Simulator): string {
	const { url, truth } = simulator;
	const { wecomDataApi, wecomCallbackApi } = credentialsFor(simulator);
	const show = (value: object) => JSON.stringify(value, null, 2);
	return `WeCom simulator at ${url} with ${truth.length} archived messages. Ctrl-C stops it.

Credential "WeCom Data API" (wecomDataApi):
${show(wecomDataApi)}

Credential "WeCom Callback API" (wecomCallbackApi):
${show(wecomCallbackApi)}

Try:
  # five new messages
  curl -X POST ${url}/_sim/messages -d '{"count":5}'
  # the next two calls of get_chat_data find WeCom busy
  curl -X POST ${url}/_sim/faults -d '{"kind":"busy","path":"/msgaudit/get_chat_data","times":2}'
  # a callback to a WeCom Data Trigger
  curl -X POST ${url}/_sim/callbacks -d '{"url":"http://127.0.0.1:5678/webhook/wecom","event":"msgaudit_notify"}'
`;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: DEFAULT_PORT },
			messages: { type: 'string', default: DEFAULT_MESSAGES },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const simulator = await startSimulator({
		port: integer('port', values.port, 65_535),
		messageCount: integer('messages', values.messages, 1_000_000),
	});
	console.log(introduction(simulator));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator.stop());
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	console.error(USAGE);
	process.exitCode = 1;
});
