import axios, { AxiosError } from 'axios';
import { inspect } from 'node:util';
import type { INode } from 'n8n-workflow';

import { toErrorJson, toFailedJson, toNodeError } from '../../../nodes/shared/run/nodeErrors';
import {
	InvalidInputError,
	OutcomeUnknownError,
	StateUnavailableError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';
import { closeServers, failureOf, startServer, text } from '../support/server';

const TOKEN = 'token-that-nobody-may-see';
const SECRET = 'secret-that-nobody-may-see';
const NODE: INode = {
	id: '1',
	name: 'Node',
	type: 'n8n-nodes-wecom-data.wecomChatArchive',
	typeVersion: 1,
	position: [0, 0],
	parameters: { options: { permanentCode: SECRET } },
};

afterEach(closeServers);

/** As axios throws it: with URL, headers and body of the request. */
async function rawAxiosError(message?: string): Promise<AxiosError> {
	const { url } = await startServer(text('<html>', 502));
	const error = await failureOf(
		axios.post(
			`${url}/cgi-bin/any`,
			{ permanent_code: SECRET },
			{ params: { access_token: TOKEN } },
		),
	);
	if (!(error instanceof AxiosError)) throw new Error('axios threw something else');
	if (message !== undefined) error.message = message;
	expect(everythingIn(error)).toContain(TOKEN);
	expect(everythingIn(error)).toContain(SECRET);
	return error;
}

function everythingIn(value: unknown): string {
	return inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value);
}

describe('an error of the client that names an operation and a setting', () => {
	const HINT = 'Look with `getOrder`, or raise `timeoutMs`.';
	const SHOWN = 'Look with Order → Get, or raise Request Timeout in Options.';

	it.each([
		new WecomApiError(-1, 'busy: see `getOrder`', '/any', HINT),
		new WecomNetworkError('ETIMEDOUT', true, '/any', 'late', HINT),
		new WecomResponseError(502, true, '/any', 'bad', HINT),
		new OutcomeUnknownError(new WecomResponseError(502, true, '/any', 'bad'), HINT),
		new InvalidInputError('field', 'bad', HINT),
	])("reads in n8n's words wherever it is shown, WeCom's own words excepted ($name)", (error) => {
		expect(toNodeError(NODE, error)).toMatchObject({ message: error.message, description: SHOWN });
		expect(toErrorJson(error)).toMatchObject({ error: error.message, hint: SHOWN });
		expect(toFailedJson(error, 'continueErrorOutput')).toMatchObject({ error: { hint: SHOWN } });
	});
});

describe('a raw axios error', () => {
	it.each<[string, (raw: never) => unknown]>([
		['WecomApiError', (raw) => new WecomApiError(-1, raw, '/any')],
		['WecomApiError (its hint)', (raw) => new WecomApiError(-1, 'busy', '/any', raw)],
		['WecomNetworkError', (raw) => new WecomNetworkError(raw, true, '/any', 'broke')],
		['WecomNetworkError (its words)', (raw) => new WecomNetworkError('E', true, '/any', raw)],
		['WecomResponseError', (raw) => new WecomResponseError(raw, true, '/any', 'bad')],
		['WecomResponseError (its path)', (raw) => new WecomResponseError(502, true, raw, 'bad')],
		['OutcomeUnknownError', (raw) => new OutcomeUnknownError(raw, 'look')],
		['StateUnavailableError', (raw) => new StateUnavailableError('E', { raw } as never)],
	])('never becomes a %s', async (_class, make) => {
		const raw = await rawAxiosError();
		const error = await failureOf((async () => await Promise.resolve(make(raw as never)))());
		const made = error instanceof TypeError ? error : make(raw as never);
		expect(everythingIn(made)).not.toContain(TOKEN);
		expect(everythingIn(made)).not.toContain(SECRET);
	});

	it.each([
		undefined,
		`connect ECONNREFUSED https://x/cgi-bin/any?access_token=${TOKEN}`,
		`Invalid body {"permanent_code":"${SECRET}"}`,
	])('that gets as far as a node leaves nothing but its clean words there (%#)', async (words) => {
		const raw = await rawAxiosError(words);
		const shown = toNodeError(NODE, raw, 0);
		expect(shown.message).toMatch(/Request failed|service refused|Invalid body/);
		for (const come of [everythingIn(shown), JSON.stringify(toErrorJson(raw))]) {
			expect(come).not.toContain(TOKEN);
			expect(come).not.toContain(SECRET);
		}
	});
});
