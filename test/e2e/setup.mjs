// What jest calls before the tests on a real n8n.
import { ensureRunningN8n } from '../../scripts/n8n.mjs';
import { ensureChromium, ensureCompiler, ensureRedis } from '../../scripts/programs.mjs';

export default async function setup() {
	await ensureRunningN8n();
	ensureRedis();
	ensureCompiler();
	process.env.CHROMIUM = ensureChromium();
}
