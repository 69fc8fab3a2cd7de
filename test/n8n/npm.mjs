// Stands where n8n looks for npm: knows this package as if it were published, asks the real npm for
// everything else. See package.ts.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

const { name, version, tarball } = JSON.parse(process.env.LOCAL_PACKAGE);
// n8n names the public registry; the one that npm is set to on this machine serves the rest.
const [command, specifier = '', ...rest] = process.argv
	.slice(2)
	.filter((argument) => !argument.startsWith('--registry='));

if (command === 'view' && specifier.startsWith(`${name}@`)) {
	console.log(JSON.stringify(version));
} else {
	const what = command === 'pack' && specifier.startsWith(`${name}@`) ? tarball : specifier;
	const { status } = spawnSync(process.env.REAL_NPM, [command, what, ...rest].filter(Boolean), {
		stdio: 'inherit',
		// npm finds its settings beside the Node.js that runs it, and n8n's is another one.
		env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
	});
	process.exitCode = status ?? 1;
}
