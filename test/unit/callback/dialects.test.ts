import { CHANGE_TYPES, EVENTS } from '../../../nodes/WecomDataTrigger/events';
import { canonicalEvent, isCalled } from '../../../wecom/callback/eventNames';
import { toEvent, toStoredEvent, type CallbackEvent } from '../../../wecom/callback/event';

type Fields = Record<string, string>;
type Expected = Partial<CallbackEvent>;
/** Name on the wire and what tells it from others of that name, what goes with it, what is read. */
type Row = [name: string, fields: Fields, read: Expected];

const CORP = 'wpCustomer';
const AT = { TimeStamp: '1730000000' };
const TIME = '2024-10-27T03:33:20.000Z';

/** As WeCom writes it: text in CDATA, times as they are. */
function xml(fields: Fields): string {
	const elements = Object.entries(fields).map(([name, value]) =>
		/^\d{10}$/.test(value) || value.startsWith('<')
			? `<${name}>${value}</${name}>`
			: `<${name}><![CDATA[${value}]]></${name}>`,
	);
	return `<xml>${elements.join('')}</xml>`;
}

/** Of the command callback. Documents 90628, 100964, 94758, 98959, 101587, 101456, 97402, 99485. */
const ofCorp = { authCorpId: CORP };
const acquired = { event: 'customer_acquisition', ...ofCorp };
const contact = { event: 'change_external_contact', ...ofCorp };
const people = { UserID: 'zhangsan', ExternalUserID: 'wmCustomer' };
const link = { LinkId: 'cawcde1', State: 'shop_1' };
const change = (ChangeType: string, fields: Fields = {}): Fields => ({ ChangeType, ...fields });

const SUITE: Row[] = [
	['suite_ticket', { SuiteTicket: 'ticket' }, {}],
	['create_auth', { AuthCode: 'code', State: '', ExtraInfo: '' }, {}],
	['change_auth', { AuthCorpId: CORP, State: '' }, ofCorp],
	['cancel_auth', { AuthCorpId: CORP }, ofCorp],
	['reset_permanent_code', { AuthCode: 'code' }, {}],
	['approve_special_auth', { AuthCorpId: CORP, AuthType: 'customer_acquisition' }, ofCorp],
	['cancel_special_auth', { AuthCorpId: CORP, AuthType: 'customer_acquisition' }, ofCorp],
	['auth_data_permission', { AuthCorpId: CORP, AuthType: 'data_zone_chat' }, ofCorp],
	['expire_remind_data_permission', { AuthCorpId: CORP, AuthType: 'data_zone_chat' }, ofCorp],
	[
		'expire_data_permission',
		{ AuthCorpId: CORP, AuthType: 'data_zone_chat' },
		{ event: 'data_permission_expired', ...ofCorp },
	],
	...[
		change('add_external_contact', { ...people, State: 'shop_1', WelcomeCode: 'w' }),
		change('edit_external_contact', people),
		change('add_half_external_contact', { ...people, WelcomeCode: 'w' }),
		change('del_external_contact', { ...people, Source: 'DELETE_BY_TRANSFER' }),
		change('del_follow_user', people),
		change('transfer_fail', { ...people, FailReason: 'customer_refused' }),
	].map((fields): Row => ['change_external_contact', { AuthCorpId: CORP, ...fields }, contact]),
	['customer_acquisition_permit_change', { AuthCorpId: CORP }, ofCorp],
	...[
		change('balance_low'),
		change('balance_exhausted'),
		change('balance_increased'),
		change('link_unavailable', { LinkId: 'cawcde1' }),
		change('delete_link', { LinkId: 'cawcde1' }),
		change('quota_expire_soon', { ExpireTime: '1730500000', ExpireQuotaNum: '100' }),
		change('open_profile', link),
		change('friend_request', link),
		change('customer_start_chat', { ...people, LinkId: 'cawcde1' }),
		change('message_from_customer', { LinkId: 'cawcde1', ChatKey: 'key' }),
		change('del_follow_user', { ...people, ...link }),
		change('service_balance_low'),
		change('service_balance_exhausted'),
		change('service_balance_consumed', { ...link, OnceKey: 'once' }),
		change('change_price', { Price: '100', EffectiveTime: '1730500000' }),
	].map((fields): Row => ['customer_acquisition', { AuthCorpId: CORP, ...fields }, acquired]),
	// Of the archive programme of before June 2024. Documents 97085, 97244, 99620, 99532.
	[
		'conversation_new_message',
		{ AuthCorpId: CORP, Token: 'token' },
		{ event: 'msgaudit_notify', token: 'token', ...ofCorp },
	],
	[
		'hit_keyword',
		{ AuthCorpId: CORP, Token: 'token' },
		{ event: 'msgaudit_keyword_hit', token: 'token', ...ofCorp },
	],
	[
		'chat_archive_export_finished',
		{ AuthCorpId: CORP, JobId: 'job' },
		{ event: 'msgaudit_export_finish', ...ofCorp },
	],
	[
		'chat_archive_audit_approved_single',
		{ AuthCorpId: CORP, OpenUserID: 'woU', ExternalUserID: 'wmC' },
		{ event: 'msgaudit_approve', ...ofCorp },
	],
];

/** Of the system event URL of the provider. Documents 101401 to 101406. */
const PROVIDER: Row[] = [
	['advanced_api_pay_success', { OrderId: 'OI1', BuyerUserId: 'buyer' }, {}],
	['advanced_api_refund', { OrderId: 'OI1', OrderStatus: '1' }, {}],
	['advanced_api_cancel', { OrderId: 'OI1' }, {}],
	['advanced_api_insufficient', { ChatArchiveApi: '<Edition><![CDATA[2]]></Edition>' }, {}],
	['advanced_api_expired', { ChatArchiveApi: '<Edition><![CDATA[3]]></Edition>' }, {}],
	['advanced_api_trial_expired', {}, {}],
];

/** Of the data callback, and of a self-built app. Documents 101389, 97299, 95039, 92005. */
const DATA: Row[] = [
	[
		'program_notify',
		{ NotifyId: 'NID-1', NotifyScene: '7' },
		{ notifyId: 'NID-1', authCorpId: CORP },
	],
	['customer_acquisition', change('delete_link', { LinkId: 'cawcde1' }), {}],
	['msgaudit_notify', { AgentID: '2000004' }, {}],
	[
		'change_external_contact',
		change('msg_audit_approved', { ...people, WelcomeCode: 'w' }),
		{ event: 'msgaudit_approve' },
	],
];

const knowledge = { knowledge_base_id: 'kb1', knowledge_base_name: '问答' };
const consent = { external_userid: 'wmCust1' };

/** What the program in the zone stores. Documents 99852, 99853, 101387, 101388, 99855. */
const ZONE: Array<[name: string, body: string, content: object, read: Expected]> = [
	[
		'chat_archive_audit_approved_single',
		'chat_archive_audit_approved',
		{ ...consent, userid: 'woUser1' },
		{ event: 'msgaudit_approve' },
	],
	[
		'chat_archive_audit_approved_room',
		'chat_archive_audit_approved',
		{ ...consent, chatid: 'wrRoom1' },
		{ event: 'msgaudit_approve' },
	],
	[
		'conversation_new_message',
		'conversation_new_message',
		{ token: 'TOKEN-1' },
		{ event: 'msgaudit_notify', token: 'TOKEN-1' },
	],
	[
		'hit_keyword',
		'hit_keyword',
		{ token: 'TOKEN-2' },
		{ event: 'msgaudit_keyword_hit', token: 'TOKEN-2' },
	],
	[
		'chat_archive_export_finished',
		'chat_archive_export_finished',
		{ jobid: 'JOB-1' },
		{ event: 'msgaudit_export_finish' },
	],
	['auth_knowledge_base', 'auth_knowledge_base', knowledge, {}],
	['unauth_knowledge_base', 'unauth_knowledge_base', knowledge, {}],
	['delete_knowledge_base', 'delete_knowledge_base', knowledge, {}],
	[
		'knowledge_base_learn_done',
		'knowledge_base_learn_done',
		{ ...knowledge, doc_id: 1, learn_status: 0 },
		{},
	],
];

const XML_ROWS = [
	...SUITE.map(([InfoType, fields, read]) => {
		const message = { SuiteId: 'wwSuite', InfoType, ...fields, ...AT };
		return ['command callback', message, { suiteId: 'wwSuite', ...read }] as const;
	}),
	...PROVIDER.map(([InfoType, fields, read]) => {
		const provider = { ServiceCorpId: 'wwProvider', InfoType, AuthCorpId: CORP };
		const message = { ...provider, AdvanceApiType: '1', ...fields, ...AT };
		const expected = { serviceCorpId: 'wwProvider', ...ofCorp, ...read };
		return ['system event URL', message, expected] as const;
	}),
	...DATA.map(([Event, fields, read]) => {
		const head = { ToUserName: CORP, FromUserName: 'sys', CreateTime: '1730000000' };
		return ['data callback', { ...head, MsgType: 'event', Event, ...fields }, read] as const;
	}),
].map(([channel, fields, read]) => {
	const { InfoType, Event, ChangeType = '' } = fields as Fields;
	return { channel, name: InfoType ?? Event ?? '', ChangeType, fields: fields as Fields, read };
});

describe('the table', () => {
	it('has all events that WeCom publishes', () => {
		expect(XML_ROWS.length + ZONE.length).toBe(55);
	});
});

describe('an event in XML', () => {
	it.each(XML_ROWS)('$name $ChangeType of the $channel', ({ name, ChangeType, fields, read }) => {
		const event = toEvent({ message: xml(fields), receiveId: 'ww1' });
		expect(event).toEqual({
			eventId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			event: name,
			originalEvent: name,
			...(ChangeType ? { changeType: ChangeType } : {}),
			receiveId: 'ww1',
			time: TIME,
			format: 'xml',
			data: expect.any(Object) as object,
			...read,
		});
		expect(Object.keys(event.data)).toEqual(Object.keys(fields));
	});

	it('keeps what is nested in it', () => {
		const { fields } = XML_ROWS.find(({ name }) => name === 'advanced_api_expired') ?? {};
		const { data } = toEvent({ message: xml(fields ?? {}), receiveId: 'wwProvider' });
		expect(data).toMatchObject({ AdvanceApiType: '1', ChatArchiveApi: { Edition: '3' } });
	});

	it('is read with a blank before its name, as a document shows it', () => {
		const message = '<xml><InfoType> <![CDATA[suite_ticket]]></InfoType></xml>';
		expect(toEvent({ message, receiveId: 's' }).event).toBe('suite_ticket');
	});
});

describe('an event in JSON', () => {
	const notify = toEvent({
		message: xml({ ToUserName: CORP, CreateTime: '1730000001', Event: 'program_notify', NotifyId: 'N' }), // prettier-ignore
		receiveId: CORP,
	});

	it.each(ZONE)('%s, sent and stored', (name, body, content, read) => {
		const stored = { event_type: name, timestamp: 1_730_000_000, [body]: content };
		const common = { originalEvent: name, event: name, time: TIME, format: 'json', data: stored };
		const sent = toEvent({ message: JSON.stringify(stored), receiveId: 'ww1' });
		const own = { eventId: sent.eventId, receiveId: 'ww1' };
		expect(sent).toEqual({ ...common, ...own, ...read });
		expect(toStoredEvent(stored as never, notify)).toEqual({
			...common,
			eventId: notify.eventId,
			receiveId: CORP,
			authCorpId: CORP,
			notifyId: 'N',
			...read,
		});
	});

	it('is the same as long as its NotifyId and receiver are', () => {
		const another = (fields: Fields, receiveId = CORP) =>
			toEvent({ message: xml({ ToUserName: CORP, Event: 'program_notify', ...fields }), receiveId })
				.eventId;
		expect(another({ NotifyId: 'N', CreateTime: '1730000009' })).toBe(notify.eventId);
		expect(another({ NotifyId: 'M', CreateTime: '1730000001' })).not.toBe(notify.eventId);
		expect(another({ NotifyId: 'N' }, 'wpOther')).not.toBe(notify.eventId);
		expect(another({ CreateTime: '1730000001' })).not.toBe(another({ CreateTime: '1730000002' }));
	});

	it('tells only of what it is about, whatever else lies in it', () => {
		const { token, notifyId, serviceCorpId } = toEvent({
			message: '{"event_type":"auth_knowledge_base","Token":"t","NotifyId":"n","serviceCorpId":""}',
			receiveId: '',
		});
		expect([token, notifyId, serviceCorpId]).toEqual([undefined, undefined, undefined]);
	});
});

describe('the names of an event', () => {
	it.each([
		['conversation_new_message', 'msgaudit_notify'],
		['msgaudit_notify', 'conversation_new_message'],
		['chat_archive_audit_approved_room', 'chat_archive_audit_approved_single'],
		['customer_aqcuisition', 'customer_acquisition'],
		['expired_data_permission', 'data_permission_expired'],
		['expire_data_permission', 'expired_data_permission'],
	])('%s is meant by %s as well', (name, other) => {
		const originalEvent = name;
		expect(isCalled({ event: canonicalEvent(name), originalEvent }, other)).toBe(true);
		expect(isCalled({ event: canonicalEvent(name), originalEvent }, name)).toBe(true);
	});

	it.each([
		['auth_data_permission', 'data_permission_expired'],
		['expire_remind_data_permission', 'data_permission_expired'],
		['hit_keyword', 'msgaudit_notify'],
		['advanced_api_cancel', 'cancel_auth'],
		['constructor', 'toString'],
	])('%s is not meant by %s', (name, other) => {
		expect(isCalled({ event: canonicalEvent(name), originalEvent: name }, other)).toBe(false);
	});

	it('are all in the list of the trigger, and so are the changes', () => {
		const events = XML_ROWS.map(({ fields }) => toEvent({ message: xml(fields), receiveId: '' }));
		const stored = ZONE.map(([name]) => canonicalEvent(name));
		const listed = EVENTS.map(({ value }) => value);
		expect(listed).toEqual(expect.arrayContaining(events.map(({ event }) => event)));
		expect(listed).toEqual(expect.arrayContaining(stored));
		const changes = events.flatMap(({ event, changeType }) =>
			changeType !== undefined && event !== 'msgaudit_approve' ? [changeType] : [],
		);
		expect(new Set(CHANGE_TYPES.map(({ value }) => value))).toEqual(new Set(changes));
	});

	it('stand in the descriptions of the trigger', () => {
		const described = (name: string) =>
			EVENTS.find(({ value }) => value === canonicalEvent(name))?.description ?? '';
		for (const [name] of ZONE) expect(described(name)).toContain(name);
		for (const { value } of EVENTS.slice(1)) {
			expect(described(String(value))).toContain(`(${String(value)}`);
		}
	});

	it('stand together with others of their kind', () => {
		const names = EVENTS.slice(1).map(({ name }) => name);
		expect(names).toEqual([...names].sort());
		expect(new Set(names.map((name) => name.split(': ')[0]))).toEqual(
			new Set(['App', 'Archive', 'Customer', 'Data Zone', 'Message', 'Order', 'Robot']),
		);
	});
});
