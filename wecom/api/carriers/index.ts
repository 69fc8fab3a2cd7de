import { InvalidInputError } from '../../errors';
import { pathOf, type Route } from '../wire';
import type { Carrier } from './carrier';
import { httpCarrier } from './http';
import { programCarrier } from './program';

/**
 * What carries a route.
 *
 * @throws InvalidInputError for a function of Tencent's native library, which nothing carries
 */
export function carrierOf(route: Route): Carrier {
	if (route.startsWith('ZONE ')) return programCarrier;
	if (!route.startsWith('LIBRARY ')) return httpCarrier;
	throw new InvalidInputError(
		'archiveLibrary',
		`"archiveLibrary" is empty, and ${pathOf(route)} is a function of Tencent's native library`,
		'Choose another contract, "reference" or "dataZone".',
	);
}
