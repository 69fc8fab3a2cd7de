import { toEvent } from '../../../wecom/callback/event';

const event = (message: string, receiveId = 'ww1') => toEvent({ message, receiveId });
const suite = (fields: Record<string, string>) =>
	event(
		`<xml>${Object.entries(fields)
			.map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
			.join('')}</xml>`,
	);

describe('an event', () => {
	it('of a suite is read with its corp, suite and time', () => {
		expect(
			suite({
				SuiteId: 'ww1',
				AuthCorpId: 'wpC',
				InfoType: 'msgaudit_approve',
				TimeStamp: '1730000000',
				UserID: 'zhangsan',
			}),
		).toEqual({
			eventId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			event: 'msgaudit_approve',
			originalEvent: 'msgaudit_approve',
			suiteId: 'ww1',
			authCorpId: 'wpC',
			receiveId: 'ww1',
			time: '2024-10-27T03:33:20.000Z',
			format: 'xml',
			data: {
				SuiteId: 'ww1',
				AuthCorpId: 'wpC',
				InfoType: 'msgaudit_approve',
				TimeStamp: '1730000000',
				UserID: 'zhangsan',
			},
		});
	});

	it.each([
		['<xml><InfoType>conversation_new_message</InfoType></xml>', 'msgaudit_notify'],
		['<xml><MsgType>event</MsgType><Event>msgaudit_notify</Event></xml>', 'msgaudit_notify'],
		['{"event_type":"conversation_new_message"}', 'msgaudit_notify'],
		['<xml><InfoType>chat_archive_audit_approved_single</InfoType></xml>', 'msgaudit_approve'],
		['{"event_type":"chat_archive_audit_approved_room"}', 'msgaudit_approve'],
		[
			'<xml><Event>change_external_contact</Event><ChangeType>msg_audit_approved</ChangeType></xml>',
			'msgaudit_approve',
		],
		[
			'<xml><Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType></xml>',
			'change_external_contact',
		],
		['<xml><InfoType>hit_keyword</InfoType></xml>', 'msgaudit_keyword_hit'],
		['<xml><InfoType>chat_archive_export_finished</InfoType></xml>', 'msgaudit_export_finish'],
		['<xml><InfoType>suite_ticket</InfoType><SuiteTicket>t</SuiteTicket></xml>', 'suite_ticket'],
		['<xml><InfoType>create_auth</InfoType></xml>', 'create_auth'],
		['<xml><InfoType>something_new_of_2030</InfoType></xml>', 'something_new_of_2030'],
		['<xml><InfoType>constructor</InfoType></xml>', 'constructor'],
		['<xml><MsgType>text</MsgType><Content>hi</Content></xml>', 'message'],
		['{"msgtype":"text","text":{"content":"hi"}}', 'message'],
		['just text', 'message'],
	])('%s is called %s', (message, name) => {
		expect(event(message).event).toBe(name);
	});

	it('of customer acquisition keeps its ChangeType', () => {
		expect(
			suite({ InfoType: 'customer_acquisition', ChangeType: 'balance_low', AuthCorpId: 'c' }),
		).toMatchObject({ event: 'customer_acquisition', changeType: 'balance_low' });
	});

	it('has the same id however often, in whatever order and spacing it is delivered', () => {
		const first = event('<xml><InfoType>a</InfoType><TimeStamp>1</TimeStamp></xml>');
		const again = event(
			'<xml>\n <TimeStamp>1</TimeStamp>\n <InfoType> <![CDATA[a]]></InfoType>\n</xml>',
		);
		expect(again.eventId).toBe(first.eventId);
	});

	it('has another id when any field or the receive id differs', () => {
		const ids = [
			event('<xml><InfoType>a</InfoType><TimeStamp>1</TimeStamp></xml>'),
			event('<xml><InfoType>a</InfoType><TimeStamp>2</TimeStamp></xml>'),
			event('<xml><InfoType>a</InfoType><TimeStamp>1</TimeStamp><LinkId>x</LinkId></xml>'),
			event('<xml><InfoType>a</InfoType><TimeStamp>1</TimeStamp></xml>', 'ww2'),
		].map(({ eventId }) => eventId);
		expect(new Set(ids).size).toBe(ids.length);
	});
});

describe('a message that is no event', () => {
	it.each(['plain text', '{"a":', '<xml><a></xml>', 'a < b', '<3', '<a/><b/>', '你好', '[1]'])(
		'%s comes out as raw text',
		(message) => {
			expect(event(message)).toMatchObject({ format: 'text', data: { text: message } });
		},
	);

	it.each([200, 3000, 5000, 10_000])('as none that nests %i levels deep', (levels) => {
		for (const message of [
			`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
			`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`,
			`${'<a>'.repeat(levels)}1${'</a>'.repeat(levels)}`,
		]) {
			expect(event(message)).toMatchObject({ format: 'text', data: { text: message } });
		}
	});

	it('keeps numbers beyond 2^53 exact in JSON and XML', () => {
		expect(event('{"event_type":"x","doc_id":18446744073709551615}').data.doc_id).toBe(
			'18446744073709551615',
		);
		expect(event('<xml><MsgId>4561255354251345929</MsgId></xml>').data.MsgId).toBe(
			'4561255354251345929',
		);
	});

	it('reads nested and repeated elements and the predefined entities', () => {
		expect(
			event('<xml><A><B>1</B><B>2</B></A><C>a &amp; b &lt;c&gt;</C><D></D></xml>').data,
		).toEqual({ A: { B: ['1', '2'] }, C: 'a & b <c>', D: '' });
	});
});
