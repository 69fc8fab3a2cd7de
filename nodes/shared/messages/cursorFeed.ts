import {
	pullByCursor,
	type CursorSettings,
	type CursorSource,
} from '../../../wecom/archive/cursorPull';
import { INVALID_CURSOR } from '../../../wecom/errcodes';
import { WecomApiError } from '../../../wecom/errors';
import type { Feed } from '../position/feed';

/**
 * The feed of an archive whose pages go on with a cursor.
 *
 * @param onHint learns what people may want to know of how the messages were fetched
 */
export function cursorFeed(
	source: CursorSource,
	settings: Pick<CursorSettings, 'token' | 'pagesAtOnce'>,
	onHint: (hint: string) => void,
): Feed {
	return {
		kind: 'cursor',
		pages: async function* (after, pageSize) {
			try {
				yield* pullByCursor(source, after.value, pageSize, {
					...settings,
					onTokenRefused: () =>
						onHint(
							'WeCom did not take the event token, which is good for 10 minutes. The messages were fetched without it; WeCom allows that only now and then.',
						),
					onNoPages: () =>
						onHint(
							'The program in the data zone does not know get_msg_list_by_page_id, so the messages were fetched one page after the other. Make its image from a newer sample and register the ability, or turn off Fetch Pages at Once.',
						),
				});
			} catch (error) {
				throw refusedCursor(error);
			}
		},
	};
}

/** What to do where WeCom no longer knows a cursor; every other error as it is. */
function refusedCursor(error: unknown): unknown {
	if (!(error instanceof WecomApiError) || error.errcode !== INVALID_CURSOR) return error;
	const { errcode, errmsg, path, source } = error;
	return new WecomApiError(
		errcode,
		errmsg,
		path,
		'WeCom does not know this cursor: it belongs to another corp or app, or is too old. No message was passed over. To begin anew with the oldest message that WeCom keeps (5 days), set Start After Seq to 0; a node that remembers its position, or a trigger, begins anew when a copy takes its place.',
		source,
	);
}
