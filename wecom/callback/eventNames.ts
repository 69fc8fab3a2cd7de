/**
 * Other names of the events: the zone's JSON events, the older suite events, those of the self-built
 * archive, and a slip of the pen in one of WeCom's own tables. Sources: documents 99852, 99853,
 * 101387, 99867, 92005, 95039, 99485.
 */
const ALIASES: Readonly<Record<string, string>> = {
	conversation_new_message: 'msgaudit_notify',
	chat_archive_audit_approved: 'msgaudit_approve',
	chat_archive_audit_approved_single: 'msgaudit_approve',
	chat_archive_audit_approved_room: 'msgaudit_approve',
	hit_keyword: 'msgaudit_keyword_hit',
	chat_archive_export_finished: 'msgaudit_export_finish',
	customer_aqcuisition: 'customer_acquisition',
};

/** Events about the end of a data permission that are none of its end itself. Document 101587. */
const BEFORE_THE_END = ['auth_data_permission', 'expire_remind_data_permission'];

/** An event as it is called here and on the wire. */
export interface NamedEvent {
	event: string;
	originalEvent: string;
}

/**
 * The one name of an event in all dialects: the reference document's where that has one, else the
 * name on the wire. That a data permission has ended is told under a name that WeCom's documents show
 * only in part, so whatever ends like it counts.
 *
 * @param name on the wire: InfoType, Event or event_type
 * @param changeType of the event, where it has one
 * @example canonicalEvent('conversation_new_message') // 'msgaudit_notify'
 */
export function canonicalEvent(name: string, changeType?: string): string {
	if (name === 'change_external_contact' && changeType === 'msg_audit_approved') {
		return 'msgaudit_approve';
	}
	if (name.endsWith('_data_permission') && !BEFORE_THE_END.includes(name)) {
		return 'data_permission_expired';
	}
	return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

/** Whether a name means this event: its own, that on the wire, or that of another dialect. */
export function isCalled({ event, originalEvent }: NamedEvent, name: string): boolean {
	return [event, originalEvent].includes(name) || canonicalEvent(name) === event;
}
