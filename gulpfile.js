'use strict';

// TypeScript is compiled by tsc; what n8n reads beside the code (icons, codex and
// translation files) is copied into dist/ here.
const { dest, parallel, src } = require('gulp');

const icons = () => src('icons/**/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));
const nodeTranslations = () =>
	src('nodes/*/translations/**/*.json', { allowEmpty: true }).pipe(dest('dist/nodes'));
const credentialTranslations = () =>
	src('credentials/translations/**/*.json', { allowEmpty: true }).pipe(
		dest('dist/credentials/translations'),
	);

exports.default = parallel(icons, codex, nodeTranslations, credentialTranslations);
