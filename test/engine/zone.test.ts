import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { parsePrivateKey } from '../../wecom/archive/privateKey';
import { errcode, inTurn, json, startServer } from '../unit/support/server';
import { Engine } from './harness';
import { items, operationBench } from './operationBench';
import { getAll, secretsOf } from './support';

const ZONE = 'wecomDataZone';
const bench = operationBench(ZONE, { messageCount: 20 });
const { run: zone, sent, continues } = bench;

/** Runs with other credentials. */
async function withCredential<T>(changes: IDataObject, run: () => Promise<T>): Promise<T> {
	const { wecomDataApi } = bench.engine.credentials;
	bench.engine.credentials.wecomDataApi = {
		...wecomDataApi,
		...changes,
	} as Engine['credentials'][string];
	try {
		return await run();
	} finally {
		bench.engine.credentials.wecomDataApi = wecomDataApi as Engine['credentials'][string];
	}
}

const rsa = (modulusLength: number) =>
	generateKeyPairSync('rsa', {
		modulusLength,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});

describe('key.generate', () => {
	it('makes an RSA-2048 pair with fingerprint and next version, without a call', async () => {
		const { json: output, error, hints } = await zone('key.generate');
		expect(error).toBeUndefined();
		expect(Object.keys(output[0] ?? {})).toEqual([
			'public_key',
			'public_key_ver',
			'fingerprint',
			'private_key',
		]);
		const { public_key, private_key, public_key_ver, fingerprint } = output[0] as IDataObject;
		expect(createPublicKey(createPrivateKey(String(private_key))).export({ type: 'spki', format: 'pem' })).toBe(public_key); // prettier-ignore
		expect(createPublicKey(String(public_key)).asymmetricKeyDetails?.modulusLength).toBe(2048);
		expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
		// The credential holds versions 1 and 2.
		expect(public_key_ver).toBe(3);
		expect(hints.join()).toContain('before you set the public one');
		expect(bench.wecom.requests).toEqual([]);
	});

	it.each([
		['of Current Version', { currentVersion: 6 }, {}, 7],
		['of Current Version 0', { currentVersion: 0 }, {}, 1],
		['of a credential without keys', {}, { privateKey: '', olderPrivateKeys: '' }, 1],
	])('counts on from that %s', async (_case, options, credential, version) => {
		await withCredential(credential, async () => {
			const { json: output } = await zone('key.generate', { options });
			expect(output[0]).toMatchObject({ public_key_ver: version });
		});
	});

	it('encrypts the private key with a passphrase, as the credential takes it', async () => {
		const passphrase = 'correct horse battery';
		const { json: output } = await zone('key.generate', {
			options: { privateKeyPassphrase: passphrase },
		});
		const key = String(output[0]?.private_key);
		expect(key).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
		expect(parsePrivateKey(key, passphrase).type).toBe('private');
		expect(JSON.stringify(output)).not.toContain(passphrase);
	});

	it('makes a pair of its own for every item, and goes on after a bad one', async () => {
		const output = await continues(
			'key.generate',
			{ options: { currentVersion: '={{ $json.value }}' } },
			items(1, 'two', 3),
			{ item: 1, field: 'Current Version' },
		);
		expect(new Set(output.map(({ public_key: key }) => key)).size).toBe(3);
		expect(output.map(({ public_key_ver: version }) => version)).toEqual([2, undefined, 4]);
	});

	it.each([
		['currentVersion', 'negative', -1, 'Current Version'],
		['currentVersion', 'a fraction', 1.5, 'Current Version'],
		['privateKeyPassphrase', 'too long', 'x'.repeat(1001), 'Private Key Passphrase'],
		['privateKeyPassphrase', 'no text', '={{ {} }}', 'Private Key Passphrase'],
	])('names the option %s when it is %s', async (name, _case, value, field) => {
		const { error } = await zone('key.generate', { options: { [name]: value } });
		expect(error?.message).toContain(`"${field}"`);
	});

	it('gives its warning once, however many items there are', async () => {
		expect((await zone('key.generate', {}, items(1, 2))).hints).toHaveLength(1);
	});

	it('tells n8n that the private key is sensitive', () => {
		expect(bench.engine.nodeType(ZONE).description.sensitiveOutputFields).toContain('private_key');
	});
});

describe('key.setPublic', () => {
	const { publicKey } = rsa(2048);

	it('sends key and version; messages from then on can be read with the new private key', async () => {
		const generated = await zone('key.generate');
		const pair = generated.json[0] as Record<string, string>;
		const older = { 1: bench.wecom.keys[1]?.privateKey, 2: bench.wecom.keys[2]?.privateKey };
		const {
			json: output,
			hints,
			error,
		} = await withCredential(
			{
				privateKey: pair.private_key,
				publicKeyVersion: 3,
				olderPrivateKeys: JSON.stringify(older),
			},
			async () =>
				await zone(
					'key.setPublic',
					{ publicKey: '={{ $json.public_key }}', publicKeyVer: '={{ $json.public_key_ver }}' },
					generated.items,
				),
		);
		expect(error).toBeUndefined();
		expect(sent()).toHaveLength(1);
		expect(sent()[0]).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/msgaudit/set_public_key',
			query: { access_token: expect.any(String) as string },
			body: { public_key: pair.public_key, public_key_ver: 3 },
		});
		expect(output).toEqual([{ success: true, public_key_ver: 3, fingerprint: pair.fingerprint }]);
		expect(hints).toEqual([]);

		const last = bench.wecom.truth.at(-1)?.seq;
		bench.wecom.addMessages(3);
		const pulled = await withCredential(
			{
				privateKey: pair.private_key,
				publicKeyVersion: 3,
				olderPrivateKeys: JSON.stringify(older),
			},
			async () =>
				await bench.engine.runNode(
					'wecomChatArchive',
					getAll({ startAfterSeq: String(last), simplify: false }),
				),
		);
		expect(pulled.json.map(({ decrypted }) => decrypted)).toEqual([true, true, true]);
	});

	it('takes a key with written-out line breaks', async () => {
		const { error } = await zone('key.setPublic', {
			publicKey: publicKey.replaceAll('\n', '\\n'),
			publicKeyVer: 10,
		});
		expect(error).toBeUndefined();
		expect(sent()[0]?.body).toEqual({ public_key: publicKey, public_key_ver: 10 });
	});

	it('warns when the credential could not read what is archived from now on', async () => {
		const missing = await zone('key.setPublic', { publicKey, publicKeyVer: 11 });
		expect(missing.hints.join()).toContain('no readable private key of version 11');
		const other = await withCredential(
			{ publicKeyVersion: 12 },
			async () => await zone('key.setPublic', { publicKey, publicKeyVer: 12 }),
		);
		expect(other.hints.join()).toContain('belongs to another public key');
		const unreadable = await withCredential(
			{ privateKey: 'no key' },
			async () => await zone('key.setPublic', { publicKey, publicKeyVer: 13 }),
		);
		expect(unreadable.json[0]).toMatchObject({ success: true });
		expect(unreadable.hints.join()).toContain('no readable private key of version 13');
	});

	it.each([
		['nothing', '={{ "" }}', 'is empty'],
		['a private key', rsa(2048).privateKey, 'private key, which must stay with you'],
		['RSA of 1024 bits', rsa(1024).publicKey, '1024 bits'],
		[
			'an elliptic curve',
			generateKeyPairSync('ec', { namedCurve: 'P-256' })
				.publicKey.export({ type: 'spki', format: 'pem' })
				.toString(),
			'type ec',
		],
		['PKCS#1', '-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n', 'form'],
		['a page', `${publicKey}${'x'.repeat(5000)}`, 'bytes long'],
	])('refuses %s as the key and sends nothing', async (_case, key, words) => {
		const { error } = await zone('key.setPublic', { publicKey: key, publicKeyVer: 20 });
		expect(error?.message).toContain('"public_key"');
		expect(error?.message).toContain(words);
		expect(error?.message).not.toContain('MII');
		expect(bench.wecom.requests).toEqual([]);
	});

	it.each([0, -1, 1.5, 'new', 2 ** 31])('refuses %s as the version', async (publicKeyVer) => {
		const { error } = await zone('key.setPublic', { publicKey, publicKeyVer });
		expect(error?.message).toContain('"public_key_ver"');
		expect(bench.wecom.requests).toEqual([]);
	});

	it('says what to do when WeCom has that version already, and goes on', async () => {
		const { items: output } = await zone(
			'key.setPublic',
			{ publicKey, publicKeyVer: '={{ $json.value }}' },
			items(30, 30, 31),
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ json }) => json.public_key_ver)).toEqual([30, undefined, 31]);
		expect(output[1]?.json).toMatchObject({ errcode: 40212, hint: expect.any(String) as string });
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});
});

describe('member.getAll', () => {
	it('sends cursor and limit, and names the editions', async () => {
		const { json: output, error } = await zone('member.getAll', { returnAll: true });
		expect(error).toBeUndefined();
		expect(sent().map(({ method, path, body }) => ({ method, path, body }))).toEqual([
			{
				method: 'POST',
				path: '/cgi-bin/msgaudit/get_permit_user_list',
				body: { cursor: '', limit: 1000 },
			},
		]);
		expect(sent()[0]?.query).toEqual({ access_token: expect.any(String) as string });
		expect(output.map(({ userid }) => userid)).toEqual(
			bench.wecom.world.members.map(({ userid }) => userid),
		);
		expect(output.find(({ edition_list: list }) => (list as number[]).length === 2)).toMatchObject({
			edition_list: [2, 3],
			edition_name_list: [
				'internal and external conversations',
				'internal and external conversations with voice calls',
			],
		});
	});

	it('asks for one type of members, and follows the pages up to the limit', async () => {
		const { json: output } = await zone('member.getAll', { limit: 3, filters: { type: 2 } });
		expect(sent()[0]?.body).toEqual({ cursor: '', limit: 3, type: 2 });
		expect(output).toHaveLength(3);
		expect(output.every(({ edition_list: list }) => (list as number[]).includes(2))).toBe(true);
	});

	it('follows the cursor to the end, through a short page too', async () => {
		const page = (next: string, ...users: string[]) =>
			json({
				errcode: 0,
				auth_user_list: users.map((userid) => ({ userid, edition_list: [1] })),
				next_cursor: next,
				has_more: next !== '',
			});
		const server = await startServer(inTurn(page('c1', 'a', 'b'), page('c2'), page('', 'c')));
		const engine = await Engine.load({
			wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
		});
		const all = { resource: 'member', operation: 'getAll', returnAll: true };
		const { json: output } = await engine.runNode(ZONE, all);
		expect(output.map(({ userid }) => userid)).toEqual(['a', 'b', 'c']);
		expect(server.requests.map(({ body }) => JSON.parse(body) as object)).toEqual([
			{ cursor: '', limit: 1000 },
			{ cursor: 'c1', limit: 1000 },
			{ cursor: 'c2', limit: 1000 },
		]);
	});

	it('understands the plain ids of the self-built archive', async () => {
		const server = await startServer(json({ errcode: 0, errmsg: 'ok', ids: ['zhangsan'] }));
		const engine = await Engine.load({
			wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
		});
		const { json: output } = await engine.runNode(ZONE, {
			resource: 'member',
			operation: 'getAll',
		});
		expect(output).toEqual([{ userid: 'zhangsan' }]);
	});

	it('says why nobody may be there', async () => {
		const server = await startServer(json({ errcode: 0, auth_user_list: [], next_cursor: '' }));
		const engine = await Engine.load({
			wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
		});
		const all = { resource: 'member', operation: 'getAll' };
		expect((await engine.runNode(ZONE, all)).hints.join()).toContain('No member is archived');
		const filtered = await engine.runNode(ZONE, { ...all, filters: { type: 3 } });
		expect(filtered.hints.join()).toContain('Remove the filter');
	});

	it.each([
		['an unknown type', { filters: { type: '={{ 4 }}' } }, 'type'],
		['a type in words', { filters: { type: '={{ "voice" }}' } }, 'type'],
		['a limit of 0', { limit: 0 }, 'Limit'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error } = await zone('member.getAll', parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		const { items: output } = await zone(
			'member.getAll',
			{ filters: { type: '={{ $json.value }}' }, limit: 1 },
			items(1, 9, 2),
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output[1]?.json).toMatchObject({ field: 'type' });
	});
});

describe('callback.set', () => {
	const URL_ = 'https://n8n.example.com/webhook/5f2c/webhook';
	const TOKEN = 'hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo';
	const KEY = '6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt';
	const fields = { url: URL_, source: 'fields', token: TOKEN, encodingAesKey: KEY };

	it('sends the secrets of the callback credential, and shows none of them', async () => {
		const result = await zone('callback.set', { url: URL_ });
		expect(result.error).toBeUndefined();
		const { token, encodingAesKey } = bench.wecom.callback;
		expect(sent()).toHaveLength(1);
		expect(sent()[0]).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/msgaudit/set_callback',
			query: { access_token: expect.any(String) as string },
			body: { url: URL_, token, encoding_aes_key: encodingAesKey },
		});
		expect(result.json).toEqual([{ success: true, url: URL_ }]);
		const output = JSON.stringify([result.items, result.hints]);
		for (const secret of secretsOf(bench)) expect(output).not.toContain(secret);
	});

	it('sends what the fields hold, without a callback credential', async () => {
		const { error, json: output } = await zone('callback.set', fields, undefined, {
			credentials: { wecomDataApi: { id: 'wecomDataApi', name: 'wecomDataApi' } },
		});
		expect(error).toBeUndefined();
		expect(sent()[0]?.body).toEqual({ url: URL_, token: TOKEN, encoding_aes_key: KEY });
		expect(output).toEqual([{ success: true, url: URL_ }]);
	});

	it('does not let WeCom quote the secrets', async () => {
		const server = await startServer(errcode(40058, `bad token ${TOKEN} or key ${KEY}`));
		const engine = await Engine.load({
			wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
		});
		const result = await engine.runNode(ZONE, {
			resource: 'callback',
			operation: 'set',
			...fields,
		});
		const { message, description } = result.error ?? {};
		expect(message).toContain('40058');
		expect(`${message} ${description}`).not.toContain(TOKEN);
		expect(`${message} ${description}`).not.toContain(KEY);
	});

	it.each([
		['url', 'without a value', '={{ "" }}', 'url', 'is empty'],
		['url', 'without a scheme', 'n8n.example.com/webhook', 'url', 'no web address'],
		['url', 'of FTP', 'ftp://n8n.example.com', 'url', 'no web address'],
		['url', 'too long', `https://n8n.example.com/${'x'.repeat(2048)}`, 'url', 'bytes long'],
		['token', 'without a value', '={{ "" }}', 'token', 'is empty'],
		['token', 'with a hyphen', 'with-hyphen', 'token', 'letters and digits'],
		['token', 'too long', 'x'.repeat(33), 'token', '33 characters'],
		['encodingAesKey', 'without a value', '={{ "" }}', 'encoding_aes_key', 'is empty'],
		['encodingAesKey', 'too short', KEY.slice(1), 'encoding_aes_key', '42 characters'],
		['encodingAesKey', 'in base64', `${KEY.slice(1)}=`, 'encoding_aes_key', 'letters and digits'],
	])('refuses %s %s and sends nothing', async (name, _case, value, field, words) => {
		const { error } = await zone('callback.set', { ...fields, [name]: value });
		expect(error?.message).toContain(`"${field}"`);
		expect(error?.message).toContain(words);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		await continues('callback.set', { url: '={{ $json.value }}' }, items(URL_, 'nowhere', URL_), {
			item: 1,
			field: 'url',
		});
		expect(sent()).toHaveLength(2);
	});
});

describe('log.setLevel', () => {
	it.each([
		[1, 'ERR'],
		[2, 'INFO'],
		[3, 'DBG'],
	])('sends level %s of the program in the credential', async (logLevel, name) => {
		const { json: output, error } = await zone('log.setLevel', { logLevel });
		expect(error).toBeUndefined();
		const program_id = bench.wecom.programs.java;
		expect(sent()[0]).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/msgaudit/set_log_level',
			query: { access_token: expect.any(String) as string },
			body: { program_id, log_level: logLevel },
		});
		expect(output).toEqual([
			{ success: true, program_id, log_level: logLevel, log_level_name: name },
		]);
	});

	it('goes to the program the node names', async () => {
		const programId = bench.wecom.programs.python;
		await zone('log.setLevel', { programId, logLevel: '={{ "3" }}' });
		expect(sent()[0]?.body).toEqual({ program_id: programId, log_level: 3 });
	});

	it.each([
		['an unknown level', { logLevel: '={{ 4 }}' }, 'log_level'],
		['a level in words', { logLevel: '={{ "DEBUG" }}' }, 'log_level'],
		['a program id that is too long', { programId: 'x'.repeat(257) }, 'program_id'],
		['a program id that is no text', { programId: '={{ {} }}' }, 'program_id'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error } = await zone('log.setLevel', parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('asks for a program when neither node nor credential names one', async () => {
		const { error } = await withCredential(
			{ programId: '' },
			async () => await zone('log.setLevel'),
		);
		expect(error?.message).toContain('"program_id" is empty');
		expect(bench.wecom.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		await continues('log.setLevel', { logLevel: '={{ $json.value }}' }, items(1, 7, 3), {
			item: 1,
			field: 'log_level',
		});
	});
});
