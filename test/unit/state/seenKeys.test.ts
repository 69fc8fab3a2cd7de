import { SeenKeys } from '../../../wecom/state/seenKeys';

function seenKeys(ttlMs: number, maxKeys: number) {
	const time = { ms: 1_700_000_000_000 };
	return { time, seen: new SeenKeys(ttlMs, maxKeys, () => time.ms) };
}

describe('SeenKeys', () => {
	it('tells the first time from the second', () => {
		const { seen } = seenKeys(1000, 10);
		expect([seen.add('a'), seen.add('a'), seen.add('b'), seen.add('a')]).toEqual([
			true,
			false,
			true,
			false,
		]);
		expect(seen.size).toBe(2);
	});

	it('tells keys apart that look like properties', () => {
		const { seen } = seenKeys(1000, 10);
		for (const key of ['__proto__', 'constructor', '', ' ']) {
			expect(seen.add(key)).toBe(true);
			expect(seen.add(key)).toBe(false);
		}
	});

	it('remembers a key up to its time and not longer', () => {
		const { time, seen } = seenKeys(1000, 10);
		seen.add('a');
		time.ms += 999;
		expect(seen.add('a')).toBe(false);
		time.ms += 1;
		expect(seen.add('a')).toBe(true);
	});

	it('counts the time from the first delivery, not from the last', () => {
		const { time, seen } = seenKeys(1000, 10);
		seen.add('a');
		time.ms += 600;
		expect(seen.add('a')).toBe(false);
		time.ms += 600;
		expect(seen.add('a')).toBe(true);
	});

	it('forgets what is too old and keeps the rest', () => {
		const { time, seen } = seenKeys(1000, 10);
		for (const key of ['a', 'b', 'c', 'd']) {
			seen.add(key);
			time.ms += 400;
		}
		seen.add('e'); // at 1600: a (1000) and b (1400) are over
		expect(seen.size).toBe(3);
		expect(['c', 'd', 'e'].map((key) => seen.add(key))).toEqual([false, false, false]);
		expect(['a', 'b'].map((key) => seen.add(key))).toEqual([true, true]);
	});

	it('remembers so many keys at most and forgets the oldest first', () => {
		const { seen } = seenKeys(1000, 3);
		for (const key of ['a', 'b', 'c', 'd']) seen.add(key);
		expect(seen.size).toBe(3);
		expect(['b', 'c', 'd'].map((key) => seen.add(key))).toEqual([false, false, false]);
		expect(seen.add('a')).toBe(true);
		expect(seen.add('b')).toBe(true); // the oldest had to go for a
	});

	it('does not count a key as younger because it came again', () => {
		const { seen } = seenKeys(1000, 2);
		for (const key of ['a', 'b', 'a', 'c']) seen.add(key);
		expect(seen.add('b')).toBe(false);
		expect(seen.add('a')).toBe(true);
	});

	it('stays within its bound over 100 000 keys', () => {
		const { seen } = seenKeys(1_000_000, 500);
		for (let key = 0; key < 100_000; key++) {
			seen.add(String(key));
			if (seen.size > 500) throw new Error(`${seen.size} keys`);
		}
		expect(seen.size).toBe(500);
	});

	it('uses the clock of the machine when none is given', () => {
		const seen = new SeenKeys(60_000, 10);
		expect([seen.add('a'), seen.add('a')]).toEqual([true, false]);
	});
});
