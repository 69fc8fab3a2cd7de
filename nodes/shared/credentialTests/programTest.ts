import { getPermissions, type Permission } from '../../../wecom/api/authorization';
import type { ProgramStyle, ZoneProgram } from '../../../wecom/api/carriers/carrier';
import { inStyle } from '../../../wecom/api/carriers/program';
import type { WecomClient } from '../../../wecom/api/client';
import { listKeywordRules } from '../../../wecom/api/keywordRules';
import type { Operation } from '../../../wecom/api/operation';
import { searchSession } from '../../../wecom/api/search';
import { pathOf } from '../../../wecom/api/wire';
import { getLogLevel } from '../../../wecom/api/zone';
import {
	WecomApiError,
	WecomError,
	WecomProgramError,
	WecomResponseError,
} from '../../../wecom/errors';
import { limit, problem, proof, type Finding } from './finding';
import { inMenuWords, wordsOf } from '../menuWords';

/** The right that an app in the workbench (工作台) has in place of single ones. Source: document 99052. */
const WHOLE_ARCHIVE = 'datazone:data:chat';
/** How long before its end a grant is told of. */
const SOON_SECONDS = 14 * 86_400;

const STYLES = { java: 'Java or C++', python: 'Python' } as const satisfies Record<
	ProgramStyle,
	string
>;

/** A call of the program that changes nothing and costs nothing. */
interface Trial {
	operation: Operation<never, unknown>;
	input: object;
	/** The right that it needs. Source: document 99052. */
	right: string;
}

/** In the order in which they are tried, until one of them works. */
const TRIALS = [
	{
		operation: searchSession,
		input: { keyword: '企业微信', limit: 1 },
		right: 'datazone:chatdata:search',
	},
	{
		operation: listKeywordRules,
		input: { limit: 1 },
		right: 'datazone:chatdata:hit_keyword',
	},
] as const satisfies readonly Trial[];

/** Why a trial came to nothing. */
interface Failure {
	trial: Trial;
	/** The ability that the program needs for it. */
	ability: string;
	error: WecomApiError | WecomResponseError;
}

/** A trial of one program. */
type Run = (trial: Trial, style: ProgramStyle) => Promise<Failure | undefined>;

/**
 * Asks for the program in the data zone over HTTP, which needs no ability. That this is not permitted
 * says nothing of the program.
 *
 * @throws WecomError when it is not linked or not deployed, for a bad token, and without an answer
 */
export async function findProgram(
	client: WecomClient,
	programId: string,
	signal: AbortSignal,
): Promise<void> {
	const error = await attempt(client.call(getLogLevel, { program_id: programId }, { signal }));
	const forbidden = error instanceof WecomApiError && error.entry.provesToken;
	if (error && !forbidden) throw error;
}

/**
 * Lets the program in the data zone answer, with calls that change nothing: whether it takes them in
 * the chosen style, and which rights are missing or end soon.
 *
 * @throws WecomError for what concerns all calls: the token, the network, the program as a whole
 */
export async function* testProgram(
	client: WecomClient,
	{ programId, style }: ZoneProgram,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const run: Run = async (trial, inThisStyle) => {
		const error = await attempt(
			client.call(trial.operation, trial.input as never, {
				signal,
				program: { style: inThisStyle },
			}),
		);
		if (error && !concernsOneCall(error)) throw error;
		const { route, body } = client.describe(trial.operation, trial.input as never);
		const { ability_id: ability } = inStyle(inThisStyle, pathOf(route), body);
		return error && { trial, ability, error };
	};
	const failures: Failure[] = [];
	for (const trial of TRIALS) {
		const failure = await run(trial, style);
		if (!failure) break;
		const other = failures.length === 0 && !isAnswered(failure) && (await takesOther(run, style));
		if (other) {
			yield problem(
				`The program ${programId} takes calls in the form of ${STYLES[other]}, not of ${STYLES[style]}: choose ${STYLES[other]} under Program Style`,
			);
			return;
		}
		failures.push(failure);
	}
	const rights = await rightsOf(client, signal);
	const works = failures.length < TRIALS.length || mayDoOthers(failures, rights);
	if (works) yield proof(`the program ${programId} answers`);
	if (failures.length > 0) yield (works ? limit : problem)(explain(failures, rights));
	const told = failures.map(({ trial }) => trial.right);
	yield* endings(rights.filter(({ permission }) => !told.includes(permission)));
}

/** Gives an error of WeCom's or of the program; what is wrong with the way to them is thrown. */
async function attempt(
	call: Promise<unknown>,
): Promise<WecomApiError | WecomResponseError | undefined> {
	try {
		await call;
		return undefined;
	} catch (error) {
		if (error instanceof WecomApiError || error instanceof WecomResponseError) return error;
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
	}
}

/** Whether another call of the same program may well work. */
function concernsOneCall(error: WecomApiError | WecomResponseError): boolean {
	if (error instanceof WecomResponseError) return error.httpStatus === 200;
	if (error instanceof WecomProgramError) return true;
	return error.entry.lacks === 'right' || error.entry.lacks === 'ability';
}

/** Whether a right is missing. */
function isRefused({ error }: Failure): boolean {
	return error instanceof WecomApiError && error.entry.lacks === 'right';
}

/** Whether the program understood the call, though nothing came of it. */
function isAnswered(failure: Failure): boolean {
	return failure.error instanceof WecomProgramError || isRefused(failure);
}

/** The other style, where the program understands that one. */
async function takesOther(run: Run, style: ProgramStyle): Promise<ProgramStyle | undefined> {
	const other = style === 'java' ? 'python' : 'java';
	const failure = await run(TRIALS[0], other);
	return !failure || isAnswered(failure) ? other : undefined;
}

/** Rights of the app; none where WeCom does not tell, as of a self-built app. */
async function rightsOf(client: WecomClient, signal: AbortSignal): Promise<Permission[]> {
	try {
		return await client.call(getPermissions, {}, { signal });
	} catch (error) {
		if (error instanceof WecomError) return [];
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- a test reports, it does not throw to n8n
	}
}

/** Whether only rights are missing, and the app has others that are not tried here. */
function mayDoOthers(failures: readonly Failure[], rights: readonly Permission[]): boolean {
	const tried: readonly string[] = TRIALS.map(({ right }) => right);
	return (
		failures.every(isRefused) &&
		rights.some(
			({ permission, expireTime = Infinity }) =>
				/^datazone:(chatdata|knowledge):/.test(permission) &&
				!tried.includes(permission) &&
				expireTime > now(),
		)
	);
}

/** What does not work and why, the failures of one cause together. */
function explain(failures: readonly Failure[], rights: readonly Permission[]): string {
	const causes = [
		{ of: isRefused, advice: (of: Failure[]) => of.map(({ trial }) => rightIn(trial.right, rights)) }, // prettier-ignore
		{ of: isAnswered, advice: (of: Failure[]) => of.map(({ error }) => wordsOf(error).hint ?? '') },
		{ of: () => true, advice: (of: Failure[]) => [...saidByImage(of), abilitiesFor(of)] },
	];
	let left = [...failures];
	const texts = causes.flatMap(({ of, advice }) => {
		const these = left.filter(of);
		left = left.filter((failure) => !these.includes(failure));
		const [first] = these;
		if (!first) return [];
		const names = these.map(({ trial }) => inMenuWords(`\`${trial.operation.name}\``));
		const verb = these.length === 1 ? 'does' : 'do';
		const what = `${names.join(' and ')} ${verb} not work: ${wordsOf(first.error).message}`;
		return [what, ...new Set(advice(these))].filter((text) => text !== '');
	});
	return texts.join('. ');
}

/** What the plain text of the image means, where it answered with that. */
function saidByImage(failures: readonly Failure[]): string[] {
	return failures.flatMap(({ error }) => {
		const { hint } = wordsOf(error);
		return error instanceof WecomResponseError && hint ? [hint] : [];
	});
}

/** The abilities that the program has to be registered with. */
function abilitiesFor(failures: readonly Failure[]): string {
	const abilities = failures.map(({ ability }) => ability);
	const these = `${abilities.length === 1 ? 'ability' : 'abilities'} ${abilities.join(' and ')}`;
	return `Register the ${these} at the program, with every key that is sent in the input example and every key that is answered in the output example: ${inMenuWords('`abilityExample`')} has both`;
}

/** What became of a right, and what to do. */
function rightIn(right: string, rights: readonly Permission[]): string {
	const found =
		rights.find(({ permission }) => permission === right) ??
		rights.find(({ permission }) => permission === WHOLE_ARCHIVE);
	if (found?.expireTime !== undefined && found.expireTime <= now()) {
		return ended(found.permission, found.expireTime);
	}
	return `The app needs the right ${right}, in the workbench ${WHOLE_ARCHIVE}: the admin of the corp has to grant it, for 90 days at a time`;
}

function ended(right: string, time: number): string {
	return `The right ${right} ended on ${dayOf(time)}: the admin of the corp has to grant it again`;
}

/** Rights that have ended, or end within two weeks. */
function* endings(rights: readonly Permission[]): Generator<Finding> {
	for (const { permission, expireTime = Infinity } of rights) {
		if (expireTime <= now()) yield limit(ended(permission, expireTime));
		else if (expireTime < now() + SOON_SECONDS) {
			yield limit(
				`The right ${permission} ends on ${dayOf(expireTime)}: the admin of the corp can grant it again before`,
			);
		}
	}
}

/** Seconds since 1970. */
function now(): number {
	return Date.now() / 1000;
}

function dayOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString().slice(0, 10);
}
