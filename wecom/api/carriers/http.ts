import type { Carrier } from './carrier';

/** Carries what has a path of its own: `POST /path`, and `GET /path`, whose fields go into the query. */
export const httpCarrier: Carrier = {
	toRequest({ route, query = {}, timeoutMs, proof }, body) {
		const [method, path] = route.split(' ') as ['GET' | 'POST', string];
		return {
			method,
			path,
			...(method === 'GET' ? { query: { ...query, ...toQuery(body) } } : { query, body }),
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(proof ? { proof } : {}),
		};
	},
	open: (_exchange, answer) => answer,
};

function toQuery(body: object): Record<string, string> {
	const given = Object.entries(body).filter(([, value]) => value !== undefined);
	return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
