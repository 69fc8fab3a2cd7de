import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator';
import { installLibrary } from '../../simulator/library';
import { startArchive, type ArchiveBench } from './archiveSupport';
import { secretsOf } from './support';

let bench: ArchiveBench;
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'wecom-library-'));
	await chmod(folder, 0o755);
});

afterEach(async () => {
	await bench.stop();
	await rm(folder, { recursive: true, force: true });
});

async function start(options: SimulatorOptions = {}): Promise<void> {
	bench = await startArchive({ messageCount: 5, ...options });
}

/** Tests the credential, which never repeats a secret. */
async function test(changes: object = {}) {
	const data = { ...bench.engine.credentials.wecomDataApi, ...changes };
	const result = await bench.engine.testCredential('wecomChatArchive', 'wecomDataApiTest', data);
	for (const secret of secretsOf(bench)) expect(JSON.stringify(result)).not.toContain(secret);
	return result;
}

/** What Library → Check gives, which never repeats a secret either. */
async function check(changes: object = {}) {
	Object.assign(bench.engine.credentials.wecomDataApi ?? {}, changes);
	const parameters = { resource: 'library', operation: 'check' };
	const { json, error } = await bench.engine.runNode('wecomDataZone', parameters);
	for (const secret of secretsOf(bench).filter((one) => one !== '')) {
		expect(JSON.stringify([json, error?.message, error?.description])).not.toContain(secret);
	}
	return { facts: json[0] ?? ({} as IDataObject), error };
}

/** A file in place of the library. @returns its path */
async function inPlace(content: Buffer | string, mode = 0o644): Promise<string> {
	const path = join(folder, 'libWeWorkFinanceSdk_C.so');
	await writeFile(path, content);
	await chmod(path, mode);
	process.env.WECOM_FINANCE_SDK = path;
	return path;
}

describe('a good credential', () => {
	it('passes: token, server, keys and library, in words without a secret', async () => {
		await start();
		const { status, message } = await test();
		expect(status).toBe('OK');
		expect(message).toMatch(/^WeCom issued an access_token; keys of version 1, 2 can be read; Tencent's library, in a version that is not known here, works on linux /); // prettier-ignore
	});

	it('passes with an access token, which does not open messages', async () => {
		await start();
		const members = { resource: 'member', operation: 'getAll' };
		await bench.engine.runNode('wecomDataZone', members);
		const accessToken = bench.wecom.requests.at(-1)?.query.access_token;
		const { status, message } = await test({ authentication: 'accessToken', accessToken });
		expect(status).toBe('OK');
		expect(message).toContain('WeCom accepts the access_token');
		expect(message).toContain('Choose Corp ID and Secret as Authentication on the credential');
	});

	it('is told of a key that is missing, and of an app whose token may not read the archive', async () => {
		await start();
		const without = { privateKey: '', olderPrivateKeys: '' };
		expect((await test(without)).message).toContain('so messages cannot be decrypted');
		bench.wecom.faults.add({ kind: 'errcode', errcode: 48002, path: '/msgaudit/get_permit_user_list' }); // prettier-ignore
		const { status, message } = await test();
		expect(status).toBe('OK');
		expect(message).toContain('48002');
	});

	it('has every fact of its library told by Library → Check', async () => {
		await start();
		const { facts } = await check();
		expect(facts).toMatchObject({
			usable: true,
			platform: 'linux',
			arch: process.arch,
			libc: expect.stringContaining('glibc') as string,
			file: bench.library,
			bytes: expect.any(Number) as number,
			md5: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			version: null,
			mode: 'plain',
			self_test: expect.any(Object) as object,
			token: 'issued',
		});
		expect(Object.keys(facts.self_test as object).length).toBeGreaterThan(3);
	});
});

describe('a library that cannot be used', () => {
	const elf = (machine: number) => {
		const head = Buffer.alloc(4096);
		head.write('\x7fELF', 'latin1');
		head.set([2, 1, 1], 4);
		head.writeUInt16LE(3, 16);
		head.writeUInt16LE(machine, 18);
		return head;
	};

	it.each<[string, () => Promise<unknown>, RegExp]>([
		['is not named', async () => delete process.env.WECOM_FINANCE_SDK, /WECOM_FINANCE_SDK/],
		['is a text', async () => await inPlace('hello'), /./],
		['is of another machine', async () => await inPlace(elf(0x08)), /./],
		['everybody may write', async () => await inPlace(elf(process.arch === 'arm64' ? 0xb7 : 0x3e), 0o666), /writ/], // prettier-ignore
		['is no library inside', async () => await inPlace(elf(process.arch === 'arm64' ? 0xb7 : 0x3e)), /./], // prettier-ignore
		['is named by a relative path', async () => Object.assign(process.env, { WECOM_FINANCE_SDK: 'sdk.so' }), /absolute/], // prettier-ignore
	])(
		'because it %s is told by Check and by the test of the credential',
		async (_what, put, words) => {
			await start();
			await put();
			const { facts, error } = await check();
			expect(error).toBeUndefined();
			expect(facts).toMatchObject({ usable: false, token: 'issued' });
			expect(facts.problem).toMatch(words);
			expect(`${String(facts.problem)}${String(facts.hint ?? '')}`.length).toBeGreaterThan(40);
			const { status, message } = await test();
			expect(status).toBe('Error');
			expect(message).toContain(String(facts.problem));
			expect(message).toContain('keys of version 1, 2 can be read');
		},
	);

	it('because it lies in the data of n8n is told', async () => {
		await start();
		const data = join(process.env.N8N_USER_FOLDER ?? '', '.n8n', 'library');
		await mkdir(data, { recursive: true });
		process.env.WECOM_FINANCE_SDK = await installLibrary(bench.wecom.url, data);
		const { facts } = await check();
		expect(facts.usable).toBe(false);
		expect(`${String(facts.problem)} ${String(facts.hint)}`).toMatch(/folder/);
	});
});

describe('a credential that is wrong', () => {
	it('is told by Check in the words of WeCom, beside what it says of the library', async () => {
		await start();
		const { facts } = await check({ corpSecret: 'nonsense-0123456789' });
		expect(facts).toMatchObject({
			usable: true,
			token: expect.stringContaining('40001') as string,
		});
		expect(JSON.stringify(facts)).not.toContain('nonsense');
	});

	it('is told which field is missing, and what a sidecar needs', async () => {
		await start();
		expect((await check({ corpSecret: '' })).error?.message).toContain('"Corp Secret"');
		const { corpSecret } = bench.wecom.corp;
		const sidecar = { archiveLibrary: 'sidecar', sidecarUrl: '', sidecarToken: '', corpSecret };
		expect((await check(sidecar)).error?.message).toContain('sidecar URL');
		expect((await check({ archiveLibrary: 'elsewhere' })).error?.message).toContain('Archive Library'); // prettier-ignore
	});

	it.each(['reference', 'dataZone'])('has no library to check with %s', async (contract) => {
		await start();
		const { error } = await check({ contract });
		expect(error?.message).toContain('WeCom Data Zone → Library → Check does not exist in');
		expect(error?.description).toContain('Tencent Message Archive');
	});

	it('with a SOCKS proxy is told that HTTP cannot go through it', async () => {
		await start();
		const proxyUrl = 'socks5://user:pass-word-1@127.0.0.1:9';
		const baseUrl = 'https://qyapi.weixin.qq.com';
		const { facts } = await check({ proxyUrl, baseUrl });
		expect(facts.token).toContain("is for Tencent's library alone");
		expect(JSON.stringify(facts)).not.toContain('pass-word-1');
	});

	it.each([
		['messageArchive', 'dataZone', 'It speaks "Tencent Data Zone (数据与智能专区)"'],
		['dataZone', 'messageArchive', 'It speaks "Tencent Message Archive (会话内容存档)"'],
		['reference', 'messageArchive', 'It speaks "Tencent Message Archive (会话内容存档)"'],
	] as const)('%s on a server of %s is told what to choose', async (contract, served, words) => {
		await start({ contracts: [served] });
		const { status, message } = await test({ contract, programId: 'prog1' });
		expect(status).toBe('Error');
		expect(message).toContain(words);
		expect(message).toContain('choose that as API on the credential');
	});
});
