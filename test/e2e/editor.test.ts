import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { suiteCredentialsFor, credentialsFor } from '../../simulator';
import { Editor, type Theme } from '../n8n/editor';
import { endN8n } from '../n8n/n8nProcess';
import { E2eBench } from './bench';

jest.setTimeout(300_000);

/** Where the pictures go: `npm run screenshots` names the folder of the README's. */
const { SCREENSHOTS = mkdtempSync(join(tmpdir(), 'wecom-data-screenshots-')) } = process.env;

const TRIGGERS = ['WeCom Data', 'WeCom Chat Archive'];
const NODES = [
	'WeCom AI Model',
	'WeCom Authorization',
	'WeCom Chat Archive',
	'WeCom Customer Acquisition',
	'WeCom Data Order',
	'WeCom Data Zone',
];

/** What a person does with a node: which action, what it types in, what it sees then. */
interface Scene {
	node: string;
	action: string;
	fields?: Record<string, string>;
	/** A word of the output. */
	sees: string;
}

let bench: E2eBench;

beforeAll(async () => {
	mkdirSync(SCREENSHOTS, { recursive: true });
	bench = await E2eBench.start({ messageCount: 200 });
	await bench.install();
	const { suiteTicket } = bench.wecom;
	const data = { ...suiteCredentialsFor(bench.wecom), suiteTicket };
	await bench.rest.createCredential('wecomDataApi', 'WeCom Data account', data);
	const { wecomCallbackApi } = credentialsFor(bench.wecom);
	await bench.rest.createCredential('wecomCallbackApi', 'WeCom Callback account', wecomCallbackApi);
});
afterAll(async () => {
	await bench?.stop();
	await endN8n();
});

function scenes(): Scene[] {
	const unhappy = bench.wecom.chats.find(({ mood }) => mood === 'negative');
	return [
		{ node: 'WeCom Chat Archive', action: 'Get many messages', sees: 'decrypted' },
		{
			node: 'WeCom AI Model',
			action: 'Analyze sentiment of a conversation',
			fields: {
				chatId: String(unhappy?.chatId),
				beginSeq: String(unhappy?.firstSeq),
				endSeq: String(unhappy?.lastSeq),
			},
			sees: 'negative',
		},
		{ node: 'WeCom Customer Acquisition', action: 'Get many links', sees: 'link_id' },
		{ node: 'WeCom Data Order', action: 'Get many orders', sees: 'order_id' },
		{ node: 'WeCom Data Zone', action: 'Get many archived members', sees: 'userid' },
		{
			node: 'WeCom Authorization',
			action: 'Get an install link',
			fields: { redirectUri: 'https://n8n.example.com/webhook/installed' },
			sees: 'install',
		},
	];
}

describe.each<Theme>(['light', 'dark'])('in the %s editor', (theme) => {
	let editor: Editor;
	const picture = (name: string) => join(SCREENSHOTS, `${name}-${theme}.png`);

	beforeAll(async () => {
		editor = await Editor.open(bench.rest.url, theme);
	});
	afterAll(async () => {
		// Of a test that failed, what it saw last.
		await editor?.screenshot(picture('last'));
		await editor?.close();
	});

	it('the nodes are found by wecom and by 企业微信', async () => {
		await editor.newWorkflow();
		for (const words of ['wecom', '企业微信']) {
			const found = await editor.search(words);
			expect(found).toEqual(expect.arrayContaining([...TRIGGERS, ...NODES]));
		}
		await editor.screenshot(picture('node-panel'));
	});

	it('each node is added, filled in and run', async () => {
		for (const { node, action, fields = {}, sees } of scenes()) {
			await editor.newWorkflow();
			await editor.addTrigger('Trigger manually');
			await editor.add(node, action);
			for (const [name, value] of Object.entries(fields)) await editor.field(name).fill(value);
			await editor.execute();
			const name = node.toLowerCase().replaceAll(' ', '-');
			await editor.screenshot(picture(name));
			expect(await editor.output.innerText()).toContain(sees);
		}
	});
});
