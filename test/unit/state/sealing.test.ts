import { randomBytes } from 'node:crypto';

import { MemoryStore } from '../../../wecom/state/memoryState';
import { keyFromPassword, keyFromSecret, seal, sealed, unseal } from '../../../wecom/state/sealing';

const KEY = randomBytes(32);

describe('a sealed text', () => {
	it('is opened with its key under its name', () => {
		for (const text of ['', 'token', '企业微信', 'x'.repeat(5000)]) {
			expect(unseal(seal(text, KEY, 'name'), KEY, 'name')).toBe(text);
		}
	});

	it('is another one each time, and holds nothing of the text', () => {
		const texts = [1, 2].map(() => seal('a secret token', KEY, 'name'));
		expect(texts[0]).not.toBe(texts[1]);
		for (const text of texts) expect(Buffer.from(text, 'base64').includes('token')).toBe(false);
	});

	it('stays shut for another key, under another name, and when a bit of it changed', () => {
		const text = seal('a secret token', KEY, 'name');
		expect(unseal(text, randomBytes(32), 'name')).toBeUndefined();
		expect(unseal(text, KEY, 'another name')).toBeUndefined();
		const bytes = Buffer.from(text, 'base64');
		for (let at = 0; at < bytes.length; at++) {
			const broken = Buffer.from(bytes);
			broken[at] = (broken[at] ?? 0) ^ 1;
			expect(unseal(broken.toString('base64'), KEY, 'name')).toBeUndefined();
		}
	});

	it('that is none at all stays shut', () => {
		for (const text of ['', 'no base64 !', 'AAAA']) {
			expect(unseal(text, KEY, 'name')).toBeUndefined();
		}
	});
});

describe('a sealed store', () => {
	it('keeps nothing readable, and takes what it cannot open for absent', async () => {
		const store = new MemoryStore(10);
		const secrets = sealed(store, async () => await Promise.resolve(KEY));
		await secrets.set('token', 'a secret token', 1000);
		expect(await secrets.get('token')).toBe('a secret token');
		expect(await store.get('token')).not.toContain('secret');
		const others = sealed(store, async () => await Promise.resolve(randomBytes(32)));
		expect(await others.get('token')).toBeUndefined();
		expect(await secrets.get('nothing')).toBeUndefined();
	});
});

describe('a key', () => {
	it('is the same for the same secret and purpose, and no other', async () => {
		const make = [keyFromPassword, keyFromSecret];
		for (const from of make) {
			const key = await from('a secret', 'purpose');
			expect(key).toHaveLength(32);
			expect(await from('a secret', 'purpose')).toEqual(key);
			expect(await from('a secret', 'another')).not.toEqual(key);
			expect(await from('another', 'purpose')).not.toEqual(key);
		}
	});
});
