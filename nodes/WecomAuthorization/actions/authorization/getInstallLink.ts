import { getPreAuthCode, setSessionInfo } from '../../../../wecom/api/authorization';
import { installUrl, parseInstallation } from '../../../../wecom/authorization/installUrl';
import { InvalidInputError } from '../../../../wecom/errors';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toIso } from '../../../shared/time';
import { suiteNotice } from './authorizationFields';

const [, TEST] = [0, 1] as const;

/** A link to install the app with. Platform documents 90601, 90602 and 90597. */
export const getInstallLink: Action = {
	option: {
		name: 'Get Install Link',
		value: 'getInstallLink',
		action: 'Get an install link',
		description: 'Get a link with which the admin of a corp installs the app, good for 20 minutes',
	},
	api: getPreAuthCode,
	fields: [
		suiteNotice,
		{
			displayName: 'Redirect URI',
			name: 'redirectUri',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://app.example.com/installed',
			description:
				'Where the admin comes back to, with auth_code, expires_in and state in the query. Its domain has to be registered in the settings of the suite.',
		},
		{
			displayName: 'State',
			name: 'state',
			type: 'string',
			default: '',
			placeholder: 'e.g. k3v9s0a7',
			description:
				'Letters and digits, up to 128, that come back with the redirect: make up new ones for each link, to know who comes back',
		},
		optionsOf(
			{
				displayName: 'Test Install',
				name: 'testInstall',
				type: 'boolean',
				default: false,
				description:
					'Whether this is a test installation, the only kind there is before the app is released. A released app takes formal ones.',
			},
			requestTimeoutField,
		),
	],

	async run(item) {
		const installation = parseInstallation({
			suite_id: await suiteIdOf(item),
			redirect_uri: item.text('redirectUri'),
			state: item.text('state'),
		});
		const testInstall = item.optionFlag('testInstall', 'Test Install');
		const answer = await item.call(getPreAuthCode, {});
		const { pre_auth_code: code, expires_in: seconds } = answer;
		const expires = Math.floor(Date.now() / 1000) + seconds;
		if (testInstall) {
			const session = { pre_auth_code: code, session_info: { auth_type: TEST } };
			await item.call(setSessionInfo, session);
		}
		return {
			url: installUrl(installation, code),
			pre_auth_code: code,
			expires_in: seconds,
			expires_at: toIso(expires, item.zone),
		};
	},
};

async function suiteIdOf(item: Item): Promise<string> {
	const { suiteId } = await item.credential();
	if (typeof suiteId === 'string' && suiteId.trim() !== '') return suiteId;
	throw new InvalidInputError(
		'suite_id',
		'"suite_id" is empty in the credential, expected the id of the suite',
		'Choose Third-Party App (Suite) as authentication on the WeCom Data API credential and fill in its Suite ID: it begins with ww or wx, of a 代开发 template with dk.',
	);
}
