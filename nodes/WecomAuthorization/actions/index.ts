import type { Resource } from '../../shared/run/action';
import { exchangeCode } from './authorization/exchangeCode';
import { get } from './authorization/get';
import { getInstallLink } from './authorization/getInstallLink';
import { getPermissions } from './authorization/getPermissions';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{
		name: 'Authorization',
		value: 'authorization',
		actions: [exchangeCode, get, getInstallLink, getPermissions],
	},
];
