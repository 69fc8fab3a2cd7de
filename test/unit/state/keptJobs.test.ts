import { StateUnavailableError } from '../../../wecom/errors';
import { KeptJobs } from '../../../wecom/state/keptJobs';
import { makeMemoryState } from '../../../wecom/state/memoryState';

const HOUR = 3_600_000;

describe('a job that is kept', () => {
	it('is found by the same question, in whatever process, for 24 hours', async () => {
		let now = 0;
		const { facts } = makeMemoryState(() => now);
		await new KeptJobs(facts).keep('q', 'J1');
		now += 24 * HOUR - 1;
		expect(await new KeptJobs(facts).find('q')).toBe('J1');
		expect(await new KeptJobs(facts).find('another')).toBeUndefined();
		now += 1;
		expect(await new KeptJobs(facts).find('q')).toBeUndefined();
	});

	it('makes way for the next one, which stays when the first is forgotten', async () => {
		const jobs = new KeptJobs(makeMemoryState().facts);
		await jobs.keep('q', 'J1');
		await jobs.keep('q', 'J2');
		await jobs.forget('q', 'J1');
		expect(await jobs.find('q')).toBe('J2');
		await jobs.forget('q', 'J2');
		expect(await jobs.find('q')).toBeUndefined();
	});

	it('leaves no word of its question in the store', async () => {
		const keys: string[] = [];
		const store = makeMemoryState().facts;
		const set = store.set.bind(store);
		store.set = async (key, value, ttlMs) => {
			keys.push(key);
			await set(key, value, ttlMs);
		};
		await new KeptJobs(store).keep('the secret key', 'J1');
		expect(keys).toEqual([expect.stringMatching(/^job\/[\w-]{43}$/)]);
	});

	it('is done without where the store cannot be reached, and somebody learns of it', async () => {
		const away = new StateUnavailableError('ECONNREFUSED', '127.0.0.1:6379');
		const fail = async () => await Promise.reject(away);
		const store = { ...makeMemoryState().facts, get: fail, set: fail, deleteIf: fail };
		const told: unknown[] = [];
		const jobs = new KeptJobs(store as never, (error) => told.push(error));
		expect(await jobs.find('q')).toBeUndefined();
		await jobs.keep('q', 'J1');
		await jobs.forget('q', 'J1');
		expect(told).toEqual([away, away, away]);
	});

	it('hides no other error of the store', async () => {
		const fail = async () => await Promise.reject(new TypeError('a bug'));
		const store = { ...makeMemoryState().facts, get: fail };
		await expect(new KeptJobs(store as never).find('q')).rejects.toThrow('a bug');
	});
});
