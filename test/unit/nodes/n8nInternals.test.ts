import type { INode, WorkflowExecuteMode } from 'n8n-workflow';

import { isTest, nodeKey, nodePath } from '../../../nodes/shared/n8nInternals';

/** A context in a workflow of these nodes, that of the first one. */
function contextOf(...nodes: Array<Partial<INode>>) {
	return {
		workflow: { nodes: Object.fromEntries(nodes.map((node) => [node.name, node])) },
		getNode: () => nodes[0] as INode,
		getWorkflow: () => ({ id: 'w' }),
	};
}

describe('a test', () => {
	it.each<[WorkflowExecuteMode, WorkflowExecuteMode | undefined, boolean]>([
		['manual', undefined, true],
		['evaluation', undefined, true],
		['integrated', 'manual', true],
		['integrated', 'evaluation', true],
		['trigger', undefined, false],
		['webhook', undefined, false],
		['retry', undefined, false],
		['error', undefined, false],
		['cli', undefined, false],
		['chat', undefined, false],
		['integrated', undefined, false],
		['integrated', 'trigger', false],
		['integrated', 'webhook', false],
	])('is what runs as %s, below %s: %s', (mode, rootExecutionMode, expected) => {
		const context = { getMode: () => mode, additionalData: { rootExecutionMode } };
		expect(isTest(context)).toBe(expected);
	});

	it('goes by its own mode where n8n tells nothing else', () => {
		expect(isTest({ getMode: () => 'manual' })).toBe(true);
		expect(isTest({ getMode: () => 'trigger' })).toBe(false);
	});
});

describe('a node', () => {
	const id = '0a1b2c3d-0000-4000-8000-000000000001';

	it('is known by its id, whatever its name', () => {
		const others = { id: 'other', name: 'Other' };
		const before = nodePath(contextOf({ id, name: 'Before' }, others));
		expect(nodePath(contextOf({ id, name: 'After' }, others))).toBe(before);
		expect(before).toBe(`w/${id}`);
	});

	it.each<[string, Partial<INode>]>([
		['the same id', { id }],
		['an empty id', { id: '' }],
		['no id', {}],
	])('is told by its name from others with %s', (_what, node) => {
		const [a, b] = [
			{ ...node, name: 'A' },
			{ ...node, name: 'B' },
		];
		const keys = [nodeKey(contextOf(a, b)), nodeKey(contextOf(b, a))];
		expect(new Set(keys).size).toBe(2);
		expect(nodeKey(contextOf(a))).not.toBe(nodeKey(contextOf(b, a)));
	});

	it('is not mistaken for another one whose id or name holds a slash', () => {
		const shared = [
			{ id: 'a', name: 'b' },
			{ id: 'a', name: 'c' },
		];
		expect(nodeKey(contextOf(...shared))).not.toBe(nodeKey(contextOf({ id: 'a/b', name: 'x' })));
	});
});
