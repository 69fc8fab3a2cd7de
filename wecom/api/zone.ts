import { createPublicKey } from 'node:crypto';

import * as z from 'zod/v4';

import { toPem, unwrapKey } from '../archive/pem';
import { InvalidInputError } from '../errors';
import type { UploadFile } from '../http/multipart';
import { fields, id, oneOf, optional, text, wholeNumber } from './fields';
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
	wires: { reference: 'POST /msgaudit/set_public_key' },
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
			...member,
			...(Array.isArray(editions) ? { edition_list: editions } : {}),
		}) as unknown as PermittedMember,
	wires: {
		reference: { route: 'POST /msgaudit/get_permit_user_list', list: ['auth_user_list', 'ids'] },
	},
});

const LETTERS_AND_DIGITS = /^[A-Za-z0-9]+$/;

/**
 * Where the data zone calls back to, and what it signs and encrypts with.
 * Source: reference document 3 and scenario 1.
 */
export const setCallback = operation({
	name: 'setCallback',
	retry: 'idempotent',
	input: fields({
		url: text({ maxBytes: 2048 }).refine(
			(value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
			{ error: () => 'is no web address, expected one that begins with https:// or http://' },
		),
		token: text({ maxCharacters: 32 }).refine((value) => LETTERS_AND_DIGITS.test(value), {
			error: () => 'holds other characters, expected letters and digits only',
		}),
		encoding_aes_key: text({ maxCharacters: 43, minCharacters: 43 }).refine(
			(value) => LETTERS_AND_DIGITS.test(value),
			{
				error: () => 'holds other characters, expected letters and digits only',
			},
		),
	}),
	secrets: ({ token, encoding_aes_key: key }) => [token, key],
	wires: { reference: 'POST /msgaudit/set_callback' },
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
	wires: { reference: 'POST /msgaudit/set_log_level' },
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

/**
 * Uploads a file for use in other zone calls, streamed. Source: reference document 3; document 101353.
 */
export const uploadTemporaryFile = operation({
	name: 'uploadTemporaryFile',
	// A second copy does no harm: it is gone after three days.
	retry: 'idempotent',
	query: { type: 'file' },
	timeoutMs: 300_000,
	input: fields({
		fileName: text({}),
		contentType: text({}),
		size: z.custom<number>(),
		open: z.custom<UploadFile['open']>(),
	}),
	check({ size }) {
		if (!Number.isInteger(size) || size < UPLOAD_BYTES.min || size > UPLOAD_BYTES.max) {
			throw new InvalidInputError(
				'file',
				`"file" has ${Number(size)} bytes, WeCom takes ${UPLOAD_BYTES.min} to ${UPLOAD_BYTES.max}`,
				'Split the file, or leave it out when it is empty.',
			);
		}
	},
	body: () => ({}),
	file: (file) => ({ ...file, field: 'media' }),
	read: (answer) => withoutErrcode(answer) as unknown as UploadedFile,
	wires: { reference: 'POST /msgaudit/upload_tmp_file' },
});
