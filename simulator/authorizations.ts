import type { Notifier } from './callbacks/notifier';
import { Codes } from './codes';
import type { World } from './data/world';
import type { CustomerCorp } from './orders';
import { Random } from './random';
import { Refusal } from './refusal';
import { OWN_APP, type TokenOwner, type Tokens } from './tokens';

/** A data permission of a corp (document path 99052). */
export interface DataPermission {
	readonly name: string;
	/** unix seconds, 0 for never; absent for one that needs no second authorisation. */
	readonly expireTime?: number;
}

/** A corp that installed the app. */
export interface AuthorizedCorp {
	readonly corpId: string;
	readonly corpName: string;
	/** What get_corp_token asks for, and gettoken as corpsecret. */
	readonly permanentCode: string;
	readonly status: 'authorized' | 'cancelled';
	readonly permissions: readonly DataPermission[];
}

/** What came of an installation, or of a reset of the permanent code. */
export interface IssuedAuthCode {
	readonly corpId: string;
	/** For get_permanent_code: once, within 10 minutes. */
	readonly authCode: string;
}

/** How a corp installs the app. */
export interface InstallOptions {
	/** Default: a name with a number. */
	readonly corpName?: string;
	/** Handed back with create_auth and the permanent code: at most 128 letters and digits. */
	readonly state?: string;
}

/** What an auth_code was made for. */
interface Installation {
	readonly corpId: string;
	readonly corpName: string;
	readonly state?: string;
}

/** What get_permanent_code has to tell. */
export interface ExchangedCode {
	readonly corp: AuthorizedCorp;
	/** As the installation gave it. */
	readonly state?: string;
}

/** What authorisations need of the rest. */
export interface AuthorizationsStart {
	readonly world: World;
	/** The provider's customers: the first two are authorised from the start, as the world's corp. */
	readonly customers: readonly CustomerCorp[];
	/** Of the corps, to take back those of a corp that cancels. */
	readonly tokens: Tokens;
	readonly notifier: Notifier;
	/** Same seed, same permanent codes and auth_codes. */
	readonly seed: number;
	/** Clock in ms. */
	readonly now: () => number;
}

const AUTH_CODE_SECONDS = 600;
const SEEDED_CUSTOMERS = 2;
const DAY = 86_400;
const STATE = /^[A-Za-z0-9]{0,128}$/;

/** Days until each permission ends, 0 for never; undefined needs no second authorisation. */
const PERMISSIONS: Readonly<Record<string, number | undefined>> = {
	'datazone:chatdata:base': undefined,
	'datazone:chatdata:hit_keyword': 0,
	'datazone:chatdata:search': 90,
	'datazone:chatdata:sentiment_analysis': 5,
	'datazone:chatdata:summary': -1,
	'datazone:chatdata:customer_tag': 90,
	'datazone:chatdata:recommend_dialog': 90,
	'datazone:chatdata:customized_data': 90,
	'datazone:knowledge:base': undefined,
	'externalcontact:customer_acquisition:base': undefined,
	'externalcontact:customer_acquisition:conversion_data': 60,
};

/** Which corps installed the app, and how they come and go. */
export class Authorizations {
	/** Oldest first. */
	readonly corps: AuthorizedCorp[] = [];
	private readonly random: Random;
	private readonly authCodes: Codes<Installation>;
	/** Rights that were taken or ended by hand. */
	private readonly changedRights = new Set<string>();
	private installs = 0;

	/** Has the world's corp and two more. */
	constructor(private readonly start: AuthorizationsStart) {
		const { world, customers, seed, now } = start;
		this.random = new Random(seed, 'authorizations');
		this.authCodes = new Codes(this.random, AUTH_CODE_SECONDS, now);
		this.add(world);
		customers
			.slice(0, SEEDED_CUSTOMERS)
			.forEach(({ corpId, name: corpName }) => this.add({ corpId, corpName }));
	}

	/**
	 * A corp installs the app: calls back create_auth. It is authorised once its auth_code is
	 * exchanged.
	 *
	 * @throws TypeError for a name that is no text, RangeError for a state that WeCom would not take
	 */
	install({ corpName, state }: InstallOptions = {}): IssuedAuthCode {
		if (corpName !== undefined && (typeof corpName !== 'string' || corpName === '')) {
			throw new TypeError('corpName must be a string, not empty');
		}
		if (state !== undefined && (typeof state !== 'string' || !STATE.test(state))) {
			throw new RangeError('state must be at most 128 letters and digits');
		}
		this.installs += 1;
		const corpId = `wpYSkf${this.random.text(26)}`;
		const given = { corpId, corpName: corpName ?? `新客户 ${this.installs} 号` };
		const authCode = this.authCodes.issue(state === undefined ? given : { ...given, state });
		this.start.notifier.notify('create_auth', { AuthCode: authCode, State: state ?? '' });
		return { corpId, authCode };
	}

	/**
	 * The permanent code for an auth_code, which is used up.
	 *
	 * @throws Refusal 40078 for a code that is unknown, used, too old, or of a corp that cancelled
	 */
	exchange(authCode: string): ExchangedCode {
		const found = this.authCodes.find(authCode);
		if (found === undefined) throw new Refusal(40078, 'unknown or used');
		this.authCodes.remove(authCode);
		if (found.expired) throw new Refusal(40078, 'older than 10 minutes');
		const { corpId, state } = found.value;
		const corp = this.find(corpId) ?? this.add(found.value);
		if (corp.status !== 'authorized') throw new Refusal(40078, 'authorization cancelled');
		return state === undefined ? { corp } : { corp, state };
	}

	/**
	 * The admin changes what the app may see: calls back change_auth.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	change(corpId: string): void {
		this.authorized(corpId);
		this.start.notifier.notify('change_auth', { AuthCorpId: corpId });
	}

	/**
	 * The corp removes the app: its permanent code and tokens are worth nothing any more. Calls back
	 * cancel_auth.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	cancel(corpId: string): void {
		this.replace(this.authorized(corpId), { status: 'cancelled' });
		this.start.tokens.revoke(this.ownerOf(corpId));
		this.start.notifier.notify('cancel_auth', { AuthCorpId: corpId });
	}

	/**
	 * Puts another permanent code in the place of the corp's (document path 94758): the old one is
	 * wrong from now on, tokens stay good. Calls back reset_permanent_code.
	 *
	 * @throws RangeError unless the corp is authorised
	 */
	reset(corpId: string): IssuedAuthCode {
		const corp = this.authorized(corpId);
		this.replace(corp, { permanentCode: this.newPermanentCode() });
		const authCode = this.authCodes.issue({ corpId, corpName: corp.corpName });
		this.start.notifier.notify('reset_permanent_code', { AuthCode: authCode });
		return { corpId, authCode };
	}

	/** The corp, if it ever was authorised. */
	find(corpId: string): AuthorizedCorp | undefined {
		return this.corps.find((corp) => corp.corpId === corpId);
	}

	/**
	 * The corp, if the permanent code is its own.
	 *
	 * @throws Refusal 40013 for an unknown corp, 48004 for one that cancelled, 40084 for a wrong code
	 */
	check(corpId: string, permanentCode: string): AuthorizedCorp {
		const corp = this.find(corpId);
		if (corp === undefined) throw new Refusal(40013, 'auth_corpid');
		if (corp.status !== 'authorized') throw new Refusal(48004, 'the corp cancelled');
		if (corp.permanentCode !== permanentCode) throw new Refusal(40084);
		return corp;
	}

	/**
	 * Every corp takes a data right back.
	 *
	 * @throws RangeError for a right that no corp has
	 */
	takeRight(name: string): void {
		this.changeRight(name, () => []);
	}

	/**
	 * A data right of every corp ends.
	 *
	 * @param at - unix seconds, 0 for never
	 * @throws RangeError for a right that no corp has, TypeError for a moment that is none
	 */
	endRight(name: string, at: number): void {
		if (!Number.isSafeInteger(at) || at < 0) throw new TypeError('at must be in unix seconds');
		this.changeRight(name, () => [{ name, expireTime: at }]);
	}

	/**
	 * Checks a right. Those that a corp gave its own app do not end by themselves, only by
	 * {@link takeRight} and {@link endRight}.
	 *
	 * @throws Refusal 710726 unless the corp gave the right, and it has not ended
	 */
	requireRight({ corpId, app }: TokenOwner, name: string): void {
		const corp = this.find(corpId);
		if (corp === undefined || (app === OWN_APP && !this.changedRights.has(name))) return;
		const right = corp.permissions.find((one) => one.name === name);
		const { expireTime = 0 } = right ?? {};
		const ended = expireTime !== 0 && expireTime * 1000 <= this.start.now();
		if (right === undefined || ended) throw new Refusal(710726, name);
	}

	/** To whom an authorised corp's tokens belong: the app, not the corp's own one. */
	ownerOf(corpId: string): TokenOwner {
		return { corpId, app: this.start.world.suiteId };
	}

	private add({ corpId, corpName }: Pick<Installation, 'corpId' | 'corpName'>): AuthorizedCorp {
		const corp: AuthorizedCorp = {
			corpId,
			corpName,
			permanentCode: this.newPermanentCode(),
			status: 'authorized',
			permissions: permissionsAt(Math.floor(this.start.now() / 1000)),
		};
		this.corps.push(corp);
		return corp;
	}

	/** @throws RangeError unless the corp is authorised */
	private authorized(corpId: string): AuthorizedCorp {
		const corp = this.find(corpId);
		if (corp?.status !== 'authorized') {
			throw new RangeError(`${corpId} is no corp that has authorized the app`);
		}
		return corp;
	}

	private changeRight(name: string, change: () => readonly DataPermission[]): void {
		const having = this.corps.filter(({ permissions }) =>
			permissions.some((one) => one.name === name),
		);
		if (having.length === 0) throw new RangeError(`no corp has the right ${String(name)}`);
		this.changedRights.add(name);
		for (const corp of having) {
			const permissions = corp.permissions.flatMap((one) => (one.name === name ? change() : [one]));
			this.replace(corp, { permissions });
		}
	}

	private replace(corp: AuthorizedCorp, changes: Partial<AuthorizedCorp>): void {
		this.corps[this.corps.indexOf(corp)] = { ...corp, ...changes };
	}

	private newPermanentCode(): string {
		return this.random.text(43);
	}
}

function permissionsAt(now: number): DataPermission[] {
	return Object.entries(PERMISSIONS).map(([name, days]) => {
		if (days === undefined) return { name };
		return { name, expireTime: days === 0 ? 0 : now + days * DAY };
	});
}
