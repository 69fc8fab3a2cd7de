import { setTimeout } from 'node:timers/promises';

import * as z from 'zod/v4';

import { StateUnavailableError, WecomApiError } from '../errors';
import { parseKept } from '../state/foreignValue';
import { LOOK_AGAIN_MS, tryLock } from '../state/lock';
import { processState } from '../state/memoryState';
import { keyFromSecret, seal, unseal } from '../state/sealing';
import type { State, StateStore } from '../state/stateStore';
import type { IssuedToken, TokenCache } from './tokenCache';

/** Tokens of several processes, and the secrets that WeCom refused. */
export interface SharedTokensSettings {
	cache: TokenCache;
	state: State;
	/** Learns that the state cannot be reached: tokens are then this process' own. */
	onStateUnavailable?: ((error: StateUnavailableError) => void) | undefined;
	/** Asks WeCom also about what it refused a moment ago. */
	askAgain?: boolean | undefined;
}

/** One request for a token. */
export interface TokenRequest {
	/** Names everything the token belongs to, as a hash. */
	key: string;
	/** The API that is asked. */
	path: string;
	/** Names what WeCom judges, secrets and ticket included, as a hash: a refusal holds for it alone. */
	basis: string;
	/** Whether a suite_ticket is part of the basis: its refusal is remembered as those of secrets are. */
	hasTicket?: boolean;
	/** What WeCom gives the token for: it opens the shared one as well. */
	secret: string;
	/** The token that WeCom refused. */
	refused: string | undefined;
	ask(): Promise<IssuedToken>;
}

interface Kept {
	token: string;
	/** Milliseconds since 1970. */
	refreshAt: number;
	expiresAt: number;
}

const REFUSAL = z.object({
	errcode: z.number(),
	errmsg: z.string(),
	path: z.string(),
	/** Milliseconds since 1970, up to what a Date can say. */
	at: z.number().min(0).max(8e15),
});
type Refusal = z.infer<typeof REFUSAL>;

const PURPOSE = 'token in shared state';
/** A request for a token, with those before it in the chain and all repetitions, is over by then. */
const PATIENCE_MS = 90_000;

/**
 * Gets tokens for all processes that share a state: one of them asks WeCom, the others take what it
 * got. A refusal of ids and secrets is kept as well, so that WeCom is not asked again at once. A
 * renewal that fails leaves the old token in use, until it expires or WeCom refuses it.
 */
export class SharedTokens {
	constructor(private readonly settings: SharedTokensSettings) {}

	/**
	 * @throws WecomApiError with WeCom's refusal, of now or of the last minutes
	 * @throws whatever `ask` throws
	 */
	async issue(request: TokenRequest): Promise<IssuedToken> {
		const { state } = this.settings;
		if (state.kind === 'memory') return await this.ask(request, state.facts);
		try {
			return await this.issueOnce(request);
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error;
			this.settings.onStateUnavailable?.(error);
			return await this.ask(request, processState.facts);
		}
	}

	private async issueOnce(request: TokenRequest): Promise<IssuedToken> {
		const { facts } = this.settings.state;
		const giveUpAt = Date.now() + PATIENCE_MS;
		while (Date.now() < giveUpAt) {
			const found = await this.find(request);
			if (found) return found;
			const release = await tryLock(facts, `token/${request.key}`);
			if (release) {
				try {
					return (await this.find(request)) ?? (await this.renew(request));
				} finally {
					await release();
				}
			}
			await setTimeout(LOOK_AGAIN_MS);
		}
		return await this.ask(request, facts);
	}

	/** One that needs no renewal yet. */
	private async find(request: TokenRequest): Promise<IssuedToken | undefined> {
		const kept = await this.read(request);
		return kept && Date.now() < kept.refreshAt ? toIssued(kept) : undefined;
	}

	/** Where that fails, the kept one serves until it expires; all processes ask again after a pause. */
	private async renew(request: TokenRequest): Promise<IssuedToken> {
		const { cache, state } = this.settings;
		try {
			const { token, expiresInSeconds } = await this.ask(request, state.facts);
			const expiresAt = Date.now() + expiresInSeconds * 1000;
			return await this.keep(request, {
				token,
				refreshAt: cache.refreshAt(expiresInSeconds),
				expiresAt,
			});
		} catch (error) {
			if (error instanceof StateUnavailableError) throw error;
			const kept = await this.read(request).catch(() => undefined);
			if (!kept) throw error;
			const refreshAt = Math.max(kept.refreshAt, cache.askAgainAt(kept.expiresAt));
			return await this.keep(request, { ...kept, refreshAt });
		}
	}

	/** One that WeCom takes, as far as is known. */
	private async read({ key, secret, refused }: TokenRequest): Promise<Kept | undefined> {
		const sealed = await this.settings.state.secrets.get(`token/${key}`);
		const text = sealed && unseal(sealed, await keyFromSecret(secret, PURPOSE), key);
		if (text === undefined) return undefined;
		const kept = JSON.parse(text) as Kept;
		return kept.token === refused || Date.now() >= kept.expiresAt ? undefined : kept;
	}

	private async keep({ key, secret }: TokenRequest, kept: Kept): Promise<IssuedToken> {
		const { state, onStateUnavailable } = this.settings;
		const sealed = seal(JSON.stringify(kept), await keyFromSecret(secret, PURPOSE), key);
		const ttlMs = kept.expiresAt - Date.now();
		try {
			await state.secrets.set(`token/${key}`, sealed, ttlMs);
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error;
			onStateUnavailable?.(error);
		}
		return toIssued(kept);
	}

	private async ask(request: TokenRequest, facts: StateStore): Promise<IssuedToken> {
		const name = `refusal/${request.basis}`;
		const known = this.settings.askAgain ? undefined : await facts.get(name);
		if (known !== undefined) throw remembered(parseKept(known, name, REFUSAL));
		try {
			return await request.ask();
		} catch (error) {
			if (error instanceof WecomApiError && isRemembered(error, request)) {
				const { errcode, errmsg, path } = error;
				const refusal: Refusal = { errcode, errmsg, path, at: Date.now() };
				await facts.set(name, JSON.stringify(refusal), keptFor(error)).catch(() => undefined);
			}
			throw error;
		}
	}
}

function toIssued({ token, refreshAt, expiresAt }: Kept): IssuedToken {
	return { token, refreshAt, expiresInSeconds: (expiresAt - Date.now()) / 1000 };
}

/** What an earlier link of the chain was refused for is that link's to remember, and to get over. */
function isRemembered(error: WecomApiError, { path, hasTicket = false }: TokenRequest): boolean {
	const { staleTicket = false } = error.entry;
	return error.path === path && keptFor(error) > 0 && (hasTicket || !staleTicket);
}

/** How long a refusal is remembered, milliseconds; 0 for one that is not. */
function keptFor({ entry }: WecomApiError): number {
	return entry.rememberMs ?? 0;
}

function remembered({ errcode, errmsg, path, at }: Refusal): WecomApiError {
	const error = new WecomApiError(errcode, errmsg, path);
	const again = new Date(at + keptFor(error)).toISOString();
	const hint = `${error.hint ?? ''} WeCom said so at ${new Date(at).toISOString()} and is not asked with the same values again before ${again}: repeated refusals get the address banned for an hour. \`askAgain\` asks at once.`;
	return new WecomApiError(errcode, errmsg, path, hint.trim());
}
