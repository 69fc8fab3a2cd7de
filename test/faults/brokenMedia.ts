import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { IDataObject } from 'n8n-workflow';

import {
	credentialsFor,
	ENDS,
	installLibrary,
	startSimulator,
	type MessageType,
	type Simulator,
} from '../../simulator';
import { report } from './counts';
import { librariesOf, memoryOf } from './libraryProcesses';
import { startLink, type LinkFault } from './link';
import { Program } from './program';
import type { Downloaded } from './programs/media';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';

/** What becomes of one request for a piece. */
const FAULTS = [
	...(['none', 'half', 'http502', 'html', 'empty'] as const),
	...(['10001', '10002', '10003'] as const),
	...ENDS,
	'killed',
	'wrongBytes',
] as const;
type FaultKind = (typeof FAULTS)[number];

/** A file of a message, as it is. */
interface Sent {
	readonly md5: string;
	readonly bytes: number;
	/** The message as WeCom wrote it. */
	readonly message: IDataObject;
}

const PIECES = '/cgi-bin/finance_sdk/GetMediaData';
const PIECE_BYTES = 512 * 1024;
/** Types of messages, and which field of their body says how large their file is. */
const TYPES: ReadonlyArray<[type: MessageType, size: string]> = [
	['file', 'filesize'],
	['video', 'filesize'],
	['voice', 'voice_size'],
	['image', 'filesize'],
];
/** Every so many-th file is as large as any. */
const LARGE_EVERY = 10;
const [SMALL_BYTES, MIDDLE_BYTES] = [8 * 1024, 4 * 1024 * 1024];
/** Messages of one execution. */
const AT_ONCE = 10;
/** What the peak of `/proc/PID/status` is reset with. */
const RESET_PEAK = '5';

/** Files of messages, downloaded to n8n's disk through a link and a library that break. */
export class BrokenMedia {
	readonly leaks = new Leaks();
	/** What went wrong, by kind. */
	readonly faults: Record<string, number> = Object.fromEntries(FAULTS.map((kind) => [kind, 0]));
	readonly sent: Sent[] = [];
	readonly downloaded: Downloaded[] = [];
	/** MD5 of what is on the disk. */
	readonly onDisk: string[] = [];
	/** What n8n keeps that belongs to no downloaded file. */
	leftBehind: string[] = [];
	/** The most memory of n8n's process above what it takes idle, bytes. */
	above = 0;
	private readonly random = seeded('media');
	private readonly folder = mkdtempSync(join(tmpdir(), 'wecom-data-media-'));
	/** What is still to go wrong: by sdkfileid and number of the piece. */
	private readonly planned = new Map<string, FaultKind>();
	private program = Program.start('media', {
		WECOM_FINANCE_SDK: join(this.folder, 'libWeWorkFinanceSdk_C.so'),
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	});
	private pieces = 0;

	private constructor(private readonly wecom: Simulator) {}

	/** Downloads everything, and reports what came of it. */
	static async run(): Promise<BrokenMedia> {
		const wecom = await startSimulator({ contracts: ['messageArchive'], messageCount: 0 });
		const media = new BrokenMedia(wecom);
		try {
			await media.downloadAll();
		} finally {
			await media.program.end('SIGKILL');
			await wecom.stop();
			rmSync(media.folder, { recursive: true });
		}
		return media;
	}

	private async downloadAll(): Promise<void> {
		const { wecom, program, leaks } = this;
		const link = await startLink(wecom.url, (path, body) => this.nextFault(path, body));
		try {
			await installLibrary(link.url, this.folder);
			const { wecomDataApi } = credentialsFor(wecom, 'messageArchive');
			await program.ask('load', { wecomDataApi: { ...wecomDataApi, baseUrl: link.url } });
			// The first download reads and compiles what all others use.
			await this.downloadSome([this.send(0, 1), this.send(1, 2 * PIECE_BYTES)]);
			const idle = await this.idleMemory();
			this.sent.length = this.downloaded.length = this.onDisk.length = this.pieces = 0;
			for (let from = 0; from < SIZES.mediaFiles; from += AT_ONCE) {
				const count = Math.min(AT_ONCE, SIZES.mediaFiles - from);
				const some = Array.from({ length: count }, (_, index) => this.sendAny(from + index));
				await this.downloadSome(some);
			}
			this.above = memoryOf(program.pid, 'VmHWM') - idle;
			leaks.addCredentials({ wecomDataApi });
		} finally {
			await link.close();
		}
		leaks.addTraffic(wecom);
		leaks.addItems('items', JSON.stringify(this.downloaded));
		leaks.addOutput('log', program.output);
		report('Media files', {
			sent: this.sent.length,
			right: this.onDisk.filter((md5, index) => md5 === this.sent[index]?.md5).length,
			MB: Math.round(this.sent.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 / 1024),
			pieces: this.pieces,
			'memory above idle, MB': Math.round(this.above / 1024 / 1024),
			...this.faults,
		});
	}

	/** A message with the next file, large or small, and what goes wrong with it. */
	private sendAny(index: number): Sent {
		const { random } = this;
		const most = index % LARGE_EVERY === 0 ? SIZES.mediaBytes : MIDDLE_BYTES;
		// As many of each size as of twice that.
		const bytes =
			most === SIZES.mediaBytes
				? most - random.int(0, PIECE_BYTES)
				: Math.round(SMALL_BYTES * (MIDDLE_BYTES / SMALL_BYTES) ** (random.int(0, 1000) / 1000));
		const sent = this.send(most === SIZES.mediaBytes ? index % 20 === 0 ? 0 : 1 : index, bytes); // prettier-ignore
		const piece = random.int(0, Math.ceil(bytes / PIECE_BYTES) - 1);
		const kind = FAULTS[index % FAULTS.length] as FaultKind;
		this.planned.set(`${fileIdIn(sent.message)} ${piece}`, kind);
		return sent;
	}

	private send(type: number, bytes: number): Sent {
		const [msgtype, size] = TYPES[type % TYPES.length] as (typeof TYPES)[number];
		const [record] = this.wecom.addMessages(1, { msgtype, bytes });
		const message = record?.plaintext as unknown as IDataObject;
		const body = message[msgtype] as IDataObject;
		return { message, md5: String(body.md5sum), bytes: Number(body[size]) };
	}

	private async downloadSome(some: readonly Sent[]): Promise<void> {
		const { program } = this;
		const found = await program.ask<Downloaded[]>(
			'download',
			some.map(({ message }) => message),
		);
		this.sent.push(...some);
		this.downloaded.push(...found);
		const known = new Set<string>();
		for (const { path } of found) {
			this.onDisk.push(path === undefined ? '' : await md5Of(path));
			if (path !== undefined) known.add(path).add(`${path}.metadata`);
		}
		const kept = await program.ask<string[]>('kept');
		this.leftBehind.push(...kept.filter((path) => !known.has(path)));
		for (const path of kept) rmSync(path);
	}

	/** What n8n's process takes when it does nothing, bytes; its peak counts from here on. */
	private async idleMemory(): Promise<number> {
		await this.program.ask('collectGarbage');
		writeFileSync(`/proc/${this.program.pid}/clear_refs`, RESET_PEAK);
		return memoryOf(this.program.pid, 'VmRSS');
	}

	private nextFault(path: string, body: string): LinkFault | undefined {
		if (path !== PIECES) return undefined;
		this.pieces++;
		const { sdkfileid, indexbuf } = JSON.parse(body) as Record<string, string>;
		const first = Number(/=(\d+)-/.exec(indexbuf ?? '')?.[1] ?? 0);
		const place = `${sdkfileid} ${first / PIECE_BYTES}`;
		const kind = this.planned.get(place);
		if (kind === undefined) return undefined;
		this.planned.delete(place);
		this.faults[kind] = (this.faults[kind] ?? 0) + 1;
		const { faults } = this.wecom;
		switch (kind) {
			case 'killed':
				for (const pid of librariesOf(this.program.pid)) process.kill(pid, 'SIGKILL');
				return undefined;
			case 'segv':
			case 'abort':
			case 'exit':
			case 'hang':
				faults.add({ path, kind: 'endsProcess', how: kind });
				return undefined;
			case '10001':
			case '10002':
			case '10003':
				faults.add({ path, kind: 'returnCode', returnCode: Number(kind) });
				return undefined;
			case 'wrongBytes':
				faults.add({ path, kind });
				return undefined;
			default:
				return { forward: this.random.chance(0.5), answer: kind };
		}
	}
}

function fileIdIn(message: IDataObject): string {
	const body = message[String(message.msgtype)] as IDataObject;
	return String(body.sdkfileid);
}

async function md5Of(path: string): Promise<string> {
	const md5 = createHash('md5');
	await pipeline(createReadStream(path), md5);
	return md5.digest('hex');
}
