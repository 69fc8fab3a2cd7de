// Servers, a browser and a compiler that tests need: those that are on this machine, or Debian's packages.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const NO_LIBRARY = "What needs Tencent's library does not run.";

/** Installing takes as long at most: where the network swallows what is sent, apt would go on trying. */
const INSTALL_MS = 10 * 60_000;
/** How long apt waits for a server that does not answer, seconds. */
const APT_TIMEOUT = 15;

/**
 * Finds redis-server, or installs it. Starts nothing.
 *
 * @returns the program
 * @throws Error that says what to do where there is none and it cannot be installed
 */
export function ensureRedis() {
	const { REDIS_SERVER } = process.env;
	return ensure({
		what: 'Redis',
		find: () => firstThatRuns([REDIS_SERVER ?? 'redis-server']),
		packages: ['redis-server'],
		services: ['redis-server'],
		advice: 'macOS: brew install redis; or name the program in REDIS_SERVER',
	});
}

/**
 * As {@link ensureRedis}, for PostgreSQL.
 *
 * @returns the folder of its programs: initdb, postgres
 */
export function ensurePostgres() {
	const { POSTGRES_BIN } = process.env;
	return ensure({
		what: 'PostgreSQL',
		find: () => (POSTGRES_BIN ? [POSTGRES_BIN] : debianPostgres()).find(holdsPostgres),
		packages: ['postgresql'],
		services: ['postgresql'],
		advice: 'macOS: brew install postgresql; and name the folder of initdb in POSTGRES_BIN',
	});
}

/**
 * As {@link ensureRedis}, for Chromium, and for the letters of Chinese.
 *
 * @returns the program
 */
export function ensureChromium() {
	const { CHROMIUM } = process.env;
	const names = CHROMIUM ? [CHROMIUM] : ['chromium', 'chromium-browser', 'google-chrome'];
	return ensure({
		what: 'Chromium',
		find: () => firstThatRuns(names),
		packages: ['chromium', 'fonts-noto-cjk'],
		services: [],
		advice: 'or name a Chromium or Chrome in CHROMIUM',
	});
}

/**
 * As {@link ensureRedis}, for a C compiler. Without one the stub of Tencent's library cannot be made,
 * and what needs it does not run: this is said, and nothing is thrown. Does nothing where Tencent has no
 * library: on anything but Linux with glibc.
 */
export function ensureCompiler() {
	const { CC } = process.env;
	if (!hasGlibc()) return;
	if (CC) {
		if (firstThatCompiles([CC])) return;
		console.log(`CC names no C compiler with the headers of a C library: ${CC}. ${NO_LIBRARY}`);
		return;
	}
	try {
		ensure({
			what: 'C compiler',
			find: () => firstThatCompiles(['gcc', 'cc', 'clang']),
			packages: ['gcc', 'libc6-dev'],
			services: [],
			advice: 'or name one in CC',
		});
	} catch (error) {
		console.log(`${error.message} ${NO_LIBRARY}`);
	}
}

function ensure({ what, find, packages, services, advice }) {
	const there = find();
	if (there) return there;
	console.log(`Installing ${packages.join(' and ')} (Debian packages, once) …`);
	install(packages, services);
	const installed = find();
	if (installed) return installed;
	throw new Error(
		`There is no ${what} and it could not be installed. Debian: apt-get install ${packages.join(' ')}; ${advice}.`,
	);
}

function install(packages, services) {
	const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
	const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes'];
	// In containers the user that apt would check signatures as may not even write to /dev/null.
	apt.push('-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Retries=1');
	for (const way of ['http', 'https']) apt.push('-o', `Acquire::${way}::Timeout=${APT_TIMEOUT}`);
	const ends = Date.now() + INSTALL_MS;
	const get = (...args) => Date.now() < ends && succeeds([...apt, ...args], ends - Date.now());
	const getPackages = () => get('install', '--no-install-recommends', ...packages);
	if (!getPackages() && !(get('update') && getPackages())) return;
	for (const service of services) {
		// The package starts a server of its own on the usual port: nobody asked for that one.
		const stopped = succeeds([...asRoot, 'systemctl', 'disable', '--now', service]);
		if (!stopped) succeeds([...asRoot, 'service', service, 'stop']);
	}
}

function hasGlibc() {
	// Otherwise the report asks the network for the names of all addresses.
	process.report.excludeNetwork = true;
	const { glibcVersionRuntime } = process.report.getReport().header;
	return process.platform === 'linux' && glibcVersionRuntime !== undefined;
}

/** Compilers with the headers of a C library beside them. */
function firstThatCompiles(names) {
	const check = ['-x', 'c', '-fsyntax-only', '-include', 'stdio.h', '/dev/null'];
	return names.find((name) => succeeds([name, ...check]));
}

/** Whole paths, as Playwright wants them. */
function firstThatRuns(programs) {
	const folders = (process.env.PATH ?? '').split(delimiter);
	return programs
		.flatMap((program) =>
			isAbsolute(program) ? [program] : folders.map((folder) => join(folder, program)),
		)
		.find((path) => existsSync(path) && succeeds([path, '--version']));
}

function debianPostgres() {
	const versions = '/usr/lib/postgresql';
	if (!existsSync(versions)) return [];
	return readdirSync(versions).map((version) => join(versions, version, 'bin'));
}

function holdsPostgres(folder) {
	return ['initdb', 'postgres'].every((program) => succeeds([join(folder, program), '--version']));
}

function succeeds([program, ...args], timeout) {
	return spawnSync(program, args, { stdio: 'ignore', timeout }).status === 0;
}
