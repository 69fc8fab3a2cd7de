import type { IDataObject } from 'n8n-workflow';

import { CancelledError, WecomError } from '../../../../wecom/errors';
import type { LibraryFacts } from '../../../../wecom/library/archiveLibrary';
import { LibraryUnavailableError } from '../../../../wecom/library/libraryErrors';
import { noticeField } from '../../../shared/fields';
import { sentencesOf, wordsOf } from '../../../shared/menuWords';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';

/** Looks at Tencent's library and at what it needs; calls no function of WeCom's but gettoken. */
export const check: Action = {
	option: {
		name: 'Check',
		value: 'check',
		action: 'Check the archive library',
		description:
			"Find out whether Tencent's library can be used where it runs: platform, file, version, self-test, proxy; and whether WeCom issues a token",
	},
	fields: [
		noticeField(
			'libraryCheckNotice',
			'For credentials with Tencent Message Archive (会话内容存档) as API. The output holds no secret: it can go along with a question.',
		),
	],

	async run(item) {
		const library = await item.library();
		const token = await tokenOf(item);
		try {
			return { usable: true, ...toJson(await library.check(item.signal)), token };
		} catch (error) {
			if (!(error instanceof LibraryUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner makes a NodeOperationError of it
			return { usable: false, ...toProblem(error), token };
		}
	},
};

/** Whether WeCom issues a token for corp id and secret, else what it says. */
async function tokenOf(item: Item): Promise<string> {
	try {
		await item.authenticate();
		return 'issued';
	} catch (error) {
		if (!(error instanceof WecomError) || error instanceof CancelledError) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner makes a NodeOperationError of it
		return sentencesOf(error);
	}
}

/** The facts under the names that fields of items have. */
function toJson({ selfTest, ...facts }: LibraryFacts): IDataObject {
	return { ...facts, version: facts.version ?? null, self_test: { ...selfTest } };
}

/** What is wrong, and what to do. */
function toProblem(error: WecomError): IDataObject {
	const { message: problem, hint } = wordsOf(error);
	return { problem, ...(hint ? { hint } : {}) };
}
