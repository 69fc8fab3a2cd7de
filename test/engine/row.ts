import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

/** The contracts that a row speaks of. */
export const ROW_CONTRACTS = ['reference', 'dataZone', 'messageArchive'] as const;

/** One of {@link ROW_CONTRACTS}. */
export type RowContract = (typeof ROW_CONTRACTS)[number];

/** How a program in the zone is called. */
export type RowStyle = 'java' | 'python';

export const TOKENS = {
	access_token: 'the access token',
	suite_access_token: 'the suite access token',
	provider_access_token: 'the provider access token',
};
export const CALLBACK = {
	token: 'TokenOfTheCallback1',
	encodingAesKey: 'a1B2'.repeat(11).slice(0, 43),
};
export const PROGRAM_ID = 'prog1';
/** What the library opens an archive with. */
export const ARCHIVE = { corpid: 'wwCorp', secret: 'the-secret-of-the-archive' };

/** A choice in a resource locator, as the editor stores it. */
export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value }) as IDataObject;

/** What one contract sends for an operation of a node. */
export interface Sent {
	/**
	 * `POST /path` or `GET /path` under `/cgi-bin`; `ZONE search_chat` is a call of the program,
	 * `LIBRARY GetChatData` one of Tencent's library, as its stub passes it on.
	 */
	route: string;
	/** access_token when left out. */
	token?: keyof typeof TOKENS;
	/** The JSON of a POST, of `ZONE` the request of the function; its keys in the order of the wire. */
	body?: object;
	/** Of a GET, beside the token. */
	query?: Record<string, string>;
	/** Beside the request of a function: the id of a stored event. */
	notifyId?: string;
	/** The function that is asked about the job that was begun. */
	asks?: string;
	/** Beside those of the row, where the contract takes something else. */
	parameters?: IDataObject;
}

/** An operation of a node, and what each contract sends for it. */
export interface Row {
	node: string;
	resource: string;
	operation: string;
	/** The same for all contracts, but for what one of them says. */
	parameters?: IDataObject;
	items?: INodeExecutionData[];
	/** A contract that is left out lacks the operation. */
	sends: Partial<Record<RowContract, Sent>>;
}

/** How a row is called in a test's name. */
export const nameOf = ({ node, resource, operation }: Row) => `${node} ${resource} ${operation}`;

/** What to run an operation with in a contract. */
export const parametersOf = ({ parameters, sends }: Row, contract: RowContract): IDataObject => ({
	...parameters,
	...sends[contract]?.parameters,
});

/** A request as it arrives; `body` is its exact text for calls of the program, else its JSON. */
export interface Arriving {
	method: string;
	path: string;
	query: Record<string, string>;
	body: unknown;
}

/** The request that carries what a row says, see published-findings: "Two languages of program". */
export function arrivingOf(sent: Sent, style: RowStyle): Arriving {
	const { route, token = 'access_token', body = {}, notifyId } = sent;
	const [method = '', target = ''] = route.split(' ');
	if (method === 'LIBRARY') {
		const { corpid, secret } = ARCHIVE;
		const path = `/cgi-bin/finance_sdk/${target}`;
		return { method: 'POST', path, query: {}, body: { corpid, secret, ...body } };
	}
	const query = { [token]: TOKENS[token], ...sent.query };
	if (method !== 'ZONE') {
		return { method, path: `/cgi-bin${target}`, query, body: method === 'GET' ? '' : body };
	}
	const ability = target === 'do_async_job' ? 'get_callback_data' : `invoke_${target}`;
	const call = {
		program_id: PROGRAM_ID,
		ability_id: style === 'java' ? ability : `input_${target}`,
		...(notifyId === undefined ? {} : { notify_id: notifyId }),
		request_data: JSON.stringify(
			style === 'java' ? body : { input: { func: target, func_req: body } },
		),
	};
	const path = '/cgi-bin/chatdata/sync_call_program';
	return { method: 'POST', path, query, body: JSON.stringify(call) };
}

/**
 * Credentials that need no token to be fetched.
 *
 * @param sent what they are for: the library takes a secret in place of a token
 */
export const credentialsOf = (
	baseUrl: string,
	contract: RowContract = 'reference',
	programStyle: RowStyle = 'java',
	sent?: Sent,
): Record<string, ICredentialDataDecryptedObject> => ({
	wecomDataApi: {
		contract,
		baseUrl,
		authentication: sent?.route.startsWith('LIBRARY') ? 'corpSecret' : 'accessToken',
		corpId: ARCHIVE.corpid,
		corpSecret: ARCHIVE.secret,
		accessToken: TOKENS.access_token,
		suiteAccessToken: TOKENS.suite_access_token,
		suiteId: 'wwSuite',
		providerAccessToken: TOKENS.provider_access_token,
		programId: PROGRAM_ID,
		programStyle,
	},
	wecomCallbackApi: { ...CALLBACK, receiveIds: 'wwCorp' },
});
