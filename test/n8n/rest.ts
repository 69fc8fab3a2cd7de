import { parse } from 'flatted';
import type { IRunExecutionData, IDataObject } from 'n8n-workflow';
import { setTimeout } from 'node:timers/promises';

import type { WorkflowJson } from '../engine/harness';

/** The owner of an n8n for tests. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'Owner-of-this-n8n-1',
	firstName: 'Ops',
	lastName: 'Team',
};

/** An execution as n8n kept it. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	data: IRunExecutionData;
}

/** What the credential form's test said. */
export interface TestResult {
	status: 'OK' | 'Error';
	message: string;
}

const RUNNING = new Set(['new', 'running', 'waiting']);
const WAIT_MS = 120_000;
const LOOK_AGAIN_MS = 250;

/** n8n's own HTTP interface, as its editor uses it. */
export class Rest {
	private cookie = '';

	constructor(readonly url: string) {}

	/** Makes the owner account where there is none, and signs in. */
	async signIn(): Promise<void> {
		const { email, password } = OWNER;
		await this.post('/owner/setup', OWNER).catch(async (error: unknown) => {
			await this.post('/login', { emailOrLdapLoginId: email, password }).catch(() => {
				throw error;
			});
		});
	}

	async get<T = unknown>(path: string): Promise<T> {
		return await this.send<T>('GET', path);
	}

	async post<T = unknown>(path: string, body: object = {}): Promise<T> {
		return await this.send<T>('POST', path, body);
	}

	async delete<T = unknown>(path: string): Promise<T> {
		return await this.send<T>('DELETE', path);
	}

	/** Something n8n serves as a file, `types/nodes.json` say. */
	async file(path: string): Promise<Response> {
		return await fetch(`${this.url}/${path}`, { headers: this.headers() });
	}

	/** What n8n's test of a credential says. */
	async testCredential(type: string, data: object): Promise<TestResult> {
		const credentials = { id: '', name: type, type, data };
		return await this.post<TestResult>('/credentials/test', { credentials });
	}

	/** @returns its id */
	async createCredential(type: string, name: string, data: object): Promise<string> {
		return (await this.post<{ id: string }>('/credentials', { name, type, data })).id;
	}

	/** @returns its id */
	async createWorkflow(workflow: WorkflowJson & { name: string }): Promise<string> {
		return (await this.post<{ id: string }>('/workflows', workflow)).id;
	}

	/** Publishes a workflow and waits until its triggers stand. */
	async publish(id: string): Promise<void> {
		const { versionId, name } = await this.get<IDataObject>(`/workflows/${id}`);
		await this.post(`/workflows/${id}/activate`, { versionId, name, description: '' });
		await this.until(`workflow ${id} is published`, async () => {
			const state = await this.get<{ status: string }>(`/workflows/${id}/publication-status`);
			if (/fail|error/.test(state.status)) throw new Error(JSON.stringify(state));
			return state.status === 'published';
		});
	}

	/**
	 * Runs a saved workflow from one of its triggers, as the editor's Execute Workflow does, and waits
	 * for its end.
	 *
	 * @param items what the trigger is to put out, where it cannot make that up by itself
	 */
	async run(id: string, trigger: string, items?: IDataObject[]): Promise<Execution> {
		const workflowData = await this.get<object>(`/workflows/${id}`);
		const output = items && { data: { main: [items.map((json) => ({ json }))] } };
		const { executionId } = await this.post<{ executionId: string }>(`/workflows/${id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger, ...(output ? { data: output } : {}) },
		});
		await this.until(`execution ${executionId} has ended`, async () => {
			const { status } = await this.get<Execution>(`/executions/${executionId}`);
			return !RUNNING.has(status);
		});
		return await this.execution(executionId);
	}

	/** Ends what {@link publish} began. */
	async unpublish(id: string): Promise<void> {
		await this.post(`/workflows/${id}/deactivate`);
	}

	/** The executions of a workflow, oldest first, without their data. */
	async executions(workflowId: string): Promise<Array<Omit<Execution, 'data'>>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.get<{ results: Execution[] }>(
			`/executions?limit=100&filter=${filter}`,
		);
		return [...results].reverse();
	}

	/** An execution with what its nodes put out. */
	async execution(id: string): Promise<Execution> {
		const execution = await this.get<Execution & { data: string }>(`/executions/${id}`);
		return { ...execution, data: parse(execution.data) as IRunExecutionData };
	}

	/** Waits for as many executions that have ended. @returns them, oldest first, with data */
	async ended(workflowId: string, count: number): Promise<Execution[]> {
		let ended: Array<Omit<Execution, 'data'>> = [];
		await this.until(`${count} executions of ${workflowId} have ended`, async () => {
			const all = await this.executions(workflowId);
			ended = all.filter(({ status }) => !RUNNING.has(status));
			return ended.length >= count;
		});
		return await Promise.all(ended.map(async ({ id }) => await this.execution(id)));
	}

	/** @throws Error that says what did not happen */
	async until(what: string, condition: () => Promise<boolean>): Promise<void> {
		const deadline = Date.now() + WAIT_MS;
		while (!(await condition())) {
			if (Date.now() > deadline)
				throw new Error(`Waited ${WAIT_MS / 1000} s in vain until ${what}`);
			await setTimeout(LOOK_AGAIN_MS);
		}
	}

	private async send<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { ...this.headers(), 'content-type': 'application/json' },
			...(body ? { body: JSON.stringify(body) } : {}),
		});
		const cookie = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0] ?? '';
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
		const answer = JSON.parse(text) as { data: T };
		return 'data' in answer ? answer.data : (answer as T);
	}

	private headers(): Record<string, string> {
		return { cookie: this.cookie, 'browser-id': 'tests', 'push-ref': 'tests' };
	}
}

/**
 * What came out of a node, all its runs together.
 *
 * @throws the error of the execution, when it stopped
 */
export function outputOf({ data }: Execution, node: string): IDataObject[] {
	const { error, runData } = data.resultData;
	if (error) throw new Error(error.message);
	return (runData[node] ?? []).flatMap((run) =>
		(run.data?.main?.[0] ?? []).map(({ json }) => json),
	);
}
