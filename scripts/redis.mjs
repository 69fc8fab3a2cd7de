// A redis-server on this machine: the one that is there, or Debian's package.
import { spawnSync } from 'node:child_process';

/** The program; REDIS_SERVER names it where it is not on the PATH. */
const { REDIS_SERVER = 'redis-server' } = process.env;

/**
 * Finds redis-server, or installs it. Starts nothing.
 *
 * @throws Error that says what to do where there is none and it cannot be installed
 */
export function ensureRedis() {
	if (isThere()) return;
	if (!process.env.REDIS_SERVER) install();
	if (isThere()) return;
	throw new Error(
		`There is no ${REDIS_SERVER} and it could not be installed. Install Redis (Debian: apt-get install redis-server, macOS: brew install redis), or name the program in REDIS_SERVER.`,
	);
}

function isThere() {
	return succeeds([REDIS_SERVER, '--version']);
}

function install() {
	console.log('Installing redis-server (Debian package, once) …');
	const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
	const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes'];
	const getPackage = () => succeeds([...apt, 'install', '--no-install-recommends', 'redis-server']);
	if (!getPackage() && !(succeeds([...apt, 'update']) && getPackage())) return;
	// The package starts a server of its own on Redis' usual port: nobody asked for that one.
	const stopped = succeeds([...asRoot, 'systemctl', 'disable', '--now', 'redis-server']);
	if (!stopped) succeeds([...asRoot, 'service', 'redis-server', 'stop']);
}

function succeeds([program, ...args]) {
	return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

// What jest calls before the fault suite.
export default ensureRedis;
