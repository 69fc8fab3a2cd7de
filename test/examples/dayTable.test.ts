import type { IDataObject, IRun } from 'n8n-workflow';

import type { Contract, ProgramStyle, TrueRecord } from '../../simulator';
import { openIdOf } from '../../simulator/data/world';
import { abilityExample } from '../../wecom/api/abilities';
import { closeServers } from '../unit/support/server';
import { filledIn } from './filledIn';
import { outputOf, startExampleBench, type ExampleBench } from './support';

jest.setTimeout(60_000);

let bench: ExampleBench;

afterEach(async () => {
	await bench?.stop();
	await closeServers();
});

const WAYS: Array<[Contract, ProgramStyle]> = [
	['reference', 'java'],
	['dataZone', 'java'],
	['dataZone', 'python'],
];

describe.each(WAYS)('zone-day-table over %s (%s)', (contract, style) => {
	async function start() {
		bench = await startExampleBench({ messageCount: 600 }, contract, style);
		const { wecom, engine } = bench;
		const workflow = engine.workflow(filledIn('zone-day-table.json', wecom));
		const run = async () => await engine.run(workflow, 'Every Night');
		return { run, today: truthOf(contract) };
	}

	it('counts what each person said, by kind, with the first and the last moment', async () => {
		const { run, today } = await start();
		const { day } = outputOf(await run(), 'Day')[0] ?? {};
		const texts = today(String(day)).filter(({ kind, chat }) => kind === 'text' && chat !== '');
		const expected = groups(texts, ({ chat, person }) => `${chat} ${person}`).map((said) => ({
			day,
			conversation: said[0]?.chat,
			person: said[0]?.person,
			role: said[0]?.role,
			kind: 'text',
			messages: said.length,
			first: said[0]?.time,
			last: said.at(-1)?.time,
		}));
		expect(expected.length).toBeGreaterThan(5);
		const first = await run();
		const rows = outputOf(first, 'Activity Columns');
		const isText = ({ kind, conversation }: IDataObject) =>
			kind === 'text' && !String(conversation).includes(', ');
		expect(sorted(rows.filter(isText))).toEqual(sorted(expected));
		expect(sum(rows)).toBe(today(String(day)).length);
		expect(fileOf(first, 'Activity File')).toBe(`activity-${String(day)}.xlsx`);
		// Once more: the same table, nothing counted twice.
		expect(outputOf(await run(), 'Activity Columns')).toEqual(rows);
	});

	it('tells who agreed to what, and when', async () => {
		const { run, today } = await start();
		const result = await run();
		const { day } = outputOf(result, 'Day')[0] ?? {};
		const { world } = bench.wecom;
		const spoken = new Set(today(String(day)).map(({ chat }) => chat));
		const idOf = (userid: string) => (contract === 'dataZone' ? openIdOf(world, userid) : userid);
		const decision = (group: string, member: string, one: (typeof world.customers)[number]) => ({
			day,
			group,
			member,
			customer: one.externalUserid,
			agreed: one.agrees ? 'yes' : 'no',
			since: isoOf(one.decidedAt * 1000),
			remark: '',
		});
		const pairs = world.customers
			.filter(({ externalUserid }) => spoken.has(externalUserid))
			.map((one) => decision('', idOf(one.owner), one));
		expect(pairs.length).toBeGreaterThan(2);
		const inGroups = world.groups
			.filter(({ roomid, internal }) => spoken.has(roomid) && !internal)
			.flatMap(({ roomid, members }) =>
				world.customers
					.filter(({ externalUserid }) => members.some(({ id }) => id === externalUserid))
					.map((one) => decision(roomid, '', one)),
			);
		const rows = outputOf(result, 'Consent Columns');
		expect(sorted(rows.filter(({ group }) => group === ''))).toEqual(sorted(pairs));
		const ofGroups = rows.filter(({ group }) => group !== '');
		expect(new Set(ofGroups.map(({ group }) => group)).size).toBeGreaterThan(0);
		if (contract === 'dataZone') expect(sorted(ofGroups)).toEqual(sorted(inGroups));
		else for (const { remark } of ofGroups) expect(remark).toContain('does not exist in');
		expect(fileOf(result, 'Consent File')).toBe(`consent-${String(day)}.xlsx`);
	});
});

it('zone-day-table has a row, with the reason, for consent that could not be had', async () => {
	bench = await startExampleBench({ messageCount: 600 }, 'dataZone');
	const { wecom, engine } = bench;
	const workflow = engine.workflow(filledIn('zone-day-table.json', wecom));
	const consent = ['get_agree_status_single', 'get_agree_status_room'];
	const ids = consent.map((func) => abilityExample(func, 'java').ability_id);
	const abilities = Object.fromEntries(ids.map((id) => [id, null]));
	wecom.configureProgram('java', { abilities });
	const failed = await engine.run(workflow, 'Every Night');
	const rows = outputOf(failed, 'Consent Columns');
	expect(rows.length).toBeGreaterThan(1);
	for (const row of rows) expect(row).toMatchObject({ agreed: 'unknown', since: '' });
	for (const { remark } of rows) expect(remark).toMatch(/get_agree_status_(single|room).* 800003/);
	expect(sum(outputOf(failed, 'Activity Columns'))).toBeGreaterThan(0);

	wecom.configureProgram('java', { abilities: {} });
	const mended = await engine.run(workflow, 'Every Night');
	for (const { remark } of outputOf(mended, 'Consent Columns')) expect(remark).toBe('');
});

/** What is said on a day, as the contract tells of it. */
function truthOf(contract: Contract) {
	const { world, truth } = bench.wecom;
	const idOf = (id: string) =>
		contract === 'dataZone' && world.members.some(({ userid }) => userid === id)
			? openIdOf(world, id)
			: id;
	const isCustomer = (id: string) =>
		world.customers.some(({ externalUserid }) => externalUserid === id);
	// The zone tells whole seconds.
	const precise = (ms: number) => (contract === 'dataZone' ? ms - (ms % 1000) : ms);
	const view = ({ plaintext }: TrueRecord) => {
		const { from, tolist, roomid, msgtime, msgtype, action, time, user } = plaintext as unknown as {
			from: string;
			tolist: string[];
			roomid: string;
			msgtime: number;
			msgtype: string;
			action: string;
			time: number;
			user: string;
		};
		const speaker = from ?? user;
		return {
			chat: roomid || ([from, ...(tolist ?? [])].find(isCustomer) ?? ''),
			person: idOf(speaker),
			role: isCustomer(speaker) ? 'customer' : 'member',
			kind: msgtype ?? action,
			time: isoOf(precise(msgtime ?? time)),
		};
	};
	// Nor does it tell who changed the corp, which is no message.
	const isTold = ({ kind }: { kind: string }) => contract === 'reference' || kind !== 'switch';
	return (day: string) => truth.map(view).filter((one) => one.time.startsWith(day) && isTold(one));
}

/** In the timezone of the example. */
function isoOf(ms: number): string {
	return new Date(ms + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
}

function groups<T>(list: T[], keyOf: (one: T) => string): T[][] {
	const byKey = new Map<string, T[]>();
	for (const one of list) byKey.set(keyOf(one), [...(byKey.get(keyOf(one)) ?? []), one]);
	return [...byKey.values()];
}

const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
const sum = (rows: IDataObject[]) =>
	rows.reduce((total, { messages }) => total + Number(messages), 0);

function fileOf(run: IRun, node: string): string | undefined {
	return run.data.resultData.runData[node]?.[0]?.data?.main?.[0]?.[0]?.binary?.data?.fileName;
}
