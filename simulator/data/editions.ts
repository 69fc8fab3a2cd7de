import type { Member, World } from './world';

/** A member whose conversations are archived. */
export interface PermittedMember extends Member {
	/** 1 internal, 2 with customers, 3 with voice calls. */
	readonly editions: readonly number[];
}

/** Editions of the members, in turn. */
const EDITIONS: ReadonlyArray<readonly number[]> = [[2, 3], [2], [2], [1]];

/** Every member of the corp with the editions bought for it. */
export function permittedMembers({ members }: World): PermittedMember[] {
	return members.map((member, index) => ({
		...member,
		editions: EDITIONS[index % EDITIONS.length] as readonly number[],
	}));
}
