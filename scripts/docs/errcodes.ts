import { inMenuWords } from '../../nodes/shared/menuWords';
import { ERRCODES, type ErrcodeAction, type ErrcodeEntry } from '../../wecom/errcodes';
import chinese from './errcodes.zh.json';
import { table } from './page';

type Family = 'general' | 'archive' | 'orders' | 'zone' | 'nativeSdk' | 'zoneSdk';

/** Which codes belong together, by ranges; all others are general. */
const RANGES: ReadonlyArray<readonly [from: number, to: number, family: Family]> = [
	[-20_000, -2, 'zoneSdk'],
	[10_000, 19_999, 'nativeSdk'],
	[49_009, 49_009, 'orders'],
	[84_077, 84_077, 'orders'],
	[90_432, 90_433, 'orders'],
	[301_000, 301_999, 'archive'],
	[701_000, 701_999, 'orders'],
	[710_000, 710_999, 'zone'],
	[790_000, 809_999, 'zone'],
];

/** The words of a language in the tables of errcodes. */
interface ErrcodeWords {
	/** Above what the package deals with by itself first. */
	handledTitle: string;
	handledHead: readonly [errcode: string, meaning: string, first: string, then: string];
	/** What the package does by itself. */
	actions: Record<Exclude<ErrcodeAction, 'fail'>, string>;
	head: readonly [errcode: string, meaning: string, what: string];
	/** Above the codes of each family; the order of the families on the page. */
	families: Record<Family, string>;
	/** A meaning or a hint in this language. */
	translate(text: string): string;
}

/** The errcodes in the words of a language. */
export const ERRCODE_WORDS: Record<'en' | 'zh', ErrcodeWords> = {
	en: {
		handledTitle: 'Handled without you, at first',
		handledHead: ['errcode', 'What WeCom says', 'What the package does', 'If it stays'],
		actions: {
			refresh: 'Gets a new token and calls again, once',
			retry: 'Calls again, up to three times; never what creates or pays',
			wait: 'Waits a minute at most and calls again; never what creates, pays or has a quota',
			shrink: 'Halves the page',
			poll: 'Asks again while the node waits for the result',
		},
		head: ['errcode', 'What WeCom refuses', 'What to do'],
		families: {
			general: 'Tokens, rights, requests, acquisition',
			archive: 'Message archive',
			orders: 'Orders',
			zone: 'Data zone, models, programs, knowledge sets',
			nativeSdk: "Return values of Tencent's native archive library",
			zoneSdk: 'Return values inside the data zone',
		},
		translate: inMenuWords,
	},
	zh: {
		handledTitle: '先由本包自动处理',
		handledHead: ['errcode', '含义', '本包的处理', '仍然出现时'],
		actions: {
			refresh: '换取新 token 并重新调用一次',
			retry: '最多重试三次；创建和付款类请求绝不重发',
			wait: '最多等待一分钟后重新调用；创建、付款和计额度的调用不重发',
			shrink: '每页条数减半',
			poll: '节点等待结果期间会继续查询',
		},
		head: ['errcode', '含义', '处理办法'],
		families: {
			general: 'token、权限、请求、获客',
			archive: '会话内容存档',
			orders: '订单',
			zone: '数据专区、模型、程序、知识集',
			nativeSdk: '腾讯会话存档原生库的返回值',
			zoneSdk: '专区内部的返回值',
		},
		translate: inChinese,
	},
};

/**
 * Every errcode the package knows, in Markdown: first what it deals with by itself, then what is left
 * to people, family by family.
 *
 * @throws Error when a text is not translated
 */
export function errcodeTables(words: ErrcodeWords): string {
	const all = [...ERRCODES].sort(([one], [other]) => one - other);
	const handled = all.flatMap(([errcode, entry]) =>
		entry.action === 'fail'
			? []
			: [[String(errcode), ...textsOf(entry, words, words.actions[entry.action])]],
	);
	const left = all.filter(([, { action }]) => action === 'fail');
	const families = Object.entries(words.families).map(([family, title]) => {
		const rows = left
			.filter(([errcode]) => familyOf(errcode) === family)
			.map(([errcode, entry]) => [String(errcode), ...textsOf(entry, words)]);
		return section(title, words.head, rows);
	});
	return [section(words.handledTitle, words.handledHead, handled), ...families].join('\n\n');
}

function textsOf(
	{ meaning, hint }: ErrcodeEntry,
	{ translate }: ErrcodeWords,
	...between: string[]
): string[] {
	return [translate(meaning), ...between, hint === undefined ? '' : translate(hint)];
}

function section(title: string, head: readonly string[], rows: string[][]): string {
	return [`#### ${title}`, table(head, rows)].join('\n\n');
}

function familyOf(errcode: number): Family {
	return RANGES.find(([from, to]) => errcode >= from && errcode <= to)?.[2] ?? 'general';
}

/** Begins what a return code of Tencent's library says where it stands among the errcodes. */
const NATIVE_SDK = 'native SDK: ';

function inChinese(text: string): string {
	if (text.startsWith(NATIVE_SDK)) return `原生 SDK：${inChinese(text.slice(NATIVE_SDK.length))}`;
	const translated = (chinese as Record<string, string>)[text];
	if (translated === undefined) throw new Error(`scripts/docs/errcodes.zh.json lacks: ${text}`);
	return inMenuWords(translated);
}
