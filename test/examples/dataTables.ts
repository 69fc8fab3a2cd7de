import type {
	CreateDataTableOptions,
	DataTable,
	DataTableFilter,
	DataTableProxyProvider,
	DataTableRow,
	DataTableRowReturn,
	IDataTableProjectAggregateService,
	IDataTableProjectService,
	INode,
	Workflow,
} from 'n8n-workflow';

/** Stands where n8n's database stands behind the node Data Table: what the examples use of it. */
export class MemoryDataTables implements DataTableProxyProvider {
	private readonly tables: MemoryDataTable[] = [];

	/**
	 * The rows of a table, without n8n's own columns.
	 *
	 * @throws Error when there is no such table
	 */
	rowsOf(name: string): DataTableRow[] {
		const table = this.tables.find(({ facts }) => facts.name === name);
		if (!table) throw new Error(`There is no data table "${name}"`);
		return table.rows.map(({ id: _id, createdAt: _made, updatedAt: _changed, ...row }) => row);
	}

	async getDataTableAggregateProxy(): Promise<IDataTableProjectAggregateService> {
		const { tables } = this;
		const service: Partial<IDataTableProjectAggregateService> = {
			async getManyAndCount({ filter }) {
				const data = tables
					.map(({ facts }) => facts)
					.filter(({ name }) => name.toLowerCase() === filter?.name);
				return await Promise.resolve({ count: data.length, data });
			},
			async createDataTable(options) {
				const table = new MemoryDataTable(String(tables.length + 1), options);
				tables.push(table);
				return await Promise.resolve(table.facts);
			},
		};
		return await Promise.resolve(service as IDataTableProjectAggregateService);
	}

	async getDataTableProxy(
		_workflow: Workflow,
		_node: INode,
		id: string,
	): Promise<IDataTableProjectService> {
		const table = this.tables.find(({ facts }) => facts.id === id);
		if (!table) throw new Error(`There is no data table with the id "${id}"`);
		return await Promise.resolve(table as unknown as IDataTableProjectService);
	}
}

type RowService = Pick<
	IDataTableProjectService,
	'getColumns' | 'getManyRowsAndCount' | 'updateRows' | 'upsertRow' | 'deleteRows'
>;

class MemoryDataTable implements RowService {
	readonly facts: DataTable;
	rows: DataTableRowReturn[] = [];
	private made = 0;

	constructor(id: string, { name, columns }: CreateDataTableOptions) {
		const now = new Date();
		this.facts = {
			id,
			name,
			projectId: 'project',
			createdAt: now,
			updatedAt: now,
			columns: columns.map((column, index) => ({
				id: `${id}.${index}`,
				dataTableId: id,
				index,
				...column,
			})),
		};
	}

	async getColumns() {
		return await Promise.resolve(this.facts.columns);
	}

	async getManyRowsAndCount({
		filter,
		skip = 0,
		take = Infinity,
	}: Parameters<RowService['getManyRowsAndCount']>[0]) {
		const found = this.find(filter);
		return await Promise.resolve({ count: found.length, data: found.slice(skip, skip + take) });
	}

	async updateRows({ filter, data }: Parameters<RowService['updateRows']>[0]) {
		this.check(data);
		const found = this.find(filter);
		for (const row of found) Object.assign(row, data, { updatedAt: new Date() });
		return await Promise.resolve(found);
	}

	async upsertRow(options: Parameters<RowService['upsertRow']>[0]) {
		const updated = await this.updateRows(options);
		if (updated.length > 0) return updated;
		const empty = Object.fromEntries(this.facts.columns.map(({ name }) => [name, null]));
		const now = new Date();
		const own = { id: ++this.made, createdAt: now, updatedAt: now };
		const row = { ...empty, ...options.data, ...own } as DataTableRowReturn;
		this.rows.push(row);
		return [row];
	}

	async deleteRows({ filter }: Parameters<RowService['deleteRows']>[0]) {
		const found = this.find(filter);
		this.rows = this.rows.filter((row) => !found.includes(row));
		return await Promise.resolve(found);
	}

	private find({ type, filters }: DataTableFilter = { type: 'and', filters: [] }) {
		const matches = (row: DataTableRowReturn) => {
			const met = filters.map(({ columnName, condition, value }) => {
				if (condition !== 'eq') throw new Error(`No example filters by "${condition}"`);
				return row[columnName] === value;
			});
			return filters.length === 0 || (type === 'and' ? !met.includes(false) : met.includes(true));
		};
		return this.rows.filter(matches);
	}

	/** As n8n does: a value for a column that there is not is refused. */
	private check(data: DataTableRow): void {
		const names = this.facts.columns.map(({ name }) => name);
		const unknown = Object.keys(data).find((name) => !names.includes(name));
		if (unknown !== undefined) throw new Error(`unknown column name '${unknown}'`);
	}
}
