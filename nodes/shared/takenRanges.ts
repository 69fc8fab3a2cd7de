import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { tryLock, type Release } from '../../wecom/state/lock';
import type { StateStore } from '../../wecom/state/stateStore';

/** Messages after one seq and up to another. */
export interface Range {
	from: bigint;
	to: bigint;
}

/** How far a node of several processes came, and what executions took with them on the way. */
export interface SharedPosition {
	seq: bigint;
	taken: TakenRange[];
}

/** A range, and the execution that has it. */
export interface TakenRange extends Range {
	execution: string;
}

/** How long an end is remembered, milliseconds: longer than WeCom keeps messages. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/** @param text as {@link writePosition} made it, or a seq alone */
export function readPosition(text: string | undefined): SharedPosition {
	if (text === undefined) return { seq: 0n, taken: [] };
	if (!text.startsWith('{')) return { seq: parseSeq(text), taken: [] };
	const { seq, taken } = JSON.parse(text) as {
		seq: string;
		taken: Array<[string, string, string]>;
	};
	return {
		seq: parseSeq(seq),
		taken: taken.map(([from, to, execution]) => ({
			from: parseSeq(from),
			to: parseSeq(to),
			execution,
		})),
	};
}

/** The text of a position; seqs beyond 2^53 stay exact. */
export function writePosition({ seq, taken }: SharedPosition): string {
	const ranges = taken.map(({ from, to, execution }) => [`${from}`, `${to}`, execution]);
	return JSON.stringify({ seq: `${seq}`, taken: ranges });
}

/**
 * Tells the ranges of executions that still run from those of executions that were lost with their
 * process. Ranges of executions that have ended are neither.
 *
 * @throws StateUnavailableError
 */
export async function sortOut(
	store: StateStore,
	taken: readonly TakenRange[],
): Promise<{ running: TakenRange[]; lost: TakenRange[] }> {
	const running: TakenRange[] = [];
	const lost: TakenRange[] = [];
	for (const range of taken) {
		// In this order: whoever ends says so first, and then gives up its lock.
		if ((await store.get(`lock/${nameOf(range.execution)}`)) !== undefined) running.push(range);
		else if ((await store.get(nameOf(range.execution))) === undefined) lost.push(range);
	}
	return { running, lost };
}

/** An execution that takes ranges, for as long as it runs. */
export interface Taker {
	/** What {@link TakenRange} calls it. */
	readonly name: string;
	/** It took nothing after all. */
	giveUp: Release;
}

/**
 * Makes it known that an execution runs and when it has ended.
 *
 * @returns undefined where n8n does not tell when an execution ends
 * @throws StateUnavailableError
 */
export async function startTaking(
	store: StateStore,
	execution: IExecuteFunctions,
): Promise<Taker | undefined> {
	const hooks = hooksOf(execution);
	if (!hooks) return undefined;
	const name = randomUUID();
	const release = await tryLock(store, nameOf(name));
	if (!release) return undefined;
	hooks.addHandler('workflowExecuteAfter', async () => {
		await store.set(nameOf(name), 'ended', KEEP_MS).catch(() => undefined);
		await release();
	});
	return { name, giveUp: release };
}

interface Hooks {
	addHandler(event: 'workflowExecuteAfter', handler: () => Promise<void>): void;
}

/** n8n's own hooks of the execution, run when its outcome is saved; nodes have no other way to know. */
function hooksOf(execution: object): Hooks | undefined {
	const { additionalData } = execution as { additionalData?: { hooks?: Partial<Hooks> } };
	const hooks = additionalData?.hooks;
	return typeof hooks?.addHandler === 'function' ? (hooks as Hooks) : undefined;
}

function nameOf(execution: string): string {
	return `taken/${execution}`;
}
