import { createPublicKey, type KeyObject } from 'node:crypto';
import { permittedMembers, type PermittedMember } from '../data/editions';
import type { World } from '../data/world';
import type { PageRequest } from '../paging';
import { Refusal } from '../refusal';
import { ok, type ApiRoute, type Backend } from './api';
import {
	isId,
	isInteger,
	isString,
	isWebAddress,
	oneOf,
	optional,
	pageFields,
	pageOf,
	publishedPageFields,
	required,
	takeFields,
	type Check,
} from './fields';
import { requireOwnApp } from './msgaudit';

const MAX_VERSION = 2n ** 31n - 1n;
const PEM = /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n?$/;

const DEFAULT_LIMIT = 200;
const PROGRAM = { program_id: required(isId) };

/** Where a contract has its paths, and the right they need. */
const PLACES = {
	reference: { contract: 'reference', path: '/msgaudit' },
	dataZone: { contract: 'dataZone', path: '/chatdata', right: 'datazone:chatdata:base' },
} as const;

/** Where a corp gives its key (fields of document path 101349). */
const setPublicKey = (contract: keyof typeof PLACES): ApiRoute => ({
	...PLACES[contract],
	method: 'POST',
	path: `${PLACES[contract].path}/set_public_key`,
	token: 'access_token',
	answer({ archive }, { body }) {
		const { public_key: pem, public_key_ver: version } = takeFields(body, {
			public_key: required(isString),
			public_key_ver: required(isInteger(1n, MAX_VERSION)),
		});
		const key = rsaKey(pem as string);
		if (Number(version) <= archive.newestVersion) {
			throw new Refusal(40212, `public_key_ver must be above ${archive.newestVersion}`);
		}
		archive.setPublicKey(Number(version), key);
		return ok({});
	},
});

const EDITION = { type: optional(oneOf(1, 2, 3)) };

/**
 * POST /msgaudit/get_permit_user_list: pages with editions in the reference contract, which sends a
 * cursor always, and accounts alone as Tencent has it (document path 91614).
 */
const getPermittedUsers: ApiRoute = {
	contract: ['reference', 'messageArchive'],
	method: 'POST',
	path: '/msgaudit/get_permit_user_list',
	token: 'access_token',
	answer(backend, call) {
		const { contracts, world } = backend;
		const { body } = call;
		const isPage = 'cursor' in (body as object) || 'limit' in (body as object);
		if (!contracts.includes('reference') || (!isPage && contracts.includes('messageArchive'))) {
			requireOwnApp(call);
			const type = typeIn(takeFields(body, EDITION));
			return ok({ ids: permittedOf(world, type).map(({ userid }) => userid) });
		}
		const fields = takeFields(body, { ...pageFields(1000), ...EDITION });
		const type = typeIn(fields);
		const { entries, nextCursor, hasMore } = permittedPage(backend, pageOf(fields), type);
		return ok({
			auth_user_list: entries.map(({ userid, editions }) => ({ userid, edition_list: editions })),
			next_cursor: nextCursor,
			has_more: hasMore,
		});
	},
};

/** POST /chatdata/get_auth_user_list (document path 101350). */
const getAuthorizedUsers: ApiRoute = {
	...PLACES.dataZone,
	method: 'POST',
	path: '/chatdata/get_auth_user_list',
	token: 'access_token',
	answer(backend, { body }) {
		const page = pageOf(takeFields(body, publishedPageFields(1000)), DEFAULT_LIMIT);
		const { entries, nextCursor, hasMore } = permittedPage(backend, page);
		return ok({
			auth_user_list: entries.map(({ openUserid, editions }) => ({
				userid: openUserid,
				edition_list: editions,
			})),
			next_cursor: nextCursor,
			has_more: hasMore,
		});
	},
};

/** POST /msgaudit/set_callback (reference contract): no verification of the URL. */
const setCallback: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/set_callback',
	token: 'access_token',
	answer({ notifier }, { body }) {
		const fields = takeFields(body, {
			url: required(isWebAddress),
			token: required(matches(/^[A-Za-z0-9]{1,32}$/, '1 to 32 letters and digits')),
			encoding_aes_key: required(matches(/^[A-Za-z0-9]{43}$/, '43 letters and digits')),
		});
		const { url, token, encoding_aes_key } = fields as Readonly<Record<string, string>>;
		const keys = { token: token as string, encodingAesKey: encoding_aes_key as string };
		notifier.setTarget({ url: url as string, keys });
		return ok({});
	},
};

/** POST /chatdata/set_receive_callback (document path 101351): which program gets the events. */
const setReceiveCallback: ApiRoute = {
	contract: 'dataZone',
	method: 'POST',
	path: '/chatdata/set_receive_callback',
	token: 'access_token',
	answer({ programs, events }, { body }) {
		programs.requireReady(takeFields(body, PROGRAM).program_id as string);
		events.listen();
		return ok({});
	},
};

/** What a program writes into its log (fields of document path 101352). */
const setLogLevel = (contract: keyof typeof PLACES): ApiRoute => ({
	contract,
	method: 'POST',
	path: `${PLACES[contract].path}/set_log_level`,
	token: 'access_token',
	answer({ programs }, { body }) {
		const { program_id: id, log_level: level } = takeFields(body, {
			...PROGRAM,
			log_level: required(oneOf(1, 2, 3)),
		});
		programs.setLogLevel(id as string, Number(level));
		return ok({});
	},
});

/** POST /chatdata/get_log_level (document path 101352). */
const getLogLevel: ApiRoute = {
	contract: 'dataZone',
	method: 'POST',
	path: '/chatdata/get_log_level',
	token: 'access_token',
	answer({ programs }, { body }) {
		return ok({ log_level: programs.logLevel(takeFields(body, PROGRAM).program_id as string) });
	},
};

/** How a corp sets up its data zone. */
export const zoneRoutes: readonly ApiRoute[] = [
	setPublicKey('reference'),
	setPublicKey('dataZone'),
	getPermittedUsers,
	getAuthorizedUsers,
	setCallback,
	setReceiveCallback,
	setLogLevel('reference'),
	setLogLevel('dataZone'),
	getLogLevel,
];

/** Members with their editions, page by page; those of one edition alone where `type` is given. */
function permittedPage({ world, pager }: Backend, page: PageRequest, type?: number) {
	const users = permittedOf(world, type);
	return pager.page(`permitted ${type}`, users, page, ({ userid }) => userid);
}

function permittedOf(world: World, type?: number): PermittedMember[] {
	return permittedMembers(world).filter(
		({ editions }) => type === undefined || editions.includes(type),
	);
}

function typeIn({ type }: Readonly<Record<string, unknown>>): number | undefined {
	return type === undefined ? undefined : Number(type);
}

function rsaKey(pem: string): KeyObject {
	let key: KeyObject | undefined;
	try {
		key = PEM.test(pem) ? createPublicKey(pem) : undefined;
	} catch {
		// Not a key: refused below.
	}
	const bits = key?.asymmetricKeyDetails?.modulusLength;
	if (key?.asymmetricKeyType !== 'rsa' || bits !== 2048) {
		throw new Refusal(40211, 'public_key must be an RSA-2048 public key in PEM form (SPKI)');
	}
	return key;
}

function matches(pattern: RegExp, what: string): Check {
	return (value) =>
		typeof value === 'string' && pattern.test(value) ? undefined : `must be ${what}`;
}
