import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

import { StateUnavailableError } from '../../wecom/errors';
import { processState } from '../../wecom/state/memoryState';
import { makeRedisState } from '../../wecom/state/redisState';
import type { State } from '../../wecom/state/stateStore';
import { toRedisSettings } from './credentials';

/** Where tokens, suite_tickets and seen events are kept; Redis takes a `wecomStateApi` credential. */
export const stateField: INodeProperties = {
	displayName: 'State Storage',
	name: 'stateStore',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'This Process',
			value: 'memory',
			description: 'Enough where n8n runs as one process',
		},
		{
			name: 'Redis',
			value: 'redis',
			description: 'Shared by all processes, as queue mode needs it',
		},
	],
	default: 'memory',
	description: 'Where tokens, suite tickets and seen events are kept',
};

/** What of n8n's contexts is needed to find the state of a node. */
export interface StateContext {
	getCredentials(type: string): Promise<ICredentialDataDecryptedObject>;
}

/**
 * The state a node works with.
 *
 * @param choice value of {@link stateField}
 * @throws InvalidInputError naming the field of the state credential that cannot be used
 */
export async function stateOf(context: StateContext, choice: unknown): Promise<State> {
	return choice === 'redis'
		? makeRedisState(toRedisSettings(await context.getCredentials('wecomStateApi')))
		: processState;
}

/**
 * The state a run works with that can do without a Redis: where that is away, the memory of this
 * process for the whole run, so that it does not wait for it again and again.
 *
 * @param choice value of {@link stateField}
 * @param onStateUnavailable learns that the Redis is away
 * @throws InvalidInputError naming the field of the state credential that cannot be used
 */
export async function reachableStateOf(
	context: StateContext,
	choice: unknown,
	onStateUnavailable: (error: StateUnavailableError) => void,
): Promise<State> {
	const state = await stateOf(context, choice);
	if (state.kind === 'memory') return state;
	try {
		await state.facts.get('reachable');
		return state;
	} catch (error) {
		if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- whoever calls wraps it
		onStateUnavailable(error);
		return processState;
	}
}

/** What to tell people when the shared state could not be reached. */
export const STATE_UNAVAILABLE_HINT =
	'The shared state could not be reached, so this run went on with what its own process knows:';
