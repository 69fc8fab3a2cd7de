import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
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

/** A service of a compose file, as far as the tests look at it. */
interface Service {
	profiles?: string[];
	build?: { context: string; dockerfile?: string; args: Record<string, string> };
	environment?: Record<string, string>;
	networks?: string[];
	secrets?: string[];
	volumes?: Array<string | { source: string; target: string; read_only?: boolean }>;
	depends_on?: Record<string, unknown>;
	healthcheck?: { test: string[] };
}

describe('the sidecar', () => {
	// n8n's own parser: nothing else here reads YAML.
	const { parse } = createRequire(join(MODULES, 'n8n', 'package.json'))('yaml') as {
		parse: (text: string, options: object) => unknown;
	};
	const compose = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true }) as {
		services: Record<string, Service>;
		secrets: Record<string, { file: string }>;
	};
	const { 'wecom-library': sidecar = {}, ...others } = compose.services;
	const dockerfile = readFileSync(join(DEPLOY, 'sidecar', 'Dockerfile'), 'utf8');

	it('is started by its profile alone, and nothing waits for it', () => {
		expect(sidecar.profiles).toEqual(['library']);
		for (const service of Object.values(others)) {
			expect(service.profiles).toBeUndefined();
			expect(Object.keys(service.depends_on ?? {})).not.toContain('wecom-library');
		}
	});

	it('can do nothing but what it needs', () => {
		expect(sidecar).toMatchObject({
			read_only: true,
			cap_drop: ['ALL'],
			security_opt: ['no-new-privileges:true'],
			ulimits: { core: 0 },
			pids_limit: expect.any(Number),
			mem_limit: expect.any(String),
		});
		for (const key of ['ports', 'cap_add', 'privileged', 'user', 'tmpfs', 'network_mode', 'pid']) {
			expect(sidecar).not.toHaveProperty(key);
		}
		expect(dockerfile.match(/^USER .+$/gm)).toEqual(['USER node']);
		expect(dockerfile.indexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('RUN '));
	});

	it('gets the library read-only and the token as a file, both from outside of the image', () => {
		const { environment = {}, volumes = [], secrets = [] } = sidecar;
		expect(volumes).toEqual([expect.objectContaining({ target: '/sdk', read_only: true })]);
		expect(environment.WECOM_FINANCE_SDK).toMatch(/^\/sdk\/libWeWorkFinanceSdk_C\.so$/);
		expect(secrets).toEqual(['wecom_sidecar_token']);
		expect(environment.WECOM_SIDECAR_TOKEN_FILE).toBe('/run/secrets/wecom_sidecar_token');
		expect(Object.keys(compose.secrets)).toEqual(secrets);
		expect(dockerfile.match(/^(COPY|ADD) .+$/gm)).toEqual([
			'COPY n8n-nodes-wecom-data-${PACKAGE_VERSION}.tgz package.tgz',
		]);
	});

	it('is reached by what runs workflows, and reaches no database', () => {
		const sharing = Object.entries(others)
			.filter(([, { networks = ['default'] }]) => networks.includes('library'))
			.map(([name]) => name);
		expect(sharing).toEqual(['main', 'worker']);
		expect(sidecar.networks).toEqual(['library']);
		for (const name of sharing) expect(others[name]?.networks).toContain('default');
	});

	it('is told only what the program reads', () => {
		const { environment = {} } = sidecar;
		const sources = ['settings.ts', join('sidecar', 'settings.ts')]
			.map((file) => readFileSync(join(ROOT, 'wecom', 'library', file), 'utf8'))
			.join('\n');
		const given = Object.keys(environment).filter((name) => !OF_THE_SYSTEM.includes(name));
		expect(given).toContain('WECOM_SIDECAR_HOST');
		expect(given.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
	});

	it('runs the program of this package on glibc, installed without scripts', () => {
		expect(sidecar.build).toEqual({
			context: '.',
			dockerfile: 'sidecar/Dockerfile',
			args: { PACKAGE_VERSION: '${PACKAGE_VERSION}' },
		});
		expect(dockerfile).toMatch(/^FROM node:24-bookworm-slim$/m);
		expect(dockerfile).toContain('--ignore-scripts');
		const [, name, program] = /^CMD \["node", "node_modules\/([^/]+)\/dist\/(.+)\.js"\]$/m.exec(dockerfile) ?? []; // prettier-ignore
		expect(name).toBe('n8n-nodes-wecom-data');
		expect(existsSync(join(ROOT, `${program}.ts`))).toBe(true);
	});

	it.each([
		[200, 0],
		[503, 1],
		[undefined, 1],
	])('counts as healthy by what it answers: %s', async (status, exitCode) => {
		const asked: Array<string | undefined> = [];
		const server = createServer((request, response) => {
			asked.push(request.url);
			response.writeHead(status ?? 500).end();
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		if (status === undefined) await new Promise((closed) => server.close(closed));
		const [, , option, code = ''] = sidecar.healthcheck?.test ?? [];
		expect(code).toContain(':8787/');
		const check = spawn(process.execPath, [option ?? '', code.replace('8787', String(port))]);
		await expect(once(check, 'exit')).resolves.toEqual([exitCode, null]);
		expect(asked).toEqual(status === undefined ? [] : ['/health']);
		server.close();
	});
});
