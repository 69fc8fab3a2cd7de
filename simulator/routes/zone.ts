import { createPublicKey, type KeyObject } from 'node:crypto';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isId,
	isInteger,
	isString,
	oneOf,
	optional,
	pageFields,
	pageOf,
	required,
	takeFields,
	type Check,
} from './fields';

const PERMITTED = '/msgaudit/get_permit_user_list';
const MAX_VERSION = 2n ** 31n - 1n;
const PEM = /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n?$/;

/** Editions of the members, in turn: 1 internal, 2 with customers, 3 with voice calls. */
const EDITIONS: ReadonlyArray<readonly number[]> = [[2, 3], [2], [2], [1]];

/** POST /msgaudit/set_public_key (fields of document path 101349). */
const setPublicKey: ApiRoute = {
	method: 'POST',
	path: '/msgaudit/set_public_key',
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
};

/** POST /msgaudit/get_permit_user_list (fields of document path 101350). */
const getPermittedUsers: ApiRoute = {
	method: 'POST',
	path: PERMITTED,
	token: 'access_token',
	answer({ world, pager }, { body }) {
		const fields = takeFields(body, { ...pageFields(1000), type: optional(oneOf(1, 2, 3)) });
		const type = fields.type === undefined ? undefined : Number(fields.type);
		const users = world.members
			.map(({ userid }, index) => ({
				userid,
				edition_list: EDITIONS[index % EDITIONS.length] as readonly number[],
			}))
			.filter(({ edition_list: editions }) => type === undefined || editions.includes(type));
		const page = pager.page(`${PERMITTED} ${type}`, users, pageOf(fields), (user) => user.userid);
		return ok({
			auth_user_list: page.entries,
			next_cursor: page.nextCursor,
			has_more: page.hasMore,
		});
	},
};

/** POST /msgaudit/set_callback (reference contract): no verification of the URL. */
const setCallback: ApiRoute = {
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

/** POST /msgaudit/set_log_level (fields of document path 101352). */
const setLogLevel: ApiRoute = {
	method: 'POST',
	path: '/msgaudit/set_log_level',
	token: 'access_token',
	answer({ programs }, { body }) {
		const { program_id: id, log_level: level } = takeFields(body, {
			program_id: required(isId),
			log_level: required(oneOf(1, 2, 3)),
		});
		programs.setLogLevel(id as string, Number(level));
		return ok({});
	},
};

/** How a corp sets up its data zone. */
export const zoneRoutes: readonly ApiRoute[] = [
	setPublicKey,
	getPermittedUsers,
	setCallback,
	setLogLevel,
];

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

const isWebAddress: Check = (value) =>
	typeof value === 'string' &&
	value.length <= 2048 &&
	URL.canParse(value) &&
	/^https?:$/.test(new URL(value).protocol)
		? undefined
		: 'must be an address of http or https';

function matches(pattern: RegExp, what: string): Check {
	return (value) =>
		typeof value === 'string' && pattern.test(value) ? undefined : `must be ${what}`;
}
