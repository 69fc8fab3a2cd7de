/** What WeCom calls each error (global error table, document path 90313). */
const MEANINGS: Readonly<Record<number, string>> = {
	[-1]: 'system busy',
	40001: 'invalid credential',
	40005: 'invalid type parameter',
	40006: 'invalid file size',
	40007: 'invalid media_id',
	40013: 'invalid corpid',
	40014: 'invalid access_token',
	40029: 'invalid code',
	40058: 'invalid Request Parameter',
	40063: 'some parameters are empty',
	40068: 'invalid tagid',
	40077: 'invalid pre_auth_code',
	40078: 'invalid auth_code',
	40080: 'invalid suite_secret',
	40082: 'invalid suite_access_token',
	40083: 'invalid suite_id',
	40084: 'invalid permanent_code',
	40085: 'invalid suite_ticket',
	40088: 'jobid does not exist',
	40096: 'invalid external_userid',
	40145: 'media_id expired',
	40206: 'file too large',
	40211: 'invalid public_key',
	40212: 'invalid public_key_ver',
	41001: 'access_token missing',
	41002: 'corpid missing',
	41004: 'corpsecret missing',
	41005: 'media data missing',
	41021: 'suite_id missing',
	41022: 'suite_access_token missing',
	41023: 'suite_ticket missing',
	41025: 'permanent_code missing',
	41201: 'invalid chat_key',
	42001: 'access_token expired',
	42007: 'pre_auth_code expired',
	42009: 'suite_access_token expired',
	43001: 'require GET method',
	43002: 'require POST method',
	45009: 'api freq out of limit',
	45033: 'api concurrent out of limit',
	47001: 'data format error',
	48001: 'api unauthorized',
	48002: 'api forbidden',
	48004: 'authorization relationship invalid',
	49009: 'invalid buyer_userid',
	50100: 'invalid cursor',
	60011: 'no privilege to access contact',
	60020: 'not allow to access from your ip',
	90433: 'balance is not enough',
	301042: 'ip not in the whitelist of the archive',
	301058: 'response data too large, lower the limit',
	301059: 'not an internal group, no data',
	301060: 'more than 100 items in the query',
	301061: 'userid or exteranalopenid does not exist',
	701084: 'order is not unpaid',
	701140: 'edition already bought, renew or add seats',
	701141: 'edition not bought or expired',
	701143: 'there is an unpaid order',
	701149: 'renewal only within the last 60 days',
	701159: 'invalid purchase_count',
	701163: 'invalid take_effect_time',
	701164: 'invalid upgrade target',
	701167: 'purchase_count above the limit',
	701169: 'only unpaid orders can be cancelled',
	710600: 'invalid msgid',
	710602: 'invalid message type',
	710603: 'invalid secret_key',
	710606: 'group not in the authorized scope',
	710607: 'department not in the authorized scope',
	710608: 'user not in the authorized scope',
	710609: 'follow user not in the authorized scope',
	710610: 'keyword and semantics are both empty',
	710611: 'invalid cursor',
	710612: 'rule does not exist',
	710613: 'msgid comes twice',
	710615: 'invalid session_type',
	710619: 'more than 500 keyword rules',
	710621: 'invalid mobile number',
	710622: 'invalid bank card number',
	710623: 'more than 1000 messages',
	710632: 'knowledge base does not exist',
	710634: 'all messages failed',
	710636: 'invalid ability_id',
	710638: 'calling the program failed',
	710642: 'result is not ready yet',
	710646: 'invalid notify_id',
	710648: 'invalid semantics',
	710649: 'more than 2000 group ids',
	710650: 'word_list is missing',
	710660: 'error inside the program',
	710671: 'invalid debug_token',
	710673: 'not in debug mode',
	710726: 'data permission missing or expired',
	790000: 'illegal jobid',
	790014: 'response_data does not match the output protocol',
	790015: 'illegal request package',
	790016: 'request_data does not match the input protocol',
	790020: 'program is not linked with the app',
	790021: 'program is not deployed',
	790023: 'request is still executing',
	790025: 'invalid web_url',
	790026: 'more than 1000 documents',
	790027: 'more than 1000 knowledge bases',
	790028: 'cannot remove all documents',
	790029: 'web_url comes twice',
	790032: 'invalid doc_name',
	790034: 'knowledge base deleted',
	790040: 'input of the model is too long',
	790041: 'all message contents unavailable',
	800000: 'invalid knowledge base id',
	800001: 'invalid model or program id',
	800003: 'ability does not exist',
	[-10006]: 'unsupported api name',
};

/** An API call that WeCom answers with HTTP 200 and an errcode other than 0. */
export class Refusal extends Error {
	/**
	 * @param errcode - as in WeCom's global error table
	 * @param detail - what exactly is wrong, put behind the general meaning
	 */
	constructor(
		readonly errcode: number,
		detail?: string,
	) {
		const meaning = MEANINGS[errcode] ?? 'error';
		super(detail === undefined ? meaning : `${meaning}: ${detail}`);
		this.name = 'Refusal';
	}
}

/**
 * Writes the body of a refusal the way WeCom does, with hint, caller address and link.
 *
 * @param hint - the number WeCom logs the call under
 * @param ip - address of the caller
 */
export function refusalBody(refusal: Refusal, hint: string, ip: string): string {
	const more = `https://open.work.weixin.qq.com/devtool/query?e=${refusal.errcode}`;
	const errmsg = `${refusal.message}, hint: [${hint}], from ip: ${ip}, more info at ${more}`;
	return JSON.stringify({ errcode: refusal.errcode, errmsg });
}
