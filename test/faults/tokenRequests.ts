import type { Simulator } from '../../simulator';

/** Every API that hands out a token. */
const TOKEN_PATHS = [
	'/cgi-bin/gettoken',
	'/cgi-bin/service/get_suite_token',
	'/cgi-bin/service/get_corp_token',
	'/cgi-bin/service/get_provider_token',
];

/** The requests for tokens that WeCom got, by their path. */
export function tokenRequests({ requests }: Pick<Simulator, 'requests'>): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { path } of requests) {
		if (TOKEN_PATHS.includes(path)) counts[path] = (counts[path] ?? 0) + 1;
	}
	return counts;
}
