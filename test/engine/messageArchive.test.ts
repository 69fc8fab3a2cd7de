import type { IDataObject } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator';
import { startArchive, type ArchiveBench } from './archiveSupport';
import { Installation, outputOf } from './installation';
import { decryptRecords, getAll, secretsOf } from './support';

let bench: ArchiveBench;

async function start(options: SimulatorOptions = {}): Promise<void> {
	bench = await startArchive(options);
}

afterEach(async () => await bench.stop());

const truth = () => bench.wecom.truth;
const seqs = (items: readonly IDataObject[] | null) => (items ?? []).map(({ seq }) => Number(seq));
const truthSeqs = (from = 0, to?: number) =>
	truth()
		.slice(from, to)
		.map(({ seq }) => Number(seq));
/** What the library was asked with GetChatData. */
const asked = () =>
	bench.wecom.requests
		.filter(({ path }) => path.endsWith('/finance_sdk/GetChatData'))
		.map(({ body }) => body as IDataObject);
const without = (items: IDataObject[], ...keys: string[]) =>
	items.map((item) =>
		Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key))),
	);

describe("messages of a corp's own archive", () => {
	it('come through the library, every seq once, opened with the keys of their versions', async () => {
		await start({ messageCount: 700, corruptEvery: 40, missingKeyEvery: 33 });
		const { json, error, hints } = await bench.run(getAll({ options: { pageSize: 100 } }));
		expect(error).toBeUndefined();
		expect(seqs(json)).toEqual(truthSeqs());
		for (const [index, item] of json.entries()) {
			const { state, plaintext } = truth()[index] ?? {};
			expect(item.decrypted).toBe(state === 'ok');
			if (state === 'ok') {
				expect(item.type).toBe(plaintext?.msgtype ?? plaintext?.action);
				expect(item).not.toHaveProperty('encrypt_chat_msg');
			} else {
				expect(item).toMatchObject({
					reason: expect.any(String) as string,
					encrypt_chat_msg: expect.anything() as unknown,
				});
			}
		}
		expect(hints.join('\n')).toMatch(/no private key of version 3/);
	});

	it('have the same items as behind a gateway of the reference', async () => {
		await start({ contracts: ['reference', 'messageArchive'], messageCount: 200 });
		const { json } = await bench.run(getAll());
		const { json: raw } = await bench.run(getAll({ simplify: false }));
		const { wecomDataApi } = bench.engine.credentials;
		Object.assign(wecomDataApi ?? {}, { contract: 'reference', messageCipher: 'aes-256-cbc' });
		expect((await bench.run(getAll())).json).toEqual(json);
		expect((await bench.run(getAll({ simplify: false }))).json).toEqual(raw);
	});

	it('are asked of the library page by page, over the way of the credential and for its corp', async () => {
		await start();
		await bench.run(getAll({ options: { pageSize: 50 } }));
		const { corpId: corpid, corpSecret: secret } = bench.wecom.corp;
		expect(asked()[0]).toEqual({ corpid, secret, seq: 0, limit: 50 });
		expect(asked().length).toBeGreaterThan(2);
		expect(bench.wecom.requests.filter(({ path }) => path.endsWith('/gettoken'))).toEqual([]);
	});

	it.each(['segv', 'abort', 'exit'] as const)(
		'over which the library ends its process (%s) come out as such, and all others right',
		async (libraryEnds) => {
			await start({ messageCount: 60 });
			bench.wecom.addMessages(1, { libraryEnds });
			bench.wecom.addMessages(30);
			const { json, error, hints } = await bench.run(getAll());
			expect(error).toBeUndefined();
			expect(seqs(json)).toEqual(truthSeqs());
			const failed = json.filter(({ decrypted }) => decrypted === false);
			expect(failed).toEqual([
				expect.objectContaining({
					seq: truthSeqs(60, 61)[0],
					reason: 'library_crashed',
					encrypt_chat_msg: expect.any(String) as string,
				}),
			]);
			expect(hints.join('\n')).toContain('1 × library crashed');
		},
		60_000,
	);

	it('are decrypted later as they are at once, those that fail included', async () => {
		await start({ messageCount: 90, missingKeyEvery: 9, corruptEvery: 20 });
		const { json: expected } = await bench.run(getAll());
		const { json: sealed } = await bench.run(getAll({ decrypt: false }));
		const { json, error } = await bench.run(decryptRecords, sealed);
		expect(error).toBeUndefined();
		expect(json).toEqual(expected);
		const raw = await bench.run({ ...decryptRecords, simplify: false }, sealed);
		expect(without(raw.json, 'message')).toEqual(
			without((await bench.run(getAll({ simplify: false }))).json, 'message'),
		);
	});

	it('are decrypted one by one where one input item is wrong, and the others come all the same', async () => {
		await start({ messageCount: 6 });
		const { json: sealed } = await bench.run(getAll({ decrypt: false }));
		const items = [sealed[0] ?? {}, { something: 'else' }, sealed[1] ?? {}];
		const { json, items: output } = await bench.run(decryptRecords, items, {
			onError: 'continueRegularOutput',
		});
		expect(json.map(({ decrypted }) => decrypted)).toEqual([true, undefined, true]);
		expect(json[1]).toMatchObject({ field: 'Encrypted Random Key Field' });
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	});

	it('with control characters that JSON does not allow are read', async () => {
		await start({ messageCount: 2 });
		const [added] = bench.wecom.addMessages(1, { text: 'eins\nzwei\tdrei', rawControls: true });
		const { json } = await bench.run(getAll({ startAfterSeq: String(Number(added?.seq) - 1) }));
		expect(json.map(({ text }) => text)).toEqual(['eins\nzwei\tdrei']);
	});

	it('are filtered and limited as everywhere', async () => {
		await start({ messageCount: 300 });
		const { json, hints } = await bench.run(
			getAll({ returnAll: false, limit: 10, options: { messageTypes: ['text'] } }),
		);
		expect(json).toHaveLength(10);
		expect(new Set(json.map(({ type }) => type))).toEqual(new Set(['text']));
		const next = /Set Start After Seq to (\d+) to go on/.exec(hints.join('\n'))?.[1];
		expect(next).toBe(String(json.at(-1)?.seq));
	});
});

describe('the polling trigger', () => {
	it('hands on every record once, then only new ones, also over a record that ends the library', async () => {
		await start({ corruptEvery: 20, missingKeyEvery: 33 });
		const workflow = bench.trigger();
		expect(seqs(await bench.poll(workflow))).toEqual(truthSeqs());
		expect(await bench.poll(workflow)).toBeNull();
		const added = [
			...bench.wecom.addMessages(3),
			...bench.wecom.addMessages(1, { libraryEnds: 'abort' }),
			...bench.wecom.addMessages(2),
		].map(({ seq }) => Number(seq));
		const messages = await bench.poll(workflow);
		expect(seqs(messages)).toEqual(added);
		expect(messages?.map(({ reason }) => reason ?? null)).toEqual([null, null, null, 'library_crashed', null, null]); // prettier-ignore
		expect(await bench.poll(workflow)).toBeNull();
	}, 60_000);

	it('from now skips what was sent before', async () => {
		await start({ messageCount: 1201, missingKeyEvery: 50 });
		const workflow = bench.trigger({ startFrom: 'now' });
		expect(await bench.poll(workflow)).toBeNull();
		const added = bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
		expect(seqs(await bench.poll(workflow))).toEqual(added);
	});

	it('from now, on a host whose clock is 2 minutes ahead, hands on what was sent after it was published', async () => {
		await start({ messageCount: 40, now: () => Date.now() - 120_000 });
		const workflow = bench.trigger({ startFrom: 'now' });
		const added = bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
		expect(seqs(await bench.poll(workflow))).toEqual(added);
	});

	it('keeps its place where a page fails, and goes on from there', async () => {
		await start({ messageCount: 2500 });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10009, path: '/finance_sdk/GetChatData', skip: 1 }); // prettier-ignore
		const workflow = bench.trigger();
		const first = seqs(await bench.poll(workflow));
		expect(first).toEqual(truthSeqs(0, 1000));
		const rest: number[] = [];
		for (let more = await bench.poll(workflow); more; more = await bench.poll(workflow)) {
			rest.push(...seqs(more));
		}
		expect([...first, ...rest]).toEqual(truthSeqs());
	});
});

it('a node that remembers its position gives every message once, over executions', async () => {
	await start({ messageCount: 90 });
	const parameters = getAll({ returnAll: false, limit: 40, options: { rememberPosition: true } });
	const node = bench.engine.nodeJson('wecomChatArchive', parameters, { name: 'Messages' });
	const installation = new Installation(bench, [node]);
	const given: unknown[] = [];
	for (let run = 0; run < 4; run++) {
		given.push(...outputOf(await installation.start(), 'Messages'));
	}
	expect(given).toEqual(truthSeqs());
});

describe('what goes wrong', () => {
	it('a return code of the library is told with what to do', async () => {
		await start();
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10009, path: '/finance_sdk/GetChatData' }); // prettier-ignore
		const { error } = await bench.run(getAll());
		expect(error?.message).toContain('10009');
		expect(error?.description).toContain('可信IP');
	});

	it('a return code that passes is tried again', async () => {
		await start();
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10001, path: '/finance_sdk/GetChatData' }); // prettier-ignore
		const { error, json } = await bench.run(getAll());
		expect(error).toBeUndefined();
		expect(seqs(json)).toEqual(truthSeqs());
	}, 30_000);

	it('a wrong secret is told in the words of WeCom, and is not repeated', async () => {
		await start();
		Object.assign(bench.engine.credentials.wecomDataApi ?? {}, {
			corpSecret: 'nonsense-0123456789',
		});
		const { error } = await bench.run(getAll());
		expect(error?.message).toContain('40001');
		expect(`${error?.message} ${error?.description}`).not.toContain('nonsense');
	});

	it('an access token alone opens no archive, and does for what is asked over HTTP', async () => {
		await start();
		await bench.engine.runNode('wecomDataZone', { resource: 'member', operation: 'getAll' });
		const accessToken = bench.wecom.requests.at(-1)?.query.access_token ?? '';
		const token = { authentication: 'accessToken', accessToken };
		Object.assign(bench.engine.credentials.wecomDataApi ?? {}, token);
		const { error } = await bench.run(getAll());
		expect(error?.message).toContain('with the corp id and the secret of 会话内容存档');
		expect(error?.description).toContain('Choose Corp ID and Secret');
		const members = { resource: 'member', operation: 'getAll', returnAll: true };
		const { json } = await bench.engine.runNode('wecomDataZone', members);
		expect(json.length).toBeGreaterThan(3);
	});

	it('without the library says what is missing, and leaves what is asked over HTTP alone', async () => {
		await start();
		delete process.env.WECOM_FINANCE_SDK;
		// A library that runs goes on for what it has loaded: another corp has none yet.
		Object.assign(bench.engine.credentials.wecomDataApi ?? {}, { corpSecret: 'another-secret-1' });
		const { error } = await bench.run(getAll());
		expect(error?.message).toContain('WECOM_FINANCE_SDK');
	});

	it('no secret, token or key is in what a node says or gives', async () => {
		await start({ corruptEvery: 5 });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10000, path: '/finance_sdk/GetChatData', skip: 1 }); // prettier-ignore
		const good = await bench.run(getAll());
		const bad = await bench.run(getAll());
		const said = JSON.stringify([good.run, bad.run]);
		for (const secret of secretsOf(bench)) expect(said).not.toContain(secret);
	});
});
