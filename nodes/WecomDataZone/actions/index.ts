import type { Resource } from '../../shared/run/action';
import { get as getAuthorization } from './authorization/get';
import { fetchEvent } from './callback/fetchEvent';
import { set as setCallback } from './callback/set';
import { close as closeDebug } from './debug/close';
import { get as getDebug } from './debug/get';
import { open as openDebug } from './debug/open';
import { upload } from './file/upload';
import { generate } from './key/generate';
import { setPublic } from './key/setPublic';
import { addDocuments } from './knowledgeBase/addDocuments';
import { create as createBase } from './knowledgeBase/create';
import { remove as deleteBase } from './knowledgeBase/delete';
import { get as getBase } from './knowledgeBase/get';
import { getAll as getAllBases } from './knowledgeBase/getAll';
import { removeDocuments } from './knowledgeBase/removeDocuments';
import { rename as renameBase } from './knowledgeBase/rename';
import { check as checkLibrary } from './library/check';
import { getLevel } from './log/getLevel';
import { setLevel } from './log/setLevel';
import { getAll as getAllMembers } from './member/getAll';
import { get as getPrivacy } from './privacy/get';
import { set as setPrivacy } from './privacy/set';
import { callAsync } from './program/callAsync';
import { callSync } from './program/callSync';
import { getAbilityExample } from './program/getAbilityExample';
import { getAsyncResult } from './program/getAsyncResult';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{
		name: 'Program',
		value: 'program',
		actions: [callSync, callAsync, getAsyncResult, getAbilityExample],
	},
	{ name: 'Key', value: 'key', actions: [generate, setPublic] },
	{ name: 'Authorization', value: 'authorization', actions: [getAuthorization] },
	{ name: 'Member', value: 'member', actions: [getAllMembers] },
	{ name: 'Callback', value: 'callback', actions: [setCallback, fetchEvent] },
	{ name: 'Log', value: 'log', actions: [setLevel, getLevel] },
	{ name: 'Debug Mode', value: 'debug', actions: [openDebug, closeDebug, getDebug] },
	{ name: 'File', value: 'file', actions: [upload] },
	{
		name: 'Knowledge Base',
		value: 'knowledgeBase',
		actions: [
			getAllBases,
			getBase,
			createBase,
			addDocuments,
			removeDocuments,
			renameBase,
			deleteBase,
		],
	},
	{ name: 'Privacy', value: 'privacy', actions: [getPrivacy, setPrivacy] },
	{ name: 'Library', value: 'library', actions: [checkLibrary] },
];
