import { PUBLISHED, type Contract } from '../contracts';
import { openIdOf, useridOf, type World } from '../data/world';
import { pageFields, publishedPageFields, type FieldRules } from './fields';

/** The contracts that have paths of their own for the same; a corp's archive has the data zone's. */
export const WITH_PATHS = ['reference', 'dataZone'] as const;

/** One of {@link WITH_PATHS}. */
export type WithPaths = (typeof WITH_PATHS)[number];

/** What differs between the contracts where both can do the same, beside paths and names. */
export interface Surface {
	readonly contract: WithPaths;
	/** The fields `cursor` and `limit` of a list, with the most entries of a page. */
	readonly pageFields: (max: number) => FieldRules;
	/** How answers name a member; ids of anybody else stay as they are. */
	readonly idOf: (world: World, userid: string) => string;
	/** The userid of the member whom a request names; undefined when there is none. */
	readonly useridOf: (world: World, id: string) => string | undefined;
}

const ACCOUNTS: Pick<Surface, 'idOf' | 'useridOf'> = {
	idOf: (_world, userid) => userid,
	useridOf: ({ members }, id) => members.find(({ userid }) => userid === id)?.userid,
};

/** Surface of the contracts with paths of their own. */
export const SURFACES: Readonly<Record<WithPaths, Surface>> = {
	reference: { ...ACCOUNTS, contract: 'reference', pageFields },
	dataZone: { contract: 'dataZone', pageFields: publishedPageFields, idOf: openIdOf, useridOf },
};

/**
 * The surface as the contracts that are served have it: where there is no data zone, its paths name
 * people by their accounts, as a corp's own app knows them.
 */
export function surfaceIn(surface: Surface, contracts: readonly Contract[]): Surface {
	const isZone = surface.contract === 'reference' || contracts.includes('dataZone');
	return isZone ? surface : { ...surface, ...ACCOUNTS };
}

/** The contracts that serve a path of acquisition. */
export function servedBy({ contract }: Surface): Contract | readonly Contract[] {
	return contract === 'reference' ? contract : PUBLISHED;
}
