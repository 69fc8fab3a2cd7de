import type { INodeProperties } from 'n8n-workflow';

import { toProgram } from '../../shared/credentials';
import { noticeField } from '../../shared/fields';
import type { Item } from '../../shared/run/item';

/** What every call to the zone needs. */
export const zoneNotice = noticeField(
	'zoneNotice',
	'The corp must have opened the data zone (数据与智能专区) and authorized it for this app.',
);

/** What the list of archived members needs. */
export const membersNotice = noticeField(
	'membersNotice',
	'The corp must have opened the data zone (数据与智能专区) or the chat archive (会话内容存档), and have authorized it for the app of the credential where that is an app.',
);

/** Gotcha G3 of the reference document. */
export const programNotice = noticeField(
	'programNotice',
	'The corp must have opened the data zone (数据与智能专区), and the program must be deployed there as a Docker image, running and linked with this app.',
);

/** The program a call goes to. */
export const programIdField: INodeProperties = {
	displayName: 'Program ID',
	name: 'programId',
	type: 'string',
	default: '',
	placeholder: 'e.g. progVpAAAAbmAAAC',
	description: 'Program in the data zone; left empty, the Program ID of the credential counts',
};

/** The program of the Program ID field, else that of the credential; empty when neither names one. */
export async function programIdOf(item: Item): Promise<string> {
	const own = item.text('programId');
	return own === '' ? toProgram(await item.credential()).programId : own;
}
