import type { Random } from '../../random';
import type { Chat } from '../chats';
import type { ChatKind } from '../dialogues';
import type { World } from '../world';

/** Fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The moment in which a message is made. */
export interface Scene {
	readonly random: Random;
	readonly world: World;
	readonly chat: Chat;
	/** Who sends it. */
	readonly from: string;
	/** unix ms. */
	readonly at: number;
	/** msgid of something the sender said here before. */
	readonly earlierMsgid: string;
}

/** How one type of message comes about. */
export interface Kind {
	/** Where it is sent. */
	readonly where: readonly ChatKind[];
	/** Who sends it; anybody when absent. */
	readonly by?: 'staff' | 'customer';
	/** Only by customers who refuse the archive (a disagree record). */
	readonly refusing?: true;
	/** `send` when absent. */
	readonly action?: 'recall';
	/** The type has no roomid field. */
	readonly noRoom?: true;
	/** The fields after msgtype. */
	readonly body: (scene: Scene) => Fields;
}

/** Every place. */
export const ANYWHERE: readonly ChatKind[] = [
	'single',
	'customer_group',
	'internal_group',
	'colleagues',
];

/** Every place with customers. */
export const WITH_CUSTOMERS: readonly ChatKind[] = ['single', 'customer_group'];

/** The name of the sender's account's owner, for titles. */
export function senderName(scene: Scene): string {
	return scene.world.members.find((member) => member.userid === scene.from)?.name ?? '客户';
}

/** unix seconds of the scene. */
export function seconds(scene: Scene): number {
	return Math.floor(scene.at / 1000);
}

/** Where a media file is fetched from: `sdkfileid` and its `md5sum`. */
export function mediaFile(random: Random): { md5sum: string; sdkfileid: string } {
	return { md5sum: random.hex(32), sdkfileid: `CtYBMzA2OTAy${random.text(180)}==` };
}
