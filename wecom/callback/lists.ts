import { isJsonObject, type JsonObject, type JsonValue } from '../json';

/** A list in an XML event: an element that comes as often as there are entries. */
export interface XmlList {
	/** Names of elements from the root down, separated by `/`; the last is the one that repeats. */
	path: string;
	/** Events, or types of messages, that have it: their names on the wire. */
	events: readonly string[];
	/** Number of the document that shows it, under developer.work.weixin.qq.com/document/path/. */
	document: number;
}

/**
 * Every list that WeCom documents for its XML events and messages. An element of the root itself is a
 * list only in the events named here, a deeper one wherever it stands: its parent says what it is.
 */
export const XML_LISTS: readonly XmlList[] = [
	{ path: 'ExtAttr/Item', events: ['change_contact'], document: 90376 },
	{
		path: 'SendPicsInfo/PicList/item',
		events: ['pic_sysphoto', 'pic_photo_or_album', 'pic_weixin'],
		document: 90376,
	},
	{ path: 'SelectedItems/SelectedItem', events: ['template_card_event'], document: 90376 },
	{
		path: 'SelectedItems/SelectedItem/OptionIds/OptionId',
		events: ['template_card_event'],
		document: 90376,
	},
	...[
		'ApprovalInfo/ApprovalNodes/ApprovalNode',
		'ApprovalInfo/ApprovalNodes/ApprovalNode/Items/Item',
		'ApprovalInfo/NotifyNodes/NotifyNode',
	].map((path) => ({ path, events: ['open_approval_change'], document: 90376 })),
	...[
		'ApprovalInfo/SpRecord',
		'ApprovalInfo/SpRecord/Details',
		'ApprovalInfo/SpRecord/Details/Attach',
		'ApprovalInfo/Notifyer',
		'ApprovalInfo/Comments',
		'ApprovalInfo/Comments/Attach',
		'ApprovalInfo/ProcessList/NodeList',
		'ApprovalInfo/ProcessList/NodeList/SubNodeList',
		'ApprovalInfo/ProcessList/NodeList/SubNodeList/MediaIds',
	].map((path) => ({ path, events: ['sys_approval_change'], document: 92633 })),
	{ path: 'MemChangeList/Item', events: ['change_external_chat'], document: 96361 },
	{ path: 'RecordId', events: ['smart_sheet_change'], document: 101019 },
	{ path: 'FieldId', events: ['smart_sheet_change'], document: 101016 },
	{ path: 'DocId', events: ['doc_change'], document: 97834 },
	{ path: 'FormId', events: ['doc_change'], document: 97835 },
	{ path: 'FileId', events: ['wedrive_file_change'], document: 97900 },
	{ path: 'SpaceId', events: ['wedrive_space_change'], document: 97973 },
	{ path: 'AccountList', events: ['auto_activate'], document: 95994 },
	{ path: 'AuthAddOpenKfId', events: ['kf_account_auth_change'], document: 97712 },
	{ path: 'AuthDelOpenKfId', events: ['kf_account_auth_change'], document: 97712 },
	{ path: 'GroupIds/GroupId', events: ['change_chain'], document: 95796 },
	{ path: 'CorpIds/CorpId', events: ['change_chain'], document: 95796 },
	{ path: 'Attachment/Actions', events: ['attachment'], document: 99399 },
	{ path: 'MixedMessage/MsgItem', events: ['mixed'], document: 99399 },
];

/**
 * Gives lists of one entry the form of longer ones, in place: the parser cannot know that an element
 * which came once may come twice.
 *
 * @param data an event as the XML parser made it
 * @param event its name on the wire
 */
export function shapeLists(data: JsonObject, event: string): void {
	for (const { path, events } of XML_LISTS) {
		const names = path.split('/');
		if (names.length > 1 || events.includes(event)) shape(data, names);
	}
}

function shape(value: JsonValue | undefined, [name = '', ...deeper]: readonly string[]): void {
	if (Array.isArray(value)) {
		for (const entry of value) shape(entry, [name, ...deeper]);
		return;
	}
	if (!isJsonObject(value) || !Object.hasOwn(value, name)) return;
	const { [name]: inner = null } = value;
	if (deeper.length > 0) shape(inner, deeper);
	else if (!Array.isArray(inner)) value[name] = [inner];
}
