import type { Icon, ICredentialType, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { localizeCredential } from '../nodes/shared/translation';

/** The program in the data zone: without it the zone gives nothing about messages. */
const PROGRAM_ID = {
	displayName: 'Program ID',
	name: 'programId',
	type: 'string',
	default: '',
	placeholder: 'e.g. progVpAAAAbmAAAC',
	description:
		'The program in the data zone (数据与智能专区) that calls go to unless a node names another one. With Data API Reference only for Data Zone → Program and Chat Archive → Export → Get.',
} as const satisfies INodeProperties;

/** The contract of a corp's own archive. */
const ARCHIVE_ALONE = { contract: ['messageArchive'] };

const ACCESS_TOKEN: INodePropertyOptions = {
	name: 'Access Token',
	value: 'accessToken',
	description: 'A token that something else fetches; it expires after two hours',
};
const CORP_SECRET: INodePropertyOptions = {
	name: 'Corp ID and Secret',
	value: 'corpSecret',
	description: 'Tokens are fetched and renewed by the node (self-built and 代开发 apps)',
};

/** How the node gets its tokens. */
const AUTHENTICATION = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	default: 'corpSecret',
} as const satisfies INodeProperties;

/**
 * What action nodes and the polling trigger need: how to get tokens, and the RSA private keys of the
 * archive. The callback's Token and EncodingAESKey are another credential, because the two kinds of
 * keys are mixed up so often (reference document, gotcha G1).
 */
export class WecomDataApi implements ICredentialType {
	name = 'wecomDataApi';

	displayName = 'WeCom Data API';

	documentationUrl = 'https://developer.work.weixin.qq.com/document/path/101439';

	icon: Icon = { light: 'file:../icons/wecom-data.svg', dark: 'file:../icons/wecom-data.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'API',
			name: 'contract',
			type: 'options',
			options: [
				{
					name: 'Data API Reference',
					value: 'reference',
					description:
						'Somebody gave you the address of a gateway that serves the paths of the reference document (/msgaudit/get_chat_data and others)',
				},
				{
					name: 'Tencent Data Zone (数据与智能专区)',
					value: 'dataZone',
					description:
						"Your app has the data zone in WeCom's console, and a program of yours is deployed there: Tencent's own host serves it",
				},
				{
					name: 'Tencent Message Archive (会话内容存档)',
					value: 'messageArchive',
					description:
						"Your corp archives its own conversations: text and files come through Tencent's library WeWorkFinanceSdk, which you download, and nothing else",
				},
			],
			default: 'reference',
			description: 'How archived conversations are reached',
		},
		{
			displayName:
				"Tencent's library is not part of this package. Whoever runs n8n downloads it and names its path in the environment variable WECOM_FINANCE_SDK: on this machine where it has glibc or Windows, else in a sidecar. The connection test below says what is missing, and so does WeCom Data Zone → Library → Check.",
			name: 'libraryNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: ARCHIVE_ALONE },
		},
		{
			displayName: 'Archive Library',
			name: 'archiveLibrary',
			type: 'options',
			options: [
				{
					name: 'On This Machine',
					value: 'thisMachine',
					description:
						'In a process beside n8n; needs Linux with glibc, or Windows. The default image of n8n is Alpine and has none.',
				},
				{
					name: 'Sidecar',
					value: 'sidecar',
					description:
						'In a container of its own that n8n reaches over HTTP; for the default image of n8n, and where the IP address that WeCom trusts is elsewhere',
				},
			],
			default: 'thisMachine',
			description: "Where Tencent's library runs",
			displayOptions: { show: ARCHIVE_ALONE },
		},
		{
			displayName: 'Sidecar URL',
			name: 'sidecarUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. http://wecom-library:8787',
			description:
				'Address of the sidecar. Plain http only for this machine itself and in a network of your own: the archive secret goes there, and messages come back.',
			displayOptions: { show: { ...ARCHIVE_ALONE, archiveLibrary: ['sidecar'] } },
		},
		{
			displayName: 'Sidecar Token',
			name: 'sidecarToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The token that the sidecar was started with, 32 characters or more',
			displayOptions: { show: { ...ARCHIVE_ALONE, archiveLibrary: ['sidecar'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://qyapi.weixin.qq.com',
			required: true,
			description:
				"Host that serves the API chosen above: for Data API Reference the address of your gateway, for the others Tencent's own host. Plain http only for this machine itself, or with Allow Plain HTTP.",
		},
		{
			displayName:
				"Tencent's own host serves few paths of the Data API Reference. If your app has the data zone (数据与智能专区), choose Tencent Data Zone under API. If you have a gateway, enter its address as Base URL.",
			name: 'tencentHostNotice',
			type: 'notice',
			default: '',
			displayOptions: {
				show: {
					contract: ['reference'],
					baseUrl: [{ _cnd: { includes: 'qyapi.weixin.qq.com' } }],
				},
			},
		},
		{
			...AUTHENTICATION,
			options: [
				ACCESS_TOKEN,
				CORP_SECRET,
				{
					name: 'Third-Party App (Suite)',
					value: 'suite',
					description:
						'Tokens of each customer corp are made from the suite_ticket that the Data Trigger receives (第三方应用)',
				},
			],
			displayOptions: { hide: ARCHIVE_ALONE },
		},
		{
			...AUTHENTICATION,
			options: [ACCESS_TOKEN, CORP_SECRET],
			displayOptions: { show: ARCHIVE_ALONE },
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The access_token of the corp. Only orders and what takes a suite_access_token do without it.',
			displayOptions: { show: { authentication: ['accessToken'] } },
		},
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ww1a2b3c4d5e6f7a8b',
			description: 'Admin console → 我的企业 → 企业信息 → 企业ID',
			displayOptions: { show: { authentication: ['corpSecret'] } },
		},
		{
			displayName: 'Corp Secret',
			name: 'corpSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The secret of the app. For Tencent Message Archive, and for an archive behind a gateway, that of 会话内容存档 (管理工具 → 会话内容存档 → Secret). For a 代开发 app its permanent code.',
			displayOptions: { show: { authentication: ['corpSecret'] } },
		},
		{
			displayName: 'Suite ID',
			name: 'suiteId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ww1a2b3c4d5e6f7a8b',
			description: 'Provider console → 应用管理 → the app → SuiteID',
			displayOptions: { show: { authentication: ['suite'] }, hide: ARCHIVE_ALONE },
		},
		{
			displayName: 'Suite Secret',
			name: 'suiteSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The Secret beside the SuiteID',
			displayOptions: { show: { authentication: ['suite'] }, hide: ARCHIVE_ALONE },
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it is a secret, whatever its name
		{
			displayName: 'Suite Ticket',
			name: 'suiteTicket',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Leave empty: a published WeCom Data Trigger on the command callback URL (指令回调URL) keeps every ticket by itself. One typed in here is good for 30 minutes.',
			displayOptions: { show: { authentication: ['suite'] }, hide: ARCHIVE_ALONE },
		},
		{
			displayName: 'Auth Corp ID',
			name: 'authCorpId',
			type: 'string',
			default: '',
			placeholder: 'e.g. wpE1rQjFAAAA2Hq8mTn5vKcL0sYdWbXg',
			description:
				'The customer corp that authorized the app. Empty where nodes name the corp of each item in their options.',
			displayOptions: { show: { authentication: ['suite'] }, hide: ARCHIVE_ALONE },
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it is a secret, whatever its name
		{
			displayName: 'Permanent Code',
			name: 'permanentCode',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The permanent code (永久授权码) of that corp, from WeCom Authorization → Exchange Auth Code',
			displayOptions: { show: { authentication: ['suite'] }, hide: ARCHIVE_ALONE },
		},
		{
			displayName: 'Provider Corp ID',
			name: 'providerCorpId',
			type: 'string',
			default: '',
			placeholder: 'e.g. wwfedcba9876543210',
			description: 'Only for Data Order: the corp id of the service provider (服务商)',
			displayOptions: { show: { authentication: ['corpSecret', 'suite'] }, hide: ARCHIVE_ALONE },
		},
		{
			displayName: 'Provider Secret',
			name: 'providerSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for Data Order: provider console → 应用管理 → 通用开发参数 → ProviderSecret, not the secret of the suite',
			displayOptions: { show: { authentication: ['corpSecret', 'suite'] }, hide: ARCHIVE_ALONE },
		},
		{
			displayName: 'Suite Access Token',
			name: 'suiteAccessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for Authorization and for Customer Acquisition → Component (Data API Reference) and Payment → Get Bills (Tencent Data Zone): the suite_access_token of the third-party app; it expires after two hours',
			displayOptions: {
				show: { authentication: ['accessToken', 'corpSecret'] },
				hide: ARCHIVE_ALONE,
			},
		},
		{
			displayName: 'Provider Access Token',
			name: 'providerAccessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for Data Order: the provider_access_token of the service provider (服务商); it expires after two hours',
			displayOptions: { show: { authentication: ['accessToken'] }, hide: ARCHIVE_ALONE },
		},
		{
			...PROGRAM_ID,
			required: true,
			displayOptions: { show: { contract: ['dataZone'] } },
		},
		{ ...PROGRAM_ID, displayOptions: { show: { contract: ['reference'] } } },
		{
			displayName: 'Program Style',
			name: 'programStyle',
			type: 'options',
			options: [
				{
					name: 'Java or C++',
					value: 'java',
					description: 'Ability "invoke_" and the function name, the request as it is',
				},
				{
					name: 'Python',
					value: 'python',
					description: 'The request inside "input", with "func" and "func_req"',
				},
			],
			default: 'java',
			description: 'Which sample of Tencent the program was made from',
			displayOptions: { hide: ARCHIVE_ALONE },
		},
		{
			displayName:
				'The keys below open archived messages; of the data zone, which gives no text, the key of each message. Leave them empty when you only need other operations. The EncodingAESKey does not belong here, but into a "WeCom Callback API" credential.',
			name: 'keysNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			description:
				'RSA-2048 private key in PEM form (PKCS#1, PKCS#8 or encrypted) whose public half is set at WeCom. Line breaks may be written as \\n.',
		},
		{
			displayName: 'Private Key Passphrase',
			name: 'privateKeyPassphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for an encrypted private key',
		},
		{
			displayName: 'Public Key Version',
			name: 'publicKeyVersion',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			description:
				'Version of the public half of this private key at WeCom (publickey_ver in the records, public_key_ver in the data zone)',
		},
		{
			displayName: 'Older Private Keys',
			name: 'olderPrivateKeys',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. {"1": "-----BEGIN PRIVATE KEY-----\\n…"}',
			description:
				'JSON from version to PEM. Messages archived before a key change still need the key of their time. For an encrypted key: {"1": {"key": "…", "passphrase": "…"}}.',
		},
		{
			displayName: 'Message Cipher',
			name: 'messageCipher',
			type: 'options',
			options: [
				{
					name: 'AES-256-CBC',
					value: 'aes-256-cbc',
					description: 'Decrypts the messages of a gateway that speaks the Data API reference',
				},
				{
					name: 'Key Only',
					value: 'key-only',
					description:
						'Decrypts the random key and hands it on with the ciphertext, for a sidecar with the Tencent library',
				},
			],
			default: 'aes-256-cbc',
			description:
				'How encrypt_chat_msg is opened. The body cipher inside the Tencent native library is not public; choose Key Only for its records.',
			displayOptions: { show: { contract: ['reference'] } },
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it may hold the password of the proxy
		{
			displayName: 'Proxy URL',
			name: 'proxyUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. http://user:password@proxy.example.com:3128',
			description:
				'HTTP proxy with a fixed address, for the IP whitelist of WeCom. Empty: the environment variables HTTPS_PROXY and NO_PROXY count. A base URL with plain http never goes through a proxy. With Tencent Message Archive the library goes through it, too, and takes socks5:// as well; empty, the library goes straight to WeCom.',
		},
		{
			displayName: 'Allow Plain HTTP',
			name: 'allowPlainHttp',
			type: 'boolean',
			default: false,
			description:
				'Whether the base URL, or that of a sidecar, may be plain http to another host, a gateway in the same Docker network say. Secrets, tokens and messages then cross that network unencrypted: everybody on the way can read and change them.',
		},
	];

	constructor() {
		localizeCredential(this);
	}
}
