import { acquisitionRoutes } from './acquisition';
import type { ApiRoute } from './api';
import { exportChats } from './exports';
import { getToken } from './gettoken';
import { modelRoutes } from './models';
import { checkSingleAgree, getChatData, getInnerGroup } from './msgaudit';
import { orderRoutes } from './orders';
import { programRoutes } from './programs';
import { ruleRoutes } from './rules';
import { searchMessage, searchSession } from './search';
import { uploadTmpFile } from './upload';
import { zoneRoutes } from './zone';

/** Every API that is served. */
export const ROUTES: readonly ApiRoute[] = [
	getToken,
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
