import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the pictures go; `npm run screenshots` takes some of them into docs/images. */
const { SCREENSHOTS = mkdtempSync(join(tmpdir(), 'wecom-data-screenshots-')) } = process.env;

/** The file of a picture of the editor. */
export function pictureAt(name: string): string {
	mkdirSync(SCREENSHOTS, { recursive: true });
	return join(SCREENSHOTS, `${name}.png`);
}
