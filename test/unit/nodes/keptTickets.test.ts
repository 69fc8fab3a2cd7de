import type { IDataObject } from 'n8n-workflow';

import { keepInStaticData, restoreFromStaticData } from '../../../nodes/shared/keptTickets';
import { findSuiteTicket, keepSuiteTicket } from '../../../wecom/auth/suiteTicket';
import { keyFromSecret, seal } from '../../../wecom/state/sealing';
import { processState } from '../../../wecom/state/memoryState';

const SUITE = 'wwSuiteOfTheTest';
const SECRET = 'an EncodingAESKey or a suite secret';

it('a ticket that was kept stays when an older one is delivered once more', async () => {
	const staticData: IDataObject = {};
	const now = Date.now();
	for (const [ticket, pushedAt] of [
		['the first', now - 1_200_000],
		['the newest', now - 1000],
		['the first', now - 1_200_000],
	] as const) {
		await keepInStaticData(staticData, SUITE, { ticket, pushedAt }, SECRET);
	}
	expect(JSON.stringify(staticData)).not.toContain('newest');
	await restoreFromStaticData(staticData, SECRET);
	expect((await findSuiteTicket(processState, SUITE, ''))?.ticket).toBe('the newest');
});

describe('a ticket dated in the future', () => {
	const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
	/** As WeCom dates them, in whole seconds. */
	const now = () => Math.floor(Date.now() / 1000) * 1000;
	const kept = async (staticData: IDataObject, suite: string) => {
		await restoreFromStaticData(staticData, SECRET);
		return (await findSuiteTicket(processState, suite, ''))?.ticket;
	};

	it('keeps no later one out, be it dated rightly or in the future as well', async () => {
		const suite = 'wwSuiteWithAWrongClock';
		const staticData: IDataObject = {};
		for (const [ticket, pushedAt] of [
			['years ahead', now() + 2 * YEAR_MS],
			['the next', now()],
			['a year ahead', now() + YEAR_MS],
			['an hour ahead', now() + 3_600_000],
			['the newest', now()],
		] as const) {
			await keepInStaticData(staticData, suite, { ticket, pushedAt }, SECRET);
			await keepSuiteTicket(processState, suite, { ticket, pushedAt });
			expect(await kept(staticData, suite)).toBe(ticket);
		}
	});

	it('is not replaced by an older one that comes late', async () => {
		const suite = 'wwSuiteWithALateTicket';
		const staticData: IDataObject = {};
		for (const [ticket, pushedAt] of [
			['ahead', now() + YEAR_MS],
			['older', now() - 600_000],
		] as const) {
			await keepInStaticData(staticData, suite, { ticket, pushedAt }, SECRET);
			await keepSuiteTicket(processState, suite, { ticket, pushedAt });
		}
		expect(await kept(staticData, suite)).toBe('ahead');
	});

	it('that an earlier version stored gives way to the next one', async () => {
		const suite = 'wwSuiteOfAnEarlierVersion';
		const stored = JSON.stringify({ ticket: 'ahead', pushedAt: now() + YEAR_MS });
		await processState.secrets.set(`suite_ticket/${suite}`, stored, YEAR_MS);
		expect(await findSuiteTicket(processState, suite, '')).toEqual({ ticket: 'ahead' });
		const key = await keyFromSecret(SECRET, 'suite_ticket in static data');
		const staticData: IDataObject = { suiteTickets: { [suite]: seal(stored, key, suite) } };
		const next = { ticket: 'the next', pushedAt: now() };
		await keepSuiteTicket(processState, suite, next);
		expect(await kept(staticData, suite)).toBe('the next');
		await keepInStaticData(staticData, suite, next, SECRET);
		expect(await kept(staticData, suite)).toBe('the next');
	});
});
