import type { INodeProperties } from 'n8n-workflow';

import { noticeField } from '../../../shared/fields';

/** What hiding is about. Source: document 100055. */
export const privacyNotice = noticeField(
	'privacyNotice',
	'The display component shows stars in place of what is hidden. A member that was never configured sees stars everywhere. Apps for external service (外部服务应用) have no display component, and no such settings.',
);

/** The member that looks at conversations. */
export const useridField: INodeProperties = {
	displayName: 'User ID',
	name: 'userid',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. woAJ2GCAAAXtWyujaWJHDDGi0mACas1w',
	description: 'The member who looks at conversations in the display component',
};
