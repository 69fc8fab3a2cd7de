import { once } from 'node:events';
import { connect } from 'node:net';

import { CancelledError } from '../../../wecom/errors';
import { LibraryUnavailableError } from '../../../wecom/library/libraryErrors';
import { failureOf, gate, until } from '../support/server';
import { ACCESS, ask, endSidecars, FACTS, startSidecar, TOKEN } from './sidecarSupport';

afterEach(endSidecars);

describe('requests at the same time', () => {
	it('are answered each with its own, 60 files at once', async () => {
		const { library } = await startSidecar({
			media: async (id) =>
				await Promise.resolve({ data: Buffer.alloc(300_000, id), nextIndex: '', isLast: true }),
		});
		const ids = Array.from({ length: 60 }, (_, n) => `file${n}`);
		const pieces = await Promise.all(ids.map(async (id) => await library.media(id, '')));
		const wrong = ids.filter((id, n) => !Buffer.alloc(300_000, id).equals(pieces[n]?.data ?? Buffer.of())); // prettier-ignore
		expect(wrong).toEqual([]);
	});

	it('beyond what the sidecar takes wait in the client and come through', async () => {
		const { opened, open } = gate();
		const sidecar = await startSidecar(
			{ chatData: async () => (await opened, 'page') },
			{ maxRequests: 1 },
		);
		const first = sidecar.library.chatData(1n, 1);
		const second = sidecar.library.chatData(2n, 1);
		await until(() => sidecar.lines.some((line) => line.includes('as many requests as it takes')));
		open();
		await expect(Promise.all([first, second])).resolves.toEqual(['page', 'page']);
	});
});

describe('a client that goes', () => {
	it('takes its call of the library with it', async () => {
		const { opened, open } = gate();
		const controller = new AbortController();
		let heard: AbortSignal | undefined;
		const { library, lines } = await startSidecar({
			chatData: async (_seq, _limit, signal) => {
				heard = signal;
				open();
				await once(signal as AbortSignal, 'abort');
				throw new CancelledError();
			},
		});
		const call = failureOf(library.chatData(1n, 10, controller.signal));
		await opened;
		controller.abort();
		expect(await call).toBeInstanceOf(CancelledError);
		await until(() => heard?.aborted === true);
		expect(lines).toEqual([]);
	});

	it('in the middle of its body leaves nothing behind', async () => {
		const sidecar = await startSidecar(
			{ check: async () => await Promise.resolve(FACTS) },
			{ maxRequests: 1 },
		);
		const socket = connect(sidecar.port, '127.0.0.1');
		socket.write(
			`POST /decrypt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 1000\r\n\r\n{`,
		);
		await until(() => socket.bytesWritten > 100);
		socket.destroy();
		await expect(sidecar.library.chatData(1n, 1)).rejects.toThrow('The sidecar failed');
		await expect(sidecar.library.check()).resolves.toEqual(FACTS);
	});
});

describe('the end of a sidecar', () => {
	it('lets a request under way be answered, and takes no other', async () => {
		const { opened, open } = gate();
		const begun = gate();
		const sidecar = await startSidecar({
			chatData: async () => {
				begun.open();
				await opened;
				return 'page';
			},
		});
		const answer = sidecar.library.chatData(1n, 1);
		await begun.opened;
		const ended = sidecar.server.end(5000);
		await expect(sidecar.library.check()).rejects.toThrow(LibraryUnavailableError);
		open();
		await expect(answer).resolves.toBe('page');
		await ended;
	});

	it('cancels what lasts longer than it waits', async () => {
		const begun = gate();
		const sidecar = await startSidecar({
			chatData: async (_seq, _limit, signal) => {
				begun.open();
				await once(signal as AbortSignal, 'abort');
				throw new CancelledError();
			},
		});
		const answer = ask(sidecar, '/chat-data', {
			body: JSON.stringify({ access: ACCESS, seq: '1', limit: 1 }),
		});
		await begun.opened;
		await sidecar.server.end(10);
		await expect(answer).resolves.toMatchObject({ status: 503 });
	});
});
