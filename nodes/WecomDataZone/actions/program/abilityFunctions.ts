import type { INodePropertyOptions } from 'n8n-workflow';

import type { ZoneFunctionName } from '../../../../wecom/api/abilities';

/** What each function is for, in the order of the list. */
const PURPOSES: ReadonlyArray<readonly [name: string, func: ZoneFunctionName]> = [
	['Consent: Check', 'get_agree_status_single'],
	['Consent: Check Group', 'get_agree_status_room'],
	['Customer Tags: Begin', 'create_customer_tag_task'],
	['Customer Tags: Get Result', 'get_customer_tag_result'],
	['Events: Fetch', 'do_async_job'],
	['Export: Create', 'create_chatdata_export_job'],
	['Export: Get', 'get_chatdata_export_job_status'],
	['General Model: Begin', 'create_ww_model_task'],
	['General Model: Get Result', 'get_ww_model_result'],
	['Group: Get', 'get_group_chat'],
	['Keyword Rule: Create', 'create_rule'],
	['Keyword Rule: Delete', 'delete_rule'],
	['Keyword Rule: Get', 'get_rule_detail'],
	['Keyword Rule: Get Hits', 'get_hit_msg_list'],
	['Keyword Rule: Get Many', 'get_rule_list'],
	['Keyword Rule: Update', 'update_rule'],
	['Knowledge Base: Add Documents', 'knowledge_base_add_doc'],
	['Knowledge Base: Create', 'knowledge_base_create'],
	['Knowledge Base: Delete', 'knowledge_base_delete'],
	['Knowledge Base: Get', 'knowledge_base_detail'],
	['Knowledge Base: Get Many', 'knowledge_base_list'],
	['Knowledge Base: Remove Documents', 'knowledge_base_remove_doc'],
	['Knowledge Base: Rename', 'knowledge_base_modify_name'],
	['Messages: Pull', 'sync_msg'],
	['Messages: Pull by Page ID', 'get_msg_list_by_page_id'],
	['Replies: Begin', 'create_recommend_dialog_task'],
	['Replies: Get Result', 'get_recommend_dialog_result'],
	['Search: Messages', 'search_msg'],
	['Search: People', 'search_contact_or_customer'],
	['Search: Sessions', 'search_chat'],
	['Sentiment: Begin', 'create_sentiment_task'],
	['Sentiment: Get Result', 'get_sentiment_result'],
	['Spam: Begin', 'create_spam_task'],
	['Spam: Get Result', 'get_spam_result'],
	['Summary: Begin', 'create_summary_task'],
	['Summary: Get Result', 'get_summary_result'],
];

/** The functions of the zone to choose from; `wecom/api/abilities.ts` has their examples. */
export const ABILITY_FUNCTION_OPTIONS: INodePropertyOptions[] = PURPOSES.map(([name, value]) => ({
	name,
	value,
	description: `Function ${value}`,
}));
