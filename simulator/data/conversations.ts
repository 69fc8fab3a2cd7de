import type { Random } from '../random';
import { pickChat, pickRefusingChat, type Chat } from './chats';
import { makeTopic, type ChatKind, type Speaker, type Turn } from './dialogues';
import { FUTURE_TYPE, KINDS, MESSAGE_TYPES, type MessageType } from './kinds';
import type { Fields, Kind } from './kinds/kind';
import type { World } from './world';

/** One message as it is before encryption. */
export interface Message {
	readonly msgid: string;
	readonly fields: Fields;
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
	 * @param type - what to send; by default text most often and everything else in turn
	 */
	next(at: number, type: MessageType = this.nextType()): Message {
		switch (type) {
			case 'text':
				return this.text(at);
			case 'switch':
				return this.switch(at);
			default:
				return this.other(at, type, KINDS[type]);
		}
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

	private other(at: number, type: MessageType, kind: Kind): Message {
		const earlier = kind.action === 'recall' ? this.pickSaid() : undefined;
		const chat = earlier?.chat ?? this.chatFor(kind);
		const from = earlier?.from ?? this.senderFor(chat, kind);
		const scene = {
			random: this.random,
			world: this.world,
			chat,
			from,
			at,
			earlierMsgid: earlier?.msgid ?? this.newMsgid(at - 60_000, chat.external),
		};
		return this.send(at, chat, from, type, kind.body(scene), kind);
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
