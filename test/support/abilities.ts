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
	const abilities = pasted.map(({ ability_id, input_example, output_example }) => {
		const [input, output] = [input_example, output_example].map(
			(text) => JSON.parse(text) as object,
		);
		return [ability_id, { input, output } as Ability] as const;
	});
	wecom.configureProgram(style, { registered: 'none', abilities: Object.fromEntries(abilities) });
}
