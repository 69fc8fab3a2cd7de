import { Random } from '../../../simulator/random';
import { bodyAs, viewMessage, type MessageView } from '../../../wecom/archive/message';
import {
	bodyKeyOf,
	isKnownMessageType,
	MESSAGE_TYPES,
	textOfBody,
	type KnownMessageType,
} from '../../../wecom/archive/messageTypes';
import type { JsonObject, JsonValue } from '../../../wecom/json';

/**
 * Field names and body keys: section "Decrypted message JSON" of the platform document, after
 * https://developer.work.weixin.qq.com/document/path/91774. The values are made up in their style.
 */
interface TypeCase {
	type: KnownMessageType;
	/** Where the body stands; the type's own name when left out. */
	key?: string;
	body: JsonObject;
	text: string | undefined;
	/** What stands in the message beside the body. */
	beside?: JsonObject;
}

const FILE_ID = 'CtYBMzA2OTAyMDEwMjA0NjIzMDYwMDIwMTAwMDIwNGI3ZmU0MDZlMDIwMzBmNTliMQ==';
const MD5 = '50de8e5ae8ffe4f1df7a93841f71993a';
const json = (value: unknown) => JSON.stringify(value);

const CASES: TypeCase[] = [
	{
		type: 'text',
		body: { content: '“王芳：几点开会”\n- - - - -\n三点,12楼 🙂' },
		text: '“王芳：几点开会”\n- - - - -\n三点,12楼 🙂',
	},
	{ type: 'image', body: { md5sum: MD5, filesize: 70961, sdkfileid: FILE_ID }, text: undefined },
	{ type: 'revoke', body: { pre_msgid: '14822339130656386894_1603875609' }, text: undefined },
	{
		type: 'agree',
		body: { userid: 'wmErxtDgAA9AW32YyyuYRimKr7D1KWlw', agree_time: 1603875608000 },
		text: undefined,
	},
	{
		type: 'disagree',
		body: { userid: 'wmErxtDgAA9AW32YyyuYRimKr7D1KWlw', disagree_time: 1603875609000 },
		text: undefined,
	},
	{
		type: 'voice',
		body: { md5sum: MD5, voice_size: 2048, play_length: 10, sdkfileid: FILE_ID },
		text: undefined,
	},
	{
		type: 'video',
		body: { md5sum: MD5, filesize: 15169724, play_length: 108, sdkfileid: FILE_ID },
		text: undefined,
	},
	{
		type: 'card',
		body: { corpname: '微信联系人', userid: 'wmGAgeDQAAy2Dtr0F8aK4dTuatfm-5Rg' },
		text: '微信联系人\nwmGAgeDQAAy2Dtr0F8aK4dTuatfm-5Rg',
	},
	{
		type: 'location',
		body: {
			longitude: 116.586285899,
			latitude: 39.911125799,
			address: '北京市xxx区xxx路xxx大厦x座',
			title: 'xxx管理中心',
			zoom: 15,
		},
		text: 'xxx管理中心\n北京市xxx区xxx路xxx大厦x座',
	},
	{
		type: 'emotion',
		body: { type: 1, width: 290, height: 290, imagesize: 962604, md5sum: MD5, sdkfileid: FILE_ID },
		text: undefined,
	},
	{
		type: 'file',
		body: {
			md5sum: MD5,
			filename: '合同 v2.docx',
			fileext: 'docx',
			filesize: 35181,
			sdkfileid: FILE_ID,
		},
		text: '合同 v2.docx',
	},
	{
		type: 'link',
		body: {
			title: '邀请你加入群聊',
			description: '技术支持群，进入可查看详情',
			link_url: 'https://work.weixin.qq.com/wework_admin/external_room/join',
			image_url: 'https://wework.qpic.cn/wwpic/1',
		},
		text: '邀请你加入群聊\n技术支持群，进入可查看详情',
	},
	{
		type: 'weapp',
		body: {
			title: '开始聊天前请仔细阅读服务须知事项',
			description: '客户需同意存档聊天记录',
			username: 'gh_2d1bcd9f1c0f@app',
			displayname: '服务须知',
			appid: 'wx0123456789abcdef',
			pagepath: 'pages/index.html',
		},
		text: '开始聊天前请仔细阅读服务须知事项\n客户需同意存档聊天记录\n服务须知',
	},
	{
		type: 'chatrecord',
		body: {
			title: '群聊的聊天记录',
			item: [
				{
					type: 'ChatRecordText',
					msgtime: 1603875610,
					content: json({ content: '第一条' }),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordFile',
					msgtime: 1603875611,
					content: json({ filename: '报价.xlsx', fileext: 'xlsx', filesize: 12 }),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordImage',
					msgtime: 1603875612,
					content: json({ md5sum: MD5, filesize: 12, sdkfileid: FILE_ID }),
					from_chatroom: true,
				},
				{
					type: 'ChatRecordLink',
					msgtime: 1603875613,
					content: json({ title: '产品页', description: '全部型号', link_url: 'https://example' }),
					from_chatroom: true,
				},
				{
					type: 'ChatRecordLocation',
					msgtime: 1603875614,
					content: json({ title: '总部', address: '深圳市南山区', zoom: 15 }),
					from_chatroom: false,
				},
				{
					type: 'ChatRecordMixed',
					msgtime: 1603875615,
					content: json({ item: [{ type: 'text', content: json({ content: '图文' }) }] }),
					from_chatroom: false,
				},
			],
		},
		text: '群聊的聊天记录\n第一条\n报价.xlsx\n产品页\n全部型号\n总部\n深圳市南山区\n图文',
	},
	{
		type: 'todo',
		body: { title: '测试待办', content: '周五前提交测试报告' },
		text: '测试待办\n周五前提交测试报告',
	},
	{
		type: 'vote',
		body: {
			votetitle: '年会去哪',
			voteitem: ['三亚', '杭州'],
			votetype: 101,
			voteid: 'WWfD2uBiAAAxi5yJ',
		},
		text: '年会去哪\n三亚\n杭州',
	},
	{
		type: 'collect',
		body: {
			room_name: '这是一个群',
			creator: 'nick',
			create_time: '2019-09-17 19:41:41',
			title: '这是填表标题',
			details: [
				{ id: 1, ques: '表项1，文本', type: 'Text' },
				{ id: 2, ques: '表项2，数字', type: 'Number' },
				{ id: 3, ques: '表项3，日期', type: 'Date' },
			],
		},
		text: '这是填表标题\n表项1，文本\n表项2，数字\n表项3，日期',
	},
	{
		type: 'redpacket',
		body: { type: 1, wish: '恭喜发财，大吉大利', totalcnt: 2, totalamount: 20 },
		text: '恭喜发财，大吉大利',
	},
	{
		type: 'external_redpacket',
		key: 'redpacket',
		body: { type: 2, wish: '感谢信任', totalcnt: 1, totalamount: 888 },
		text: '感谢信任',
	},
	{
		type: 'meeting',
		body: {
			topic: '夕会',
			starttime: 1603877400,
			endtime: 1603881000,
			address: '12楼会议室',
			remarks: '带上周报',
			meetingid: 1210342560,
		},
		text: '夕会\n12楼会议室\n带上周报',
	},
	{
		type: 'meeting_notification',
		key: 'info',
		body: { content: '王芳加入了会议', meeting_id: 1210342560, notification_type: 1 },
		text: '王芳加入了会议',
	},
	{
		type: 'docmsg',
		key: 'doc',
		body: {
			title: '测试&演示客户',
			link_url: 'https://doc.weixin.qq.com/txdoc/excel?docid=xxx',
			doc_creator: 'test',
		},
		text: '测试&演示客户',
	},
	{
		type: 'markdown',
		key: 'info',
		body: { content: '请前往系统查看，谢谢。**加急**' },
		text: '请前往系统查看，谢谢。**加急**',
	},
	{
		type: 'news',
		key: 'info',
		body: {
			item: [
				{ title: 'service', description: '今日天气', url: 'http://example', picurl: 'http://p' },
				{ title: '第二条', description: '', url: 'http://example/2', picurl: '' },
			],
		},
		text: 'service\n今日天气\n第二条',
	},
	{
		type: 'calendar',
		body: {
			title: '客户拜访',
			creatorname: 'LiuNan',
			attendeename: ['WangFang', 'ChenJie'],
			starttime: 1603882800,
			endtime: 1603886400,
			place: '上海',
			remarks: '带样品',
		},
		text: '客户拜访\n上海\n带样品',
	},
	{
		type: 'mixed',
		body: {
			item: [
				{ type: 'text', content: json({ content: '你好[微笑]\n' }) },
				{ type: 'image', content: json({ md5sum: MD5, filesize: 368, sdkfileid: FILE_ID }) },
				{ type: 'text', content: json({ content: '看这张图' }) },
			],
		},
		text: '你好[微笑]\n\n看这张图',
	},
	{
		type: 'meeting_voice_call',
		body: {
			endtime: 1594197635,
			sdkfileid: FILE_ID,
			demofiledata: [
				{
					filename: '65eb1cdd3e7a3c1740ecd74220b6c627.docx',
					demooperator: 'wangshuang',
					starttime: 1594197599,
					endtime: 1594197609,
				},
			],
			sharescreendata: [{ share: 'wangshuang', starttime: 1594197624, endtime: 1594197624 }],
		},
		beside: { voiceid: 'grb8a4c48a3c094a70982c518d55e40557' },
		text: '65eb1cdd3e7a3c1740ecd74220b6c627.docx',
	},
	{
		type: 'voip_doc_share',
		body: {
			filename: '欢迎使用微盘.pdf.pdf',
			md5sum: 'ff893900f24e55e216e617a40e5c4648',
			filesize: 4400654,
			sdkfileid: FILE_ID,
		},
		beside: { voipid: 'gr2751c98b19300571f8afb3b74514bd32' },
		text: '欢迎使用微盘.pdf.pdf',
	},
	{
		type: 'sphfeed',
		body: { feed_type: 4, sph_name: '云游天地旅行家', feed_desc: '瑞士丨盖尔默缆车' },
		text: '云游天地旅行家\n瑞士丨盖尔默缆车',
	},
	{ type: 'voiptext', key: 'info', body: { callduration: 10, invitetype: 2 }, text: undefined },
	{
		type: 'qydiskfile',
		key: 'info',
		body: { filename: '新年计划.pptx', url: 'https://drive.weixin.qq.com/s?k=x' },
		text: '新年计划.pptx',
	},
	{
		type: 'solitaire',
		key: 'info',
		body: { solitaire_type: 102, solitaire_content: '#接龙\n1. 王芳\n2. 陈杰' },
		text: '#接龙\n1. 王芳\n2. 陈杰',
	},
	{
		type: 'note',
		key: 'info',
		body: {
			items: [
				{ msg_type: 'text', content: json({ content: '会议纪要' }) },
				{ msg_type: 'location', content: json({ title: '总部', address: '深圳市' }) },
				{ msg_type: 'file', content: json({ filename: '附件.zip' }) },
				{ msg_type: 'voice', content: json({ voice_size: 12, play_length: 3 }) },
			],
		},
		text: '会议纪要\n总部\n深圳市\n附件.zip',
	},
];

const COMMON = {
	msgid: '17955920891003447432_1603875627_external',
	action: 'send',
	from: 'kens',
	tolist: ['HuangRongYan', 'wmErxtDgAA9AW32YyyuYRimKr7D1KWlw'],
	roomid: 'wrjc7bDwAASxc8tZvBErFE02BtPWyAAA',
	msgtime: 1603875626823,
} as const;

function messageOf({ type, key = type, body, beside }: TypeCase): JsonObject {
	const { tolist, ...common } = COMMON;
	return { ...common, tolist: [...tolist], msgtype: type, [key]: body, ...beside };
}

describe('a message of every type that the platform document lists', () => {
	test('is in the table below, each type once', () => {
		expect(CASES.map((one) => one.type).sort()).toEqual([...MESSAGE_TYPES].sort());
		expect(CASES).toHaveLength(33);
	});

	test.each(CASES)('$type: its text, its body and the fields all types share', (one) => {
		const { type, key = type, body, text, beside } = one;
		expect(isKnownMessageType(type)).toBe(true);
		expect(bodyKeyOf(type)).toBe(key);
		expect(viewMessage(messageOf(one))).toEqual<MessageView>({
			msgid: COMMON.msgid,
			action: 'send',
			from: 'kens',
			to: [...COMMON.tolist],
			room: COMMON.roomid,
			chatId: COMMON.roomid,
			timeMs: COMMON.msgtime,
			type,
			...(text === undefined ? {} : { text }),
			body: { ...body, ...beside },
		});
	});

	test.each(CASES)('$type: bodyAs gives its body, and no other type does', (one) => {
		const view = viewMessage(messageOf(one));
		expect(bodyAs(view, one.type)).toEqual({ ...one.body, ...one.beside });
		for (const other of MESSAGE_TYPES) {
			if (other !== one.type) expect(bodyAs(view, other)).toBeUndefined();
		}
	});

	test.each(CASES)('$type: is left as it was', (one) => {
		const message = messageOf(one);
		const before = json(message);
		viewMessage(message);
		expect(json(message)).toBe(before);
	});

	test.each(CASES)('$type: a body that is missing or no object leaves the rest', (one) => {
		const { key = one.type, beside = {} } = one;
		const { [key]: _body, ...without } = messageOf(one);
		expect(viewMessage(without).body).toEqual(beside);
		expect(viewMessage(without).text).toBeUndefined();
		for (const odd of [null, [], 'text', 7]) {
			expect(viewMessage({ ...without, [key]: odd }).body).toEqual({ ...beside, [key]: odd });
		}
	});
});

describe('the body keys', () => {
	test('that differ from the type are those of the platform document, and no others', () => {
		const different = MESSAGE_TYPES.filter((type) => bodyKeyOf(type) !== type);
		expect(Object.fromEntries(different.map((type) => [type, bodyKeyOf(type)]))).toEqual({
			docmsg: 'doc',
			external_redpacket: 'redpacket',
			meeting_notification: 'info',
			markdown: 'info',
			news: 'info',
			voiptext: 'info',
			qydiskfile: 'info',
			solitaire: 'info',
			note: 'info',
		});
	});
});

describe('the typed body', () => {
	test('has the fields of its type, each perhaps missing', () => {
		const file = CASES.find((one) => one.type === 'file') as TypeCase;
		const view = viewMessage(messageOf(file));
		const filename: string | undefined = bodyAs(view, 'file')?.filename;
		const size: number | undefined = bodyAs(view, 'file')?.filesize;
		expect([filename, size]).toEqual(['合同 v2.docx', 35181]);
		// @ts-expect-error: a file has no play_length
		expect(bodyAs(view, 'file')?.play_length).toBeUndefined();
		// @ts-expect-error: this type is unknown
		expect(bodyAs(view, 'hologram')).toBeUndefined();
	});

	test('has voiceid and voipid in it, which stand beside the body in the message', () => {
		const [call, share] = (['meeting_voice_call', 'voip_doc_share'] as const).map((type) =>
			viewMessage(messageOf(CASES.find((one) => one.type === type) as TypeCase)),
		);
		expect(call?.body.voiceid).toBe('grb8a4c48a3c094a70982c518d55e40557');
		expect(call?.body.sdkfileid).toBe(FILE_ID);
		expect(share?.body.voipid).toBe('gr2751c98b19300571f8afb3b74514bd32');
		expect(share?.body.filename).toBe('欢迎使用微盘.pdf.pdf');
	});
});

describe('the fields all messages share', () => {
	test('a conversation of two has no room', () => {
		const view = viewMessage({ msgid: '1', action: 'send', msgtype: 'text', roomid: '', text: {} });
		expect(view.room).toBe('');
	});

	test('a conversation is named by its room, or by the customer in it, whoever speaks', () => {
		const customer = 'wmErxtDgAA9AW32YyyuYRimKr7D1KWlw';
		const chatIdOf = (fields: object) =>
			viewMessage({ msgid: '1', action: 'send', msgtype: 'text', ...fields }).chatId;
		expect(chatIdOf({ from: 'zhangsan', tolist: [customer], roomid: '' })).toBe(customer);
		expect(chatIdOf({ from: customer, tolist: ['zhangsan'], roomid: '' })).toBe(customer);
		expect(chatIdOf({ from: customer, tolist: ['a', 'b'], roomid: 'wrRoom' })).toBe('wrRoom');
		expect(chatIdOf({ from: 'zhangsan', tolist: ['wmiller'], roomid: '' })).toBeUndefined();
	});

	const id = (prefix: string, letter: string) => prefix + letter.repeat(30);
	const wmCustomer = id('wm', 'B');
	const woCustomer = id('wo', 'C');
	const [staffA, staffB] = [id('wo', 'A'), id('wo', 'Z')];
	const robot = id('wb', 'R');
	/** The chatId of a message each way. */
	const bothWays = (one: JsonValue, other: JsonValue, fields: JsonObject = {}) =>
		[
			{ from: one, tolist: [other] },
			{ from: other, tolist: [one] },
		].map(
			(people) =>
				viewMessage({ msgid: '1', action: 'send', msgtype: 'text', ...people, ...fields }).chatId,
		);

	test.each<[string, JsonValue, JsonValue, string | undefined, JsonObject?]>([
		['staff of a third-party app and a customer of WeChat', staffA, wmCustomer, wmCustomer],
		['staff and a customer of WeCom', 'zhangsan', woCustomer, woCustomer],
		['staff and a customer of WeChat', 'zhangsan', wmCustomer, wmCustomer],
		['colleagues', 'zhangsan', 'lisi', undefined],
		['colleagues in a third-party app', staffA, staffB, undefined],
		[
			'staff with a long userid and a customer',
			'womens-wear-department-assistant',
			wmCustomer,
			wmCustomer,
		],
		['a robot and staff', robot, 'zhangsan', undefined],
		['a robot and staff of a third-party app', robot, staffA, undefined],
		['a robot and a customer', robot, wmCustomer, wmCustomer],
		['one member alone', staffA, staffA, undefined],
		[
			'staff and a customer of WeCom by type',
			{ type: 1, id: staffA },
			{ type: 2, id: woCustomer },
			woCustomer,
		],
		['colleagues by type', { type: 1, userid: staffA }, { type: '1', userid: staffB }, undefined],
		[
			'staff and a customer by type, whatever their ids',
			{ type: 2, id: staffA },
			{ type: 1, id: wmCustomer },
			staffA,
		],
		[
			'staff and a customer of WeCom by the names of their ids',
			{ open_userid: staffA },
			{ external_userid: woCustomer },
			woCustomer,
		],
		[
			'who was asked and agreed',
			staffA,
			woCustomer,
			woCustomer,
			{ msgtype: 'agree', agree: { userid: woCustomer } },
		],
		[
			'who was asked and did not agree',
			staffA,
			woCustomer,
			woCustomer,
			{ msgtype: 'disagree', disagree: { userid: woCustomer } },
		],
		['a group, whoever is in it', staffA, wmCustomer, 'wrRoom', { roomid: 'wrRoom' }],
	])('%s: one name both ways', (_who, one, other, chatId, ...[fields]) => {
		expect(bothWays(one, other, fields)).toEqual([chatId, chatId]);
	});

	test('two ids alike, one of them from outside the corp: the same name both ways', () => {
		const [there, back] = bothWays(staffB, woCustomer, { msgid: '17_1603875627_external' });
		expect(there).toBe(back);
		expect([staffB, woCustomer]).toContain(there);
		expect(bothWays(staffA, staffB, { msgid: '17_1603875627' })).toEqual([undefined, undefined]);
	});

	test('several to one: the only customer among them, or nobody', () => {
		const chatIdOf = (from: string, ...tolist: string[]) =>
			viewMessage({ action: 'send', msgtype: 'meeting_voice_call', from, tolist }).chatId;
		expect(chatIdOf('zhangsan', 'lisi', woCustomer)).toBe(woCustomer);
		expect(chatIdOf(wmCustomer, staffA, staffB)).toBe(wmCustomer);
		expect(chatIdOf('zhangsan', wmCustomer, id('wm', 'D'))).toBeUndefined();
		expect(chatIdOf(wmCustomer)).toBe(wmCustomer);
	});

	test('a voice call has no roomid at all', () => {
		const call = CASES.find((one) => one.type === 'meeting_voice_call') as TypeCase;
		const { roomid: _roomid, ...message } = messageOf(call);
		expect(viewMessage(message)).toMatchObject({ room: '', type: 'meeting_voice_call' });
	});

	test('a switch record has user and time in place of from and msgtime, and no body', () => {
		const record = {
			msgid: '125289002219525886280',
			action: 'switch',
			time: 1554119421840,
			user: 'XuJinSheng',
		};
		expect(viewMessage(record)).toEqual<MessageView>({
			msgid: '125289002219525886280',
			action: 'switch',
			from: 'XuJinSheng',
			to: [],
			room: '',
			timeMs: 1554119421840,
			type: 'switch',
			body: {},
		});
	});

	test('a recall says which message was taken back', () => {
		const view = viewMessage({
			msgid: '15775510700152506326_1603875615',
			action: 'recall',
			from: 'kenshin',
			tolist: ['wmUu0zBgAALV7ZymkcMyxvbTe8YdWxxA'],
			roomid: '',
			msgtime: 1603875615723,
			msgtype: 'revoke',
			revoke: { pre_msgid: '14822339130656386894_1603875609' },
		});
		expect(view).toMatchObject({ action: 'recall', type: 'revoke' });
		expect(bodyAs(view, 'revoke')?.pre_msgid).toBe('14822339130656386894_1603875609');
		expect(view).not.toHaveProperty('text');
	});

	test.each<[string, JsonObject]>([
		['missing', {}],
		['null', { msgtime: null }],
		['zero', { msgtime: 0 }],
		['negative', { msgtime: -1 }],
		['a word', { msgtime: 'today' }],
		['a list', { msgtime: [1603875615723] }],
		['an object that is no number', { msgtime: { toString: 1, valueOf: 1 } }],
		['true', { msgtime: true }],
	])('a time that is %s is no time', (_what, fields) => {
		expect(viewMessage({ msgtype: 'text', ...fields })).not.toHaveProperty('timeMs');
	});

	test('a time may be written as text', () => {
		expect(viewMessage({ msgtype: 'text', msgtime: '1603875615723' }).timeMs).toBe(1603875615723);
	});

	test.each<[string, JsonObject, number]>([
		['seconds', { msgtime: 1594197581 }, 1594197581000],
		['seconds in a text', { msgtime: ' 1594197581 ' }, 1594197581000],
		['seconds and their parts', { msgtime: 1594197581.25 }, 1594197581250],
		['seconds under time', { action: 'switch', time: 1594197581 }, 1594197581000],
		['milliseconds', { msgtime: 1594197581123 }, 1594197581123],
		['microseconds', { msgtime: 1594197581123456 }, 1594197581123],
		['nanoseconds', { msgtime: '1594197581123456789' }, 1594197581123],
		['the first second', { msgtime: 1 }, 1000],
		['the last second before milliseconds', { msgtime: 99_999_999_999 }, 99_999_999_999_000],
		['the first of the milliseconds', { msgtime: 100_000_000_000 }, 100_000_000_000],
		['a field of zero beside the right one', { msgtime: 0, time: 1594197581 }, 1594197581000],
	])('a time in %s is the right one', (_what, fields, expected) => {
		expect(viewMessage({ msgtype: 'text', ...fields }).timeMs).toBe(expected);
	});

	test.each([1e20, 1e300, -1594197581, '1e12', '2023-11-14 22:13:20', '0x5f05'])(
		'a time that cannot be read (%j) is none, and is kept',
		(msgtime) => {
			const view = viewMessage({ msgtype: 'text', msgtime, text: { content: 'x' } });
			expect(view).not.toHaveProperty('timeMs');
			expect(view.body).toEqual({ msgtime, content: 'x' });
		},
	);

	test.each<[string, JsonValue, string[]]>([
		['one id', wmCustomer, [wmCustomer]],
		['ids with commas', `lisi, ${wmCustomer}`, ['lisi', wmCustomer]],
		['ids with bars', `lisi|${wmCustomer}|`, ['lisi', wmCustomer]],
		['ids with Chinese commas', `lisi，wangwu、${wmCustomer}`, ['lisi', 'wangwu', wmCustomer]],
		['JSON', `["lisi","${wmCustomer}"]`, ['lisi', wmCustomer]],
		['a list of Python', `['lisi', '${wmCustomer}']`, ['lisi', wmCustomer]],
		['a list without quotes', `[lisi,${wmCustomer}]`, ['lisi', wmCustomer]],
		['a text in quotes', `"${wmCustomer}"`, [wmCustomer]],
		['JSON of one', `{"type":2,"id":"${wmCustomer}"}`, [wmCustomer]],
		[
			'objects',
			[{ id: 'lisi' }, { userid: 'a' }, { open_userid: 'b' }, { external_userid: 'c' }],
			['lisi', 'a', 'b', 'c'],
		],
		['one object', { userid: 'lisi' }, ['lisi']],
		['a number', 34, ['34']],
		['null', null, []],
		['an empty text', '', []],
	])('recipients may come as %s', (_what, tolist, to) => {
		const view = viewMessage({ msgtype: 'text', from: 'zhangsan', tolist, text: { content: 'x' } });
		expect(view.to).toEqual(to);
		expect(view.body).toEqual({ content: 'x' });
		if (to.includes(wmCustomer)) expect(view.chatId).toBe(wmCustomer);
	});

	test.each<[string, JsonObject, object]>([
		['recipients', { tolist: ['lisi', { name: 'x' }, null] }, { to: ['lisi'] }],
		['recipients in an object', { tolist: { staff: ['lisi'] } }, { to: [] }],
		['a sender', { from: { name: 'x' } }, { from: '' }],
		['a room', { roomid: ['wrRoom'] }, { room: '' }],
	])('%s that cannot be read are kept as they came', (_what, fields, view) => {
		const message = { msgtype: 'text', text: { content: 'x' }, ...fields };
		expect(viewMessage(message)).toMatchObject({ ...view, body: { content: 'x', ...fields } });
	});

	test('sender and receivers may have the names of the zone', () => {
		const view = viewMessage({
			msgid: 'm1',
			sender: { type: 1, id: staffA },
			receiver_list: [{ type: 2, id: woCustomer }],
			send_time: 1730000000,
			msgtype: 'text',
			text: { content: 'x' },
		});
		expect(view).toMatchObject({
			from: staffA,
			to: [woCustomer],
			chatId: woCustomer,
			timeMs: 1730000000000,
			body: { content: 'x' },
		});
	});

	test('ids that came as numbers are texts', () => {
		const view = viewMessage({
			msgid: 7,
			from: 12,
			tolist: [34, 'x'],
			roomid: 56,
			msgtype: 'text',
		});
		expect(view).toMatchObject({ msgid: '7', from: '12', to: ['34', 'x'], room: '56' });
	});

	test('nothing at all is viewed as a message of nothing', () => {
		expect(viewMessage({})).toEqual({
			msgid: '',
			action: '',
			from: '',
			to: [],
			room: '',
			type: '',
			body: {},
		});
	});
});

describe('a flattened message', () => {
	test.each(CASES)('$type: the body wins over siblings of the same names', (one) => {
		const siblings: JsonObject = Object.fromEntries(
			Object.keys(one.body).map((name, index) => [
				name,
				['', null, 'sibling', 7, []][index % 5] ?? null,
			]),
		);
		const { [one.key ?? one.type]: _own, ...others } = siblings;
		const view = viewMessage({ ...others, ...messageOf(one), ...others });
		expect(view.body).toEqual({ ...one.body, ...one.beside });
		expect(view.text).toBe(one.text);
	});

	test('a body that is a plain text wins as well', () => {
		const view = viewMessage({ msgtype: 'text', text: 'hello', content: 'sibling' });
		expect(view.text).toBe('hello');
	});

	test.each(CASES)('$type: a body that is JSON text is read', (one) => {
		const key = one.key ?? one.type;
		const view = viewMessage({ ...messageOf(one), [key]: json(one.body) });
		expect(view.body).toEqual({ ...one.body, ...one.beside });
		expect(view.text).toBe(one.text);
	});

	test.each(CASES.filter(({ text }) => text !== undefined))(
		'$type: fields that stand beside an empty body, or in place of one, are read',
		(one) => {
			const { [one.key ?? one.type]: _body, ...envelope } = messageOf(one);
			const key = one.key ?? one.type;
			for (const body of [undefined, null, '', {}]) {
				if (body !== undefined && key in one.body) continue;
				const view = viewMessage({
					...envelope,
					...one.body,
					...(body === undefined ? {} : { [key]: body }),
				});
				expect(view.body).toMatchObject(one.body);
				expect(view.text).toBe(one.text);
			}
		},
	);

	test('of a text that stands where its body would is that text', () => {
		expect(viewMessage({ msgtype: 'text', text: 'hello' })).toMatchObject({
			text: 'hello',
			body: { text: 'hello' },
		});
		expect(viewMessage({ msgtype: 'text', text: '{"content":"cut o' }).text).toBe(
			'{"content":"cut o',
		);
	});

	test('may have its lists as JSON text', () => {
		const item = json([{ type: 'text', content: json({ content: 'a' }) }]);
		expect(viewMessage({ msgtype: 'mixed', mixed: { item } }).text).toBe('a');
	});

	test('in whose JSON text a line break was left as it is, is read', () => {
		const content = '{"content":"line 1\nline 2"}';
		const view = viewMessage({ msgtype: 'mixed', mixed: { item: [{ type: 'text', content }] } });
		expect(view.text).toBe('line 1\nline 2');
	});

	test('whose JSON text is nested beyond 100 levels stays text', () => {
		const deep = `{"content":${'['.repeat(5000)}${']'.repeat(5000)}}`;
		expect(viewMessage({ msgtype: 'text', text: deep }).body).toEqual({ text: deep });
		const item = [{ type: 'text', content: deep }];
		expect(viewMessage({ msgtype: 'mixed', mixed: { item } }).text).toBe(deep);
	});
});

describe('an unknown type', () => {
	test('is passed through whole, without the fields that are viewed already', () => {
		const own = {
			hologram: { depth: 3, parts: [{ id: 1 }, null], title: 'not looked into' },
			hologramid: 'h1',
			info: { content: 'x' },
		};
		const view = viewMessage({
			...COMMON,
			tolist: [...COMMON.tolist],
			msgtype: 'hologram',
			...own,
		});
		expect(view.type).toBe('hologram');
		expect(view.body).toEqual(own);
		expect(view.from).toBe('kens');
	});

	test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'TEXT', 'ChatRecordText'])(
		'may be called %s',
		(msgtype) => {
			expect(isKnownMessageType(msgtype)).toBe(false);
			const message = JSON.parse(json({ msgtype, deep: { x: 1 } })) as JsonObject;
			expect(viewMessage(message)).toMatchObject({ type: msgtype, body: { deep: { x: 1 } } });
		},
	);

	test('with a key __proto__ changes no prototype and loses nothing', () => {
		const message = JSON.parse('{"msgtype":"x","__proto__":{"polluted":1}}') as JsonObject;
		const { body } = viewMessage(message);
		expect(Object.hasOwn(body, '__proto__')).toBe(true);
		expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
		expect(({} as JsonObject).polluted).toBeUndefined();
	});
});

describe('contents that are JSON in JSON', () => {
	const mixed = (...item: JsonValue[]) => viewMessage({ msgtype: 'mixed', mixed: { item } });

	test('may be broken: their raw text is given, nothing is lost', () => {
		const view = mixed(
			{ type: 'text', content: '{"content":"cut o' },
			{ type: 'text', content: json({ content: 'whole' }) },
		);
		expect(view.text).toBe('{"content":"cut o\nwhole');
	});

	test('may be plain text or a bare JSON value', () => {
		const view = mixed({ type: 'text', content: 'plain' }, { type: 'text', content: '12' });
		expect(view.text).toBe('plain\n12');
	});

	test('may be an object already', () => {
		expect(mixed({ type: 'text', content: { content: 'open' } }).text).toBe('open');
	});

	test('may hold integers beyond 2^53, which stay out of the text', () => {
		expect(mixed({ type: 'text', content: '{"content":"a","id":18446744073709551615}' }).text).toBe(
			'a',
		);
	});

	test('of a type nobody knows give their content or title', () => {
		const view = mixed(
			{ type: 'hologram', content: json({ title: 'seen', depth: 3 }) },
			{ type: 'ChatRecordHologram', content: json({ content: 'heard' }) },
		);
		expect(view.text).toBe('seen\nheard');
	});

	test.each<[string, JsonValue]>([
		['null', null],
		['a number', 7],
		['a text', 'item'],
		['an empty object', {}],
		['an entry without type', { content: json({ content: 'x' }) }],
		['an entry without content', { type: 'text' }],
		['an entry whose content is null', { type: 'text', content: null }],
		['an entry whose content is a list', { type: 'text', content: ['x'] }],
		['an entry whose inner content is no text', { type: 'text', content: json({ content: [1] }) }],
	])('with %s among them give the text of the others', (_what, odd) => {
		expect(mixed(odd, { type: 'text', content: json({ content: 'other' }) }).text).toBe('other');
	});

	test.each<[string, JsonObject]>([
		['mixed', { mixed: { item: 'none' } }],
		['chatrecord', { chatrecord: { item: null } }],
		['note', { info: { items: {} } }],
		['vote', { vote: { voteitem: 'none' } }],
		['collect', { collect: { details: 7 } }],
		['news', { info: { item: { title: 'x' } } }],
		['meeting_voice_call', { meeting_voice_call: { demofiledata: true } }],
	])('of a %s without a list of items have no text', (msgtype, body) => {
		expect(viewMessage({ msgtype, ...body }).text).toBeUndefined();
	});

	/** Conversations forwarded within each other: `record 0` holds `record 1` and so on. */
	function forwarded(depth: number, level = 0): JsonObject {
		const content = level < depth ? forwarded(depth, level + 1) : { content: 'innermost' };
		const type = level < depth ? 'chatrecord' : 'ChatRecordText';
		return { title: `record ${level}`, item: [{ type, content: json(content) }] };
	}

	test('are followed three conversations deep', () => {
		const view = viewMessage({ msgtype: 'chatrecord', chatrecord: forwarded(3) });
		expect(view.text).toBe('record 0\nrecord 1\nrecord 2\nrecord 3\ninnermost');
	});

	test('are followed no deeper than the limit; the body keeps what is below', () => {
		const chatrecord = forwarded(9);
		const view = viewMessage({ msgtype: 'chatrecord', chatrecord });
		expect(view.text?.split('\n')).toEqual([0, 1, 2, 3, 4].map((level) => `record ${level}`));
		expect(view.body).toEqual(chatrecord);
	});

	test('nested ten thousand deep as objects overflow nothing', () => {
		let content: JsonObject = { content: 'innermost' };
		for (let level = 0; level < 10_000; level++) content = { item: [{ type: 'mixed', content }] };
		expect(viewMessage({ msgtype: 'mixed', mixed: content }).text).toBeUndefined();
	});

	test('give their text to whoever asks for it by itself', () => {
		expect(textOfBody('ChatRecordText', { content: 'x' })).toBe('x');
		expect(textOfBody('text', {})).toBeUndefined();
		expect(textOfBody('image', { md5sum: MD5 })).toBeUndefined();
	});
});

describe('1000 mutated messages', () => {
	const ODD: JsonValue[] = [null, true, -1, 1e308, '', 'x', '{', '[]', [], [null], {}, [[{}]]];
	ODD.push({ toString: 1, valueOf: 1 }, { item: [{ type: 'text', content: '{"content":{}}' }] });

	function mutate(random: Random, value: JsonValue): JsonValue {
		if (random.chance(0.12)) return random.pick(ODD);
		if (Array.isArray(value)) return value.map((one) => mutate(random, one));
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(() => random.chance(0.95))
				.map(([name, one]) => [name, mutate(random, one)]),
		);
	}

	test('are all viewed, in the same shape, none with an exception', () => {
		const random = new Random(20260118, 'mutated messages');
		for (let count = 0; count < 1000; count++) {
			const mutated = mutate(random, messageOf(random.pick(CASES)));
			const view = viewMessage(typeof mutated === 'object' ? ((mutated as JsonObject) ?? {}) : {});
			for (const field of ['msgid', 'action', 'from', 'room', 'type'] as const) {
				expect(typeof view[field]).toBe('string');
			}
			expect(view.to.every((one) => typeof one === 'string')).toBe(true);
			expect(['undefined', 'string']).toContain(typeof view.text);
			expect(['undefined', 'number']).toContain(typeof view.timeMs);
			expect(typeof view.body).toBe('object');
		}
	});
});
