/** The contracts that the simulator speaks over HTTP. */
export const CONTRACTS = ['reference', 'dataZone', 'messageArchive'] as const;

/**
 * - `reference`: the paths of the reference document
 * - `dataZone`: what Tencent publishes for the data zone
 * - `messageArchive`: what Tencent publishes for a corp's own archive, with the library's functions
 */
export type Contract = (typeof CONTRACTS)[number];

/** The contracts of what Tencent's own host has for both. */
export const PUBLISHED: readonly Contract[] = ['dataZone', 'messageArchive'];

/** @throws RangeError for a list that is empty or names a contract there is not */
export function requireContracts(contracts: readonly Contract[]): readonly Contract[] {
	if (contracts.length === 0 || contracts.some((one) => !CONTRACTS.includes(one))) {
		throw new RangeError(`contracts must name at least one of ${CONTRACTS.join(', ')}`);
	}
	return contracts;
}
