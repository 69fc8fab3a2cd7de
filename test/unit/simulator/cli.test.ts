import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { whyNoLibrary } from '../../../simulator';
import { Endpoint } from './endpoint';

const ROOT = resolve(__dirname, '../../..');

function start(...args: string[]) {
	const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/cli.ts', ...args], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { text: '' };
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk));
	}
	return { child, output };
}

test('prints where it is and what to paste, works, and stops on Ctrl-C', async () => {
	const { child, output } = start('--port', '0', '--messages', '200');
	while (!output.text.includes('/_sim/callbacks')) await once(child.stdout, 'data');
	const url = /at (http:\/\/127\.0\.0\.1:\d+) with 200 archived messages/.exec(output.text)?.[1];
	const blocks = [...output.text.matchAll(/^\{\n[^]*?^\}$/gm)].map(
		(match) => JSON.parse(match[0]) as Record<string, string>,
	);
	expect(blocks[0]).toMatchObject({ baseUrl: url, messageCipher: 'aes-256-cbc' });
	expect(blocks[1]).toHaveProperty('encodingAesKey');
	expect(output.text.match(/^ {2}curl /gm)).toHaveLength(12);
	const why = whyNoLibrary();
	const [, path = ''] = /^ {2}WECOM_FINANCE_SDK=(\/.*\.so)$/m.exec(output.text) ?? [];
	expect(existsSync(path)).toBe(why === undefined);
	if (why !== undefined) expect(output.text).toContain(why);
	expect(output.text).toMatch(
		/Conversations for the models:\n {2}w[mr]\S+ .*, seq \d+ to \d+, positive\n/,
	);
	expect(output.text).toMatch(/program_id in Java prog\w+, in Python prog\w+/);
	expect(output.text).toMatch(/ability_id of the general model in the data zone: prompt\w+/);
	expect((await fetch(`${url}/_sim/truth`)).status).toBe(200);

	child.kill('SIGINT');
	expect(await once(child, 'exit')).toEqual([0, null]);
	expect(existsSync(path)).toBe(false);
});

test('calls back to where it is told', async () => {
	const endpoint = new Endpoint();
	const { child, output } = start(
		'--port',
		'0',
		'--messages',
		'0',
		'--callback',
		await endpoint.listen(),
		'--provider-callback',
		'http://127.0.0.1:9/',
		'--model-seconds',
		'0',
		'--short-pages',
	);
	while (!output.text.includes('/_sim/callbacks')) await once(child.stdout, 'data');
	const url = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(output.text)?.[1];
	// Whose orders are told a provider's URL.
	expect(output.text).toMatch(/"receiveIds": "\w+,\w+,\w+"/);
	await fetch(`${url}/_sim/messages`, { method: 'POST', body: '{"count":1}' });
	while (endpoint.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
	child.kill('SIGTERM');
	await once(child, 'exit');
	await endpoint.close();
});

test('explains itself when told nonsense', async () => {
	const { child, output } = start('--port', 'many');
	expect(await once(child, 'close')).toEqual([1, null]);
	expect(output.text).toContain('--port must be a whole number');
	expect(output.text).toContain('tsx simulator/cli.ts [--port');
});

test('serves one contract alone when told, and no other than there is', async () => {
	const { child, output } = start('--port', '0', '--messages', '1', '--contract', 'dataZone');
	while (!output.text.includes('/_sim/callbacks')) await once(child.stdout, 'data');
	expect(output.text).toContain('Contracts: dataZone.');
	expect(output.text).toContain('"contract": "dataZone"');
	child.kill('SIGINT');
	await once(child, 'exit');
	const wrong = start('--contract', 'archive');
	expect(await once(wrong.child, 'close')).toEqual([1, null]);
	expect(wrong.output.text).toContain('contracts must name');
});
