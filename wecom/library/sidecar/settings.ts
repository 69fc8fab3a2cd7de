import { closeSync, openSync, readSync } from 'node:fs';

import { InvalidInputError } from '../../errors';
import { isSidecarToken, TOKEN_RULE } from './wire';

/** How the sidecar is run: what its environment says. */
export interface SidecarSettings {
	/** Address that it listens on. */
	host: string;
	port: number;
	/** Bearer token. */
	token: string;
}

const DEFAULT_FILE = '/run/secrets/wecom_sidecar_token';
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = '8787';
/** Larger than any token, and a bound on what is read. */
const MAX_TOKEN_FILE_BYTES = 4096;

/**
 * Reads `WECOM_SIDECAR_TOKEN_FILE`, `WECOM_SIDECAR_HOST` and `WECOM_SIDECAR_PORT`; what is empty
 * counts as missing. The token itself is taken from the file only: an environment is seen by too many.
 *
 * @throws InvalidInputError naming the variable, never the token
 */
export function readSidecarSettings(
	env: Readonly<Partial<Record<string, string>>>,
): SidecarSettings {
	const host = env.WECOM_SIDECAR_HOST?.trim() || DEFAULT_HOST;
	const port = env.WECOM_SIDECAR_PORT?.trim() || DEFAULT_PORT;
	if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
		throw new InvalidInputError(
			'WECOM_SIDECAR_PORT',
			'WECOM_SIDECAR_PORT is no port, expected a number from 0 to 65535',
		);
	}
	const file = env.WECOM_SIDECAR_TOKEN_FILE?.trim() || DEFAULT_FILE;
	return { host, port: Number(port), token: readToken(file) };
}

function readToken(file: string): string {
	const token = readStart(file).trim();
	if (isSidecarToken(token)) return token;
	throw new InvalidInputError(
		'WECOM_SIDECAR_TOKEN_FILE',
		`The token in ${file} has to be ${TOKEN_RULE}; there are ${token.length} characters`,
		`Make one: openssl rand -hex 32 > ${file}`,
	);
}

function readStart(file: string): string {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const bytes = Buffer.alloc(MAX_TOKEN_FILE_BYTES);
			return bytes.toString('utf8', 0, readSync(descriptor, bytes));
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		const { code = 'unknown' } = error as NodeJS.ErrnoException;
		throw new InvalidInputError(
			'WECOM_SIDECAR_TOKEN_FILE',
			`The token cannot be read from ${file} (${code})`,
			'Put a token of 32 characters or more into that file, or name another in WECOM_SIDECAR_TOKEN_FILE.',
		);
	}
}
