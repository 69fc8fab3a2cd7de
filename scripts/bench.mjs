// npm run bench: what the package promises about speed, as ratios measured in one run.
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
process.exitCode = run('tsx', ['bench/decrypt.ts']);
