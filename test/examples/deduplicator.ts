import type {
	DeduplicationScope,
	ICheckProcessedContextData,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** Stands where n8n's database stands behind the node Remove Duplicates: what was seen, per node. */
export class MemoryDeduplicator implements IDataDeduplicator {
	private readonly seen = new Map<string, Set<string>>();

	async checkProcessedAndRecord(
		items: Array<string | number>,
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<IDeduplicationOutput> {
		const seen = this.seenBy(scope, context);
		const output: IDeduplicationOutput = { new: [], processed: [] };
		for (const item of items) {
			output[seen.has(String(item)) ? 'processed' : 'new'].push(item);
			seen.add(String(item));
		}
		return await Promise.resolve(output);
	}

	async removeProcessed(
		items: Array<string | number>,
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		for (const item of items) this.seenBy(scope, context).delete(String(item));
		await Promise.resolve();
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		this.seenBy(scope, context).clear();
		await Promise.resolve();
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<number> {
		return await Promise.resolve(this.seenBy(scope, context).size);
	}

	private seenBy(scope: DeduplicationScope, { workflow, node }: ICheckProcessedContextData) {
		const key = scope === 'node' ? `${workflow.id} ${node?.id}` : String(workflow.id);
		const seen = this.seen.get(key) ?? new Set<string>();
		this.seen.set(key, seen);
		return seen;
	}
}
