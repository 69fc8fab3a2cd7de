import { homedir } from 'node:os';
import { join } from 'node:path';

import { toOpenLibrary } from '../../../nodes/shared/archiveLibrary';
import { toClientSettings, toDecryption } from '../../../nodes/shared/credentials';
import { wayOf } from '../../../nodes/shared/messages/archiveFeed';
import { n8nFolders } from '../../../nodes/shared/n8nFolders';
import { InvalidInputError } from '../../../wecom/errors';

const CREDENTIAL = {
	contract: 'messageArchive',
	baseUrl: 'https://qyapi.weixin.qq.com',
	authentication: 'corpSecret',
	corpId: 'wwCorp',
	corpSecret: 'secret-of-the-archive',
};

function refusal(run: () => unknown): InvalidInputError {
	try {
		run();
	} catch (error) {
		if (error instanceof InvalidInputError) return error;
	}
	throw new Error('It should have been refused and was not');
}

describe('the library of a credential', () => {
	it.each([
		['authentication', { authentication: 'accessToken' }],
		['authentication', { authentication: 'suite' }],
		['corpId', { corpId: ' ' }],
		['corpSecret', { corpSecret: '' }],
		['archiveLibrary', { archiveLibrary: 'elsewhere' }],
		['proxyUrl', { proxyUrl: 'ftp://proxy:21' }],
		['proxyUrl', { proxyUrl: 'https://proxy:443' }],
		['sidecarUrl', { archiveLibrary: 'sidecar', sidecarToken: 't'.repeat(32) }],
		['sidecarToken', { archiveLibrary: 'sidecar', sidecarUrl: 'http://127.0.0.1:8787' }],
	])('is refused once it is wanted, naming %s', (field, changes) => {
		const open = toOpenLibrary({ ...CREDENTIAL, ...changes });
		const { message, hint = '', field: named } = refusal(() => open());
		expect(named).toBe(field);
		expect(message + hint).not.toContain(CREDENTIAL.corpSecret);
	});

	it('opens with the corp that an item names, in place of its own', () => {
		const open = toOpenLibrary(
			{ ...CREDENTIAL, corpId: '', corpSecret: '' },
			{ authCorpId: 'wpCustomer', permanentCode: 'code-of-the-customer' },
		);
		expect(open()).toBeDefined();
	});

	it('is there with its own contract alone', () => {
		expect(toClientSettings(CREDENTIAL).library).toBeDefined();
		for (const contract of ['reference', 'dataZone']) {
			expect(toClientSettings({ ...CREDENTIAL, contract })).not.toHaveProperty('library');
		}
	});

	it('leaves HTTP without a way where its proxy is a SOCKS one, and says so', () => {
		const { proxyUrl, refusal } = toClientSettings({
			...CREDENTIAL,
			proxyUrl: 'socks5://proxy:1080',
		});
		expect(proxyUrl).toBeUndefined();
		expect(refusal?.field).toBe('proxyUrl');
		const http = 'http://user:word@proxy:3128';
		expect(toClientSettings({ ...CREDENTIAL, proxyUrl: http })).toMatchObject({ proxyUrl: http });
	});

	it('makes a decryptor of its own for each corp and way, which others do not know of', () => {
		const customer = { authCorpId: 'wpCustomer', permanentCode: 'code' };
		const way = { proxy: 'http://proxy:3128' };
		const all = [[], [customer], [undefined, way]] as const;
		const of = (contract: string) =>
			new Set(
				all.map(([corp, by]) =>
					JSON.stringify(toDecryption({ ...CREDENTIAL, contract }, corp, by)),
				),
			).size;
		expect(of('messageArchive')).toBe(3);
		expect(of('reference')).toBe(1);
	});
});

describe('the way of the library that fetch fields say', () => {
	it.each([
		[
			{ proxy: 'http://proxy:3128', passwd: 'u:w' },
			{ proxy: 'http://proxy:3128', passwd: 'u:w' },
		],
		[{ passwd: 'u:w' }, { passwd: 'u:w' }],
		[{}, undefined],
	])('is that on which messages are fetched (%#)', (options, way) => {
		expect(wayOf(options)).toEqual(way);
	});
});

describe("the folders of n8n's data", () => {
	const names = ['N8N_USER_FOLDER', 'N8N_BINARY_DATA_STORAGE_PATH', 'N8N_RESTRICT_FILE_ACCESS_TO'];
	const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));

	afterEach(() => {
		for (const name of names) {
			if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
			else process.env[name] = before[name];
		}
	});

	it('are those of its user where nothing is said', () => {
		for (const name of names) Reflect.deleteProperty(process.env, name);
		expect(n8nFolders()).toEqual([join(homedir(), '.n8n'), join(homedir(), '.n8n-files')]);
	});

	it('are those that the environment names, what is no absolute path left out', () => {
		Object.assign(process.env, {
			N8N_USER_FOLDER: '/data',
			N8N_BINARY_DATA_STORAGE_PATH: '/binary',
			N8N_RESTRICT_FILE_ACCESS_TO: '/files; ~/more;relative',
		});
		expect(n8nFolders()).toEqual([
			'/data/.n8n',
			join(homedir(), '.n8n-files'),
			'/binary',
			'/files',
			join(homedir(), 'more'),
		]);
	});
});
