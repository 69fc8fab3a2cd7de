import type { Archive } from './archive';
import type { World } from './data/world';
import { readRecord, TYPE, type ArchivedMessage } from './messages';
import { moodOf, type Mood } from './models/sentiment';

/** A conversation that models can be asked about. */
export interface ChatSummary {
	/**
	 * roomid of a group, external_userid of a customer, or userid of a member for what that member
	 * and colleagues say to each other in single chats.
	 */
	readonly chatId: string;
	/** Of the group, the customer or the member. */
	readonly name?: string;
	readonly firstSeq: bigint;
	readonly lastSeq: bigint;
	/** How many there are between the two, of any type. */
	readonly messages: number;
	/** What the sentiment model says about all of it. */
	readonly mood: Mood;
}

/** The archive, sorted by conversation. */
export class Chats {
	private readonly names: ReadonlyMap<string, string>;
	private readonly customers: ReadonlySet<string>;

	constructor(
		private readonly archive: Archive,
		world: World,
	) {
		this.customers = new Set(world.customers.map((customer) => customer.externalUserid));
		this.names = new Map([
			...world.members.map(({ userid, name }) => [userid, name] as const),
			...world.customers.map(({ externalUserid, name }) => [externalUserid, name] as const),
			...world.groups.map(({ roomid, name }) => [roomid, name] as const),
		]);
	}

	/** Every message, by seq. */
	all(): ArchivedMessage[] {
		return this.archive.truth.map(readRecord).filter((message) => message !== undefined);
	}

	/** The messages of a chat between two seqs, both included, of any type. */
	messages(chatId: string, begin: bigint, end: bigint): ArchivedMessage[] {
		return this.all().filter(
			(message) =>
				message.seq >= begin && message.seq <= end && this.idsOf(message).includes(chatId),
		);
	}

	/** What the models read: {@link messages} that are text. */
	texts(chatId: string, begin: bigint, end: bigint): ArchivedMessage[] {
		return this.messages(chatId, begin, end).filter(({ type }) => type === TYPE.text);
	}

	/** Every chat in which there is text, in the order of their first messages. */
	list(): ChatSummary[] {
		const byChat = new Map<string, ArchivedMessage[]>();
		for (const message of this.all()) {
			for (const id of this.idsOf(message)) {
				const messages = byChat.get(id);
				if (messages === undefined) byChat.set(id, [message]);
				else messages.push(message);
			}
		}
		return [...byChat]
			.filter(([, messages]) => messages.some(({ type }) => type === TYPE.text))
			.map(([chatId, messages]) => this.summaryOf(chatId, messages));
	}

	/** The chats a message is in: one, or two where colleagues talk to each other. */
	idsOf({ from, to, roomid }: ArchivedMessage): string[] {
		if (roomid !== '') return [roomid];
		const everybody = [from, ...to];
		const customer = everybody.find((id) => this.isCustomer(id));
		return customer === undefined ? everybody : [customer];
	}

	/** The chat of a message as its sender sees it. */
	idOf(message: ArchivedMessage): string {
		const ids = this.idsOf(message);
		return ids.find((id) => id !== message.from) ?? message.from;
	}

	/** Whether somebody is a customer rather than a member. */
	isCustomer(id: string): boolean {
		return this.customers.has(id);
	}

	/** Name of a member, customer or group; the id itself for anybody else. */
	nameOf(id: string): string {
		return this.names.get(id) ?? id;
	}

	private summaryOf(chatId: string, messages: readonly ArchivedMessage[]): ChatSummary {
		const first = messages[0] as ArchivedMessage;
		const last = messages.at(-1) as ArchivedMessage;
		const texts = messages.filter(({ type }) => type === TYPE.text);
		return {
			chatId,
			...(this.names.has(chatId) ? { name: this.nameOf(chatId) } : {}),
			firstSeq: first.seq,
			lastSeq: last.seq,
			messages: messages.length,
			mood: moodOf(texts, (id) => this.isCustomer(id)).mood,
		};
	}
}
