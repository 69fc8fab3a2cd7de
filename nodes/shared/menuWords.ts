/** How the names in the client's texts read in n8n: what its menus and fields are called there. */
import { WecomApiError, type WecomError } from '../../wecom/errors';

/** The name in the client → the words in n8n, without backticks. */
// prettier-ignore
export const MENU_WORDS: ReadonlyMap<string, string> = new Map([
	// Operations; those that the texts of other nodes name have their node in front.
	['abilityExample', 'WeCom Data Zone → Program → Get Ability Example'],
	['addDocuments', 'Knowledge Base → Add Documents'],
	['antispamModel', 'Model → Detect Spam'],
	['cancelOrder', 'Order → Cancel'],
	['checkGroupAgree', 'Consent → Check Group'],
	['checkLibrary', 'WeCom Data Zone → Library → Check'],
	['checkSingleAgree', 'Consent → Check'],
	['closeDebugMode', 'Debug Mode → Close'],
	['createExport', 'Export → Create'],
	['createKeywordRule', 'Keyword Rule → Create'],
	['createKnowledgeBase', 'Knowledge Base → Create'],
	['createLink', 'Link → Create'],
	['createOnceKeys', 'Payment → Create Once Keys'],
	['deleteKeywordRule', 'Keyword Rule → Delete'],
	['deleteKnowledgeBase', 'Knowledge Base → Delete'],
	['deleteLink', 'Link → Delete'],
	['fetchEvent', 'WeCom Data Zone → Callback → Fetch Event'],
	['generalModel', 'Model → Ask General Model'],
	['getAcquisitionAuthInfo', 'Component → Get Authorization'],
	['getAcquisitionQuota', 'Quota → Get'],
	['getAntispamResult', 'Model → Get Result'],
	['getAuthInfo', 'Authorization → Get'],
	['getChatData', 'Message → Get Many'],
	['getDebugMode', 'Debug Mode → Get'],
	['getExportStatus', 'Export → Get'],
	['getGeneralResult', 'Model → Get Result'],
	['getInnerGroup', 'Group → Get'],
	['getKeywordRule', 'Keyword Rule → Get'],
	['getKnowledgeBase', 'Knowledge Base → Get'],
	['getLink', 'Link → Get'],
	['getLinkChatInfo', 'Customer → Get Chat Info'],
	['getLinkStatistics', 'Link → Get Statistics'],
	['getLogLevel', 'Log → Get Level'],
	['getMediaPiece', 'Message → Get Media'],
	['getMessagesOfPage', 'get_msg_list_by_page_id'],
	['getOrder', 'Order → Get'],
	['getPermanentCode', 'WeCom Authorization → Exchange Auth Code'],
	['getPermissions', 'Authorization → Get Permissions'],
	['getPreAuthCode', 'Authorization → Get Install Link'],
	['getPrivacy', 'Privacy → Get'],
	['getProgramResult', 'Program → Get Asynchronous Result'],
	['getPurchased', 'Order → Get Purchased'],
	['getRecommendResult', 'Model → Get Result'],
	['getRobot', 'Robot → Get'],
	['getSentimentResult', 'Model → Get Result'],
	['getSummaryResult', 'Model → Get Result'],
	['getTagResult', 'Model → Get Result'],
	['getZoneAuthorization', 'WeCom Data Zone → Authorization → Get'],
	['listBills', 'Payment → Get Bills'],
	['listKeywordHits', 'Keyword Rule → Get Hits'],
	['listKeywordRules', 'Keyword Rule → Get Many'],
	['listKnowledgeBases', 'Knowledge Base → Get Many'],
	['listLinkCustomers', 'Customer → Get Many'],
	['listLinks', 'Link → Get Many'],
	['listOrders', 'Order → Get Many'],
	['listPermittedMembers', 'Member → Get Many'],
	['makeKeyPair', 'Key → Generate'],
	['openDebugMode', 'Debug Mode → Open'],
	['payOrder', 'Order → Pay'],
	['placeOrder', 'Order → Place'],
	['recommendModel', 'Model → Recommend Replies'],
	['removeDocuments', 'Knowledge Base → Remove Documents'],
	['renameKnowledgeBase', 'Knowledge Base → Rename'],
	['searchMessage', 'Search → Messages'],
	['searchPeople', 'Search → People'],
	['searchSession', 'Search → Sessions'],
	['sentimentModel', 'Model → Analyze Sentiment'],
	['setCallback', 'Callback → Set'],
	['setLogLevel', 'Log → Set Level'],
	['setPrivacy', 'Privacy → Set'],
	['setPublicKey', 'Key → Set Public Key'],
	['setSessionInfo', 'Authorization → Get Install Link'],
	['startProgramTask', 'Program → Call Asynchronously'],
	['summaryModel', 'Model → Summarize'],
	['syncCallProgram', 'WeCom Data Zone → Program → Call'],
	['tagModel', 'Model → Suggest Customer Tags'],
	['updateKeywordRule', 'Keyword Rule → Update'],
	['updateLink', 'Link → Update'],
	['uploadExportTemplate', 'File → Upload'],
	['uploadTemporaryFile', 'File → Upload'],

	// The contracts, as the credential has them
	['contract', 'API on the credential'],
	['dataZone', '"Tencent Data Zone (数据与智能专区)"'],
	['messageArchive', '"Tencent Message Archive (会话内容存档)"'],
	['reference', '"Data API Reference"'],

	// Settings
	['accessToken', 'Access Token on the credential'],
	['allowPlainHttp', '"Allow Plain HTTP"'],
	['archiveLibrary', 'Archive Library on the credential'],
	['auth_corpid', 'Auth Corp ID'],
	['chat_id', 'Chat ID'],
	['askAgain', 'Testing the credential'],
	['database', 'Database Number'],
	['keyPrefix', 'Key Prefix'],
	['library', 'credential with an Archive Library'],
	['limit', 'Limit'],
	['msg_list', 'messages (Input Items or List as Messages From)'],
	['passwd', 'Proxy URL on the credential (Gateway Password for a proxy in Options)'],
	['permanent_code', 'Permanent Code'],
	['providerAccessToken', 'Provider Access Token on the credential'],
	['RecentAnswers', 'Reuse Recent Answer'],
	['seq_range', 'Begin Seq and End Seq (Chat and Seq Range as Messages From)'],
	['sidecar', '"Sidecar"'],
	['sidecarToken', 'Sidecar Token on the credential'],
	['sidecarUrl', 'Sidecar URL on the credential'],
	['state', 'Redis as State Storage'],
	['suiteAccessToken', 'Suite Access Token on the credential'],
	['suiteTicket', 'Suite Ticket on the credential'],
	['timeoutMs', 'Request Timeout in Options'],
	['waitMs', 'Wait (Seconds) in Options'],

	// What the settings belong to, and who works with them
	['CallbackReceiver', 'the "WeCom Callback API" credential'],
	['KeyRing', 'the "WeCom Data API" credential'],
	['RedisSettings', 'the "WeCom State API" credential'],
	['keepSuiteTicket', 'a published workflow with a WeCom Data Trigger'],
]);

/**
 * A text of the client in the words of n8n: names in backticks become what the menus call them. What
 * is not in {@link MENU_WORDS}, a field of WeCom's say, stays as it is.
 *
 * @param text of the client's own; never one of WeCom's
 * @example inMenuWords('Look with `getOrder` whether it is paid.')
 * // 'Look with Order → Get whether it is paid.'
 */
export function inMenuWords(text: string): string {
	return text.replace(/`([^`]+)`/g, (quoted, name: string) => MENU_WORDS.get(name) ?? quoted);
}

/** What an error of the client says to a person in n8n: what happened, and what to do. */
export function wordsOf(error: WecomError): { message: string; hint?: string } {
	const { message, hint } = error;
	return {
		// WeCom's own words, whatever is in backticks there.
		message: error instanceof WecomApiError ? message : inMenuWords(message),
		...(hint ? { hint: inMenuWords(hint) } : {}),
	};
}

/** The same as one text. */
export function sentencesOf(error: WecomError): string {
	const { message, hint } = wordsOf(error);
	return hint === undefined ? message : `${message}. ${hint}`;
}
