import { CallbackReceiver, type CallbackSettings } from '../../../wecom/callback/receiver';
import { CallbackRefusedError, InvalidInputError } from '../../../wecom/errors';
import { callbackOf, envelope, seal, SENDER, sign } from '../../support/callback';

const EVENT =
	'<xml><SuiteId><![CDATA[ww1]]></SuiteId><InfoType><![CDATA[msgaudit_notify]]></InfoType><AuthCorpId><![CDATA[wpC]]></AuthCorpId><TimeStamp>1730000000</TimeStamp></xml>';

/** @param time seconds since 1970 */
const eventOf = (time: number) => EVENT.replace('1730000000', String(Math.floor(time)));

function receiver(settings: Partial<CallbackSettings> = {}): CallbackReceiver {
	return new CallbackReceiver({
		token: SENDER.token,
		encodingAesKey: SENDER.encodingAesKey,
		receiveIds: [SENDER.receiveId],
		...settings,
	});
}

function refusalOf(receive: () => unknown): CallbackRefusedError {
	try {
		receive();
	} catch (error) {
		if (error instanceof CallbackRefusedError) return error;
		throw error;
	}
	throw new Error('It was accepted');
}

describe('a callback', () => {
	it('is refused when one bit of the signature, a parameter or the ciphertext is changed', () => {
		const { query, encrypt, body } = callbackOf(EVENT);
		const flipped = `${encrypt.startsWith('A') ? 'B' : 'A'}${encrypt.slice(1)}`;
		const attempts = [
			() => receiver().receive({ ...query, msg_signature: 'f'.repeat(40) }, body),
			() => receiver().receive({ ...query, timestamp: `${query.timestamp}0` }, body),
			() => receiver().receive({ ...query, nonce: `${query.nonce}x` }, body),
			() => receiver().receive(query, Buffer.from(envelope(flipped))),
			() => receiver({ token: 'other' }).receive(query, body),
		];
		for (const attempt of attempts) expect(refusalOf(attempt).status).toBe(401);
	});

	it('is accepted with an upper-case signature', () => {
		const { query, body } = callbackOf(EVENT);
		const upper = { ...query, msg_signature: query.msg_signature.toUpperCase() };
		expect(receiver().receive(upper, body).event.event).toBe('msgaudit_notify');
	});

	it.each([
		['missing', undefined],
		['blank', ''],
		['repeated', ['a', 'b']],
		['an object', { $ne: '' }],
		['too long', 'a'.repeat(5000)],
	])('is refused when a query parameter is %s', (_shape, value) => {
		const { query, body } = callbackOf(EVENT);
		for (const name of ['msg_signature', 'timestamp', 'nonce']) {
			const refusal = refusalOf(() => receiver().receive({ ...query, [name]: value }, body));
			expect(refusal).toMatchObject({ status: 400, reason: 'malformed_query' });
		}
	});

	it('is refused for another receive id, a prefix or an extension of the allowed one', () => {
		for (const id of ['wxother', SENDER.receiveId.slice(0, -1), `${SENDER.receiveId}x`, '']) {
			const { query, body } = callbackOf(EVENT, { receiveId: id });
			expect(refusalOf(() => receiver().receive(query, body))).toMatchObject({
				status: 403,
				reason: 'receiveid_mismatch',
			});
		}
	});

	it('is accepted for each of several receive ids', () => {
		for (const id of ['ww1', SENDER.receiveId]) {
			const { query, body } = callbackOf(EVENT, { receiveId: id });
			const { event } = receiver({ receiveIds: ['ww1', SENDER.receiveId] }).receive(query, body);
			expect(event.receiveId).toBe(id);
		}
	});

	it('is accepted without a receive id only when none is configured', () => {
		const { query, body } = callbackOf(EVENT, { receiveId: '' });
		expect(receiver({ receiveIds: [] }).receive(query, body).event.receiveId).toBe('');
		const named = callbackOf(EVENT);
		expect(
			refusalOf(() => receiver({ receiveIds: [] }).receive(named.query, named.body)).reason,
		).toBe('receiveid_mismatch');
	});

	it('is accepted for whatever receive id where all are', () => {
		for (const id of ['wpNewCustomer', SENDER.receiveId, '']) {
			const { query, body } = callbackOf(EVENT, { receiveId: id });
			const { event } = receiver({ receiveIds: ['ww1', '*'] }).receive(query, body);
			expect(event.receiveId).toBe(id);
		}
		const { query, body } = callbackOf(EVENT, { receiveId: '*', token: 'forged' });
		expect(refusalOf(() => receiver({ receiveIds: ['*'] }).receive(query, body)).reason).toBe(
			'bad_signature',
		);
	});

	it('that is refused for its receive id names it, in one bounded line', () => {
		const messageFor = (receiveId: string) => {
			const { query, body } = callbackOf(EVENT, { receiveId });
			return refusalOf(() => receiver().receive(query, body)).message;
		};
		expect(messageFor('wpNewCustomer')).toContain('"wpNewCustomer"');
		expect(messageFor('')).toContain('no receive id');
		const hostile = messageFor(`wp\n\u001b[2Jfaked line ${'x'.repeat(1000)}`);
		expect(hostile).toContain('"wp??[2Jfaked?line?xxx');
		expect(hostile.length).toBeLessThan(200);
	});

	it('is held to the time window only when one is set', () => {
		const encrypt = seal(eventOf(Date.now() / 1000));
		const body = Buffer.from(envelope(encrypt));
		const old = sign(encrypt, { timestamp: String(Math.floor(Date.now() / 1000) - 3600) });
		expect(receiver().receive(old, body).event.event).toBe('msgaudit_notify');
		const strict = receiver({ timeWindowSeconds: 600 });
		expect(refusalOf(() => strict.receive(old, body)).reason).toBe('outside_time_window');
		expect(strict.receive(sign(encrypt), body).event.event).toBe('msgaudit_notify');
	});

	const seconds = Math.floor(Date.now() / 1000);
	it.each([
		'not-a-number',
		`0x${seconds.toString(16)}`,
		`${seconds / 1e9}e9`,
		` ${seconds}`,
		`${seconds} `,
		' ',
		`0${seconds}`,
		`${seconds}.0`,
		`${seconds}000`,
		`+${seconds}`,
	])('is outside of the time window when its timestamp is %j', (timestamp) => {
		const encrypt = seal('hello');
		const query = sign(encrypt, { timestamp });
		const body = Buffer.from(envelope(encrypt));
		const strict = receiver({ timeWindowSeconds: 600 });
		expect(refusalOf(() => strict.receive(query, body)).reason).toBe('outside_time_window');
		expect(receiver().receive(query, body).event.format).toBe('text');
	});

	it('is outside of the time window when timestamp and nonce changed places', () => {
		const strict = receiver({ timeWindowSeconds: 600 });
		for (const message of [eventOf(1_409_659_813), eventOf(4_000_000_000)]) {
			// The nonce of an old callback is by chance a time of today.
			const encrypt = seal(message);
			const { timestamp, ...query } = sign(encrypt, {
				timestamp: '1409659813',
				nonce: `${seconds}`,
			});
			const swapped = { ...query, timestamp: query.nonce, nonce: timestamp };
			const body = Buffer.from(envelope(encrypt));
			expect(refusalOf(() => strict.receive(swapped, body)).reason).toBe('outside_time_window');
		}
	});

	it('is held to the time in it, whatever the format and the name of that', () => {
		const strict = receiver({ timeWindowSeconds: 600 });
		for (const [age, isIn] of [
			[3600, false],
			[-3600, false],
			[60, true],
			[-60, true],
		] as const) {
			const at = seconds - age;
			for (const message of [
				eventOf(at),
				`<xml><Event>e</Event><CreateTime>${at}</CreateTime></xml>`,
				`{"event_type":"hit_keyword","timestamp":${at}}`,
				`{"msgtype":"text","msgid":"m","create_time":${at}}`,
			]) {
				const { query, body } = callbackOf(message);
				if (isIn) expect(strict.receive(query, body).plaintext).toBe(message);
				else expect(refusalOf(() => strict.receive(query, body)).status).toBe(403);
			}
		}
	});

	it('comes in a JSON envelope in either spelling', () => {
		for (const name of ['encrypt', 'Encrypt']) {
			const encrypt = seal('{"event_type":"hit_keyword","timestamp":1730000000}');
			const body = Buffer.from(JSON.stringify({ tousername: 'x', [name]: encrypt, agentid: '' }));
			expect(receiver().receive(sign(encrypt), body).event.event).toBe('msgaudit_keyword_hit');
		}
	});

	it('comes in a JSON envelope with raw control characters beside it', () => {
		const encrypt = seal('{"event_type":"hit_keyword","timestamp":1730000000}');
		const body = Buffer.from(`{"tousername":"a\nb\0","encrypt":"${encrypt}"}`);
		expect(receiver().receive(sign(encrypt), body).event.event).toBe('msgaudit_keyword_hit');
	});

	it('comes with a byte order mark, white space, a declaration, lower-case tags or bare text', () => {
		const encrypt = seal(EVENT);
		const bodies = [
			`\uFEFF\n ${envelope(encrypt)}\n`,
			`<?xml version="1.0" encoding="UTF-8"?>\n${envelope(encrypt)}`,
			`<xml><encrypt>${encrypt}</encrypt></xml>`,
			`<xml><Encrypt>${encrypt.replaceAll('+', '&#43;').replaceAll('=', '&#x3D;')}</Encrypt></xml>`,
			`<xml>\n\t<Encrypt>\n\t\t<![CDATA[${encrypt}]]>\n\t</Encrypt>\n</xml>`,
			`<xml><Content><![CDATA[<Encrypt>forged</Encrypt>]]></Content><Encrypt>${encrypt}</Encrypt></xml>`,
			`<xml><!-- <Encrypt>no</Encrypt> --><A><Encrypt>deeper</Encrypt></A><B/><Encrypt>${encrypt}</Encrypt></xml>`,
		];
		for (const body of bodies) {
			expect(receiver().receive(sign(encrypt), Buffer.from(body)).event.event).toBe(
				'msgaudit_notify',
			);
		}
	});

	it.each([
		['an empty body', '', 'malformed_body', 400],
		['text', 'hello', 'malformed_body', 400],
		['half an envelope', '<xml><Encrypt><![CDATA[abc', 'malformed_body', 400],
		['a tag that does not end', '<xml><Encrypt', 'malformed_body', 400],
		['no Encrypt', '<xml><A>1</A></xml>', 'no_encrypt', 400],
		['an empty Encrypt', '<xml><Encrypt></Encrypt></xml>', 'no_encrypt', 400],
		['broken JSON', '{"encrypt": ', 'malformed_body', 400],
		['JSON without a text', '{"encrypt": 5}', 'no_encrypt', 400],
		[
			'a document type',
			'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>a</Encrypt></xml>',
			'dtd',
			400,
		],
		['over the limit', `<xml>${'a'.repeat(200_000)}</xml>`, 'body_too_large', 413],
	])('is refused with %s', (_what, body, reason, status) => {
		const { query } = callbackOf(EVENT);
		expect(refusalOf(() => receiver().receive(query, Buffer.from(body)))).toMatchObject({
			reason,
			status,
		});
	});

	it('is refused when a signed message declares a document type', () => {
		const bomb = `<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "${'x'.repeat(100)}"><!ENTITY b "&a;&a;&a;">]><xml><InfoType>&b;</InfoType></xml>`;
		const { query, body } = callbackOf(bomb);
		expect(refusalOf(() => receiver().receive(query, body)).reason).toBe('dtd');
	});

	it('is accepted when a chat message merely talks about document types', () => {
		const { query, body } = callbackOf(
			'<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[<!DOCTYPE html> <!ENTITY]]></Content></xml>',
		);
		expect(receiver().receive(query, body).event.data.Content).toBe('<!DOCTYPE html> <!ENTITY');
	});

	it('is refused when its length field lies or its ciphertext is cut', () => {
		for (const length of [0xffffffff, 10_000]) {
			const encrypt = seal(EVENT, { length });
			const refusal = refusalOf(() =>
				receiver().receive(sign(encrypt), Buffer.from(envelope(encrypt))),
			);
			expect(refusal.reason).toBe('bad_length');
		}
		const cut = seal(EVENT).slice(0, 40);
		expect(refusalOf(() => receiver().receive(sign(cut), Buffer.from(envelope(cut)))).reason).toBe(
			'bad_ciphertext',
		);
	});
});

describe('a hostile megabyte', () => {
	const size = 1024 * 1024;
	const fill = (unit: string, start = '', end = '') =>
		start + unit.repeat(Math.floor((size - start.length - end.length) / unit.length)) + end;
	const bodies: Array<[string, string]> = [
		['of unfinished tags', fill('<a')],
		['of open elements', fill('<a>')],
		['of CDATA starts', fill('<![CDATA[', '<xml><Encrypt>')],
		['of CDATA sections', fill('<![CDATA[]]>', '<xml>')],
		['of comments', fill('<!---->', '<xml>')],
		['of Encrypt starts', fill('<Encrypt>')],
		['of Encrypt elements', fill('<Encrypt></Encrypt>', '<xml>', '</xml>')],
		['of attributes', fill(' a="b"', '<xml', '>')],
		['of ciphertext', fill('A', '<xml><Encrypt><![CDATA[', ']]></Encrypt></xml>')],
		['of white space', fill(' ')],
		['of nested JSON', fill('[', '{"encrypt":')],
		['of JSON members', fill('"a":1,', '{', '"encrypt":1}')],
	];

	it.each(bodies)('%s is refused, whatever the limit is', (_what, body) => {
		const { query } = callbackOf(EVENT);
		const bytes = Buffer.from(body);
		expect(refusalOf(() => receiver().receive(query, bytes)).status).toBe(413);
		const lenient = receiver({ maxBodyBytes: 2 * size });
		expect(refusalOf(() => lenient.receive(query, bytes)).status).toBeLessThan(500);
	});
});

describe('the URL check', () => {
	it('is answered with the plaintext, byte for byte', () => {
		const echostr = seal(' 1616140317555161061 \n');
		expect(receiver().verifyUrl({ ...sign(echostr), echostr })).toBe(' 1616140317555161061 \n');
	});

	/** What the query of a URL check becomes on its way, and what n8n reads of it. */
	const ways: Array<[string, (echostr: string) => string]> = [
		['untouched', (echostr) => echostr],
		['with blanks for its +', (echostr) => echostr.replaceAll('+', ' ')],
		['encoded once more', (echostr) => encodeURIComponent(echostr)],
		['encoded once more, in small letters', (echostr) => lower(encodeURIComponent(echostr))],
		['with blanks, then encoded', (echostr) => encodeURIComponent(echostr.replaceAll('+', ' '))],
		[
			'with blanks, and = encoded',
			(echostr) => echostr.replaceAll('+', ' ').replaceAll('=', '%3D'),
		],
	];
	const lower = (text: string) => text.replace(/%../g, (code) => code.toLowerCase());

	it.each(ways)('is answered when the echostr comes %s', (_how, make) => {
		let echostr = seal('1616140317555161061');
		while (!/\+.*\/.*=/.test(echostr)) echostr = seal('1616140317555161061');
		const query = sign(echostr);
		expect(receiver().verifyUrl({ ...query, echostr: make(echostr) })).toBe('1616140317555161061');
		const forged = { ...query, nonce: `${query.nonce}x`, echostr: make(echostr) };
		expect(refusalOf(() => receiver().verifyUrl(forged)).reason).toBe('bad_signature');
	});

	it.each(['%', '%E4%', '% +', '%%%2B', ' '.repeat(100)])('is refused for %j', (echostr) => {
		const query = { ...sign(seal('1')), echostr };
		expect(refusalOf(() => receiver().verifyUrl(query)).reason).toBe('bad_signature');
	});

	it.each([
		['XML', EVENT],
		['JSON', '{"event_type":"hit_keyword","timestamp":1730000000}'],
		['short JSON', '{}'],
		['short XML', '<xml/>'],
		['a text of several words', 'meet me at noon'],
		['a text of several lines', '1234\n5678'],
		['Chinese', '你好'],
		['a long word', '1'.repeat(65)],
		['nothing', ''],
	])('gives no message away: %s', (_what, message) => {
		const echostr = seal(message);
		const refusal = refusalOf(() => receiver().verifyUrl({ ...sign(echostr), echostr }));
		expect(refusal).toMatchObject({ status: 403, reason: 'no_echostr' });
		if (message) expect(refusal.message).not.toContain(message);
	});
});

describe('settings', () => {
	it('name what is wrong with a key without quoting it', () => {
		const wrong = [
			'tooShort',
			`${SENDER.encodingAesKey}=`,
			`${SENDER.encodingAesKey.slice(0, -1)}!`,
			'-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
			'',
		];
		for (const encodingAesKey of wrong) {
			let caught: unknown;
			try {
				receiver({ encodingAesKey });
			} catch (error) {
				caught = error;
			}
			expect(caught).toBeInstanceOf(InvalidInputError);
			expect(caught).toMatchObject({ field: 'encodingAesKey', hint: expect.any(String) as string });
			if (encodingAesKey) expect(String(caught)).not.toContain(encodingAesKey);
		}
	});

	it('need a token', () => {
		expect(() => receiver({ token: ' ' })).toThrow(InvalidInputError);
	});
});
