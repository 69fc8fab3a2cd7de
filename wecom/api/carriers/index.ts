import type { Route } from '../wire';
import type { Carrier } from './carrier';
import { httpCarrier } from './http';
import { programCarrier } from './program';

/** What carries a route over HTTP; functions of Tencent's native library have no such carrier. */
export function carrierOf(route: Route): Carrier {
	return route.startsWith('ZONE ') ? programCarrier : httpCarrier;
}
