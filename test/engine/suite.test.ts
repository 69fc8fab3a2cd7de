import type { IDataObject, IHookFunctions, Workflow } from 'n8n-workflow';

import { startSimulator, suiteCredentialsFor, type Simulator } from '../../simulator';
import { Engine } from './harness';
import { getAll, secretsOf } from './support';

const TRIGGER = 'wecomDataTrigger';

let wecom: Simulator;
let engine: Engine;
let trigger: { workflow: Workflow; url: string; close(): Promise<void> };

beforeEach(async () => {
	wecom = await startSimulator({ messageCount: 5 });
	engine = await loadEngine();
	trigger = await publishTrigger();
});

afterEach(async () => {
	await trigger.close();
	await wecom.stop();
});

async function loadEngine(): Promise<Engine> {
	const { token, encodingAesKey, receiveId, suiteId } = wecom.callback;
	return await Engine.load({
		wecomDataApi: { ...suiteCredentialsFor(wecom) },
		wecomCallbackApi: { token, encodingAesKey, receiveIds: `${suiteId},${receiveId}` },
	});
}

/** A Data Trigger of its own, which only lets through what nobody sends. */
async function publishTrigger(given?: Workflow) {
	const parameters = { events: ['msgaudit_approve'], changeTypes: [], options: {} };
	const node = engine.nodeJson(TRIGGER, parameters, { name: 'Trigger' });
	const workflow = given ?? engine.workflow({ nodes: [node], connections: {} });
	const { url, close } = await engine.serveWebhooks(workflow, 'Trigger');
	return { workflow, url, close };
}

async function pushTicket(): Promise<string> {
	const ticket = wecom.suiteTicket;
	const { suiteId } = wecom.callback;
	const fields = { SuiteTicket: ticket };
	const sent = await wecom.sendCallback({
		url: trigger.url,
		event: 'suite_ticket',
		fields,
		receiveId: suiteId,
	});
	expect(sent).toMatchObject({ ok: true });
	return ticket;
}

const run = async (options: IDataObject = {}, items = [{ json: {} }]) =>
	await engine.runNode('wecomChatArchive', getAll({ options, returnAll: false, limit: 2 }), items);
const bodiesTo = (path: string) =>
	wecom.requests.filter((request) => request.path.endsWith(path)).map(({ body }) => body);

/** A new process: nothing in memory, workflows as n8n's database has them. */
async function restart(): Promise<void> {
	jest.resetModules();
	const fresh = jest.requireActual<{ Engine: typeof Engine }>('./harness');
	engine = await fresh.Engine.load(engine.credentials);
}

const saved = (workflow: Workflow) =>
	JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;

describe('a third-party app', () => {
	it('says what is missing before the first suite_ticket came', async () => {
		const { error } = await run();
		expect(error?.message).toContain('No suite_ticket of the suite');
		expect(error?.description).toContain('WeCom Data Trigger');
		expect(wecom.requests).toEqual([]);
	});

	it('works as soon as the Data Trigger got a suite_ticket, whatever events it lets through', async () => {
		const ticket = await pushTicket();
		const { json, error } = await run();
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
		expect(bodiesTo('get_suite_token')).toMatchObject([{ suite_ticket: ticket }]);
	});

	it('works with the next ticket after one that was dated in the future', async () => {
		const { url } = trigger;
		const { suiteId: receiveId } = wecom.callback;
		for (const TimeStamp of ['4102444800', '4000000000']) {
			const fields = { SuiteTicket: `a ticket of ${TimeStamp}`, TimeStamp };
			const sent = await wecom.sendCallback({ url, event: 'suite_ticket', fields, receiveId });
			expect(sent).toMatchObject({ ok: true });
		}
		const ticket = await pushTicket();
		const late = { SuiteTicket: 'an older one', TimeStamp: '1730000000' };
		await wecom.sendCallback({ url, event: 'suite_ticket', fields: late, receiveId });
		expect((await run()).error).toBeUndefined();
		expect(bodiesTo('get_suite_token')).toMatchObject([{ suite_ticket: ticket }]);
	});

	it('works again after n8n was started anew and published the trigger', async () => {
		await pushTicket();
		const staticData = saved(trigger.workflow);
		await restart();
		const node = engine.nodeJson(TRIGGER, { events: ['*'], options: {} }, { name: 'Trigger' });
		const workflow = engine.workflow({ nodes: [node], connections: {}, staticData });
		const context: Partial<IHookFunctions> = {
			getCredentials: async () =>
				await Promise.resolve(engine.credentials.wecomCallbackApi as never),
			getNode: () => node,
			getWorkflowStaticData: (type) => workflow.getStaticData(type, node),
		};
		const { webhookMethods } = engine.nodeType(TRIGGER);
		await webhookMethods?.default?.checkExists?.call(context as IHookFunctions);
		const { json, error } = await run();
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
	});

	it('works again after n8n was started anew and called no trigger', async () => {
		await pushTicket();
		const parameters = getAll({ returnAll: false, limit: 2 });
		const before = engine.singleNodeWorkflow('wecomChatArchive', parameters);
		await engine.runNode('wecomChatArchive', parameters, undefined, { workflow: before });
		const stored = JSON.stringify(before.staticData);
		expect(stored).toContain('suiteTickets');
		expect(stored).not.toContain(wecom.suiteTicket);
		await restart();
		const workflow = engine.singleNodeWorkflow('wecomChatArchive', parameters);
		Object.assign(workflow.staticData, saved(before));
		const { json, error } = await engine.runNode('wecomChatArchive', parameters, undefined, {
			workflow,
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
		// By now everything else in this process knows it as well.
		expect((await run()).error).toBeUndefined();
	});

	it('keeps nothing readable in what n8n stores', async () => {
		const ticket = await pushTicket();
		const stored = JSON.stringify(trigger.workflow.staticData);
		expect(stored).toContain('suiteTickets');
		expect(stored).not.toContain(ticket);
	});

	it('does not take a ticket for another suite than the receive id is of', async () => {
		const { receiveId } = wecom.callback;
		const plaintext = `<xml><SuiteId>${wecom.suite.suiteId}</SuiteId><InfoType>suite_ticket</InfoType><TimeStamp>4000000000</TimeStamp><SuiteTicket>forged ticket</SuiteTicket></xml>`;
		const { url } = trigger;
		expect(await wecom.sendCallback({ url, plaintext, receiveId })).toMatchObject({ ok: true });
		expect(JSON.stringify(trigger.workflow.staticData)).not.toContain('suiteTickets');
	});

	it('serves many customer corps with one credential, each with its own token', async () => {
		await pushTicket();
		const items = wecom.customers.map(({ corpId, permanentCode }) => ({
			json: { corpId, permanentCode },
		}));
		const { error, items: output } = await run(
			{ authCorpId: '={{ $json.corpId }}', permanentCode: '={{ $json.permanentCode }}' },
			items,
		);
		expect(error).toBeUndefined();
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			items.flatMap((_, item) => [{ item }, { item }]),
		);
		expect(bodiesTo('get_corp_token')).toEqual(
			items.map(({ json }) => ({ auth_corpid: json.corpId, permanent_code: json.permanentCode })),
		);
		const tokens = wecom.requests
			.filter(({ path }) => path.endsWith('get_chat_data'))
			.map(({ query }) => query.access_token);
		expect(new Set(tokens).size).toBe(items.length);
		expect(bodiesTo('get_suite_token')).toHaveLength(1);
	});

	it.each([
		['Auth Corp ID', { permanentCode: 'code' }],
		['Permanent Code', { authCorpId: 'wpCorp' }],
	])(
		'names the field when %s is missing beside the other, and asks nobody',
		async (field, options) => {
			const { error } = await run(options);
			expect(error?.message).toContain(`"${field}" is empty`);
			expect(wecom.requests).toEqual([]);
		},
	);

	it('of 代开发 gets the token of each corp with its permanent code', async () => {
		const { corpId: authCorpId, permanentCode } = wecom.customers[1] ?? { corpId: '' };
		engine.credentials.wecomDataApi = {
			...engine.credentials.wecomDataApi,
			authentication: 'corpSecret',
			corpId: wecom.corp.corpId,
			corpSecret: wecom.corp.corpSecret,
		};
		const { json, error } = await run({ authCorpId, permanentCode });
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
		expect(wecom.requests[0]?.query).toEqual({ corpid: authCorpId, corpsecret: permanentCode });
	});

	it('cannot choose a corp with an access token that was typed in', async () => {
		engine.credentials.wecomDataApi = {
			...engine.credentials.wecomDataApi,
			authentication: 'accessToken',
			accessToken: 'typed in',
		};
		const { error } = await run({ authCorpId: 'wpCorp', permanentCode: 'code' });
		expect(error?.message).toContain('"Auth Corp ID"');
		expect(wecom.requests).toEqual([]);
	});

	it('goes on with the other corps when some fail, and shows no code of theirs', async () => {
		await pushTicket();
		const [first, second] = wecom.customers.map(({ corpId, permanentCode }) => {
			return { corpId, permanentCode };
		});
		const wrong = { corpId: second?.corpId, permanentCode: 'code of another corp' };
		const corps = [first, wrong, { corpId: first?.corpId }, second, wrong, first];
		const { error, items } = await engine.runNode(
			'wecomChatArchive',
			getAll({
				options: { authCorpId: '={{ $json.corpId }}', permanentCode: '={{ $json.permanentCode }}' },
				returnAll: false,
				limit: 1,
			}),
			corps.map((json) => ({ json: { ...json } })),
			{ onError: 'continueRegularOutput' },
		);
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(corps.map((_, item) => ({ item })));
		const outcomes = items.map(({ json }) => json.errcode ?? json.field ?? json.seq);
		expect(outcomes).toEqual([1, 40084, 'Permanent Code', 1, 40084, 1]);
		// The wrong one was asked about once, the good ones once each.
		expect(bodiesTo('get_corp_token')).toHaveLength(3);
		const everything = JSON.stringify(items);
		for (const code of [wrong, first, second]) {
			expect(everything).not.toContain(String(code?.permanentCode));
		}
	});

	it('shows no secret of the chain, whichever link fails', async () => {
		const outcomes: unknown[] = [];
		await pushTicket();
		const links = ['get_suite_token', 'get_corp_token', 'get_provider_token'] as const;
		for (const [link, errcode] of links.flatMap((one) => [
			[one, 48002] as const,
			[one, 60020] as const,
		])) {
			wecom.expireTokens();
			// WeCom repeats what it was sent.
			const words = {
				get_suite_token: `${wecom.suiteTicket} ${wecom.suite.suiteSecret}`,
				get_corp_token: wecom.customers[0]?.permanentCode ?? '',
				get_provider_token: wecom.provider.providerSecret,
			}[link];
			wecom.faults.add({ kind: 'errcode', errcode, errmsg: words, path: `/service/${link}` });
			const order = { resource: 'order', operation: 'getAll', returnAll: true };
			const { run: all, error } =
				link === 'get_provider_token'
					? await engine.runNode('wecomDataOrder', { ...order, filters: {}, options: {} })
					: await run();
			expect(error?.message).toContain(String(errcode));
			outcomes.push(all, { ...error, message: error?.message, stack: error?.stack });
			wecom.faults.clear();
		}
		const everything = JSON.stringify(outcomes);
		const { suiteSecret } = wecom.suite;
		for (const secret of [
			...secretsOf({ wecom, engine }).filter((one) => one !== 'undefined'),
			wecom.suiteTicket,
			suiteSecret,
			wecom.provider.providerSecret,
			...wecom.customers.map(({ permanentCode }) => permanentCode),
		]) {
			expect(everything).not.toContain(secret);
		}
	});
});

describe('the test of the credential', () => {
	const test = async (more: IDataObject) =>
		await engine.testCredential('wecomChatArchive', 'wecomDataApiTest', {
			...engine.credentials.wecomDataApi,
			...(more as Record<string, string>),
		});

	it('goes through the chain and to the provider', async () => {
		expect(await test({ suiteTicket: wecom.suiteTicket })).toEqual({
			status: 'OK',
			message:
				'WeCom issued an access_token; WeCom issued a provider_access_token; keys of version 1, 2 can be read',
		});
	});

	it('does without a corp where items name it', async () => {
		const { suiteTicket } = wecom;
		expect(await test({ suiteTicket, authCorpId: '', permanentCode: '' })).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('WeCom issued a suite_access_token'),
		});
	});

	it('asks WeCom again every time', async () => {
		for (const _click of [1, 2]) {
			const { status, message } = await test({
				suiteTicket: wecom.suiteTicket,
				suiteSecret: 'wrong secret',
			});
			expect([status, message]).toEqual(['Error', expect.stringContaining('40080')]);
			expect(message).not.toContain('wrong secret');
		}
		expect(bodiesTo('get_suite_token')).toHaveLength(2);
	});
});
