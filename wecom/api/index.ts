import {
	createLink,
	createOnceKeys,
	deleteLink,
	getAcquisitionAuthInfo,
	getAcquisitionQuota,
	getLink,
	getLinkChatInfo,
	getLinkStatistics,
	listBills,
	listLinkCustomers,
	listLinks,
	updateLink,
} from './acquisition';
import { checkGroupAgree, checkSingleAgree, getChatData, getInnerGroup } from './archive';
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
	listKeywordHits,
	listKeywordRules,
	updateKeywordRule,
} from './keywordRules';
import {
	addDocuments,
	createKnowledgeBase,
	deleteKnowledgeBase,
	getKnowledgeBase,
	listKnowledgeBases,
	removeDocuments,
	renameKnowledgeBase,
} from './knowledgeBases';
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
import { searchMessage, searchPeople, searchSession } from './search';
import {
	closeDebugMode,
	fetchEvent,
	getDebugMode,
	getLogLevel,
	getPrivacy,
	getZoneAuthorization,
	listPermittedMembers,
	openDebugMode,
	setCallback,
	setLogLevel,
	setPrivacy,
	setPublicKey,
	uploadExportTemplate,
	uploadTemporaryFile,
} from './zone';
import { getMessagesOfPage } from './zoneMessages';

const getAntispamResult = antispamModel.result;
const getGeneralResult = generalModel.result;
const getRecommendResult = recommendModel.result;
const getSentimentResult = sentimentModel.result;
const getSummaryResult = summaryModel.result;
const getTagResult = tagModel.result;

/**
 * Every operation by its name; {@link DataApiClient} has a method for each.
 */
export const operations = {
	addDocuments,
	antispamModel,
	cancelOrder,
	checkGroupAgree,
	checkSingleAgree,
	closeDebugMode,
	createExport,
	createKeywordRule,
	createKnowledgeBase,
	createLink,
	createOnceKeys,
	deleteKeywordRule,
	deleteKnowledgeBase,
	deleteLink,
	fetchEvent,
	generalModel,
	getAcquisitionAuthInfo,
	getAcquisitionQuota,
	getAntispamResult,
	getAuthInfo,
	getChatData,
	getDebugMode,
	getExportStatus,
	getGeneralResult,
	getInnerGroup,
	getKeywordRule,
	getKnowledgeBase,
	getLink,
	getLinkChatInfo,
	getLinkStatistics,
	getLogLevel,
	getMessagesOfPage,
	getOrder,
	getPermanentCode,
	getPermissions,
	getPreAuthCode,
	getPrivacy,
	getProgramResult,
	getPurchased,
	getRecommendResult,
	getSentimentResult,
	getSummaryResult,
	getTagResult,
	getZoneAuthorization,
	listBills,
	listKeywordHits,
	listKeywordRules,
	listKnowledgeBases,
	listLinkCustomers,
	listLinks,
	listOrders,
	listPermittedMembers,
	openDebugMode,
	payOrder,
	placeOrder,
	recommendModel,
	removeDocuments,
	renameKnowledgeBase,
	searchMessage,
	searchPeople,
	searchSession,
	sentimentModel,
	setCallback,
	setLogLevel,
	setPrivacy,
	setPublicKey,
	setSessionInfo,
	startProgramTask,
	summaryModel,
	syncCallProgram,
	tagModel,
	updateKeywordRule,
	updateLink,
	uploadExportTemplate,
	uploadTemporaryFile,
};
