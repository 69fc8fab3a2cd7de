import type { Resource } from '../../shared/run/action';
import { getAuthInfo } from './component/getAuthInfo';
import { getAll as getAllCustomers } from './customer/getAll';
import { getChatInfo } from './customer/getChatInfo';
import { create } from './link/create';
import { remove } from './link/delete';
import { get } from './link/get';
import { getAll } from './link/getAll';
import { getStatistics } from './link/getStatistics';
import { update } from './link/update';
import { createOnceKey } from './payment/createOnceKey';
import { getBills } from './payment/getBills';
import { get as getQuota } from './quota/get';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{
		name: 'Link',
		value: 'link',
		actions: [getAll, create, get, getStatistics, update, remove],
	},
	{ name: 'Customer', value: 'customer', actions: [getAllCustomers, getChatInfo] },
	{ name: 'Component', value: 'component', actions: [getAuthInfo] },
	{ name: 'Quota', value: 'quota', actions: [getQuota] },
	{ name: 'Payment', value: 'payment', actions: [getBills, createOnceKey] },
];
