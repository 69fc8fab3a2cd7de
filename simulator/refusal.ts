/** What WeCom calls each error (global error table, document path 90313). */
const MEANINGS: Readonly<Record<number, string>> = {
	[-1]: 'system busy',
	40001: 'invalid credential',
	40013: 'invalid corpid',
	40014: 'invalid access_token',
	40058: 'invalid Request Parameter',
	40063: 'some parameters are empty',
	41001: 'access_token missing',
	41002: 'corpid missing',
	41004: 'corpsecret missing',
	42001: 'access_token expired',
	43001: 'require GET method',
	43002: 'require POST method',
	45009: 'api freq out of limit',
	47001: 'data format error',
	60020: 'not allow to access from your ip',
	301058: 'response data too large, lower the limit',
	301059: 'not an internal group, no data',
	301060: 'more than 100 items in the query',
	301061: 'userid or exteranalopenid does not exist',
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
