import type { IDataObject } from 'n8n-workflow';

import { mediaOf, mediaOfView, type MediaFile } from '../../../wecom/archive/media';
import { isJsonObject, type JsonObject } from '../../../wecom/json';

/**
 * The files of the decrypted message in an item: as WeCom wrote it, whole or in the field `message`, or
 * as Get Many simplified it.
 *
 * @returns undefined when the item holds no message, a record that was not decrypted say
 */
export function filesIn(json: IDataObject): MediaFile[] | undefined {
	const item = json as JsonObject;
	if (isJsonObject(item.message)) return mediaOf(item.message);
	const { msgid, type, body } = item;
	if (typeof type === 'string' && isJsonObject(body)) {
		return mediaOfView({ msgid: typeof msgid === 'string' ? msgid : '', type, body });
	}
	return typeof item.msgtype === 'string' && item.decrypted !== false ? mediaOf(item) : undefined;
}
