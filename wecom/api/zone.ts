import { createPublicKey } from 'node:crypto';

import * as z from 'zod/v4';

import { toPem, unwrapKey } from '../archive/pem';
import { InvalidInputError } from '../errors';
import type { UploadFile } from '../http/multipart';
import { isJsonObject, objectOf, type JsonObject } from '../json';
import {
	fields,
	flag,
	id,
	oneOf,
	optional,
	parseInput,
	text,
	webAddress,
	wholeNumber,
	type TextBounds,
} from './fields';
import { NOTHING_HIDDEN, NO_PROGRAM } from './inOwnArchive';
import { listIn } from './lists';
import { listOperation, operation, withoutErrcode } from './operation';

/**
 * An RSA-2048 public key in PEM form (SPKI), however people copy it, see {@link unwrapKey}; comes out
 * in its one canonical form.
 */
export const publicKey = () =>
	text({ maxBytes: 4096 }).transform((value, context) => {
		const unwrapped = unwrapKey(value);
		const [, body] =
			/^-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----$/.exec(unwrapped) ?? [];
		const pem = body === undefined ? unwrapped : toPem('PUBLIC KEY', body);
		const problem = publicKeyProblem(pem);
		if (problem === undefined) return pem;
		context.issues.push({
			code: 'custom',
			input: value,
			message: `${problem}, expected an RSA-2048 public key in PEM form (-----BEGIN PUBLIC KEY-----)`,
		});
		return z.NEVER;
	});

function publicKeyProblem(pem: string): string | undefined {
	if (/PRIVATE KEY/.test(pem)) return 'is a private key, which must stay with you';
	if (/CERTIFICATE/.test(pem)) return 'is a certificate';
	if (!/^-----BEGIN PUBLIC KEY-----\n/.test(pem)) return 'is not in this form';
	try {
		const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
		if (asymmetricKeyType !== 'rsa') return `is a key of type ${asymmetricKeyType}`;
		const bits = asymmetricKeyDetails?.modulusLength;
		return bits === 2048 ? undefined : `is an RSA key of ${bits} bits`;
	} catch {
		return 'cannot be read as a key';
	}
}

/** The version of a public key, higher than that of any key set before. */
export const keyVersion = () => wholeNumber(1, 2 ** 31 - 1);

/**
 * Sets the key that messages are archived with from now on. Source: reference document 3; fields of
 * https://developer.work.weixin.qq.com/document/path/101349
 */
export const setPublicKey = operation({
	name: 'setPublicKey',
	retry: 'idempotent',
	input: fields({ public_key: publicKey(), public_key_ver: keyVersion() }),
	instead: {
		messageArchive:
			'Enter the public key in the admin console, under 会话内容存档: its version is shown there.',
	},
	wires: {
		reference: 'POST /msgaudit/set_public_key',
		dataZone: 'POST /chatdata/set_public_key',
	},
});

/** A member whose conversations are archived. */
export interface PermittedMember {
	userid: string;
	/** 1 internal, 2 internal and external, 3 with voice calls. */
	edition_list?: number[];
}

/**
 * Members whose conversations are archived. Source: reference document 3; documents 101350 and, for
 * the path, 91614 (which answers with plain ids).
 */
export const listPermittedMembers = listOperation({
	name: 'listPermittedMembers',
	input: {
		/** 1 office, 2 service, 3 enterprise edition. */
		type: optional(oneOf(1, 2, 3)),
	},
	maxPageSize: 1000,
	list: 'auth_user_list',
	id: 'userid',
	entry: ({ edition_list: editions, ...member }) =>
		({
			// The name of the same id in older answers of the zone.
			...('open_userid' in member ? { userid: member.open_userid } : {}),
			...member,
			...(Array.isArray(editions) ? { edition_list: editions } : {}),
		}) as unknown as PermittedMember,
	wires: {
		reference: { route: 'POST /msgaudit/get_permit_user_list', list: ['auth_user_list', 'ids'] },
		dataZone: {
			route: 'POST /chatdata/get_auth_user_list',
			// The zone lists the members of all editions at once.
			body: ({ type: _type, ...rest }) => rest,
		},
		messageArchive: {
			route: 'POST /msgaudit/get_permit_user_list',
			list: ['ids', 'auth_user_list'],
			// All members come at once.
			body: ({ type }) => ({ type }),
		},
	},
});

const lettersAndDigits = (bounds: TextBounds) =>
	text(bounds).refine((value) => /^[A-Za-z0-9]+$/.test(value), {
		error: () => 'holds other characters, expected letters and digits only',
	});
const callback = {
	url: webAddress(2048),
	token: lettersAndDigits({ maxCharacters: 32 }),
	encoding_aes_key: lettersAndDigits({ maxCharacters: 43, minCharacters: 43 }),
};
const wholeCallback = fields(callback);
const receiver = fields({ program_id: id() });

/**
 * Where the data zone calls back to. The reference takes an address, and what to sign and encrypt
 * with; the zone takes the program that is to receive its events, and sets no address.
 * Source: reference document 3 and scenario 1; document 101351.
 */
export const setCallback = operation({
	name: 'setCallback',
	retry: 'idempotent',
	input: fields({
		url: optional(callback.url),
		token: optional(callback.token),
		encoding_aes_key: optional(callback.encoding_aes_key),
		program_id: optional(id()),
	}),
	secrets: ({ token = '', encoding_aes_key: key = '' }) => [token, key],
	instead: {
		messageArchive: 'Enter where events are received in the admin console, under 会话内容存档.',
	},
	wires: {
		reference: {
			route: 'POST /msgaudit/set_callback',
			body: ({ program_id: _program, ...given }) => parseInput(wholeCallback, given),
		},
		dataZone: {
			route: 'POST /chatdata/set_receive_callback',
			body: ({ program_id }) => parseInput(receiver, { program_id }),
		},
	},
});

/**
 * The event that a program in the zone stored, as it stored it: `event_type`, `timestamp` in seconds
 * since 1970, and the event under the name of its type.
 */
export interface StoredEvent extends JsonObject {
	event_type: string;
}

/**
 * The event behind the notify_id of a program_notify, within ten minutes. The id stands beside the
 * request and not in it. Source: documents 100052, 100053 and 101356.
 */
export const fetchEvent = operation({
	name: 'fetchEvent',
	retry: 'read',
	proof: ['event_type'],
	gives: 'a stored event',
	input: fields({ notify_id: text({ maxBytes: 128 }) }),
	instead: {
		reference: 'The callback brings the event itself: nothing has to be fetched.',
		messageArchive: 'The callback brings the event itself: nothing has to be fetched.',
	},
	read: (answer) => withoutErrcode(answer) as StoredEvent,
	wires: { dataZone: 'ZONE do_async_job' },
});

/** How much a program in the zone writes into its log. Source: reference document 3; document 101352. */
export const setLogLevel = operation({
	name: 'setLogLevel',
	retry: 'idempotent',
	input: fields({
		program_id: id(),
		/** 1 ERR, 2 INFO, 3 DBG. */
		log_level: oneOf(1, 2, 3),
	}),
	instead: { messageArchive: NO_PROGRAM },
	wires: {
		reference: 'POST /msgaudit/set_log_level',
		dataZone: 'POST /chatdata/set_log_level',
	},
});

/** How much a program writes into its log: 1 ERR, 2 INFO, 3 DBG. Source: document 101352. */
export const getLogLevel = operation({
	name: 'getLogLevel',
	retry: 'read',
	proof: ['log_level'],
	input: fields({ program_id: id() }),
	read: (answer) => withoutErrcode(answer) as { log_level?: number },
	instead: { messageArchive: NO_PROGRAM },
	wires: { dataZone: 'POST /chatdata/get_log_level' },
});

/** Least and most bytes of an uploaded file. Source: document 101353. */
export const UPLOAD_BYTES = { min: 6, max: 60 * 1024 * 1024 } as const;

/** The file WeCom keeps for three days. */
export interface UploadedFile {
	type?: string;
	media_id: string;
	/** Seconds since 1970, as text. */
	created_at?: string;
}

const uploaded = fields({
	fileName: text({}),
	contentType: text({}),
	size: z.custom<number>(),
	open: z.custom<UploadFile['open']>(),
});
/** What both uploads have in common. */
const upload = {
	// A second copy does no harm: it is gone after three days.
	retry: 'idempotent',
	query: { type: 'file' },
	timeoutMs: 300_000,
	input: uploaded,
	check({ size }: z.output<typeof uploaded>) {
		if (!Number.isInteger(size) || size < UPLOAD_BYTES.min || size > UPLOAD_BYTES.max) {
			throw new InvalidInputError(
				'file',
				`"file" has ${Number(size)} bytes, WeCom takes ${UPLOAD_BYTES.min} to ${UPLOAD_BYTES.max}`,
				'Split the file, or leave it out when it is empty.',
			);
		}
	},
	body: () => ({}),
	file: (file: z.output<typeof uploaded>) => ({ ...file, field: 'media' }),
	read: (answer: JsonObject) => withoutErrcode(answer) as unknown as UploadedFile,
} as const;

/**
 * Uploads a file for use in other zone calls, streamed. Source: reference document 3; document 101353.
 */
export const uploadTemporaryFile = operation({
	name: 'uploadTemporaryFile',
	...upload,
	instead: { messageArchive: 'Nothing that takes an uploaded file exists there.' },
	wires: {
		reference: 'POST /msgaudit/upload_tmp_file',
		dataZone: 'POST /chatdata/upload_media',
	},
});

/**
 * Uploads the template of an export, streamed. In the zone it is an ordinary temporary file of the
 * app. Source: reference document 3; documents 90389 and 99838.
 */
export const uploadExportTemplate = operation({
	name: 'uploadExportTemplate',
	...upload,
	instead: { messageArchive: 'Nothing that takes an uploaded file exists there.' },
	wires: { reference: 'POST /msgaudit/upload_tmp_file', dataZone: 'POST /media/upload' },
});

/** An edition of the data zone, as the corp has it. */
export interface AuthorizedEdition {
	/** 1 internal, 2 internal and external, 3 with voice calls. */
	edition: number;
	/** Whose conversations the app may work on. */
	auth_scope?: { userid_list?: string[]; department_id_list?: number[]; tag_id_list?: number[] };
	/** As in {@link EDITION_STATUSES}. */
	status?: number;
	/** Seconds since 1970; none for an edition that was never bought after its trial. */
	begin_time?: number;
	/** Seconds since 1970; none for an edition that was never bought after its trial. */
	end_time?: number;
	/** How long messages are kept, days. */
	msg_duration_days?: number;
	auth_user_count?: number;
}

/** status of an edition by its number. Source: document 101354. */
export const EDITION_STATUSES = {
	1: 'trial',
	2: 'trial over',
	3: 'paid',
	4: 'paid, expired',
	5: 'free',
	6: 'free, expired',
	7: 'paid, not yet in effect',
} as const;

/** Which editions of the data zone the corp has, and for whom. Source: document 101354. */
export const getZoneAuthorization = operation({
	name: 'getZoneAuthorization',
	retry: 'read',
	proof: ['auth_edition_list'],
	input: fields({}),
	read: (answer, path) => ({
		...withoutErrcode(answer),
		auth_edition_list: listIn(answer, 'auth_edition_list', path).filter(
			isJsonObject,
		) as unknown as AuthorizedEdition[],
	}),
	instead: {
		reference:
			'`listPermittedMembers` tells whose conversations are archived, `getPurchased` what the corp has bought.',
		messageArchive: '`listPermittedMembers` tells whose conversations are archived.',
	},
	wires: { dataZone: 'POST /chatdata/get_corp_auth_info' },
});

/** What the display component shows to a member as stars. */
export interface Privacy {
	hide_mobile?: boolean;
	hide_idcard?: boolean;
	hide_bankno?: boolean;
}

/** What the display component hides from a member. Source: document 100055. */
export const getPrivacy = operation({
	name: 'getPrivacy',
	retry: 'read',
	proof: ['config'],
	input: fields({ userid: id() }),
	read: ({ config }) => ({ config: objectOf(config) as Privacy }),
	instead: { messageArchive: NOTHING_HIDDEN },
	wires: { dataZone: 'POST /chatdata/get_hide_sensitiveinfo_config' },
});

/**
 * Sets what the display component hides from a member. What is left out is shown, and everything is
 * hidden from a member for whom nothing was ever set. Source: document 100055.
 */
export const setPrivacy = operation({
	name: 'setPrivacy',
	retry: 'idempotent',
	input: fields({
		userid: id(),
		config: fields({
			hide_mobile: optional(flag()),
			hide_idcard: optional(flag()),
			hide_bankno: optional(flag()),
		}),
	}),
	instead: { messageArchive: NOTHING_HIDDEN },
	wires: { dataZone: 'POST /chatdata/set_hide_sensitiveinfo_config' },
});

/**
 * Sends the calls of a program to a debug server; only for test corps. The token is good for three
 * days. Source: document 101391.
 */
export const openDebugMode = operation({
	name: 'openDebugMode',
	retry: 'idempotent',
	input: fields({ program_id: id(), debug_token: text({ maxBytes: 1024 }) }),
	secrets: ({ debug_token }) => [debug_token],
	instead: { messageArchive: NO_PROGRAM },
	wires: { dataZone: 'POST /chatdata/open_debug_mode' },
});

/** Sends the calls of a program into the zone again. Source: document 101392. */
export const closeDebugMode = operation({
	name: 'closeDebugMode',
	retry: 'idempotent',
	input: fields({ program_id: id() }),
	instead: { messageArchive: NO_PROGRAM },
	wires: { dataZone: 'POST /chatdata/close_debug_mode' },
});

/** Whether the calls of a program go to a debug server: 1 no, 2 yes. Source: document 100112. */
export const getDebugMode = operation({
	name: 'getDebugMode',
	retry: 'read',
	proof: ['debug_mode_status'],
	input: fields({ program_id: id() }),
	read: (answer) => withoutErrcode(answer) as { debug_mode_status?: number },
	instead: { messageArchive: NO_PROGRAM },
	wires: { dataZone: 'POST /chatdata/check_debug_mode' },
});
