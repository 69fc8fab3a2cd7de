import type { TrueRecord } from './archive';
import { openIdOf, type World } from './data/world';
import { readRecord } from './messages';
import type { ProgramEvent } from './zoneEvents';

/** What the zone tells when customers let their conversations be archived (document path 99852). */
export function approvals(records: readonly TrueRecord[], world: World): ProgramEvent[] {
	return records.flatMap((record) => {
		const message = readRecord(record);
		if (message === undefined || record.plaintext?.msgtype !== 'agree') return [];
		const { from, to, roomid } = message;
		const who = { external_userid: from };
		return roomid === ''
			? told('single', { userid: openIdOf(world, to[0] ?? ''), ...who })
			: told('room', { ...who, chatid: roomid });
	});
}

function told(where: 'single' | 'room', body: object): ProgramEvent[] {
	const event_type = `chat_archive_audit_approved_${where}`;
	return [{ event_type, chat_archive_audit_approved: body }];
}
