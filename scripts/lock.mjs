// npm run lock: after a dependency changed. Makes package-lock.json good for every platform and
// every registry: drops the addresses, and names the optional packages of other platforms, which npm
// leaves out where a registry mirror does not carry them (npm ci then refuses the lock file).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './setup.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = new Set(['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']);
const CPU = new Set(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']);

for (const entry of Object.values(lock.packages)) delete entry.resolved;
for (const [owner, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
	for (const [name, version] of Object.entries(optionalDependencies)) {
		const words = name.split(/[/-]/);
		const os = words.find((word) => OS.has(word));
		const cpu = words.find((word) => CPU.has(word));
		const known = [`${owner}/node_modules/${name}`, `node_modules/${name}`].some(
			(path) => path in lock.packages,
		);
		if (known || !os || !cpu || !/^\d/.test(version)) continue;
		lock.packages[`node_modules/${name}`] = {
			version,
			cpu: [cpu],
			dev: true,
			optional: true,
			os: [os],
		};
		console.log(`added ${name}@${version}`);
	}
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, '\t')}\n`);
