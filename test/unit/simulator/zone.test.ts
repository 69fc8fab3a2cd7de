import { generateKeyPairSync } from 'node:crypto';
import { startSimulator, type Simulator } from '../../../simulator';
import { call, getToken, openWithForge, page, refusal, walk } from './support';

const SET_KEY = '/msgaudit/set_public_key';
const PERMITTED = '/msgaudit/get_permit_user_list';
const LOG = '/msgaudit/set_log_level';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 3 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const pairOf = (bits: number) =>
	generateKeyPairSync('rsa', {
		modulusLength: bits,
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	});

describe('set_public_key', () => {
	const pair = pairOf(2048);
	const set = async (body: object) =>
		await refusal(simulator, SET_KEY, token, { public_key: pair.publicKey, public_key_ver: 3, ...body }); // prettier-ignore

	test.each<[number, string, object]>([
		[40063, 'public_key', { public_key: undefined }],
		[40058, 'public_key', { public_key: 5 }],
		[40211, 'public_key', { public_key: 'secret' }],
		[40211, 'public_key', { public_key: pair.privateKey }],
		[40211, 'public_key', { public_key: pair.publicKey.replaceAll('\n', '\\n') }],
		[40211, 'public_key', { public_key: pairOf(1024).publicKey }],
		[40063, 'public_key_ver', { public_key_ver: undefined }],
		[40058, 'public_key_ver', { public_key_ver: '3' }],
		[40058, 'public_key_ver', { public_key_ver: 0 }],
		[40212, 'public_key_ver', { public_key_ver: 2 }],
		[40212, 'public_key_ver', { public_key_ver: 1 }],
		[40058, 'key', { key: 'x' }],
	])('refuses with %d a bad %s', async (errcode, field, body) => {
		expect(await set(body)).toEqual([errcode, expect.stringContaining(field)]);
	});

	test('refuses keys that are not RSA', async () => {
		const { publicKey } = generateKeyPairSync('ec', {
			namedCurve: 'P-256',
			privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
			publicKeyEncoding: { type: 'spki', format: 'pem' },
		});
		expect((await set({ public_key: publicKey }))[0]).toBe(40211);
	});

	test('seals new messages with the new key, under its version, and leaves the old ones', async () => {
		const [before] = simulator.addMessages(1);
		expect((await set({}))[0]).toBe(0);
		const [after] = simulator.addMessages(1);
		const [old, fresh] = await page(simulator, token, Number(before?.seq) - 1, 10);
		expect([old?.publickey_ver, fresh?.publickey_ver]).toEqual([2, 3]);
		if (old === undefined || fresh === undefined) throw new Error('records are missing');
		expect(openWithForge(old, simulator.keys[2]?.privateKey as string)).toEqual(before?.plaintext);
		expect(openWithForge(fresh, pair.privateKey)).toEqual(after?.plaintext);
		expect(() => openWithForge(fresh, simulator.keys[2]?.privateKey as string)).toThrow();
		expect(after).toMatchObject({ publickeyVer: 3, state: 'ok' });
	});

	test('leaves the lost key a version above', async () => {
		const [lost] = simulator.addMessages(1, { state: 'missing_key' });
		expect(lost).toMatchObject({ publickeyVer: 4, state: 'missing_key' });
		expect((await set({ public_key_ver: 3 }))[0]).toBe(40212);
		expect((await set({ public_key_ver: 9 }))[0]).toBe(0);
		expect(simulator.addMessages(1)[0]).toMatchObject({ publickeyVer: 9, state: 'ok' });
		expect(simulator.addMessages(1, { publickeyVer: 1 })[0]).toMatchObject({ publickeyVer: 1 });
	});
});

describe('get_permit_user_list', () => {
	interface Permitted {
		userid: string;
		edition_list: number[];
	}

	test('lists every member with editions, each once over all pages', async () => {
		const pages = await walk(simulator, PERMITTED, token, { limit: 3 });
		const users = pages.flatMap(({ auth_user_list }) => auth_user_list as Permitted[]);
		expect(users.map(({ userid }) => userid)).toEqual(
			simulator.world.members.map(({ userid }) => userid),
		);
		expect(new Set(users.flatMap(({ edition_list }) => edition_list))).toEqual(new Set([1, 2, 3]));
		expect(pages.map(({ has_more }) => has_more)).toEqual([true, true, false]);
	});

	test.each([1, 2, 3])('lists those of edition %d', async (type) => {
		const body = { cursor: '', limit: 1000, type };
		const { auth_user_list } = await call(simulator, PERMITTED, token, body);
		const users = auth_user_list as Permitted[];
		expect(users.length).toBeGreaterThan(0);
		expect(users.every(({ edition_list }) => edition_list.includes(type))).toBe(true);
	});

	test.each<[number, string, object]>([
		[40058, 'type', { type: 4 }],
		[40058, 'limit', { limit: 1001 }],
		[40063, 'cursor', { cursor: undefined }],
		[50100, 'cursor', { cursor: '3' }],
		[40058, 'users', { users: [] }],
	])('refuses with %d a bad %s', async (errcode, field, body) => {
		expect(await refusal(simulator, PERMITTED, token, { cursor: '', limit: 10, ...body })).toEqual([
			errcode,
			expect.stringContaining(field),
		]);
	});
});

describe('set_log_level', () => {
	const set = async (body: object) =>
		await refusal(simulator, LOG, token, {
			program_id: simulator.programs.python,
			log_level: 2,
			...body,
		});

	test('takes the levels of both programs', async () => {
		for (const log_level of [1, 2, 3]) expect((await set({ log_level }))[0]).toBe(0);
		expect((await set({ program_id: simulator.programs.java }))[0]).toBe(0);
	});

	test.each<[number, string, object]>([
		[40063, 'program_id', { program_id: undefined }],
		[800001, 'program_id', { program_id: 'prog' }],
		[40063, 'log_level', { log_level: undefined }],
		[40058, 'log_level', { log_level: 4 }],
		[40058, 'log_level', { log_level: 'INFO' }],
		[40058, 'level', { level: 1 }],
	])('refuses with %d a bad %s', async (errcode, field, body) => {
		expect(await set(body)).toEqual([errcode, expect.stringContaining(field)]);
	});
});
