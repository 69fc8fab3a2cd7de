import { fingerprintOf, MadeOnce } from '../../../nodes/shared/run/madeOnce';

it('makes a thing once of the same values, however many ask at a time', async () => {
	const made = new MadeOnce<object>(10);
	const make = jest.fn(() => ({}));
	const things = await Promise.all(
		Array.from({ length: 1000 }, async () => await made.get([{ key: 'k' }, undefined], make)),
	);
	expect(new Set(things).size).toBe(1);
	expect(make).toHaveBeenCalledTimes(1);
	expect(await made.get([{ key: 'other' }, undefined], make)).not.toBe(things[0]);
	expect(make).toHaveBeenCalledTimes(2);
});

it('keeps no more than it may', async () => {
	const made = new MadeOnce<number>(2);
	const make = jest.fn(() => 1);
	for (const key of ['a', 'b', 'a', 'b', 'c', 'c', 'a']) await made.get([key], make);
	expect(make).toHaveBeenCalledTimes(4);
});

it('fails for the same values in the same way, and for others not at all', async () => {
	const made = new MadeOnce<number>(2);
	const fail = jest.fn(async () => await Promise.reject(new Error('bad key')));
	await expect(made.get(['a'], fail)).rejects.toThrow('bad key');
	await expect(made.get(['a'], fail)).rejects.toThrow('bad key');
	expect(fail).toHaveBeenCalledTimes(1);
	expect(await made.get(['b'], () => 1)).toBe(1);
});

it('says nothing of what it is made of', () => {
	expect(fingerprintOf(['secret'])).toMatch(/^[0-9a-f]{64}$/);
});
