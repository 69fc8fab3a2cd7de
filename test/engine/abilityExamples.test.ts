import type { IDataObject } from 'n8n-workflow';

import { credentialsFor, type Simulator } from '../../simulator';
import { ABILITY_FUNCTIONS, abilityExample } from '../../wecom/api/abilities';
import { register, type PastedAbility } from '../support/abilities';
import type { Engine } from './harness';
import { items, operationBench } from './operationBench';
import { nameOf, type RowStyle } from './row';
import { ROWS } from './rows';

const bench = operationBench('wecomDataZone', { messageCount: 60, learnSeconds: 0 });
const STYLES = ['java', 'python'] as const;
/** What says that an ability, or a key of its examples, is not registered. */
const UNREGISTERED = [790014, 790016, 800003];

const examples = async (parameters: IDataObject = {}, given?: ReturnType<typeof items>) =>
	await bench.run('program.getAbilityExample', parameters, given);

/** The credential speaks to the zone, through a program of one of the styles. */
function choose(engine: Engine, wecom: Simulator, programStyle: RowStyle): void {
	const { wecomDataApi, wecomCallbackApi } = credentialsFor(wecom, 'dataZone');
	Object.assign(engine.credentials, {
		wecomDataApi: { ...wecomDataApi, programStyle, programId: wecom.programs[programStyle] },
		wecomCallbackApi,
	});
}

/** What a function was asked, by its name. */
function functionsAsked(): string[] {
	return bench.sent().flatMap(({ body }) => {
		const { ability_id: ability = '' } = (body ?? {}) as { ability_id?: string };
		if (ability === 'get_callback_data') return ['do_async_job'];
		return /^(?:invoke|input)_(.+)$/.exec(ability)?.[1] ?? [];
	});
}

describe('program.getAbilityExample', () => {
	it.each(STYLES)(
		'gives every function in %s, as the credential says, and sends nothing',
		async (style) => {
			choose(bench.engine, bench.wecom, style);
			const { json, error } = await examples();
			expect(error).toBeUndefined();
			expect(json).toEqual(
				ABILITY_FUNCTIONS.map((func) => {
					const { ability_id, input, output } = abilityExample(func, style);
					const [input_example, output_example] = [input, output].map((one) => JSON.stringify(one));
					return { function: func, ability_id, input_example, output_example };
				}),
			);
			expect(bench.wecom.requests).toEqual([]);
		},
	);

	it('gives the functions that were chosen, once each, in the style of Options', async () => {
		choose(bench.engine, bench.wecom, 'java');
		const options = { programStyle: 'python' };
		const { json } = await examples({
			functions: ['sync_msg', 'do_async_job', 'sync_msg'],
			options,
		});
		expect(json.map(({ function: func, ability_id }) => [func, ability_id])).toEqual([
			['sync_msg', 'input_sync_msg'],
			['do_async_job', 'input_do_async_job'],
		]);
		expect(json[0]?.input_example).toBe(
			'{"input":{"func":"sync_msg","func_req":{"cursor":"C1","token":"TOKEN-1","limit":200,"mode":0,"begin_time":1730000000}}}',
		);
	});

	it('takes names from an expression, and goes on after one that is no function', async () => {
		await bench.continues(
			'program.getAbilityExample',
			{ functions: '={{ $json.value }}' },
			items('search_chat', 'read_minds', 'search_msg'),
			{ item: 1, field: 'function' },
		);
	});

	it.each([
		['no names', { functions: '={{ [{}] }}' }, 'functions'],
		['a style that there is not', { options: { programStyle: 'ruby' } }, 'program_style'],
	])('refuses %s', async (_case, parameters, field) => {
		await bench.refuses('program.getAbilityExample', parameters, field);
	});
});

describe.each(STYLES)('on a program in %s with nothing but these examples', (style) => {
	beforeEach(async () => {
		choose(bench.engine, bench.wecom, style);
		const { json } = await examples();
		register(bench.wecom, style, json as unknown as PastedAbility[]);
		bench.wecom.requests.length = 0;
	});

	it('no operation is refused for a key or a type, and each calls its function', async () => {
		const called = ROWS.filter(({ sends }) => sends.dataZone?.route.startsWith('ZONE '));
		const refused: unknown[] = [];
		for (const { node, resource, operation, parameters, items: given, ...row } of called) {
			const ofZone = row.sends.dataZone?.parameters;
			const all = { resource, operation, ...parameters, ...ofZone };
			const { error } = await bench.engine.runNode(node, all, given);
			const errcode = UNREGISTERED.find((one) => error?.message.includes(String(one)));
			if (errcode) refused.push([nameOf({ node, resource, operation, ...row }), error?.message]);
		}
		expect(refused).toEqual([]);
		const functions = called.map(({ sends }) => sends.dataZone?.route.split(' ')[1]);
		const asked = functionsAsked();
		expect(functions.filter((func) => !asked.includes(String(func)))).toEqual([]);
	});

	it('searches, keyword rules and their hits, groups and events come through', async () => {
		const { wecom, engine } = bench;
		const run = async (node: string, does: string, parameters: IDataObject = {}) => {
			const [resource, operation] = does.split('.') as [string, string];
			const { json, error } = await engine.runNode(node, { resource, operation, ...parameters });
			expect([does, error?.message]).toEqual([does, undefined]);
			return json;
		};
		const archive = async (does: string, parameters?: IDataObject) =>
			await run('wecomChatArchive', does, parameters);
		const groups = await archive('search.sessions', {
			keyword: wecom.world.groups[0]?.name.slice(0, 2),
		});
		expect(groups.length).toBeGreaterThan(0);
		const [rule] = await archive('keywordRule.create', { name: '投诉', words: '退款单' });
		wecom.addMessages(1, { text: '退款单在哪里' });
		expect(await archive('keywordRule.getAll', { returnAll: true })).not.toEqual([]);
		const hits = await archive('keywordRule.getHits', { returnAll: true });
		expect(JSON.stringify(hits)).toContain(rule?.rule_id);
		const internal = wecom.world.groups.find(({ internal: inside }) => inside);
		expect(await archive('group.get', { roomId: internal?.roomid })).toHaveLength(1);
		const { notifyId } = wecom.notifyProgram({ event_type: 'conversation_new_message' });
		expect(await run('wecomDataZone', 'callback.fetchEvent', { notifyId })).toEqual([
			expect.objectContaining({ event_type: 'conversation_new_message' }),
		]);
	});
});
