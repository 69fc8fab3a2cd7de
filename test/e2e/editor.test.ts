import { suiteCredentialsFor, credentialsFor } from '../../simulator';
import { Random } from '../../simulator/random';
import { filledIn } from '../examples/filledIn';
import { endPrograms } from '../faults/program';
import { RedisServer } from '../faults/redisServer';
import { Editor } from '../n8n/editor';
import { endN8n } from '../n8n/n8nProcess';
import { E2eBench } from './bench';
import { beforeFirstText, pictureAt } from './pictures';

jest.setTimeout(300_000);

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
	/** How the picture shows it; a schema is of all items together. */
	view?: 'JSON';
}

let bench: E2eBench;
let redis: RedisServer;
/** Ids by type. */
const credentials: Record<string, string> = {};

beforeAll(async () => {
	bench = await E2eBench.start({ messageCount: 200 });
	await bench.install();
	const { suiteTicket } = bench.wecom;
	const data = { ...suiteCredentialsFor(bench.wecom), suiteTicket };
	redis = await RedisServer.start(new Random(1, 'redis'));
	const { wecomCallbackApi } = credentialsFor(bench.wecom);
	for (const [type, name, content] of [
		['wecomDataApi', 'WeCom Data account', data],
		['wecomCallbackApi', 'WeCom Callback account', wecomCallbackApi],
		['wecomStateApi', 'WeCom State account', redis.credential],
	] as const) {
		credentials[type] = await bench.rest.createCredential(type, name, content);
	}
});
afterAll(async () => {
	await redis?.stop();
	await bench?.stop();
	await endN8n();
	await endPrograms();
});

function scenes(): Scene[] {
	const unhappy = bench.wecom.chats.find(({ mood }) => mood === 'negative');
	return [
		{
			node: 'WeCom Chat Archive',
			action: 'Get many messages',
			fields: { startAfterSeq: beforeFirstText(bench.wecom) },
			sees: 'decrypted',
			view: 'JSON',
		},
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

describe('in the editor', () => {
	let editor: Editor;

	/** What the window shows, in light and dark. */
	const picture = async (name: string) => {
		for (const theme of ['dark', 'light'] as const) {
			await editor.screenshot(pictureAt(`${name}-${theme}`), theme);
		}
	};

	/** The same of an open node, with what it put out: a table of it is wider than the panel. */
	const outputPicture = async (name: string, view: 'Schema' | 'JSON' = 'Schema') => {
		await editor.showOutputAs(view);
		await picture(name);
		await editor.showOutputAs('Table');
	};

	beforeAll(async () => {
		editor = await Editor.open(bench.rest.url);
	});
	afterAll(async () => {
		// Of a test that failed, what it saw last.
		await editor?.screenshot(pictureAt('last'));
		await editor?.close();
	});

	it('the nodes are found by wecom and by 企业微信', async () => {
		await editor.newWorkflow();
		for (const words of ['wecom', '企业微信']) {
			const found = await editor.search(words);
			expect(found).toEqual(expect.arrayContaining([...TRIGGERS, ...NODES]));
		}
		await picture('node-panel');
	});

	it('each node is added, filled in and run', async () => {
		for (const { node, action, fields = {}, sees, view } of scenes()) {
			await editor.newWorkflow();
			await editor.addTrigger('Trigger manually');
			await editor.add(node, action);
			for (const [name, value] of Object.entries(fields)) await editor.field(name).fill(value);
			await editor.execute();
			expect(await editor.output.innerText()).toContain(sees);
			const name = node.toLowerCase().replaceAll(' ', '-');
			await outputPicture(name, view);
		}
	});

	it('WeCom Data Trigger listens, and shows the event that comes', async () => {
		await editor.newWorkflow();
		await editor.add('WeCom Data', 'On archive new messages');
		// Before it listens: while it does, nothing in the panel can be clicked.
		const url = await editor.webhookUrl();
		await editor.execute(async () => {
			const event = { url, event: 'msgaudit_notify' as const };
			await bench.rest.until('the event is taken', async () => {
				return (await bench.wecom.sendCallback(event)).ok;
			});
		});
		expect(await editor.output.innerText()).toContain('msgaudit_notify');
		await editor.showProductionUrl();
		await outputPicture('wecom-data-trigger');
	});

	it('WeCom Chat Archive Trigger fetches a sample', async () => {
		await editor.newWorkflow();
		await editor.add('WeCom Chat Archive', 'On new WeCom Chat Archive event');
		await editor.execute();
		expect(await editor.output.innerText()).toContain('msgid');
		await outputPicture('wecom-chat-archive-trigger');
	});

	it('the archive is set up as the example says: its key is kept before WeCom gets it', async () => {
		const example = filledIn('archive-set-up.json', bench.wecom);
		for (const { credentials: used = {} } of example.nodes) {
			for (const [type, one] of Object.entries(used)) one.id = credentials[type] ?? '';
		}
		await editor.openWorkflow(await bench.rest.createWorkflow({ ...example, name: 'Set-up' }));
		bench.wecom.requests.length = 0;
		const keysSet = () =>
			bench.wecom.requests.filter(({ path }) => path.endsWith('/set_public_key'));

		await editor.openNode('Generate Key Pair');
		await editor.execute();
		const shown = await editor.output.innerText();
		expect(shown).toContain('BEGIN PRIVATE KEY');
		expect(keysSet()).toHaveLength(0);
		await editor.closeNode();

		await editor.openNode('Check Consent');
		await editor.execute();
		expect(keysSet()).toHaveLength(1);
		const { public_key: key } = keysSet()[0]?.body as { public_key: string };
		const [, line = 'no line'] = key.split('\n');
		expect(shown).toContain(line);
	});

	it('each credential says that it works when it is opened', async () => {
		for (const [type, id] of Object.entries(credentials)) {
			const form = await editor.openCredential(id);
			await picture(type);
			expect(await form.innerText()).toContain('successfully');
		}
	});
});
