import { inspect } from 'node:util';

import type { WecomError } from '../../../wecom/errors';
import { LibraryUnavailableError } from '../../../wecom/library/libraryErrors';
import { SidecarLibrary } from '../../../wecom/library/sidecar/client';
import { SIDECAR_PROTOCOL } from '../../../wecom/library/sidecar/wire';
import {
	closedPort,
	closeServers,
	cut,
	failureOf,
	inTurn,
	startServer,
	text,
} from '../support/server';
import {
	ACCESS,
	ask,
	AUTHORIZED,
	endSidecars,
	SEALED,
	startSidecar,
	TOKEN,
} from './sidecarSupport';

afterEach(async () => {
	await endSidecars();
	await closeServers();
});

describe('the way to the sidecar', () => {
	const at = (url: string) => new SidecarLibrary({ url, token: TOKEN }, ACCESS);

	it('that leads nowhere is told with what to look at', async () => {
		const error = await failureOf(at(`http://127.0.0.1:${await closedPort()}`).check());
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect(error).toMatchObject({
			message: expect.stringMatching(
				/^The sidecar at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/,
			),
			hint: expect.stringContaining('WECOM_SIDECAR_HOST'),
		});
	});

	it.each([
		['a page of something else', text('<h1>n8n</h1>')],
		['a 404 of something else', text('not found', 404)],
		['a login', text('', 302, { location: '/login' })],
	])('that leads to %s is told', async (_what, reply) => {
		const server = await startServer(reply);
		const error = await failureOf(at(server.url).decrypt([SEALED]));
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect((error as WecomError).message).toMatch(/is no sidecar of this package \(HTTP \d+\)$/);
		expect(server.requests).toHaveLength(1);
	});

	it.each([
		['of another version', { 'x-wecom-sidecar': `${SIDECAR_PROTOCOL}0` }, 200],
		['that does not know a path', { 'x-wecom-sidecar': SIDECAR_PROTOCOL }, 404],
	])('that leads to a sidecar %s is told', async (_what, headers, status) => {
		const answer = { error: { kind: 'path', message: 'words of the sidecar' } };
		const server = await startServer(text(JSON.stringify(answer), status, headers));
		await expect(at(server.url).check()).rejects.toThrow('is of another version than this package');
	});

	it('is told by a sidecar to a client of another version', async () => {
		const sidecar = await startSidecar({});
		const headers = { ...AUTHORIZED, 'x-wecom-sidecar': '999' };
		const { status, body } = await ask(sidecar, '/check', { headers });
		expect(status).toBe(400);
		expect(JSON.parse(body)).toMatchObject({ error: { kind: 'protocol' } });
	});

	it('is tried again while the sidecar restarts', async () => {
		const good = text('page', 200, { 'x-wecom-sidecar': SIDECAR_PROTOCOL });
		const server = await startServer(inTurn(cut, text('', 502), good));
		await expect(at(server.url).chatData(1n, 1)).resolves.toBe('page');
		expect(server.requests).toHaveLength(3);
	});

	it('is given up when every try fails, and told', async () => {
		const server = await startServer(text('bad gateway', 502));
		const error = await failureOf(at(server.url).chatData(1n, 1));
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect((error as WecomError).message).toContain('answers in its place (HTTP 502)');
		expect(server.requests).toHaveLength(5);
	}, 20_000);

	it.each([
		{ kind: 'returnCode', returnCode: 10003, name: ACCESS.secret },
		{ kind: 'input', field: TOKEN },
		{ kind: 'crashed', hint: ACCESS.secret },
		{ kind: 'unheard', hint: TOKEN },
	])('gives back no secret in an error: $kind', async (error) => {
		const answer = { error: { message: `${TOKEN} ${ACCESS.secret}`, ...error } };
		const headers = { 'x-wecom-sidecar': SIDECAR_PROTOCOL };
		const server = await startServer(text(JSON.stringify(answer), 500, headers));
		const told = await failureOf(at(server.url).chatData(1n, 1));
		const shown = inspect(told, { depth: null, showHidden: true });
		expect(shown).toContain('***');
		for (const secret of [TOKEN, ACCESS.secret]) expect(shown).not.toContain(secret);
	});

	it.each([
		['{}', '/decrypt'],
		['{"results":["one"]}', '/decrypt'],
		['{"results":["one",{"reason":"toString","message":""}]}', '/decrypt'],
	])('that gives %s as an answer to two records is told', async (answer, path) => {
		const server = await startServer(text(answer, 200, { 'x-wecom-sidecar': SIDECAR_PROTOCOL }));
		await expect(at(server.url).decrypt([SEALED, SEALED])).rejects.toThrow(
			`to ${path} is not what it should be`,
		);
	});
});
