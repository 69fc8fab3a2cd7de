import type { Random } from '../random';
import { chatOf, pickChat, pickRefusingChat, type Chat } from './chats';
import { makeTopic, type ChatKind, type Speaker, type Turn } from './dialogues';
import { FUTURE_TYPE, KINDS, MESSAGE_TYPES, type MessageType } from './kinds';
import type { Fields, Kind, Scene } from './kinds/kind';
import type { World } from './world';

/** One message as it is before encryption. */
export interface Message {
	readonly msgid: string;
	readonly fields: Fields;
}

/** What is asked of a message. */
export interface Wish {
	/** By default text most often and everything else in turn. */
	readonly type?: MessageType;
	/** Content of a text. */
	readonly text?: string;
	/** roomid, external_userid or userid: see {@link chatOf}. */
	readonly chatId?: string;
	/** Who sends it, where the chat has both. */
	readonly by?: 'staff' | 'customer';
	/** Size of the file of a type that has one. */
	readonly bytes?: number;
}

/** A dialogue on its way. */
interface Thread {
	readonly chat: Chat;
	readonly turns: Turn[];
}

interface Said {
	readonly msgid: string;
	readonly from: string;
	readonly chat: Chat;
}

/** In this many messages every type comes once; the rest is text. */
const ROUND = 60;
const THREADS: readonly ChatKind[] = [
	'single',
	'single',
	'single',
	'single',
	'customer_group',
	'internal_group',
	'colleagues',
];
/** How much of what was said can still be taken back. */
const MEMORY = 20;

/** Makes up what the people of a corp say to each other, message by message. */
export class Conversations {
	private readonly threads: Thread[] = [];
	private readonly said: Said[] = [];
	private upcoming: MessageType[] = [];
	private rounds = 0;

	/** Equal worlds and equal generators give equal messages. */
	constructor(
		private readonly world: World,
		private readonly random: Random,
	) {
		for (const kind of THREADS) this.threads.push(this.newThread(kind));
	}

	/**
	 * The next message.
	 *
	 * @param at - when it is sent, unix ms
	 * @throws RangeError for a chat there is not
	 */
	next(at: number, wish: Wish = {}): Message {
		const { text, chatId, by } = wish;
		if (text !== undefined || chatId !== undefined || by !== undefined) {
			return this.wished(at, wish);
		}
		const type = wish.type ?? this.nextType();
		switch (type) {
			case 'text':
				return this.text(at);
			case 'switch':
				return this.switch(at);
			default:
				return this.other(at, type, KINDS[type], wish.bytes);
		}
	}

	private wished(at: number, { type = 'text', text, chatId, by, bytes }: Wish): Message {
		if (type === 'switch') return this.switch(at);
		const chat =
			chatId === undefined
				? this.random.pick(this.threads).chat
				: chatOf(this.random, this.world, chatId);
		const from = this.random.pick(speakersIn(chat, by));
		if (type === 'text') {
			return this.send(at, chat, from, type, { text: { content: text ?? this.opening(chat) } });
		}
		const kind: Kind = KINDS[type];
		return this.send(at, chat, from, type, kind.body(this.scene(at, chat, from, { bytes })), kind);
	}

	private opening({ kind, customerName }: Chat): string {
		return makeTopic(this.random, kind, customerName)[0]?.[1] ?? '';
	}

	private nextType(): MessageType {
		if (this.upcoming.length === 0) {
			const withFuture = this.rounds++ % 2 === 0;
			const once = MESSAGE_TYPES.filter((type) => type !== FUTURE_TYPE || withFuture);
			const texts = Array<MessageType>(ROUND - once.length).fill('text');
			this.upcoming = this.random.shuffle([...once, ...texts]);
		}
		return this.upcoming.pop() as MessageType;
	}

	private newThread(kind: ChatKind): Thread {
		let chat: Chat;
		do chat = pickChat(this.random, this.world, kind);
		while (
			// Two dialogues with one customer at a time would not make sense.
			kind === 'single' &&
			this.threads.some((thread) => isSame(thread.chat, chat))
		);
		return { chat, turns: makeTopic(this.random, kind, chat.customerName) };
	}

	private text(at: number): Message {
		const index = this.random.int(0, this.threads.length - 1);
		let thread = this.threads[index] as Thread;
		if (thread.turns.length === 0) {
			thread = this.newThread(thread.chat.kind);
			this.threads[index] = thread;
		}
		const [speaker, content] = thread.turns.shift() as Turn;
		const from = speakerIn(thread.chat, speaker);
		return this.send(at, thread.chat, from, 'text', { text: { content } });
	}

	private switch(at: number): Message {
		const msgid = this.newMsgid(at, false);
		const user = this.random.pick(this.world.members).userid;
		return { msgid, fields: { msgid, action: 'switch', time: at, user } };
	}

	private other(at: number, type: MessageType, kind: Kind, bytes?: number): Message {
		const earlier = kind.action === 'recall' ? this.pickSaid() : undefined;
		const chat = earlier?.chat ?? this.chatFor(kind);
		const from = earlier?.from ?? this.senderFor(chat, kind);
		const scene = this.scene(at, chat, from, { earlierMsgid: earlier?.msgid, bytes });
		return this.send(at, chat, from, type, kind.body(scene), kind);
	}

	private scene(
		at: number,
		chat: Chat,
		from: string,
		{ earlierMsgid, bytes }: { earlierMsgid?: string | undefined; bytes?: number | undefined },
	): Scene {
		return {
			random: this.random,
			world: this.world,
			chat,
			from,
			at,
			earlierMsgid: earlierMsgid ?? this.newMsgid(at - 60_000, chat.external),
			bytes,
		};
	}

	private chatFor(kind: Kind): Chat {
		if (kind.refusing === true) return pickRefusingChat(this.random, this.world);
		const open = this.threads.filter((thread) => kind.where.includes(thread.chat.kind));
		if (open.length > 0 && kind.by === undefined) return this.random.pick(open).chat;
		return pickChat(this.random, this.world, this.random.pick(kind.where));
	}

	private senderFor(chat: Chat, kind: Kind): string {
		const { staff, customers } = chat;
		if (kind.by === 'staff') return this.random.pick(staff);
		if (kind.by === 'customer') return this.random.pick(customers);
		return this.random.pick([...staff, ...customers]);
	}

	private pickSaid(): Said | undefined {
		return this.said.length === 0 ? undefined : this.random.pick(this.said);
	}

	private send(
		at: number,
		chat: Chat,
		from: string,
		type: string,
		body: Fields,
		kind?: Kind,
	): Message {
		const msgid = this.newMsgid(at, chat.external);
		const action = kind?.action ?? 'send';
		if (action === 'send') {
			this.said.push({ msgid, from, chat });
			if (this.said.length > MEMORY) this.said.shift();
		}
		return {
			msgid,
			fields: {
				msgid,
				action,
				from,
				tolist: chat.everybody.filter((id) => id !== from),
				...(kind?.noRoom === true ? {} : { roomid: chat.roomid }),
				msgtime: at,
				msgtype: type,
				...body,
			},
		};
	}

	/** 19 digits, the moment, and `_external` where customers take part. */
	private newMsgid(at: number, external: boolean): string {
		return `${this.random.digits(19)}_${at}${external ? '_external' : ''}`;
	}
}

function isSame(one: Chat, other: Chat): boolean {
	return one.everybody.join() === other.everybody.join();
}

function speakersIn({ staff, customers }: Chat, by?: 'staff' | 'customer'): readonly string[] {
	const asked = by === 'staff' ? staff : by === 'customer' ? customers : [];
	return asked.length > 0 ? asked : [...staff, ...customers];
}

function speakerIn(chat: Chat, speaker: Speaker): string {
	const [first, second] = chat.staff;
	switch (speaker) {
		case 's':
			return first;
		case 't':
			return second;
		case 'c':
			return chat.customers[0] ?? first;
		case 'd':
			return chat.customers[1] ?? first;
	}
}
