import * as calls from './calls';
import type { Kind } from './kind';
import * as media from './media';
import * as office from './office';
import * as sharing from './sharing';
import * as status from './status';

/** Every msgtype other than text, under the name it has in the archive. */
export const KINDS = {
	image: media.image,
	revoke: status.revoke,
	agree: status.agree,
	disagree: status.disagree,
	voice: media.voice,
	video: media.video,
	card: sharing.card,
	location: sharing.location,
	emotion: media.emotion,
	file: media.file,
	link: sharing.link,
	weapp: sharing.weapp,
	chatrecord: sharing.chatrecord,
	todo: office.todo,
	vote: office.vote,
	collect: office.collect,
	redpacket: office.redpacket,
	external_redpacket: office.externalRedpacket,
	meeting: office.meeting,
	meeting_notification: office.meetingNotification,
	docmsg: sharing.docmsg,
	markdown: sharing.markdown,
	news: sharing.news,
	calendar: office.calendar,
	mixed: media.mixed,
	meeting_voice_call: calls.meetingVoiceCall,
	voip_doc_share: calls.voipDocShare,
	sphfeed: sharing.sphfeed,
	voiptext: calls.voiptext,
	qydiskfile: sharing.qydiskfile,
	solitaire: office.solitaire,
	note: office.note,
	smart_summary: status.smartSummary,
} as const satisfies Record<string, Kind>;

/** The type nobody has documented, sent now and then. */
export const FUTURE_TYPE = 'smart_summary';

/**
 * What {@link KINDS} makes, plus `text` and `switch` (a record with `action: "switch"`, which has
 * no msgtype).
 */
export type MessageType = keyof typeof KINDS | 'text' | 'switch';

/** All of them. */
export const MESSAGE_TYPES: readonly MessageType[] = [
	'text',
	'switch',
	...(Object.keys(KINDS) as Array<keyof typeof KINDS>),
];
