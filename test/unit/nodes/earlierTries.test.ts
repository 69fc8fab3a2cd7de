import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { earlierTries } from '../../../nodes/shared/run/earlierTries';

/** A try of a node, as far as it matters. */
function tryOf(
	executeData: object | undefined,
	input: INodeExecutionData[],
	node: object = { id: 'node', retryOnFail: true },
) {
	return earlierTries({
		getExecuteData: () => executeData,
		getInputData: () => input,
		getNode: () => node,
	} as unknown as IExecuteFunctions);
}

const items = (): INodeExecutionData[] => [{ json: { keyword: '报价' } }];

describe('what earlier tries brought', () => {
	it('is there in each try of one run', () => {
		const [run, input] = [{}, items()];
		const first = tryOf(run, input);
		first.outcomes.set(0, { output: [] });
		// n8n may hand over other items around the same data.
		expect(
			tryOf(
				run,
				input.map(({ json }) => ({ json })),
			),
		).toBe(first);
	});

	it.each<[string, () => unknown[]]>([
		['another run', () => [tryOf({}, INPUT), tryOf({}, INPUT)]],
		[
			'another call of an agent, which runs all its tools',
			() => [tryOf(RUN, items()), tryOf(RUN, items())],
		],
		[
			'another tool of the agent',
			() => [tryOf(RUN, INPUT), tryOf(RUN, INPUT, { id: 'other', retryOnFail: true })],
		],
		[
			'a node that n8n does not try again',
			() => [tryOf(RUN, INPUT, { id: 'once' }), tryOf(RUN, INPUT, { id: 'once' })],
		],
		[
			'a run that cannot be told from others',
			() => [tryOf(undefined, INPUT), tryOf(undefined, INPUT)],
		],
		['no item', () => [tryOf(RUN, []), tryOf(RUN, [])]],
	])('is not that of %s', (_what, two) => {
		const [one, other] = two();
		expect(one).not.toBe(other);
	});
});

const RUN = {};
const INPUT = items();
