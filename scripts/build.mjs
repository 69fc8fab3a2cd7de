// npm run build: dist/ from nothing.
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { ensureInstalled, root, run } from './setup.mjs';

ensureInstalled();
rmSync(join(root, 'dist'), { recursive: true, force: true });
process.exitCode = run('tsc', ['-p', 'tsconfig.json']) || run('gulp', ['--silent']);
