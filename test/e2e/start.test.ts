import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Rest, outputOf } from '../n8n/rest';
import { closedPort } from '../unit/support/server';

jest.setTimeout(300_000);

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'start.mjs');

/** `npm start`, as soon as it says what to click. */
async function start() {
	const [port, wecomPort] = [await closedPort(), await closedPort()];
	const args = [SCRIPT, '--port', String(port), '--wecom-port', String(wecomPort)];
	// In a process group of its own, as a terminal gives it.
	const child = spawn(process.execPath, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	await new Promise<void>((resolve, reject) => {
		child.stdout.on('data', () => output.includes('Ctrl-C stops') && resolve());
		child.once('exit', () => reject(new Error(output)));
	});
	const folder = /folder (\S+)/.exec(output)?.[1] ?? '';
	return { child, output, folder, ports: [port, wecomPort], url: `http://127.0.0.1:${port}` };
}

/** Sends the signal and waits until nothing is left. */
async function expectEnd(
	{ child, folder, ports }: { child: ChildProcess; folder: string; ports: number[] },
	send: () => void,
): Promise<void> {
	const exit = once(child, 'exit');
	send();
	await exit;
	expect(child.exitCode).toBe(0);
	for (const port of ports) {
		await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
	}
	expect(existsSync(folder)).toBe(false);
}

it('npm start leads to decrypted messages, and Ctrl-C ends all of it', async () => {
	const started = await start();
	const { url, output, child } = started;
	try {
		expect(existsSync(started.folder)).toBe(true);
		expect(output).toContain(`${url}/workflow/archive-to-answer/executions`);
		const rest = new Rest(url);
		await rest.signIn();
		const [execution] = await rest.ended('archive-to-answer', 1);
		const messages = execution ? outputOf(execution, 'Pull New Messages') : [];
		expect(messages.length).toBeGreaterThanOrEqual(2000);
		expect(messages.every(({ decrypted }) => decrypted)).toBe(true);
		const credentials = await rest.get<Array<{ name: string }>>('/credentials');
		expect(credentials.map(({ name }) => name).sort()).toEqual([
			'WeCom Callback account',
			'WeCom Data account (Data API Reference)',
			'WeCom Data account (Tencent Data Zone)',
			'WeCom Data account (Tencent Message Archive)',
			'WeCom third-party app',
		]);
	} finally {
		// A terminal sends it to every process of the group.
		await expectEnd(started, () => process.kill(-(child.pid ?? 0), 'SIGINT'));
	}
});

it('a signal to the command alone ends all of it, too', async () => {
	const started = await start();
	await expectEnd(started, () => started.child.kill('SIGTERM'));
});
