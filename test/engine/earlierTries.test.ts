import { setTimeout } from 'node:timers/promises';

import type { IDataObject, INode, Workflow } from 'n8n-workflow';

import { startSimulator, suiteCredentialsFor, type Simulator } from '../../simulator';
import { cut, errcode, inTurn, json, until } from '../unit/support/server';
import { Engine } from './harness';
import { byId, items, operationBench } from './operationBench';
import { getAll } from './support';

/** n8n's Retry On Fail, without its pauses. */
const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const ARCHIVE = 'wecomChatArchive';
const remember = (parameters: IDataObject = {}, options: IDataObject = {}) =>
	getAll({ ...parameters, options: { rememberPosition: true, ...options } });

describe('Retry On Fail', () => {
	const bench = operationBench('wecomDataOrder', { messageCount: 1 });
	const place = {
		customCorpid: 'wpErxtDgAA9AW32YyyuYRimKr7D1KWlw',
		buyerUserid: '={{ $json.value }}',
	};
	const ok = (order_id: string) => json({ errcode: 0, order_id });

	it('pays once when the answer got lost', async () => {
		const { server, run } = await bench.against(cut);
		const { error } = await run(
			'order.pay',
			{ orderId: byId('O1'), payerUserid: 'zhangsan' },
			items('a'),
			RETRY,
		);
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(server.requests).toHaveLength(1);
	});

	it('runs only the items that came to nothing, and puts out all', async () => {
		const { server, run } = await bench.against(
			inTurn(ok('O1'), errcode(90433, 'balance'), ok('O2'), ok('O3')),
		);
		const {
			error,
			json: output,
			items: out,
		} = await run('order.place', place, items('a', 'b', 'c'), RETRY);
		expect(error).toBeUndefined();
		expect(output.map(({ order_id }) => order_id)).toEqual(['O1', 'O2', 'O3']);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
		const buyers = server.requests.map(
			({ body }) => (JSON.parse(body) as IDataObject).buyer_userid,
		);
		expect(buyers).toEqual(['a', 'b', 'b', 'c']);
	});

	it('sends again in the next execution', async () => {
		const { server, run } = await bench.against(ok('O1'));
		for (let execution = 0; execution < 2; execution++) {
			await run('order.place', place, items('a'), RETRY);
		}
		expect(server.requests).toHaveLength(2);
	});
});

describe('Remember Position', () => {
	let wecom: Simulator;
	let engine: Engine;

	beforeEach(async () => {
		wecom = await startSimulator({ messageCount: 30 });
		engine = await Engine.load({
			wecomDataApi: { ...suiteCredentialsFor(wecom), suiteTicket: wecom.suiteTicket },
		});
	});
	afterEach(async () => await wecom.stop());

	let workflows = 0;
	/** A workflow of one node, which keeps its position between runs. */
	const workflowOf = (parameters: IDataObject, settings: Partial<INode> = {}): Workflow => {
		const workflow = engine.singleNodeWorkflow(ARCHIVE, parameters);
		workflow.id = `tries ${++workflows}`;
		const node = workflow.getNode('Node');
		if (node) Object.assign(node, settings);
		return workflow;
	};
	const run = async (workflow: Workflow, given = items('')) =>
		await engine.runNode(ARCHIVE, {}, given, { workflow });
	const seqs = (output: IDataObject[]) => output.map(({ seq }) => seq);
	const all = () => wecom.truth.map(({ seq }) => Number(seq));

	it('loses no page when n8n tries again because the first record cannot be opened', async () => {
		wecom.corrupt(1, 'not_json');
		const { json: output, hints } = await run(workflowOf(remember(), RETRY));
		expect(output[0]).toMatchObject({ seq: 1, decrypted: false });
		expect(seqs(output)).toEqual(all());
		expect(hints).toContainEqual(expect.stringContaining('could not be decrypted'));
		const pulls = wecom.requests.filter(({ path }) => path.endsWith('/get_chat_data'));
		const last = Number(wecom.truth.at(-1)?.seq);
		expect(pulls.map(({ body }) => (body as { seq: number }).seq)).toEqual([0, last]);
	});

	it('loses nothing when it is stopped before n8n tries again', async () => {
		wecom.corrupt(1, 'not_json');
		const workflow = workflowOf(remember(), { ...RETRY, waitBetweenTries: 1000 });
		const pulls = () => wecom.requests.filter(({ path }) => path.endsWith('/get_chat_data'));
		const execution = engine.run(workflow, 'Start');
		await until(() => pulls().length === 2);
		await setTimeout(300);
		execution.cancel();
		await execution;
		await setTimeout(1000);
		expect(seqs((await run(workflow)).json)).toEqual(all());
	});

	describe('for many corps', () => {
		const perItem = remember(
			{},
			{
				authCorpId: '={{ $json.value[0] }}',
				permanentCode: '={{ $json.value[1] }}',
			},
		);
		const corp = (code?: string) => {
			const { corpId, permanentCode } = wecom.customers[0] ?? { corpId: '', permanentCode: '' };
			return [corpId, code ?? permanentCode];
		};
		const goodAndBad = () =>
			items(corp(), ['wpNobodyHasThisCorp', 'no permanent code of this suite']);

		it('gives what it had for one when another one failed to the next execution', async () => {
			const workflow = workflowOf(perItem);
			expect((await run(workflow, goodAndBad())).error).toBeDefined();
			const { json: output, hints } = await run(workflow, items(corp()));
			expect(seqs(output)).toEqual(all());
			expect(hints).toContainEqual(expect.stringContaining('did not hand them on'));
			expect((await run(workflow, items(corp()))).json).toEqual([]);
		});

		it('gives it to the next execution as well when n8n tried in vain', async () => {
			const workflow = workflowOf(perItem, RETRY);
			expect((await run(workflow, goodAndBad())).error).toBeDefined();
			expect(seqs((await run(workflow, items(corp()))).json)).toEqual(all());
		});

		it('hands on at once what it had when the user chose to continue', async () => {
			const workflow = workflowOf(perItem, { onError: 'continueRegularOutput' });
			const { json: output } = await run(workflow, goodAndBad());
			expect(seqs(output)).toEqual([...all(), undefined]);
			expect((await run(workflow, items(corp()))).json).toEqual([]);
		});
	});

	it('starts anew with the archive of another corp', async () => {
		const workflow = workflowOf(remember());
		expect((await run(workflow)).json).toHaveLength(30);
		expect((await run(workflow)).json).toHaveLength(0);
		const other = wecom.customers[1]?.corpId;
		engine.credentials.wecomDataApi = {
			...suiteCredentialsFor(wecom, other),
			suiteTicket: wecom.suiteTicket,
		};
		expect((await run(workflow)).json).not.toHaveLength(0);
	});
});
