/**
 * The sidecar: gives Tencent's library on this machine to an n8n that cannot load it.
 *
 * Run it with `node dist/wecom/library/sidecar.js`. Its environment says where the library is
 * (`WECOM_FINANCE_SDK`, `WECOM_FINANCE_SDK_SHA256`, `WECOM_FINANCE_SDK_LOAD`) and how it is reached
 * (`WECOM_SIDECAR_TOKEN_FILE`, `WECOM_SIDECAR_HOST`, `WECOM_SIDECAR_PORT`).
 *
 * @packageDocumentation
 */
import process from 'node:process';
import { setTimeout } from 'node:timers';

import { closeLibraries, openLibrary } from '.';
import { WecomError } from '../errors';
import type { LibraryAccess } from './archiveLibrary';
import { libraryHealth, NO_CORP } from './sidecar/handlers';
import { placesOf, SidecarLog } from './sidecar/log';
import { SidecarServer } from './sidecar/server';
import { readSidecarSettings } from './sidecar/settings';

/** Shorter than the ten seconds after which Docker kills, milliseconds. */
const GRACE_MS = 8000;
/** The library's processes are killed by then. */
const CLOSE_MS = 1500;

const log = new SidecarLog((line) => void process.stderr.write(line));
const open = (access: LibraryAccess) => openLibrary({ at: 'thisMachine' }, access);

async function main(): Promise<void> {
	const { token, host, port } = readSidecarSettings(process.env);
	const server = new SidecarServer({ token, open, log });
	const address = await server.listen(host, port);
	log.info(`Listens on ${address.address} port ${address.port}`);
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.once(signal, () => void end(server, signal));
	}
	const library = await libraryHealth(open(NO_CORP));
	if ('problem' in library) {
		log.problem(`The library cannot be used: ${library.problem} ${library.hint ?? ''}`.trim());
	} else {
		const { file, version = 'an unknown version', md5, mode } = library;
		log.info(`The library is ${file}, ${version}, md5 ${md5}, loaded ${mode}`);
	}
}

async function end(server: SidecarServer, signal: string): Promise<void> {
	log.info(`Stops on ${signal}`);
	await server.end(GRACE_MS);
	// The library's processes keep nothing alive, this process included.
	setTimeout(() => process.exit(1), CLOSE_MS);
	await closeLibraries();
	log.info('Stopped');
	process.exit(0);
}

function fail(error: unknown): void {
	const words =
		error instanceof WecomError ? [error.message, error.hint].join(' ') : placesOf(error);
	log.problem(`Cannot go on: ${words}`);
	process.exit(1);
}

process.once('uncaughtException', fail);
process.once('unhandledRejection', fail);
// A log that nobody reads any more is no reason to end.
process.stderr.on('error', () => undefined);
main().catch(fail);
