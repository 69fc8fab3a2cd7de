import { ABILITY_FUNCTIONS, abilityExample } from '../../wecom/api/abilities';
import type { ProgramStyle } from '../../wecom/api/carriers/carrier';
import { firstOf, pathOf, type Wire } from '../../wecom/api/wire';
import { NODE_OPERATIONS } from './operations';

/** The words of a language on the page of abilities. */
interface AbilityWords {
	/** The samples that a program is made from, by the style it has then. */
	samples: Readonly<Record<ProgramStyle, string>>;
	input: string;
	output: string;
}

/** The abilities in the words of a language. */
export const ABILITY_WORDS = {
	en: {
		samples: { java: 'Java or C++', python: 'Python' },
		input: 'Input example',
		output: 'Output example',
	},
	zh: {
		samples: { java: 'Java 或 C++', python: 'Python' },
		input: '输入示例',
		output: '输出示例',
	},
} as const satisfies Record<string, AbilityWords>;

/**
 * What to register on a program, in Markdown: for each function of the data zone that an operation
 * calls the ability in both styles, and the examples of its request and its answer as they are
 * pasted, with every key that there can be.
 */
export function abilityList(words: AbilityWords): string {
	return ABILITY_FUNCTIONS.map((func) => {
		const styles = (['java', 'python'] as const).map((style) => abilityOf(func, style, words));
		return [`### \`${func}\``, usersOf(func).join(', '), ...styles].join('\n\n');
	}).join('\n\n');
}

/** What the page needs for a first sentiment: its third step lists them. */
const FIRST_SENTIMENT = [
	'search_chat',
	'do_async_job',
	'sync_msg',
	'create_sentiment_task',
	'get_sentiment_result',
];

/**
 * The command that registers the abilities of {@link FIRST_SENTIMENT}, and nothing else, on the program
 * in Java of a simulator: what a person does by hand in the console.
 *
 * @param url the simulator of the page
 */
export function registration(url: string): string {
	const abilities = FIRST_SENTIMENT.map((func) => {
		const { ability_id: ability, ...example } = abilityExample(func, 'java');
		return `"${ability}":${JSON.stringify(example)}`;
	});
	return [
		'```sh',
		`curl -X POST ${url}/_sim/program -d @- <<'END'`,
		'{"style":"java","registered":"none","abilities":{',
		abilities.join(',\n'),
		'}}',
		'END',
		'```',
	].join('\n');
}

/** The ability of a function in one style, and its two examples. */
function abilityOf(func: string, style: ProgramStyle, words: AbilityWords): string {
	const { ability_id: ability, input, output } = abilityExample(func, style);
	return [
		`**${words.samples[style]}: \`${ability}\`**`,
		words.input,
		pasteable(input),
		words.output,
		pasteable(output),
	].join('\n\n');
}

/** A block of one line: as JSON it would be broken into many. */
function pasteable(example: object): string {
	return `\`\`\`text\n${JSON.stringify(example)}\n\`\`\``;
}

/** Functions that a node calls only with an option, beside the function of its operation. */
const WITH_OPTION: Readonly<Record<string, string>> = {
	get_msg_list_by_page_id:
		'**WeCom Chat Archive** → _Message → Get Many_ with _Fetch Pages at Once_',
};

/** The operations of nodes that a function carries. */
function usersOf(func: string): string[] {
	const inNodes = NODE_OPERATIONS.filter(({ api }) => functionsOf(api.wires).includes(func));
	const withOption = WITH_OPTION[func];
	return [...inNodes.map(({ title }) => title), ...(withOption ? [withOption] : [])];
}

/** The functions that an operation calls in the data zone. */
function functionsOf({ dataZone }: { readonly dataZone?: Wire<never, unknown> }): string[] {
	if (!dataZone) return [];
	const first = firstOf(dataZone).route;
	const routes = 'ask' in dataZone ? [first, dataZone.ask.route] : [first];
	return routes.filter((route) => route.startsWith('ZONE ')).map(pathOf);
}
