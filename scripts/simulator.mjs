// npm run simulator: a WeCom on this machine, with credentials to paste.
import { ensureCompiler } from './programs.mjs';
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
ensureCompiler();
process.exitCode = run('tsx', ['simulator/cli.ts', ...process.argv.slice(2)]);
