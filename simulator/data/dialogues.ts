import type { Random } from '../random';

/** Who speaks: a customer, another customer, a member, another member. */
export type Speaker = 'c' | 'd' | 's' | 't';

/** One line of a dialogue; `{word}` stands for a value that {@link makeTopic} fills in. */
export type Turn = readonly [Speaker, string];

const SINGLE: ReadonlyArray<readonly Turn[]> = [
	[
		['c', '你好,请问{product}现在什么价格?'],
		['s', '您好!{product}目前活动价 {price} 元,含一年质保,包邮到{city}~'],
		['c', '还能便宜点吗?我看别家报 {lower}'],
		['s', '这个价格已经是底价了😂 不过可以送您两包意式拼配豆'],
		['c', '那我要 {count} 台,发票能开专票吗'],
		['s', '可以开 13% 增值税专票,麻烦把开票信息发我一下'],
		['c', '好的,稍后发你'],
	],
	[
		['c', '订单 {order} 什么时候发货?'],
		['s', '您好,我帮您查一下,稍等'],
		['s', '已经出库了,{express}单号 {tracking},预计{day}到{city}'],
		['c', '收到,谢谢🙏'],
		['s', '不客气,到货后有任何问题随时找我'],
	],
	[
		['c', '你们的咖啡机用了三天就漏水,什么质量啊!'],
		['s', '非常抱歉给您带来不好的体验,方便拍个视频给我看一下漏水位置吗?'],
		['c', '已经拍了,台面全是水😡'],
		['s', '看到了,应该是冲煮头密封圈的问题。我们马上安排寄新的密封圈,或者您选择换新机'],
		['c', '我要换新机,不要修'],
		['s', '没问题,给您登记换新,工单号 {order},{day}上门取件'],
		['c', '再出问题我就要投诉退款了'],
		['s', '理解您的心情,这次换新我全程跟进,绝不会让您再跑一趟'],
	],
	[
		['c', '东西收到啦,咖啡超好喝❤️'],
		['s', '太好了!您喜欢就是最大的鼓励😊'],
		['c', '奶泡打得特别细,我老公都夸'],
		['s', '蒸汽棒记得每次用完擦干净哦,保养好可以用很多年'],
		['c', '好的,谢谢你,服务真不错👍'],
	],
	[
		['c', 'Hi, do you ship the {product} to Shanghai Free Trade Zone?'],
		['s', 'Yes, we do. Delivery takes 3-5 working days.'],
		['c', 'Great. Can I get an English manual? 中文看不太懂 haha'],
		['s', 'Sure, 我稍后把英文版说明书 PDF 发给您'],
		['c', 'Perfect, thanks!'],
	],
	[
		['s', '{customer}您好,上次看的{product}考虑得怎么样了?'],
		['c', '还在和合伙人商量,预算有点紧'],
		['s', '我们可以分 6 期免息,每期大概 {part} 元'],
		['c', '分期听起来不错,需要什么资料?'],
		['s', '营业执照和法人身份证就可以,审批一般当天出结果'],
		['c', '行,明天发你'],
		['s', '好的,我先帮您把活动价锁住,保留到{day}'],
	],
	[
		['c', '想退货,{product}和我的柜子尺寸不合适'],
		['s', '七天无理由可以退的,机器有使用过吗?'],
		['c', '没有,包装都没拆'],
		['s', '好的,退货地址:浙江省杭州市余杭区仓前街道 88 号 3 仓,寄到付就行'],
		['c', '退款多久到账?'],
		['s', '签收后 1-3 个工作日原路退回 {price} 元'],
		['c', '好'],
	],
	[
		['c', '磨豆机声音很大,正常吗?'],
		['s', '您把刻度调到多少?有没有豆子卡在里面'],
		['c', '刻度 5'],
		['s', '5 偏细了,建议意式调到 8 左右,先空转两秒清一下'],
		['c', '调了,安静多了,原来是我不会用😅'],
		['s', '哈哈没关系,我把调磨视频发给您'],
	],
	[
		['c', '在吗'],
		['s', '在的,您请说'],
		['c', '我的电话换了,新号 138****{tail},订单里帮我改一下'],
		['s', '已经改好了,订单 {order}'],
		['c', 'ok'],
	],
	[
		['c', '门店想做个开业活动,你们有没有合作方案?'],
		['s', '有的,满 {count} 箱豆子送联名杯,还可以派咖啡师现场支持半天'],
		['c', '联名杯可以印我们 logo 吗'],
		['s', '可以,200 个起印,打样 3 天,大货 10 天'],
		['c', '报个价吧,开业时间定在{day}'],
		['s', '200 个杯子 + {count} 箱豆子,打包价 {price} 元,明细表发您邮箱了'],
		['c', '收到,我看看'],
	],
	[
		['c', '快递显示签收了,但是我没收到!单号 {tracking}'],
		['s', '您别着急,我马上联系{express}网点核实'],
		['s', '查到了,放在小区门口的驿站,取件码 {tail}'],
		['c', '为什么不打电话就放驿站……下次请送货上门'],
		['s', '抱歉,我已经反馈给快递,并给您的账号备注“必须上门”'],
		['c', '嗯,辛苦了'],
	],
	[
		['s', '{customer}早上好☀️ 云南小粒新产季到了,给您留了一包尝鲜'],
		['c', '好呀,什么风味?'],
		['s', '水洗处理,红糖、柑橘、一点茶感,浅中烘'],
		['c', '来 {count} 包,微信转你?'],
		['s', '可以,一共 {part} 元'],
		['c', '转了,查收'],
		['s', '收到,今天下午就发🚚'],
	],
];

const CUSTOMER_GROUP: ReadonlyArray<readonly Turn[]> = [
	[
		['s', '@所有人 本周团购:{product} 到手 {price} 元,接龙截止{day}晚 8 点'],
		['c', '+1'],
		['d', '我要两台,发{city}可以吗'],
		['s', '可以的,统一{express}发出'],
		['c', '上次的豆子还有吗?想再拼 {count} 包'],
		['s', '有,一起接龙就行👌'],
	],
	[
		['c', '有人用过{product}吗?值不值得入'],
		['d', '我用了半年,出品很稳,就是清洗麻烦一点'],
		['c', '谢谢~ 那我再看看'],
		['s', '现在下单送清洁套装,清洗会方便很多😊'],
		['d', '早知道我也等活动了哈哈哈'],
	],
	[
		['c', '群里有没有客服?我的订单 {order} 一周了还没动静'],
		['s', '抱歉让您久等,我私信您处理'],
		['d', '我也是,慢得离谱'],
		['s', '仓库这两天在盘点,最晚{day}全部发出,延误的每单补 20 元券'],
		['c', '好吧,希望别再拖了'],
	],
];

const INTERNAL: ReadonlyArray<readonly Turn[]> = [
	[
		['s', '{product}库存还剩多少?'],
		['t', '杭州仓 {count} 台,{city}在途 20 台'],
		['s', '有个客户要 {count} 台,今天能锁吗'],
		['t', '可以,提个单我来锁'],
		['s', '单号 {order},辛苦'],
	],
	[
		['s', '{customer}那个漏水的投诉谁在跟?'],
		['t', '我在跟,换新单已提,{day}取件'],
		['s', '回访一下,别升级到 12315'],
		['t', '好的,今天下班前给结果'],
	],
	[
		['s', '周报记得今天 18:00 前交'],
		['t', '收到'],
		['s', '本月目标完成 83%,还差 {price},大家冲一冲💪'],
		['t', '加油加油!'],
	],
	[
		['s', 'API 对接那边说 token 过期时间是 7200s,我们要提前刷新'],
		['t', 'OK, I will add a cache. 下午提测'],
		['s', '好,测完同步到群里'],
	],
];

/** Where a conversation happens, see {@link Chat}. */
export type ChatKind = 'single' | 'customer_group' | 'internal_group' | 'colleagues';

const DIALOGUES: Readonly<Record<ChatKind, ReadonlyArray<readonly Turn[]>>> = {
	single: SINGLE,
	customer_group: CUSTOMER_GROUP,
	internal_group: INTERNAL,
	colleagues: INTERNAL,
};

/** Things the corp sells. */
export const PRODUCTS = [
	'半自动咖啡机 E1',
	'磨豆机 G3',
	'商用双头机 Pro',
	'冷萃桶 5L',
	'胶囊机 mini',
];
/** Places goods go to. */
export const CITIES = ['上海', '成都', '深圳', '苏州', '西安', '武汉'];
const EXPRESS = ['顺丰', '京东物流', '中通'];
const DAYS = ['明天', '后天', '周五', '下周一', '15 号'];

/** A dialogue with its values filled in. */
export function makeTopic(random: Random, kind: ChatKind, customerName: string): Turn[] {
	const price = random.int(8, 120) * 100;
	const values: Readonly<Record<string, string>> = {
		product: random.pick(PRODUCTS),
		price: String(price),
		lower: String(price - random.int(1, 5) * 50),
		part: String(Math.ceil(price / 6)),
		count: String(random.int(2, 12)),
		order: `YS${random.digits(10)}`,
		tracking: `SF${random.digits(12)}`,
		tail: random.digits(4),
		city: random.pick(CITIES),
		express: random.pick(EXPRESS),
		day: random.pick(DAYS),
		customer: customerName,
	};
	return random
		.pick(DIALOGUES[kind])
		.map(([speaker, line]) => [
			speaker,
			line.replace(/\{(\w+)\}/g, (_, word: string) => values[word] ?? ''),
		]);
}
