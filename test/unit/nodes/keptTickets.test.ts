import type { IDataObject } from 'n8n-workflow';

import { keepInStaticData, restoreFromStaticData } from '../../../nodes/shared/keptTickets';
import { findSuiteTicket } from '../../../wecom/auth/suiteTicket';
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
