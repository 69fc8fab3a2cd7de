import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, IRun } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../../simulator';
import type { ProgramStyle } from '../../wecom/api/carriers/carrier';
import { register, type PastedAbility } from '../support/abilities';
import { Engine, type WorkflowJson } from './harness';

const PAGES = ['docs/zone-abilities.md', 'docs/zone-abilities.zh-CN.md'] as const;
const ANGRY = '太差了，货又晚到了，我要投诉，要求退款！';

/** A block of code on a page. */
interface Block {
	language: string;
	text: string;
}

const read = (file: string) => readFileSync(join(__dirname, '..', '..', file), 'utf8');

function blocksOf(page: string): Block[] {
	return [...page.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].map(([, language = '', text = '']) => ({
		language,
		text,
	}));
}

/** The functions that the third step says are needed. */
function functionsOf(page: string): string[] {
	return [...page.matchAll(/^\| \[`(\w+)`\]\(#\w+\)/gm)].map(([, func = '']) => func);
}

/** The ability of a function as it stands below its heading, for one style. */
function abilityOn(page: string, func: string, style: ProgramStyle): PastedAbility {
	const [, section = ''] = page.split(`### \`${func}\``);
	const [java = '', python = ''] = section.split('\n### ')[0]?.split('\n**Python: ') ?? [];
	const part = style === 'java' ? java.slice(java.indexOf('++: ')) : python;
	const [input_example = '', output_example = ''] = blocksOf(part).map(({ text }) => text);
	return { ability_id: /`(\w+)`\*\*/.exec(part)?.[1] ?? '', input_example, output_example };
}

/** The workflow of the seventh step. */
function workflowOn(page: string): WorkflowJson {
	const text = blocksOf(page).find(({ language }) => language === 'json')?.text ?? '';
	return JSON.parse(text) as WorkflowJson;
}

/** A command that posts something to the simulator. */
interface Post {
	url: string;
	body: string;
}

/** The commands of the page, in order. */
function postsOn(page: string): Post[] {
	const curl = /^curl -X POST (\S+) -d (?:'([^']*)'|@- <<'END'\n(.*?)\nEND)$/gms;
	return blocksOf(page)
		.filter(({ language }) => language === 'sh')
		.flatMap(({ text }) =>
			[...text.matchAll(curl)].map(([, url = '', inline, heredoc]) => ({
				url,
				body: inline ?? heredoc ?? '',
			})),
		);
}

/** What a table on the page says belongs into a field of a credential. */
function valueOf(page: string, field: string): string {
	return new RegExp(`^\\| _${field}_[^|]*\\| \`([^\`]+)\``, 'm').exec(page)?.[1] ?? '';
}

/** A person in n8n who does what the page says. */
class Reader {
	/** Hands on the next execution. */
	private ended: (run: IRun) => void = () => undefined;
	private next = this.wait();

	private constructor(private readonly engine: Engine) {}

	static async arrive(): Promise<Reader> {
		return new Reader(await Engine.load({}));
	}

	/** Saves a credential. */
	save(type: 'wecomDataApi' | 'wecomCallbackApi', data: IDataObject): void {
		const { credentials } = this.engine;
		credentials[type] = { ...credentials[type], ...data } as Engine['credentials'][string];
	}

	/** What the test of the credential says, after Save or Retry. */
	async test() {
		const data = this.engine.credentials.wecomDataApi ?? {};
		return await this.engine.testCredential('wecomChatArchive', 'wecomDataApiTest', data);
	}

	/** Runs an operation of the Data Zone node. */
	async zone(does: string, parameters: IDataObject = {}) {
		const [resource, operation] = does.split('.') as [string, string];
		const all = { resource, operation, ...parameters };
		const { json, error } = await this.engine.runNode('wecomDataZone', all);
		expect([does, error?.message]).toEqual([does, undefined]);
		return json;
	}

	/** What Search → People fails with. */
	async failureOfPeople() {
		const parameters = { resource: 'search', operation: 'people', keyword: '张三' };
		return (await this.engine.runNode('wecomChatArchive', parameters)).error?.message;
	}

	/** Pastes a workflow, chooses the credentials, publishes it. */
	async publish(pasted: WorkflowJson) {
		const credentials = this.engine.nodeJson('', {}).credentials ?? {};
		const nodes = pasted.nodes.map((node) => ({ ...node, credentials }));
		// Another workflow each time: of one, the events that came before are repetitions.
		const id = `page-${wecom.url}`;
		const workflow = this.engine.workflow({ ...pasted, nodes, id });
		return await this.engine.serveWebhooks(workflow, nodes[0]?.name ?? '', (run) =>
			this.ended(run),
		);
	}

	/** The next execution, when it has ended. */
	async execution(): Promise<IRun> {
		const run = await this.next;
		this.next = this.wait();
		return run;
	}

	private async wait(): Promise<IRun> {
		return await new Promise((resolve) => (this.ended = resolve));
	}
}

/** What a node of an execution gave. */
function itemsOf(run: IRun, node: string): IDataObject[] {
	const output = run.data.resultData.runData[node]?.[0]?.data?.main?.[0] ?? [];
	return output.map(({ json }) => json);
}

/** Steps 8 and 9: the event, the messages with their keys, the sentiment. */
function expectSentiment(run: IRun): void {
	expect(run.data.resultData.error).toBeUndefined();
	expect(itemsOf(run, 'On New Messages')).toEqual([
		expect.objectContaining({
			event: 'msgaudit_notify',
			originalEvent: 'conversation_new_message',
			token: expect.any(String) as string,
		}),
	]);
	const messages = itemsOf(run, 'Pull New Messages');
	expect(messages).toEqual([
		expect.objectContaining({
			secret_key: expect.any(String) as string,
			public_key_ver: 3,
			text: null,
			type: 'text',
		}),
	]);
	expect(itemsOf(run, 'Analyze Sentiment')).toEqual([
		expect.objectContaining({
			sentiment: 'negative',
			message_count: 1,
			messages: [{ msgid: messages[0]?.msgid, sentiment: 'negative' }],
			jobids: [expect.any(String)],
			failures: [],
		}),
	]);
}

let wecom: Simulator;
let served: { close(): Promise<void> } | undefined;

beforeEach(async () => {
	wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 0, modelSeconds: 0 });
});

afterEach(async () => {
	await served?.close();
	served = undefined;
	await wecom.stop();
});

it('both pages have the same blocks of code', () => {
	const [english, chinese] = PAGES.map((file) => blocksOf(read(file)));
	expect(english?.length).toBeGreaterThan(100);
	expect(chinese).toEqual(english);
});

describe.each(PAGES)('%s', (file) => {
	const page = read(file);

	it.each(['java', 'python'] as const)(
		'leads to a sentiment, step by step, with a program in %s that knows only what the page registers',
		async (programStyle) => {
			const reader = await Reader.arrive();
			register(wecom, programStyle, []);
			reader.save('wecomDataApi', {
				contract: 'dataZone',
				baseUrl: wecom.url,
				authentication: 'corpSecret',
				...wecom.corp,
				programId: wecom.programs[programStyle],
				programStyle,
			});
			expect(await reader.test()).toMatchObject({
				status: 'Error',
				message: expect.stringContaining('errcode 800003') as string,
			});

			const abilities = functionsOf(page).map((func) => abilityOn(page, func, programStyle));
			const options = { programStyle };
			const given = await reader.zone('program.getAbilityExample', {
				functions: functionsOf(page),
				options,
			});
			expect(given.map(({ function: _name, ...ability }) => ability)).toEqual(abilities);
			register(wecom, programStyle, abilities);
			expect(await reader.test()).toMatchObject({
				status: 'OK',
				message: expect.stringContaining('answers') as string,
			});

			const [pair = {}] = await reader.zone('key.generate', { options: { currentVersion: 2 } });
			const { private_key: privateKey, public_key: publicKey } = pair;
			reader.save('wecomDataApi', { privateKey, publicKeyVersion: pair.public_key_ver });
			await reader.zone('key.setPublic', { publicKey, publicKeyVer: pair.public_key_ver });

			const { token, encodingAesKey } = wecom.callback;
			reader.save('wecomCallbackApi', { token, encodingAesKey, receiveIds: '*' });
			const trigger = await reader.publish(workflowOn(page));
			served = trigger;
			wecom.callBackTo(trigger.url);
			await reader.zone('callback.set');

			wecom.addMessages(1, { text: ANGRY });
			expectSentiment(await reader.execution());
		},
		60_000,
	);

	it('leads to a sentiment on one’s own machine, with its commands and its values', async () => {
		const reader = await Reader.arrive();
		const posts = postsOn(page);
		expect(posts.map(({ url }) => url.split('/_sim/')[1])).toEqual([
			...['program', 'program', 'callback_url', 'messages', 'end_right'],
		]);
		const run = async (productionUrl = '') => {
			const { url = '', body = '' } = posts.shift() ?? {};
			const response = await fetch(url.replace('http://127.0.0.1:8900', wecom.url), {
				method: 'POST',
				body: body.replace('PRODUCTION URL', productionUrl),
			});
			expect([body, response.status, await response.text()]).toEqual([
				body,
				200,
				expect.any(String),
			]);
		};

		await run();
		expect(valueOf(page, 'Base URL')).toBe('http://127.0.0.1:8900');
		reader.save('wecomDataApi', {
			contract: 'dataZone',
			baseUrl: wecom.url,
			authentication: 'corpSecret',
			corpId: valueOf(page, 'Corp ID'),
			corpSecret: valueOf(page, 'Corp Secret'),
			programId: valueOf(page, 'Program ID'),
			programStyle: 'java',
		});
		const failed = await reader.test();
		expect(failed.status).toBe('Error');
		for (const words of page.matchAll(/`(errcode 800003|Register the abilities [^`]+)`/g)) {
			expect(failed.message).toContain(words[1]);
		}
		await run();
		const passed = await reader.test();
		expect(passed.status).toBe('OK');
		expect(passed.message).toContain(/`(the program prog\w+ answers)`/.exec(page)?.[1]);

		const [pair = {}] = await reader.zone('key.generate', { options: { currentVersion: 2 } });
		expect(pair.public_key_ver).toBe(3);
		reader.save('wecomDataApi', { privateKey: pair.private_key, publicKeyVersion: 3 });
		expect(
			await reader.zone('key.setPublic', { publicKey: pair.public_key, publicKeyVer: 3 }),
		).toEqual([expect.objectContaining({ success: true })]);
		reader.save('wecomCallbackApi', {
			token: valueOf(page, 'Token'),
			encodingAesKey: valueOf(page, 'EncodingAESKey'),
			receiveIds: valueOf(page, 'Receive IDs'),
		});
		const trigger = await reader.publish(workflowOn(page));
		served = trigger;
		await run(trigger.url);
		expect(await reader.zone('callback.set')).toEqual([expect.objectContaining({ success: true })]);

		expect(posts[0]?.body).toContain(ANGRY);
		const again = posts[0] as Post;
		await run();
		const first = await reader.execution();
		expectSentiment(first);
		const [message] = itemsOf(first, 'Pull New Messages');
		expect(message?.sender).toMatchObject({ type_name: 'customer' });

		await run();
		posts.push(again);
		await run();
		const { error } = (await reader.execution()).data.resultData;
		expect(error?.message).toContain('errcode 710726');

		const settings = [...page.matchAll(/`(\{"style":"java".*?\})`/g)].map(([, body = '']) => body);
		const seen: Array<string | undefined> = [];
		for (const body of settings) {
			await fetch(`${wecom.url}/_sim/program`, { method: 'POST', body });
			seen.push(await reader.failureOfPeople());
		}
		expect(seen).toEqual([
			expect.stringContaining('errcode 790020'),
			expect.stringContaining('errcode 790021'),
			expect.stringContaining('answered in plain text: unsupport api'),
		]);
	}, 60_000);
});
