import { spawnSync } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

import forge from 'node-forge';

import { startSimulator } from '../simulator';
import { CallbackReceiver } from '../wecom/callback/receiver';
import { KeyRing } from '../wecom/archive/keyRing';
import { RecordDecryptor, type EncryptedRecord } from '../wecom/archive/record';
import { median, report, type Promised } from './promises';

/**
 * `npm run bench`: what the package promises about speed, as ratios within one run, for absolute
 * figures move with the machine. Exits with 1 when a promise is not kept.
 */

const ROUNDS = 5;
const PAGE = 1000;
const FORGE_RECORDS = 20;

async function main(): Promise<void> {
	const wecom = await startSimulator({ messageCount: PAGE });
	const records = await fetchPage(wecom.url, wecom.corp);
	const [one, two] = [wecom.keys[1]?.privateKey ?? '', wecom.keys[2]?.privateKey ?? ''];
	const receiverSettings = { ...wecom.callback, receiveIds: [wecom.callback.suiteId] };
	const callback = wecom.buildCallback({ event: 'msgaudit_notify' });
	await wecom.stop();

	const decryptor = new RecordDecryptor(
		new KeyRing([
			{ version: 1, key: one },
			{ version: 2, key: two },
		]),
	);
	const toOpenssl: number[] = [];
	const gaps: number[] = [];
	const pageMs: number[] = [];
	await decryptor.decryptAll(records); // warm up
	for (let round = 0; round < ROUNDS; round++) {
		const opensslMs = opensslPrivateOperationMs();
		const delay = monitorEventLoopDelay({ resolution: 1 });
		delay.enable();
		const started = performance.now();
		const results = await decryptor.decryptAll(records);
		const elapsed = performance.now() - started;
		delay.disable();
		if (results.some(({ state }) => state !== 'opened')) throw new Error('A record did not open');
		pageMs.push(elapsed);
		gaps.push(delay.max / 1e6);
		if (opensslMs) toOpenssl.push(elapsed / PAGE / opensslMs);
	}

	const promises: Promised[] = [
		{
			what: `decrypting ${PAGE} records, to the RSA private operations alone by "openssl speed rsa2048"`,
			value: median(toOpenssl),
			limit: 1.35,
			unit: '×',
			below: true,
		},
		{
			what: `node-forge's time for the same, to ours`,
			value: (forgeMs(records, one, two) * PAGE) / median(pageMs),
			limit: 30,
			unit: '×',
			below: false,
		},
		{
			what: 'longest hold of the event loop meanwhile',
			value: median(gaps),
			limit: 20,
			unit: 'ms',
			below: true,
		},
		{
			what: 'CPU for refusing the worst hostile megabyte',
			value: hostileMs(new CallbackReceiver(receiverSettings)),
			limit: 20,
			unit: 'ms',
			below: true,
		},
	];
	console.log(
		`Node ${process.version}, ${ROUNDS} rounds, medians; page of ${PAGE}: ${median(pageMs).toFixed(0)} ms`,
	);
	console.log(
		`callbacks verified and decrypted per second: ${callbacksPerSecond(new CallbackReceiver(receiverSettings), callback)}`,
	);
	for (const promise of promises) report(promise, 'no openssl program');
}

async function fetchPage(
	url: string,
	{ corpId, corpSecret }: { corpId: string; corpSecret: string },
): Promise<EncryptedRecord[]> {
	const api = `${url}/cgi-bin`;
	const login = await fetch(`${api}/gettoken?corpid=${corpId}&corpsecret=${corpSecret}`);
	const { access_token } = (await login.json()) as { access_token: string };
	const answer = await fetch(`${api}/msgaudit/get_chat_data?access_token=${access_token}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ seq: 0, limit: PAGE }),
	});
	return ((await answer.json()) as { chatdata: EncryptedRecord[] }).chatdata;
}

/** Milliseconds of one private operation, or undefined where the openssl program is missing. */
function opensslPrivateOperationMs(): number | undefined {
	const { stdout, error } = spawnSync('openssl', ['speed', '-seconds', '1', 'rsa2048']);
	if (error) return undefined;
	const perSecond = /rsa\s+2048 bits\s+\S+\s+\S+\s+([\d.]+)/.exec(stdout.toString())?.[1];
	return perSecond ? 1000 / Number(perSecond) : undefined;
}

/** Milliseconds of CPU a record takes with node-forge, RSA only. */
function forgeMs(records: EncryptedRecord[], one: string, two: string): number {
	const keys = [one, two].map((pem) => forge.pki.privateKeyFromPem(pem));
	const started = process.cpuUsage();
	for (const record of records.slice(0, FORGE_RECORDS)) {
		const key = keys[Number(record.publickey_ver) - 1];
		key?.decrypt(forge.util.decode64(String(record.encrypt_random_key)), 'RSAES-PKCS1-V1_5');
	}
	return cpuMs(started) / FORGE_RECORDS;
}

function hostileMs(receiver: CallbackReceiver): number {
	const megabyte = (unit: string, start = '') =>
		Buffer.from((start + unit.repeat(1024 * 1024)).slice(0, 1024 * 1024));
	// The second half is as long as the limit lets through, where the work would be.
	const bodies = ['<a', '<a>', '<![CDATA[]]>', '<!---->', '<Encrypt>', '{"a":', '[', ' '].flatMap(
		(unit) => [megabyte(unit), megabyte(unit, '<xml>'), megabyte(unit, '{"encrypt":')],
	);
	const limited = bodies.map((body) => body.subarray(0, 128 * 1024));
	const query = { msg_signature: '0'.repeat(40), timestamp: '1', nonce: '2' };
	return Math.max(
		...[...bodies, ...limited].map((body) => {
			const started = process.cpuUsage();
			try {
				receiver.receive(query, body);
			} catch {
				return cpuMs(started);
			}
			throw new Error('A hostile body was accepted');
		}),
	);
}

function callbacksPerSecond(
	receiver: CallbackReceiver,
	{ query, body }: { query: object; body: string },
): number {
	const bytes = Buffer.from(body);
	const started = performance.now();
	let count = 0;
	while (performance.now() - started < 1000) {
		receiver.receive({ ...query }, bytes);
		count++;
	}
	return count;
}

function cpuMs(start: NodeJS.CpuUsage): number {
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1000;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
