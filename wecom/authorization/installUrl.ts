import type * as z from 'zod/v4';

import { fields, id, optional, parseInput, text } from '../api/fields';

const INSTALL_PAGE = 'https://open.work.weixin.qq.com/3rdapp/install';

const installation = fields({
	/** The suite to install. */
	suite_id: id(),
	/** Where the admin comes back to, with `auth_code`, `expires_in` and `state`. */
	redirect_uri: text({ maxBytes: 2048 }).refine(
		(value) => URL.canParse(value) && new URL(value).protocol === 'https:',
		{ error: () => 'is no web address, expected one that begins with https://' },
	),
	/** Comes back with the redirect. */
	state: optional(
		text({ maxBytes: 128 }).refine((value) => /^[A-Za-z0-9]+$/.test(value), {
			error: () => 'holds other characters, expected letters and digits only',
		}),
	),
});

/** What an admin is to install, and where he goes from there. */
export type Installation = z.output<typeof installation>;

/**
 * Checks what an install link is made of, before a pre_auth_code is fetched for it.
 *
 * @throws InvalidInputError naming the field
 */
export function parseInstallation(input: z.input<typeof installation>): Installation {
	return parseInput(installation, input);
}

/**
 * The page where an admin authorizes the app.
 * Source: https://developer.work.weixin.qq.com/document/path/90597
 *
 * @example
 * installUrl({ suite_id: 'ww1', redirect_uri: 'https://a.example/b' }, 'P')
 * // 'https://open.work.weixin.qq.com/3rdapp/install?suite_id=ww1&pre_auth_code=P&redirect_uri=https%3A%2F%2Fa.example%2Fb'
 */
export function installUrl(
	{ suite_id, redirect_uri, state }: Installation,
	preAuthCode: string,
): string {
	const query = Object.entries({ suite_id, pre_auth_code: preAuthCode, redirect_uri, state })
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
	return `${INSTALL_PAGE}?${query.join('&')}`;
}
