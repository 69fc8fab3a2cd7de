import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { credentialsFor, type Simulator } from '../simulator';
import { installLibrary, whyNoLibrary } from '../simulator/library';
import { Engine } from '../test/engine/harness';
import { getAll } from '../test/engine/support';

const PAGE = 1000;

/**
 * The message archive at work: a page decrypted and a picture downloaded through a library in a process
 * of its own, a stand-in for Tencent's.
 *
 * @param say is given each line
 * @returns without having shown it where the library cannot be made or loaded
 * @throws Error when something comes out wrong
 */
export async function showMessageArchive(
	wecom: Simulator,
	say: (line: string) => void,
): Promise<void> {
	say('\nThe same corp through its own archive (会话内容存档), with a native library …');
	const why = whyNoLibrary();
	if (why !== undefined) {
		say(`  not shown: ${why}`);
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), 'wecom-finance-sdk-'));
	try {
		process.env.WECOM_FINANCE_SDK = await installLibrary(wecom.url, folder);
		const engine = await Engine.load({
			...credentialsFor(wecom, 'messageArchive'),
		} as Engine['credentials']);
		await showLibrary(engine, say);
		await showPage(engine, wecom, say);
		await showPicture(engine, wecom, say);
	} finally {
		delete process.env.WECOM_FINANCE_SDK;
		rmSync(folder, { recursive: true, force: true });
	}
}

async function showLibrary(engine: Engine, say: (line: string) => void): Promise<void> {
	const parameters = { resource: 'library', operation: 'check' };
	const [facts = {}] = (await run(engine, 'wecomDataZone', parameters)).map(({ json }) => json);
	if (facts.usable !== true)
		throw new Error(`The library cannot be used: ${String(facts.problem)}`);
	say(
		`  ${facts.platform} ${facts.arch}, ${facts.libc}; the library is loaded in mode ${facts.mode}`,
	);
}

async function showPage(
	engine: Engine,
	wecom: Simulator,
	say: (line: string) => void,
): Promise<void> {
	const { seq = 0n } = wecom.truth.at(-PAGE - 1) ?? {};
	const started = performance.now();
	const items = await run(engine, 'wecomChatArchive', getAll({ startAfterSeq: String(seq) }));
	const seconds = (performance.now() - started) / 1000;
	const opened = items.filter(({ json }) => json.decrypted === true);
	say(`  ${items.length} records in ${seconds.toFixed(1)} s, ${opened.length} decrypted`);
	if (items.length !== PAGE || opened.length === 0) throw new Error('The page is not whole');
}

async function showPicture(
	engine: Engine,
	wecom: Simulator,
	say: (line: string) => void,
): Promise<void> {
	const [sent] = wecom.addMessages(1, { msgtype: 'image' });
	if (!sent) throw new Error('No picture was sent');
	const startAfterSeq = String(sent.seq - 1n);
	const messages = await run(engine, 'wecomChatArchive', getAll({ startAfterSeq }));
	const [message] = await run(engine, 'wecomChatArchive', GET_MEDIA, messages);
	const [file] = (message?.json.files ?? []) as IDataObject[];
	const { data = '', fileName, mimeType } = message?.binary?.data ?? {};
	const bytes = Buffer.from(data, 'base64');
	const md5 = createHash('md5').update(bytes).digest('hex');
	say(`  a picture: ${fileName}, ${mimeType}, ${bytes.length} bytes, md5 ${md5}`);
	if (file?.status !== 'downloaded' || file.md5 !== md5) throw new Error('It is not that picture');
}

const GET_MEDIA = {
	resource: 'message',
	operation: 'getMedia',
	mediaFrom: 'message',
	binaryPropertyName: 'data',
	options: {},
};

async function run(
	engine: Engine,
	node: string,
	parameters: IDataObject,
	input?: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const { items, error } = await engine.runNode(node, parameters, input);
	if (error) throw error;
	return items;
}
