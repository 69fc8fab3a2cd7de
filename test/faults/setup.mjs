// What jest calls before the fault suite.
export { ensureRedis as default } from '../../scripts/programs.mjs';
