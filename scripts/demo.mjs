// npm run demo: the product at work, from a bare checkout.
import { ensureCompiler } from './programs.mjs';
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
ensureCompiler();
console.log('Building the package …');
process.exitCode = run('node', ['scripts/build.mjs']) || run('tsx', ['scripts/demo.ts']);
