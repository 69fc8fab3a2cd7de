import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import type { MessageView } from '../../../wecom/archive/message';

/**
 * The fields that the item of every message has, but for its ids.
 *
 * @param zone timezone in which times are written
 */
export function toViewJson(view: MessageView, zone: string): IDataObject {
	const time =
		view.timeMs === undefined ? null : DateTime.fromMillis(view.timeMs, { zone }).toISO();
	return {
		action: view.action,
		from: view.from,
		to: view.to,
		room: view.room,
		chat_id: view.chatId ?? null,
		time,
		type: view.type,
		text: view.text ?? null,
		body: view.body,
	};
}

/** A text or number of a record as it is; null for everything else. */
export function plain(value: unknown): string | number | null {
	return typeof value === 'string' || typeof value === 'number' ? value : null;
}
