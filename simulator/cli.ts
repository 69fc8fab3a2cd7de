import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
	CONTRACTS,
	credentialsFor,
	installLibrary,
	startSimulator,
	whyNoLibrary,
	type Contract,
	type Simulator,
} from './index';

const DEFAULT_PORT = '8899';
const DEFAULT_MESSAGES = '2000';
const DEFAULT_MODEL_SECONDS = '1';

const USAGE = `Runs a WeCom on this machine until Ctrl-C.

  tsx simulator/cli.ts [--port ${DEFAULT_PORT}] [--messages ${DEFAULT_MESSAGES}] [--callback URL]
                       [--provider-callback URL] [--contract NAME] [--model-seconds ${DEFAULT_MODEL_SECONDS}]
                       [--short-pages]

--callback: where to call back to when messages arrive, keywords are hit, exports are done, tickets
are pushed and corps come and go.
--provider-callback: where to call back to when orders are paid and cancelled.
--contract: whose paths to serve alone: ${CONTRACTS.join(', ')}; all of them by default.
--model-seconds: how long a job of a model takes in the data zone.
--short-pages: pages of messages in the data zone come short, and some of them empty.`;

function integer(name: string, text: string, max: number): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value > max) {
		throw new RangeError(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
	}
	return value;
}

function contractsNamed(name: string | undefined): readonly Contract[] {
	return name === undefined ? CONTRACTS : [name as Contract];
}

function introduction(simulator: Simulator, library: string | undefined): string {
	const { url, truth } = simulator;
	const { wecomDataApi, wecomCallbackApi } = credentialsFor(simulator);
	const show = (value: object) => JSON.stringify(value, null, 2);
	return `WeCom simulator at ${url} with ${truth.length} archived messages. Ctrl-C stops it.
Contracts: ${simulator.contracts.join(', ')}.

Credential "WeCom Data API" (wecomDataApi):
${show(wecomDataApi)}

Credential "WeCom Callback API" (wecomCallbackApi):
${show(wecomCallbackApi)}

${archiveOf(simulator, library)}${conversations(simulator)}
Tag groups for the models general and tag:
${simulator.world.tagGroups.map(({ groupId, name }) => `  ${groupId}  ${name}`).join('\n')}

program_id in Java ${simulator.programs.java}, in Python ${simulator.programs.python}
ability_id of the general model in the data zone: ${simulator.world.promptAbilityId}

Try:
  # five new messages
  curl -X POST ${url}/_sim/messages -d '{"count":5}'
  # a message that a keyword rule may hit
  curl -X POST ${url}/_sim/messages -d '{"count":1,"text":"我要投诉退款"}'
  # every conversation, to ask the models about
  curl ${url}/_sim/chats
  # the next two calls of get_chat_data find WeCom busy
  curl -X POST ${url}/_sim/faults -d '{"kind":"busy","path":"/msgaudit/get_chat_data","times":2}'
  # a file of 3 MB in a message; the library gets 10001 for its next piece
  curl -X POST ${url}/_sim/messages -d '{"count":1,"msgtype":"file","bytes":3000000}'
  curl -X POST ${url}/_sim/faults -d '{"kind":"returnCode","returnCode":10001,"path":"/finance_sdk/GetMediaData"}'
  # the credential of a third-party app, the corps that installed it, and another ticket for it
  curl ${url}/_sim/suite_credentials
  curl ${url}/_sim/customers
  curl -X POST ${url}/_sim/suite_ticket
  # the data right to search ends; the program in Java is of an old image
  curl -X POST ${url}/_sim/end_right -d '{"name":"datazone:chatdata:search","at":1}'
  curl -X POST ${url}/_sim/program -d '{"style":"java","image":"old"}'
  # a callback to a WeCom Data Trigger
  curl -X POST ${url}/_sim/callbacks -d '{"url":"http://127.0.0.1:5678/webhook/wecom","event":"msgaudit_notify"}'
`;
}

/** How to read the archive through the stub of Tencent's library. */
function archiveOf({ url, contracts }: Simulator, library: string | undefined): string {
	if (!contracts.includes('messageArchive')) return '';
	if (library === undefined) {
		return `Contract messageArchive: over HTTP alone; ${whyNoLibrary()}.\n\n`;
	}
	return `Contract messageArchive: its credential is at ${url}/_sim/archive_credentials, and n8n is started with
  WECOM_FINANCE_SDK=${library}

`;
}

/** The happiest and the angriest conversation, to ask the models about. */
function conversations({ chats }: Simulator): string {
	const withCustomers = chats.filter(({ chatId }) => /^w[mr]/.test(chatId));
	const found = (['positive', 'negative'] as const).flatMap(
		(mood) => withCustomers.find((chat) => chat.mood === mood) ?? [],
	);
	if (found.length === 0) return '';
	const lines = found.map(
		({ chatId, name, firstSeq, lastSeq, mood }) =>
			`  ${chatId}  ${name ?? ''}, seq ${firstSeq} to ${lastSeq}, ${mood}`,
	);
	return `Conversations for the models:\n${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: DEFAULT_PORT },
			messages: { type: 'string', default: DEFAULT_MESSAGES },
			callback: { type: 'string' },
			'provider-callback': { type: 'string' },
			contract: { type: 'string' },
			'model-seconds': { type: 'string', default: DEFAULT_MODEL_SECONDS },
			'short-pages': { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const provider = values['provider-callback'];
	const simulator = await startSimulator({
		contracts: contractsNamed(values.contract),
		port: integer('port', values.port, 65_535),
		messageCount: integer('messages', values.messages, 1_000_000),
		modelSeconds: integer('model-seconds', values['model-seconds'], 86_400),
		shortPages: values['short-pages'],
		...(values.callback === undefined ? {} : { callbackUrl: values.callback }),
		...(provider === undefined ? {} : { providerCallbackUrl: provider }),
	});
	const folder = await mkdtemp(join(tmpdir(), 'wecom-library-'));
	const withLibrary =
		simulator.contracts.includes('messageArchive') && whyNoLibrary() === undefined;
	const library = withLibrary ? await installLibrary(simulator.url, folder) : undefined;
	console.log(introduction(simulator, library));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			void Promise.all([simulator.stop(), rm(folder, { recursive: true, force: true })]);
		});
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	console.error(USAGE);
	process.exitCode = 1;
});
