import type { IDataObject } from 'n8n-workflow';

import { MESSAGE_TYPES } from '../../simulator';
import { getAll, secretsOf, startBench, type Bench } from './support';

const ARCHIVE = 'wecomChatArchive';

describe('message.getAll', () => {
	let bench: Bench;

	beforeEach(async () => {
		bench = await startBench({ messageCount: 260, corruptEvery: 40, missingKeyEvery: 90 });
	});

	afterEach(async () => {
		await bench.stop();
	});

	const run = async (parameters: object = {}, ...rest: [IDataObject[]?]) =>
		await bench.engine.runNode(
			ARCHIVE,
			getAll(parameters),
			rest[0]?.map((json) => ({ json })),
		);
	const archiveRequests = () =>
		bench.wecom.requests.filter(({ path }) => path.endsWith('/get_chat_data'));

	it('puts out every seq exactly once, the good ones right and the bad ones named', async () => {
		const { json, items, hints, error } = await run({ options: { pageSize: 37 } });
		expect(error).toBeUndefined();
		expect(json.map(({ seq }) => seq)).toEqual(bench.wecom.truth.map(({ seq }) => Number(seq)));
		for (const [index, truth] of bench.wecom.truth.entries()) {
			const item = json[index] ?? {};
			expect(item.msgid).toBe(truth.msgid);
			expect(item.decrypted).toBe(truth.state === 'ok');
			if (truth.state === 'ok') expect(item.from ?? '').toBe(truth.plaintext?.from ?? item.from);
			else {
				expect(item).toMatchObject({
					publickey_ver: truth.publickeyVer,
					reason: expect.any(String) as string,
					error: expect.any(String) as string,
				});
			}
			if (truth.state === 'missing_key') expect(item.reason).toBe('missing_key_version');
		}
		expect(items.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
		const bad = bench.wecom.truth.filter(({ state }) => state !== 'ok').length;
		expect(hints.join()).toContain(`${bad} records could not be decrypted`);
	});

	it('simplifies a message to one flat object in the timezone of the workflow', async () => {
		const { json } = await run();
		const truth = bench.wecom.truth.find(
			({ state, plaintext }) => state === 'ok' && plaintext?.msgtype === 'text',
		);
		const plaintext = truth?.plaintext as Record<string, unknown>;
		expect(json.find(({ seq }) => seq === Number(truth?.seq))).toEqual({
			seq: Number(truth?.seq),
			msgid: truth?.msgid,
			action: 'send',
			from: plaintext.from,
			to: plaintext.tolist,
			room: plaintext.roomid,
			chat_id: expect.stringMatching(/^w[rm]/) as string,
			time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/) as string,
			type: 'text',
			text: (plaintext.text as { content: string }).content,
			body: plaintext.text,
			decrypted: true,
		});
		const types = new Set(json.map(({ type }) => type));
		expect(MESSAGE_TYPES.filter((type) => !types.has(type))).toEqual([]);
	});

	it('hands on the message as WeCom wrote it when Simplify is off', async () => {
		const { json } = await run({ simplify: false, returnAll: false, limit: 1 });
		const [truth] = bench.wecom.truth;
		expect(json[0]).toEqual({
			seq: Number(truth?.seq),
			msgid: truth?.msgid,
			publickey_ver: truth?.publickeyVer,
			decrypted: true,
			message: truth?.plaintext,
		});
	});

	it('stops at the limit, asks for no more than it needs, and says where to go on', async () => {
		const first = await run({ returnAll: false, limit: 20 });
		expect(first.json).toHaveLength(20);
		expect(archiveRequests().map(({ body }) => body)).toEqual([{ seq: 0, limit: 20 }]);
		const seq = /Set Start After Seq to (\d+)/.exec(first.hints.join())?.[1];
		const second = await run({ returnAll: false, limit: 20, startAfterSeq: seq });
		expect(second.json[0]?.seq).toBe(Number(bench.wecom.truth[20]?.seq));
	});

	it('leaves the records encrypted when Decrypt is off', async () => {
		const { json } = await run({ decrypt: false, returnAll: false, limit: 3 });
		expect(Object.keys(json[0] ?? {}).sort()).toEqual([
			'encrypt_chat_msg',
			'encrypt_random_key',
			'msgid',
			'publickey_ver',
			'seq',
		]);
	});

	it('filters by type, sender and time, and lets what it cannot read pass', async () => {
		const ok = bench.wecom.truth.filter(({ state }) => state === 'ok');
		const bad = bench.wecom.truth.length - ok.length;
		const sender = String(ok[30]?.plaintext?.from);
		const times = ok.map(({ plaintext }) => Number(plaintext?.msgtime ?? plaintext?.time));
		const middle = times[100] ?? 0;
		const count = async (options: object) => (await run({ options })).json.length - bad;
		expect(await count({ messageTypes: ['image', 'file'] })).toBe(
			ok.filter(({ plaintext }) => ['image', 'file'].includes(String(plaintext?.msgtype))).length,
		);
		expect(await count({ senders: ` ${sender}, nobody` })).toBe(
			ok.filter(({ plaintext }) => (plaintext?.from ?? plaintext?.user) === sender).length,
		);
		expect(await count({ sentAfter: new Date(middle).toISOString() })).toBe(
			times.filter((time) => time >= middle).length,
		);
		expect(await count({ sentBefore: new Date(middle).toISOString() })).toBe(
			times.filter((time) => time < middle).length,
		);
	});

	it('fills a limit with messages that pass the filter', async () => {
		const options = { messageTypes: ['text'], pageSize: 10 };
		const { json } = await run({ returnAll: false, limit: 15, options });
		expect(json).toHaveLength(15);
		expect(json.filter(({ decrypted, type }) => decrypted && type !== 'text')).toEqual([]);
	});

	it("sends the reference document's proxy, passwd and timeout when they are filled in", async () => {
		const options = { proxy: 'socks5://10.0.0.1:8081', passwd: 'user:pass', timeout: 5 };
		await run({ returnAll: false, limit: 1, options });
		expect(archiveRequests()[0]?.body).toEqual({ seq: 0, limit: 1, ...options });
	});

	it('halves the page when WeCom finds the answer too large, and loses nothing', async () => {
		bench.wecom.faults.add({ kind: 'tooLarge', maxRecords: 40, times: Infinity });
		const { json } = await run();
		expect(json).toHaveLength(260);
		const limits = archiveRequests().map(({ body }) => (body as { limit: number }).limit);
		expect(limits.slice(0, 6)).toEqual([1000, 500, 250, 125, 62, 31]);
	});

	it('never shows that a token expired in the middle of a sync', async () => {
		bench.wecom.faults.add({ path: '/msgaudit/get_chat_data', kind: 'expired', skip: 2 });
		const { json, error } = await run({ options: { pageSize: 50 } });
		expect(error).toBeUndefined();
		expect(json).toHaveLength(260);
	});

	it('comes through busy answers, cut connections, half bodies, gateway pages and empty bodies', async () => {
		for (const kind of ['busy', 'cut', 'half', 'http502', 'nonjson', 'empty'] as const) {
			bench.wecom.faults.add({ path: '/msgaudit/get_chat_data', kind, skip: 1 });
			const { json, error } = await run({ options: { pageSize: 130 } });
			expect([kind, error]).toEqual([kind, undefined]);
			expect(new Set(json.map(({ seq }) => seq)).size).toBe(260);
			bench.wecom.faults.clear();
		}
	});

	it('starts nothing for a bad field and names it', async () => {
		const cases: Array<[object, string]> = [
			[{ startAfterSeq: '-1' }, 'Start After Seq'],
			[{ startAfterSeq: '1.5' }, 'Start After Seq'],
			[{ startAfterSeq: 'abc' }, 'Start After Seq'],
			[{ startAfterSeq: '' }, 'Start After Seq'],
			[{ startAfterSeq: '18446744073709551616' }, 'Start After Seq'],
			[{ options: { sentAfter: 'yesterday' } }, 'Sent After'],
			[{ options: { pageSize: 1001 } }, 'Page Size'],
			[{ returnAll: false, limit: 0 }, 'Limit'],
			[{ options: { timeout: 0 } }, 'timeout'],
		];
		for (const [parameters, field] of cases) {
			const { error } = await run(parameters);
			expect(error?.message).toContain(`"${field}"`);
		}
		expect(archiveRequests()).toEqual([]);
	});

	it('goes on with the other items when the user chose to continue', async () => {
		const { items } = await bench.engine.runNode(
			ARCHIVE,
			getAll({ startAfterSeq: '={{ $json.seq }}', returnAll: false, limit: 1 }),
			[{ json: { seq: '0' } }, { json: { seq: 'bad' } }, { json: { seq: '5' } }],
			{ onError: 'continueRegularOutput' },
		);
		expect(items.map(({ json, pairedItem }) => [json.seq ?? 'error', pairedItem])).toEqual([
			[1, { item: 0 }],
			['error', { item: 1 }],
			[expect.any(Number), { item: 2 }],
		]);
		expect(items[1]?.json).toMatchObject({
			field: 'Start After Seq',
			hint: expect.any(String) as string,
		});
	});

	it('stops soon after the execution is cancelled, and hands out nothing', async () => {
		bench.wecom.faults.add({ kind: 'slow', delayMs: 20_000, path: '/msgaudit/get_chat_data' });
		const workflow = bench.engine.singleNodeWorkflow(ARCHIVE, getAll());
		const execution = bench.engine.run(workflow, 'Start');
		const started = Date.now();
		setTimeout(() => execution.cancel(), 300);
		const { status, data } = await execution;
		expect(status).not.toBe('success');
		expect(Date.now() - started).toBeLessThan(5000);
		expect(data.resultData.runData.Node?.[0]?.data?.main?.[0] ?? []).toEqual([]);
	});

	it('says why an empty result may be empty', async () => {
		const last = bench.wecom.truth.at(-1)?.seq;
		const { json, hints } = await run({ startAfterSeq: String(last) });
		expect(json).toEqual([]);
		expect(hints.join()).toContain('archive scope');
	});

	it('keeps a seq beyond 2^53 exact', async () => {
		await bench.stop();
		bench = await startBench({ messageCount: 5, firstSeq: 2n ** 64n - 20n });
		const { json, hints } = await run({
			returnAll: false,
			limit: 3,
			startAfterSeq: '9007199254740993',
		});
		expect(json.map(({ seq }) => seq)).toEqual(
			bench.wecom.truth.slice(0, 3).map(({ seq }) => seq.toString()),
		);
		const seq = /Set Start After Seq to (\d+)/.exec(hints.join())?.[1];
		expect((await run({ startAfterSeq: seq })).json).toHaveLength(2);
	});

	it('goes on where it stopped when it remembers its position', async () => {
		const parameters = getAll({ options: { rememberPosition: true } });
		const workflow = bench.engine.singleNodeWorkflow(ARCHIVE, parameters);
		const pull = async (mode: 'trigger' | 'manual' = 'trigger') =>
			(await bench.engine.runNode(ARCHIVE, parameters, [{ json: {} }], { workflow, mode })).json
				.length;
		expect(await pull('manual')).toBe(260);
		expect(await pull()).toBe(260);
		expect(await pull()).toBe(0);
		bench.wecom.addMessages(7);
		expect(await Promise.all([pull(), pull(), pull()])).toEqual([7, 0, 0]);
		bench.wecom.addMessages(3);
		bench.wecom.faults.add({ path: '/msgaudit/get_chat_data', kind: 'ip' });
		expect(await pull()).toBe(0);
		expect(await pull()).toBe(3);
	});
});

describe('a credential that cannot work', () => {
	let bench: Bench;

	beforeEach(async () => {
		bench = await startBench({ messageCount: 3 });
	});

	afterEach(async () => {
		await bench.stop();
	});

	it('with a wrong secret stops at once, asks once, and says what WeCom said', async () => {
		bench.engine.credentials.wecomDataApi = {
			...bench.engine.credentials.wecomDataApi,
			corpSecret: 'wrong-secret-0123456789',
		};
		const { error } = await bench.engine.runNode('wecomChatArchive', getAll());
		expect(error?.message).toContain('40001');
		expect(error).toMatchObject({ description: expect.stringContaining('secret') as string });
		expect(bench.wecom.requests).toHaveLength(1);
		expect(JSON.stringify(error)).not.toContain('wrong-secret-0123456789');
	});

	it('names the address WeCom wants in its whitelist', async () => {
		bench.wecom.faults.add({ kind: 'ip', path: '/msgaudit/get_chat_data' });
		const { error } = await bench.engine.runNode('wecomChatArchive', getAll());
		expect(error?.message).toContain('60020');
		expect(error?.message).toContain('127.0.0.1');
		expect(error).toMatchObject({ description: expect.stringContaining('IP白名单') as string });
	});

	it('shows no secret in any error, output or hint', async () => {
		const outcomes: unknown[] = [];
		const kinds = ['busy', 'cut', 'half', 'http502', 'nonjson', 'empty', 'ip'] as const;
		for (const kind of kinds) {
			bench.wecom.faults.add({ kind, times: 4, path: '/msgaudit/get_chat_data' });
			const { run, error } = await bench.engine.runNode('wecomChatArchive', getAll());
			outcomes.push(run, error, error?.stack, error?.cause);
			bench.wecom.faults.clear();
		}
		bench.engine.credentials.wecomDataApi = {
			...bench.engine.credentials.wecomDataApi,
			privateKey: 'no key at all',
		};
		const { run, error } = await bench.engine.runNode('wecomChatArchive', getAll());
		outcomes.push(run, error);
		const everything = outcomes
			.map((outcome) =>
				JSON.stringify(outcome, (_key, value: unknown) =>
					value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
				),
			)
			.join();
		expect(everything.length).toBeGreaterThan(1000);
		for (const secret of secretsOf(bench)) expect(everything).not.toContain(secret);
	}, 60_000);
});
