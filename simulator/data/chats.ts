import type { Random } from '../random';
import type { ChatKind } from './dialogues';
import type { Customer, Group, World } from './world';

/** A place where people talk, and who talks there now. */
export interface Chat {
	readonly kind: ChatKind;
	/** "" where it is not a group. */
	readonly roomid: string;
	/** Whether customers take part. */
	readonly external: boolean;
	/** Everybody in it. */
	readonly everybody: readonly string[];
	/** Two members who speak (the same one twice in a single chat with a customer). */
	readonly staff: readonly [string, string];
	/** Two customers who speak; empty among colleagues. */
	readonly customers: readonly string[];
	/** How the members call the (first) customer. */
	readonly customerName: string;
}

function singleWith(customer: Customer): Chat {
	const id = customer.externalUserid;
	return {
		kind: 'single',
		roomid: '',
		external: true,
		everybody: [customer.owner, id],
		staff: [customer.owner, customer.owner],
		customers: [id, id],
		customerName: customer.name,
	};
}

function inGroup(random: Random, world: World, group: Group): Chat {
	const everybody = group.members.map((member) => member.id);
	const isStaff = new Set(world.members.map((member) => member.userid));
	const staff = random.shuffle(everybody.filter((id) => isStaff.has(id)));
	const customers = random.shuffle(everybody.filter((id) => !isStaff.has(id))).slice(0, 2);
	return {
		kind: group.internal ? 'internal_group' : 'customer_group',
		roomid: group.roomid,
		external: !group.internal,
		everybody,
		staff: [staff[0] as string, staff[1] as string],
		customers,
		customerName: random.pick(world.customers).name,
	};
}

/**
 * The chat with that id: the roomid of a group, the external_userid of a customer, or the userid of
 * a member who talks to a colleague.
 *
 * @throws RangeError when there is none
 */
export function chatOf(random: Random, world: World, chatId: string): Chat {
	const group = world.groups.find((one) => one.roomid === chatId);
	if (group !== undefined) return inGroup(random, world, group);
	const customer = world.customers.find((one) => one.externalUserid === chatId);
	if (customer !== undefined) return singleWith(customer);
	if (!world.members.some((member) => member.userid === chatId)) {
		throw new RangeError(`no chat ${chatId}`);
	}
	return colleagues(random, world, chatId);
}

function colleagues(random: Random, world: World, first?: string): Chat {
	const shuffled = random.shuffle(world.members.map((member) => member.userid));
	const [one, other] =
		first === undefined ? shuffled : [first, ...shuffled.filter((id) => id !== first)];
	const pair: [string, string] = [one as string, other as string];
	return {
		kind: 'colleagues',
		roomid: '',
		external: false,
		everybody: pair,
		staff: pair,
		customers: [],
		customerName: random.pick(world.customers).name,
	};
}

/** A chat of that kind with people who are archived. */
export function pickChat(random: Random, world: World, kind: ChatKind): Chat {
	switch (kind) {
		case 'single':
			return singleWith(random.pick(world.customers.filter((customer) => customer.agrees)));
		case 'customer_group':
		case 'internal_group': {
			const internal = kind === 'internal_group';
			const groups = world.groups.filter((group) => group.internal === internal);
			return inGroup(random, world, random.pick(groups));
		}
		case 'colleagues':
			return colleagues(random, world);
	}
}

/** The single chat of somebody who does not let it be archived. */
export function pickRefusingChat(random: Random, world: World): Chat {
	return singleWith(random.pick(world.customers.filter((customer) => !customer.agrees)));
}
