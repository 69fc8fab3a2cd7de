import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

import { StateUnavailableError, StateUnusableError } from '../../wecom/errors';
import { processState } from '../../wecom/state/memoryState';
import { checkRedis, makeRedisState } from '../../wecom/state/redisState';
import type { State } from '../../wecom/state/stateStore';
import { toRedisSettings } from './credentials';
import { sentencesOf } from './menuWords';

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
 * process for the whole run, so that it does not wait for it again and again. Where the Redis is
 * there and lacks something, locks and positions are this process' own, and tokens and tickets shared
 * as far as possible: a ticket is nowhere else.
 *
 * @param choice value of {@link stateField}
 * @param onStateUnavailable learns that the Redis is away, or what it lacks
 * @throws InvalidInputError naming the field of the state credential that cannot be used
 */
export async function reachableStateOf(
	context: StateContext,
	choice: unknown,
	onStateUnavailable: (error: StateUnavailableError) => void,
): Promise<State> {
	if (choice !== 'redis') return processState;
	const settings = toRedisSettings(await context.getCredentials('wecomStateApi'));
	const state = makeRedisState(settings);
	try {
		await checkRedis(settings);
		return state;
	} catch (error) {
		if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- whoever calls wraps it
		onStateUnavailable(error);
		if (!(error instanceof StateUnusableError)) return processState;
		return { ...processState, kind: 'redis', secrets: state.secrets };
	}
}

/**
 * Says what the Redis of a node lacks, if it does, in the background: whoever works with it goes on
 * with what of it works.
 *
 * @param choice value of {@link stateField}
 */
export async function sayWhatIsMissing(
	context: StateContext,
	choice: unknown,
	say: (error: StateUnusableError) => void,
): Promise<void> {
	if (choice !== 'redis') return;
	try {
		await checkRedis(toRedisSettings(await context.getCredentials('wecomStateApi')));
	} catch (error) {
		if (error instanceof StateUnusableError) say(error);
	}
}

/**
 * Does something with the shared state, and where that cannot be used until a person mends it, with
 * that of this process.
 *
 * @param say tells that person
 * @throws StateUnavailableError when it is away: that passes
 */
export async function evenAlone<T>(
	state: State,
	work: (state: State) => Promise<T>,
	say: (error: StateUnusableError) => void,
): Promise<T> {
	try {
		return await work(state);
	} catch (error) {
		if (!(error instanceof StateUnusableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- whoever calls wraps it
		say(error);
		return await work(processState);
	}
}

/** What to tell people when the shared state could not be reached. */
export function aloneBecause(error: StateUnavailableError): string {
	return `The shared state could not be reached, so this run went on with what its own process knows: ${sentencesOf(error)}`;
}
