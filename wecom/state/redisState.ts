import { createHash } from 'node:crypto';
import { isIP } from 'node:net';

import Redis from 'ioredis';

import { InvalidInputError, StateUnavailableError } from '../errors';
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

interface Connection {
	/** Unset while there is none: the next command makes it. */
	redis?: Redis | undefined;
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
const MIN_SECRET_CHARACTERS = 8;

const DELETE_IF =
	"if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

const EXTEND_IF =
	"if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0";
const SET_WHILE =
	"if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[3]) return 1 end return 0";

/** By settings; shared by every execution of this process. */
const connections = new Map<string, Connection>();

/**
 * State in a Redis that several processes share. Connects with the first command, keeps the
 * connection, and connects again with the first command after it broke or fell silent.
 *
 * @throws InvalidInputError naming the setting that cannot be used
 */
export function makeRedisState(settings: RedisSettings): State {
	check(settings);
	const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const prefix = settings.keyPrefix ?? '';
	const store = (area: string) => new RedisStore(settings, id, `${prefix}${area}/`);
	return {
		kind: 'redis',
		events: store('event'),
		facts: store('fact'),
		secrets: sealed(store('secret'), async () => await encryptionKey(settings, id)),
	};
}

/** Closes every connection. For programs that end; n8n keeps them. */
export function closeRedisConnections(): void {
	for (const { redis } of connections.values()) redis?.disconnect();
	connections.clear();
}

class RedisStore implements StateStore {
	constructor(
		private readonly settings: RedisSettings,
		private readonly id: string,
		private readonly prefix: string,
	) {}

	async get(key: string): Promise<string | undefined> {
		return (await this.run(async (redis) => await redis.get(this.prefix + key))) ?? undefined;
	}

	async set(key: string, value: string, ttlMs: number): Promise<void> {
		await this.run(async (redis) => await redis.set(this.prefix + key, value, 'PX', whole(ttlMs)));
	}

	async add(key: string, value: string, ttlMs: number): Promise<boolean> {
		const answer = await this.run(
			async (redis) => await redis.set(this.prefix + key, value, 'PX', whole(ttlMs), 'NX'),
		);
		return answer === 'OK';
	}

	async deleteIf(key: string, value: string): Promise<void> {
		await this.run(async (redis) => await redis.eval(DELETE_IF, 1, this.prefix + key, value));
	}

	async extendIf(key: string, value: string, ttlMs: number): Promise<boolean> {
		const answer = await this.run(
			async (redis) =>
				await redis.eval(EXTEND_IF, 1, this.prefix + key, value, String(whole(ttlMs))),
		);
		return answer === 1;
	}

	async setWhile(
		held: { key: string; value: string },
		key: string,
		value: string,
		ttlMs: number,
	): Promise<boolean> {
		const keys = [this.prefix + held.key, this.prefix + key];
		const answer = await this.run(
			async (redis) =>
				await redis.eval(SET_WHILE, 2, ...keys, held.value, value, String(whole(ttlMs))),
		);
		return answer === 1;
	}

	/** An error of the library carries the command with its values: only its kind goes on. */
	private async run<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
		const connection = connectionOf(this.id);
		try {
			return await command((connection.redis ??= connect(this.settings, connection)));
		} catch (error) {
			const { host, port } = this.settings;
			throw new StateUnavailableError(reasonOf(error, connection), `${host}:${port}`);
		}
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

function connect(settings: RedisSettings, connection: Connection): Redis {
	const { host, port, user, password, database = 0, tls = false } = settings;
	const redis = new Redis({
		host,
		port,
		...(user ? { username: user } : {}),
		...(password ? { password } : {}),
		...(tls ? { tls: isIP(host) ? {} : { servername: host } } : {}),
		db: database,
		connectionName: 'n8n-nodes-wecom-data',
		protocol: 2, // Redis 5 and older know no other
		connectTimeout: COMMAND_TIMEOUT_MS,
		commandTimeout: COMMAND_TIMEOUT_MS,
		socketTimeout: SILENCE_MS,
		maxRetriesPerRequest: 0,
		// Whether a command was carried out before the connection broke is for the caller to find out.
		autoResendUnfulfilledCommands: false,
		// Nothing goes on in the background where nobody asks for anything.
		retryStrategy: () => null,
	});
	redis.on('error', (error: NodeJS.ErrnoException) => {
		connection.reason = error.code ?? (isSilence(error) ? 'ETIMEDOUT' : firstWord(error.message));
	});
	redis.on('ready', () => delete connection.reason);
	// An idle connection must not keep a process from ending.
	redis.on('connect', () => (redis.stream as { unref?: () => void }).unref?.());
	redis.on('end', () => {
		if (connection.redis === redis) connection.redis = undefined;
	});
	return redis;
}

function closeIdle(now: number): void {
	for (const [id, { redis, usedAt }] of connections) {
		if (now - usedAt < IDLE_MS) continue;
		redis?.disconnect();
		connections.delete(id);
	}
}

async function encryptionKey(settings: RedisSettings, id: string): Promise<Buffer> {
	const connection = connectionOf(id);
	const secret = settings.encryptionKey || settings.password || '';
	connection.key ??= keyFromPassword(secret, settings.keyPrefix ?? '');
	return await connection.key;
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

function reasonOf(error: unknown, { reason }: Connection): string {
	const { name, message, code } = error as NodeJS.ErrnoException;
	if (message === 'Command timed out') return reason ?? 'ETIMEDOUT';
	if (name === 'ReplyError') return firstWord(message);
	return reason ?? code ?? name;
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
