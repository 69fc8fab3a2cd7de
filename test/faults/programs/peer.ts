import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

import type * as Library from '../../../wecom/library';
import { librariesOf } from '../libraryProcesses';

/**
 * Says on stdout whether a process can read the memory of another one of the same user and the same
 * rights: of an ordinary one, and of that which holds Tencent's library. `{ ordinary, library }`, each
 * `readable` or the code of the system's refusal.
 */
async function look(): Promise<void> {
	const built = join(__dirname, '..', '..', '..', 'dist', 'wecom', 'library');
	const { openLibrary, closeLibraries } = (await import(built)) as typeof Library;
	const library = openLibrary({ at: 'thisMachine' }, { corpId: 'ww1', secret: 'a-secret-of-it' });
	// Whatever it says to this: it is loaded then, and has the secret.
	await library.decrypt([{ randomKey: 'k'.repeat(32), ciphertext: 'A'.repeat(400) }]);
	const ordinary = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
	await once(ordinary, 'spawn');
	const [pid = 0] = librariesOf(process.pid);
	const seen = { ordinary: memoryOf(ordinary.pid ?? 0), library: memoryOf(pid) };
	process.stdout.write(JSON.stringify(seen));
	ordinary.stdin.end();
	await closeLibraries();
}

/** What comes of opening the memory of a process. */
function memoryOf(pid: number): string {
	try {
		closeSync(openSync(`/proc/${pid}/mem`, 'r'));
		return 'readable';
	} catch (error) {
		return String((error as NodeJS.ErrnoException).code);
	}
}

void look();
