import { join } from 'node:path';

import { HostProcess } from '../../../wecom/library/hostProcess';
import { LibraryUnavailableError } from '../../../wecom/library/libraryErrors';
import { failureOf } from '../support/server';
import { hostPids, newFolder, withLibraries } from './support';

withLibraries();

describe('a process for the library that the system does not start', () => {
	it.each([
		['in its own time', 'gone', 'ENOENT'],
		['at once', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
	])('is told with the reason, and not blamed on the library: %s', async (_when, folder, code) => {
		const file = join(newFolder(), folder, 'libWeWorkFinanceSdk_C.so');
		const error = await failureOf(HostProcess.start(file, 'plain'));
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect(error).toMatchObject({
			message: `The process for Tencent's library could not be started (${code})`,
			hint: expect.stringContaining('limits of processes'),
		});
		expect(hostPids()).toEqual([]);
	});
});
