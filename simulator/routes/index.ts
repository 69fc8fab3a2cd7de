import { acquisitionRoutes } from './acquisition';
import type { ApiRoute } from './api';
import { authorizationRoutes } from './authorization';
import { exportChats } from './exports';
import { modelRoutes } from './models';
import { checkSingleAgree, getChatData, getInnerGroup } from './msgaudit';
import { orderRoutes } from './orders';
import { programRoutes } from './programs';
import { ruleRoutes } from './rules';
import { searchMessage, searchSession } from './search';
import { tokenRoutes } from './tokens';
import { uploadTmpFile } from './upload';
import { zoneRoutes } from './zone';

/** Every API that is served. */
export const ROUTES: readonly ApiRoute[] = [
	...tokenRoutes,
	...authorizationRoutes,
	getChatData,
	checkSingleAgree,
	getInnerGroup,
	searchSession,
	searchMessage,
	...ruleRoutes,
	exportChats,
	...modelRoutes,
	...zoneRoutes,
	uploadTmpFile,
	...programRoutes,
	...acquisitionRoutes,
	...orderRoutes,
];
