import type { Notifier } from './callbacks/notifier';
import { Codes } from './codes';
import type { World } from './data/world';
import { ALPHANUMERIC, Random } from './random';

/** What a service provider pays and orders with. */
export interface Provider {
	readonly corpId: string;
	/** Not the suite's secret. */
	readonly providerSecret: string;
}

/** A ticket is pushed every 10 minutes and good for 30 (document path 90628). */
const TICKET_SECONDS = 1800;
const PRE_AUTH_SECONDS = 1200;

/** What the seed makes of the app and its provider, before either does anything. */
export function suiteIdentity(seed: number): Pick<Suite, 'suiteSecret' | 'provider'> {
	const random = new Random(seed, 'suite');
	return {
		suiteSecret: random.text(43, `${ALPHANUMERIC}-_`),
		provider: {
			corpId: `ww${random.hex(16)}`,
			providerSecret: random.text(64, `${ALPHANUMERIC}-_`),
		},
	};
}

/** The app (suite) of a service provider: its secret, its tickets, the codes installs start with. */
export class Suite {
	readonly suiteId: string;
	readonly suiteSecret: string;
	readonly provider: Provider;
	readonly tickets: Codes<null>;
	readonly preAuthCodes: Codes<null>;

	/**
	 * Has its first ticket, which nobody is called back with.
	 *
	 * @param seed - same seed, same secrets and tickets
	 * @param now - clock in ms
	 */
	constructor(
		world: World,
		seed: number,
		private readonly notifier: Notifier,
		now: () => number,
	) {
		const random = new Random(seed, 'tickets');
		this.suiteId = world.suiteId;
		({ suiteSecret: this.suiteSecret, provider: this.provider } = suiteIdentity(seed));
		this.tickets = new Codes(random, TICKET_SECONDS, now);
		this.preAuthCodes = new Codes(random, PRE_AUTH_SECONDS, now);
		this.tickets.issue(null);
	}

	/** Makes a new ticket and calls back with it; older ones stay good for their time. */
	pushTicket(): string {
		const ticket = this.tickets.issue(null);
		this.notifier.notify('suite_ticket', { SuiteTicket: ticket });
		return ticket;
	}
}
