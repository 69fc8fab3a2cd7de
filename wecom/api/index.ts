import { checkSingleAgree, getChatData, getInnerGroup } from './archive';
import {
	createLink,
	deleteLink,
	getAcquisitionAuthInfo,
	getLink,
	getLinkStatistics,
	listLinkCustomers,
	listLinks,
	updateLink,
} from './acquisition';
import {
	getAuthInfo,
	getPermanentCode,
	getPermissions,
	getPreAuthCode,
	setSessionInfo,
} from './authorization';
import { createExport, getExportStatus } from './exports';
import {
	createKeywordRule,
	deleteKeywordRule,
	getKeywordRule,
	listKeywordRules,
	updateKeywordRule,
} from './keywordRules';
import {
	antispamModel,
	generalModel,
	recommendModel,
	sentimentModel,
	summaryModel,
	tagModel,
} from './models';
import { cancelOrder, getOrder, getPurchased, listOrders, payOrder, placeOrder } from './orders';
import { getProgramResult, startProgramTask, syncCallProgram } from './programs';
import { searchMessage, searchSession } from './search';
import {
	listPermittedMembers,
	setCallback,
	setLogLevel,
	setPublicKey,
	uploadTemporaryFile,
} from './zone';

/**
 * Every operation by its name; {@link DataApiClient} has a method for each.
 */
export const operations = {
	antispamModel,
	cancelOrder,
	checkSingleAgree,
	createExport,
	createKeywordRule,
	createLink,
	deleteKeywordRule,
	deleteLink,
	generalModel,
	getAcquisitionAuthInfo,
	getAuthInfo,
	getChatData,
	getExportStatus,
	getInnerGroup,
	getKeywordRule,
	getLink,
	getLinkStatistics,
	getOrder,
	getPermanentCode,
	getPermissions,
	getPreAuthCode,
	getProgramResult,
	getPurchased,
	listKeywordRules,
	listLinkCustomers,
	listLinks,
	listOrders,
	listPermittedMembers,
	payOrder,
	placeOrder,
	recommendModel,
	searchMessage,
	searchSession,
	sentimentModel,
	setCallback,
	setLogLevel,
	setPublicKey,
	setSessionInfo,
	startProgramTask,
	summaryModel,
	syncCallProgram,
	tagModel,
	updateKeywordRule,
	updateLink,
	uploadTemporaryFile,
};
