import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Program } from './program';
import type { ExecutionLine, Serving } from './programs/webhooks';
import type { Leaks } from './secrets';

/** Processes that serve the same Data Trigger, as the webhook processors of an n8n do. */
export class WebhookProcesses {
	private readonly programs: Program[] = [];
	private readonly files: string[] = [];
	/** Where each of them answers. */
	urls: string[] = [];

	private constructor(private readonly folder: string) {}

	/** @param parameters of the trigger, over its defaults */
	static async start(
		count: number,
		{ credentials, parameters }: Omit<Serving, 'file'>,
	): Promise<WebhookProcesses> {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-faults-'));
		const started = new WebhookProcesses(folder);
		for (let number = 0; number < count; number++) {
			const file = join(folder, `${number}`);
			writeFileSync(file, '');
			started.files.push(file);
			started.programs.push(Program.start('webhooks'));
		}
		started.urls = await Promise.all(
			started.programs.map(async (program, number) => {
				const file = started.files[number] ?? '';
				return await program.ask<string>('serve', { credentials, parameters, file });
			}),
		);
		return started;
	}

	/** All executions so far, of all processes, when none is under way any more. */
	async executions(): Promise<ExecutionLine[]> {
		await Promise.all(this.programs.map(async (program) => await program.ask('settled')));
		return this.files.flatMap((file) =>
			readFileSync(file, 'utf8')
				.split('\n')
				.slice(0, -1)
				.map((line) => JSON.parse(line) as ExecutionLine),
		);
	}

	/** Lets them finish. @returns how they ended */
	async stop(): Promise<Array<Program['ended']>> {
		return await Promise.all(this.programs.map(async (program) => await program.stop()));
	}

	/** Everything they logged and put out. */
	tell(leaks: Leaks): void {
		for (const { output } of this.programs) leaks.addOutput('log', output);
		for (const file of this.files) leaks.addOutput('items', readFileSync(file, 'utf8'));
	}

	/** Removes their files; they have to be at their end. */
	remove(): void {
		rmSync(this.folder, { recursive: true });
	}
}

/** How often each was executed, by what it is known by. */
export function timesOf(marks: readonly string[], executed: readonly string[]): number[] {
	const times = new Map<string, number>();
	for (const mark of executed) times.set(mark, (times.get(mark) ?? 0) + 1);
	return marks.map((mark) => times.get(mark) ?? 0);
}
