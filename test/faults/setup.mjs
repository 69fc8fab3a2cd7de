// What jest calls before the fault suite.
import { ensureCompiler, ensureRedis } from '../../scripts/programs.mjs';

export default function setup() {
	ensureRedis();
	ensureCompiler();
}
