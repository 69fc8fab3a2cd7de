import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

import { closeServers, startServer, type TestServer } from '../unit/support/server';
import { Engine } from './harness';
import {
	credentialsOf,
	nameOf,
	parametersOf,
	ROW_CONTRACTS,
	type Row,
	type RowContract,
} from './row';
import { ROWS } from './rows';
import { answering, useStubLibrary } from './stubLibrary';

/** What no message may repeat: it may be a secret in the wrong place. */
const SECRET = 'Secret-Value-0815';
const TOO_LONG = 'x'.repeat(70_000);

/** Values that a field of this type cannot be about. */
const BAD: Readonly<Partial<Record<INodeProperties['type'], unknown[]>>> = {
	string: [true, { a: SECRET }, [{ a: SECRET }], TOO_LONG],
	number: [SECRET, { a: SECRET }, true],
	boolean: [SECRET, { a: SECRET }, 2],
	options: [SECRET, { a: SECRET }],
	multiOptions: [{ a: SECRET }, [{ a: SECRET }], true],
	dateTime: [SECRET, { a: SECRET }, true, []],
	json: [SECRET, '[1'],
	resourceLocator: ['', { a: SECRET }, TOO_LONG],
};

/** Values by type of field, and what they are another way of writing. */
const SAME: Readonly<Partial<Record<INodeProperties['type'], Array<[unknown, unknown]>>>> = {
	string: [[10086, '10086']],
	boolean: [
		['true', true],
		[' TRUE ', true],
		[1, true],
		['0', false],
		['False', false],
	],
	number: [
		['50', 50],
		[' 7 ', 7],
	],
	resourceLocator: [[10086, '10086']],
	dateTime: [
		['2026/11/22 08:00', '2026-11-22T08:00:00'],
		['2026-11-22 08:00:00', '2026-11-22T08:00:00'],
	],
};

/** Fields that only say which others count: n8n itself refuses the others then. */
const SELECTORS = new Set(['resource', 'operation', 'stateStore', 'mediaFrom', 'specifyPairs', 'specifyRange', 'specifyDocuments', 'callBy', 'source', 'messagesFrom']); // prettier-ignore
/** Where any length is good: compared here, or handed to n8n, and never sent. */
const ANY_LENGTH = new Set(['downloadMedia', 'senders', 'messageTypes']);
/** Read by every node in one way, before a contract is asked: with the first that serves a row they are looked at. */
const OF_NO_CONTRACT = new Set(['authCorpId', 'limit', 'permanentCode', 'requestTimeout', 'returnAll', 'simplify']); // prettier-ignore
/** What the other fields beside a wrong one hold. */
const FILLED_IN = { name: 'product', priorityType: 2 };
/** The name on the wire where it is another one than the parameter's. */
const WIRE_NAMES: Readonly<Partial<Record<string, string>>> = {
	authCorpId: 'auth_corpid',
	departmentList: 'range',
	endTime: 'start_time',
	excludeBankCard: 'bank_card_list',
	excludeEmail: 'email_list',
	excludeKeyword: 'word_list',
	excludeMobile: 'mobile_list',
	includeThinking: 'need_think_result',
	jobId: 'jobid',
	jobIds: 'jobid',
	knowledgeWords: 'kb_retrieval_words',
	knowledgeBaseId: 'kb_id',
	modelId: 'model_id',
	personId: 'open_userid',
	priorityUseridList: 'User IDs',
	roomId: 'roomid',
	startAfterSeq: 'Start After Seq',
	startTime: 'start_time',
	tagGroups: 'tag_group_list',
	takeEffectTime: 'take_effect_time',
	userList: 'range',
	words: 'word_list',
};

/** Choices that show other fields than those of the rows. */
const VARIANTS: Readonly<Record<string, IDataObject[]>> = {
	'wecomAcquisition link getAll': [{ includeDetails: true }],
	'wecomChatArchive consent check': [{ specifyPairs: 'json' }],
	'wecomChatArchive keywordRule create': [{ specifyRange: 'json' }],
	'wecomChatArchive message getAll': [{ returnAll: false }, { decrypt: false }],
	'wecomDataOrder order place': [{ orderType: 1 }, { orderType: 2 }, { orderType: 3 }],
	'wecomDataZone callback set': [{ source: 'fields', token: 't1', encodingAesKey: 'k'.repeat(43) }],
	'wecomDataZone knowledgeBase addDocuments': [{ specifyDocuments: 'json' }],
	'wecomDataZone knowledgeBase create': [
		{ specifyDocuments: 'json' },
		{
			documents: {
				document: [{ docName: '常见问题', type: 101, webUrl: 'https://www.example.com/faq' }],
			},
		},
	],
	'wecomDataZone program callAsync': [{ callBy: 'function', functionName: 'search_chat' }],
	'wecomDataZone program callSync': [{ callBy: 'function', functionName: 'search_chat' }],
};
/** Sends nothing ever, and reads its input by names all the same. */
const DECRYPT: Row = {
	node: 'wecomChatArchive',
	resource: 'message',
	operation: 'decrypt',
	sends: { reference: { route: '' } },
};
/** A row, and a contract that serves it. */
type Case = readonly [name: string, row: Row, contract: RowContract];

const served = (rows: Row[]) =>
	rows.flatMap((row) =>
		ROW_CONTRACTS.filter((contract) => row.sends[contract]).map((contract): Case => [
			`${nameOf(row)} in ${contract}`,
			{ ...row, parameters: parametersOf(row, contract) },
			contract,
		]),
	);
const CASES = served(
	[...ROWS, DECRYPT].flatMap((row) =>
		[{}, ...(VARIANTS[nameOf(row)] ?? [])].map((variant) => ({
			...row,
			parameters: { ...row.parameters, ...variant },
		})),
	),
);

interface Field {
	/** As a person finds it: the collection and the field. */
	label: string;
	field: INodeProperties;
	/** The parameters of the row with another value in this field. */
	put(value: unknown): IDataObject;
}

let server: TestServer;
let engine: Engine;

beforeAll(async () => {
	server = await startServer(answering({ errcode: 0, errmsg: 'ok' }));
	await useStubLibrary(server.url);
	engine = await Engine.load(credentialsOf(server.url));
});

afterAll(closeServers);

/** Lets the credential choose the contract of a case; nothing else changes. */
function choose([, row, contract]: Case): void {
	const credentials = credentialsOf(server.url, contract, 'java', row.sends[contract]);
	Object.assign(engine.credentials, credentials);
}

it.each(CASES)(
	'%s names every field that holds a wrong value, and sends nothing',
	async (...one) => {
		const [, row, contract] = one;
		choose(one);
		const slipped: string[] = [];
		const isFirst = contract === ROW_CONTRACTS.find((one) => row.sends[one]);
		for (const { label, field, put } of fieldsOf(row)) {
			if (!isFirst && OF_NO_CONTRACT.has(field.name)) continue;
			for (const value of valuesFor(field)) {
				server.requests.length = 0;
				const { node, resource, operation } = row;
				const parameters = put(asExpression(field, value));
				const { error } = await engine.runNode(node, { resource, operation, ...parameters });
				const problem = problemOf(field, error?.message, server.requests.length);
				if (problem) slipped.push(`${label} = ${JSON.stringify(value).slice(0, 40)}: ${problem}`);
			}
		}
		expect(slipped).toEqual([]);
	},
);

/** A node reads its fields in one way for all contracts. */
const ONCE = ROWS.flatMap((row) => served([row]).slice(0, 1));

it.each(ONCE)(
	'%s takes numbers and words for its texts and switches, as sheets and AI tools give them',
	async (...one) => {
		const [, row] = one;
		choose(one);
		const { node, resource, operation } = row;
		const slipped: string[] = [];
		for (const { label, field, put } of fieldsOf(row)) {
			for (const [given, right] of SAME[field.type] ?? []) {
				await outcomeOf(right); // what is kept for later calls is kept from now on
				const [taken, expected] = [await outcomeOf(given), await outcomeOf(right)];
				if (taken !== expected)
					slipped.push(`${label} = ${JSON.stringify(given)}: ${taken} instead of ${expected}`);
			}
			async function outcomeOf(value: unknown): Promise<string> {
				server.requests.length = 0;
				const parameters = put(asExpression(field, value));
				const { error, json: output } = await engine.runNode(node, {
					resource,
					operation,
					...parameters,
				});
				const said = error?.message.replaceAll(/"[^"]*" is .*$/g, 'refused');
				return JSON.stringify([said, output, server.requests.map(({ body }) => body)]);
			}
		}
		expect(slipped).toEqual([]);
	},
);

/** As an expression gives it: n8n itself looks at what is typed in. */
function asExpression({ type }: INodeProperties, value: unknown): unknown {
	const expression = `={{ ${JSON.stringify(value)} }}`;
	return type === 'resourceLocator' ? { __rl: true, mode: 'id', value: expression } : expression;
}

function problemOf(field: INodeProperties, message: string | undefined, sent: number) {
	if (sent > 0) return 'was sent';
	if (message === undefined) return 'was taken';
	if (message.includes(SECRET)) return `is repeated: ${message}`;
	const snake = field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	const names = [field.displayName, field.name, snake, WIRE_NAMES[field.name] ?? snake];
	return names.some((name) => message.includes(name)) ? undefined : `is not named: ${message}`;
}

function valuesFor(field: INodeProperties): unknown[] {
	const bad = BAD[field.type] ?? [];
	const missing = field.required && field.type === 'string' ? ['', '  '] : [];
	const values = [...bad, ...missing];
	return ANY_LENGTH.has(field.name) ? values.filter((value) => value !== TOO_LONG) : values;
}

/** The fields a person sees with the parameters of a row, those in collections too. */
function fieldsOf({ node, resource, operation, parameters = {} }: Row): Field[] {
	const { properties } = engine.nodeType(node).description;
	const shown: IDataObject = { resource, operation, ...parameters };
	const valueOf = (name: string) =>
		shown[name] ?? properties.find((property) => property.name === name)?.default;
	return properties
		.filter(({ displayOptions: { show = {} } = {} }) =>
			Object.entries(show).every(([name, values]) =>
				(values as unknown[] | undefined)?.includes(valueOf(name)),
			),
		)
		.flatMap((property) => {
			const put = (value: unknown) => ({ ...parameters, [property.name]: value }) as IDataObject;
			return inside(property, property.displayName, parameters[property.name], put);
		});
}

/** The field itself, or the fields in it. */
function inside(
	field: INodeProperties,
	label: string,
	value: unknown,
	put: (value: unknown) => IDataObject,
): Field[] {
	if (SELECTORS.has(field.name)) return [];
	if (field.type !== 'collection' && field.type !== 'fixedCollection') {
		return [{ label, field, put }];
	}
	const given = (value ?? {}) as IDataObject;
	if (field.type === 'collection') {
		return ((field.options ?? []) as INodeProperties[]).flatMap((option) =>
			inside(option, `${label} → ${option.displayName}`, given[option.name], (inner) =>
				put({ ...given, [option.name]: inner }),
			),
		);
	}
	const many = field.typeOptions?.multipleValues ?? false;
	return ((field.options ?? []) as INodePropertyCollection[]).flatMap(({ name, values }) => {
		const group = given[name];
		const first = ((Array.isArray(group) ? group[0] : group) ?? defaultsOf(values)) as IDataObject;
		const holds = (conditions: NonNullable<INodeProperties['displayOptions']>['show'] = {}) =>
			Object.entries(conditions).map(([other, of]) =>
				(of as unknown[] | undefined)?.includes(first[other]),
			);
		const isShown = ({ displayOptions: { show, hide } = {} }: INodeProperties) =>
			holds(show).every(Boolean) && !holds(hide).some(Boolean);
		return values.filter(isShown).flatMap((option) =>
			inside(option, `${label} → ${option.displayName}`, first[option.name], (inner) => {
				const changed = { ...first, [option.name]: inner };
				return put({ ...given, [name]: many ? [changed] : changed });
			}),
		);
	});
}

function defaultsOf(values: INodeProperties[]): IDataObject {
	const defaults = values.map(({ name, default: value }) => [name, value] as const);
	return { ...Object.fromEntries(defaults), ...FILLED_IN } as IDataObject;
}
