/** Words that speak for content people. */
export const POSITIVE = [
	'谢谢',
	'好喝',
	'鼓励',
	'服务真不错',
	'都夸',
	'特别细',
	'太好了',
	'好呀',
	'听起来不错',
	'安静多了',
	'很稳',
	'加油',
	'❤',
	'👍',
	'🙏',
	'👌',
	'😊',
	'💪',
	'Great',
	'Perfect',
	'thanks',
] as const;

/** Words that speak for angry or disappointed people. */
export const NEGATIVE = [
	'什么质量',
	'漏水',
	'全是水',
	'投诉',
	'再出问题',
	'😡',
	'没收到',
	'想退货',
	'不合适',
	'声音很大',
	'慢得离谱',
	'还没动静',
	'别再拖',
	'为什么不',
	'看不太懂',
	'麻烦一点',
	'有点紧',
] as const;

/** Words that the antispam model objects to. */
export const SPAM = {
	political: ['政治谣言', '非法集会', '反动传单'],
	porn: ['色情', '裸聊', '黄色视频'],
} as const;

/** Something people talk about. */
export interface Topic {
	readonly name: string;
	/** One of these in a message, and it is about the topic. */
	readonly words: readonly string[];
	/** What to answer; `{order}` and `{product}` stand for what was mentioned. */
	readonly answers: readonly string[];
}

/** What the corp's people talk about; what weighs most comes first. */
export const TOPICS: readonly Topic[] = [
	{
		name: '质量投诉',
		words: ['漏水', '质量', '投诉', '全是水'],
		answers: [
			'非常抱歉给您带来不便,{product}的问题我们马上安排换新,全程由我跟进。',
			'换新的进度我会在今天下班前回复您,您也可以随时找我。',
		],
	},
	{
		name: '退换货',
		words: ['退货', '换新', '退款', '工单'],
		answers: [
			'退换申请已经收到,{order}签收后 1-3 个工作日原路退款。',
			'请保留原包装,快递员会提前联系您上门取件。',
		],
	},
	{
		name: '发货物流',
		words: ['发货', '快递', '单号', '签收', '驿站', '一周了', '出库'],
		answers: [
			'我马上帮您核实{order}的物流进度,稍后把最新单号发给您。',
			'到货后有任何问题请随时联系我,我们会第一时间处理。',
		],
	},
	{
		name: '询价与优惠',
		words: ['价格', '便宜', '报价', '活动价', '分期', '免息', '底价', '报个价', '打包价'],
		answers: [
			'{product}的活动价可以为您保留三天,需要我现在锁定吗?',
			'如果预算有压力,我们支持 6 期免息,手续当天就能办好。',
		],
	},
	{
		name: '团购与活动',
		words: ['团购', '接龙', '开业', '联名', '豆子', '新产季'],
		answers: [
			'本次活动的明细和截止时间我整理好发给您,确认后即可安排。',
			'同城可以派咖啡师现场支持,您看哪天方便?',
		],
	},
	{
		name: '使用指导',
		words: ['刻度', '说明书', 'manual', '蒸汽棒', '保养', '清洗', '声音很大'],
		answers: [
			'我把{product}的操作视频发给您,照着调整一般就能解决。',
			'如果调整后仍有问题,可以约工程师视频指导。',
		],
	},
	{
		name: '好评反馈',
		words: ['好喝', '服务真不错', '特别细', '太好了'],
		answers: [
			'感谢您的认可!下次新豆到货我第一时间告诉您。',
			'方便的话欢迎把使用感受分享到群里,我们送您一张 20 元券。',
		],
	},
	{
		name: '内部协作',
		words: ['库存', '锁吗', '周报', '本月目标', 'token', '回访', '提测'],
		answers: ['收到,我来跟进,今天下班前同步结果。', '相关单号请发到群里,方便大家一起核对。'],
	},
];

/** The words of a list that are in a text. */
export function wordsIn(text: string, words: readonly string[]): string[] {
	return words.filter((word) => text.includes(word));
}
