import { useridOf, type World } from '../data/world';
import type { PrivacyConfig } from '../privacy';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import { isFlag, isId, objectOf, optional, required, takeFields } from './fields';

const CHATDATA = '/chatdata';
const COMMON = {
	contract: 'dataZone',
	method: 'POST',
	token: 'access_token',
	right: 'datazone:chatdata:base',
} as const;
const MEMBER = { userid: required(isId) };
const CONFIG = objectOf({
	hide_mobile: optional(isFlag),
	hide_idcard: optional(isFlag),
	hide_bankno: optional(isFlag),
});

const setPrivacy: ApiRoute = {
	...COMMON,
	path: `${CHATDATA}/set_hide_sensitiveinfo_config`,
	answer({ world, privacy }, { body }) {
		const fields = takeFields(body, { ...MEMBER, config: required(CONFIG) });
		privacy.set(memberIn(fields, world), fields.config as Partial<PrivacyConfig>);
		return ok({});
	},
};

const getPrivacy: ApiRoute = {
	...COMMON,
	path: `${CHATDATA}/get_hide_sensitiveinfo_config`,
	answer({ world, privacy }, { body }) {
		return ok({ config: privacy.get(memberIn(takeFields(body, MEMBER), world)) });
	},
};

/** What the display component hides from members (document path 100055). */
export const privacyRoutes: readonly ApiRoute[] = [setPrivacy, getPrivacy];

function memberIn({ userid }: Readonly<Record<string, unknown>>, world: World): string {
	const member = useridOf(world, userid as string);
	if (member === undefined) throw new Refusal(710608, 'userid');
	return member;
}
