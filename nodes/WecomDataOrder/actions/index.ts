import type { Resource } from '../../shared/run/action';
import { cancel } from './order/cancel';
import { get } from './order/get';
import { getAll } from './order/getAll';
import { getPurchased } from './order/getPurchased';
import { pay } from './order/pay';
import { place } from './order/place';

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{ name: 'Order', value: 'order', actions: [getAll, get, getPurchased, place, pay, cancel] },
];
