import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Connections } from '../../../nodes/shared/run/connections';
import { Item } from '../../../nodes/shared/run/item';
import { Notices } from '../../../nodes/shared/run/notices';
import { TimeBudget } from '../../../wecom/timeBudget';

/** What a node is run with, and what was asked of it. */
function runOf(parameters: IDataObject[], shown = new Map<string, 'info' | 'warning'>()) {
	const asked: string[] = [];
	const hints: string[] = [];
	const execution = {
		getNodeParameter: (name: string, item: number, fallback?: unknown) => {
			asked.push(`${name} of item ${item}`);
			return name === 'stateStore' ? 'memory' : (parameters[item]?.[name] ?? fallback);
		},
		getCredentials: async (type: string, item: number) => {
			asked.push(`${type} for item ${item}`);
			return await Promise.resolve({ authentication: 'accessToken', accessToken: 'token' });
		},
		getInputData: () => parameters.map((_, item) => ({ json: { item } })),
		getTimezone: () => 'Asia/Shanghai',
		addExecutionHints: ({ message, type }: { message: string; type: string }) =>
			hints.push(`${type}: ${message}`),
	} as unknown as IExecuteFunctions;
	const notices = new Notices(execution, shown);
	const context = {
		execution,
		notices,
		connections: new Connections(execution, notices.onStateUnavailable),
		budget: new TimeBudget(),
		tries: { outcomes: new Map(), leases: new Map(), hints: shown },
	};
	return { asked, hints, items: parameters.map((_, index) => new Item(context, index)) };
}

describe('an input item', () => {
	it('reads neither parameters nor credentials before they are asked for', () => {
		expect(runOf([{}, {}]).asked).toEqual([]);
	});

	it('has the parameters and the JSON of its own', () => {
		const { items } = runOf([{ chatId: 'first' }, { chatId: 7 }]);
		expect(items.map((item) => [item.text('chatId'), item.json])).toEqual([
			['first', { item: 0 }],
			['7', { item: 1 }],
		]);
	});

	it('reads a credential once, however often it asks', async () => {
		const { asked, items } = runOf([{}, {}]);
		for (const item of items) {
			await item.credential();
			await item.decryptor();
		}
		expect(asked).toEqual(['wecomDataApi for item 0', 'wecomDataApi for item 1']);
	});

	it('shares its decryptor with items whose credential says the same', async () => {
		const [first, second] = runOf([{}, {}]).items;
		expect(await first?.decryptor()).toBe(await second?.decryptor());
	});
});

describe('notices', () => {
	it('show the same words once for all items', () => {
		const { hints, items } = runOf([{}, {}]);
		for (const item of items) item.notices.hint('Nothing found.');
		expect(hints).toEqual(['info: Nothing found.']);
	});

	it('show again what an earlier try showed, and not a third time', () => {
		const { hints, items } = runOf([{}], new Map([['Look here.', 'warning']]));
		items[0]?.notices.warn('Look here.');
		expect(hints).toEqual(['warning: Look here.']);
	});

	it('warn where an answer lacks the id of what was made', () => {
		const { hints, items } = runOf([{}]);
		items[0]?.notices.expectId({ link_id: 'l1' }, 'link_id', 'Look for it.');
		items[0]?.notices.expectId({}, 'link_id', 'Look for it.');
		expect(hints).toEqual([
			'warning: WeCom answered with errcode 0 but without link_id. Look for it.',
		]);
	});
});
