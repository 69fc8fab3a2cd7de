// npm run screenshots: the pictures of docs/images, taken anew from n8n's editor.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root, run } from './setup.mjs';

/** Picture in docs/images: what the editor tests call it. */
const PICTURES = {
	'messages.png': 'wecom-chat-archive-light',
	'sentiment.png': 'wecom-ai-model-dark',
	'trigger.png': 'wecom-data-trigger-light',
	'zh-CN-node.png': 'zh-CN-node',
	'zh-CN-credential.png': 'zh-CN-credential',
};

const SCREENSHOTS = mkdtempSync(join(tmpdir(), 'wecom-data-screenshots-'));
const status = run('node', ['scripts/e2e.mjs', '--testPathPatterns', 'e2e/(editor|chinese)'], {
	env: { ...process.env, SCREENSHOTS },
});
if (status === 0) {
	for (const [picture, name] of Object.entries(PICTURES)) {
		copyFileSync(join(SCREENSHOTS, `${name}.png`), join(root, 'docs', 'images', picture));
	}
}
rmSync(SCREENSHOTS, { recursive: true });
process.exitCode = status;
