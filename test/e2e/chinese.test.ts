import type { INodeTypeDescription } from 'n8n-workflow';

import { credentialsFor } from '../../simulator';
import { Editor } from '../n8n/editor';
import { endN8n } from '../n8n/n8nProcess';
import { E2eBench } from './bench';
import { beforeFirstText, pictureAt } from './pictures';

jest.setTimeout(300_000);

let bench: E2eBench;

beforeAll(async () => {
	bench = await E2eBench.start({ messageCount: 60 }, async (settings) => {
		settings.env = { ...settings.env, N8N_DEFAULT_LOCALE: 'zh-CN' };
	});
	await bench.install();
});
afterAll(async () => {
	await bench?.stop();
	await endN8n();
});

type Described = Pick<INodeTypeDescription, 'name' | 'displayName' | 'properties'>;

const describedAs = async (file: 'nodes' | 'credentials') => {
	const all = (await (await bench.rest.file(`types/${file}.json`)).json()) as Described[];
	return all.filter(({ name }) => /wecom/i.test(name));
};

const CHINESE = /\p{Script=Han}/u;

it('gives the editor Chinese nodes, tools and credentials when n8n is set to zh-CN', async () => {
	const nodes = await describedAs('nodes');
	expect(nodes).toHaveLength(14);
	const credentials = await describedAs('credentials');
	expect(credentials).toHaveLength(3);
	for (const { displayName, properties } of [...nodes, ...credentials]) {
		expect(displayName).toMatch(CHINESE);
		expect(properties.filter((one) => CHINESE.test(one.displayName)).length).toBeGreaterThan(0);
	}
});

it('has its translation file where n8n looks for it', async () => {
	const nodeInfos = [{ name: `${bench.packed.name}.wecomChatArchive`, version: 1 }];
	const [node] = await bench.rest.post<Array<{ translation?: { header: object } }>>('/node-types', {
		nodeInfos,
	});
	expect(node?.translation?.header).toMatchObject({ displayName: '企业微信会话存档' });
});

it('shows them in the editor, found by wecom and by their Chinese names', async () => {
	const { wecomDataApi } = credentialsFor(bench.wecom);
	const id = await bench.rest.createCredential('wecomDataApi', '企业微信数据', wecomDataApi);
	const editor = await Editor.open(bench.rest.url);
	try {
		await editor.newWorkflow();
		await editor.addTrigger('Trigger manually');
		for (const words of ['wecom', '会话存档']) {
			expect(await editor.search(words)).toContain('企业微信会话存档');
		}
		await editor.add('企业微信会话存档', '批量查询消息');
		expect(await editor.panel.innerText()).toMatch(/资源[^]*操作[^]*返回全部[^]*状态存放位置/);
		await editor.field('startAfterSeq').fill(beforeFirstText(bench.wecom));
		await editor.execute();
		await editor.showOutputAs('JSON');
		await editor.screenshot(pictureAt('zh-CN-node'));
		const form = await editor.openCredential(id);
		expect(await form.innerText()).toMatch(/接口地址[^]*认证方式/);
		await editor.screenshot(pictureAt('zh-CN-credential'));
	} finally {
		await editor.screenshot(pictureAt('zh-CN-last'));
		await editor.close();
	}
});
