import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { N8nProcess, type N8nSettings } from '../n8n/n8nProcess';
import { packPackage, pathWith, publishedLocally, type PackedPackage } from '../n8n/package';
import { Rest } from '../n8n/rest';

/** A fresh n8n, and a simulated WeCom beside it. */
export class E2eBench {
	private constructor(
		readonly wecom: Simulator,
		readonly settings: N8nSettings,
		readonly packed: PackedPackage,
		/** The n8n that runs now. */
		private process: N8nProcess,
		readonly rest: Rest,
	) {}

	/**
	 * Starts both, n8n in an empty user folder with its owner signed in.
	 *
	 * @param before what is to happen in that folder before n8n starts
	 * @param envOf what n8n's environment has besides
	 */
	static async start(
		options: SimulatorOptions = {},
		before: (settings: N8nSettings, wecom: Simulator) => Promise<void> = async () => undefined,
		envOf: (folder: string, wecom: Simulator) => Promise<N8nSettings['env']> = async () =>
			await Promise.resolve({}),
	): Promise<E2eBench> {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-e2e-'));
		const packed = packPackage(folder);
		const { NODE24_PROGRAM: node24 = '' } = process.env;
		const env = {
			...publishedLocally(folder, packed, pathWith(node24)),
			GENERIC_TIMEZONE: 'Asia/Shanghai',
		};
		const wecom = await startSimulator(options);
		try {
			const settings = { folder, env: { ...env, ...(await envOf(folder, wecom)) } };
			await before(settings, wecom);
			const n8n = await N8nProcess.start(settings);
			const rest = new Rest(n8n.url);
			await rest.signIn();
			const fixed = { ...settings, port: Number(new URL(n8n.url).port) };
			return new E2eBench(wecom, fixed, packed, n8n, rest);
		} catch (error) {
			await wecom.stop();
			throw error;
		}
	}

	/** _Settings → Community Nodes → Install_, as a person does it. @returns the types of its nodes */
	async install(): Promise<string[]> {
		const { name } = this.packed;
		const installed = await this.rest.post<{ installedNodes: Array<{ type: string }> }>(
			'/community-packages',
			{ name },
		);
		return installed.installedNodes.map(({ type }) => type);
	}

	/** _Uninstall package_. */
	async uninstall(): Promise<void> {
		await this.rest.delete(`/community-packages?name=${this.packed.name}`);
	}

	/** Where a workflow's WeCom Data Trigger listens. */
	webhookUrl(webhookId: string): string {
		return `${this.process.url}/webhook/${webhookId}/webhook`;
	}

	/** Stops n8n and starts it again, on the same port and folder. */
	async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		await this.process.end(signal);
		this.process = await N8nProcess.start(this.settings);
	}

	/** All that n8n printed. */
	get log(): string {
		return this.process.log;
	}

	/** Stops both and removes the folder. */
	async stop(): Promise<void> {
		await this.process.stop();
		await this.wecom.stop();
		rmSync(this.settings.folder, { recursive: true, force: true, maxRetries: 3 });
	}

	/** The folder of the installed package. */
	get packageFolder(): string {
		return join(this.settings.folder, '.n8n', 'nodes', 'node_modules', this.packed.name);
	}

	/** What stands in {@link packageFolder}. */
	packageFiles(): string[] {
		return readdirSync(this.packageFolder);
	}
}
