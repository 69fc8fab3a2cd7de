import { Refusal } from './refusal';

/** Refusals of a wrong secret: of a corp or provider, of a suite, of an authorisation. */
const WRONG_SECRET: ReadonlySet<number> = new Set([40001, 40080, 40084]);
const WINDOW_MS = 60_000;
const BAN_MS = 3_600_000;

/** Bans clients that try secrets (official note to error 45009): for an hour, by their address. */
export class WrongSecrets {
	/** By address: moments (ms) of the wrong secrets of the last minute. */
	private readonly tries = new Map<string, number[]>();
	/** By address: moment (ms) until which it is banned. */
	private readonly banned = new Map<string, number>();

	/**
	 * @param limit - how many wrong secrets within a minute lead to a ban
	 * @param now - clock in ms
	 */
	constructor(
		private readonly limit: number,
		private readonly now: () => number,
	) {}

	/**
	 * Runs what looks at a secret.
	 *
	 * @param client - address of the caller
	 * @throws Refusal 45009 when the client is banned, otherwise what `look` throws
	 */
	guard<T>(client: string, look: () => T): T {
		if ((this.banned.get(client) ?? 0) > this.now()) {
			throw new Refusal(45009, 'too many wrong secrets, banned for an hour');
		}
		try {
			return look();
		} catch (error) {
			if (error instanceof Refusal && WRONG_SECRET.has(error.errcode)) this.count(client);
			throw error;
		}
	}

	private count(client: string): void {
		const now = this.now();
		const recent = (this.tries.get(client) ?? []).filter((at) => at > now - WINDOW_MS);
		this.tries.set(client, [...recent, now]);
		if (recent.length + 1 >= this.limit) this.banned.set(client, now + BAN_MS);
	}
}
