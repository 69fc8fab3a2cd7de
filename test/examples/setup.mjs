// What jest calls before the example tests.
import { ensureN8n } from '../../scripts/n8n.mjs';
import { ensureCompiler } from '../../scripts/programs.mjs';

export default async function setup() {
	await ensureN8n();
	ensureCompiler();
}
