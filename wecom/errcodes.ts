import { RETURN_CODES } from './returnCodes';

/** What the client does by itself when WeCom answers with an errcode. */
export type ErrcodeAction =
	| 'refresh' // the token is bad: get a new one once and replay the call once
	| 'retry' // passing trouble: back off and try again (reads and idempotent calls only)
	| 'wait' // a frequency or concurrency window: not worth an immediate retry; say how long
	| 'shrink' // the answer is too large: halve the page
	| 'poll' // a job has not finished: ask again later
	| 'fail'; // give up with a hint

/** Which token of the credential chain an errcode blames (only with action 'refresh'). */
export type BlamedToken =
	/** The token that the call itself carried, of whatever kind. */
	| 'caller'
	/** The suite_access_token from which the corp's access_token is made. */
	| 'suite_access_token';

/**
 * The errcode in an answer: an integer, or its digits as text.
 *
 * @returns undefined where there is none (missing or null), NaN for what is none
 */
export function readErrcode(value: unknown): number | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
	return Number.isInteger(value) ? Number(value) : NaN;
}

/** What is known about an errcode. */
export interface ErrcodeEntry extends ErrcodeMark {
	readonly action: ErrcodeAction;
	/** What WeCom refuses: a fragment without a trailing period. */
	readonly meaning: string;
	/** What a person can do about it, and where. */
	readonly hint?: string;
}

/** What else follows from an errcode; from most of them nothing does. */
interface ErrcodeMark {
	readonly blames?: BlamedToken;
	/**
	 * How long WeCom is not asked for a token with the same values again, milliseconds: it bans an
	 * address for an hour that goes on asking with wrong ids, secrets or codes.
	 * Source: documents 90313 and 90312.
	 */
	readonly rememberMs?: number;
	/** Whether it is the suite_ticket that is refused: a newer one may be taken. */
	readonly staleTicket?: true;
	/** Whether it says that too many calls were made within a window of time. */
	readonly frequencyLimit?: true;
	/** Whether it says that the token is good: only this call is not among its permissions. */
	readonly provesToken?: true;
	/**
	 * What is missing on the way to what was called: a path on the server, a right to data that was not
	 * granted or has ended, or an ability of the program that takes the call as it is.
	 */
	readonly lacks?: 'path' | 'right' | 'ability';
	/** Whether only the answer is missing: the program may have done what it was asked. */
	readonly answerLost?: true;
	/** Why a job of which it is told will never have a result: it came to nothing, or nobody keeps it. */
	readonly endsJob?: 'failed' | 'gone';
	/**
	 * Whether it is over once the program runs again, within minutes where it is deployed anew: too long
	 * for a call that waits, not for who asks again later.
	 */
	readonly programDown?: true;
	/** Whether what was asked for is kept no longer: a file of a message after five days. */
	readonly expired?: true;
}

type ErrcodeRow = readonly [
	errcode: number,
	action: ErrcodeAction,
	meaning: string,
	hint?: string,
	...marks: ErrcodeMark[],
];

const TEN_MINUTES_MS = 10 * 60 * 1000;
/** The shortest window there is. */
const MINUTE_MS = 60 * 1000;

// The marks in the last column.
const BLAMES_CALLER = { blames: 'caller' } as const;
const BLAMES_SUITE = { blames: 'suite_access_token' } as const;
const REMEMBER = { rememberMs: TEN_MINUTES_MS } as const;
const STALE_TICKET = { staleTicket: true, rememberMs: TEN_MINUTES_MS } as const;
const FREQUENCY_LIMIT = { frequencyLimit: true, rememberMs: MINUTE_MS } as const;
const TOKEN_IS_GOOD = { provesToken: true } as const;
const NO_PATH = { lacks: 'path' } as const;
const NO_RIGHT = { lacks: 'right', provesToken: true } as const;
const NO_ABILITY = { lacks: 'ability' } as const;
const ANSWER_LOST = { answerLost: true } as const;
const ENDS_JOB = { endsJob: 'failed' } as const;
const JOB_IS_GONE = { endsJob: 'gone' } as const;
const EXPIRED = { expired: true } as const;
const PROGRAM_DOWN = { programDown: true } as const;

/** WeCom's errcode for a job that has no result yet; also for one of which only a state says so. */
export const STILL_RUNNING = 790023;

/** WeCom's errcode for a job of a model that failed; also for one of which only a state says so. */
export const ANALYSIS_FAILED = 710633;
/** WeCom's errcode for a cursor that it does not know. */
export const INVALID_CURSOR = 710611;
/** WeCom's errcode for an ability that is not registered at the program. */
export const UNKNOWN_ABILITY = 800003;
/** What the zone SDK in a program answers for a function that it does not know. */
export const UNKNOWN_FUNCTION = -10006;

/**
 * What to do about a path that the server does not know, which others say with HTTP 404, whatever the
 * client speaks.
 */
export const UNKNOWN_PATH_HINT =
	'The server behind the base URL does not serve this path. Correct its address, or `contract`: ' +
	"Tencent's own host (qyapi.weixin.qq.com) speaks `dataZone` and `messageArchive`, a gateway that " +
	'serves the reference document speaks `reference`.';

// Hints that several codes share.
const LATER = 'Try again in a few minutes.';
const ONE_WRITER = 'Change the same object from one place at a time, then try again.';
const PARAMETERS =
	'Compare the fields with the API page. Usual causes: a list that is too long, a userid above ' +
	'64 bytes, a value of the wrong type.';
const WHITELIST =
	'Whitelist the IP that the message names after "from ip": provider console → ' +
	'服务商信息 → 基本信息 → IP白名单 (third-party, 代开发) or 企业可信IP of the app ' +
	'(self-built). It takes effect about a minute later.';
const IN_URL = 'Fill it in the credential. Tokens travel in the URL, never in the body.';
const METHOD =
	'Check the base URL of the credential: the server behind it serves this path in another way. A ' +
	'redirect or a gateway on the way can change the method too.';
const NEW_PRE_AUTH_CODE =
	'Get a new pre_auth_code (it lives 20 minutes) and start the installation again.';
const SUITE_TOKEN =
	'Check suite id, suite secret and suite_ticket in the credential. If it comes and goes, ' +
	'several processes renew the token apart from each other: let them share one cache.';
const VISIBLE = 'Ask the admin of the corp to add them to the visible range of the app.';
const APP_TYPE = 'Use the credential of an app whose type this API serves.';
const SMALLER_ORDER = 'Split the purchase into smaller orders.';
const MSG_KEY =
	'Take msgid and secret_key from the same record, and decrypt its key with the private key of ' +
	'the public_key_ver that the record names.';
const SCOPE =
	'Ask the admin of the corp to add it to the range authorized for the app. `getZoneAuthorization` ' +
	'shows the present range.';
const ANALYSIS =
	'Most often each message has an errcode of its own that says why. Usual causes: a secret_key that ' +
	'does not belong to its msgid, nothing but messages that hold no text, messages that are no longer ' +
	'kept.';
const LEGACY_TASK =
	'The analyze_task calls are a legacy interface: use the model tasks of the data zone instead.';
const CONTENT = 'Leave out the messages or the text in question and start again.';
const PROGRAM_STATE =
	'Check in the console that the program or model exists, runs and is deployed for this corp.';
const PROGRAM_LOG = 'Look into the logs of the program in the data zone.';
const INPUT_PROTOCOL =
	'Keys and types of request_data have to be a subset of the input example configured for the ' +
	'ability: `abilityExample` has it whole. Check the program style in the credential: the Python sample needs an outer "input", ' +
	'Java and C++ must not have it.';
const OUTPUT_PROTOCOL =
	'Bring the answer of the program and the output example configured for the ability in line: ' +
	'`abilityExample` has it whole.';
const JOB_ID =
	'Use the jobid exactly as the call that created the job returned it, for the same corp.';
const JOB_STATE = 'Check that the program reports on each job once, and only while the job runs.';
const TOO_LATE = 'WeCom drops stored messages 30 days after an expiry that was not renewed.';
const LOOK_UP = 'Look the code up at https://open.work.weixin.qq.com/devtool/query?e=';

/**
 * Every errcode this package knows something about, once each. Facts from WeCom's global table
 * (https://developer.work.weixin.qq.com/document/path/90313) and the pages of the single APIs.
 * Use the map below; the rows are exported so that a test can see duplicates, and kept from
 * prettier because it would give each column a line of its own.
 */
// prettier-ignore
export const ERRCODE_ROWS: readonly ErrcodeRow[] = [
	// Passing trouble and limits
	[-1, 'retry', 'WeCom is busy', 'Try again later; WeCom advises at most three attempts.'],
	[6000, 'retry', 'data version conflict between writers at the same moment', ONE_WRITER],
	[45009, 'wait', 'call frequency above the limit',
		'Wait out the window that was exceeded: 60 seconds for a minute limit, 60 minutes for an ' +
		'hour limit, else the rest of the day or 30 days; wrong secrets block the IP for an hour. ' +
		'Manual unblocking: https://open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock',
		FREQUENCY_LIMIT],
	[45033, 'wait', 'too many calls of this API at once for the corp',
		'Make fewer calls of this API at the same time.'],
	[45035, 'retry', 'conflict with a change made at the same moment', ONE_WRITER],
	[45036, 'wait', 'data access limited because the traffic looks abnormal',
		'Pause, then go on with fewer and slower calls.'],

	// Tokens, secrets and the authorization chain
	[40001, 'fail', 'secret not valid for this corpid',
		'The secret belongs to another corp, was reset, or its app is disabled: correct the ' +
		'credential before the next call, because WeCom bans an IP for an hour after repeated wrong ' +
		'secrets. A provider token takes the provider_secret (provider console → 应用管理 → ' +
		'通用开发参数), not the suite secret.', REMEMBER],
	[40007, 'fail', 'invalid media_id',
		'Upload the file again and take the media_id that comes back: it lives three days, for the app ' +
		'and the corp that uploaded it.'],
	[40013, 'fail', 'invalid corpid',
		'Correct the corp id in the credential. A provider token takes the corpid of the provider.',
		REMEMBER],
	[40014, 'refresh', 'invalid access_token',
		'If a new token is refused too, it is of the wrong kind: orders take a ' +
		'provider_access_token, authorization calls a suite_access_token, most others the ' +
		'access_token of the corp.', BLAMES_CALLER],
	[40029, 'fail', 'invalid or used code',
		'A code works once and for a few minutes: get a new one.'],
	[40077, 'fail', 'invalid pre_auth_code', NEW_PRE_AUTH_CODE],
	[40078, 'fail', 'invalid auth_code',
		'An auth_code works once and for 10 minutes: let the admin authorize the app again.'],
	[40080, 'fail', 'invalid suite_secret',
		'Put the secret of exactly this suite into the credential, not the provider_secret.',
		REMEMBER],
	[40082, 'refresh', 'invalid suite_access_token', SUITE_TOKEN, BLAMES_SUITE],
	[40083, 'fail', 'invalid suite_id',
		'Correct it: it starts with ww or wx (third-party), dk (代开发 template) or tj (old).',
		REMEMBER],
	[40084, 'fail', 'invalid permanent_code',
		'Check it for typos and that it was issued to this provider. If the corp has cancelled the ' +
		'authorization, its admin has to authorize the app again.', REMEMBER],
	[40085, 'refresh', 'suite_ticket missing or stale',
		'A suite_ticket is valid for 30 minutes and WeCom pushes a new one every 10 minutes to the ' +
		'指令回调URL: use the newest. If none arrives, trigger a push in the provider console.',
		BLAMES_SUITE, STALE_TICKET],
	[40086, 'fail', 'unknown third-party appid', 'Check the app id against the provider console.'],
	[40091, 'fail', 'secret of another corp',
		'Put corpid and secret of the same corp into the credential.', REMEMBER],
	[41001, 'fail', 'access_token missing', IN_URL],
	[41002, 'fail', 'corpid missing',
		'Fill in the corp id; a provider token takes corpid and provider_secret of the provider.'],
	[41004, 'fail', 'secret missing',
		'Fill in the secret that belongs to the corp id of the credential.'],
	[41021, 'fail', 'suite_id missing', 'Fill in the suite id of the credential.'],
	[41022, 'fail', 'suite_access_token missing', IN_URL],
	[41023, 'fail', 'suite_ticket missing',
		'Fill in the newest suite_ticket, or let the callback of the suite store it.', STALE_TICKET],
	[41025, 'fail', 'permanent_code missing', 'Fill in the permanent_code of the authorized corp.'],
	[42001, 'refresh', 'access_token expired',
		'A token lives two hours. One that was typed into the credential has to be replaced by hand; ' +
		'with a secret or a suite it is renewed automatically.', BLAMES_CALLER],
	[42007, 'fail', 'pre_auth_code expired', NEW_PRE_AUTH_CODE],
	[42009, 'refresh', 'suite_access_token expired', SUITE_TOKEN, BLAMES_SUITE],
	[48003, 'fail', 'suite_access_token of another suite_id',
		'Check that suite id, suite secret and token of the credential belong to the same suite.',
		REMEMBER],
	[48004, 'fail', 'no authorization by this corp, or a cancelled one',
		'Stop calling for this corp. Let its admin authorize the app again and put the new ' +
		'permanent_code into the credential.', REMEMBER],

	// The request itself
	[40058, 'fail', 'invalid parameter', PARAMETERS],
	[40066, 'fail', 'unknown API path', UNKNOWN_PATH_HINT, NO_PATH],
	[40063, 'fail', 'missing or empty parameter', PARAMETERS],
	[40145, 'fail', 'media_id expired', 'Upload the file again: a media_id lives three days.'],
	[40088, 'fail', 'unknown jobid', JOB_ID, JOB_IS_GONE],
	[40089, 'fail', 'job result no longer kept', 'Start the job again and fetch its result sooner.',
		JOB_IS_GONE],
	[40206, 'fail', 'request body too large', 'Send fewer or shorter values per call.'],
	[40211, 'fail', 'not an RSA public key',
		'Give a 2048-bit RSA key as PEM that starts with "BEGIN PUBLIC KEY"; it is neither the ' +
		'private key nor the EncodingAESKey.'],
	[40212, 'fail', 'public_key_ver lower than the version before',
		'Raise public_key_ver above the version now in use and keep the older private keys.'],
	[43001, 'fail', 'wrong HTTP method, GET is needed', METHOD],
	[43002, 'fail', 'wrong HTTP method, POST is needed', METHOD],
	[47001, 'fail', 'request body is not JSON',
		'Check the fields that take raw JSON text. A proxy that rewrites bodies has the same effect.'],
	[50100, 'fail', 'invalid paging cursor', 'Start paging again without a cursor.'],
	[2000002, 'fail', 'unknown corpid', 'Check the corpid, in order calls custom_corpid.', REMEMBER],

	// Rights of the app and the corp
	[40136, 'fail', 'trial of the app is over', 'The corp has to buy the app.'],
	[40137, 'fail', 'service period of the app is over', 'The corp has to renew the app.'],
	[40138, 'fail', 'more users than paid seats',
		'The corp has to buy seats or narrow the visible range.'],
	[40139, 'fail', 'more users than seats for member authorization',
		'The corp has to get more seats, or fewer members may authorize the app.'],
	[40141, 'fail', 'corp account in an abnormal state',
		'The admin of the corp has to settle this with WeCom.'],
	[42006, 'fail', 'login state of the display component is lost',
		'Reload the page that shows the component and log in again.'],
	[43009, 'fail', 'corp is not verified', 'The admin of the corp has to get it verified by WeCom.'],
	[48001, 'fail', 'API not authorized for this corp or app',
		'Ask the admin of the corp to authorize it for the app. For an order, buyer and payer need ' +
		'购买高级接口 or 高级接口管理 in the corp of the provider.', TOKEN_IS_GOOD],
	[48002, 'fail', 'app without permission for this API',
		'Request the permission (data zone: 数据与智能专区; acquisition: 企业客户权限 → 获客助手), ' +
		'publish the app again and let the admin confirm. Message archive calls need the ' +
		'会话内容存档 secret instead of the app secret; 代开发 apps need a token by corp secret.',
		TOKEN_IS_GOOD],
	[48005, 'fail', 'API was retired', 'Look for its successor in the documentation of WeCom.'],
	[48006, 'fail', 'permission withdrawn after long disuse',
		'Request the permission for the app again.', TOKEN_IS_GOOD],
	[48010, 'fail', 'TLS version too old',
		'Let Node.js, or the proxy on the way, speak a newer TLS version.'],
	[48011, 'fail', 'corp below the member activity that this API asks for'],
	[50001, 'fail', 'redirect domain not registered',
		'Register the domain of the redirect URL in the settings of the app.'],
	[50002, 'fail', 'member outside the range of the app', VISIBLE],
	[50003, 'fail', 'app is disabled', 'Ask the admin of the corp to enable the app.'],
	[60011, 'fail', 'user, department or tag not visible to the app, or not editable', VISIBLE],
	[60020, 'fail', 'calling IP not on the whitelist', WHITELIST],
	[60021, 'fail', 'userid not visible to the app', VISIBLE],
	[60031, 'fail', 'app barred from calling APIs',
		'Look for a notice in the console of the app, or ask WeCom support.'],
	[60214, 'fail', 'API for third-party apps only', APP_TYPE],
	[842005, 'fail', 'app type not supported', APP_TYPE],
	[846000, 'fail', 'app is neither 代开发 nor third-party', APP_TYPE],

	// Customer acquisition
	[40096, 'fail', 'invalid external_userid',
		'Give the id of an external contact: it starts with wm or wo.'],
	[41095, 'fail', 'too many acquisition links', 'Delete links that are no longer used.'],
	[41096, 'fail', 'welcome message already on its way',
		'Send the welcome message of a contact from one place only.'],
	[41098, 'fail', 'link of an associated app is authorized to another component',
		'The corp has to withdraw the link from the other component first.'],
	[41099, 'fail', 'component is not in provider-pays mode',
		'One-time keys exist only where the provider pays (pay_mode 1 in get_comp_auth_info).'],
	[41200, 'fail', 'open to corps of some business categories only',
		'In link calls, leave out priority_option if the corp does not qualify for it.'],
	[41201, 'fail', 'invalid chat_key',
		'Take it from the message_from_customer event and use it within 30 minutes.'],

	// Orders
	[49009, 'fail', 'buyer_userid cannot be resolved',
		'Give the plain userid of a member of the corp of the provider, not of the customer.'],
	[84077, 'fail', 'price above 5,000,000', SMALLER_ORDER],
	[90432, 'fail', 'recharge account not opened',
		'Open the recharge account of the provider first.'],
	[90433, 'fail', 'balance too low',
		'Top up the recharge account of the provider, then pay again.'],
	[701084, 'fail', 'order is not awaiting payment', 'Get the order and look at its order_status.'],
	[701085, 'retry', 'order is busy', 'Get the order to see its status before trying again.'],
	[701099, 'fail', 'user without a valid interface license',
		'Buy or activate the interface license (接口调用许可) of this member.'],
	[701139, 'fail', 'archive app not authorized by the corp',
		'The corp has to authorize the app first.'],
	[701140, 'fail', 'edition was bought before',
		'Use order_type 1 (add), 2 (renew) or 3 (upgrade).'],
	[701141, 'fail', 'edition not bought, or expired',
		'Use order_type 0 (new) if it was never bought, 2 (renew) if it expired.'],
	[701142, 'retry', 'order is being changed by another call',
		'List the orders before placing another.'],
	[701143, 'fail', 'an unpaid or refunding order exists',
		'Pay or cancel the unpaid order, or wait for the refund.'],
	[701146, 'fail', 'order for an overseas corp'],
	[701147, 'fail', 'amount above the limit for one payment from the balance', SMALLER_ORDER],
	[701149, 'fail', 'too early to renew', 'Renew from 60 days before the expiry on.'],
	[701158, 'fail', 'order type not supported',
		'Use order_type 0 new, 1 add, 2 renew or 3 upgrade.'],
	[701159, 'fail', 'invalid purchase count', 'Give a purchase_count from 1 to 1,000,000.'],
	[701162, 'fail', 'nothing to pay', 'Check the order: it costs nothing.'],
	[701163, 'fail', 'invalid take_effect_time',
		'Give a day from today to 90 days ahead, in unix seconds.'],
	[701164, 'fail', 'invalid target of the upgrade, or nothing to upgrade',
		'Only edition 2 can be upgraded, only to edition 3, and only while it has not expired.'],
	[701165, 'fail', 'chat_archive_api missing', 'Fill in the edition and the purchase count.'],
	[701166, 'fail', 'operator has left or has no permission',
		'Name a member who holds 购买高级接口 or 高级接口管理 in the corp of the provider.'],
	[701167, 'fail', 'count above the limit',
		'Lower the purchase count; an upgrade cannot exceed the seats of the old edition.'],
	[701169, 'fail', 'order cannot be cancelled', 'Only unpaid orders can be cancelled.'],
	[701230, 'fail', 'begin or end of the original period does not match',
		'Give the begin_time and end_time that get_corp_buy_info shows.'],
	[701231, 'fail', 'an edition that has not started yet exists',
		'Wait until its period has begun, then order again.'],
	[701314, 'fail', 'provider may not buy advanced APIs',
		'The provider has to apply to WeCom for the right to purchase.'],

	// Message archive over HTTP
	[301042, 'fail', 'calling IP not on the whitelist of the message archive',
		'Add the IP that the message names after "from ip" to the trusted IPs (可信IP) of ' +
		'会话内容存档 in the admin console. It is an IP whitelist of its own, apart from that of ' +
		'any app.'],
	[301048, 'fail', 'sdkfileid unknown or expired', 'Fetch media within five days of the message.',
		EXPIRED],
	[301052, 'fail', 'message archive of the corp has expired',
		'The corp has to renew its message archive (会话内容存档).', TOKEN_IS_GOOD],
	[301053, 'fail', 'message archive of the corp is not enabled',
		'The admin of the corp has to enable the message archive (会话内容存档).', TOKEN_IS_GOOD],
	[301055, 'fail', 'code of the approval interface, not of the message archive',
		`${LOOK_UP}301055`],
	[301056, 'fail', 'code of the approval interface, not of the message archive',
		`${LOOK_UP}301056`],
	[301057, 'fail', 'code of the approval interface, not of the message archive',
		`${LOOK_UP}301057`],
	[301058, 'shrink', 'answer too large', 'Lower the limit.'],
	[301059, 'fail', 'not an internal group', 'Give the room id of an internal group.'],
	[301060, 'fail', 'more than 100 consent queries at once', 'Ask for at most 100 pairs per call.'],
	[301061, 'fail', 'unknown userid or exteranalopenid',
		'Check both ids of each pair: userid is the member, exteranalopenid the external contact.'],
	[301063, 'fail', 'general code, not of the message archive', `${LOOK_UP}301063`],
	[301064, 'fail', 'general code, not of the message archive', `${LOOK_UP}301064`],
	[301111, 'fail', 'archive SDK too old', 'Update the archive SDK that makes the call.'],
	[301112, 'fail', 'time range too large', 'Ask for a shorter time range.'],
	[301116, 'fail', 'archive SDK of this corp is closed to third parties',
		'Let the corp pull its messages with an app of its own, or work on them inside the data zone, ' +
		'with a program (`syncCallProgram`).'],

	// Message archive: return codes of the native SDK, which a gateway hands on
	...[...RETURN_CODES].map(
		([code, { meaning, hint }]): ErrcodeRow => [code, 'fail', `native SDK: ${meaning}`, hint],
	),

	// Data zone: messages and keys
	[710600, 'fail', 'msgid or secret_key wrong, message cannot be decrypted', MSG_KEY, ENDS_JOB],
	[710601, 'fail', 'msgid or secret_key wrong, message cannot be decrypted', MSG_KEY, ENDS_JOB],
	[710602, 'fail', 'wrong message type',
		'Leave out messages whose type the function does not take: the models take text, voice and ' +
		'archived calls.', ENDS_JOB],
	[710603, 'fail', 'msgid or secret_key wrong, message cannot be decrypted', MSG_KEY, ENDS_JOB],
	[710605, 'fail', 'msgid or secret_key wrong, message cannot be decrypted', MSG_KEY, ENDS_JOB],
	[INVALID_CURSOR, 'fail', 'invalid cursor',
		'Go on from the last stored cursor, or start with begin_time.'],
	[710613, 'fail', 'msgid given twice', 'Give each message once; the first one counts.'],
	[710615, 'fail', 'invalid session_type', 'Use 1 (internal) or 2 (external).'],
	[710623, 'fail', 'too many messages in one task',
		'Give at most 1000 messages per task and begin several for more.'],
	[710629, 'fail', 'too many messages in one export', 'Export at most 100,000 messages at once.'],
	[710659, 'fail', 'no public key set', 'Set the public key of the corp first (set_public_key).'],

	// Data zone: authorized range
	[710606, 'fail', 'group outside the authorized range', SCOPE],
	[710607, 'fail', 'department outside the authorized range', SCOPE],
	[710608, 'fail', 'user outside the authorized range', SCOPE],
	[710609, 'fail', 'follower of the customer outside the authorized range', SCOPE],
	[710614, 'fail', 'no member of the group in the authorized range', SCOPE],
	[710624, 'fail', 'invalid group id', 'Use the chatid of a record, as it stands there.'],

	// Data zone: keyword rules
	[710610, 'fail', 'neither keywords nor semantics given', 'Give a word_list or a semantics_list.'],
	[710612, 'fail', 'unknown rule id', 'List the rules to see the ids that exist.'],
	[710619, 'fail', 'too many keyword rules', 'Delete rules: 500 can exist.'],
	[710620, 'fail', 'malformed rule id', 'Use the rule_id exactly as create_rule returned it.'],
	[710621, 'fail', 'malformed phone number', 'Check the numbers in exclude_mobile.'],
	[710622, 'fail', 'malformed bank card number', 'Check the numbers in exclude_bank_card.'],
	[710648, 'fail', 'invalid semantics value', 'Use values from 1 to 12 in semantics_list.'],
	[710649, 'fail', 'too many group ids', 'Give at most 2000 group ids per rule.'],
	[710650, 'fail', 'keyword list missing', 'Give at least one word in word_list.'],

	// Data zone: analysis tasks, models and programs
	[710616, 'fail', 'type of the analysis task does not match', LEGACY_TASK],
	[710617, 'fail', 'analysis task was submitted before', LEGACY_TASK],
	[710618, 'fail', 'analysis task was not submitted yet', LEGACY_TASK],
	[710625, 'fail', 'invalid type of analysis task', LEGACY_TASK],
	[710626, 'fail', 'custom id already taken', 'Give an id that has not been used before.'],
	[710627, 'fail', 'no space'],
	[710628, 'fail', 'summary too long', 'Shorten the summary.'],
	[ANALYSIS_FAILED, 'fail', 'analysis did not succeed', ANALYSIS, ENDS_JOB],
	[710634, 'fail', 'analysis of all messages did not succeed', ANALYSIS, ENDS_JOB],
	[710635, 'fail', 'own model is not deployed', PROGRAM_STATE],
	[710636, 'fail', 'invalid ability id',
		'Copy the ability id from the settings of the model or program.', NO_ABILITY],
	[710637, 'fail', 'analysis did not succeed', ANALYSIS, ENDS_JOB],
	[710638, 'retry', 'call of the zone program did not succeed', PROGRAM_LOG, ANSWER_LOST],
	[710639, 'fail', 'inappropriate content in the request or the result', CONTENT, ENDS_JOB],
	[710642, 'poll', 'program or model is still working', 'Ask for the same job again later.'],
	[710645, 'fail', 'program missing or in an abnormal state', PROGRAM_STATE, PROGRAM_DOWN],
	[710646, 'fail', 'invalid notify_id', 'Use a notify_id within 10 minutes of its event.'],
	[710647, 'fail', 'request does not match the input protocol of the ability', INPUT_PROTOCOL, NO_ABILITY],
	[710660, 'fail', 'sample program stopped inside',
		'Read the message, then the logs of the program in the data zone.', PROGRAM_DOWN],
	[710674, 'retry', 'no connection to the data zone',
		'Try again in a few minutes. When it stays, the image of the program does not start: look into ' +
		'its logs in the console of the data zone.'],
	[710675, 'retry', 'connection to the data zone timed out', LATER, ANSWER_LOST],
	[710676, 'fail', 'zone program answered with an HTTP status other than 200', PROGRAM_LOG, ANSWER_LOST, PROGRAM_DOWN],
	[710677, 'fail', 'zone program could not decrypt, or the signature is wrong', PROGRAM_LOG],
	[710682, 'retry', 'language model is busy', LATER],
	[710700, 'fail', 'speech could not be turned into text', 'Leave out this voice message.', ENDS_JOB],

	// Data zone: permissions, editions and migration
	[710640, 'fail', 'app type not supported', APP_TYPE],
	[710641, 'fail', 'app without the data zone permission',
		'Request 数据与智能专区 for the app and let the admin of the corp authorize it.'],
	[710644, 'fail', 'app without the general model grant',
		'Request the general model for the app and let the admin of the corp authorize it.'],
	[710651, 'fail', 'no paid edition', 'The corp needs a paid edition: place an order for it.'],
	[710652, 'fail', 'archive older than 90 days'],
	[710653, 'fail', 'trial expired more than 30 days ago', TOO_LATE],
	[710654, 'fail', 'paid edition expired more than 30 days ago', TOO_LATE],
	[710655, 'fail', 'archive migration with several editions'],
	[710656, 'fail', 'archive migration to a target that has a key'],
	[710657, 'fail', 'archive migration while another app migrates', 'Wait until it has finished.'],
	[710658, 'fail', 'archive migration was done before'],
	[710726, 'fail', 'app without the data permission that this API needs',
		'Ask the admin of the corp to grant or renew it: a data authorization ends after 90 days. ' +
		'agent/get_permissions lists what the app holds and until when.', NO_RIGHT],

	// Data zone: debug mode
	[710671, 'fail', 'debug token expired', 'Get a new one in the console: it lives three days.'],
	[710672, 'fail', 'not a test corp',
		'Third-party apps: use a corp with a test installation; 代开发: a test corp.'],
	[710673, 'fail', 'not in debug mode', 'Call `openDebugMode` first.'],

	// Data zone: document retrieval, as a whole and per document
	[710722, 'fail', 'oper_userid missing', 'Fill in the member on whose behalf documents are read.'],
	[710723, 'fail', 'no keywords', 'Give at least one keyword.'],
	[710724, 'fail', 'user outside the authorized range', SCOPE],
	[710725, 'fail', 'invalid range of creation time', 'Check that the start lies before the end.'],
	[710737, 'fail', 'keywords too long', 'Give at most 20 keywords with 300 characters in total.'],
	[710728, 'fail', 'document: no license and no trial', 'The corp needs a license for documents.'],
	[710729, 'fail', 'document: not known', 'Check the id of the document.'],
	[710730, 'fail', 'document: not readable for this user', 'Give the member the right to read it.'],
	[710731, 'fail', 'document: filtered out by creation time', 'Widen the range of creation time.'],
	[710732, 'fail', 'document: filtered out by type', 'Add its type to doc_type.'],
	[710733, 'fail', 'document: type not supported'],
	[710734, 'fail', 'document: unknown id', 'Check the id of the document.'],
	[710736, 'fail', 'document: not shared', 'Let its owner share it.'],
	[710738, 'fail', 'document: filtered out by creator', 'Add its creator to creator_userid_list.'],
	[710803, 'fail', 'user_doc_ticket invalid or expired', 'Get a new ticket for this member.'],

	// Data zone: jobs and protocols of programs
	[790000, 'fail', 'malformed jobid', JOB_ID, JOB_IS_GONE],
	[790001, 'fail', 'job in a state that does not allow this', JOB_STATE],
	[790002, 'fail', 'job is being executed already', JOB_STATE],
	[790003, 'fail', 'result of the job was reported before', JOB_STATE],
	[790008, 'fail', 'job is not running', JOB_STATE],
	[790010, 'fail', 'job is not running', JOB_STATE],
	[790011, 'fail', 'invalid job type',
		'Fetch the result with the function that belongs to the one that began the job.'],
	[790012, 'fail', 'JSON template is not valid', 'Correct the example configured for the ability.', NO_ABILITY],
	[790013, 'fail', 'JSON of the result is not valid', OUTPUT_PROTOCOL, NO_ABILITY, ANSWER_LOST],
	[790014, 'fail', 'answer of the program does not match its output protocol', OUTPUT_PROTOCOL, NO_ABILITY, ANSWER_LOST],
	[790015, 'fail', 'JSON of the request is not valid',
		'Give request_data as the text of one JSON object.', NO_ABILITY],
	[790016, 'fail', 'request_data does not match the input protocol of the ability', INPUT_PROTOCOL, NO_ABILITY],
	[790017, 'fail', 'invalid job_info', 'The program has to hand job_info back as it received it.'],
	[790020, 'fail', 'model or program not linked with this app',
		'Link it with the app in the console.'],
	[790021, 'fail', 'program or model not deployed normally', PROGRAM_STATE, PROGRAM_DOWN],
	[790022, 'fail', 'inappropriate content in the request or the result', CONTENT, ENDS_JOB],
	[STILL_RUNNING, 'poll', 'request is still being executed', 'Ask for the same job again later.'],
	[790040, 'fail', 'input of the model too long',
		'Send fewer messages or less knowledge: a model takes about 30,000 characters, however many ' +
		'messages they are.', ENDS_JOB],
	[790041, 'fail', 'contents of all messages unavailable',
		'Check that the archive still keeps these messages and that each secret_key is right.', ENDS_JOB],
	[800001, 'fail', 'invalid id of a model or program', 'Copy the id from the console.'],
	[800002, 'fail', 'model or program not deployed', PROGRAM_STATE, PROGRAM_DOWN],
	[UNKNOWN_ABILITY, 'fail', 'unknown ability id',
		'Register the ability on the program, in the console of the data zone, as `abilityExample` has ' +
		'it, or copy its id from there. Check the program style in the credential too: it decides whether a function is called ' +
		'as input_… or as invoke_….', NO_ABILITY],

	// Data zone: knowledge sets
	[710632, 'fail', 'no knowledge set exists', 'Create a knowledge set first.'],
	[710643, 'fail', 'app not authorized for knowledge sets',
		'Ask the admin of the corp to authorize the app for the knowledge set.'],
	[790024, 'fail', 'knowledge set of another app', 'Only the app that made a set can change it.'],
	[790025, 'fail', 'invalid web_url', 'Give an http or https address of at most 1024 bytes.'],
	[790026, 'fail', 'too many documents', 'Put at most 1000 documents into a set.'],
	[790027, 'fail', 'too many knowledge sets', 'Delete sets: a corp can have 1000.'],
	[790028, 'fail', 'cannot remove all documents', 'Keep at least one document, or delete the set.'],
	[790029, 'fail', 'web_url given twice', 'Give each address once.'],
	[790032, 'fail', 'invalid doc_name', 'Use at most 200 bytes with the suffix of the file type.'],
	[790033, 'fail', 'invisible characters in the text', 'Remove the invisible characters.'],
	[790034, 'fail', 'knowledge set was deleted', 'List the knowledge sets to see which exist.'],
	[800000, 'fail', 'invalid id of a knowledge set', 'List the knowledge sets to see their ids.'],

	// Data zone, return values of Invoke inside the zone
	[-10001, 'fail', 'zone SDK: internal trouble', PROGRAM_LOG],
	[-10002, 'fail', 'zone SDK: network trouble', PROGRAM_LOG],
	[-10003, 'fail', 'zone SDK: unexpected HTTP status', PROGRAM_LOG],
	[-10004, 'fail', 'zone SDK: signature refused', PROGRAM_LOG],
	[-10005, 'fail', 'zone SDK: answer cannot be decrypted', PROGRAM_LOG],
	[UNKNOWN_FUNCTION, 'fail', 'zone SDK: unknown function',
		'The SDK in the image of the program is too old for this function: use a newer one.'],
	[-10008, 'fail', 'zone SDK: key version does not match',
		'Check the key version of the program. In debug mode, also renew the access_token.'],
	[-10009, 'fail', 'zone SDK: not JSON', PROGRAM_LOG],
];

/** What is known about each errcode. */
export const ERRCODES: ReadonlyMap<number, ErrcodeEntry> = new Map(ERRCODE_ROWS.map(toEntry));

/**
 * What is known about an errcode.
 *
 * @param errcode as WeCom answered it, on any of the levels of an answer
 * @returns its entry; for a code that is not in the table one with action `fail`
 * @example lookUpErrcode(45009).action // 'wait'
 */
export function lookUpErrcode(errcode: number): ErrcodeEntry {
	return (
		ERRCODES.get(errcode) ?? {
			action: 'fail',
			meaning: `errcode ${errcode}, which is not in the table of this package`,
			hint: `${LOOK_UP}${errcode}`,
		}
	);
}

function toEntry([errcode, action, meaning, hint, ...marks]: ErrcodeRow): [number, ErrcodeEntry] {
	const words = hint === undefined ? { meaning } : { meaning, hint };
	return [errcode, Object.assign({ action, ...words }, ...marks) as ErrcodeEntry];
}
