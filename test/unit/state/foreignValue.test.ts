import { randomBytes } from 'node:crypto';

import * as z from 'zod/v4';

import { SharedTokens, type TokenRequest } from '../../../wecom/auth/sharedTokens';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { StateUnusableError, type StateUnavailableError } from '../../../wecom/errors';
import { claim } from '../../../wecom/state/exactlyOnce';
import { parseKept } from '../../../wecom/state/foreignValue';
import { tryLock } from '../../../wecom/state/lock';
import { makeMemoryState, MemoryStore } from '../../../wecom/state/memoryState';
import { sealed } from '../../../wecom/state/sealing';
import { failureOf } from '../support/server';

const MINUTE = 60_000;
const FOREIGN = ['', 'hello', '{"errcode":"none"}', 'null', '[]', '{"a":', 'bm8=', '0'.repeat(36)];

/** A store with a text of somebody else under a key. */
async function storeWith(key: string, text: string): Promise<MemoryStore> {
	const store = new MemoryStore(10);
	await store.set(key, text, MINUTE);
	return store;
}

function expectNamed(error: unknown, key: string, text: string): void {
	expect(error).toBeInstanceOf(StateUnusableError);
	const { message, hint } = error as StateUnusableError;
	expect(message).toContain(`"${key}"`);
	expect(hint).toContain('`keyPrefix` in `RedisSettings`');
	if (text.length > 4) expect(message).not.toContain(text);
}

describe.each(FOREIGN)("another writer's %j", (text) => {
	it('is no lock: nobody waits for its end', async () => {
		const store = await storeWith('lock/one', text);
		expectNamed(await failureOf(tryLock(store, 'one')), 'lock/one', text);
	});

	it('is no claim', async () => {
		const store = await storeWith('event', text);
		const settings = { keepMs: MINUTE, holdMs: MINUTE, patienceMs: MINUTE };
		expectNamed(await failureOf(claim(store, 'event', settings)), 'event', text);
	});

	it('is no secret', async () => {
		const store = await storeWith('token', text);
		const secrets = sealed(store, async () => await Promise.resolve(randomBytes(32)));
		expectNamed(await failureOf(secrets.get('token')), 'token', text);
	});

	it('is no fact of another form', () => {
		const read = () => parseKept(text, 'fact', z.object({ seq: z.string() }));
		expect(read).toThrow(StateUnusableError);
	});

	it('is no refusal of a secret: WeCom is asked, and it is said', async () => {
		const state = { ...makeMemoryState(), kind: 'redis' as const };
		await state.facts.set('refusal/basis', text, MINUTE);
		const said: StateUnavailableError[] = [];
		const tokens = new SharedTokens({
			cache: new TokenCache(),
			state,
			onStateUnavailable: (error) => said.push(error),
		});
		const request: TokenRequest = {
			key: `key of ${text}`,
			path: '/cgi-bin/gettoken',
			basis: 'basis',
			secret: 'a secret',
			refused: undefined,
			ask: async () => await Promise.resolve({ token: 'new', expiresInSeconds: 7200 }),
		};
		expect(await tokens.issue(request)).toMatchObject({ token: 'new' });
		expect(said).toHaveLength(1);
		expectNamed(said[0], 'refusal/basis', text);
	});
});
