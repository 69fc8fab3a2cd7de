import type { Chats } from './chats';
import type { World } from './data/world';
import type { ExportJobs } from './exports';
import type { Page, Pager, PageRequest } from './paging';
import type { ProgramFunction } from './programs';
import { Refusal } from './refusal';
import {
	isFilled,
	isInteger,
	isString,
	optional,
	pageEnd,
	required,
	takeFields,
	type FieldRules,
} from './routes/fields';
import { isKeyword, listName, MESSAGE_FILTERS, queryOf } from './routes/search';
import { searchGroups, searchMessages } from './search';

/** What the functions work on. */
export interface ProgramWorld {
	readonly world: World;
	readonly chats: Chats;
	readonly pager: Pager;
	readonly exports: ExportJobs;
	/** Clock in ms. */
	readonly now: () => number;
}

const SEARCH: FieldRules = {
	query_word: required(isKeyword),
	cursor: optional(isString),
	limit: optional(isInteger(1n, 100n)),
};
const DEFAULT_LIMIT = 50n;

/** The functions of the zone SDK that the simulator's programs know, and `echo`. */
export function programFunctions(on: ProgramWorld): Readonly<Record<string, ProgramFunction>> {
	return {
		echo: (request) => request,
		get_chatdata_export_job_status: (request) => exportStatus(on, request),
		search_chat: (request) => searchChat(on, request),
		search_msg: (request) => searchMsg(on, request),
		get_group_chat: (request) => groupChat(on, request),
	};
}

function exportStatus({ exports }: ProgramWorld, request: unknown): object {
	const { jobid } = takeFields(request, { jobid: required(isFilled) });
	return good(exports.status(jobid as string));
}

/** Document path 99802. */
function searchChat({ world, pager }: ProgramWorld, request: unknown): object {
	const fields = takeFields(request, SEARCH);
	const groups = searchGroups(world, fields.query_word as string);
	const list = listName('search_chat', fields);
	const page = pager.page(list, groups, pageOf(fields), ({ roomid }) => roomid);
	return found(page, 'chat_list', ({ roomid }) => ({ chatid: roomid }));
}

/** Document path 99818. */
function searchMsg({ chats, pager, now }: ProgramWorld, request: unknown): object {
	const fields = takeFields(request, { ...SEARCH, ...MESSAGE_FILTERS });
	const query = queryOf(fields.query_word as string, fields, Math.floor(now() / 1000));
	const list = listName('search_msg', fields);
	const messages = searchMessages(chats, query);
	const page = pager.page(list, messages, pageOf(fields), ({ msgid }) => msgid);
	return found(page, 'msg_list', ({ msgid }) => ({ msgid }));
}

/** Document path 99825: internal groups only. */
function groupChat({ world, chats }: ProgramWorld, request: unknown): object {
	const { chatid } = takeFields(request, { chatid: required(isFilled) });
	const group = world.groups.find(({ roomid }) => roomid === chatid);
	if (group === undefined) throw new Refusal(40058, 'chatid does not exist');
	if (!group.internal) throw new Refusal(301059);
	return good({
		creator: group.creator,
		room_create_time: group.createdAt,
		members: group.members.map(({ id, joinedAt }) => ({
			memberid: id,
			jointime: joinedAt,
			type: chats.isCustomer(id) ? 2 : 1,
		})),
	});
}

function pageOf({ cursor, limit }: Readonly<Record<string, unknown>>): PageRequest {
	return {
		cursor: (cursor as string | undefined) ?? '',
		limit: Number((limit as bigint | undefined) ?? DEFAULT_LIMIT),
	};
}

function found<Entry>(page: Page<Entry>, name: string, show: (entry: Entry) => object): object {
	return good({ ...pageEnd(page), [name]: page.entries.map(show) });
}

function good(fields: object): object {
	return { errcode: 0, errmsg: 'ok', ...fields };
}
