// What n8n's contexts have beyond their types (n8n-core 1.122 and 2.41). Whatever is missing in another version is
// done without.
import type { IDataObject, INode, IRun, WorkflowExecuteMode } from 'n8n-workflow';

/** What every context tells. */
export interface NodeContext {
	getMode(): WorkflowExecuteMode;
	getNode(): INode;
	getWorkflow(): { id?: string };
}

type EndHandler = (run: Pick<IRun, 'status'>) => Promise<void>;

/** n8n's own hooks of an execution; nodes have no other way to know when it ends. */
export interface ExecutionHooks {
	addHandler(event: 'workflowExecuteAfter', handler: EndHandler): void;
	handlers?: { workflowExecuteAfter?: EndHandler[] };
}

interface Internals {
	workflow?: {
		nodes?: Record<string, INode>;
		getStaticData?(type: 'node', node: INode): IDataObject;
	};
	additionalData?: {
		hooks?: Partial<ExecutionHooks>;
		/** Of the execution at the top, where this is the run of a sub-workflow. */
		rootExecutionMode?: WorkflowExecuteMode;
	};
}

/** Modes in which people try a workflow, the tests of n8n's evaluations included. */
const TEST_MODES: ReadonlySet<string | undefined> = new Set(['manual', 'evaluation']);

/**
 * Whether somebody only tries the workflow, or the one that called it: production's positions, cursors
 * and claims stay as they are then.
 */
export function isTest(context: Pick<NodeContext, 'getMode'>): boolean {
	const { additionalData } = context as Internals;
	return [context.getMode(), additionalData?.rootExecutionMode].some((mode) =>
		TEST_MODES.has(mode),
	);
}

/**
 * What a node is known by within its workflow: its id, which stays when it is renamed; where others
 * have the same id, or it has none, its name as well.
 */
export function nodeKey(context: Pick<NodeContext, 'getNode'>): string {
	return keyWithin((context as Internals).workflow?.nodes, context.getNode());
}

/** {@link nodeKey}, in front of it the workflow. */
export function nodePath(context: Pick<NodeContext, 'getNode' | 'getWorkflow'>): string {
	return `${context.getWorkflow().id}/${nodeKey(context)}`;
}

function keyWithin(nodes: Record<string, INode> | undefined, { id, name }: INode): string {
	const sharers = Object.values(nodes ?? {}).filter((node) => node.id === id);
	if (id && sharers.length === 1) return encodeURIComponent(id);
	return [id ?? '', name ?? ''].map(encodeURIComponent).join('/');
}

/**
 * The static data of another node in this copy of the workflow.
 *
 * @param key its {@link nodeKey}
 * @returns undefined where there is no such node, or n8n does not give it
 */
export function staticDataOf(context: object, name: string, key: string): IDataObject | undefined {
	const { workflow } = context as Internals;
	const node = workflow?.nodes?.[name];
	if (!node || keyWithin(workflow.nodes, node) !== key) return undefined;
	return workflow.getStaticData?.('node', node);
}

/** The hooks of the execution; undefined where n8n does not tell when it ends. */
export function hooksOf(context: object): ExecutionHooks | undefined {
	const hooks = (context as Internals).additionalData?.hooks;
	return typeof hooks?.addHandler === 'function' ? (hooks as ExecutionHooks) : undefined;
}

/** Adds a handler that runs before n8n's own, which save the static data of the execution. */
export function addFirst(hooks: ExecutionHooks, handler: EndHandler): void {
	const before = hooks.handlers?.workflowExecuteAfter;
	if (Array.isArray(before)) before.unshift(handler);
	else hooks.addHandler('workflowExecuteAfter', handler);
}
