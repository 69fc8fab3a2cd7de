import { randomBytes } from 'node:crypto';
import { Codes } from './codes';
import type { Customer, World } from './data/world';
import { Random } from './random';
import { Refusal } from './refusal';

/** An acquisition link as the APIs write it. */
export interface LinkBody {
	readonly link_name: string;
	readonly range: { readonly user_list?: string[]; readonly department_list?: number[] };
	readonly skip_verify: boolean;
	readonly mark_source: boolean;
	readonly priority_option?: {
		readonly priority_type: number;
		readonly priority_userid_list?: string[];
	};
}

/** A link as it is kept. */
export interface AcquisitionLink {
	readonly linkId: string;
	readonly url: string;
	/** unix seconds. */
	readonly createdAt: number;
	readonly body: LinkBody;
}

/** Somebody who came through a link. */
export interface AcquiredCustomer {
	readonly externalUserid: string;
	/** userid of the member who has the customer as a contact. */
	readonly userid: string;
	/** 0 no message yet, 1 wrote, 2 unknown. */
	readonly chatStatus: number;
	/** customer_channel of the link that was opened; "" without. */
	readonly state: string;
	/** unix seconds. */
	readonly addedAt: number;
}

/** A customer whom the provider paid for. */
export interface Bill extends AcquiredCustomer {
	/** Absent once the link is deleted. */
	readonly linkId?: string;
}

/** What is behind a ChatKey. */
export interface AcquiredChat {
	readonly linkId: string;
	readonly customer: AcquiredCustomer;
	/** How many messages the customer wrote. */
	readonly messages: number;
}

const DAY = 86_400;
const CHAT_KEY_SECONDS = 1800;
const QUOTA = 1000;
/** How many customers each of the links came with. */
const SEEDED: ReadonlyArray<readonly [name: string, customers: number]> = [
	['门店海报', 73],
	['公众号菜单', 41],
	['深圳咖啡展', 18],
];
const CHANNELS = ['booth_1', 'booth_2', 'poster', 'wechat_menu', ''];
/** Visits for each customer that came of them. */
const CLICKS_PER_CUSTOMER = 3;

/** The acquisition links of the app, and who came through them. */
export class Acquisition {
	/** Of those the corp gave to the component. */
	readonly authorized: readonly string[];
	private readonly byId = new Map<string, AcquisitionLink>();
	private readonly came = new Map<string, readonly AcquiredCustomer[]>();
	private readonly chatKeys: Codes<AcquiredChat>;

	/**
	 * @param seed - same seed, same links and customers
	 * @param now - clock in ms
	 */
	constructor(
		private readonly world: World,
		seed: number,
		private readonly now: () => number,
	) {
		const random = new Random(seed, 'acquisition');
		this.chatKeys = new Codes(new Random(seed, 'chat keys'), CHAT_KEY_SECONDS, now);
		for (const [name, count] of SEEDED) this.addSeeded(random, name, count);
		this.authorized = [...this.byId.keys()];
	}

	/** All links, oldest first. */
	get links(): AcquisitionLink[] {
		return [...this.byId.values()];
	}

	/** Makes a link. */
	create(body: LinkBody): AcquisitionLink {
		const linkId = `cawcde${randomBytes(5).toString('hex')}`;
		const url = `https://work.weixin.qq.com/ca/${linkId}`;
		const link = { linkId, url, createdAt: this.seconds(), body };
		this.byId.set(linkId, link);
		return link;
	}

	/** @throws Refusal 40058 for an unknown id: no code of its own is published */
	get(linkId: string): AcquisitionLink {
		const link = this.byId.get(linkId);
		if (link === undefined) throw new Refusal(40058, 'link_id does not exist');
		return link;
	}

	/**
	 * Puts what is given in the place of what there is.
	 *
	 * @throws Refusal 40058 for an unknown id
	 */
	update(linkId: string, changes: Partial<LinkBody>): void {
		const link = this.get(linkId);
		this.byId.set(linkId, { ...link, body: { ...link.body, ...changes } });
	}

	/** @throws Refusal 40058 for an unknown id */
	delete(linkId: string): void {
		this.get(linkId);
		this.byId.delete(linkId);
	}

	/**
	 * Who came through a link, in the order in which they came.
	 *
	 * @throws Refusal 40058 for an unknown id
	 */
	customers(linkId: string): readonly AcquiredCustomer[] {
		this.get(linkId);
		return this.came.get(linkId) ?? [];
	}

	/**
	 * Visits and new customers from one day to another, both included.
	 *
	 * @param start - unix seconds somewhere in the first day
	 * @throws Refusal 40058 for an unknown id
	 */
	statistics(linkId: string, start: number, end: number): { clicks: number; customers: number } {
		const [first, last] = [dayOf(start), dayOf(end)];
		const customers = this.customers(linkId).filter(({ addedAt }) => {
			const day = dayOf(addedAt);
			return day >= first && day <= last;
		}).length;
		return { clicks: customers * CLICKS_PER_CUSTOMER, customers };
	}

	/**
	 * A customer of a link writes: the ChatKey that message_from_customer would bring, good for 30
	 * minutes.
	 *
	 * @throws RangeError for a link that nobody came through
	 */
	chatKey(linkId: string): string {
		const [customer] = this.came.get(linkId) ?? [];
		if (customer === undefined) throw new RangeError(`nobody came through ${linkId}`);
		return this.chatKeys.issue({ linkId, customer, messages: 1 + (customer.addedAt % 9) });
	}

	/** @throws Refusal 41201 for a ChatKey that is unknown or older than 30 minutes */
	chatOf(chatKey: string): AcquiredChat {
		const found = this.chatKeys.find(chatKey);
		if (found === undefined || found.expired) throw new Refusal(41201);
		return found.value;
	}

	/**
	 * Single-use keys for a link, never the same ones.
	 *
	 * @throws Refusal 40058 for an unknown id
	 */
	createOnceKeys(linkId: string, count: number): string[] {
		this.get(linkId);
		return Array.from({ length: count }, () => randomBytes(16).toString('base64url'));
	}

	/**
	 * Who came between two moments, both included, oldest first.
	 *
	 * @param begin - unix seconds
	 */
	bills(begin: number, end: number): Bill[] {
		return [...this.came]
			.flatMap(([linkId, customers]) =>
				customers.map((one): Bill => (this.byId.has(linkId) ? { ...one, linkId } : one)),
			)
			.filter(({ addedAt }) => addedAt >= begin && addedAt <= end)
			.sort((a, b) => a.addedAt - b.addedAt);
	}

	/** What was used up so far, and what is left until when (unix seconds, midnight in China). */
	quota(): { used: number; parts: ReadonlyArray<{ expires: number; balance: number }> } {
		const used = [...this.came.values()].flat().length;
		const today = dayOf(this.seconds()) * DAY - 8 * 3600;
		const rest = QUOTA - used;
		const soon = Math.floor(rest / 3);
		const parts = [
			{ expires: today + 30 * DAY, balance: soon },
			{ expires: today + 180 * DAY, balance: rest - soon },
		];
		return { used, parts };
	}

	private addSeeded(random: Random, name: string, count: number): void {
		const linkId = `cawcde${random.hex(10)}`;
		const members = this.world.members.slice(0, 3).map(({ userid }) => userid);
		const createdAt = this.seconds() - random.int(60, 120) * DAY;
		this.byId.set(linkId, {
			linkId,
			url: `https://work.weixin.qq.com/ca/${linkId}`,
			createdAt,
			body: {
				link_name: name,
				range: { user_list: members, department_list: [] },
				skip_verify: true,
				mark_source: true,
			},
		});
		const came = Array.from({ length: count }, () => ({
			externalUserid: `wmYSkf${random.text(26)}` satisfies Customer['externalUserid'],
			userid: random.pick(members),
			chatStatus: random.int(0, 2),
			state: random.pick(CHANNELS),
			addedAt: this.seconds() - random.int(0, 59 * DAY),
		})).sort((a, b) => a.addedAt - b.addedAt);
		this.came.set(linkId, came);
	}

	private seconds(): number {
		return Math.floor(this.now() / 1000);
	}
}

/** WeCom's days begin at midnight in China. */
function dayOf(seconds: number): number {
	return Math.floor((seconds + 8 * 3600) / DAY);
}
