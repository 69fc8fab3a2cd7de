import { pictureFile, seconds, senderName, type Kind } from './kind';

const TEAM = ['internal_group'] as const;
const HOUR = 3600;

/** `YYYY-MM-DD HH:mm:ss` on the clock of Beijing, as the archive writes it. */
function beijingTime(ms: number): string {
	return new Date(ms + 8 * HOUR * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** A to-do. */
export const todo: Kind = {
	where: TEAM,
	body: ({ random }) => ({
		todo: { title: '待办', content: `跟进订单 YS${random.digits(10)} 的换新` },
	}),
};

/** A vote: votetype 101 starts it, 102 takes part. */
export const vote: Kind = {
	where: TEAM,
	body: ({ random }) => ({
		vote: {
			votetitle: '团建去哪里?',
			voteitem: ['莫干山', '千岛湖', '留在公司喝咖啡'],
			votetype: random.pick([101, 102]),
			voteid: random.hex(32),
		},
	}),
};

/** A form. */
export const collect: Kind = {
	where: TEAM,
	body: (scene) => ({
		collect: {
			room_name: '销售部',
			creator: scene.from,
			create_time: beijingTime(scene.at),
			title: '本周拜访登记',
			details: [
				{ id: 1, ques: '客户名称', type: 'Text' },
				{ id: 2, ques: '预计金额', type: 'Number' },
				{ id: 3, ques: '拜访日期', type: 'Date' },
				{ id: 4, ques: '拜访时间', type: 'Time' },
			],
		},
	}),
};

/** A red packet among colleagues; totalamount in 分. */
export const redpacket: Kind = {
	where: TEAM,
	body: ({ random }) => ({
		redpacket: {
			type: random.int(1, 3),
			wish: '恭喜发财,大吉大利',
			totalcnt: random.int(1, 8),
			totalamount: random.int(1, 200) * 100,
		},
	}),
};

/** A red packet to customers; its body key is `redpacket`. */
export const externalRedpacket: Kind = {
	where: ['customer_group'],
	by: 'staff',
	body: ({ random }) => ({
		redpacket: {
			type: random.int(1, 2),
			wish: '感谢支持云杉咖啡🧧',
			totalcnt: random.int(2, 20),
			totalamount: random.int(5, 100) * 100,
		},
	}),
};

/** A meeting; times in seconds. */
export const meeting: Kind = {
	where: TEAM,
	body: (scene) => ({
		meeting: {
			topic: '周例会',
			starttime: seconds(scene) + 2 * HOUR,
			endtime: seconds(scene) + 3 * HOUR,
			address: '3 楼大会议室',
			remarks: `${senderName(scene)}主持`,
			meetingid: Number(scene.random.digits(12)),
		},
	}),
};

/** Somebody joined (1) or the meeting ended (2); its body key is `info`. */
export const meetingNotification: Kind = {
	where: TEAM,
	body: (scene) => {
		const type = scene.random.int(1, 2);
		return {
			info: {
				content: type === 1 ? `${senderName(scene)}加入了会议` : '会议已结束',
				meeting_id: scene.random.digits(19),
				notification_type: type,
			},
		};
	},
};

/** A calendar entry; times in seconds. */
export const calendar: Kind = {
	where: TEAM,
	body: (scene) => ({
		calendar: {
			title: '新品培训',
			creatorname: senderName(scene),
			attendeename: scene.random
				.shuffle(scene.world.members.map((member) => member.name))
				.slice(0, 3),
			starttime: seconds(scene) + 24 * HOUR,
			endtime: seconds(scene) + 26 * HOUR,
			place: '线上',
			remarks: '',
		},
	}),
};

/** Everybody adds a line; its body key is `info`. */
export const solitaire: Kind = {
	where: ['internal_group', 'customer_group'],
	body: ({ random }) => ({
		info: {
			solitaire_type: random.pick([101, 102]),
			solitaire_content: '#接龙\n云南小粒 50 元/包\n\n1. 张伟 2 包\n2. Linda 1 包',
		},
	}),
};

/** A note; its body key is `info`, each item's content is JSON in a string. */
export const note: Kind = {
	where: ['internal_group', 'colleagues'],
	hasFile: true,
	body: (scene) => {
		const picture = pictureFile(scene, 6_000, 40_000);
		return {
			info: {
				items: [
					{ msg_type: 'text', content: JSON.stringify({ content: '客户反馈汇总' }) },
					{ msg_type: 'image', content: JSON.stringify(picture) },
				],
			},
		};
	},
};
