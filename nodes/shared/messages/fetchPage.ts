import { getChatData, type GetChatDataInput } from '../../../wecom/api/archive';
import type { Operation } from '../../../wecom/api/operation';
import type { EncryptedRecord } from '../../../wecom/archive/record';
import type { FetchPage } from '../../../wecom/archive/pull';

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
		operation: Operation<GetChatDataInput, EncryptedRecord[]>,
		input: GetChatDataInput,
	) => Promise<EncryptedRecord[]>,
	{ proxy, passwd, timeout }: Partial<FetchOptions>,
): FetchPage {
	return async (seq, limit) =>
		await call(getChatData, {
			seq,
			limit,
			...(proxy ? { proxy } : {}),
			...(passwd ? { passwd } : {}),
			...(timeout === undefined ? {} : { timeout }),
		});
}
