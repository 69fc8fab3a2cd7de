import type { Resource } from '../../shared/action';
import { check } from './consent/check';
import { get } from './group/get';
import { decrypt } from './message/decrypt';
import { getAll } from './message/getAll';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{ name: 'Message', value: 'message', actions: [getAll, decrypt] },
	{ name: 'Consent', value: 'consent', actions: [check] },
	{ name: 'Group', value: 'group', actions: [get] },
];
