'use strict';

// TypeScript is compiled by tsc; what n8n reads beside the code (icons, codex and
// translation files) is copied into dist/ here.
const { readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { Transform } = require('node:stream');
const { dest, parallel, src } = require('gulp');

const icons = () => src('icons/**/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));
const nodeTranslations = () =>
	src(['nodes/*/translations/**/*.json', '!nodes/shared/**'])
		.pipe(withSharedTexts())
		.pipe(dest('dist/nodes'));
const credentialTranslations = () =>
	src('credentials/translations/**/*.json').pipe(dest('dist/credentials/translations'));

exports.default = parallel(icons, codex, nodeTranslations, credentialTranslations);

/** Puts what nodes/shared/translations/<locale>.json says in the place of each "@name". */
function withSharedTexts() {
	return new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			const locale = basename(dirname(file.path));
			const shared = readJson(join(__dirname, 'nodes/shared/translations', `${locale}.json`));
			try {
				const texts = fill(JSON.parse(file.contents.toString('utf8')), shared);
				file.contents = Buffer.from(JSON.stringify(texts, null, '\t'));
				done(null, file);
			} catch (error) {
				done(new Error(`${file.relative}: ${error.message}`));
			}
		},
	});
}

function fill(texts, shared) {
	if (typeof texts !== 'string') {
		return Object.fromEntries(
			Object.entries(texts).map(([key, text]) => [key, fill(text, shared)]),
		);
	}
	if (!texts.startsWith('@')) return texts;
	const name = texts.slice(1);
	if (!(name in shared)) throw new Error(`There is no shared text "${name}"`);
	return shared[name];
}

function readJson(path) {
	return JSON.parse(readFileSync(path, 'utf8'));
}
