import { FUNCTIONS } from '../../../simulator/functions';
import { misfit } from '../../../simulator/protocol';
import { operations } from '../../../wecom/api';
import {
	ABILITY_EXAMPLES,
	ABILITY_FUNCTIONS,
	abilityExample,
	type AbilityExample,
} from '../../../wecom/api/abilities';
import type { ProgramStyle } from '../../../wecom/api/carriers/carrier';
import { firstOf, type Wire } from '../../../wecom/api/wire';
import { InvalidInputError } from '../../../wecom/errors';
import { ABILITY_FUNCTION_OPTIONS } from '../../../nodes/WecomDataZone/actions/program/abilityFunctions';
import { ROWS } from '../../engine/rows';
import { ZONE } from '../support/zoneContract';

const EXAMPLES: Readonly<Record<string, AbilityExample>> = ABILITY_EXAMPLES;

/** The bodies of the events that the zone stores: documents 101383 to 101388 and 99836. */
const EVENTS = {
	chat_archive_audit_approved_single: {
		chat_archive_audit_approved: { userid: 'woUser1', external_userid: 'wmCust1' },
	},
	chat_archive_audit_approved_room: {
		chat_archive_audit_approved: { external_userid: 'wmCust1', chatid: 'wrRoom1' },
	},
	conversation_new_message: { conversation_new_message: { token: 'T' } },
	hit_keyword: { hit_keyword: { token: 'T' } },
	chat_archive_export_finished: { chat_archive_export_finished: { jobid: 'J' } },
	auth_knowledge_base: {
		auth_knowledge_base: { knowledge_base_id: 'kb', knowledge_base_name: 'n' },
	},
	unauth_knowledge_base: {
		unauth_knowledge_base: { knowledge_base_id: 'kb', knowledge_base_name: 'n' },
	},
	delete_knowledge_base: {
		delete_knowledge_base: { knowledge_base_id: 'kb', knowledge_base_name: 'n' },
	},
	knowledge_base_learn_done: {
		knowledge_base_learn_done: {
			knowledge_base_id: 'kb',
			knowledge_base_name: 'n',
			doc_id: 5,
			learn_status: 1,
		},
	},
};

/** The functions that a wire calls. */
function functionsOf(wire: Wire<never, unknown> | undefined): string[] {
	if (!wire) return [];
	const exchanges = 'ask' in wire ? [firstOf(wire), wire.ask] : [wire];
	return exchanges.flatMap(({ route }) => /^ZONE (.+)$/.exec(route)?.[1] ?? []);
}

/** What the rows of the client send to functions: `[function, body]`. */
const UNIT_ROWS = Object.values(ZONE).flatMap(({ func, least, full, leastBody, fullBody }) =>
	func === undefined
		? []
		: [leastBody ?? least, fullBody ?? full].map((body): [string, unknown] => [
				func,
				typeof body === 'string' ? (JSON.parse(body) as unknown) : body,
			]),
);

/** What the rows of the nodes send. */
const NODE_ROWS = ROWS.flatMap(({ sends: { dataZone: sent } }): Array<[string, unknown]> => {
	const func = /^ZONE (.+)$/.exec(sent?.route ?? '')?.[1];
	return func === undefined ? [] : [[func, sent?.body ?? {}]];
});

/** A body without what stands beside the request of the function. */
function requestOf(func: string, body: unknown): unknown {
	if (func !== 'do_async_job') return body;
	const { notify_id: _beside, ...request } = body as Record<string, unknown>;
	return request;
}

it('there is an example for every function that an operation is carried by, and for no other', () => {
	const carried = Object.values(operations).flatMap(({ wires }) =>
		functionsOf((wires as { dataZone?: Wire<never, unknown> }).dataZone),
	);
	expect(ABILITY_FUNCTIONS).toEqual([...new Set(carried)].sort());
});

it('the node offers every function once', () => {
	const offered = ABILITY_FUNCTION_OPTIONS.map(({ value }) => value);
	expect([...offered].sort()).toEqual(ABILITY_FUNCTIONS);
});

it.each([...UNIT_ROWS, ...NODE_ROWS])(
	'the input example of %s has every key and type of %j',
	(func, body) => {
		expect(misfit(requestOf(func, body), EXAMPLES[func]?.input, func)).toBeUndefined();
	},
);

it.each(ABILITY_FUNCTIONS)(
	'%s has the same keys and types as the zone of the simulator, both ways',
	(func) => {
		const { input, output } = EXAMPLES[func] as AbilityExample;
		const zone = FUNCTIONS[func];
		expect([
			misfit(zone?.input, input, 'input'),
			misfit(input, zone?.input, 'input'),
			misfit(zone?.output, output, 'output'),
			misfit(output, zone?.output, 'output'),
		]).toEqual([undefined, undefined, undefined, undefined]);
	},
);

it.each(Object.entries(EVENTS))('the output example of do_async_job has %s', (event_type, body) => {
	const event = { event_type, timestamp: 1730000000, ...body };
	expect(misfit(event, ABILITY_EXAMPLES.do_async_job.output, 'event')).toBeUndefined();
});

it.each<[ProgramStyle, string, string, object]>([
	['java', 'get_summary_result', 'invoke_get_summary_result', { jobid: 'JOB-1' }],
	['java', 'do_async_job', 'get_callback_data', {}],
	[
		'python',
		'get_summary_result',
		'input_get_summary_result',
		{ input: { func: 'get_summary_result', func_req: { jobid: 'JOB-1' } } },
	],
	[
		'python',
		'do_async_job',
		'input_do_async_job',
		{ input: { func: 'do_async_job', func_req: {} } },
	],
])('in %s the ability of %s is %s', (style, func, ability_id, input) => {
	const { output } = EXAMPLES[func] as AbilityExample;
	expect(abilityExample(func, style)).toEqual({ ability_id, input, output });
});

it.each(['read_minds', 'toString', ''])('there is none of "%s"', (func) => {
	expect(() => abilityExample(func, 'java')).toThrow(InvalidInputError);
	expect(() => abilityExample(func, 'java')).toThrow('"function"');
});

it('there are two styles', () => {
	expect(() => abilityExample('search_chat', 'ruby' as ProgramStyle)).toThrow('"program_style"');
});
