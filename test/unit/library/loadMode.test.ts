import { failureOf } from '../support/server';
import { hostPids, installStub, installVariant, open, withLibraries } from './support';

withLibraries();

describe('the self-test', () => {
	it('takes the plain way where that works', async () => {
		await installVariant();
		expect(await open().check()).toMatchObject({ mode: 'plain' });
	});

	it('takes a namespace of its own where node gets in the way', async () => {
		await installVariant('NEEDS_ISOLATION');
		expect(await open().check()).toMatchObject({
			mode: 'isolated',
			selfTest: { madeUpInit: 0, garbageBody: 10008 },
		});
	});

	it('does as the operator says, and tells how it came out', async () => {
		await installVariant('NEEDS_ISOLATION');
		process.env.WECOM_FINANCE_SDK_LOAD = 'plain';
		const error = await failureOf(open().check());
		expect(error).toMatchObject({
			code: 'library',
			message: expect.stringMatching(
				/self-test \(plain: its process ended with SIGABRT at emptyInit, printing "free\(\): invalid pointer"\)/,
			),
		});
		process.env.WECOM_FINANCE_SDK_LOAD = 'isolated';
		expect(await open().check()).toMatchObject({ mode: 'isolated' });
	});

	it('knows no other way', async () => {
		await installStub();
		process.env.WECOM_FINANCE_SDK_LOAD = 'deep';
		expect(await failureOf(open().check())).toMatchObject({
			message: 'WECOM_FINANCE_SDK_LOAD can be plain or isolated on this machine',
		});
	});

	it.each([
		['TAKES_ANYTHING', /plain: it answers emptyInit with 0; isolated: it answers emptyInit with 0/, /another version/],
		['LACKS_DECRYPT', /the loader says .*DecryptData/, /another version|not its functions/],
	])('refuses a library that %s', async (wrong, message, hint) => {
		await installVariant(wrong);
		expect(await failureOf(open().check())).toMatchObject({
			code: 'library',
			message: expect.stringMatching(message),
			hint: expect.stringMatching(hint),
		});
		expect(hostPids()).toEqual([]);
	}); // prettier-ignore

	it('says nothing of a library whose process was ended from outside', async () => {
		await installVariant('KILLED_FROM_OUTSIDE');
		expect(await failureOf(open().check())).toMatchObject({
			code: 'library',
			message: expect.stringMatching(/was interrupted: its process ended with SIGKILL$/),
			hint: expect.stringContaining('memory'),
		});
	});

	it('is made once for many', async () => {
		await installVariant('NEEDS_ISOLATION');
		const seen = new Set<number>();
		const watch = setInterval(() => {
			for (const pid of hostPids()) seen.add(pid);
		}, 2);
		await Promise.all([open(), open(), open()].map(async (library) => await library.check()));
		clearInterval(watch);
		expect(seen.size).toBeLessThanOrEqual(2);
	});
});
