// npm run simulator: a WeCom on this machine, with credentials to paste.
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
process.exitCode = run('tsx', ['simulator/cli.ts', ...process.argv.slice(2)]);
