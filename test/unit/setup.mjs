// What jest calls before the unit and the engine tests.
export { ensureCompiler as default } from '../../scripts/programs.mjs';
