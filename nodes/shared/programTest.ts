import { getPermissions, type Permission } from '../../wecom/api/authorization';
import type { ProgramStyle, ZoneProgram } from '../../wecom/api/carriers/carrier';
import { inStyle } from '../../wecom/api/carriers/program';
import type { WecomClient } from '../../wecom/api/client';
import { listKeywordRules } from '../../wecom/api/keywordRules';
import type { Operation } from '../../wecom/api/operation';
import { searchSession } from '../../wecom/api/search';
import { pathOf } from '../../wecom/api/wire';
import { getLogLevel } from '../../wecom/api/zone';
import {
	WecomApiError,
	WecomError,
	WecomProgramError,
	WecomResponseError,
} from '../../wecom/errors';
import { limit, problem, proof, type Finding } from './finding';
import { inMenuWords, sentencesOf, wordsOf } from './menuWords';

/** The errcode for a right to data that was not granted, or has ended. */
const NO_RIGHT = 710726;
/** Errcodes for an ability that is not registered, or whose examples do not fit: one of many. */
const NO_ABILITY: readonly number[] = [
	710636, 710647, 790012, 790013, 790014, 790015, 790016, 800003,
];
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
	{ operation: listKeywordRules, input: { limit: 1 }, right: 'datazone:chatdata:hit_keyword' },
] as const satisfies readonly Trial[];

/** Why a trial came to nothing. */
interface Failure {
	trial: Trial;
	error: WecomApiError | WecomResponseError;
}

/** A trial of one program. */
type Run = (trial: Trial, style: ProgramStyle) => Promise<Failure | undefined>;

/**
 * Tests the program in the data zone with calls that change nothing: whether it is linked and
 * deployed, whether it answers in the chosen style, and which rights are missing or end soon.
 *
 * @throws WecomError for what concerns all calls: the token, the network, the program as a whole
 */
export async function* testProgram(
	client: WecomClient,
	{ programId, style }: ZoneProgram,
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	await findProgram(client, programId, signal);
	const run: Run = async (trial, inThisStyle) => {
		const error = await attempt(
			client.call(trial.operation, trial.input as never, {
				signal,
				program: { style: inThisStyle },
			}),
		);
		if (error && !concernsOneCall(error)) throw error;
		return error && { trial, error };
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
	for (const failure of failures) {
		yield (works ? limit : problem)(explain(failure, client, style, rights));
	}
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

/** Asks for the program over HTTP: that needs no ability. */
async function findProgram(client: WecomClient, id: string, signal: AbortSignal): Promise<void> {
	const error = await attempt(client.call(getLogLevel, { program_id: id }, { signal }));
	const forbidden =
		error instanceof WecomApiError && (error.entry.provesToken || error.errcode === NO_RIGHT);
	if (error && !forbidden) throw error;
}

/** Whether another call of the same program may well work. */
function concernsOneCall(error: WecomApiError | WecomResponseError): boolean {
	if (error instanceof WecomResponseError) return error.httpStatus === 200;
	if (error instanceof WecomProgramError) return true;
	return error.errcode === NO_RIGHT || NO_ABILITY.includes(error.errcode);
}

/** Whether the program understood the call, though nothing came of it. */
function isAnswered({ error }: Failure): boolean {
	return (
		error instanceof WecomProgramError ||
		(error instanceof WecomApiError && error.errcode === NO_RIGHT)
	);
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
		failures.every(({ error }) => error instanceof WecomApiError && error.errcode === NO_RIGHT) &&
		rights.some(
			({ permission, expireTime = Infinity }) =>
				/^datazone:(chatdata|knowledge):/.test(permission) &&
				!tried.includes(permission) &&
				expireTime > now(),
		)
	);
}

function explain(
	{ trial, error }: Failure,
	client: WecomClient,
	style: ProgramStyle,
	rights: readonly Permission[],
): string {
	const name = inMenuWords(`\`${trial.operation.name}\``);
	const { message } = wordsOf(error);
	if (error instanceof WecomApiError && error.errcode === NO_RIGHT) {
		return `${name} does not work: ${message}. ${rightIn(trial.right, rights)}`;
	}
	if (error instanceof WecomProgramError) return `${name} does not work: ${sentencesOf(error)}`;
	const { route, body } = client.describe(trial.operation, trial.input as never);
	const { ability_id: ability } = inStyle(style, pathOf(route), body);
	const inside = style === 'python' ? ' (under "input", with "func" and "func_req")' : '';
	return `${name} does not work: ${message}. Register the ability ${ability} at the program: its input example has to hold the keys ${Object.keys(body).join(', ')}${inside}, its output example every key of the answer`;
}

/** What became of a right, and what to do. */
function rightIn(right: string, rights: readonly Permission[]): string {
	const { expireTime } = rights.find(({ permission }) => permission === right) ?? {};
	if (expireTime !== undefined && expireTime <= now()) return ended(right, expireTime);
	return `The app needs the right ${right}: the admin of the corp has to grant it, for 90 days at a time`;
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
