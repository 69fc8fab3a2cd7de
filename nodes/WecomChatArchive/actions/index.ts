import type { Resource } from '../../shared/run/action';
import { check } from './consent/check';
import { checkGroup } from './consent/checkGroup';
import { create as createExport } from './export/create';
import { get as getExport } from './export/get';
import { get as getGroup } from './group/get';
import { create as createRule } from './keywordRule/create';
import { remove as deleteRule } from './keywordRule/delete';
import { get as getRule } from './keywordRule/get';
import { getAll as getAllRules } from './keywordRule/getAll';
import { getHits } from './keywordRule/getHits';
import { update as updateRule } from './keywordRule/update';
import { decrypt } from './message/decrypt';
import { getAll } from './message/getAll';
import { getMedia } from './message/getMedia';
import { get as getRobot } from './robot/get';
import { messages } from './search/messages';
import { people } from './search/people';
import { sessions } from './search/sessions';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{ name: 'Message', value: 'message', actions: [getAll, decrypt, getMedia] },
	{ name: 'Consent', value: 'consent', actions: [check, checkGroup] },
	{ name: 'Group', value: 'group', actions: [getGroup] },
	{ name: 'Robot', value: 'robot', actions: [getRobot] },
	{ name: 'Search', value: 'search', actions: [messages, sessions, people] },
	{
		name: 'Keyword Rule',
		value: 'keywordRule',
		actions: [getAllRules, createRule, getRule, updateRule, deleteRule, getHits],
	},
	{ name: 'Export', value: 'export', actions: [createExport, getExport] },
];
