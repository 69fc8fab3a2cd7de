import type { IRun } from 'n8n-workflow';

import type { ProgramStyle } from '../../simulator';
import { abilityExample } from '../../wecom/api/abilities';
import { closeServers, until } from '../unit/support/server';
import { tellZoneEvent, watchFor } from './console';
import { filledIn } from './filledIn';
import { outputOf, startExampleBench, startRobot, type ExampleBench } from './support';

jest.setTimeout(60_000);

let bench: ExampleBench;

afterEach(async () => {
	await bench?.stop();
	await closeServers();
});

/** Of each test: what was seen under one stays seen in this process. */
let seed = 0;

const STYLES: ProgramStyle[] = ['java', 'python'];

describe.each(STYLES)('zone-keyword-hits, the program in %s', (style) => {
	async function start() {
		const options = { messageCount: 50, modelSeconds: 0.2, seed: ++seed };
		bench = await startExampleBench(options, 'dataZone', style);
		const { wecom, engine } = bench;
		const robot = await startRobot();
		const runs: IRun[] = [];
		const workflow = engine.workflow(filledIn('zone-keyword-hits.json', wecom, robot.url));
		const webhook = await engine.serveWebhooks(workflow, 'Keyword Hit', (run) => runs.push(run));
		await watchFor(wecom, '投诉', ['漏水', '质量']);
		await watchFor(wecom, '退款', ['退款']);
		return {
			robot,
			runs,
			close: webhook.close,
			/** Somebody says something; resolves when the workflow is done with it. */
			says: async (chatId: string, text: string) => {
				const before = runs.length;
				const [record] = wecom.addMessages(1, { chatId, text });
				expect(await tellZoneEvent(wecom, webhook.url, 'hit_keyword')).toBe(true);
				await until(() => runs.length > before);
				return record?.msgid;
			},
		};
	}
	const customers = () => bench.wecom.world.customers.filter(({ agrees }) => agrees);

	it('names the rules and sums up the messages, each hit once', async () => {
		const { robot, runs, says, close } = await start();
		const [one, other] = customers();
		const first = await says(one?.externalUserid ?? '', '我要投诉漏水，还要退款');
		const second = await says(other?.externalUserid ?? '', '质量太差');
		const third = await says(one?.externalUserid ?? '', '还在漏水');
		await close();
		const found = runs.flatMap((run) => outputOf(run, 'Each Hit Once').map(({ msgid }) => msgid));
		expect(found).toEqual([first, second, third]);
		const tokens = runs.map((run) => outputOf(run, 'Keyword Hit')[0]?.token);
		expect(new Set(tokens).size).toBe(3);
		const summaries = runs.flatMap((run) => outputOf(run, 'Summary'));
		expect(summaries.map(({ chat_id: chat, message_count: count }) => [chat, count])).toEqual(
			[one, other, one].map((customer) => [customer?.externalUserid, 1]),
		);
		expect(robot.said()).toEqual([
			expect.stringMatching(/^\*\*Keyword hit\*\* \(rule 投诉, 退款\) in .*: 1 messages.*\n> ./s),
			expect.stringMatching(/^\*\*Keyword hit\*\* \(rule 投诉\) in .*\n> ./s),
			expect.stringMatching(/^\*\*Keyword hit\*\* \(rule 投诉\) in .*\n> ./s),
		]);
		for (const [index, summary] of summaries.entries()) {
			expect(robot.said()[index]).toContain(`\n> ${String(summary.summary)}`);
		}
	});

	it('tells of a job that failed, and of the hits of others all the same', async () => {
		const { robot, says, close } = await start();
		bench.wecom.failModelJobs('summary');
		const [one] = customers();
		await says(one?.externalUserid ?? '', '质量太差');
		expect(robot.said()).toEqual([
			expect.stringMatching(
				new RegExp(`^\\*\\*No summary\\*\\* of the keyword hits in ${one?.externalUserid}: `),
			),
		]);
		await says(one?.externalUserid ?? '', '还在漏水');
		await close();
		expect(robot.said()).toHaveLength(2);
		expect(robot.said()[1]).toContain('(rule 投诉)');
	});

	it('names rules by their ids where their names cannot be had, and says so', async () => {
		const { robot, says, close } = await start();
		const ability = abilityExample('get_rule_list', style).ability_id;
		bench.wecom.configureProgram(style, { abilities: { [ability]: null } });
		await says(customers()[0]?.externalUserid ?? '', '质量太差');
		await close();
		const [hit] = bench.wecom.keywordHits;
		expect(robot.said()).toHaveLength(2);
		expect(robot.said()).toContainEqual(
			expect.stringMatching(/^\*\*Rules by id only:\*\* .*800003/),
		);
		expect(robot.said()).toContainEqual(
			expect.stringContaining(`**Keyword hit** (rule ${hit?.ruleId}) in `),
		);
	});
});
