import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentialsFor, installLibrary, startSimulator, type Simulator } from '../../simulator';
import { getAll } from '../engine/support';
import { startConnectProxy, type ConnectProxy } from './connectProxy';
import { librariesOf, visibleOf } from './libraryProcesses';
import { messageKeys, wireRecords } from './libraryTruth';
import { endPrograms, Program } from './program';
import type { Calls, Outcome } from './programs/nodes';
import { Leaks } from './secrets';
import { seeded } from './sizes';

const ROOT = join(__dirname, '..', '..');
const SIDECAR = join(ROOT, 'dist', 'wecom', 'library', 'sidecar.js');

const random = seeded('secrets of the library');
const [proxyPassword, wrongSecret, sidecarToken] = [24, 43, 40].map((length) => random.text(length)) as [string, string, string]; // prettier-ignore

let folder: string;
let library: string;
let wecom: Simulator;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'wecom-data-secrets-'));
	wecom = await startSimulator({
		contracts: ['messageArchive'],
		messageCount: 150,
		corruptEvery: 40,
		missingKeyEvery: 33,
	});
	for (const libraryEnds of ['segv', 'abort'] as const) wecom.addMessages(1, { libraryEnds });
	library = await installLibrary(wecom.url, join(folder, 'library'));
}, 120_000);

afterAll(async () => {
	await endPrograms();
	await wecom.stop();
	rmSync(folder, { recursive: true });
});

/** Calls of nodes that go well, and others that fail in all kinds of ways. */
async function callAll(program: Program, credential: Record<string, unknown>): Promise<Outcome[]> {
	const archive = (parameters: object): Calls => ({
		node: 'wecomChatArchive',
		parameters: { ...parameters },
	});
	const check = { node: 'wecomDataZone', parameters: { resource: 'library', operation: 'check' } };
	const media = {
		resource: 'message',
		operation: 'getMedia',
		mediaFrom: 'fileId',
		sdkfileId: 'no-file-of-anybody',
		fileName: '',
		md5: '',
		binaryPropertyName: 'data',
		options: {},
	};
	const outcomes: Outcome[] = [];
	const call = async (calls: Calls) => {
		outcomes.push(...(await program.ask<Outcome[]>('call', calls)));
	};
	await program.ask('load', { wecomDataApi: credential });
	await call(archive(getAll()));
	await call(archive(media));
	await call(check);
	const path = '/finance_sdk/GetChatData';
	wecom.faults.add({ path, kind: 'returnCode', returnCode: 10001, times: 4 });
	await call(archive(getAll()));
	wecom.faults.add({ path, kind: 'endsProcess', how: 'segv', times: 12 });
	await call(archive(getAll()));
	wecom.faults.clear();
	await program.ask('load', { wecomDataApi: { ...credential, corpSecret: wrongSecret } });
	await call(archive(getAll()));
	await call(check);
	return outcomes;
}

describe.each(['thisMachine', 'sidecar'] as const)("Tencent's library (%s)", (archiveLibrary) => {
	let leaks: Leaks;
	let outcomes: Outcome[];
	let proxy: ConnectProxy;
	/** How often a process that has the secrets was looked at. */
	let looks = 0;
	let limits = '';

	beforeAll(async () => {
		leaks = new Leaks();
		const program = Program.start('nodes', { WECOM_FINANCE_SDK: library });
		const sidecar = archiveLibrary === 'sidecar' ? await startSidecar() : undefined;
		const holder = sidecar?.process.pid ?? program.pid;
		allowCoreFiles(holder);
		const lookAround = () => {
			for (const pid of librariesOf(holder)) {
				const visible = visibleOf(pid);
				looks++;
				limits = /^Max core file size.*$/m.exec(visible)?.[0] ?? limits;
				leaks.addOutput("the library's process", visible);
			}
		};
		proxy = await startConnectProxy(`n8n:${proxyPassword}`, lookAround);
		try {
			const { wecomDataApi } = credentialsFor(wecom, 'messageArchive');
			const credential = {
				...wecomDataApi,
				archiveLibrary,
				proxyUrl: proxy.url,
				...(sidecar ? { sidecarUrl: sidecar.url, sidecarToken } : {}),
			};
			outcomes = await callAll(program, credential);
			lookAround();
			leaks.addCredentials({ wecomDataApi: { ...credential, proxyUrl: '' } });
			if (sidecar) leaks.addOutput("the sidecar's process", visibleOf(holder));
			leaks.addOutput("n8n's arguments", execFileSync('ps', ['-o', 'args=', '-p', String(program.pid)], { encoding: 'latin1' })); // prettier-ignore
		} finally {
			await program.end('SIGKILL');
			sidecar?.process.kill('SIGKILL');
			proxy.close();
		}
		for (const secret of [proxyPassword, wrongSecret, sidecarToken]) leaks.addSecret(secret);
		leaks.addSecret(Buffer.from(`n8n:${proxyPassword}`).toString('base64'));
		for (const key of messageKeys(wecom, await wireRecords(wecom))) leaks.addSecret(key);
		leaks.addTraffic(wecom);
		leaks.addItems('items', JSON.stringify(outcomes));
		leaks.addOutput('log', program.output + (sidecar?.printed() ?? ''));
	}, 300_000);

	it('is looked at while it works, behind a proxy with a password, through success and failure', () => {
		expect(looks).toBeGreaterThan(5);
		expect(proxy.tunnels).toBeGreaterThan(5);
		const [all, ...others] = outcomes;
		expect(all?.json).toHaveLength(wecom.truth.length);
		expect(all?.json.filter(({ reason }) => reason === 'library_crashed')).toHaveLength(2);
		expect(others.map(({ error }) => error?.message ?? 'none')).toEqual([
			expect.stringContaining('10005') as string,
			'none',
			expect.stringContaining('10001') as string,
			expect.stringContaining('does not get through GetChatData') as string,
			expect.stringContaining('40001') as string,
			'none',
		]);
		expect(leaks.size.secrets).toBeGreaterThan(150);
	});

	it('shows no secret in arguments, environment, files, logs, items and errors', () => {
		expect(leaks.found()).toEqual([]);
	});

	it('leaves no core file, though its parent may', () => {
		expect(limits).toMatch(/^Max core file size +0 +0 /);
		const files = [...readdirSync(join(folder, 'library')), ...readdirSync(ROOT)];
		expect(files.filter((name) => /^core(\.|$)/.test(name))).toEqual([]);
	});
});

describe("the memory of the library's process", () => {
	it('cannot be read by another process of the same user, as that of others can', () => {
		const program = [process.execPath, '--import', 'tsx', join(__dirname, 'programs', 'peer.ts')];
		// Root may read all memory: it goes without that right.
		const command = process.getuid?.() === 0
			? ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', ...program]
			: program; // prettier-ignore
		const [file = '', ...args] = command;
		const output = execFileSync(file, args, {
			cwd: ROOT,
			env: { ...process.env, WECOM_FINANCE_SDK: library },
			encoding: 'utf8',
		});
		expect(JSON.parse(output)).toEqual({
			ordinary: 'readable',
			library: 'EACCES',
		});
	}, 60_000);
});

/** A sidecar as a container runs it, its token in a file. */
async function startSidecar(): Promise<{
	url: string;
	process: ChildProcess;
	printed: () => string;
}> {
	const tokenFile = join(folder, 'token');
	writeFileSync(tokenFile, `${sidecarToken}\n`, { mode: 0o400 });
	const child = spawn(process.execPath, [SIDECAR], {
		env: {
			WECOM_SIDECAR_TOKEN_FILE: tokenFile,
			WECOM_SIDECAR_PORT: '0',
			WECOM_FINANCE_SDK: library,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let printed = '';
	const port = await new Promise<string>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				printed += text;
				const [, found] = /port (\d+)/.exec(printed) ?? [];
				if (found) resolve(found);
			});
		}
		child.once('exit', () => reject(new Error(`The sidecar ended:\n${printed}`)));
	});
	return { url: `http://127.0.0.1:${port}`, process: child, printed: () => printed };
}

/** Lifts the limit that would hide a core file. */
function allowCoreFiles(pid: number): void {
	execFileSync('prlimit', ['--pid', String(pid), '--core=unlimited']);
}
