import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startSimulator, type Simulator } from '../simulator';
import { installLibrary, whyNoLibrary } from '../simulator/library';
import { callBackTo, tellZoneEvent, watchFor } from '../test/examples/console';
import { ARCHIVE_EXAMPLES, EXAMPLE_FILES, hookIdOf } from '../test/examples/files';
import { exampleId, importExamples } from '../test/n8n/importExamples';
import { N8nProcess, type N8nSettings } from '../test/n8n/n8nProcess';
import { packPackage, pathWith, publishedLocally } from '../test/n8n/package';
import { OWNER, Rest } from '../test/n8n/rest';

/**
 * `npm start`: n8n as people run it, this package installed the way they install it, credentials and
 * examples in place, and a simulated WeCom in which people go on talking. Where there is a C compiler
 * and glibc, a stand-in for Tencent's library is there as well. Lives in folders of its own that go with it.
 */

const N8N_PORT = '5678';
const WECOM_PORT = '8899';
const MESSAGES = 2000;
const TALK_EVERY_MS = 20_000;
/** Needs a language model, and nobody's key is here. */
const UNPUBLISHED = 'ai-agent.json';
const LIVE = 'archive-to-answer.json';
const ALERT = 'keyword-alert.json';
const CORPS = 'customer-corps.json';
const ORDERS = 'order-by-approval.json';
const SENTIMENT = 'zone-sentiment-alert.json';
const FILES = 'archive-files.json';
const ALERT_WORDS = ['漏水', '质量', '投诉'];
/** What is sent in turn of what is saved as files. */
const WITH_FILES = ['image', 'voice', 'file', 'emotion'] as const;
const ANGRY = '太差了，货又晚到了，我要投诉，要求退款！';
/** Of so many times that people write, an angry customer is among them once. */
const ANGRY_EVERY = 3;
const CORP_NAMES = ['苏州青禾茶饮有限公司', '成都知味餐饮管理有限公司'];

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: N8N_PORT },
			'wecom-port': { type: 'string', default: WECOM_PORT },
		},
	});
	const folder = mkdtempSync(join(tmpdir(), 'n8n-wecom-data-'));
	const stops: Array<() => Promise<void> | void> = [
		() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
	];
	try {
		await serve(folder, Number(values.port), Number(values['wecom-port']), stops);
		await new Promise<void>((resolve) => {
			for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
		});
		console.log('\nStopping n8n and WeCom …');
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

async function serve(
	folder: string,
	port: number,
	wecomPort: number,
	stops: Array<() => Promise<void> | void>,
): Promise<void> {
	step(`Starting a simulated WeCom with ${MESSAGES} archived messages …`);
	const wecom = await startSimulator({ port: wecomPort, messageCount: MESSAGES });
	stops.push(async () => await wecom.stop());
	const robot = await startRobot();
	stops.push(robot.stop);
	const library = await putLibrary(wecom, stops);
	const files = join(folder, 'files');
	mkdirSync(files);

	step('Importing credentials and examples …');
	const packed = packPackage(folder);
	const { NODE24_PROGRAM: node24 = '' } = process.env;
	const { N8N_DEFAULT_LOCALE = 'en' } = process.env;
	const env = {
		...publishedLocally(folder, packed, pathWith(node24)),
		N8N_DEFAULT_LOCALE,
		N8N_RESTRICT_FILE_ACCESS_TO: files,
		WECOM_FINANCE_SDK: library ?? '',
	};
	const settings: N8nSettings = { folder, port, env };
	await importExamples(settings, wecom, robot.url, files);

	step(`Starting n8n in the folder ${folder} …`);
	const n8n = await N8nProcess.start(settings);
	stops.push(async () => await n8n.stop());
	const rest = new Rest(n8n.url);
	await rest.signIn();
	step(`Installing ${packed.name} ${packed.version} from its tarball …`);
	await rest.post('/community-packages', { name: packed.name });
	await publishAll(rest, wecom, library !== undefined);
	stops.push(sayWhatIsSaved(files));
	stops.push(keepTalking(wecom, n8n.url));
	introduce(n8n.url, wecom, library && files);
}

/**
 * Puts the stand-in for Tencent's library where no workflow can write.
 *
 * @returns its path; undefined where it cannot be made or loaded
 */
async function putLibrary(
	wecom: Simulator,
	stops: Array<() => Promise<void> | void>,
): Promise<string | undefined> {
	const why = whyNoLibrary();
	if (why !== undefined) {
		step(`The message archive is not shown: ${why}.`);
		return undefined;
	}
	const folder = mkdtempSync(join(tmpdir(), 'wecom-finance-sdk-'));
	stops.push(() => rmSync(folder, { recursive: true, force: true }));
	return await installLibrary(wecom.url, folder);
}

/** Publishes the examples, and lets enough happen that each has something to show. */
async function publishAll(rest: Rest, wecom: Simulator, hasLibrary: boolean): Promise<void> {
	const files = EXAMPLE_FILES.filter(
		(file) => file !== UNPUBLISHED && (hasLibrary || !ARCHIVE_EXAMPLES.includes(file)),
	);
	step(`Publishing ${files.length} examples …`);
	// Their tables have to be there before the first event.
	for (const file of [CORPS, ORDERS]) await rest.run(exampleId(file), 'Set Up');
	for (const file of files) await rest.publish(exampleId(file));

	await watchFor(wecom, '投诉', ALERT_WORDS);
	await callBackTo(wecom, hookOf(rest.url, CORPS));
	wecom.pushSuiteTicket();
	for (const corpName of CORP_NAMES) wecom.authorizeCorp({ corpName });
	await wecom.settled();
	await callBackTo(wecom, hookOf(rest.url, LIVE));
	wecom.addMessages(1);
	await rest.ended(exampleId(LIVE), 1);
}

/**
 * Every now and then people write, an angry customer among them, and WeCom calls back. It has one
 * callback URL; here the alerts, and the app in the data zone, have one of their own.
 */
function keepTalking(wecom: Simulator, n8nUrl: string): () => void {
	const angry = wecom.world.customers.filter(({ agrees }) => agrees);
	const sayWhy = (error: unknown) => console.error(error);
	let times = 0;
	const timer = setInterval(() => {
		const hits = wecom.keywordHits.length;
		wecom.addMessages(2);
		wecom.addMessages(1, { msgtype: WITH_FILES[times % WITH_FILES.length] });
		if (times % ANGRY_EVERY === 0) {
			const customer = angry[(times / ANGRY_EVERY) % angry.length];
			const chatId = customer?.externalUserid ?? '';
			wecom.addMessages(1, { chatId, text: ANGRY, by: 'customer' });
		}
		times++;
		tellZoneEvent(wecom, hookOf(n8nUrl, SENTIMENT), 'conversation_new_message').catch(sayWhy);
		if (wecom.keywordHits.length === hits) return;
		const call = { url: hookOf(n8nUrl, ALERT), event: 'msgaudit_keyword_hit' as const };
		wecom.sendCallback(call).catch(sayWhy);
	}, TALK_EVERY_MS);
	return () => clearInterval(timer);
}

/** Says of each file that an example saves what it is called. */
function sayWhatIsSaved(folder: string): () => void {
	const said = new Set<string>();
	const watcher = watch(folder, (_event, name) => {
		if (name === null || said.has(name)) return;
		said.add(name);
		step(`  saved: ${name}`);
	});
	return () => watcher.close();
}

/** Stands where a group robot stands, and says here what it is told. */
async function startRobot(): Promise<{ url: string; stop: () => void }> {
	const server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (text: string) => (body += text));
		request.on('end', () => {
			response.setHeader('content-type', 'application/json');
			response.end('{"errcode":0,"errmsg":"ok"}');
			const said = /"content":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body;
			step(`  group robot: ${JSON.parse(`"${said}"`) as string}`.replaceAll('\n', ' '));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/`, stop: () => void server.close() };
}

/** Where the trigger of a published example listens. */
function hookOf(n8nUrl: string, file: string): string {
	return `${n8nUrl}/webhook/${hookIdOf(file)}/webhook`;
}

function introduce(n8nUrl: string, wecom: Simulator, savedIn?: string): void {
	step(`
n8n 2.41.1   ${n8nUrl}   ${OWNER.email} / ${OWNER.password}
WeCom        ${wecom.url}   simulated; every ${TALK_EVERY_MS / 1000} s people write and WeCom calls back

Sign in, then click:
  1. ${n8nUrl}/workflow/${exampleId(LIVE)}/executions
     Open the newest execution and its node "Pull New Messages": conversations, decrypted.
  2. ${n8nUrl}/workflow/${exampleId(ALERT)}/executions
     Somebody said ${ALERT_WORDS.join(', ')}: what the group robot is told appears here below.
  3. ${n8nUrl}/workflow/${exampleId(SENTIMENT)}/executions
     The same corp in the data zone: the zone tells of new messages, a model reads them there, and
     the group robot hears of unhappy customers: the first time of those of the last days.
  4. ${n8nUrl}/workflow/${exampleId(CORPS)}
     Execute from "Every Hour": messages of every corp that installed the app.
  5. ${savedIn ? archiveSteps(n8nUrl, savedIn) : noArchive()}
  6. ${n8nUrl}/home/credentials
     Open one: n8n tests it. There is one for each API: a node does the same with each of them.
     Then build a workflow of your own: search for wecom or 企业微信.

${UNPUBLISHED} waits for an OpenAI key of yours. Ctrl-C stops all of it and throws it away.
`);
}

function noArchive(): string {
	return `The message archive (会话内容存档) is left out, its examples are there, unpublished:
     ${whyNoLibrary()}.`;
}

/** What to click of the message archive. */
function archiveSteps(n8nUrl: string, savedIn: string): string {
	return `${n8nUrl}/workflow/${exampleId(FILES)}/executions
     The same corp through a library in a process of its own: every minute new messages, and their
     pictures, voice and files in ${savedIn}`;
}

function step(text: string): void {
	console.log(text);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
