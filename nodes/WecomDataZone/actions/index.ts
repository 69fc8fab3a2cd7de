import type { Resource } from '../../shared/run/action';
import { set } from './callback/set';
import { upload } from './file/upload';
import { generate } from './key/generate';
import { setPublic } from './key/setPublic';
import { setLevel } from './log/setLevel';
import { getAll } from './member/getAll';
import { callAsync } from './program/callAsync';
import { callSync } from './program/callSync';
import { getAsyncResult } from './program/getAsyncResult';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{ name: 'Program', value: 'program', actions: [callSync, callAsync, getAsyncResult] },
	{ name: 'Key', value: 'key', actions: [generate, setPublic] },
	{ name: 'Member', value: 'member', actions: [getAll] },
	{ name: 'Callback', value: 'callback', actions: [set] },
	{ name: 'Log', value: 'log', actions: [setLevel] },
	{ name: 'File', value: 'file', actions: [upload] },
];
