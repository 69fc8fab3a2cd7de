import type { IDataObject, IRun } from 'n8n-workflow';

import type { ProgramStyle, SimulatorOptions } from '../../simulator';
import { abilityExample } from '../../wecom/api/abilities';
import { closeServers, until } from '../unit/support/server';
import { tellZoneEvent } from './console';
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
const ANGRY = '太差了，货又晚到了，我要投诉，要求退款！';
const GLAD = '非常满意，谢谢你们！';

/** The workflow behind its webhook, with an archive of one message that it has had already. */
async function start(style: ProgramStyle, options: SimulatorOptions = {}, waitSeconds = 60) {
	const given = { messageCount: 1, modelSeconds: 0.2, seed: ++seed, ...options };
	bench = await startExampleBench(given, 'dataZone', style);
	const { wecom, engine } = bench;
	const robot = await startRobot();
	const example = filledIn('zone-sentiment-alert.json', wecom, robot.url);
	const sentiment = example.nodes.find(({ name }) => name === 'Sentiment');
	Object.assign(sentiment?.parameters.options as IDataObject, { waitSeconds });
	const runs: IRun[] = [];
	const webhook = await engine.serveWebhooks(
		engine.workflow(example),
		'New Messages',
		(run) => void runs.push(run),
	);
	/** The zone tells of new messages. @returns what the workflow did */
	const tell = async () => {
		const before = runs.length;
		expect(await tellZoneEvent(wecom, webhook.url, 'conversation_new_message')).toBe(true);
		await until(() => runs.length > before);
		return runs[before] as IRun;
	};
	await tell();
	robot.requests.length = 0;
	const [one, other, third] = wecom.world.customers
		.filter(({ agrees }) => agrees)
		.map(({ externalUserid }) => externalUserid);
	const says = (chatId = '', text = ANGRY, count = 1) =>
		wecom.addMessages(count, { chatId, text, by: 'customer' });
	return { robot, tell, says, close: webhook.close, people: [one, other, third] as const };
}

describe.each(STYLES)('zone-sentiment-alert, the program in %s', (style) => {
	it('tells the team who is unhappy, when, and after how many messages; once', async () => {
		const { robot, tell, says, close, people } = await start(style, { shortPages: true });
		const [one, other, third] = people;
		const [, , last] = says(one, ANGRY, 3);
		says(other, GLAD, 2);
		const [only] = says(third);
		bench.wecom.addMessages(2, { chatId: one ?? '', msgtype: 'image' });
		const run = await tell();
		expect(outputOf(run, 'New Messages')).toEqual([
			expect.objectContaining({ event: 'msgaudit_notify', token: expect.any(String) as string }),
		]);
		const results = outputOf(run, 'Sentiment').map((result) => [
			result.chat_id,
			result.sentiment,
			result.message_count,
		]);
		expect(results).toEqual([
			[one, 'negative', 3],
			[other, 'positive', 2],
			[third, 'negative', 1],
		]);
		const alert = (count: number, record = last) => {
			const { from, msgtime } = record?.plaintext as unknown as { from: string; msgtime: number };
			const at = new Date(Math.floor(msgtime / 1000) * 1000 + 8 * 3_600_000).toISOString();
			const when = `the last from ${from} at ${at.replace('Z', '+08:00')}`;
			return `**Unhappy customer** in ${from}: ${count} messages, ${when}`;
		};
		expect(robot.said()).toEqual([alert(3), alert(1, only)]);
		expect(bench.wecom.modelJobs).toHaveLength(3);
		for (const node of ['Who and When', 'Alert', 'Tell the Team']) {
			expect(JSON.stringify(outputOf(run, node))).not.toContain('secret_key');
		}

		// The zone tells again, and nobody has said anything: no model is asked, nobody is told.
		await tell();
		await close();
		expect(bench.wecom.modelJobs).toHaveLength(3);
		expect(robot.said()).toHaveLength(2);
	});

	it('pulls without the token where the event cannot be fetched, and says so', async () => {
		const { robot, tell, says, close, people } = await start(style);
		const ability = abilityExample('do_async_job', style).ability_id;
		bench.wecom.configureProgram(style, { abilities: { [ability]: null } });
		says(people[0]);
		await tell();
		await close();
		expect(robot.said()).toHaveLength(2);
		expect(robot.said()).toContainEqual(
			expect.stringMatching(/^\*\*Event not fetched:\*\* .*800003/),
		);
		expect(robot.said()).toContainEqual(expect.stringContaining('**Unhappy customer**'));
	});
});

it('zone-sentiment-alert names a job that failed, and goes on with the others', async () => {
	const { robot, tell, says, close, people } = await start('java');
	const [one, other] = people;
	bench.wecom.failModelJobs('sentiment');
	says(one);
	says(other);
	await tell();
	await close();
	expect(robot.said()).toHaveLength(2);
	expect(robot.said()).toContainEqual(expect.stringContaining(`**No sentiment** of ${one}: `));
	const [failed] = bench.wecom.modelJobs.slice(-2);
	expect(robot.said()).toContainEqual(expect.stringContaining(`The job ${failed?.jobid} failed\n`));
	expect(robot.said()).toContainEqual(
		expect.stringContaining(`customer** in ${other}: 1 messages`),
	);
});

it('zone-sentiment-alert names the jobs that take longer than it waits', async () => {
	const { robot, tell, says, close, people } = await start('java', { modelSeconds: 600 }, 1);
	const [one, other] = people;
	says(one);
	says(other);
	await tell();
	await close();
	const jobids = bench.wecom.modelJobs.slice(-2).map(({ jobid }) => jobid);
	const late = (chat = '', jobid = '') =>
		new RegExp(`^\\*\\*No sentiment\\*\\* of ${chat}: .*${jobid}`);
	expect(robot.said()).toEqual([
		expect.stringMatching(late(one, jobids[0])),
		expect.stringMatching(late(other, jobids[1])),
	]);
});

it('zone-sentiment-alert says how many messages stay sealed for want of a key', async () => {
	const { robot, tell, says, close, people } = await start('java');
	const { wecomDataApi: credential = {} } = bench.engine.credentials;
	credential.olderPrivateKeys = '';
	bench.wecom.addMessages(2, { chatId: people[0] ?? '', text: ANGRY, publickeyVer: 1 });
	says(people[1]);
	await tell();
	await close();
	expect(robot.said()).toContainEqual(
		expect.stringMatching(/^\*\*Sealed:\*\* the keys of 2 messages do not open: /),
	);
	expect(robot.said()).toContainEqual(expect.stringContaining(`in ${people[1]}: 1 messages`));
});
