import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Rest, outputOf } from '../n8n/rest';
import { closedPort } from '../unit/support/server';

jest.setTimeout(300_000);

it('npm start leads to decrypted messages, and Ctrl-C ends all of it', async () => {
	const [port, wecomPort] = [await closedPort(), await closedPort()];
	const script = join(__dirname, '..', '..', 'scripts', 'start.mjs');
	const args = [script, '--port', String(port), '--wecom-port', String(wecomPort)];
	// In a process group of its own, as a terminal gives it: Ctrl-C reaches every process of it.
	const child = spawn(process.execPath, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const exit = once(child, 'exit');
	const introduced = new Promise<void>((resolve, reject) => {
		child.stdout.on('data', () => output.includes('Ctrl-C stops') && resolve());
		child.once('exit', () => reject(new Error(output)));
	});
	try {
		await introduced;
		const url = `http://127.0.0.1:${port}`;
		expect(output).toContain(`${url}/workflow/archive-to-answer/executions`);
		const rest = new Rest(url);
		await rest.signIn();
		const [execution] = await rest.ended('archive-to-answer', 1);
		const messages = execution ? outputOf(execution, 'Pull New Messages') : [];
		expect(messages.length).toBeGreaterThanOrEqual(2000);
		expect(messages.every(({ decrypted }) => decrypted)).toBe(true);
		const credentials = await rest.get<unknown[]>('/credentials');
		expect(credentials).toHaveLength(3);
	} finally {
		process.kill(-(child.pid ?? 0), 'SIGINT');
		await exit;
	}
	expect(child.exitCode).toBe(0);
	for (const one of [port, wecomPort]) {
		await expect(fetch(`http://127.0.0.1:${one}/`)).rejects.toThrow();
	}
	const folder = /folder (\S+)/.exec(output)?.[1] ?? '';
	expect(existsSync(folder)).toBe(false);
});
