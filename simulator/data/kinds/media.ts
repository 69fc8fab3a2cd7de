import { ANYWHERE, mediaFile, WITH_CUSTOMERS, type Kind } from './kind';

const FILES = [
	['产品报价单2026.xlsx', 'xlsx'],
	['英文说明书 User Manual.pdf', 'pdf'],
	['采购合同-盖章版.pdf', 'pdf'],
	['开票信息.docx', 'docx'],
	['门店照片.zip', 'zip'],
] as const;

/** An uploaded picture. */
export const image: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		return { image: { md5sum, filesize: random.int(20_000, 3_000_000), sdkfileid } };
	},
};

/** A spoken message; play_length in seconds. */
export const voice: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const length = random.int(1, 60);
		return { voice: { md5sum, voice_size: length * 1600, play_length: length, sdkfileid } };
	},
};

/** A video; play_length in seconds. */
export const video: Kind = {
	where: WITH_CUSTOMERS,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const length = random.int(3, 90);
		return { video: { md5sum, filesize: length * 250_000, play_length: length, sdkfileid } };
	},
};

/** A sticker: type 1 is a gif, 2 a png. */
export const emotion: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const side = random.pick([120, 198, 240]);
		const imagesize = random.int(5_000, 400_000);
		const type = random.int(1, 2);
		return { emotion: { type, width: side, height: side, imagesize, md5sum, sdkfileid } };
	},
};

/** A file. */
export const file: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const [filename, fileext] = random.pick(FILES);
		const filesize = random.int(10_000, 20_000_000);
		return { file: { md5sum, filename, fileext, filesize, sdkfileid } };
	},
};

/** Text and pictures in one message; each item's content is JSON in a string. */
export const mixed: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const picture = { md5sum, filesize: random.int(20_000, 900_000), sdkfileid };
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
