import { CALLBACK_EVENTS, startSimulator, type Channel, type Simulator } from '../../../simulator';
import { Endpoint, encryptOf, open } from './endpoint';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 0 });
});
afterAll(() => simulator.stop());

type Options = Parameters<Simulator['buildCallback']>[0];

/** What is sent: for whom it is, of what content type, and what it says. */
function sent(options: Options) {
	const { body, contentType, plaintext } = simulator.buildCallback(options);
	const encrypt = contentType === 'text/xml' ? encryptOf(body) : encryptIn(body);
	const { receiveId, text } = open(encrypt, simulator.callback.encodingAesKey);
	expect(text).toBe(plaintext);
	return { receiveId, contentType, plaintext };
}

const encryptIn = (body: string) => (JSON.parse(body) as { encrypt: string }).encrypt;
/** The elements of an event, in order, with their text. */
const elementsOf = (xml: string) =>
	[...xml.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]+))<\/\1>/g)].map(
		([, name = '', text, bare]) => [name, text ?? Number(bare)] as const,
	);
const namesIn = (xml: string) => elementsOf(xml).map(([name]) => name);

const SUITE = ['SuiteId', 'AuthCorpId', 'InfoType', 'TimeStamp'];
const DATA = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Event'];
const PROVIDER = ['ServiceCorpId', 'InfoType', 'AuthCorpId', 'AdvanceApiType', 'TimeStamp'];
const PEOPLE = ['UserID', 'ExternalUserID'];

test.each<[string, string[]]>([
	['suite_ticket', ['SuiteTicket']],
	['create_auth', ['AuthCode', 'State', 'ExtraInfo']],
	['change_auth', ['AuthCorpId', 'State', 'ExtraInfo']],
	['cancel_auth', ['AuthCorpId']],
	['reset_permanent_code', ['AuthCode']],
	['approve_special_auth', ['AuthCorpId', 'AuthType']],
	['cancel_special_auth', ['AuthCorpId', 'AuthType']],
	['auth_data_permission', ['AuthCorpId', 'AuthType']],
	['expire_remind_data_permission', ['AuthCorpId', 'AuthType']],
	['expire_data_permission', ['AuthCorpId', 'AuthType']],
	['customer_acquisition_permit_change', ['AuthCorpId']],
])('%s is a command of the suite', (event, fields) => {
	const { receiveId, plaintext } = sent({ event: event as 'suite_ticket' });
	expect(receiveId).toBe(simulator.callback.suiteId);
	expect(namesIn(plaintext).sort()).toEqual(['SuiteId', 'InfoType', 'TimeStamp', ...fields].sort());
	expect(elementsOf(plaintext)).toContainEqual(['InfoType', event]);
});

test.each<[string, string[]]>([
	['customer_acquisition/balance_low', []],
	['customer_acquisition/balance_exhausted', []],
	['customer_acquisition/balance_increased', []],
	['customer_acquisition/link_unavailable', ['LinkId']],
	['customer_acquisition/delete_link', ['LinkId']],
	['customer_acquisition/quota_expire_soon', ['ExpireTime', 'ExpireQuotaNum']],
	['customer_acquisition/open_profile', ['LinkId', 'State']],
	['customer_acquisition/friend_request', ['LinkId', 'State']],
	['customer_acquisition/customer_start_chat', [...PEOPLE, 'LinkId']],
	['customer_acquisition/message_from_customer', ['LinkId', 'ChatKey']],
	['customer_acquisition/del_follow_user', [...PEOPLE, 'LinkId', 'State']],
	['customer_acquisition/service_balance_low', []],
	['customer_acquisition/service_balance_exhausted', []],
	['customer_acquisition/service_balance_consumed', ['LinkId', 'State', 'OnceKey']],
	['customer_acquisition/change_price', ['Price', 'EffectiveTime']],
	['change_external_contact/add_external_contact', [...PEOPLE, 'State', 'WelcomeCode']],
	['change_external_contact/edit_external_contact', PEOPLE],
	['change_external_contact/add_half_external_contact', [...PEOPLE, 'State', 'WelcomeCode']],
	['change_external_contact/del_external_contact', [...PEOPLE, 'Source']],
	['change_external_contact/del_follow_user', PEOPLE],
	['change_external_contact/transfer_fail', [...PEOPLE, 'FailReason']],
])('%s has its fields, to the suite and as data of a corp', (name, fields) => {
	const [event, change] = name.split('/');
	const { plaintext } = sent({ event: name as 'customer_acquisition/…' });
	expect(namesIn(plaintext)).toEqual([...SUITE, 'ChangeType', ...fields]);
	expect(elementsOf(plaintext)).toContainEqual(['ChangeType', change]);
	const data = sent({ event: event as 'suite_ticket', channel: 'data', fields: { ChangeType: change as string } }); // prettier-ignore
	expect(data.receiveId).toBe(simulator.callback.receiveId);
	expect(namesIn(data.plaintext)).toEqual([...DATA, 'ChangeType', ...fields]);
});

test('a corp of its own is told of consent and of messages by Event', () => {
	const approved = sent({ event: 'change_external_contact/msg_audit_approved', channel: 'data' });
	expect(namesIn(approved.plaintext)).toEqual([...DATA, 'ChangeType', ...PEOPLE, 'WelcomeCode']);
	const { plaintext, receiveId } = sent({ event: 'msgaudit_notify', channel: 'data' });
	expect(Object.fromEntries(elementsOf(plaintext))).toMatchObject({
		ToUserName: receiveId,
		FromUserName: 'sys',
		MsgType: 'event',
		AgentID: '2000004',
		Event: 'msgaudit_notify',
	});
	expect(plaintext).not.toContain('InfoType');
});

test('program_notify is data of a corp', () => {
	const { plaintext, receiveId } = sent({ event: 'program_notify', fields: { NotifyScene: 7 } });
	expect(receiveId).toBe(simulator.callback.receiveId);
	expect(namesIn(plaintext)).toEqual([...DATA, 'NotifyId', 'NotifyScene']);
});

test.each<[string, string[]]>([
	['advanced_api_pay_success', ['OrderId', 'BuyerUserId']],
	['advanced_api_refund', ['OrderId', 'OrderStatus']],
	['advanced_api_cancel', ['OrderId']],
	['advanced_api_insufficient', ['Edition']],
	['advanced_api_expired', ['Edition']],
	['advanced_api_trial_expired', []],
])('%s is a system event of the provider', (event, fields) => {
	const { receiveId, plaintext } = sent({ event: event as 'advanced_api_cancel' });
	expect(receiveId).toBe(simulator.provider.corpId);
	expect(namesIn(plaintext)).toEqual([...PROVIDER, ...fields]);
	// Text, not a number: as on Tencent's pages.
	expect(elementsOf(plaintext)).toContainEqual(['AdvanceApiType', '1']);
	if (fields[0] === 'Edition') {
		expect(plaintext).toMatch(/<ChatArchiveApi><Edition><!\[CDATA\[2\]\]><\/Edition><\/Chat/);
	}
});

const KNOWLEDGE_BASE = ['knowledge_base_id', 'knowledge_base_name'];

test.each<[string, string, string[]]>([
	['conversation_new_message', 'conversation_new_message', ['token']],
	['hit_keyword', 'hit_keyword', ['token']],
	['chat_archive_export_finished', 'chat_archive_export_finished', ['jobid']],
	['chat_archive_audit_approved_single', 'chat_archive_audit_approved', ['userid', 'external_userid']],
	['chat_archive_audit_approved_room', 'chat_archive_audit_approved', ['external_userid', 'chatid']],
	['auth_knowledge_base', 'auth_knowledge_base', KNOWLEDGE_BASE],
	['unauth_knowledge_base', 'unauth_knowledge_base', KNOWLEDGE_BASE],
	['delete_knowledge_base', 'delete_knowledge_base', KNOWLEDGE_BASE],
	['knowledge_base_learn_done', 'knowledge_base_learn_done', [...KNOWLEDGE_BASE, 'doc_id', 'learn_status']],
])('%s is an event of the zone, in JSON', (event, body, fields) => {
	const { contentType, plaintext, receiveId } = sent({ event: event as 'hit_keyword' });
	expect([contentType, receiveId]).toEqual(['application/json', simulator.callback.receiveId]);
	const said = JSON.parse(plaintext) as Record<string, object>;
	expect(Object.keys(said)).toEqual(['event_type', 'timestamp', body]);
	expect(said.event_type).toBe(event);
	expect(Object.keys(said[body] as object)).toEqual(fields);
}); // prettier-ignore

test('a doc_id is exact beyond 2^53', () => {
	const { plaintext } = sent({ event: 'knowledge_base_learn_done' });
	expect(plaintext).toContain(`"doc_id":${2n ** 60n + 1n},`);
});

test('events of the zone came to the suite before there were programs', () => {
	for (const [event, field] of [
		['conversation_new_message', 'Token'],
		['hit_keyword', 'Token'],
		['chat_archive_export_finished', 'JobId'],
	] as const) {
		const { plaintext, receiveId } = sent({ event, channel: 'suite' });
		expect(receiveId).toBe(simulator.callback.suiteId);
		expect(namesIn(plaintext)).toEqual([...SUITE, field]);
	}
});

test('every name has a content', () => {
	expect(new Set(CALLBACK_EVENTS).size).toBe(CALLBACK_EVENTS.length);
	expect(CALLBACK_EVENTS.length).toBeGreaterThan(30);
	for (const event of CALLBACK_EVENTS) expect(sent({ event }).plaintext).toContain(event);
});

test('an event that a channel has not is refused, naming the channel', () => {
	expect(() => sent({ event: 'suite_ticket', channel: 'zone' })).toThrow(/channel zone/);
	expect(() => sent({ event: 'suite_ticket', channel: 'mail' as Channel })).toThrow(TypeError);
	expect(() => sent({ event: 'constructor' as 'suite_ticket' })).toThrow(TypeError);
});

test('a channel can be chosen from another process', async () => {
	const endpoint = new Endpoint();
	const url = await endpoint.listen();
	const response = await fetch(`${simulator.url}/_sim/callbacks`, {
		method: 'POST',
		body: JSON.stringify({ url, event: 'hit_keyword', channel: 'suite' }),
	});
	expect(await response.json()).toMatchObject({ ok: true });
	await endpoint.close();
	expect(endpoint.received[0]?.contentType).toBe('text/xml');
});
