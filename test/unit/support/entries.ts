import { operations } from '../../../wecom/api';
import type { Operation } from '../../../wecom/api/operation';
import type { Contract } from '../../../wecom/api/wire';
import { parseJson } from '../../../wecom/json';
import { ARCHIVE } from './archiveContract';
import { clientOf, PROGRAM, TOKENS } from './client';
import { CONTRACT } from './contract';
import type { OperationContract } from './limits';
import { failureOf, json, startServer, type Reply, type SeenRequest } from './server';
import { ZONE } from './zoneContract';

/** An operation in a contract, and what is written down of it there. */
export interface Entry {
	name: string;
	contract: Contract;
	operation: Operation<unknown, unknown>;
	row: OperationContract;
}

/** Every operation over HTTP but for uploads, in every contract that has it, by a title for its tests. */
export const ENTRIES: ReadonlyArray<readonly [title: string, entry: Entry]> = [
	...entriesOf('reference', CONTRACT),
	...entriesOf('dataZone', ZONE),
	...entriesOf('messageArchive', ARCHIVE),
];

function entriesOf(contract: Contract, rows: Record<string, OperationContract>) {
	return Object.entries(rows).map(([name, row]) => {
		const operation = operations[name as keyof typeof operations] as Operation<unknown, unknown>;
		return [`${name} in ${contract}`, { name, contract, operation, row }] as const;
	});
}

/** One of {@link ENTRIES}. */
export function entryOf(name: string, contract: Contract): Entry {
	const found = ENTRIES.find(([title]) => title === `${name} in ${contract}`);
	if (!found) throw new Error(`No ${name} in ${contract}`);
	return found[1];
}

/** A client that speaks the contract of an entry. */
export function clientFor({ contract, row }: Entry, server: { url: string }) {
	const program = row.func === undefined ? PROGRAM : ({ programId: 'P', style: 'java' } as const);
	return clientOf(server, { contract, program });
}

/** An answer beside errcode and errmsg, in the envelope of a program where one carries it. */
export function answerOf({ row }: Entry, answer = row.answer): object {
	if (row.func === undefined) return answer;
	return { response_data: JSON.stringify({ errcode: 0, errmsg: 'ok', ...answer }) };
}

/** The reply of a server with which WeCom did what it was asked. */
export function good(entry: Entry, answer?: object): Reply {
	return json({ errcode: 0, errmsg: 'ok', ...answerOf(entry, answer) });
}

/** The requests of the API itself, without the questions about a job that it began. */
export function callsOf({ row }: Entry, requests: readonly SeenRequest[]): SeenRequest[] {
	return requests.filter(({ body }) => row.asks === undefined || !body.includes(row.asks));
}

/** The text of the body as the API itself gets it; of a GET, which has none, its query but for the token. */
export function sentText({ row }: Entry, request?: Pick<SeenRequest, 'body' | 'query'>): string {
	const { body = '', query = {} } = request ?? {};
	if (row.method === 'GET' && body === '') {
		const sent = Object.entries(query).filter(([name]) => !(name in TOKENS));
		return JSON.stringify(Object.fromEntries(sent));
	}
	if (row.func === undefined) return body;
	const { request_data: inner, notify_id } = JSON.parse(body) as Record<string, string>;
	return notify_id === undefined ? String(inner) : JSON.stringify({ notify_id });
}

/** The same as an object, with integers beyond 2^53 as digits. */
export function sentBody(entry: Entry, request?: Pick<SeenRequest, 'body' | 'query'>): unknown {
	return parseJson(sentText(entry, request));
}

/** Calls an entry on a server of its own; what came out of it and what the server saw. */
export async function callEntry(entry: Entry, input: unknown, reply = good(entry)) {
	const server = await startServer(reply);
	const output = await clientFor(entry, server).call(entry.operation, input);
	return { output, requests: callsOf(entry, server.requests) };
}

/** As {@link callEntry}, for a call that fails. */
export async function failedEntry(entry: Entry, input: unknown, reply: Reply) {
	const server = await startServer(reply);
	const error = await failureOf(clientFor(entry, server).call(entry.operation, input));
	return { error: error as Error & { hint?: string }, requests: server.requests };
}
