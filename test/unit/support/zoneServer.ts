import type { JsonObject } from '../../../wecom/json';
import { json, startServer, type Reply, type TestServer } from './server';

/** What a function of the zone was asked. */
export interface Asked {
	func: string;
	request: JsonObject & { msg_list?: Array<{ msgid: string }>; jobid?: string };
}

/** What the zone answers to one function. */
export type Zone = (asked: Asked) => object | Reply;

/** A data zone whose every answer the test writes, and what it was asked. */
export type ZoneServer = TestServer & {
	asked: Asked[];
	/** The ids of the messages that jobs were begun about. */
	begun(): string[][];
};

/** Starts one; a program of either sample carries its functions. */
export async function startZone(zone: Zone): Promise<ZoneServer> {
	const asked: Asked[] = [];
	const server = await startServer((incoming, response) => {
		const one = askedIn(incoming.body);
		asked.push(one);
		const answer = zone(one);
		if (typeof answer === 'function') return (answer as Reply)(incoming, response);
		const data = JSON.stringify({ errcode: 0, errmsg: 'ok', ...answer });
		return json({ errcode: 0, errmsg: 'ok', response_data: data })(incoming, response);
	});
	const begun = () =>
		asked.flatMap(({ request: { msg_list } }) =>
			msg_list ? [msg_list.map(({ msgid }) => msgid)] : [],
		);
	return Object.assign(server, { asked, begun });
}

function askedIn(body: string): Asked {
	const call = JSON.parse(body) as { ability_id: string; request_data: string };
	const data = JSON.parse(call.request_data) as { input?: { func: string; func_req: object } };
	const { func = call.ability_id.replace('invoke_', ''), func_req: request = data } =
		data.input ?? {};
	return { func, request: request as Asked['request'] };
}

/**
 * Begins jobs, each called after its first message, that are done when they are first asked about.
 *
 * @param found what comes of the messages of a job
 */
export function jobs(found: (msgids: string[]) => object): Zone {
	const begun = new Map<string, string[]>();
	return ({ request: { msg_list, jobid = '' } }) => {
		if (!msg_list) return { status: 1, ...found(begun.get(jobid) ?? []) };
		const msgids = msg_list.map(({ msgid }) => msgid);
		begun.set(`J-${msgids[0]}`, msgids);
		return { jobid: `J-${msgids[0]}` };
	};
}

/** Finds a sentiment by its number in each message. */
export const sentiments = (kindOf: (msgid: string) => number) => (msgids: string[]) => ({
	analyze_result_list: msgids.map((msgid) => ({
		msgid,
		errcode: 0,
		errmsg: 'ok',
		sentiment_result: kindOf(msgid),
	})),
});
