import { getAcquisitionAuthInfo } from '../../../../wecom/api/acquisition';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import { toYuan } from '../../../shared/money';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { wordFor } from '../../../shared/wordFor';

/** pay_mode by its number. Source: document 99610. */
const PAY_MODES: Readonly<Partial<Record<number, string>>> = {
	0: 'the corp pays',
	1: 'the provider pays',
};

/** link_auth_mode by its number. Source: document 99610. */
const LINK_AUTH_MODES: Readonly<Partial<Record<number, string>>> = {
	0: 'links that the corp chose',
	1: 'all links of the associated apps',
};

/**
 * What the corp authorized the component for. Reference document 4.3, gotcha G4, gives the links;
 * platform document 99610 gives who pays, and which kind of links.
 */
export const getAuthInfo: Action = {
	option: {
		name: 'Get Authorization',
		value: 'getAuthInfo',
		action: 'Get the authorization of the component',
		description:
			'Get which acquisition links the corp authorized for the component, with Tencent Data Zone also who pays',
	},
	api: getAcquisitionAuthInfo,
	fields: [
		noticeField(
			'componentNotice',
			'The acquisition component (获客公开组件) is authorized separately: permission for ordinary customer contact is not enough. With Data API Reference this call takes the suite_access_token (Suite ID and Secret, or Suite Access Token, of the credential), with Tencent Data Zone the access token of the corp for the suite of the component; there Link → Get Many lists the links.',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const info = await item.call(getAcquisitionAuthInfo, {});
		const { link_id_list: links, pay_mode: payMode, price, link_auth_mode: linkMode } = info;
		if (links?.length === 0) {
			item.notices.hint(
				'The corp authorized no links for the component. Its admin chooses them when authorizing the component, and can change them later.',
			);
		}
		return {
			...toItem(info),
			...(payMode === undefined ? {} : { pay_mode_name: wordFor(PAY_MODES, payMode) }),
			...(price === undefined ? {} : { price_yuan: toYuan(price) }),
			...(linkMode === undefined
				? {}
				: { link_auth_mode_name: wordFor(LINK_AUTH_MODES, linkMode) }),
		};
	},
};
