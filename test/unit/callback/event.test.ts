import { toEvent } from '../../../wecom/callback/event';
import { XML_LISTS } from '../../../wecom/callback/lists';

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
		['{"msgtype":"event","event":{"eventtype":"enter_chat"}}', 'enter_chat'],
		['{"msgtype":"event","event":{"event_type":"delete_from_chat"}}', 'delete_from_chat'],
		[
			'{"msgtype":"event","event":{"eventtype":"something_of_2030","something_of_2030":{}}}',
			'something_of_2030',
		],
		[
			'<xml><MsgType>event</MsgType><Event><EventType><![CDATA[add_to_chat]]></EventType></Event></xml>',
			'add_to_chat',
		],
		['{"msgtype":"event","event":{"eventtype":"hit_keyword"}}', 'msgaudit_keyword_hit'],
		['{"msgtype":"event","event":{}}', 'event'],
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

describe('the time of an event', () => {
	it.each([
		['1730000000', '2024-10-27T03:33:20.000Z'],
		['1730000000123', '2024-10-27T03:33:20.123Z'],
		['0x671DB700', undefined],
		['1.73e9', undefined],
		['17 30000000', undefined],
		['-1730000000', undefined],
		['0', undefined],
	])('written as %s is %s', (written, time) => {
		expect(event(`<xml><CreateTime>${written}</CreateTime></xml>`).time).toBe(time);
		expect(event(`{"timestamp":"${written}"}`).time).toBe(time);
	});
});

describe('a message with an id of its own', () => {
	const robot = (fields: object) =>
		event(
			JSON.stringify({
				msgid: 'CAIQ1',
				aibotid: 'robot',
				chattype: 'single',
				from: { userid: 'U' },
				msgtype: 'text',
				text: { content: 'hello' },
				...fields,
			}),
			'',
		);
	const groupRobot = (id: string, url: string, more = '') =>
		event(
			`<xml><WebhookUrl><![CDATA[${url}]]></WebhookUrl><MsgId>${id}</MsgId><ChatId>c</ChatId><From><UserId>U</UserId></From>${more}<MsgType>text</MsgType><Text><Content>hi</Content></Text></xml>`,
			'',
		);

	it('is the same whatever address it is to be answered at, and whenever it is sent', () => {
		const { eventId, messageId, time } = robot({});
		expect([messageId, time]).toEqual(['CAIQ1', undefined]);
		expect(robot({ response_url: 'https://example.com/?code=2' }).eventId).toBe(eventId);
		expect(robot({ response_url: 'https://example.com/?code=3' }).eventId).toBe(eventId);
		expect(robot({ create_time: 1_700_000_000 }).eventId).toBe(eventId);
		const info = '<GetChatInfoUrl>https://example.com/?code=4</GetChatInfoUrl>';
		expect(groupRobot('a', 'https://example.com/2', info).eventId).toBe(
			groupRobot('a', 'https://example.com/1').eventId,
		);
	});

	it('is another than one with another id, sender or robot, or for another receiver', () => {
		const ids = [
			robot({}),
			robot({ msgid: 'CAIQ2' }),
			robot({ from: { userid: 'V' } }),
			robot({ aibotid: 'other' }),
			robot({ msgtype: 'event', event: { eventtype: 'enter_chat' } }),
			robot({ msgtype: 'event', event: { eventtype: 'feedback_event' } }),
			groupRobot('a', 'u'),
			groupRobot('b', 'u'),
		].map(({ eventId }) => eventId);
		expect(new Set(ids).size).toBe(ids.length);
		const text = '<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>';
		expect(event(text, 'ww1').eventId).not.toBe(event(text, 'ww2').eventId);
	});

	it('is one also without a type', () => {
		const untyped = (id: string) => event(`{"msgid":"${id}","text":{"content":"hi"}}`);
		expect(untyped('a').messageId).toBe('a');
		expect(untyped('a').eventId).not.toBe(untyped('b').eventId);
		expect(event('{"msgid":"a","event":{"eventtype":"enter_chat"}}').messageId).toBe('a');
	});

	it('is an event of a robot as well, but none that only mentions a message', () => {
		const enter = { msgtype: 'event', event: { eventtype: 'enter_chat' } };
		expect(robot(enter)).toMatchObject({ event: 'enter_chat', messageId: 'CAIQ1' });
		for (const [first, second] of [
			[
				'{"event_type":"hit_keyword","timestamp":1,"msgid":"m","rule":"a"}',
				'{"event_type":"hit_keyword","timestamp":1,"msgid":"m","rule":"b"}',
			],
			[
				'<xml><MsgType>event</MsgType><Event>sent</Event><MsgID>1</MsgID><To>a</To></xml>',
				'<xml><MsgType>event</MsgType><Event>sent</Event><MsgID>1</MsgID><To>b</To></xml>',
			],
			[
				'<xml><InfoType>x</InfoType><MsgType>text</MsgType><MsgId>1</MsgId><A>a</A></xml>',
				'<xml><InfoType>x</InfoType><MsgType>text</MsgType><MsgId>1</MsgId><A>b</A></xml>',
			],
		] as const) {
			expect(event(first).messageId).toBeUndefined();
			expect(event(first).eventId).not.toBe(event(second).eventId);
		}
	});
});

describe('a list in an XML event', () => {
	/** An event in which the element of a path comes so often. */
	const withEntries = (path: string, name: string, entries: number) => {
		const names = path.split('/');
		const last = names.pop() ?? '';
		const open = names.map((one) => `<${one}>`).join('');
		const close = names
			.map((one) => `</${one}>`)
			.reverse()
			.join('');
		const list = Array.from({ length: entries }, (_, n) => `<${last}><A>${n}</A></${last}>`);
		const { data } = event(`<xml><Event>${name}</Event>${open}${list.join('')}${close}</xml>`);
		return path.split('/').reduce<unknown>((value, one) => {
			const inner = Array.isArray(value) ? (value as unknown[])[0] : value;
			return (inner as Record<string, unknown>)[one];
		}, data);
	};

	it.each(XML_LISTS.flatMap(({ path, events }) => events.map((name) => [path, name] as const)))(
		'%s of %s has the same form for one entry as for several',
		(path, name) => {
			expect(withEntries(path, name, 1)).toEqual([{ A: '0' }]);
			expect(withEntries(path, name, 2)).toEqual([{ A: '0' }, { A: '1' }]);
		},
	);

	it('of texts is one of texts, also where lists stand in lists', () => {
		const one = '<OptionIds><OptionId>1</OptionId></OptionIds>';
		const two = '<OptionIds><OptionId>1</OptionId><OptionId>2</OptionId></OptionIds>';
		const xml = `<xml><Event>template_card_event</Event><SelectedItems><SelectedItem>${one}</SelectedItem><SelectedItem>${two}</SelectedItem></SelectedItems></xml>`;
		expect(event(xml).data.SelectedItems).toEqual({
			SelectedItem: [{ OptionIds: { OptionId: ['1'] } }, { OptionIds: { OptionId: ['1', '2'] } }],
		});
	});

	it.each([
		['kf_account_auth_change', 'AuthAddOpenKfId'],
		['kf_account_auth_change', 'AuthDelOpenKfId'],
		['doc_change', 'DocId'],
		['wedrive_space_change', 'SpaceId'],
	])('%s has in %s', (name, list) => {
		expect(event(`<xml><Event>${name}</Event><${list}>1</${list}></xml>`).data[list]).toEqual([
			'1',
		]);
	});

	it('is none where no document shows one, nor where the element is empty or a text', () => {
		const { data } = event(
			'<xml><Event>other</Event><FileId>f</FileId><ExtAttr></ExtAttr><MemChangeList>a,b</MemChangeList><Item>i</Item></xml>',
		);
		expect(data).toEqual({
			Event: 'other',
			FileId: 'f',
			ExtAttr: '',
			MemChangeList: 'a,b',
			Item: 'i',
		});
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

	it('is no JSON with raw control characters: that keeps its name, and they stay', () => {
		for (let code = 0; code < 32; code++) {
			const content = `a${String.fromCharCode(code)}b`;
			expect(
				event(`{"event_type":"hit_keyword","timestamp":1,"content":"${content}"}`),
			).toMatchObject({
				event: 'msgaudit_keyword_hit',
				format: 'json',
				data: { content },
			});
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

	it.each([
		['&#20013;&#x6587;', '中文'],
		['a&#10;b&#xA;c&#9;d', 'a\nb\nc\td'],
		['&#128512;&#x1F600;', '😀😀'],
		['&#0020013;', '中'],
		['&amp;#20013; &amp;lt;', '&#20013; &lt;'],
		['&#38;#20013; &#38;lt;', '&#20013; &lt;'],
		['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
		['&#0; &#xD800; &#x110000; &#xFFFF; &#1;', '&#0; &#xD800; &#x110000; &#xFFFF; &#1;'],
		['<![CDATA[&#20013; &amp;]]>', '&#20013; &amp;'],
		['&#20013;<![CDATA[&#20013;]]>', '中&#20013;'],
		['&nbsp;&copy;', '&nbsp;&copy;'],
		['&#X4e2d;', '中'],
		['https://a/?b=1&c=2 & d', 'https://a/?b=1&c=2 & d'],
	])('reads the references in %s', (written, read) => {
		expect(event(`<xml><C>${written}</C></xml>`).data).toEqual({ C: read });
	});

	it('reads as many references as fit into a message', () => {
		const { data } = event(`<xml><C>${'&#20013;'.repeat(15_000)}</C></xml>`);
		expect(data.C).toBe('中'.repeat(15_000));
	});

	it('reads nested and repeated elements and the predefined entities', () => {
		expect(
			event('<xml><A><B>1</B><B>2</B></A><C>a &amp; b &lt;c&gt;</C><D></D></xml>').data,
		).toEqual({ A: { B: ['1', '2'] }, C: 'a & b <c>', D: '' });
	});
});
