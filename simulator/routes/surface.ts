import type { Contract } from '../contracts';
import { openIdOf, useridOf, type World } from '../data/world';
import { pageFields, publishedPageFields, type FieldRules } from './fields';

/** What differs between the contracts where both can do the same, beside paths and names. */
export interface Surface {
	readonly contract: Contract;
	/** The fields `cursor` and `limit` of a list, with the most entries of a page. */
	readonly pageFields: (max: number) => FieldRules;
	/** How answers name a member; ids of anybody else stay as they are. */
	readonly idOf: (world: World, userid: string) => string;
	/** The userid of the member whom a request names; undefined when there is none. */
	readonly useridOf: (world: World, id: string) => string | undefined;
}

/** Every contract's surface. */
export const SURFACES: Readonly<Record<Contract, Surface>> = {
	reference: {
		contract: 'reference',
		pageFields,
		idOf: (_world, userid) => userid,
		useridOf: ({ members }, id) => members.find(({ userid }) => userid === id)?.userid,
	},
	dataZone: { contract: 'dataZone', pageFields: publishedPageFields, idOf: openIdOf, useridOf },
};
