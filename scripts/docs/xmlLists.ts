import { XML_LISTS } from '../../wecom/callback/lists';
import { table } from './page';

/** Heads of the table of lists, by language. */
export const LIST_WORDS: Record<'en' | 'zh', readonly [list: string, events: string]> = {
	en: ['List in `data`', 'Event or type of message'],
	zh: ['`data` 中的列表', '事件或消息类型'],
};

/** The lists in XML events, as a table. */
export function listTable(head: readonly [string, string]): string {
	const rows = XML_LISTS.map(({ path, events }) => [
		`\`${path.replaceAll('/', '.')}\``,
		events.map((event) => `\`${event}\``).join(', '),
	]);
	return table(head, rows);
}
