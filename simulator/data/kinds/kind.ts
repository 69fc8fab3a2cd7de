import { fileIdOf, mediaMd5, type MediaFormat } from '../../media';
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
	/** Size of its file where one was asked for. */
	readonly bytes?: number | undefined;
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
	/** It carries a file. */
	readonly hasFile?: true;
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

/** A media file as messages name it. */
export interface MediaFile {
	readonly md5sum: string;
	readonly sdkfileid: string;
}

/** What makes a file another than all others. */
export function fileSeed(random: Random): string {
	return random.hex(32) + random.text(180);
}

/**
 * Where a media file is fetched from, and its md5.
 *
 * @param seed - of {@link fileSeed}
 * @param side - width and height of a picture in pixels
 */
export function mediaFile(
	{ at }: Pick<Scene, 'at'>,
	seed: string,
	format: MediaFormat,
	bytes: number,
	side = format === 'jpg' ? 160 : 0,
): MediaFile {
	const sdkfileid = fileIdOf({ format, bytes, side, sentAt: at }, seed);
	return { md5sum: mediaMd5(sdkfileid), sdkfileid };
}

/** A picture of `from` to `to` bytes, as it is named in a message or inside one. */
export function pictureFile(
	scene: Scene,
	from: number,
	to: number,
): MediaFile & { readonly filesize: number } {
	const seed = fileSeed(scene.random);
	const drawn = scene.random.int(from, to);
	const filesize = scene.bytes ?? drawn;
	const { md5sum, sdkfileid } = mediaFile(scene, seed, 'jpg', filesize);
	return { md5sum, filesize, sdkfileid };
}
