import { MAX_PAGE_SIZE, pullPages, readSeq, type FetchPage } from '../../../wecom/archive/pull';
import type { EncryptedRecord } from '../../../wecom/archive/record';
import {
	AnswerTooLargeError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';

const PATH = '/msgaudit/get_chat_data';
const tooLarge = () => new WecomApiError(301058, 'response data too large', PATH);

/** What one call asked for. */
interface Call {
	seq: bigint;
	limit: number;
}

/** Gives the answers one after the other; a call too many fails the test. */
function script(...answers: Array<EncryptedRecord[] | Error>): {
	fetchPage: FetchPage;
	calls: Call[];
} {
	const calls: Call[] = [];
	const fetchPage: FetchPage = async (seq, limit) => {
		const answer = answers[calls.length];
		calls.push({ seq, limit });
		if (answer === undefined) throw new Error(`call ${calls.length} was not expected`);
		if (answer instanceof Error) throw answer;
		return await Promise.resolve(answer);
	};
	return { fetchPage, calls };
}

/** An archive that behaves: records after the seq, at most limit, 301058 when too many to fit. */
function archive(seqs: bigint[], fits = Infinity): { fetchPage: FetchPage; calls: Call[] } {
	const calls: Call[] = [];
	const fetchPage: FetchPage = async (seq, limit) => {
		if (calls.length > 5000) throw new Error('the pull does not end');
		calls.push({ seq, limit });
		if (limit > fits) throw tooLarge();
		const after = seqs.filter((one) => one > seq).slice(0, limit);
		return await Promise.resolve(after.map((one) => ({ seq: one.toString() })));
	};
	return { fetchPage, calls };
}

const records = (...seqs: Array<number | string>): EncryptedRecord[] =>
	seqs.map((seq) => ({ seq }));

const upTo = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i + 1));

/** Pulls to the end, and keeps what came before an error. */
async function pull(
	fetchPage: FetchPage,
	after = 0n,
	pageSize?: number | (() => number),
): Promise<{ pages: EncryptedRecord[][]; nextSeqs: bigint[]; error?: unknown }> {
	const pages: EncryptedRecord[][] = [];
	const nextSeqs: bigint[] = [];
	try {
		for await (const page of pullPages(fetchPage, after, pageSize)) {
			pages.push(page.records);
			nextSeqs.push(page.nextSeq);
		}
	} catch (error) {
		return { pages, nextSeqs, error };
	}
	return { pages, nextSeqs };
}

const seqsOf = (pages: EncryptedRecord[][]) => pages.flat().map((record) => readSeq(record));

describe('a pull', () => {
	test('hands out every record exactly once and in order, over any size of page', async () => {
		const seqs = upTo(250).filter((seq) => seq % 13n !== 0n);
		for (const size of [1, 7, 100, 231, 232, 1000]) {
			const { pages, nextSeqs, error } = await pull(archive(seqs).fetchPage, 0n, size);
			expect(error).toBeUndefined();
			expect(seqsOf(pages)).toEqual(seqs);
			expect(nextSeqs.at(-1)).toBe(seqs.at(-1));
		}
	});

	test('goes on from the seq it is given, and each time from the largest so far', async () => {
		const { fetchPage, calls } = script(records(6, 7), records(9), []);
		const { nextSeqs } = await pull(fetchPage, 5n, 2);
		expect(calls.map((call) => call.seq)).toEqual([5n, 7n, 9n]);
		expect(nextSeqs).toEqual([7n, 9n]);
	});

	test('ends with the first empty answer, not with one that is merely short', async () => {
		const { fetchPage, calls } = script(records(1), records(2, 3), []);
		expect(seqsOf((await pull(fetchPage)).pages)).toEqual([1n, 2n, 3n]);
		expect(calls).toHaveLength(3);
	});

	test('of an archive with nothing new hands out no page', async () => {
		const { fetchPage, calls } = script([]);
		expect(await pull(fetchPage, 77n)).toEqual({ pages: [], nextSeqs: [] });
		expect(calls).toEqual([{ seq: 77n, limit: MAX_PAGE_SIZE }]);
	});

	test('hands out the records themselves, as the answer had them', async () => {
		const answer = [
			{ seq: 2, msgid: 'two', publickey_ver: 1 },
			{ seq: '1', encrypt_chat_msg: null },
		];
		const { pages } = await pull(script(answer, []).fetchPage);
		expect(pages[0]?.[0]).toBe(answer[1]);
		expect(pages[0]?.[1]).toBe(answer[0]);
	});

	test('asks for the next page only when the one before was taken', async () => {
		const { fetchPage, calls } = script(records(1), records(2), []);
		const pages = pullPages(fetchPage, 0n);
		expect(calls).toHaveLength(0);
		await pages.next();
		expect(calls).toHaveLength(1);
		await pages.return();
		expect(calls).toHaveLength(1);
	});
});

describe('a disorderly answer', () => {
	test('is put in order of seq, by number and not by text', async () => {
		const { fetchPage } = script(records(10, 9, '100', 2, '11'), []);
		const { pages, nextSeqs } = await pull(fetchPage);
		expect(seqsOf(pages)).toEqual([2n, 9n, 10n, 11n, 100n]);
		expect(nextSeqs).toEqual([100n]);
	});

	test('with a record twice gives it once, the first of the two', async () => {
		const [one, again] = [
			{ seq: 4, msgid: 'same', publickey_ver: 1 },
			{ seq: '4', msgid: 'same', publickey_ver: 2 },
		];
		const { pages } = await pull(script([one, { seq: 3 }, again], []).fetchPage);
		expect(pages).toEqual([[{ seq: 3 }, one]]);
	});

	test.each<[string, EncryptedRecord, EncryptedRecord]>([
		['two msgids', { seq: 4, msgid: 'a' }, { seq: '4', msgid: 'b' }],
		['one msgid and none', { seq: 4, msgid: 'a' }, { seq: 4 }],
		[
			'no msgid and two texts',
			{ seq: 4, encrypt_chat_msg: 'x' },
			{ seq: 4, encrypt_chat_msg: 'y' },
		],
	])('with two records of one seq, %s, gives both in their order', async (_what, one, other) => {
		const { pages, nextSeqs } = await pull(script([one, { seq: 3 }, other], []).fetchPage);
		expect(pages).toEqual([[{ seq: 3 }, one, other]]);
		expect(nextSeqs).toEqual([4n]);
	});

	test('that parts two records of one seq over pages gives both, and none of them twice', async () => {
		const [a, b, c] = ['a', 'b', 'c'].map((msgid) => ({ seq: 2, msgid }));
		const pages = [[{ seq: 1 }, a], [a, b], [a, b, c, { seq: 3 }], [c, { seq: 3 }], []];
		const { fetchPage, calls } = script(...(pages as EncryptedRecord[][]));
		const pulled = await pull(fetchPage, 0n, 100);
		expect(pulled.pages).toEqual([[{ seq: 1 }, a], [b], [c, { seq: 3 }]]);
		expect(pulled.nextSeqs).toEqual([2n, 2n, 3n]);
		expect(calls.map(({ seq }) => seq)).toEqual([0n, 2n, 2n, 3n]);
		expect(pulled.error).toBeUndefined();
	});

	test('that has ever new records of one seq is an error in the end', async () => {
		let calls = 0;
		const { error } = await pull(async () => {
			calls++;
			return await Promise.resolve([{ seq: 1, msgid: `m${calls}` }]);
		});
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(calls).toBe(MAX_PAGE_SIZE + 1);
	});

	test('that repeats records from before gives only the new ones', async () => {
		const { fetchPage } = script(records(1, 2, 3), records(2, 3, 4), records(4, 1, 5), []);
		const { pages } = await pull(fetchPage);
		expect(pages.map((page) => seqsOf([page]))).toEqual([[1n, 2n, 3n], [4n], [5n]]);
	});

	test('that begins with the seq asked for does not give it again', async () => {
		expect(seqsOf((await pull(script(records(5, 6), []).fetchPage, 5n)).pages)).toEqual([6n]);
	});

	test('with records without a readable seq hands them out too, behind the others', async () => {
		const odd: EncryptedRecord[] = [
			{ msgid: 'none' },
			{ seq: null },
			{ seq: 'eleven' },
			{ seq: -1 },
			{ seq: 1.5 },
			{ seq: [4] },
			{ seq: '18446744073709551616' },
		];
		const answer = [...odd.slice(0, 4), { seq: 8 }, ...odd.slice(4), { seq: 7 }];
		const { pages, nextSeqs } = await pull(script(answer, []).fetchPage);
		expect(pages).toEqual([[{ seq: 7 }, { seq: 8 }, ...odd]]);
		expect(nextSeqs).toEqual([8n]);
	});

	test('with two alike records without seq hands out both: nobody can say they are one', async () => {
		const { pages } = await pull(
			script([{ msgid: 'x' }, { seq: 1 }, { msgid: 'x' }], []).fetchPage,
		);
		expect(pages.flat()).toHaveLength(3);
	});
});

describe('an answer that WeCom finds too large', () => {
	test('is asked for again in halves until it fits; the pull goes on with that size', async () => {
		const { fetchPage, calls } = archive(upTo(300), 130);
		const { pages, error } = await pull(fetchPage);
		expect(error).toBeUndefined();
		expect(seqsOf(pages)).toEqual(upTo(300));
		expect(calls.map((call) => call.limit)).toEqual([1000, 500, 250, 125, 125, 125, 125]);
		expect(calls.slice(0, 4).map((call) => call.seq)).toEqual([0n, 0n, 0n, 0n]);
	});

	test('in the middle of a pull loses and repeats nothing', async () => {
		const { fetchPage, calls } = script(records(1, 2), tooLarge(), records(3), records(4), []);
		expect(seqsOf((await pull(fetchPage, 0n, 2)).pages)).toEqual([1n, 2n, 3n, 4n]);
		expect(calls).toEqual([
			{ seq: 0n, limit: 2 },
			{ seq: 2n, limit: 2 },
			{ seq: 2n, limit: 1 },
			{ seq: 3n, limit: 1 },
			{ seq: 4n, limit: 1 },
		]);
	});

	test('halves down to single records where it must', async () => {
		const { fetchPage, calls } = archive(upTo(3), 1);
		expect(seqsOf((await pull(fetchPage, 0n, 9)).pages)).toEqual([1n, 2n, 3n]);
		expect(calls.map((call) => call.limit)).toEqual([9, 4, 2, 1, 1, 1, 1]);
	});

	test('is an error when it is a single record', async () => {
		const { fetchPage, calls } = archive(upTo(3), 0);
		const { pages, error } = await pull(fetchPage);
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode: 301058 });
		expect(pages).toEqual([]);
		expect(calls.map((call) => call.limit)).toEqual([1000, 500, 250, 125, 62, 31, 15, 7, 3, 1]);
	});
});

describe('an answer that this client finds too large', () => {
	const above = () => new AnswerTooLargeError(200, PATH, 64 * 1024 * 1024);

	test('halves the page like one that WeCom finds too large, and mixes with it', async () => {
		const { fetchPage, calls } = script(above(), tooLarge(), above(), records(1), records(2), []);
		expect(seqsOf((await pull(fetchPage, 0n, 9)).pages)).toEqual([1n, 2n]);
		expect(calls.map((call) => call.limit)).toEqual([9, 4, 2, 1, 1, 1]);
	});

	test.each([
		['WeCom', tooLarge],
		['this client', above],
	])('is an error that names the record when %s finds it too large alone', async (_who, make) => {
		const { fetchPage } = script(records(8), make());
		const { pages, error } = await pull(fetchPage, 7n, 1);
		expect(seqsOf(pages)).toEqual([8n]);
		expect(error).toBeInstanceOf(make().constructor);
		expect(error).toMatchObject({
			message: make().message,
			hint: expect.stringMatching(/first one after seq 8\..*start after seq 9:/),
		});
	});
});

describe('a server that stands still', () => {
	test.each<[string, EncryptedRecord[]]>([
		['the same records for ever', records(1, 2)],
		['records from before', records(1)],
		['the seq asked for and nothing after it', records(2)],
		['seq 0', records(0)],
	])('with %s is an error, not an endless loop', async (_what, repeated) => {
		const { fetchPage, calls } = script(records(1, 2), repeated);
		const { pages, nextSeqs, error } = await pull(fetchPage, 0n, repeated.length);
		expect(seqsOf(pages)).toEqual([1n, 2n]);
		expect(nextSeqs).toEqual([2n]);
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({ passing: false, hint: expect.stringContaining('base URL') });
		expect((error as Error).message).toContain('not after seq 2');
		expect(calls).toHaveLength(2);
	});

	test('is an error at its first answer too', async () => {
		const { error } = await pull(script(records(3, 4)).fetchPage, 9n, 2);
		expect(error).toBeInstanceOf(WecomResponseError);
	});

	test('is an error where it gives records without a seq, which nobody can get past', async () => {
		const { error } = await pull(script([{ msgid: 'm' }]).fetchPage);
		expect(error).toBeInstanceOf(WecomResponseError);
	});
});

describe('a gateway that counts from the seq itself on', () => {
	test.each<[string, EncryptedRecord[]]>([
		['the last record again', records(2)],
		['all there are, whatever it was asked', records(1, 2)],
	])('has no more when it gives %s in a page that is not full', async (_what, repeated) => {
		const { fetchPage, calls } = script(records(1, 2), repeated);
		const { pages, nextSeqs, error } = await pull(fetchPage, 0n, 100);
		expect(error).toBeUndefined();
		expect(seqsOf(pages)).toEqual([1n, 2n]);
		expect(nextSeqs).toEqual([2n]);
		expect(calls).toHaveLength(2);
	});
});

describe('an error of the API', () => {
	test.each<[string, Error]>([
		['an expired token', new WecomApiError(42001, 'access_token expired', PATH)],
		['a broken connection', new WecomNetworkError('ECONNRESET', true, PATH, 'reset')],
		['anything else', new TypeError('not ours')],
	])('passes through as it is: %s; the pages before stay good', async (_what, thrown) => {
		const { fetchPage, calls } = script(records(1, 2), records(3), thrown);
		const { pages, nextSeqs, error } = await pull(fetchPage);
		expect(error).toBe(thrown);
		expect(pages.map((page) => seqsOf([page]))).toEqual([[1n, 2n], [3n]]);
		expect(nextSeqs.at(-1)).toBe(3n);
		expect(calls).toHaveLength(3);
	});

	test('can be gone on from at the last nextSeq, with nothing lost or twice', async () => {
		const { fetchPage } = script(records(1, 2), new Error('down'));
		const before = await pull(fetchPage);
		const after = await pull(script(records(3, 4), []).fetchPage, before.nextSeqs.at(-1));
		expect(seqsOf([...before.pages, ...after.pages])).toEqual([1n, 2n, 3n, 4n]);
	});
});

describe('seqs beyond 2^53', () => {
	const start = 2n ** 53n;
	const seqs = Array.from({ length: 9 }, (_, index) => start + BigInt(index));

	test('stay exact, apart from each other and in order', async () => {
		const shuffled = [5, 0, 8, 3, 1, 7, 2, 6, 4].map((index) => String(seqs[index]));
		const { pages, nextSeqs } = await pull(script(records(...shuffled), []).fetchPage);
		expect(seqsOf(pages)).toEqual(seqs);
		expect(nextSeqs).toEqual([start + 8n]);
	});

	test('are asked for exactly', async () => {
		const { fetchPage, calls } = archive(seqs);
		expect(seqsOf((await pull(fetchPage, start, 3)).pages)).toEqual(seqs.slice(1));
		expect(calls.map((call) => call.seq)).toEqual([start, start + 3n, start + 6n, start + 8n]);
	});

	test('may reach 2^64-1', async () => {
		const last = 2n ** 64n - 1n;
		const { pages, nextSeqs } = await pull(archive([last - 1n, last]).fetchPage, last - 2n, 1);
		expect(seqsOf(pages)).toEqual([last - 1n, last]);
		expect(nextSeqs).toEqual([last - 1n, last]);
	});

	test('order behind the small ones that came as numbers', async () => {
		const answer = records('9007199254740993', 5, '9007199254740992', 6);
		const { pages } = await pull(script(answer, []).fetchPage);
		expect(seqsOf(pages)).toEqual([5n, 6n, 2n ** 53n, 2n ** 53n + 1n]);
	});
});

describe('the page size', () => {
	test('is 1000 unless told otherwise, and never more', async () => {
		for (const [wanted, asked] of [
			[undefined, 1000] as const,
			[1000, 1000] as const,
			[5000, 1000] as const,
			[Infinity, 1000] as const,
			[17, 17] as const,
		]) {
			const { fetchPage, calls } = script([]);
			await pull(fetchPage, 0n, wanted);
			expect(calls[0]?.limit).toBe(asked);
		}
	});

	test('is at least 1', async () => {
		for (const wanted of [0, -3]) {
			const { fetchPage, calls } = script([]);
			await pull(fetchPage, 0n, () => wanted);
			expect(calls[0]?.limit).toBe(1);
		}
	});

	test('may be a function, asked anew before every request', async () => {
		const sizes = [5, 3, 2, 2000];
		const { fetchPage, calls } = archive(upTo(10));
		const { pages } = await pull(fetchPage, 0n, () => sizes.shift() ?? 1);
		expect(seqsOf(pages)).toEqual(upTo(10));
		expect(calls.map((call) => call.limit)).toEqual([5, 3, 2, 1000]);
	});

	test('of a function never lifts what 301058 has brought down', async () => {
		const { fetchPage, calls } = archive(upTo(20), 10);
		let wanted = 16;
		const { pages } = await pull(fetchPage, 0n, () => wanted++);
		expect(seqsOf(pages)).toEqual(upTo(20));
		expect(calls.map((call) => call.limit)).toEqual([16, 8, 8, 8, 8]);
	});
});

describe('the seq of a record', () => {
	test.each<[EncryptedRecord, bigint | undefined]>([
		[{ seq: 7 }, 7n],
		[{ seq: '18446744073709551615' }, 2n ** 64n - 1n],
		[{}, undefined],
		[{ seq: {} }, undefined],
		[null as unknown as EncryptedRecord, undefined],
		['record' as unknown as EncryptedRecord, undefined],
	])('of %j is %p', (record, expected) => {
		expect(readSeq(record)).toBe(expected);
	});
});
