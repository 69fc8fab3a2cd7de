import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const DEPLOY = join(ROOT, 'deploy');
const MODULES = join(dirname(require.resolve('n8n-core/package.json')), '..');
/** What the containers themselves read, not n8n. */
const OF_THE_SYSTEM = ['TZ'];

/** Names of environment variables that n8n reads, as its compiled sources have them. */
function readByN8n(): Set<string> {
	const names = ['n8n', 'n8n-core', '@n8n/config'].flatMap((name) => {
		const dist = join(MODULES, name, 'dist');
		return readdirSync(dist, { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => [
				...readFileSync(join(dist, file), 'utf8').matchAll(
					/(?:\.Env\)\('|_ENV = ')([A-Z0-9_]+)'|process\.env\.([A-Z0-9_]+)/g,
				),
			])
			.map(([, declared, read]) => declared ?? read ?? '');
	});
	return new Set(names);
}

/** The variables of a compose file that its n8n services get. */
function givenToN8n(compose: string): string[] {
	const services = compose.slice(0, compose.indexOf('\n  postgres:'));
	return [...services.matchAll(/^ {4,6}([A-Z][A-Z0-9_]+):/gm)]
		.map(([, name = '']) => name)
		.filter((name) => !OF_THE_SYSTEM.includes(name) && !/^(N8N|PACKAGE)_VERSION$/.test(name));
}

it.each(['deployment.md', 'deployment.zh-CN.md'])('docs/%s names only variables of n8n', (file) => {
	const page = readFileSync(join(ROOT, 'docs', file), 'utf8');
	const named = [...page.matchAll(/\b(?:N8N|EXECUTIONS|QUEUE|DB|WEBHOOK)_[A-Z0-9_]+/g)].map(
		([name]) => name,
	);
	const own = ['N8N_VERSION'];
	const read = readByN8n();
	expect(named).toContain('N8N_WEBHOOK_URL');
	expect(named.filter((name) => !read.has(name) && !own.includes(name))).toEqual([]);
});

describe('the compose file', () => {
	const compose = readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8');
	const example = Object.fromEntries(
		[...readFileSync(join(DEPLOY, '.env.example'), 'utf8').matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(
			([, name, value]) => [name, value],
		),
	);

	it('sets only variables that this n8n reads', () => {
		const given = givenToN8n(compose);
		const read = readByN8n();
		expect(given).toEqual(expect.arrayContaining(['EXECUTIONS_MODE', 'QUEUE_BULL_REDIS_HOST']));
		expect(given.filter((name) => !read.has(name))).toEqual([]);
	});

	it('takes from .env what .env.example lists, no more and no less', () => {
		const used = [...compose.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name]) => name);
		expect([...new Set(used)].sort()).toEqual(Object.keys(example).sort());
	});

	it('runs this version of the package on the n8n that the tests run on', () => {
		const versionOf = (folder: string) =>
			(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string })
				.version;
		expect(example).toMatchObject({
			N8N_VERSION: versionOf(join(MODULES, 'n8n')),
			PACKAGE_VERSION: versionOf(ROOT),
		});
	});
});
