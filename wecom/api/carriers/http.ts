import type { Carrier } from './carrier';

/** Carries what has a path of its own: `GET /path` and `POST /path`. */
export const httpCarrier: Carrier = {
	toRequest({ route, query = {}, timeoutMs, proof }, body) {
		const [method, path] = route.split(' ') as ['GET' | 'POST', string];
		return {
			method,
			path,
			query,
			...(method === 'GET' ? {} : { body }),
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(proof ? { proof } : {}),
		};
	},
	open: (_exchange, answer) => answer,
};
