import { StateUnavailableError, StateUnusableError } from '../errors';
import { foreignValue } from './foreignValue';

/** Whose refusal it is. */
export interface RefusingServer {
	/** Host and port. */
	place: string;
	user: string;
	database: number;
	keyPrefix: string;
}

/** What of ioredis' errors is used; the command's arguments hold values and go nowhere. */
interface ReplyError extends Error {
	command?: { name?: string };
}

/**
 * What a server says that is not, or not yet, the one that writes: a replica, one that starts or has
 * lost its primary or its replicas. It carried nothing out, and where the address leads to may change.
 * Source: https://redis.io/docs/latest/operate/oss_and_stack/management/replication/ and the replies in
 * Redis' server.c
 */
const OF_ANOTHER_SERVER = new Set(['READONLY', 'LOADING', 'MASTERDOWN', 'NOREPLICAS']);
/** Source: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const OF_A_CLUSTER = new Set(['MOVED', 'ASK', 'CROSSSLOT', 'CLUSTERDOWN', 'TRYAGAIN']);

const PRIMARY_HINT =
	'Enter an address in `RedisSettings` that leads to the primary, also after a failover: that of the service or of a proxy, not a replica\'s or "reader" address.';
const KIND_HINT =
	'Use a Redis of its own, or a primary with replicas behind one address (of the service or of a proxy): Sentinel and Cluster are not supported.';

/** More than one word of {@link StateUnavailableError} where its one does not say it all. */
const DETAILS: Record<string, [detail: string, hint: string]> = {
	READONLY: ['it is a replica, which takes no writes', PRIMARY_HINT],
	LOADING: ['it is still reading its data', 'Try again when it has started.'],
	MASTERDOWN: ['it is a replica that lost its primary', PRIMARY_HINT],
	NOREPLICAS: ['it writes only with enough replicas, and lacks them', PRIMARY_HINT],
	OOM: [
		'its memory is full',
		'Raise maxmemory or remove what is not needed; do not let it evict keys.',
	],
	MISCONF: [
		'it cannot write to its disk, and refuses writes until it can',
		'See its log, and free or mend the disk.',
	],
};

/** A user of Redis that lacks rights. */
export class MissingRightsError extends StateUnusableError {
	/**
	 * @param commands lower case
	 * @param keys whether it may not use our keys either
	 */
	constructor(
		private readonly server: RefusingServer,
		private readonly commands: readonly string[],
		private readonly keys: boolean,
	) {
		const { user, place } = server;
		const pattern = `${server.keyPrefix}*`;
		const lacks = [
			...(commands.length > 0
				? [`run ${commands.map((one) => one.toUpperCase()).join(', ')}`]
				: []),
			...(keys ? [`use the keys "${pattern}"`] : []),
		];
		const rules = [...commands.map((one) => `+${one}`), ...(keys ? [`~${pattern}`] : [])];
		super(
			'NOPERM',
			place,
			`its user "${user}" may not ${lacks.join(' and not ')}`,
			`Give it the right: ACL SETUSER ${user} ${rules.join(' ')}`,
		);
	}

	/** One error for all that is missing. */
	with(others: readonly MissingRightsError[]): MissingRightsError {
		const all = [this, ...others];
		const commands = new Set(all.flatMap((error) => error.commands));
		const keys = all.some((error) => error.keys);
		return new MissingRightsError(this.server, [...commands].sort(), keys);
	}
}

/** The code of a refusal, `READONLY` say; undefined when the error is none of Redis' own. */
export function refusalOf(error: unknown): string | undefined {
	const { name, message } = error as Error;
	if (name !== 'ReplyError') return undefined;
	const [code = 'ERR'] = /^[A-Z]{2,20}\b/.exec(message) ?? [];
	if (code !== 'ERR') return code;
	// What a command in a script was refused for: Redis 7.0 for a right, Redis 6 and older for anything.
	if (/user executing the script can't/.test(message)) return 'NOPERM';
	return / -([A-Z]{3,20}) /.exec(message)?.[1] ?? code;
}

/** Whether the command was refused, and another server may carry it out that has this address by now. */
export function leadsElsewhere(error: unknown): boolean {
	return OF_ANOTHER_SERVER.has(refusalOf(error) ?? '');
}

/**
 * Says what a refusal means and how to mend it, without the values in it.
 *
 * @param key of the command
 */
export function toStateError(
	error: ReplyError,
	server: RefusingServer,
	key: string,
): StateUnavailableError {
	const code = refusalOf(error) ?? 'ERR';
	const { place } = server;
	const { message, command } = error;
	if (code === 'WRONGTYPE') return foreignValue(key, place);
	if (code === 'NOPERM') return missingRight(message, server);
	if (OF_A_CLUSTER.has(code) || message.includes('cluster mode')) {
		return unsupported('Cluster', place);
	}
	const [, unknown] = /unknown command [`'"]?([\w|]+)/i.exec(message) ?? [];
	if (unknown) {
		const detail = `it does not know the command ${unknown.toUpperCase()}, as a Sentinel does not`;
		return new StateUnusableError('unknown command', place, detail, KIND_HINT);
	}
	if (code === 'ERR' && command?.name === 'select') {
		return new StateUnusableError(
			'no such database',
			place,
			`it has no database ${server.database}`,
			'Enter a `database` in `RedisSettings` that it has: 0 is always there, and another `keyPrefix` keeps installations apart as well.',
		);
	}
	const [detail, hint] = DETAILS[code] ?? [];
	return new StateUnavailableError(code, place, detail, hint);
}

/** @param kind in Redis' own words */
export function unsupported(kind: 'Cluster' | 'Sentinel', place: string): StateUnusableError {
	return new StateUnusableError(kind, place, `it is a Redis ${kind}`, KIND_HINT);
}

function missingRight(message: string, server: RefusingServer): MissingRightsError {
	const [, command] = /run the '([\w|-]+)' command/.exec(message) ?? [];
	if (command) return new MissingRightsError(server, [command.toLowerCase()], false);
	if (/\bkeys?\b/.test(message)) return new MissingRightsError(server, [], true);
	// Redis 7.0 and older do not say which command of a script it was.
	return new MissingRightsError(server, ['get', 'set', 'del'], false);
}
