import { chatIdOf } from '../../../nodes/WecomAiModel/actions/model/messages';
import type { Item } from '../../../nodes/shared/run/item';
import { TimeBudget } from '../../../wecom/timeBudget';

const given = (count: number, chatOf: (index: number) => string) => {
	const item = { budget: new TimeBudget() } as Item;
	return Array.from({ length: count }, (_, index) => ({
		value: { msgid: `m${index}`, chat_id: chatOf(index), sender: { type: 1, id: 'woUser1' } },
		item,
	}));
};

describe('the conversation of 20,000 messages', () => {
	it('is found while others have their turn', async () => {
		let turns = 0;
		const immediate = () => {
			turns++;
			next = setImmediate(immediate);
		};
		let next = setImmediate(immediate);
		expect(await chatIdOf(given(20_000, () => 'wrA'))).toBe('wrA');
		clearImmediate(next);
		expect(turns).toBeGreaterThan(1);
	});

	it('is none where one of them is of another', async () => {
		expect(await chatIdOf(given(20_000, (index) => (index < 19_999 ? 'wrA' : 'wrB')))).toBe(
			undefined,
		);
	});
});
