import { parse } from 'flatted';
import type { IRunExecutionData } from 'n8n-workflow';
import { setTimeout } from 'node:timers/promises';

import type { N8nProcess } from '../n8n/n8nProcess';
import type { Execution } from '../n8n/rest';
import type { PostgresServer } from './postgresServer';

/** A row of n8n's table of executions. */
export interface ExecutionRow {
	id: string;
	status: string;
	/** unix ms; of one that never started, when it was made. */
	startedAt: number;
	/** unix ms; 0 while it runs. */
	stoppedAt: number;
}

const UNFINISHED = ['new', 'running', 'waiting'];
const LOOK_AGAIN_MS = 500;

/** The executions of a workflow, as n8n wrote them into its database. */
export class Executions {
	constructor(
		private readonly postgres: PostgresServer,
		private readonly workflowId: string,
	) {}

	/** All of them, oldest first. */
	async rows(): Promise<ExecutionRow[]> {
		return await this.postgres.query<ExecutionRow>(`
			SELECT id::text, status,
				extract(epoch FROM coalesce("startedAt", "createdAt")) * 1000 AS "startedAt",
				coalesce(extract(epoch FROM "stoppedAt") * 1000, 0) AS "stoppedAt"
			FROM execution_entity WHERE ${this.ofWorkflow} ORDER BY execution_entity.id`);
	}

	/** Those with the given status, with what their nodes put out. */
	async withData(status = 'success'): Promise<Execution[]> {
		const rows = await this.postgres.query<Omit<Execution, 'data'> & { data: string }>(`
			SELECT e.id::text, e.status, e.mode, d.data
			FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id
			WHERE ${this.ofWorkflow} AND status = '${status}' ORDER BY e.id`);
		return rows.map((row) => ({ ...row, data: parse(row.data) as IRunExecutionData }));
	}

	/** Waits until there are so many and all have ended, or the time is up. @returns what there is */
	async ended(count: number, withinMs: number): Promise<ExecutionRow[]> {
		const giveUpAt = Date.now() + withinMs;
		for (;;) {
			const rows = await this.rows();
			const isOver = rows.every(({ status }) => !UNFINISHED.includes(status));
			if ((isOver && rows.length >= count) || Date.now() > giveUpAt) return rows;
			await setTimeout(LOOK_AGAIN_MS);
		}
	}

	private get ofWorkflow(): string {
		return `"workflowId" = '${this.workflowId}'`;
	}
}

/** Seconds from the start of the first to the end of the last. */
export function secondsOf(rows: readonly ExecutionRow[]): number {
	const from = Math.min(...rows.map(({ startedAt }) => startedAt));
	const to = Math.max(...rows.map(({ stoppedAt }) => stoppedAt));
	return (to - from) / 1000;
}

/** Ids of the executions that a worker has begun, by its own word. */
export function begunBy(worker: N8nProcess): Set<string> {
	const lines = worker.log.matchAll(/Worker started execution (\d+)/g);
	return new Set([...lines].map(([, id]) => id ?? ''));
}
