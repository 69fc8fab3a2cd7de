import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { IDataObject, IRun } from 'n8n-workflow';
import stringWidth from 'string-width';

import { credentialsFor, startSimulator, type Simulator } from '../simulator';
import { Engine, type WorkflowJson } from '../test/engine/harness';
import { showMessageArchive } from './demoArchive';

/**
 * `npm run demo`: the shipped example on n8n's engine. A simulated WeCom calls back, the workflow
 * pulls what is new, and the conversations come out decrypted. Then the same corp through its own
 * archive, with a picture.
 */

const EXAMPLE = join(__dirname, '..', 'examples', 'archive-to-answer.json');
const MESSAGES = 3000;
const LATER_MESSAGES = 25;
const SHOWN = 40;
const PULL_NODE = 'Pull New Messages';
const TEXT_COLUMNS = 60;

async function main(): Promise<void> {
	step(`Starting a simulated WeCom with ${MESSAGES} archived messages …`);
	const wecom = await startSimulator({
		messageCount: MESSAGES,
		corruptEvery: 250,
		missingKeyEvery: 600,
	});
	step(`  ${wecom.url}, corp ${wecom.world.corpName}, RSA keys of version 1 and 2`);

	step('Loading the built package into n8n-core …');
	const engine = await Engine.load({ ...credentialsFor(wecom) } as Engine['credentials']);
	step(`  nodes: ${engine.nodeNames.join(', ')}`);

	const workflow = engine.workflow(JSON.parse(readFileSync(EXAMPLE, 'utf8')) as WorkflowJson);
	const runs: IRun[] = [];
	const webhook = await engine.serveWebhooks(workflow, 'WeCom Data Trigger', (run) =>
		runs.push(run),
	);
	const stopProgress = showProgress(wecom);
	try {
		step('WeCom checks the callback URL …');
		expectOk((await wecom.verifyUrl(webhook.url)).ok, 'the URL check');

		step('WeCom calls back: msgaudit_notify, signed and encrypted …');
		const started = performance.now();
		const call = { url: webhook.url, event: 'msgaudit_notify' as const };
		expectOk((await wecom.sendCallback(call)).ok, 'the callback');
		await webhook.settled();
		const seconds = (performance.now() - started) / 1000;
		const records = outputOf(runs, 0);

		stopProgress();
		printTable(records, wecom);
		printSummary(records, seconds);

		step(`\n${LATER_MESSAGES} more messages arrive, WeCom calls back again …`);
		wecom.addMessages(LATER_MESSAGES);
		await wecom.sendCallback({ ...call, fields: { TimeStamp: String(nowSeconds() + 15) } });
		await webhook.settled();
		const later = outputOf(runs, 1);
		step(`  ${later.length} new messages came out, none of the old ones`);
		expectOk(later.length === LATER_MESSAGES, 'the second pull');

		step('Somebody sends a forged callback …');
		const forged = await fetch(
			`${webhook.url}?msg_signature=${'0'.repeat(40)}&timestamp=1&nonce=2`,
			{
				method: 'POST',
				body: wecom.buildCallback(call).body,
			},
		);
		await webhook.settled();
		step(`  refused with HTTP ${forged.status}, no execution`);
		expectOk(forged.status === 401 && runs.length === 2, 'the refusal');
		expectOk(records.length === wecom.truth.length - LATER_MESSAGES, 'every record came out');

		await showMessageArchive(wecom, step);
	} finally {
		stopProgress();
		await webhook.close();
		await wecom.stop();
	}
}

function outputOf(runs: IRun[], index: number): IDataObject[] {
	const result = runs[index]?.data.resultData;
	if (!result || result.error) throw result?.error ?? new Error('The workflow did not run');
	const items = result.runData[PULL_NODE]?.[0]?.data?.main?.[0] ?? [];
	return items.map(({ json }) => json);
}

/** A line whenever another page was asked for. */
function showProgress(wecom: Simulator): () => void {
	let shown = 0;
	const timer = setInterval(() => {
		const pages = wecom.requests.filter(({ path }) => path.endsWith('/get_chat_data')).length;
		if (pages > shown) step(`  … page ${pages} asked for, decrypting`);
		shown = pages;
	}, 200);
	return () => clearInterval(timer);
}

function printTable(records: IDataObject[], wecom: Simulator): void {
	const names = new Map<string, string>([
		...wecom.world.members.map(({ userid, name }) => [userid, name] as const),
		...wecom.world.customers.map(({ externalUserid, name }) => [externalUserid, name] as const),
		...wecom.world.groups.map(({ roomid, name }) => [roomid, name] as const),
	]);
	const nameOf = (id: unknown) => names.get(String(id)) ?? String(id ?? '');
	const rows = records.slice(-SHOWN).map((record) => [
		String(record.seq),
		String(record.time ?? '')
			.slice(5, 16)
			.replace('T', ' '),
		record.decrypted ? `${nameOf(record.from)} → ${nameOf(addresseeOf(record))}` : '',
		record.decrypted ? String(record.type) : '(not decrypted)',
		String(record.decrypted ? (record.text ?? '') : record.reason).replace(/\s+/g, ' '),
	]);
	const header = ['seq', 'when', 'who', 'type', 'text'];
	const table = [header, ...rows.map((row) => row.map((cell) => fit(cell)))];
	const widths = header.map((_name, column) =>
		Math.max(...table.map((row) => stringWidth(row[column] ?? ''))),
	);
	step(`\nThe last ${rows.length} of ${records.length}:\n`);
	for (const row of table) {
		step(row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  '));
	}
}

/** The group, or the first of the people a message went to. */
function addresseeOf({ room, to }: IDataObject): unknown {
	return room || (Array.isArray(to) ? to[0] : undefined);
}

/** Cuts a text to the width of a column; a Chinese character takes two. */
function fit(text: string): string {
	let cut = '';
	for (const character of text) {
		if (stringWidth(cut + character) > TEXT_COLUMNS) return `${cut}…`;
		cut += character;
	}
	return cut;
}

function pad(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function printSummary(records: IDataObject[], seconds: number): void {
	const failed = records.filter(({ decrypted }) => !decrypted);
	const reasons = new Map<string, number>();
	for (const { reason } of failed) {
		reasons.set(String(reason), (reasons.get(String(reason)) ?? 0) + 1);
	}
	step(
		`\n${records.length} records in ${seconds.toFixed(1)} s (${Math.round(records.length / seconds)} per second, callback, pull, RSA and AES included)`,
	);
	step(`${records.length - failed.length} decrypted, ${failed.length} could not be:`);
	for (const [reason, count] of reasons) step(`  ${count} × ${reason}`);
}

function expectOk(ok: boolean, what: string): void {
	if (!ok) throw new Error(`The demo went wrong: ${what}`);
}

function nowSeconds(): number {
	return Math.floor(Date.now() / 1000);
}

function step(line: string): void {
	console.log(line);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
