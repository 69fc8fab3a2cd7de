import { getChatData, type GetChatDataInput } from '../../../wecom/api/archive';
import type { Page } from '../../../wecom/api/wire';
import type { EncryptedRecord } from '../../../wecom/archive/record';
import type { FetchPage } from '../../../wecom/archive/pull';

/** The fetch fields as the user filled them in. */
export interface FetchOptions {
	pageSize: number;
	proxy: string;
	passwd: string;
	timeout: number;
}

/** Binds the feed of records to a way of calling operations and to the user's fetch fields. */
export function toFetchPage(
	call: (feed: typeof getChatData, input: GetChatDataInput) => Promise<Page<EncryptedRecord>>,
	{ proxy, passwd, timeout }: Partial<FetchOptions>,
): FetchPage {
	return async (seq, limit) => {
		const { entries } = await call(getChatData, {
			cursor: `${seq}`,
			limit,
			...(proxy ? { proxy } : {}),
			...(passwd ? { passwd } : {}),
			...(timeout === undefined ? {} : { timeout }),
		});
		return entries;
	};
}
