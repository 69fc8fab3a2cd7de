import { ALPHANUMERIC, Random } from '../random';

/** A colleague: `userid` is the account name in the corp. */
export interface Member {
	readonly userid: string;
	/** `wo…`: the same person as the apps of a provider know it (document path 96516). */
	readonly openUserid: string;
	readonly name: string;
}

/** A customer: a WeChat user (`wm…`) whom one member looks after. */
export interface Customer {
	readonly externalUserid: string;
	readonly name: string;
	/** userid of the member who added the customer. */
	readonly owner: string;
	/** Whether the customer lets conversations be archived. */
	readonly agrees: boolean;
	/** When that was decided, unix seconds. */
	readonly decidedAt: number;
}

/** A group chat (`wr…`); internal when nobody in it is a customer. */
export interface Group {
	readonly roomid: string;
	readonly name: string;
	readonly notice: string;
	readonly internal: boolean;
	/** userid of its creator, who is in it. */
	readonly creator: string;
	/** unix seconds. */
	readonly createdAt: number;
	/** userids and external_userids, with the moment each joined in unix seconds. */
	readonly members: ReadonlyArray<{ readonly id: string; readonly joinedAt: number }>;
}

/** A robot in groups (`wb…`). */
export interface Robot {
	readonly robotId: string;
	readonly name: string;
	/** userid of the member who made it. */
	readonly creator: string;
}

/** A part of the corp; 1 is the whole. */
export interface Department {
	readonly id: number;
	readonly name: string;
	/** userids of everybody in it. */
	readonly members: readonly string[];
}

/** A label for customers. */
export interface Tag {
	readonly tagId: string;
	readonly name: string;
	/** A customer who uses these has it. */
	readonly words: readonly string[];
}

/** Labels of which a customer has at most one. */
export interface TagGroup {
	readonly groupId: string;
	readonly name: string;
	readonly tags: readonly Tag[];
}

/** Which of Tencent's samples a program was made from, which decides the form of its requests. */
export type ProgramStyle = 'java' | 'python';

/** The one corp of a simulator. */
export interface World {
	readonly corpId: string;
	readonly corpSecret: string;
	readonly corpName: string;
	readonly suiteId: string;
	/** program_ids of the corp's two programs in the data zone, by style. */
	readonly programs: Readonly<Record<ProgramStyle, string>>;
	/** The ability of the general model with its prompt, as the console gives it. */
	readonly promptAbilityId: string;
	/** Callback Token: letters and digits, at most 32. */
	readonly callbackToken: string;
	/** 43 letters and digits. */
	readonly encodingAesKey: string;
	readonly members: readonly Member[];
	readonly departments: readonly Department[];
	readonly customers: readonly Customer[];
	readonly groups: readonly Group[];
	readonly robots: readonly Robot[];
	readonly tagGroups: readonly TagGroup[];
}

const DAY = 86_400;

/** The id of a member as the apps of a provider know it; any other id as it is. */
export function openIdOf({ members }: World, id: string): string {
	return members.find(({ userid }) => userid === id)?.openUserid ?? id;
}

/** The account behind an `wo…` id; undefined for an id that no member has, a plain userid say. */
export function useridOf({ members }: World, openUserid: string): string | undefined {
	return members.find((member) => member.openUserid === openUserid)?.userid;
}

/** Some accounts are Chinese, as corps that imported their staff early still have. */
const MEMBERS: ReadonlyArray<Pick<Member, 'userid' | 'name'>> = [
	{ userid: 'zhangwei', name: '张伟' },
	{ userid: 'LiNa', name: '李娜' },
	{ userid: '王小明', name: '王小明' },
	{ userid: 'chen.jing', name: '陈静' },
	{ userid: 'Kevin_Zhao', name: '赵凯文' },
	{ userid: '刘洋', name: '刘洋' },
	{ userid: 'emma-sun', name: '孙艾玛' },
	{ userid: 'zhouqiang@yunshan', name: '周强' },
];

const DEPARTMENTS: readonly Department[] = [
	{ id: 1, name: '云杉咖啡', members: MEMBERS.map((member) => member.userid) },
	{ id: 2, name: '销售部', members: MEMBERS.slice(0, 5).map((member) => member.userid) },
	{ id: 3, name: '客服部', members: MEMBERS.slice(5).map((member) => member.userid) },
];

/** Names of groups and tags, with the words that speak for a tag. */
const TAG_GROUPS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
	购买意向: {
		高意向: ['我要', '报个价', '什么价格', '接龙', '转了', '分期', '+1'],
		观望: ['考虑', '商量', '值不值得', '再看看', '我看看'],
		已流失: ['退货', '退款多久'],
	},
	客户关注: {
		价格: ['便宜', '价格', '预算', '底价', '报价'],
		物流: ['发货', '快递', '单号', '签收', '驿站'],
		质量: ['漏水', '质量', '声音很大', '尺寸'],
		服务: ['服务', '说明书', '发票', '专票'],
	},
	客户类型: {
		门店客户: ['门店', '开业', '合伙人', 'logo'],
		海外客户: ['English', 'Shanghai Free Trade Zone', 'Perfect'],
		家庭用户: ['老公', '柜子', '奶泡'],
	},
};

const ROBOTS = ['库存播报', '工单提醒'];

const CUSTOMER_NAMES = [
	'何女士',
	'吴先生(拾光咖啡馆)',
	'Linda 林',
	'郑老板',
	'小鹿🦌',
	'徐佳怡',
	'马建国',
	'Tony',
	'西湖民宿-阿芳',
	'高翔',
	'云上书店',
	'Grace Huang',
	'罗师傅',
	'唐唐',
	'城南旧事茶饮',
	'David Miller',
	'杨姐烘焙',
	'沈一诺',
	'彭总',
	'Momo☕',
];

/** Base64 digits whose low two bits are 0: the last of 43 carries only four bits of the key. */
const LAST_KEY_DIGITS = 'AEIMQUYcgkosw048';

function makeCustomers(random: Random, now: number): Customer[] {
	return CUSTOMER_NAMES.map((name, index) => ({
		externalUserid: `wmYSkf${random.text(26)}`,
		name,
		owner: (MEMBERS[index % MEMBERS.length] as (typeof MEMBERS)[number]).userid,
		agrees: index % 7 !== 6,
		decidedAt: now - random.int(10, 300) * DAY,
	}));
}

function makeTagGroups(random: Random): TagGroup[] {
	return Object.entries(TAG_GROUPS).map(([name, tags]) => ({
		groupId: `etYSkf${random.text(26)}`,
		name,
		tags: Object.entries(tags).map(([tag, words]) => ({
			tagId: `etYSkf${random.text(26)}`,
			name: tag,
			words,
		})),
	}));
}

function makeGroup(
	random: Random,
	now: number,
	about: Pick<Group, 'name' | 'notice' | 'internal'>,
	memberIds: readonly string[],
): Group {
	const createdAt = now - random.int(60, 400) * DAY;
	return {
		...about,
		roomid: `wrYSkf${random.text(26)}`,
		creator: memberIds[0] as string,
		createdAt,
		members: memberIds.map((id, index) => ({
			id,
			joinedAt: index === 0 ? createdAt : createdAt + random.int(60, 30 * DAY),
		})),
	};
}

/**
 * Makes the corp: 8 members in three departments, 20 customers, two groups with customers and one
 * of colleagues, three groups of tags.
 *
 * @param seed - same seed, same names, ids and secrets
 * @param nowMs - moment that creation times are counted back from
 */
export function makeWorld(seed: number, nowMs: number): World {
	const random = new Random(seed, 'world');
	const now = Math.floor(nowMs / 1000);
	const corp = {
		corpId: `ww${random.hex(16)}`,
		corpSecret: random.text(43, `${ALPHANUMERIC}-_`),
		corpName: '杭州云杉咖啡设备有限公司',
		suiteId: `ww${random.hex(16)}`,
		callbackToken: random.text(24),
		encodingAesKey: random.text(42) + random.text(1, LAST_KEY_DIGITS),
	};
	const customers = makeCustomers(random, now);
	const staff = MEMBERS.map((member) => member.userid);
	const consenting = customers
		.filter((customer) => customer.agrees)
		.map((customer) => customer.externalUserid);
	const groups = [
		makeGroup(
			random,
			now,
			{
				name: '云杉咖啡·老客户交流群',
				notice: '工作时间 9:00-21:00,售后请先发订单号',
				internal: false,
			},
			[...staff.slice(0, 3), ...consenting.slice(0, 9)],
		),
		makeGroup(
			random,
			now,
			{ name: '咖啡豆团购 2 群', notice: '每周三截单,周五发货 🚚', internal: false },
			[...staff.slice(3, 5), ...consenting.slice(9)],
		),
		makeGroup(
			random,
			now,
			{ name: '销售部', notice: '周一 9:30 例会;客户投诉 2 小时内响应', internal: true },
			staff,
		),
	];
	const programs = { java: `prog${random.text(14)}`, python: `prog${random.text(14)}` };
	const tagGroups = makeTagGroups(random);
	const openIds = new Random(seed, 'open userids');
	const robotIds = new Random(seed, 'robots');
	const robots = ROBOTS.map((name, index) => ({
		robotId: `wbYSkf${robotIds.text(26)}`,
		name,
		creator: staff[index] as string,
	}));
	return {
		...corp,
		programs,
		promptAbilityId: `prompt${new Random(seed, 'prompt ability').text(14)}`,
		members: MEMBERS.map((member) => ({ ...member, openUserid: `woYSkf${openIds.text(26)}` })),
		departments: DEPARTMENTS,
		customers,
		groups,
		robots,
		tagGroups,
	};
}
