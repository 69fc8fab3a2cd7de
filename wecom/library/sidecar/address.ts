import { BlockList, isIP } from 'node:net';

import { InvalidInputError } from '../../errors';
import { trimmed } from '../../visible';

/** Ends of names that are never of the public internet. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|svc)$/;

/** Addresses that are never of the public internet. Source: RFC 6890, RFC 4193 */
const privateAddresses = new BlockList();
for (const [net, prefix] of [
	['127.0.0.0', 8],
	['10.0.0.0', 8],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
	['169.254.0.0', 16],
	['100.64.0.0', 10],
] as const) {
	privateAddresses.addSubnet(net, prefix, 'ipv4');
}
privateAddresses.addAddress('::1', 'ipv6');
privateAddresses.addSubnet('fc00::', 7, 'ipv6');
privateAddresses.addSubnet('fe80::', 10, 'ipv6');

/**
 * Reads the address of a sidecar.
 *
 * @param allowPlainHttp takes plain http for any host
 * @returns scheme, host, port and path
 * @throws InvalidInputError where it is none, or where secrets would cross the internet unencrypted
 */
export function parseSidecarUrl(text: string, allowPlainHttp = false): URL {
	const url = URL.canParse(trimmed(text)) ? new URL(trimmed(text)) : undefined;
	const known = url?.protocol === 'http:' || url?.protocol === 'https:';
	if (!url || !known || url.search || url.hash || url.username || url.password) {
		throw new InvalidInputError(
			'sidecarUrl',
			'The sidecar URL must be an address like http://wecom-library:8787, without user, password or query',
			'The token has a field of its own.',
		);
	}
	if (url.protocol === 'http:' && !allowPlainHttp && !isPrivateHost(url.hostname)) {
		throw new InvalidInputError(
			'sidecarUrl',
			'The sidecar URL is plain http to a host that may be on the internet: the archive secret, keys and messages would cross it unencrypted',
			'Use https://, or the name or address that the sidecar has in a network of your own. For a network that you trust all the same turn on `allowPlainHttp`.',
		);
	}
	return url;
}

/** Whether a host, as URLs write it, is certainly within this machine or a private network. */
function isPrivateHost(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	const version = isIP(host);
	if (version > 0) return privateAddresses.check(host, version === 4 ? 'ipv4' : 'ipv6');
	// Names without a dot are those of containers and of one's own network.
	return !host.includes('.') || PRIVATE_NAME.test(host);
}
