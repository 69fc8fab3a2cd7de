import { getPermissions as api, type Permission } from '../../../../wecom/api/authorization';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';

const DAY_SECONDS = 86_400;
/** WeCom reminds the admin as long before the end. Source: document 101587. */
const SOON_SECONDS = 7 * DAY_SECONDS;

/** What the app may do in a corp, and until when. Platform documents 99052 and 101439. */
export const getPermissions: Action = {
	option: {
		name: 'Get Permissions',
		value: 'getPermissions',
		action: 'Get the permissions of the app',
		description: 'Get which permissions a corp gave to the app, and when those to data expire',
	},
	api,
	fields: [
		noticeField(
			'permissionsNotice',
			'Permissions to data count for 90 days and have to be renewed by the admin of the corp. This call serves third-party and 代开发 apps only, and takes the access token of the corp.',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const permissions = await item.call(api, {});
		const now = Date.now() / 1000;
		if (permissions.length === 0) {
			item.notices.warn('The corp gave no permissions to the app.');
		}
		const within = (from: number, to: number) =>
			permissions.filter(({ expireTime = Infinity }) => expireTime > from && expireTime <= to);
		const expired = within(0, now);
		const soon = within(now, now + SOON_SECONDS);
		if (expired.length > 0) item.notices.warn(`Expired: ${renew(expired)}`);
		if (soon.length > 0) item.notices.warn(`Expires within seven days: ${renew(soon)}`);
		return permissions.map(({ permission, expireTime = Infinity }) => ({
			permission,
			expires_at: expireTime === Infinity ? null : toIso(expireTime, item.zone),
			expires_in_days:
				expireTime === Infinity ? null : Math.max(0, Math.ceil((expireTime - now) / DAY_SECONDS)),
			expired: expireTime <= now,
		}));
	},
};

function renew(permissions: Permission[]): string {
	const names = permissions.map(({ permission }) => permission).join(', ');
	return `${names}. The admin of the corp has to renew the data permission of the app (document 101439).`;
}
