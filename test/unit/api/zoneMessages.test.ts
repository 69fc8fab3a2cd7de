import { getChatData } from '../../../wecom/api/archive';
import { getMessagesOfPage, messagesOfPages } from '../../../wecom/api/zoneMessages';
import { clientOf, PROGRAM } from '../support/client';
import {
	closeServers,
	failureOf,
	gate,
	json,
	startServer,
	until,
	type Reply,
} from '../support/server';

const SETTINGS = { contract: 'dataZone', program: PROGRAM } as const;

afterEach(closeServers);

const answering = (answer: object): Reply =>
	json({ errcode: 0, response_data: JSON.stringify({ errcode: 0, ...answer }) });

/** The page that a call of the function get_msg_list_by_page_id asks for. */
function pageIn(body: string): string {
	return /\\"page_id\\":\\"(.*?)\\"/.exec(body)?.[1] ?? '';
}

describe('messages of the zone', () => {
	it.each([
		['more follow', { has_more: 1, next_cursor: 'C2' }, { nextCursor: 'C2', mark: 'C2' }],
		['this was the last page', { has_more: 0, next_cursor: 'C2' }, { nextCursor: '', mark: 'C2' }],
		['a boolean says so', { has_more: false, next_cursor: 'C2' }, { nextCursor: '', mark: 'C2' }],
		['there is no cursor', { has_more: 0 }, { nextCursor: '', mark: '' }],
	])('tell where a later pull goes on where %s', async (_when, answer, expected) => {
		const server = await startServer(answering({ msg_list: [{ msgid: 'm1' }], ...answer }));
		const page = await clientOf(server, SETTINGS).call(getChatData, { cursor: 'C1' });
		expect(page).toEqual({ entries: [{ msgid: 'm1' }], pageIds: [], ...expected });
	});

	it.each([
		['none', { has_more: 1 }],
		['an empty one', { has_more: true, next_cursor: '' }],
	])('are no last page where more follow and the cursor is %s', async (_what, answer) => {
		const server = await startServer(answering({ msg_list: [{ msgid: 'm1' }], ...answer }));
		const error = await failureOf(clientOf(server, SETTINGS).call(getChatData, {}));
		expect(error).toMatchObject({
			message: expect.stringContaining('no next_cursor') as string,
			hint: expect.stringContaining('pass on next_cursor') as string,
		});
	});

	it('come as pages in mode 1', async () => {
		const server = await startServer(answering({ page_id_list: ['P1', 'P2'], has_more: 0 }));
		const page = await clientOf(server, SETTINGS).call(getChatData, { mode: 1 });
		expect(page).toMatchObject({ entries: [], pageIds: ['P1', 'P2'] });
	});

	it('of many pages come in their order, ten pages at once', async () => {
		const { opened, open } = gate();
		let atOnce = 0;
		let most = 0;
		const server = await startServer(async (request, response) => {
			most = Math.max(most, ++atOnce);
			await opened;
			atOnce--;
			answering({ msg_list: [{ msgid: pageIn(request.body) }] })(request, response);
		});
		const client = clientOf(server, SETTINGS);
		const pages = Array.from({ length: 25 }, (_, index) => `P${index}`);
		const all = messagesOfPages(async (page) => await client.call(getMessagesOfPage, page), pages);
		await until(() => server.requests.length === 10);
		open();
		expect((await all).map(({ msgid }) => msgid)).toEqual(pages);
		expect(most).toBe(10);
	});

	it('of several pages fail with the page that fails', async () => {
		const server = await startServer((request, response) =>
			(pageIn(request.body) === 'P2'
				? json({ errcode: 0, response_data: '{"errcode":710726,"errmsg":"no right"}' })
				: answering({ msg_list: [] }))(request, response),
		);
		const client = clientOf(server, SETTINGS);
		const all = messagesOfPages(
			async (page) => await client.call(getMessagesOfPage, page),
			['P1', 'P2', 'P3'],
		);
		expect(await failureOf(all)).toMatchObject({
			errcode: 710726,
			message:
				'The function get_msg_list_by_page_id of the data zone answered with errcode 710726: no right',
		});
	});
});
