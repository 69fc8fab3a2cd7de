import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');

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
	const { child, output } = start('--port', '0', '--messages', '12');
	while (!output.text.includes('/_sim/callbacks')) await once(child.stdout, 'data');
	const url = /at (http:\/\/127\.0\.0\.1:\d+) with 12 archived messages/.exec(output.text)?.[1];
	const blocks = [...output.text.matchAll(/^\{\n[^]*?^\}$/gm)].map(
		(match) => JSON.parse(match[0]) as Record<string, string>,
	);
	expect(blocks[0]).toMatchObject({ baseUrl: url, messageCipher: 'aes-256-cbc' });
	expect(blocks[1]).toHaveProperty('encodingAesKey');
	expect(output.text.match(/^ {2}curl /gm)).toHaveLength(3);
	expect((await fetch(`${url}/_sim/truth`)).status).toBe(200);

	child.kill('SIGINT');
	expect(await once(child, 'exit')).toEqual([0, null]);
});

test('explains itself when told nonsense', async () => {
	const { child, output } = start('--port', 'many');
	expect(await once(child, 'close')).toEqual([1, null]);
	expect(output.text).toContain('--port must be a whole number');
	expect(output.text).toContain('tsx simulator/cli.ts [--port');
});
