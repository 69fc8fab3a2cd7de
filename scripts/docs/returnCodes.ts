import {
	ERRCODES,
	lookUpErrcode,
	type ErrcodeAction,
	type ErrcodeEntry,
} from '../../wecom/errcodes';
import { NETWORK_TROUBLE, RETURN_CODES, WRONG_KEY } from '../../wecom/returnCodes';
import { ERRCODE_WORDS } from './errcodes';
import { table } from './page';

/**
 * Errcodes in the JSON that the library brings, in the order of the page: those of the archive, and
 * those that a wrong credential leads to.
 */
const BESIDE: readonly number[] = [
	301042, 301048, 301052, 301053, 301058, 301111, 301112, 301116, 40001, 40013, 45009, 48002,
];

/** The errcode that says the same as a return code. Sources: documents 91552 and 91774. */
const SAME: ReadonlyMap<number, number> = new Map([
	[10009, 301042],
	[10010, 301048],
]);

/** The words of a language in the table of return codes. */
interface ReturnCodeWords {
	head: readonly [returnCode: string, errcode: string, meaning: string, what: string, todo: string];
	/** What the package does by itself; it only reads here. */
	actions: Partial<Record<ErrcodeAction, string>>;
	/** What it does besides of trouble with the network. */
	asksProxy: string;
	/** What becomes of a message that DecryptData refuses so. */
	wrongKey: string;
	/** What becomes of a file that is kept no longer. */
	expired: string;
	/** A meaning or a hint in this language. */
	translate(text: string): string;
}

/** The return codes in the words of a language. */
export const RETURN_CODE_WORDS: Record<'en' | 'zh', ReturnCodeWords> = {
	en: {
		head: ['Return code', 'errcode', 'What it says', 'What the package does', 'What to do'],
		actions: {
			retry: 'Calls again, up to three times',
			wait: 'Waits a minute at most and calls again, once',
			shrink: 'Halves the page',
		},
		asksProxy: 'asks the proxy what is wrong',
		wrongKey: 'A message that is refused so comes out with `wrong_private_key`',
		expired: 'The file comes out as `expired`',
		translate: ERRCODE_WORDS.en.translate,
	},
	zh: {
		head: ['返回码', 'errcode', '含义', '本包的处理', '处理办法'],
		actions: {
			retry: '最多重试三次',
			wait: '最多等待一分钟后重新调用一次',
			shrink: '每页条数减半',
		},
		asksProxy: '并询问代理问题所在',
		wrongKey: '解密消息时出现：该消息以 `wrong_private_key` 输出',
		expired: '该文件的结果为 `expired`',
		translate: ERRCODE_WORDS.zh.translate,
	},
};

/**
 * The return codes of Tencent's library and the errcodes of its answers, beside each other where they
 * say the same, in Markdown.
 *
 * @throws Error when a text is not translated, or an errcode is not in the table of errcodes
 */
export function returnCodeTable(words: ReturnCodeWords): string {
	const returned = [...RETURN_CODES].map(([code, entry]) => {
		const errcode = SAME.get(code);
		return [
			String(code),
			errcode === undefined ? '' : String(errcode),
			...textsOf(entry, words, code),
		];
	});
	const same = [...SAME.values()];
	const said = BESIDE.filter((errcode) => !same.includes(errcode)).map((errcode) => {
		if (!ERRCODES.has(errcode)) throw new Error(`There is no errcode ${errcode} in the table`);
		return ['', String(errcode), ...textsOf(lookUpErrcode(errcode), words)];
	});
	return table(words.head, [...returned, ...said]);
}

function textsOf(
	{ action, meaning, hint, expired }: ErrcodeEntry,
	words: ReturnCodeWords,
	returnCode?: number,
): string[] {
	const does = [
		words.actions[action],
		returnCode === NETWORK_TROUBLE ? words.asksProxy : undefined,
		returnCode !== undefined && WRONG_KEY.includes(returnCode) ? words.wrongKey : undefined,
		expired ? words.expired : undefined,
	].filter((text) => text !== undefined);
	return [
		words.translate(meaning),
		does.join(', '),
		hint === undefined ? '' : words.translate(hint),
	];
}
