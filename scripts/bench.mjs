// npm run bench: what the package promises about speed, as ratios measured in one run.
import { ensureCompiler } from './programs.mjs';
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
ensureCompiler();
// The process of the library runs from what is built.
const built = run('node', ['scripts/build.mjs']);
process.exitCode = built || run('tsx', ['bench/decrypt.ts']) || run('tsx', ['bench/library.ts']);
