import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { types } from 'node:util';

import type { IRun } from 'n8n-workflow';

import type { MessageOptions, TrueRecord } from '../../simulator';
import { installLibrary } from '../../simulator/library';
import { closeServers } from '../unit/support/server';
import { filledIn } from './filledIn';
import { outputOf, startExampleBench, startRobot, type ExampleBench } from './support';

jest.setTimeout(120_000);

const MEDIA_PATH = '/finance_sdk/GetMediaData';

let bench: ExampleBench;
/** With the folders of files and of the library, of which n8n may write into the first. */
let home: string;
let files: string;

// jest runs tests in a realm of its own, where an error of Node's file system is no Error. n8n asks
// whether it is one.
const isInstance = Function.prototype[Symbol.hasInstance] as (value: unknown) => boolean;
Object.defineProperty(Error, Symbol.hasInstance, {
	value(this: ErrorConstructor, value: unknown) {
		return this === Error ? types.isNativeError(value) : isInstance.call(this, value);
	},
});

beforeAll(async () => {
	home = mkdtempSync(join(tmpdir(), 'wecom-data-archive-'));
	files = join(home, 'files');
	process.env.N8N_RESTRICT_FILE_ACCESS_TO = files;
	bench = await startExampleBench({ messageCount: 120, corruptEvery: 50 }, 'messageArchive');
	process.env.WECOM_FINANCE_SDK = await installLibrary(bench.wecom.url, join(home, 'library'));
});
beforeEach(() => mkdirSync(files));
afterEach(async () => {
	rmSync(files, { recursive: true });
	await closeServers();
});
afterAll(async () => {
	await bench?.stop();
	rmSync(home, { recursive: true, force: true });
	delete process.env.N8N_RESTRICT_FILE_ACCESS_TO;
	delete process.env.WECOM_FINANCE_SDK;
});

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

/** The files that people have sent with a message, by their md5. */
function sentWith({ plaintext }: TrueRecord): string[] {
	const ids = [...JSON.stringify(plaintext).matchAll(/\\?"sdkfileid\\?":\\?"([^"\\]+)/g)];
	return ids.map(([, id = '']) => md5(bench.wecom.media(id)));
}

/** What was saved: md5 by name. */
function saved(): Map<string, string> {
	return new Map(readdirSync(files).map((name) => [name, md5(readFileSync(join(files, name)))]));
}

/** Somebody sends it. */
function send(options: MessageOptions): TrueRecord {
	const [record] = bench.wecom.addMessages(1, options);
	if (!record) throw new Error('Nothing was sent');
	return record;
}

describe('archive-files', () => {
	async function start() {
		const { wecom, engine } = bench;
		const robot = await startRobot();
		const workflow = engine.workflow(filledIn('archive-files.json', wecom, robot.url, files));
		const poll = async (): Promise<IRun | undefined> => {
			const [items = []] = (await engine.poll(workflow, 'New Messages')) ?? [];
			return items.length > 0 ? await engine.run(workflow, 'New Messages', items) : undefined;
		};
		expect(await poll()).toBeUndefined(); // it begins now
		return { robot, poll };
	}

	it('saves the pictures, voice and files of new messages, byte for byte', async () => {
		const { robot, poll } = await start();
		const sent = [
			send({ msgtype: 'image' }),
			send({ msgtype: 'voice' }),
			send({ msgtype: 'file', bytes: 1_500_000 }),
			send({ msgtype: 'mixed' }),
			send({ msgtype: 'text' }),
		];
		outputOf((await poll()) as IRun, 'Save File');
		expect([...saved().values()].sort()).toEqual(sent.flatMap(sentWith).sort());
		for (const record of sent.slice(0, 3)) {
			const names = [...saved().keys()].filter((name) => name.startsWith(`${record.seq}-`));
			expect(names.map((name) => saved().get(name))).toEqual(sentWith(record));
		}
		expect(robot.said()).toEqual([]);
		expect(await poll()).toBeUndefined();
	});

	it('tells the team which files are not there, and which message stays closed', async () => {
		const { robot, poll } = await start();
		const expired = send({ msgtype: 'image' });
		const broken = send({ state: 'corrupt' });
		const good = send({ msgtype: 'voice' });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10010, path: MEDIA_PATH });
		outputOf((await poll()) as IRun, 'Save File');
		expect([...saved().values()]).toEqual(sentWith(good));
		expect(robot.said().sort()).toEqual([
			expect.stringMatching(
				new RegExp(`^\\*\\*Files of message ${expired.seq}\\*\\*.*\\n> .*: expired .`),
			),
			expect.stringMatching(
				new RegExp(`^\\*\\*Message ${broken.seq}\\*\\* could not be decrypted`),
			),
		]);
	});
});

it('nightly-media-export saves the files of all that is new, and a table that names them', async () => {
	const { wecom, engine } = bench;
	const workflow = engine.workflow(filledIn('nightly-media-export.json', wecom, '', files));
	const night = async () => await engine.run(workflow, 'Every Night');

	const rows = outputOf(await night(), 'Columns');
	expect(rows.map(({ seq }) => seq)).toEqual(wecom.truth.map(({ seq }) => String(seq)));
	const named = rows.flatMap((row) => String(row.files).split(', ')).filter((name) => name !== '');
	expect(named.length).toBeGreaterThan(10);
	const table = [...saved().keys()].filter(
		(name) => name.endsWith('.xlsx') && name.startsWith('m'),
	);
	expect(table).toEqual([expect.stringMatching(/^messages-\d{4}-\d\d-\d\d\.xlsx$/)]);
	expect([...saved().keys()].filter((name) => !table.includes(name)).sort()).toEqual(named.sort());
	const bySeq = new Map(wecom.truth.map((record) => [String(record.seq), sentWith(record)]));
	for (const [name, content] of saved()) {
		if (table.includes(name)) continue;
		expect(bySeq.get(/^\d+/.exec(name)?.[0] ?? '')).toContain(content);
	}
	// What was sent and is not there has its reason.
	for (const row of rows) {
		const count = String(row.files).split(', ').filter(Boolean).length;
		const sent = wecom.truth.find(({ seq }) => String(seq) === row.seq);
		const isWhole = count === (sent?.state === 'ok' ? new Set(sentWith(sent)).size : 0);
		expect({ row, isWhole: isWhole || String(row.missing) !== '' }).toMatchObject({
			isWhole: true,
		});
	}

	const record = send({ msgtype: 'image' });
	const next = outputOf(await night(), 'Columns');
	expect(next.map(({ seq }) => seq)).toEqual([String(record.seq)]);
	expect([...saved().values()]).toEqual(expect.arrayContaining(sentWith(record)));
});
