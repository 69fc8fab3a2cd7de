import type { IDataObject } from 'n8n-workflow';

import type { Simulator } from '../../simulator';
import { readExample, type Example } from './files';

/**
 * An example with what its Read Me asks a person to fill in.
 *
 * @param file name of the example
 * @param robotUrl stands for the group robot that the team is told by
 * @param filesFolder where files are saved
 */
export function filledIn(file: string, wecom: Simulator, robotUrl = '', filesFolder = ''): Example {
	return readExample(file, changesOf(wecom, robotUrl, filesFolder)[file]);
}

/** Where examples save files in n8n's container. */
const FILES_FOLDER = '/home/node/.n8n-files/wecom';

/** Parameters by example and node. */
function changesOf(
	{ world, orders }: Simulator,
	robotUrl: string,
	filesFolder: string,
): Record<string, Record<string, IDataObject>> {
	const robot = { 'Tell the Team': { url: robotUrl } };
	const [customer] = world.customers;
	const corps = orders.corps.map(({ corpId }) => corpId);
	return {
		'archive-files.json': {
			...robot,
			'Save File': { fileName: savedIn(filesFolder, 'archive-files.json', 'Save File') },
		},
		'nightly-media-export.json': {
			Folder: fieldsOf(['folder', 'string', filesFolder]),
		},
		'archive-set-up.json': {
			'Set Callback': { url: 'https://n8n.example.com/webhook/archive' },
			'Whose Consent': fieldsOf(
				['userid', 'string', customer?.owner],
				['externalUserid', 'string', customer?.externalUserid],
			),
		},
		'conversation-analysis.json': robot,
		'keyword-alert.json': robot,
		'acquisition-to-customers.json': { 'Create Link': { userList: world.members[0]?.userid } },
		'license-renewal.json': {
			Customers: fieldsOf(['customCorpid', 'array', JSON.stringify(corps)]),
			...robot,
		},
		'order-by-approval.json': {
			Customers: fieldsOf(['customCorpid', 'array', JSON.stringify(corps)]),
			...robot,
		},
		'zone-keyword-hits.json': robot,
		'zone-sentiment-alert.json': robot,
	};
}

/** The path that an example saves a file under, in another folder. */
function savedIn(folder: string, file: string, node: string): string {
	const saves = readExample(file).nodes.find(({ name }) => name === node);
	return String(saves?.parameters.fileName).replace(FILES_FOLDER, folder);
}

/** Parameters of an Edit Fields node. */
function fieldsOf(...fields: Array<[name: string, type: string, value?: string]>): IDataObject {
	const assignments = fields.map(([name, type, value], index) => ({
		id: String(index + 1),
		name,
		type,
		value,
	}));
	return { assignments: { assignments } };
}
