import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

it('both READMEs list the operations there are', () => {
	const { stderr, status } = spawnSync(
		join(ROOT, 'node_modules', '.bin', 'tsx'),
		['scripts/operations.ts', '--check'],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});
