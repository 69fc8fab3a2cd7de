import type { Simulator } from '../../simulator';
import type { Ability } from '../../simulator/program';
import type { ProgramStyle } from '../../wecom/api/carriers/carrier';

/** An ability as a person pastes it into the console of the zone. */
export interface PastedAbility {
	ability_id: string;
	/** JSON text. */
	input_example: string;
	/** JSON text. */
	output_example: string;
}

/**
 * Registers these abilities on a program of a simulator, and nothing else.
 *
 * @throws SyntaxError for an example that is no JSON
 */
export function register(
	wecom: Simulator,
	style: ProgramStyle,
	pasted: readonly PastedAbility[],
): void {
	const abilities = Object.fromEntries(
		pasted.map(({ ability_id, input_example, output_example }) => [
			ability_id,
			{
				input: inputOf(style, JSON.parse(input_example) as Record<string, unknown>),
				output: JSON.parse(output_example) as Ability['output'],
			} as Ability,
		]),
	);
	wecom.configureProgram(style, { registered: 'none', abilities });
}

/** The simulator has of an ability in Python what is in `func_req`. */
function inputOf(style: ProgramStyle, example: Record<string, unknown>): unknown {
	return style === 'java' ? example : (example.input as { func_req: object }).func_req;
}
