import { acquisitionRoutes } from './acquisition';
import type { ApiRoute } from './api';
import { authorizationRoutes } from './authorization';
import { debugRoutes } from './debug';
import { exportChats } from './exports';
import { linkRoutes } from './links';
import { modelRoutes } from './models';
import { libraryRoutes } from './library';
import { msgauditRoutes } from './msgaudit';
import { orderRoutes } from './orders';
import { paymentRoutes } from './payment';
import { privacyRoutes } from './privacy';
import { programRoutes } from './programs';
import { ruleRoutes } from './rules';
import { searchMessage, searchSession } from './search';
import { tokenRoutes } from './tokens';
import { uploadRoutes } from './upload';
import { zoneRoutes } from './zone';
import { getCorpAuthInfo } from './zoneAuthorization';

/** Every API that is served. */
export const ROUTES: readonly ApiRoute[] = [
	...tokenRoutes,
	...authorizationRoutes,
	...msgauditRoutes,
	...libraryRoutes,
	searchSession,
	searchMessage,
	...ruleRoutes,
	exportChats,
	...modelRoutes,
	...zoneRoutes,
	getCorpAuthInfo,
	...privacyRoutes,
	...debugRoutes,
	...uploadRoutes,
	...programRoutes,
	...linkRoutes,
	...acquisitionRoutes,
	...paymentRoutes,
	...orderRoutes,
];
