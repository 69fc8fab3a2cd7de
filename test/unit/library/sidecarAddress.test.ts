import { InvalidInputError } from '../../../wecom/errors';
import { parseSidecarUrl } from '../../../wecom/library/sidecar/address';

it.each([
	'http://127.0.0.1:8787',
	'http://127.9.9.9',
	'http://[::1]:8787',
	'http://localhost:8787',
	'http://wecom-library:8787',
	'http://wecom-library.:8787',
	'http://10.1.2.3:8787',
	'http://172.16.0.1',
	'http://172.31.255.255',
	'http://192.168.1.20:8787',
	'http://100.64.0.1',
	'http://169.254.1.1',
	'http://[fd12:3456::1]:8787',
	'http://[fe80::1]:8787',
	'http://[::ffff:192.168.0.1]:8787',
	'http://sidecar.local',
	'http://wecom-library.n8n.svc:8787',
	'http://wecom-library.n8n.svc.cluster.local:8787',
	'http://box.corp.internal',
	'http://nas.home.arpa',
	' http://wecom-library:8787/under/a/path/ ',
])('plain http is taken for this machine and private networks: %s', (url) => {
	expect(parseSidecarUrl(url).href).toBe(new URL(url.trim()).href);
});

it.each([
	'http://sidecar.example.com:8787',
	'http://8.8.8.8',
	'http://172.32.0.1',
	'http://100.128.0.1',
	'http://192.169.0.1',
	'http://134744072',
	'http://[2001:4860:4860::8888]',
	'http://[::ffff:8.8.8.8]',
	'http://localhost.example.com',
	'http://10.0.0.1.example.com',
])('plain http to what may be on the internet needs to be allowed: %s', (url) => {
	expect(() => parseSidecarUrl(url)).toThrow(/plain http to a host that may be on the internet/);
	expect(parseSidecarUrl(url, true).protocol).toBe('http:');
	expect(parseSidecarUrl(url.replace('http:', 'https:')).protocol).toBe('https:');
});

it.each([
	'',
	'wecom-library:8787',
	'ftp://wecom-library',
	'http://user:password@wecom-library:8787',
	'http://wecom-library:8787?token=x',
	'http://wecom-library:8787#x',
	'/run/sidecar.sock',
])('what is no address of a sidecar is refused, allowed or not: "%s"', (url) => {
	for (const allowed of [false, true]) {
		expect(() => parseSidecarUrl(url, allowed)).toThrow(InvalidInputError);
		expect(() => parseSidecarUrl(url, allowed)).toThrow(
			expect.objectContaining({ field: 'sidecarUrl' }),
		);
	}
});
