import type { IDataObject } from 'n8n-workflow';

import type { Range } from '../position/feed';
import type { FailureCount } from './messageItems';

/** Messages that come together: the items of one page, and which part of the archive they are. */
export interface MessageBatch extends Range {
	readonly items: readonly IDataObject[];
	/** Whether they were fetched before, by an execution that nobody got them from. */
	readonly isAgain: boolean;
	/** Whether a limit ended the pull here, with records left over. */
	readonly stoppedEarly: boolean;
	/** What could not be decrypted. */
	readonly failures: FailureCount;
}
