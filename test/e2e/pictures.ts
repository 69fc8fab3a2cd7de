import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Simulator } from '../../simulator';

/** Where the pictures go; `npm run screenshots` takes some of them into docs/images. */
const { SCREENSHOTS = mkdtempSync(join(tmpdir(), 'wecom-data-screenshots-')) } = process.env;

/** The file of a picture of the editor. */
export function pictureAt(name: string): string {
	mkdirSync(SCREENSHOTS, { recursive: true });
	return join(SCREENSHOTS, `${name}.png`);
}

/** The seq after which a picture of messages shows one first that people can read. */
export function beforeFirstText({ truth }: Simulator): string {
	const text = truth.find(({ plaintext }) => plaintext?.msgtype === 'text');
	return `${(text?.seq ?? 1n) - 1n}`;
}
