import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import * as ts from 'typescript';

import { WecomCallbackApi } from '../../../credentials/WecomCallbackApi.credentials';
import { WecomDataApi } from '../../../credentials/WecomDataApi.credentials';
import { WecomStateApi } from '../../../credentials/WecomStateApi.credentials';
import { WecomAcquisition } from '../../../nodes/WecomAcquisition/WecomAcquisition.node';
import { WecomAiModel } from '../../../nodes/WecomAiModel/WecomAiModel.node';
import { WecomAuthorization } from '../../../nodes/WecomAuthorization/WecomAuthorization.node';
import { WecomChatArchive } from '../../../nodes/WecomChatArchive/WecomChatArchive.node';
import { WecomChatArchiveTrigger } from '../../../nodes/WecomChatArchiveTrigger/WecomChatArchiveTrigger.node';
import { WecomDataOrder } from '../../../nodes/WecomDataOrder/WecomDataOrder.node';
import { WecomDataTrigger } from '../../../nodes/WecomDataTrigger/WecomDataTrigger.node';
import { WecomDataZone } from '../../../nodes/WecomDataZone/WecomDataZone.node';
import { inMenuWords, MENU_WORDS, sentencesOf, wordsOf } from '../../../nodes/shared/menuWords';
import { operations } from '../../../wecom/api';
import { StaticTokens } from '../../../wecom/auth/staticTokens';
import type { TokenKind } from '../../../wecom/auth/tokenSource';
import {
	InvalidInputError,
	OutcomeUnknownError,
	StateUnavailableError,
	WecomApiError,
	WecomNetworkError,
} from '../../../wecom/errors';
import { foreignValue } from '../../../wecom/state/foreignValue';
import { failureOf } from '../support/server';
import { nodesOf, sourceFiles } from '../support/sources';

const CREDENTIALS = [new WecomDataApi(), new WecomCallbackApi(), new WecomStateApi()];
const NODES: INodeTypeDescription[] = [
	new WecomAcquisition(),
	new WecomAiModel(),
	new WecomAuthorization(),
	new WecomChatArchive(),
	new WecomChatArchiveTrigger(),
	new WecomDataOrder(),
	new WecomDataTrigger(),
	new WecomDataZone(),
].map(({ description }) => description);

/** `Order → Get Many`, also with the node in front, which may stand for its only resource. */
const OPERATIONS = NODES.flatMap((node) =>
	optionsOf(node, 'resource').flatMap(({ name: resource, value }, _index, { length }) =>
		optionsOf(node, 'operation', value).flatMap(({ name }) => [
			`${resource} → ${name}`,
			`${node.displayName} → ${resource} → ${name}`,
			...(length === 1 ? [`${node.displayName} → ${name}`] : []),
		]),
	),
);

const FIELDS = [
	...new Set([...CREDENTIALS, ...NODES].flatMap(({ properties }) => namesIn(properties))),
];

function optionsOf(
	{ properties }: INodeTypeDescription,
	field: string,
	resource?: INodePropertyOptions['value'],
): INodePropertyOptions[] {
	return properties
		.filter(({ name }) => name === field)
		.filter(
			({ displayOptions }) =>
				resource === undefined || displayOptions?.show?.resource?.includes(resource),
		)
		.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
}

/** What the fields are called, those within others included. */
function namesIn(properties: INodeProperties[]): string[] {
	return properties.flatMap(({ displayName, type, options = [] }) => [
		...(type === 'notice' ? [] : [displayName]),
		...options.flatMap((option) => {
			if ('values' in option) return [option.displayName, ...namesIn(option.values)];
			return 'type' in option ? namesIn([option]) : [];
		}),
	]);
}

/** All texts in the client; what is put into one is `…`. */
function textsOfTheClient(): Array<{ file: string; text: string }> {
	return sourceFiles('wecom').flatMap((file) =>
		nodesOf(file).flatMap((node) => {
			const text = textOf(node);
			return text === undefined ? [] : [{ file: file.fileName, text }];
		}),
	);
}

function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}

describe('the texts of the client', () => {
	const texts = textsOfTheClient();

	it('have words in n8n for each name in backticks', () => {
		const unknown = texts.flatMap(({ file, text }) =>
			[...text.matchAll(/`([^`]+)`/g)]
				.map(([, name = '']) => name)
				.filter((name) => name !== '…' && !MENU_WORDS.has(name))
				.map((name) => `${file}: ${name}`),
		);
		expect(unknown).toEqual([]);
	});

	it.each<[string, string[]]>([
		['operations', OPERATIONS],
		['credentials', CREDENTIALS.map(({ displayName }) => displayName)],
		['nodes', NODES.map(({ displayName }) => displayName)],
		['resources', NODES.flatMap(({ displayName }) => `${displayName.replace('WeCom ', '')} →`)],
		['fields of several words', FIELDS.filter((name) => name.includes(' '))],
		['places in the editor', ['in Options', 'queue mode', 'Data Trigger']],
	])("do not name n8n's %s", (_what, words) => {
		expect(words.length).toBeGreaterThan(0);
		const found = texts.flatMap(({ file, text }) =>
			words.filter((word) => text.includes(word)).map((word) => `${file}: ${word}: ${text}`),
		);
		expect(found).toEqual([]);
	});

	it('do not name n8n itself', () => {
		const found = texts.filter(({ text }) => /n8n(?!-nodes-wecom-data)/i.test(text));
		expect(found).toEqual([]);
	});
});

describe('the words of the menus', () => {
	const words = [...MENU_WORDS.values()];

	it('know all operations', () => {
		expect(Object.keys(operations).filter((name) => !MENU_WORDS.has(name))).toEqual([]);
	});

	it('name operations that are there', () => {
		const wrong = words.filter((word) => word.includes('→') && !OPERATIONS.includes(word));
		expect(wrong).toEqual([]);
	});

	it('name credentials and nodes that are there', () => {
		const named = words.flatMap((word) => word.match(/WeCom [A-Z]\w+( [A-Z]\w+)*/g) ?? []);
		const there = [...CREDENTIALS, ...NODES].map(({ displayName }) => displayName);
		expect(named.length).toBeGreaterThan(4);
		expect(named.filter((name) => !there.includes(name))).toEqual([]);
	});

	it.each([
		'accessToken',
		'allowPlainHttp',
		'auth_corpid',
		'database',
		'keyPrefix',
		'limit',
		'permanent_code',
		'providerAccessToken',
		'state',
		'suiteAccessToken',
		'suiteTicket',
		'timeoutMs',
		'waitMs',
	])('call %s as a field is called', (name) => {
		const word = MENU_WORDS.get(name) ?? '';
		expect(FIELDS.filter((field) => word.includes(field))).not.toEqual([]);
	});
});

describe('inMenuWords', () => {
	it('puts the words of the menus in place of names it knows', () => {
		expect(inMenuWords('`placeOrder` returns it, `listOrders` lists all.')).toBe(
			'Order → Place returns it, Order → Get Many lists all.',
		);
	});

	it.each(['Give `page_size` again.', 'An odd ` alone.', '``', '`__proto__` `constructor`', ''])(
		'leaves %j as it is',
		(text) => {
			expect(inMenuWords(text)).toBe(text);
		},
	);
});

describe('wordsOf', () => {
	it.each<[TokenKind, string]>([
		['access_token', 'Fill in Access Token on the credential, or choose'],
		['suite_access_token', 'Fill in Suite Access Token on the credential: the token'],
		['provider_access_token', 'Fill in Provider Access Token on the credential: the token'],
	])('says in which field of the credential a missing %s goes', async (kind, words) => {
		const error = await failureOf(new StaticTokens({}).get(kind));
		expect(wordsOf(error as InvalidInputError).hint).toContain(words);
	});

	it("names credential and field where somebody else writes with the state's keys", () => {
		const { message, hint } = wordsOf(foreignValue('a key'));
		expect(message).toMatch(/^The Redis at the address in the "WeCom State API" credential cannot/);
		expect(hint).toBe(
			'Delete that key, and enter a Key Prefix in the "WeCom State API" credential that nobody else uses.',
		);
	});

	it("leaves WeCom's own words as they are, and changes ours beside them", () => {
		const error = new WecomApiError(1, 'use `getOrder`', '/any', 'Look with `getOrder`.');
		expect(wordsOf(error)).toEqual({
			message: 'WeCom answered /any with errcode 1: use `getOrder`',
			hint: 'Look with Order → Get.',
		});
	});

	it('says what happened and what to do in n8n, as one text too', () => {
		const broken = new WecomNetworkError('ECONNRESET', true, '/pay', 'The connection broke');
		const error = new OutcomeUnknownError(broken, 'Look with `getOrder` whether it is paid.');
		expect(sentencesOf(error)).toMatch(
			/^The connection broke\. .*\. Look with Order → Get whether/,
		);
	});

	it('has no hint where the error has none', () => {
		const error = new InvalidInputError('field', '"field" is empty');
		expect(wordsOf(error)).toEqual({ message: '"field" is empty' });
		expect(sentencesOf(error)).toBe('"field" is empty');
	});

	it('names the credential of the state', () => {
		const error = new StateUnavailableError('ECONNREFUSED', 'localhost:6379');
		expect(wordsOf(error).hint).toBe(
			'Check host, port, user, password and TLS in the "WeCom State API" credential, and whether Redis runs.',
		);
	});
});

it('no text of an error gets to people in n8n past these words', () => {
	const direct = /\berror\??\.(message|hint)\b|\{ message, hint \}/;
	const files = sourceFiles('nodes').filter(({ text }) => direct.test(text));
	expect(files.map(({ fileName }) => fileName).sort()).toEqual([
		'nodes/shared/menuWords.ts',
		'nodes/shared/run/nodeErrors.ts', // of errors that are not the client's, and of what these words gave
	]);
});
