// A process that uses the library: killed, or left alone, by process.test.ts.
import { closeLibraries, configureLibraries, openLibrary } from '../../../wecom/library';
import { sealed, SECRET } from './sealedMessages';

const [, , hostFile = '', what] = process.argv;

async function main(): Promise<void> {
	configureLibraries({ hostFile, graceMs: 60_000 });
	const library = openLibrary({ at: 'thisMachine' }, { corpId: 'ww1', secret: SECRET });
	if (what === 'hangs') await library.decrypt([sealed(1, 'segv'), sealed(2, 'abort')]);
	await library.decrypt([sealed(0)]);
	process.stdout.write('opened\n');
	if (what === 'hangs') await library.decrypt([sealed(3, 'hang')]);
	if (what === 'closes') await closeLibraries();
}

void main();
