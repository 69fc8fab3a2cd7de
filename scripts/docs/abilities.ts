import { FUNCTIONS } from '../../simulator/functions';
import { operations } from '../../wecom/api';
import { inStyle } from '../../wecom/api/carriers/program';
import { firstOf, pathOf } from '../../wecom/api/wire';

/**
 * What to register at a program, in Markdown: for each function of the data zone that an operation
 * calls the ability in both styles, and the examples of its request and its answer with every key
 * that there can be. They are those that the simulator holds every call against.
 */
export function abilityList(): string {
	return functionsCalled()
		.map((func) => {
			const { input = {}, output = {} } = FUNCTIONS[func] ?? {};
			const [java, python] = (['java', 'python'] as const).map(
				(style) => inStyle(style, func, {}).ability_id,
			);
			const examples = [input, output].map((example) => JSON.stringify(example)).join('\n');
			return `#### \`${java}\` · \`${python}\`\n\n\`\`\`text\n${examples}\n\`\`\``;
		})
		.join('\n\n');
}

/** The functions that operations of the data zone are carried by. */
function functionsCalled(): string[] {
	const routes = Object.values(operations).flatMap((operation) => {
		const { dataZone } = operation.wires as (typeof operations)['searchSession']['wires'];
		if (!dataZone) return [];
		const first = firstOf(dataZone).route;
		return 'ask' in dataZone ? [first, dataZone.ask.route] : [first];
	});
	return [...new Set(routes.filter((route) => route.startsWith('ZONE ')).map(pathOf))].sort();
}
