import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { EndsProcess } from '../../../simulator/library';
import { configureLibraries } from '../../../wecom/library';
import { librarySettings } from '../../../wecom/library/settings';
import { failureOf, gate, json, until } from '../support/server';
import {
	folderOf,
	gives,
	hostPids,
	installStub,
	KEY,
	open,
	PASSWD,
	proc,
	sealed,
	SECRET,
	startArchive,
	withLibraries,
} from './support';

withLibraries();

const parents: ChildProcess[] = [];
afterEach(() => {
	for (const parent of parents.splice(0)) parent.kill('SIGKILL');
});

/** Starts a process that uses the library, by a shell where limits are to be changed before. */
async function startParent(what: 'hangs' | 'idles' | 'closes', limit = ''): Promise<ChildProcess> {
	const program = [process.execPath, '--import', 'tsx', join(__dirname, 'orphan.ts')];
	const command = `${limit} exec "$0" "$@"`;
	const parent = spawn('/bin/sh', ['-c', command, ...program, librarySettings().hostFile, what], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: { ...process.env, SECRET_OF_THE_PARENT: 'kept-from-the-child' },
	});
	parents.push(parent);
	const output = parent.stdout;
	if (output) await once(output, 'data');
	return parent;
}

describe('the process of the library', () => {
	it('has nothing secret in its arguments and environment, and nothing of its parent', async () => {
		process.env.N8N_ENCRYPTION_KEY = 'key-of-the-parent';
		process.env.HTTPS_PROXY = 'http://proxy-of-the-parent:8080';
		await startArchive(gives('{}'));
		const library = open({ proxy: 'http://127.0.0.1:9', passwd: PASSWD });
		await library.decrypt([sealed(0)]);
		const [pid = 0] = hostPids();
		const shown = ['cmdline', 'environ', 'comm'].map((name) => proc(pid, name)).join('\0');
		for (const secret of [SECRET, KEY, 'proxy-password', 'proxy-user', 'of-the-parent']) {
			expect(shown).not.toContain(secret);
		}
		const names = proc(pid, 'environ')
			.split('\0')
			.filter(Boolean)
			.map((one) => one.split('=')[0]);
		expect(['TZ', 'LANG', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']).toEqual(
			expect.arrayContaining(names),
		);
		delete process.env.N8N_ENCRYPTION_KEY;
		delete process.env.HTTPS_PROXY;
	});

	it('may leave no core file', async () => {
		await installStub();
		await open().decrypt([sealed(0)]);
		const [pid = 0] = hostPids();
		expect(proc(pid, 'limits')).toMatch(/^Max core file size +0 +0 /m);
	});

	it('goes with its parent, even while the library hangs, and none before it left a core file', async () => {
		const file = await installStub();
		const parent = await startParent('hangs', 'ulimit -c unlimited;');
		const [pid = 0] = hostPids();
		expect(folderOf(pid)).toBe(dirname(file));
		parent.kill('SIGKILL');
		await until(() => hostPids().length === 0);
		expect(readdirSync(dirname(file)).filter((name) => name.startsWith('core'))).toEqual([]);
	});

	it('keeps its parent from nothing', async () => {
		await installStub();
		const parent = await startParent('idles');
		const [code] = (await once(parent, 'exit')) as [number];
		expect(code).toBe(0);
		await until(() => hostPids().length === 0);
	});

	it('ends with everything else when its parent says so', async () => {
		await installStub();
		const parent = await startParent('closes');
		expect((await once(parent, 'exit'))[0]).toBe(0);
		expect(hostPids()).toEqual([]);
	});

	it.each<EndsProcess>(['segv', 'abort'])('leaves no core file when it ends by %s', async (how) => {
		const file = await installStub();
		await open().decrypt([sealed(0, how)]);
		expect(readdirSync(dirname(file)).filter((name) => name.startsWith('core'))).toEqual([]);
	});

	it('is the same for all who read an archive the same way', async () => {
		await startArchive(gives('{}'));
		await Promise.all([open(), open(), open()].map(async (one) => await one.chatData(0n, 1)));
		expect(hostPids()).toHaveLength(1);
	});

	it.each([
		['corp', { corpId: 'ww2' }],
		['secret', { secret: 'another-secret' }],
		['proxy', { proxy: 'http://127.0.0.1:9' }],
		['password of the proxy', { passwd: 'another:password' }],
	])('is another for another %s', async (_what, access) => {
		await installStub();
		await open().decrypt([sealed(0)]);
		await open(access).decrypt([sealed(0)]);
		expect(hostPids()).toHaveLength(2);
	});

	it('ends when it is idle, and starts again when it is needed', async () => {
		configureLibraries({ idleMs: 20 });
		await installStub();
		const library = open();
		await library.decrypt([sealed(0)]);
		await until(() => hostPids().length === 0);
		expect(await library.decrypt([sealed(1)])).toEqual(['{"index":1}']);
	});

	it('makes room for another when there are as many as may be: the oldest idle one goes', async () => {
		configureLibraries({ maxProcesses: 2 });
		await installStub();
		const [one, two, three] = ['ww1', 'ww2', 'ww3'].map((corpId) => open({ corpId }));
		await one?.decrypt([sealed(0)]);
		const [first = 0] = hostPids();
		await two?.decrypt([sealed(0)]);
		await three?.decrypt([sealed(0)]);
		expect(hostPids()).toHaveLength(2);
		expect(hostPids()).not.toContain(first);
		await one?.decrypt([sealed(0)]);
		expect(hostPids()).toHaveLength(2);
	});

	it('is waited for while all are at work, and those at work give way in turn', async () => {
		configureLibraries({ maxProcesses: 1, turnMs: 0 });
		const answered = gate();
		const server = await startArchive(async (request, response) => {
			await answered.opened;
			await json({ asked: request.body })(request, response);
		});
		const busy = open({ corpId: 'ww1' });
		const calls = [1n, 2n, 3n].map(async (seq) => await failureOf(busy.chatData(seq, 1)));
		await until(() => server.requests.length === 1);
		const other = open({ corpId: 'ww2' }).decrypt([sealed(7)]);
		answered.open();
		expect(await other).toEqual(['{"index":7}']);
		expect(hostPids().length).toBeLessThanOrEqual(1);
		await Promise.all(calls);
		expect(server.requests).toHaveLength(3);
	});
});
