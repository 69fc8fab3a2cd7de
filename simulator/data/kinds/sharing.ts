import { CITIES, PRODUCTS } from '../dialogues';
import { Random } from '../../random';
import {
	ANYWHERE,
	pictureFile,
	seconds,
	senderName,
	WITH_CUSTOMERS,
	type Kind,
	type Scene,
} from './kind';

const SITE = 'https://www.yunshan-coffee.example';

const PLACES = [
	['云杉咖啡体验店(西溪店)', '浙江省杭州市西湖区文二西路 551 号', 120.0689, 30.2741],
	['余杭 3 号仓', '浙江省杭州市余杭区仓前街道 88 号', 119.9987, 30.2873],
	['拾光咖啡馆', '上海市徐汇区武康路 376 号', 121.4362, 31.2065],
] as const;

/** A web page. */
export const link: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const product = random.pick(PRODUCTS);
		return {
			link: {
				title: `${product} 使用教程`,
				description: '从开箱到第一杯咖啡,五分钟看懂',
				link_url: `${SITE}/guide/${random.int(1, 99)}?from=wecom&lang=zh`,
				image_url: `${SITE}/cover/${random.int(1, 99)}.jpg`,
			},
		};
	},
};

/** A mini program page. */
export const weapp: Kind = {
	where: WITH_CUSTOMERS,
	body: ({ random }) => ({
		weapp: {
			title: `${random.pick(PRODUCTS)} 限时特惠`,
			description: '云杉咖啡官方商城',
			username: `gh_${random.hex(12)}@app`,
			displayname: '云杉咖啡',
			appid: `wx${random.hex(16)}`,
			pagepath: `pages/goods/detail.html?id=${random.int(100, 999)}`,
		},
	}),
};

/** A colleague's card. */
export const card: Kind = {
	where: ['single'],
	by: 'staff',
	body: ({ random, world }) => ({
		card: { corpname: world.corpName, userid: random.pick(world.members).userid },
	}),
};

/** A place on the map, in degrees. */
export const location: Kind = {
	where: ANYWHERE,
	body: ({ random }) => {
		const [title, address, longitude, latitude] = random.pick(PLACES);
		return { location: { longitude, latitude, address, title, zoom: random.int(10, 18) } };
	},
};

/** A WeChat Channels post: feed_type 2 pictures, 4 video, 9 live. */
export const sphfeed: Kind = {
	where: WITH_CUSTOMERS,
	body: ({ random }) => ({
		sphfeed: {
			feed_type: random.pick([2, 4, 9]),
			sph_name: '云杉咖啡',
			feed_desc: '3 分钟学会拉花 #咖啡 #latteart',
		},
	}),
};

/** An online document; its body key is `doc`. */
export const docmsg: Kind = {
	where: ['internal_group', 'colleagues'],
	body: ({ random, from }) => ({
		doc: {
			title: '2026 Q4 客户跟进表',
			link_url: `https://doc.weixin.qq.com/sheet/e3_${random.text(20)}`,
			doc_creator: from,
		},
	}),
};

/** A robot-like markdown note; its body key is `info`. */
export const markdown: Kind = {
	where: ['internal_group'],
	body: (scene) => ({
		info: {
			content: `## 今日战报\n> 销售:**${senderName(scene)}**\n- 成交 <font color="info">${scene.random.int(1, 30)}</font> 单\n- [明细](${SITE}/report)`,
		},
	}),
};

/** A set of articles; its body key is `info`. */
export const news: Kind = {
	where: ['internal_group'],
	body: ({ random }) => ({
		info: {
			item: [
				{
					title: `${random.pick(CITIES)}咖啡展回顾`,
					description: '三天接待 1200 位访客',
					url: `${SITE}/news/${random.int(1, 500)}`,
					picurl: `${SITE}/news/${random.int(1, 500)}.png`,
				},
				{ title: '新品预告', description: '', url: `${SITE}/next`, picurl: '' },
			],
		},
	}),
};

/** A file on the corp's drive; its body key is `info`. */
export const qydiskfile: Kind = {
	where: ['internal_group', 'colleagues'],
	body: ({ random }) => ({
		info: {
			filename: '产品培训课件.pptx',
			url: `https://drive.weixin.qq.com/s?k=${random.text(18)}`,
		},
	}),
};

/** Forwarded messages, a picture among them; msgtime in seconds, content is JSON in a string. */
export const chatrecord: Kind = {
	where: ANYWHERE,
	hasFile: true,
	body: (scene) => ({
		chatrecord: {
			title: '群聊的聊天记录',
			item: [
				{
					type: 'ChatRecordText',
					msgtime: seconds(scene) - 7200,
					content: JSON.stringify({ content: '机器到了,外箱有破损' }),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordImage',
					msgtime: seconds(scene) - 7190,
					content: JSON.stringify(
						pictureFile({ ...scene, random: forwarded(scene) }, 6_000, 40_000),
					),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordLink',
					msgtime: seconds(scene) - 7140,
					content: JSON.stringify({
						title: '破损理赔说明',
						description: '',
						link_url: `${SITE}/claim`,
						image_url: '',
					}),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordText',
					msgtime: seconds(scene) - 7000,
					content: JSON.stringify({ content: '好的,我来联系物流' }),
					from_chatroom: true,
				},
			],
		},
	}),
};

/** Numbers of its own: what is said after this does not depend on them. */
function forwarded({ at, from }: Scene): Random {
	return new Random(at, `forwarded by ${from}`);
}
