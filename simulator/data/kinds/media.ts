import { AMR } from '../../media';
import { ANYWHERE, fileSeed, mediaFile, pictureFile, WITH_CUSTOMERS, type Kind } from './kind';

const FILES = [
	['产品报价单2026.xlsx', 'xlsx', 'zip'],
	['英文说明书 User Manual.pdf', 'pdf', 'pdf'],
	['采购合同-盖章版.pdf', 'pdf', 'pdf'],
	['开票信息.docx', 'docx', 'zip'],
	['门店照片.zip', 'zip', 'zip'],
] as const;

/** An uploaded picture. */
export const image: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => ({ image: pictureFile(scene, 6_000, 40_000) }),
};

/** A spoken message; play_length in seconds. */
export const voice: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => {
		const seed = fileSeed(scene.random);
		const length = scene.random.int(1, 60);
		const size = scene.bytes ?? AMR.head + length * AMR.perSecond;
		const { md5sum, sdkfileid } = mediaFile(scene, seed, 'amr', size);
		return { voice: { md5sum, voice_size: size, play_length: length, sdkfileid } };
	},
};

/** A video; play_length in seconds. */
export const video: Kind = {
	where: WITH_CUSTOMERS,
	hasFile: true,
	body: (scene) => {
		const seed = fileSeed(scene.random);
		const length = scene.random.int(3, 90);
		const filesize = scene.bytes ?? length * 1_000;
		const { md5sum, sdkfileid } = mediaFile(scene, seed, 'mp4', filesize);
		return { video: { md5sum, filesize, play_length: length, sdkfileid } };
	},
};

/** A sticker: type 1 is a gif, 2 a png. */
export const emotion: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => {
		const { random } = scene;
		const seed = fileSeed(random);
		const side = random.pick([120, 198, 240]);
		const drawn = random.int(5_000, 30_000);
		const imagesize = scene.bytes ?? drawn;
		const type = random.int(1, 2);
		const { md5sum, sdkfileid } = mediaFile(
			scene,
			seed,
			type === 1 ? 'gif' : 'png',
			imagesize,
			side,
		);
		return { emotion: { type, width: side, height: side, imagesize, md5sum, sdkfileid } };
	},
};

/** A file. */
export const file: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => {
		const seed = fileSeed(scene.random);
		const [filename, fileext, format] = scene.random.pick(FILES);
		const drawn = scene.random.int(10_000, 90_000);
		const filesize = scene.bytes ?? drawn;
		const { md5sum, sdkfileid } = mediaFile(scene, seed, format, filesize);
		return { file: { md5sum, filename, fileext, filesize, sdkfileid } };
	},
};

/** Text and pictures in one message; each item's content is JSON in a string. */
export const mixed: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => {
		const picture = pictureFile(scene, 6_000, 40_000);
		const text = { content: '安装图在下面👇\n按图接水管就行' };
		return {
			mixed: {
				item: [
					{ type: 'text', content: JSON.stringify(text) },
					{ type: 'image', content: JSON.stringify(picture) },
				],
			},
		};
	},
};
