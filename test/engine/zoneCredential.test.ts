import {
	credentialsFor,
	startSimulator,
	suiteCredentialsFor,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import { Engine } from './harness';

const SEARCH = 'datazone:chatdata:search';
const HITS = 'datazone:chatdata:hit_keyword';
const DAY = 86_400;

let engine: Engine;
let wecom: Simulator;

beforeAll(async () => {
	engine = await Engine.load({});
});

afterEach(async () => {
	await wecom.stop();
});

async function start(options: SimulatorOptions = { contracts: ['dataZone'] }): Promise<void> {
	wecom = await startSimulator({ messageCount: 10, ...options });
}

async function test(changes: object = {}) {
	const data = { ...credentialsFor(wecom, 'dataZone').wecomDataApi, ...changes };
	const result = await engine.testCredential('wecomChatArchive', 'wecomDataApiTest', data);
	const { corpSecret } = wecom.corp;
	const tokens = wecom.requests.map(({ query }) => query.access_token).filter((one) => one);
	for (const secret of [corpSecret, ...tokens]) {
		expect(JSON.stringify(result)).not.toContain(secret);
	}
	return result;
}

const now = () => Math.floor(Date.now() / 1000);
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

it.each(['java', 'python'] as const)('a %s program in the zone passes', async (programStyle) => {
	await start();
	const programId = wecom.programs[programStyle];
	const { status, message } = await test({ programStyle, programId });
	expect(status).toBe('OK');
	expect(message?.split('. ')[0]).toBe(
		`WeCom issued an access_token; the program ${programId} answers; keys of version 1, 2 can be read`,
	);
});

it('a third-party app passes, in the zone as well', async () => {
	await start();
	const { suiteTicket } = wecom;
	const suite = { ...suiteCredentialsFor(wecom, undefined, 'dataZone'), suiteTicket };
	const result = await engine.testCredential('wecomChatArchive', 'wecomDataApiTest', suite);
	expect(result).toMatchObject({ status: 'OK' });
	expect(result.message).toContain('WeCom issued a provider_access_token');
	expect(result.message).toContain(`the program ${wecom.programs.java} answers`);
});

it('tokens that were typed in are tried, each with a call of the zone', async () => {
	await start();
	await test();
	const accessToken = wecom.requests.at(-1)?.query.access_token;
	const { suiteAccessToken, providerAccessToken } = wecom;
	wecom.requests.length = 0;
	const tokens = { authentication: 'accessToken', accessToken, suiteAccessToken, providerAccessToken }; // prettier-ignore
	const { status, message } = await test(tokens);
	expect(status).toBe('OK');
	for (const kind of ['access_token', 'suite_access_token', 'provider_access_token']) {
		expect(message).toContain(`WeCom accepts the ${kind}`);
	}
	expect(wecom.requests.filter(({ path }) => path.includes('/msgaudit/'))).toEqual([]);
});

it.each([
	['dataZone', 'reference', 'It speaks "Data API Reference"'],
	['reference', 'dataZone', 'It speaks "Tencent Data Zone (数据与智能专区)"'],
] as const)('%s on a server of %s is told what to choose', async (contract, served, words) => {
	await start({ contracts: [served] });
	const { status, message } = await test({ contract });
	expect(status).toBe('Error');
	expect(message).toContain(words);
	expect(message).toContain('choose that as API on the credential');
});

it.each(['reference', 'dataZone'])('%s passes where the server speaks both', async (contract) => {
	await start({});
	expect(await test({ contract })).toMatchObject({ status: 'OK' });
});

it('names a program that is not linked, not deployed, or not there', async () => {
	await start();
	wecom.configureProgram('java', { linked: false });
	expect((await test()).message).toMatch(/790020.*Link it with the app/);
	wecom.configureProgram('java', { linked: true, deployed: false });
	expect((await test()).message).toMatch(/790021.*deployed/);
	const unknown = await test({ programId: 'progNone' });
	expect(unknown).toMatchObject({ status: 'Error', message: expect.stringContaining('800001') }); // prettier-ignore
});

it('finds out that the program is of the other style', async () => {
	await start();
	const { java, python } = wecom.programs;
	const inJava = await test({ programId: python, programStyle: 'java' });
	expect(inJava.status).toBe('Error');
	expect(inJava.message).toContain('choose Python under Program Style');
	const inPython = await test({ programId: java, programStyle: 'python' });
	expect(inPython.status).toBe('Error');
	expect(inPython.message).toContain('choose Java or C++ under Program Style');
});

it('names abilities that are missing, or whose examples lack a key', async () => {
	await start();
	wecom.configureProgram('java', { abilities: { invoke_search_chat: null } });
	const one = await test();
	expect(one.status).toBe('OK');
	expect(one.message).toMatch(
		/Search → Sessions does not work.*800003.*ability invoke_search_chat/,
	);
	const abilities = {
		invoke_search_chat: { input: { query_word: 'ab' } },
		invoke_get_rule_list: { output: { errcode: 0 } },
	};
	wecom.configureProgram('java', { abilities });
	const all = await test();
	expect(all.status).toBe('Error');
	expect(all.message).toMatch(/790016.*abilities invoke_search_chat and invoke_get_rule_list/);
});

it('names the rights that were taken back or have ended, and tells one that ends soon', async () => {
	await start();
	const ended = now() - 3 * DAY;
	wecom.endRight(SEARCH, ended);
	const one = await test();
	expect(one.status).toBe('OK');
	expect(one.message).toMatch(/Search → Sessions does not work.*710726/);
	expect(one.message).toContain(`${SEARCH} ended on ${dayOf(ended)}`);
	const soon = now() + 10 * DAY;
	wecom.endRight(SEARCH, soon);
	const ending = await test();
	expect(ending.status).toBe('OK');
	expect(ending.message).toContain(`${SEARCH} ends on ${dayOf(soon)}`);
	expect(ending.message).not.toContain('does not work');
	wecom.takeRight(SEARCH);
	wecom.takeRight(HITS);
	expect((await test()).message).toContain(`The app needs the right ${SEARCH}`);
});
