import { existsSync } from 'node:fs';

import manifest from '../../package.json';
import { credentialsFor } from '../../simulator';
import { endN8n } from '../n8n/n8nProcess';
import { outputOf } from '../n8n/rest';
import { E2eBench } from './bench';

jest.setTimeout(300_000);

let bench: E2eBench;

beforeAll(async () => {
	bench = await E2eBench.start({ messageCount: 30 });
});
afterAll(async () => {
	await bench?.stop();
	await endN8n();
});

interface Description {
	name: string;
	iconUrl?: { light: string; dark: string };
	codex?: { alias?: string[] };
}

const describedAs = async (file: 'nodes' | 'credentials') => {
	const all = (await (await bench.rest.file(`types/${file}.json`)).json()) as Description[];
	return all.filter(({ name }) => /wecom/i.test(name));
};

/** The last part of a compiled file's name, as n8n names the type. */
const typeOf = (file: string) => {
	const name = /(\w+)\.(node|credentials)\.js$/.exec(file)?.[1] ?? '';
	return name.charAt(0).toLowerCase() + name.slice(1);
};
const NODES = manifest.n8n.nodes.map((file) => `${manifest.name}.${typeOf(file)}`);
const TOOLS = NODES.filter((type) => !type.endsWith('Trigger')).map((type) => `${type}Tool`);

it('is not there before it is installed', async () => {
	expect(await describedAs('nodes')).toEqual([]);
});

it('installs from its tarball without a restart: every node, its tool, every credential', async () => {
	expect((await bench.install()).sort()).toEqual([...NODES].sort());
	const nodes = await describedAs('nodes');
	expect(nodes.map(({ name }) => name).sort()).toEqual([...NODES, ...TOOLS].sort());
	const credentials = await describedAs('credentials');
	expect(credentials.map(({ name }) => name).sort()).toEqual(
		manifest.n8n.credentials.map(typeOf).sort(),
	);
	for (const { iconUrl } of [...nodes, ...credentials]) {
		for (const url of [iconUrl?.light, iconUrl?.dark]) {
			const icon = await bench.rest.file(url ?? 'none');
			expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
		}
	}
	for (const { codex } of nodes) expect(codex?.alias).toContain('企业微信');
});

it('brings no second n8n, and nothing but what its README names', () => {
	expect(bench.packageFiles().sort()).toEqual([
		'LICENSE',
		'README.md',
		'README.zh-CN.md',
		'dist',
		'node_modules',
		'package.json',
	]);
	expect(existsSync(`${bench.packageFolder}/node_modules/n8n-workflow`)).toBe(false);
});

it('is gone after an uninstall, and a workflow runs again after a reinstall', async () => {
	const { rest, wecom } = bench;
	const { wecomDataApi } = credentialsFor(wecom);
	const id = await rest.createCredential('wecomDataApi', 'WeCom Data account', wecomDataApi);
	const workflowId = await rest.createWorkflow({
		name: 'Pull',
		nodes: [
			{
				id: '1',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: '2',
				name: 'Pull',
				type: `${manifest.name}.wecomChatArchive`,
				typeVersion: 1,
				position: [200, 0],
				parameters: { returnAll: true },
				credentials: { wecomDataApi: { id, name: 'WeCom Data account' } },
			},
		],
		connections: { Start: { main: [[{ node: 'Pull', type: 'main', index: 0 }]] } },
	});
	const pull = async () =>
		outputOf(await rest.run(workflowId, 'Start'), 'Pull').map(({ seq }) => seq);
	const seqs = wecom.truth.map(({ seq }) => Number(seq));
	expect(await pull()).toEqual(seqs);

	await bench.uninstall();
	expect(await describedAs('nodes')).toEqual([]);
	expect(existsSync(bench.packageFolder)).toBe(false);

	await bench.install();
	expect(await pull()).toEqual(seqs);
	await bench.restart();
	await rest.signIn();
	expect(await pull()).toEqual(seqs);
});
