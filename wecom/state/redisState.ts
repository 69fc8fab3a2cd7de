import { createHash, randomUUID } from 'node:crypto';
import { isIP } from 'node:net';

import Redis from 'ioredis';

import { InvalidInputError, StateUnavailableError } from '../errors';
import {
	leadsElsewhere,
	MissingRightsError,
	refusalOf,
	toStateError,
	unsupported,
} from './redisRefusals';
import { keyFromPassword, sealed } from './sealing';
import type { State, StateStore } from './stateStore';

/** Where the shared state is, and what protects it. */
export interface RedisSettings {
	host: string;
	port: number;
	user?: string;
	password?: string;
	/** Number of the database. */
	database?: number;
	/** Whether to connect with TLS. */
	tls?: boolean;
	/** Put before every key, so that several installations can share one Redis. */
	keyPrefix?: string;
	/**
	 * What suite_tickets are encrypted with, and tokens beside the secret they were got with; the
	 * password when left out. With neither, tickets are hardly protected.
	 */
	encryptionKey?: string;
}

/** One connection, for as long as it lasts. */
interface Client {
	redis: Redis;
	/** Settles when it works in the database of the settings. */
	opened: Promise<unknown>;
	/** When it had all the rights that are needed, milliseconds since 1970. */
	checkedAt: number;
}

interface Connection {
	/** Unset while there is none: the next command makes it. */
	client?: Client | undefined;
	/** Of the last trouble with the connection. */
	reason?: string;
	/** Milliseconds since 1970. */
	usedAt: number;
	/** Derived when it is first needed. */
	key?: Promise<Buffer>;
}

/** How long a command may take, connecting included, milliseconds. */
const COMMAND_TIMEOUT_MS = 2000;
/**
 * A connection over which nothing comes for so long while commands wait is given up, milliseconds: of
 * a Redis that is lost without a word TCP itself says so after a quarter of an hour.
 */
const SILENCE_MS = 3000;
/** A connection that nobody used for so long is closed: its credential was changed or deleted. */
const IDLE_MS = 10 * 60 * 1000;
/** How long a check holds, milliseconds; until a right is refused. */
const CHECK_HOLDS_MS = 10_000;
const MIN_SECRET_CHARACTERS = 8;

/** First part of every key: {@link State}'s events, facts and secrets. */
const AREAS = ['event', 'fact', 'secret'];

const DELETE_IF =
	"if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
const EXTEND_IF =
	"if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 end return 0";
const SET_WHILE =
	"if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[3]) return 1 end return 0";

/** By settings; shared by every execution of this process. */
const connections = new Map<string, Connection>();

/**
 * State in a Redis that several processes share. Connects with the first command, keeps the
 * connection, and connects again with the first command after it broke, fell silent, or turned out to
 * lead to a server that takes no writes any more.
 *
 * @throws InvalidInputError naming the setting that cannot be used
 */
export function makeRedisState(settings: RedisSettings): State {
	const server = new Server(settings);
	return {
		kind: 'redis',
		events: new RedisStore(server, 'event'),
		facts: new RedisStore(server, 'fact'),
		secrets: sealed(new RedisStore(server, 'secret'), async () => await server.encryptionKey()),
	};
}

/**
 * Tries whatever a state does with a Redis, under every prefix of its keys. A check that went well
 * holds for a few seconds.
 *
 * @throws StateUnusableError saying what is wrong and how to mend it: rights that are missing, a
 * database that is not there, a Cluster, a Sentinel
 * @throws StateUnavailableError when it cannot be reached, or takes no writes
 * @throws InvalidInputError naming the setting that cannot be used
 */
export async function checkRedis(settings: RedisSettings): Promise<void> {
	await new Server(settings).check();
}

/** Closes every connection. For programs that end; n8n keeps them. */
export function closeRedisConnections(): void {
	for (const { client } of connections.values()) client?.redis.disconnect();
	connections.clear();
}

/** A Redis, as its settings name it. */
class Server {
	private readonly id: string;

	constructor(private readonly settings: RedisSettings) {
		check(settings);
		this.id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	}

	get keyPrefix(): string {
		return this.settings.keyPrefix ?? '';
	}

	/**
	 * Runs a command. One that was refused because the server is not the one that writes was not carried
	 * out: behind the same address another one may be by now, so it is tried once more there.
	 *
	 * An error of the library carries the command with its values: only its kind goes on.
	 *
	 * @param key of the command, for the message
	 */
	async run<T>(key: string, command: (redis: Redis) => Promise<T>): Promise<T> {
		for (let again = false; ; again = true) {
			const connection = connectionOf(this.id);
			const client = (connection.client ??= connect(this.settings, connection));
			try {
				await client.opened;
				return await command(client.redis);
			} catch (error) {
				client.checkedAt = 0;
				if (leadsElsewhere(error)) {
					retire(connection, client);
					if (!again) continue;
				}
				throw this.stateError(error as Error, connection, key);
			}
		}
	}

	async check(): Promise<void> {
		const { client } = connectionOf(this.id);
		if (client && Date.now() - client.checkedAt < CHECK_HOLDS_MS) return;
		const probes = AREAS.flatMap((area) => new RedisStore(this, area).probes());
		const outcomes = await Promise.allSettled([this.checkKind(), ...probes]);
		const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
		const [right, ...rights] = failures.filter((error) => error instanceof MissingRightsError);
		const other: unknown = failures.find((error) => !(error instanceof MissingRightsError));
		if (other ?? right) throw other ?? right?.with(rights);
		const { client: used } = connectionOf(this.id);
		if (used) used.checkedAt = Date.now();
	}

	async encryptionKey(): Promise<Buffer> {
		const connection = connectionOf(this.id);
		const secret = this.settings.encryptionKey || this.settings.password || '';
		connection.key ??= keyFromPassword(secret, this.keyPrefix);
		return await connection.key;
	}

	/** Any server of a Cluster takes some of the keys, so the commands alone do not tell. */
	private async checkKind(): Promise<void> {
		const said = await this.run('', async (redis) => {
			// Needs no right; Redis 5, and what only speaks like a Redis, does not know it.
			return await redis.call('HELLO').catch((error: Error) => {
				if (error.name !== 'ReplyError') throw error;
			});
		});
		const fields: unknown[] = Array.isArray(said) ? said : [];
		const mode = fields[fields.indexOf('mode') + 1];
		if (mode === 'cluster') throw unsupported('Cluster', this.place);
		if (mode === 'sentinel') throw unsupported('Sentinel', this.place);
	}

	private get place(): string {
		return `${this.settings.host}:${this.settings.port}`;
	}

	private stateError(error: Error, connection: Connection, key: string): StateUnavailableError {
		if (refusalOf(error) === undefined) {
			return new StateUnavailableError(reasonOf(error, connection), this.place);
		}
		const { user, database = 0 } = this.settings;
		const { place, keyPrefix } = this;
		return toStateError(error, { place, user: user || 'default', database, keyPrefix }, key);
	}
}

class RedisStore implements StateStore {
	private readonly prefix: string;

	/** @param area first part of its keys */
	constructor(
		private readonly server: Server,
		area: string,
	) {
		this.prefix = `${server.keyPrefix}${area}/`;
	}

	async get(key: string): Promise<string | undefined> {
		const answer = await this.run(key, async (redis, name) => await redis.get(name));
		return answer ?? undefined;
	}

	async set(key: string, value: string, ttlMs: number): Promise<void> {
		await this.run(key, async (redis, name) => await redis.set(name, value, 'PX', whole(ttlMs)));
	}

	async add(key: string, value: string, ttlMs: number): Promise<boolean> {
		const answer = await this.run(
			key,
			async (redis, name) => await redis.set(name, value, 'PX', whole(ttlMs), 'NX'),
		);
		return answer === 'OK';
	}

	async deleteIf(key: string, value: string): Promise<void> {
		await this.run(key, async (redis, name) => await redis.eval(DELETE_IF, 1, name, value));
	}

	async extendIf(key: string, value: string, ttlMs: number): Promise<boolean> {
		const answer = await this.run(
			key,
			async (redis, name) => await redis.eval(EXTEND_IF, 1, name, value, whole(ttlMs)),
		);
		return answer === 1;
	}

	async setWhile(
		held: { key: string; value: string },
		key: string,
		value: string,
		ttlMs: number,
	): Promise<boolean> {
		const lock = this.prefix + held.key;
		const answer = await this.run(
			key,
			async (redis, name) =>
				await redis.eval(SET_WHILE, 2, lock, name, held.value, value, whole(ttlMs)),
		);
		return answer === 1;
	}

	/** Everything that a store does, done with a key of its own. */
	probes(): Array<Promise<unknown>> {
		const key = `test/${randomUUID()}`;
		return [
			this.add(key, key, CHECK_HOLDS_MS),
			this.set(key, key, CHECK_HOLDS_MS),
			this.extendIf(key, key, CHECK_HOLDS_MS),
			this.setWhile({ key, value: key }, key, key, CHECK_HOLDS_MS),
			this.get(key),
			this.deleteIf(key, key),
		];
	}

	private async run<T>(
		key: string,
		command: (redis: Redis, name: string) => Promise<T>,
	): Promise<T> {
		const name = this.prefix + key;
		return await this.server.run(name, async (redis) => await command(redis, name));
	}
}

function connectionOf(id: string): Connection {
	const now = Date.now();
	closeIdle(now);
	const connection = connections.get(id) ?? { usedAt: now };
	connection.usedAt = now;
	connections.set(id, connection);
	return connection;
}

function connect(settings: RedisSettings, connection: Connection): Client {
	const { host, port, user, password, database = 0, tls = false } = settings;
	const redis = new Redis({
		host,
		port,
		...(user ? { username: user } : {}),
		...(password ? { password } : {}),
		...(tls ? { tls: isIP(host) ? {} : { servername: host } } : {}),
		connectionName: 'n8n-nodes-wecom-data',
		protocol: 2, // Redis 5 and older know no other
		connectTimeout: COMMAND_TIMEOUT_MS,
		commandTimeout: COMMAND_TIMEOUT_MS,
		socketTimeout: SILENCE_MS,
		maxRetriesPerRequest: 0,
		// It asks for INFO, a right of its own; a server that is still reading its data refuses commands.
		enableReadyCheck: false,
		// Whether a command was carried out before the connection broke is for the caller to find out.
		autoResendUnfulfilledCommands: false,
		// Nothing goes on in the background where nobody asks for anything.
		retryStrategy: () => null,
	});
	// ioredis' own option for it goes on in database 0 when there is no such one.
	const opened = database === 0 ? Promise.resolve() : redis.select(database);
	const client: Client = { redis, opened, checkedAt: 0 };
	opened.catch(() => retire(connection, client));
	redis.on('error', (error: NodeJS.ErrnoException) => {
		if (connection.client !== client) return;
		connection.reason = error.code ?? (isSilence(error) ? 'ETIMEDOUT' : firstWord(error.message));
	});
	redis.on('ready', () => delete connection.reason);
	// An idle connection must not keep a process from ending.
	redis.on('connect', () => (redis.stream as { unref?: () => void }).unref?.());
	redis.on('end', () => {
		if (connection.client === client) connection.client = undefined;
	});
	return client;
}

/** Ends a connection as soon as all that is under way on it was answered; the next command makes another. */
function retire(connection: Connection, client: Client): void {
	if (connection.client !== client) return;
	connection.client = undefined;
	client.redis.quit().catch(() => client.redis.disconnect());
}

function closeIdle(now: number): void {
	for (const [id, { client, usedAt }] of connections) {
		if (now - usedAt < IDLE_MS) continue;
		client?.redis.disconnect();
		connections.delete(id);
	}
}

function check({ host, port, database = 0, encryptionKey: key }: RedisSettings): void {
	if (host.trim() === '') {
		throw new InvalidInputError('host', '"host" of the state credential is empty');
	}
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new InvalidInputError('port', `"port" is ${port}, expected a whole number to 65535`);
	}
	if (!Number.isInteger(database) || database < 0) {
		throw new InvalidInputError('database', `"database" is ${database}, expected 0 or more`);
	}
	if (key && key.length < MIN_SECRET_CHARACTERS) {
		throw new InvalidInputError(
			'encryptionKey',
			`"encryptionKey" is shorter than ${MIN_SECRET_CHARACTERS} characters`,
			'Fill in a long random text, the same in every credential for this Redis, or leave it empty to use the password.',
		);
	}
}

function reasonOf(error: NodeJS.ErrnoException, { reason }: Connection): string {
	if (error.message === 'Command timed out') return reason ?? 'ETIMEDOUT';
	return reason ?? error.code ?? error.name;
}

/** ioredis' own words for {@link SILENCE_MS}. */
function isSilence({ message }: Error): boolean {
	return message.startsWith('Socket timeout');
}

/** Redis begins its refusals with a code: `WRONGPASS invalid username-password pair`. */
function firstWord(message: string): string {
	return /^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'connection lost';
}

/** PX takes whole milliseconds from 1. */
function whole(ttlMs: number): number {
	return Math.max(1, Math.ceil(ttlMs));
}
