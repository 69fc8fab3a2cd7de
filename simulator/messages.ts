import type { TrueRecord } from './archive';
import type { Fields } from './data/kinds/kind';

/** An archived message as the server itself sees it. */
export interface ArchivedMessage {
	readonly seq: bigint;
	readonly msgid: string;
	readonly from: string;
	readonly to: readonly string[];
	/** "" in a single chat. */
	readonly roomid: string;
	/** unix seconds. */
	readonly sentAt: number;
	/** Number of its type (platform document 3.3); 0 for types without one. */
	readonly type: number;
	/** What can be searched in it: its text, title or file name; "" for other types. */
	readonly content: string;
}

/** Numbers of the message types (platform document 3.3). */
export const TYPE = {
	text: 1,
	link: 4,
	weapp: 5,
	file: 8,
	docmsg: 18,
	mixed: 20,
	qydiskfile: 23,
} as const;

const OTHER_TYPES: Readonly<Record<string, number>> = {
	image: 2,
	emotion: 3,
	voice: 6,
	video: 7,
	card: 9,
	chatrecord: 10,
	sphfeed: 11,
	calendar: 12,
	redpacket: 13,
	external_redpacket: 13,
	location: 14,
	meeting: 15,
	todo: 16,
	vote: 17,
	news: 19,
	meeting_voice_call: 21,
	voiptext: 22,
	agree: 24,
	disagree: 25,
	solitaire: 26,
	markdown: 27,
	note: 28,
};

/** The number of every type that has one, by name. */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = { ...TYPE, ...OTHER_TYPES };

/** The field that is searched, by type: the object it is in, and its name. */
const CONTENT: Readonly<Record<string, readonly [string, string]>> = {
	text: ['text', 'content'],
	link: ['link', 'title'],
	weapp: ['weapp', 'title'],
	file: ['file', 'filename'],
	docmsg: ['doc', 'title'],
	qydiskfile: ['info', 'filename'],
};

/**
 * What the server knows of a record, whether or not a client can decrypt it.
 *
 * @returns undefined for a record that is no message: a change of corp, or plain text
 */
export function readRecord({ seq, msgid, plaintext }: TrueRecord): ArchivedMessage | undefined {
	if (plaintext === null || plaintext.msgtype === undefined) return undefined;
	const name = plaintext.msgtype as string;
	return {
		seq,
		msgid,
		from: plaintext.from as string,
		to: plaintext.tolist as string[],
		roomid: (plaintext.roomid as string | undefined) ?? '',
		sentAt: Math.floor((plaintext.msgtime as number) / 1000),
		type: TYPE_NUMBERS[name] ?? 0,
		content: contentOf(name, plaintext),
	};
}

function contentOf(type: string, message: Fields): string {
	if (type === 'mixed') return mixedText(message.mixed as { item: MixedItem[] });
	const [body, field] = CONTENT[type] ?? [];
	if (body === undefined || field === undefined) return '';
	return (message[body] as Record<string, string>)[field] ?? '';
}

interface MixedItem {
	readonly type: string;
	readonly content: string;
}

function mixedText({ item }: { readonly item: readonly MixedItem[] }): string {
	return item
		.filter(({ type }) => type === 'text')
		.map(({ content }) => (JSON.parse(content) as { content: string }).content)
		.join('\n');
}
