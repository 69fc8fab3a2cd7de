import * as ts from 'typescript';

import {
	ERRCODES,
	ERRCODE_ROWS,
	lookUpErrcode,
	type ErrcodeAction,
	type ErrcodeEntry,
} from '../../wecom/errcodes';
import { nodesOf, sourceFiles } from './support/sources';

function codesWith(action: ErrcodeAction): number[] {
	return [...ERRCODES]
		.filter(([, entry]) => entry.action === action)
		.map(([errcode]) => errcode)
		.sort((a, b) => a - b);
}

/** The whole numbers in a file as they are written, but for those that are cut up for reading: 10_000. */
function numbersIn(file: ts.SourceFile) {
	return nodesOf(file)
		.filter(ts.isNumericLiteral)
		.map((node) => ({
			file: file.fileName,
			text: node.getText(file),
			isHint: isHint(node),
		}))
		.filter(({ text }) => /^\d{4,}$/.test(text));
}

/** Whether it names a property within `hints`. */
function isHint(node: ts.Node): boolean {
	if (!ts.isPropertyAssignment(node.parent) || node.parent.name !== node) return false;
	const holder = node.parent.parent.parent;
	const named = ts.isPropertyAssignment(holder) || ts.isVariableDeclaration(holder);
	return named && holder.name.getText() === 'hints';
}

describe('the table of errcodes', () => {
	it('has each code once', () => {
		expect(ERRCODES.size).toBe(ERRCODE_ROWS.length);
	});

	it.each<[ErrcodeAction, number[]]>([
		['refresh', [40014, 40082, 40085, 42001, 42009]],
		['retry', [-1, 6000, 45035, 701085, 701142, 710638, 710674, 710675, 710682]],
		['wait', [45009, 45033, 45036]],
		['shrink', [301058]],
		['poll', [710642, 790023]],
	])('answers exactly these codes with %s', (action, codes) => {
		expect(codesWith(action)).toEqual(codes);
	});

	it('gives up on everything else', () => {
		expect(codesWith('fail')).toHaveLength(ERRCODES.size - 20);
	});

	it('blames a token where it refreshes one, and only there', () => {
		const blamed = [...ERRCODES].filter(([, entry]) => entry.blames !== undefined);
		expect(Object.fromEntries(blamed.map(([errcode, { blames }]) => [errcode, blames]))).toEqual({
			40014: 'caller',
			42001: 'caller',
			40082: 'suite_access_token',
			40085: 'suite_access_token',
			42009: 'suite_access_token',
		});
	});

	it('marks what else follows from a code, and only there', () => {
		const marked = (has: (entry: ErrcodeEntry) => unknown) =>
			[...ERRCODES]
				.flatMap(([errcode, entry]) => (has(entry) ? [errcode] : []))
				.sort((a, b) => a - b);
		expect({
			rememberedTenMinutes: marked(({ rememberMs }) => rememberMs === 600_000),
			rememberedOneMinute: marked(({ rememberMs }) => rememberMs === 60_000),
			remembered: marked(({ rememberMs }) => rememberMs).length,
			staleTicket: marked(({ staleTicket }) => staleTicket),
			frequencyLimit: marked(({ frequencyLimit }) => frequencyLimit),
			provesToken: marked(({ provesToken }) => provesToken),
			lacksPath: marked(({ lacks }) => lacks === 'path'),
			lacksRight: marked(({ lacks }) => lacks === 'right'),
			lacksAbility: marked(({ lacks }) => lacks === 'ability'),
			answerLost: marked(({ answerLost }) => answerLost),
		}).toEqual({
			rememberedTenMinutes: [
				40001, 40013, 40080, 40083, 40084, 40085, 40091, 41023, 48003, 48004, 2000002,
			],
			rememberedOneMinute: [45009],
			remembered: 12,
			staleTicket: [40085, 41023],
			frequencyLimit: [45009],
			provesToken: [48001, 48002, 48006, 301052, 301053, 710726],
			lacksPath: [40066],
			lacksRight: [710726],
			lacksAbility: [710636, 710647, 790012, 790013, 790014, 790015, 790016, 800003],
			answerLost: [710638, 710675, 710676, 790013, 790014],
		});
	});

	it('is, with that of return codes, the only place that names its codes, but for the hints of single operations', () => {
		const tables = ['wecom/errcodes.ts', 'wecom/returnCodes.ts'];
		const elsewhere = sourceFiles('wecom', 'nodes')
			.filter(({ fileName }) => !tables.includes(fileName))
			.flatMap((file) => numbersIn(file))
			.filter(({ text, isHint }) => !isHint && ERRCODES.has(Number(text)));
		expect(elsewhere).toEqual([]);
	});

	it.each(ERRCODE_ROWS.map(([errcode]) => errcode))('words %i for people', (errcode) => {
		const { meaning, hint } = lookUpErrcode(errcode);
		expect(meaning).toMatch(/^\S.*[^.\s]$/);
		expect(hint ?? 'A hint.').toMatch(/^\S.*\S$/);
		expect(`${meaning} ${hint ?? ''}`).not.toMatch(/error|problem|failure|mistake/i);
	});

	// One line per family: its ends and the codes that are easy to forget.
	it.each([
		[-10001, -10006, -10008, 10000, 10011],
		[40058, 40063, 41002, 41004, 43001, 43002, 47001, 49009, 846000, 842005, 2000002],
		[40096, 41095, 41096, 41098, 41099, 41200, 41201],
		[84077, 90432, 90433, 701099, 701140, 701141, 701143, 701314],
		[301042, 301048, 301055, 301059, 301061, 301064, 301111, 301112, 301116],
		[710600, 710601, 710603, 710605, 710655, 710658, 710728, 710734, 710736, 710738],
		[790000, 790024, 790029, 790032, 790034, 790040, 790041, 800000, 800003],
	])('knows %i and its family', (...codes) => {
		expect(codes.filter((errcode) => !ERRCODES.has(errcode))).toEqual([]);
	});
});

describe('lookUpErrcode', () => {
	it.each<[number, ErrcodeAction, RegExp]>([
		[40014, 'refresh', /wrong kind.*provider_access_token/],
		[40082, 'refresh', /share one cache/],
		[-1, 'retry', /later/],
		[45009, 'wait', /60 seconds.*checkCorpSpamBlock/],
		[301058, 'shrink', /limit/],
		[790023, 'poll', /again later/],
		[40001, 'fail', /bans an IP for an hour/],
		[40085, 'refresh', /30 minutes.*every 10/],
		[48002, 'fail', /数据与智能专区.*会话内容存档 secret instead of the app secret/],
		[60020, 'fail', /"from ip".*服务商信息 → 基本信息 → IP白名单.*企业可信IP/],
		[301042, 'fail', /"from ip"/],
		[301053, 'fail', /enable/],
		[710659, 'fail', /set_public_key/],
		[710726, 'fail', /90 days/],
		[790016, 'fail', /outer "input"/],
	])('answers %i with %s and a hint that fits', (errcode, action, hint) => {
		const entry = lookUpErrcode(errcode);
		expect(entry.action).toBe(action);
		expect(entry.hint).toMatch(hint);
	});

	it('gives up on a code it does not know and says where to look it up', () => {
		const entry = lookUpErrcode(987654321);
		expect(entry.action).toBe('fail');
		expect(entry.meaning).toMatch(/987654321.*not in the table/);
		expect(entry.hint).toContain('https://open.work.weixin.qq.com/devtool/query?e=987654321');
	});
});
