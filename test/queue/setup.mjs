// What jest calls before the queue suite.
import { ensureRunningN8n } from '../../scripts/n8n.mjs';
import { ensurePostgres, ensureRedis } from '../../scripts/programs.mjs';

export default async function setup() {
	await ensureRunningN8n();
	ensureRedis();
	process.env.POSTGRES_BIN = ensurePostgres();
}
