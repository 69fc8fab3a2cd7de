import { CallbackCipher } from '../../../wecom/callback/cipher';
import { findEncrypt } from '../../../wecom/callback/envelope';
import { CallbackReceiver } from '../../../wecom/callback/receiver';
import { isSignatureGood } from '../../../wecom/callback/signature';
import { CallbackRefusedError } from '../../../wecom/errors';
import { envelope } from '../../support/callback';
import vectors from './vectors.json';

interface Vector {
	id: string;
	kind?: string;
	token?: string;
	encodingAESKey?: string;
	alias?: string;
	receiveId?: string;
	msg_signature?: string;
	timestamp?: string;
	nonce?: string;
	encrypt?: string;
	body?: string;
	plaintext?: string;
	expect?: { ok: boolean; plaintext?: string; receiveId?: string; error?: string };
}

const published: Vector[] = vectors.published;
const synthetic: Vector[] = vectors.synthetic;
const named = (list: Vector[]) => list.map((vector) => [vector.id, vector] as const);
const text = (value: string | undefined) => value ?? '';

function receiverOf(vector: Vector): CallbackReceiver {
	return new CallbackReceiver({
		token: text(vector.token),
		encodingAesKey: text(vector.encodingAESKey),
		receiveIds: vector.receiveId ? [vector.receiveId] : [],
	});
}

const queryOf = ({ msg_signature, timestamp, nonce }: Vector) => ({
	msg_signature,
	timestamp,
	nonce,
});

describe('published vectors', () => {
	const signed = published.filter((vector) => vector.msg_signature);
	const encrypted = published.filter((vector) => vector.encrypt);

	it('are all used', () => {
		expect(published.map(({ kind }) => kind).sort()).toEqual([
			'encrypt_only',
			'encrypt_only',
			'encrypt_reply',
			'key_alias',
			'message_xml',
			'message_xml',
			'verify_url',
		]);
	});

	it.each(named(signed))('%s has a good signature', (_id, vector) => {
		const { token, timestamp, nonce, encrypt, msg_signature } = vector;
		expect(
			isSignatureGood(
				text(token),
				text(timestamp),
				text(nonce),
				text(encrypt),
				text(msg_signature),
			),
		).toBe(true);
	});

	it.each(named(encrypted))('%s decrypts to its plaintext and receive id', (_id, vector) => {
		const frame = new CallbackCipher(text(vector.encodingAESKey)).open(text(vector.encrypt));
		expect(frame).toEqual({ message: vector.plaintext, receiveId: vector.receiveId });
	});

	it.each(named(published.filter((vector) => vector.body)))(
		'%s is received from its published body',
		(_id, vector) => {
			const body = Buffer.from(text(vector.body));
			expect(findEncrypt(body)).toBe(vector.encrypt);
			const { event, plaintext } = receiverOf(vector).receive(queryOf(vector), body);
			expect(plaintext).toBe(vector.plaintext);
			expect(event).toMatchObject({ format: 'xml', event: 'message', originalEvent: 'text' });
			// Beyond 2^53: a parser that makes numbers of digits would change it.
			expect(text(vector.plaintext)).toContain(`<MsgId>${String(event.data.MsgId)}</MsgId>`);
		},
	);

	it.each(named(published.filter(({ kind }) => kind === 'verify_url')))(
		'%s answers the URL check with the plaintext and nothing else',
		(_id, vector) => {
			const query = { ...queryOf(vector), echostr: vector.encrypt };
			expect(receiverOf(vector).verifyUrl(query)).toBe(vector.plaintext);
		},
	);

	it('take both spellings of a key whose last two bits are spare', () => {
		const alias = published.find(({ kind }) => kind === 'key_alias');
		const reply = published.find(({ kind }) => kind === 'encrypt_reply');
		for (const key of [alias?.encodingAESKey, alias?.alias]) {
			expect(new CallbackCipher(text(key)).open(text(reply?.encrypt)).message).toBe(
				reply?.plaintext,
			);
		}
	});
});

describe('synthetic vectors', () => {
	it.each(named(synthetic.filter((vector) => vector.expect?.ok)))(
		'%s is accepted',
		(_id, vector) => {
			const { event, plaintext } = receiverOf(vector).receive(
				queryOf(vector),
				Buffer.from(envelope(text(vector.encrypt))),
			);
			expect(plaintext).toBe(vector.expect?.plaintext);
			expect(event.receiveId).toBe(vector.receiveId);
		},
	);

	it.each(named(synthetic.filter((vector) => vector.expect?.ok === false)))(
		'%s is refused for its reason',
		(_id, vector) => {
			const receive = () =>
				receiverOf({ ...vector, receiveId: 'wx5823bf96d3bd56c7' }).receive(
					queryOf(vector),
					Buffer.from(envelope(text(vector.encrypt))),
				);
			expect(receive).toThrow(CallbackRefusedError);
			expect(receive).toThrow(expect.objectContaining({ reason: vector.expect?.error }));
		},
	);
});
