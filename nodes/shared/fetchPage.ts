import { getChatData, type GetChatDataInput } from '../../wecom/api/archive';
import type { ListOperation } from '../../wecom/api/operation';
import type { Page } from '../../wecom/api/wire';
import type { EncryptedRecord } from '../../wecom/archive/record';
import type { FetchPage } from '../../wecom/archive/pull';

/** The fetch fields as the user filled them in. */
export interface FetchOptions {
	pageSize: number;
	proxy: string;
	passwd: string;
	timeout: number;
}

/** Binds get_chat_data to a way of calling operations and to the user's fetch fields. */
export function toFetchPage(
	call: (
		operation: ListOperation<GetChatDataInput, EncryptedRecord>,
		input: GetChatDataInput,
	) => Promise<Page<EncryptedRecord>>,
	{ proxy, passwd, timeout }: Partial<FetchOptions>,
): FetchPage {
	return async (seq, limit) => {
		const { entries } = await call(getChatData, {
			cursor: String(seq),
			limit,
			...(proxy ? { proxy } : {}),
			...(passwd ? { passwd } : {}),
			...(timeout === undefined ? {} : { timeout }),
		});
		return entries;
	};
}
